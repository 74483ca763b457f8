"""Turns answers of the WeChat interfaces into nouns of the matrix; tolerant of every shape that was ever recorded."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from collectors.wechat_memory import read_date
from collectors.wechat_text import mend, plain_line, plain_text
from matrix.comment import Comment, Followers
from matrix.post import Post, PostKind, Reach

ALL_SOURCES = 99999999
COUNTS = ("reads", "likes", "shares", "comments")


@dataclass(frozen=True, slots=True)
class Published:
    """One article of a published message: `key` is `<mid>_<idx>`, empty when its link does not carry it; Unix seconds."""

    key: str
    article_id: str
    created_at: int
    updated_at: int
    title: str
    text: str
    url: str
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """The statistics of one article: the day it was published, its key, what was stated for each day, in order of days.

    Each of `stated` counts from the day of publishing up to and including its `stat_day`, as the documentation of
    getarticletotaldetail says. Title and link are on the wire of some accounts and in no document.
    """

    key: str
    published_on: date
    stated: tuple[Reach, ...]
    title: str = ""
    url: str = ""


def number(value: object) -> int | None:
    """A whole number that may have come as text or as a float; None when it is none."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        return int(float(value)) if isinstance(value, float) else int(str(value).strip())
    except (ValueError, OverflowError):
        return None


