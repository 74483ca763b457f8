"""Daily statistics of a WeChat account: every article it sent or published, their reach day by day, and late revisions."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from collectors.wechat_codes import BEIJING, NOT_READY
from collectors.wechat_line import Line
from collectors.wechat_memory import WINDOW, Article, Day, Memory, read_date
from collectors.wechat_parse import Totals, daily_of, moment, parse_reads, parse_totals, rows, whole_of
from matrix.post import Post, PostKind, Reach
from matrix.run import Batch, CollectError

TOTALS = "/datacube/getarticletotaldetail"
READS = "/datacube/getarticleread"
FIRST_DAY = date(2025, 11, 1)
"""Before this day the platform has no figures of this kind."""
READY = clock_time(8)
"""From this time of the Beijing day the platform has yesterday's figures."""
REVISED_DAYS = 7
LATER_EVERY = 3
"""Days that are older than the revisions but still counted are asked again at this distance in days."""
RETRY = timedelta(hours=1)
LATE_FROM = clock_time(12)


def last_day(now: datetime) -> date:
    """The newest day that may be asked for: yesterday from 08:00 in Beijing on, before that the day before."""
    here = now.astimezone(BEIJING)
    return here.date() - timedelta(days=1 if here.time() >= READY else 2)


def look(line: Line, memory: Memory) -> Iterator[Batch]:
    """Ask for every day whose totals are due, newest first, then for the reading of the last seven days. Raises CollectError.

    While yesterday's figures are late, older days have nothing new either: only what was never asked for is asked for then.
    """
    newest = last_day(memory.now)
    first = max(memory.first_day, FIRST_DAY)
    days = [newest - timedelta(days=back) for back in range((newest - first).days + 1)]
    for day in days:
        held = memory.days.get(day)
        is_waiting = _is_late(memory, newest) and held is not None and bool(held.asked)
        if not is_waiting and totals_due(held, day, newest, memory.now) and line.may(TOTALS):
            yield from _ask(line, memory, day, TOTALS, _take_totals)
    for day in days[:REVISED_DAYS]:
        held = memory.day(day)
        is_due = held.reads_asked != newest.isoformat() and held.reads_again <= memory.now.timestamp()
        if is_due and not _is_late(memory, newest) and line.may(READS):
            yield from _ask(line, memory, day, READS, _take_reads)


def seen_until(memory: Memory) -> datetime | None:
    """Where our sight of articles ends when the newest day's figures are not there yet; None when they are.

    The last second at which the newest day that was read was all that could be asked for: one look then saw as much.
    """
    newest, first = last_day(memory.now), max(memory.first_day, FIRST_DAY)
    day = newest
    while day >= first and not is_read(memory, day):
        day -= timedelta(days=1)
    return None if day == newest else datetime.combine(day + timedelta(days=2), READY, BEIJING) - timedelta(seconds=1)


def is_read(memory: Memory, day: date) -> bool:
    """Whether the articles of this day were listed to us."""
    held = memory.days.get(day)
    asked = read_date(held.asked) if held else None
    return asked is not None and asked >= day


def totals_due(held: Day | None, day: date, newest: date, now: datetime) -> bool:
    """Once a day for the last seven days, every third day while the platform still counts, once more when it has stopped.

    `held.asked` is the day up to which the figures were complete, `newest` the last day that has figures now.
    """
    asked = read_date(held.asked) if held else None
    if held is not None and held.again > now.timestamp():
        return False
    if asked is None:
        return True
    age, passed = (newest - day).days, (newest - asked).days
    if age < REVISED_DAYS:
        return passed >= 1
    if age <= WINDOW:
        return passed >= LATER_EVERY
    return (asked - day).days <= WINDOW


def _is_late(memory: Memory, newest: date) -> bool:
    held = memory.days.get(newest)
    return held is not None and held.again > memory.now.timestamp()


Take = Callable[[Line, Memory, date, dict[str, Any]], Batch]
"""Turns the answer about one day into rows."""


