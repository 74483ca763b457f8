"""What a WeChat account's cursors remember: articles by day, which day was asked when, calls of today, interfaces at rest."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any

from collectors.wechat_codes import BEIJING

WINDOW = 31
"""Days for which the platform goes on counting an article: the day of publishing and 30 more."""
DAY = "day:"


@dataclass(slots=True)
class Article:
    """One article as far as it decides what to ask next; `key` is `<mid>_<idx>`, times are Unix seconds (0: never).

    `said` is the number of comments in the statistics, `total` the one in the thread at its last look, `mark` the digest of
    the thread's first page then; `read_at` is when the thread was last read to its end. `digest` is that of title and text.
    """

    key: str
    published_at: int = 0
    article_id: str = ""
    updated_at: int = 0
    is_titled: bool = False
    is_gone: bool = False
    said: int = 0
    total: int = -1
    looked_at: int = 0
    read_at: int = 0
    mark: str = ""
    digest: str = ""


@dataclass(slots=True)
class Day:
    """One day of publishing: its articles, and when its totals and the reading of that day were asked for (a Beijing date)."""

    asked: str = ""
    reads_asked: str = ""
    again: int = 0
    reads_again: int = 0
    articles: dict[str, Article] = field(default_factory=dict)


FIELDS = [item.name for item in fields(Article)]


class Memory:
    """The cursors of one account, opened: changed in place, and given back as what differs since the last `changes()`."""

    def __init__(self, cursors: Mapping[str, str], now: datetime, since: datetime) -> None:
        self._saved = dict(cursors)
        self.now, self.today = now, beijing_date(now)
        self.first_day = beijing_date(since)
        self.days: dict[date, Day] = {}
        self.published = _open(cursors.get("published"))
        self.followers = _open(cursors.get("followers"))
        self.rests: dict[str, Any] = _open(cursors.get("rests"))
        calls = _open(cursors.get("calls"))
        self.calls: dict[str, int] = {}
        if calls.pop("day", "") == self.today.isoformat():
            self.calls = {api: count for api, count in calls.items() if isinstance(count, int)}
        for name, value in cursors.items():
            if name.startswith(DAY) and (day := read_date(name.removeprefix(DAY))):
                self.days[day] = _open_day(value)
        self._home = {key: day for day, held in self.days.items() for key in held.articles}

    def day(self, day: date) -> Day:
        return self.days.setdefault(day, Day())

    def find(self, key: str) -> Article | None:
        """The article with this key, whatever day it is kept under."""
        home = self._home.get(key)
        return self.days[home].articles[key] if home else None

    def add(self, article: Article, day: date) -> Article:
        self._home[article.key] = day
        self.day(day).articles[article.key] = article
        return article

    def articles(self) -> Iterable[Article]:
        """Every remembered article, newest day first."""
        for day in sorted(self.days, reverse=True):
            yield from self.days[day].articles.values()

    def rest(self, api: str, until: datetime, code: str) -> None:
        """Leave an interface alone until then, and remember the errcode that is the reason."""
        self.rests[api] = [int(until.timestamp()), code]

    def rests_at(self, api: str) -> bool:
        return self.rests.get(api, [0])[0] > self.now.timestamp()

    def why_at_rest(self, api: str) -> str:
        """The errcode (or "" for our own budget) that put the interface to rest."""
        return self.rests[api][1] if self.rests_at(api) else ""

    def forget(self) -> None:
        """Let go of the days that are neither counted by the platform any more nor asked for."""
        last = min(self.first_day, self.today - timedelta(days=WINDOW))
        for day in [day for day in self.days if day < last]:
            for key in self.days.pop(day).articles:
                self._home.pop(key, None)
        self.rests = {api: rest for api, rest in self.rests.items() if self.rests_at(api)}

    def changes(self) -> dict[str, str]:
        """The cursors that differ from those saved so far; an empty value removes one."""
        wanted = {DAY + day.isoformat(): _close_day(held) for day, held in self.days.items()}
        wanted |= {"published": _close(self.published), "followers": _close(self.followers), "rests": _close(self.rests)}
        wanted["calls"] = _close({"day": self.today.isoformat(), **self.calls}) if self.calls else ""
        names = [*wanted, *(name for name in self._saved if name.startswith(DAY) and name not in wanted)]
        changed = {name: wanted.get(name, "") for name in names if wanted.get(name, "") != self._saved.get(name, "")}
        self._saved.update(changed)
        return changed


def beijing_date(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()


def read_date(text: object) -> date | None:
    """A date as YYYY-MM-DD (a time behind it is cut off), None for anything else."""
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def _open(value: str | None) -> dict[str, Any]:
    try:
        held = json.loads(value or "{}")
    except ValueError:
        return {}
    return held if isinstance(held, dict) else {}


def _close(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True) if value else ""


def _open_day(value: str) -> Day:
    held = _open(value)
    asked: list[Any] = held.get("asked") or ["", "", 0, 0]
    day = Day(*asked)
    for row in held.get("articles", []):
        article = Article(**dict(zip(FIELDS, row, strict=False)))
        day.articles[article.key] = article
    return day


def _close_day(day: Day) -> str:
    rows = [[getattr(article, name) for name in FIELDS] for article in day.articles.values()]
    rows = [[int(value) if isinstance(value, bool) else value for value in row] for row in rows]
    return _close({"asked": [day.asked, day.reads_asked, day.again, day.reads_again], "articles": rows})