def rows(body: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of a list in an answer; anything else that stands there is passed over."""
    held = body.get(name)
    return [row for row in held if isinstance(row, dict)] if isinstance(held, list) else []


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def seconds_of(value: object) -> int:
    """Unix seconds within the life of the platform; 0 when the value is no such moment."""
    found = number(value) or 0
    return found if 1_262_304_000 <= found <= 4_102_444_800 else 0


def link_of(value: object) -> str:
    """A web address as it stands, "" for anything else."""
    url = mend(value).strip()
    return url if url.startswith(("http://", "https://")) else ""


def key_of(url: str, position: int) -> str:
    """`<mid>_<idx>` of an article's long link; `position` (from 1) stands in for a missing idx; "" without a mid."""
    query = parse_qs(urlsplit(mend(url).replace("&amp;", "&")).query)
    mid, idx = (query.get(name, [""])[0] for name in ("mid", "idx"))
    if not mid.isdigit():
        return ""
    return f"{mid}_{idx if idx.isdigit() and int(idx) else position}"


def key_parts(key: str) -> tuple[int, int] | None:
    """(msg_data_id, index from 0) of `<mid>_<idx>`: the suffix counts from 1."""
    found = re.fullmatch(r"(\d{1,19})_([1-9]\d?)", key)
    return (int(found[1]), int(found[2]) - 1) if found else None


def parse_published(item: Mapping[str, Any], article_id: str = "") -> list[Published]:
    """The articles of an item of `batchget`, or of a `getarticle` answer; times may stand on the item or in its content."""
    held = item.get("content")
    content: Mapping[str, Any] = held if isinstance(held, dict) else item
    created = seconds_of(content.get("create_time")) or seconds_of(item.get("create_time"))
    updated = max(seconds_of(content.get("update_time")), seconds_of(item.get("update_time")))
    found = []
    for position, news in enumerate(rows(content, "news_item"), 1):
        url = mend(news.get("url")).strip()
        found.append(
            Published(
                key=key_of(url, position),
                article_id=mend(item.get("article_id")) or article_id,
                created_at=created or updated,
                updated_at=updated or created,
                title=plain_line(news.get("title")),
                text=plain_text(news.get("content")) or plain_text(news.get("digest")),
                url=link_of(url),
                is_deleted=news.get("is_deleted") in (True, 1, "1", "true"),
            )
        )
    return found


def post_of(account_ext: str, article: Published, edited: bool) -> Post:
    return Post(
        ext_id=f"{account_ext}:{article.key}",
        published_at=moment(article.created_at),
        text=article.text,
        title=article.title,
        url=article.url,
        kind=PostKind.ARTICLE,
        edited_at=moment(article.updated_at) if edited else None,
    )


def parse_totals(body: Mapping[str, Any], observed_at: datetime) -> list[Totals]:
    """The articles of a `getarticletotaldetail` answer; unknown publish types are articles like any other."""
    found = []
    for row in rows(body, "list"):
        key, day = mend(row.get("msgid")), read_date(row.get("ref_date"))
        if day is None or key_parts(key) is None:
            continue
        stated = (_reach(detail, read_date(detail.get("stat_date")), observed_at) for detail in rows(row, "detail_list"))
        ordered = tuple(sorted(filter(None, stated), key=lambda reach: reach.stat_day or ""))
        found.append(Totals(key, day, ordered, plain_line(row.get("title")), link_of(row.get("content_url"))))
    return found


def parse_reads(body: Mapping[str, Any], observed_at: datetime) -> list[tuple[str, Reach]]:
    """(key, reads of one day) of a `getarticleread` answer."""
    found = []
    for row in rows(body, "list"):
        key, detail = mend(row.get("msgid")), row.get("detail")
        if key_parts(key) and isinstance(detail, dict) and (reach := _reach(detail, read_date(row.get("ref_date")), observed_at)):
            found.append((key, reach))
    return found


def _reach(detail: Mapping[str, Any], day: date | None, observed_at: datetime) -> Reach | None:
    if day is None:
        return None
    counts = {"reads": "read_user", "likes": "like_user", "shares": "share_user", "comments": "comment_count"}
    said: dict[str, Any] = {ours: number(detail.get(theirs)) for ours, theirs in counts.items()}
    return Reach(observed_at, **said, stat_day=day.isoformat())


def whole_of(stated: tuple[Reach, ...], observed_at: datetime) -> Reach | None:
    """An article's reach so far: what is stated for its last day, which counts from the day of publishing on.

    The numbers are people, not views. None when nothing is stated yet.
    """
    return replace(stated[-1], observed_at=observed_at, stat_day=None) if stated else None


def daily_of(totals: Totals) -> list[Reach]:
    """What each day added: the difference of what is stated for it and for the day before, never less than nothing.

    A day whose day before is missing says nothing about itself and is left out.
    """
    found, before = [], Reach(datetime.min.replace(tzinfo=UTC), 0, 0, 0, 0)
    awaited = totals.published_on
    for reach in totals.stated:
        day = date.fromisoformat(reach.stat_day or "")
        if day == awaited:
            added = {name: _added(getattr(reach, name), getattr(before, name)) for name in COUNTS}
            found.append(replace(reach, **added))
        before, awaited = reach, day + timedelta(days=1)
    return found


def _added(after: int | None, before: int | None) -> int | None:
    return None if after is None or before is None else max(0, after - before)


def parse_comments(body: Mapping[str, Any], post_ext: str, account_ext: str) -> Iterator[tuple[str, Comment, Comment | None]]:
    """(user_comment_id, comment, the account's reply or None) for each row of `comment/list` that can be read."""
    for row in rows(body, "comment"):
        mark, at = number(row.get("user_comment_id")), seconds_of(row.get("create_time"))
        if mark is None or not at:
            continue
        ext_id = f"{post_ext}:{mark}"
        comment = Comment(ext_id, post_ext, moment(at), mend(row.get("content")), author_id=mend(row.get("openid")))
        reply, answer = row.get("reply"), None
        if isinstance(reply, dict) and (words := mend(reply.get("content"))):
            replied = seconds_of(reply.get("create_time")) or at
            answer = Comment(
                f"{ext_id}:reply", post_ext, moment(replied), words,
                author_id=account_ext, author_is_official=True, parent_ext=ext_id, root_ext=ext_id,
            )  # fmt: skip
        yield str(mark), comment, answer


def parse_followers(summary: Mapping[str, Any], cumulate: Mapping[str, Any], observed_at: datetime) -> list[Followers]:
    """Follower numbers by day: totals of `getusercumulate`, gains and losses of `getusersummary` summed over sources."""
    moved: dict[str, list[tuple[int, int, int]]] = {}
    for row in rows(summary, "list"):
        if day := read_date(row.get("ref_date")):
            source, gained, lost = (number(row.get(name)) or 0 for name in ("user_source", "new_user", "cancel_user"))
            moved.setdefault(day.isoformat(), []).append((source, gained, lost))
    found = []
    for row in rows(cumulate, "list"):
        day, total = read_date(row.get("ref_date")), number(row.get("cumulate_user"))
        if day is None or total is None:
            continue
        parts = moved.get(day.isoformat(), [])
        parts = [part for part in parts if part[0] == ALL_SOURCES] or parts
        gained, lost = (sum(part[i] for part in parts) if parts else None for i in (1, 2))
        found.append(Followers(observed_at, total, gained, lost, stat_day=day.isoformat()))
    return found