def _ask(line: Line, memory: Memory, day: date, api: str, take: Take) -> Iterator[Batch]:
    """One day of one interface; figures that are not there yet are asked for again later the same day."""
    text = day.isoformat()
    try:
        answer = line.call(api, {"begin_date": text, "end_date": text}, ("list", "is_delay"))
    except CollectError as error:
        if error.code != str(NOT_READY):
            raise
        answer = {"list": [], "is_delay": True}
    held, newest = memory.day(day), last_day(memory.now)
    # Before 08:00 the mark speaks of yesterday, which nobody has asked for yet.
    is_late = bool(answer.get("is_delay")) and newest == memory.today - timedelta(days=1)
    again = int((memory.now + RETRY).timestamp()) if is_late else 0
    asked = newest.isoformat()
    if is_late:  # complete up to the day before, if there is anything at all
        asked = (newest - timedelta(days=1)).isoformat() if rows(answer, "list") and day != newest else ""
    if api == TOTALS:
        held.asked, held.again = asked or held.asked, again
    else:
        held.reads_asked, held.reads_again = "" if is_late else asked, again
    batch = take(line, memory, day, answer)
    notes = batch.notes + _lateness(memory, day, is_late and api == TOTALS)
    yield Batch(line.answered_at, batch.posts, reaches=batch.reaches, cursors=memory.changes(), notes=notes)


def _lateness(memory: Memory, day: date, is_late: bool) -> tuple[str, ...]:
    """Late figures of a morning are usual; from noon on they are worth a word."""
    if not is_late or memory.now.astimezone(BEIJING).time() < LATE_FROM:
        return ()
    return (f"平台尚未给出 {day.isoformat()} 的图文统计（平台延迟），今天稍后会再取。",)


def _take_totals(line: Line, memory: Memory, day: date, answer: dict[str, Any]) -> Batch:
    posts: list[Post] = []
    reaches: list[tuple[str, Reach]] = []
    listed = parse_totals(answer, line.answered_at)
    for totals in listed:
        ext_id = f"{line.account.ext_id}:{totals.key}"
        known = memory.find(totals.key)
        is_new = known is None
        known = known or _first_seen(memory, totals)
        if is_new or (totals.title and not known.is_titled):
            at, title = moment(known.published_at), "" if known.is_titled else totals.title
            posts.append(Post(ext_id, at, "", title, totals.url, PostKind.ARTICLE))
            known.is_titled = known.is_titled or bool(title)
        whole = whole_of(totals.stated, line.answered_at)
        reaches += [(ext_id, reach) for reach in (*daily_of(totals), *([whole] if whole else []))]
        said = whole.comments if whole else None
        if said is not None and said != known.said:
            known.said = said
            if said > known.total:
                known.looked_at = 0  # the thread has grown since it was read: its turn comes at once
    nameless = sum(1 for totals in listed if not (known := memory.find(totals.key)) or not known.is_titled)
    notes = ()
    if nameless and day == last_day(memory.now):
        notes = (f"{day.isoformat()} 有 {nameless} 篇群发图文暂无标题：平台的统计接口不提供标题，只有“已发布”列表中的图文才有。",)
    return Batch(line.answered_at, tuple(posts), reaches=tuple(reaches), notes=notes)


def _first_seen(memory: Memory, totals: Totals) -> Article:
    """Statistics know the day of publishing only: its first second in Beijing stands for the unknown time."""
    start = datetime.combine(totals.published_on, clock_time(0), BEIJING)
    return memory.add(Article(totals.key, int(start.timestamp())), totals.published_on)


def _take_reads(line: Line, memory: Memory, _: date, answer: dict[str, Any]) -> Batch:
    """Reads of articles that the platform has stopped listing with their totals; younger ones have fuller figures there."""
    reaches = []
    for key, reach in parse_reads(answer, line.answered_at):
        known = memory.find(key)
        if known is None or (memory.now.timestamp() - known.published_at) > (WINDOW + 1) * 86400:
            reaches.append((f"{line.account.ext_id}:{key}", reach))
    return Batch(line.answered_at, reaches=tuple(reaches))
