"""Follower numbers of a WeChat account by day, a week per call, the day after."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from collectors.wechat_codes import NOT_READY
from collectors.wechat_line import Line
from collectors.wechat_memory import Memory, read_date
from collectors.wechat_parse import parse_followers
from collectors.wechat_statistics import RETRY, last_day
from matrix.run import Batch, CollectError

SUMMARY = "/datacube/getusersummary"
CUMULATE = "/datacube/getusercumulate"
SPAN = 7


def look(line: Line, memory: Memory) -> Iterator[Batch]:
    """The last week once a day, then weeks further back until the account's first day, once. Raises CollectError."""
    newest = last_day(memory.now)
    held = memory.followers
    if held.get("until") != newest.isoformat() and held.get("again", 0) <= memory.now.timestamp():
        yield from _ask(line, memory, newest)
    while (oldest := read_date(held.get("from"))) and oldest > memory.first_day:
        yield from _ask(line, memory, oldest - timedelta(days=1))
        if read_date(held.get("from")) == oldest:
            return


def _ask(line: Line, memory: Memory, last: date) -> Iterator[Batch]:
    """A week that ends with `last`; a newest week without its last day is not ready and asked for again later."""
    if not (line.may(SUMMARY) and line.may(CUMULATE)):
        return
    first = last - timedelta(days=SPAN - 1)
    body = {"begin_date": first.isoformat(), "end_date": last.isoformat()}
    held, is_newest = memory.followers, last == last_day(memory.now)
    try:
        answers = [line.call(api, body, ("list",)) for api in (SUMMARY, CUMULATE)]
    except CollectError as error:
        if error.code != str(NOT_READY):
            raise
        if not is_newest:
            return
        answers = [{}, {}]
    seen = parse_followers(answers[0], answers[1], line.answered_at)
    if is_newest and last.isoformat() not in {item.stat_day for item in seen}:
        held["again"] = _later(memory.now)
    elif is_newest:
        held["until"] = last.isoformat()
        held.pop("again", None)
    if not is_newest or "from" not in held:
        held["from"] = first.isoformat()
    yield Batch(line.answered_at, followers=tuple(seen), cursors=memory.changes())


def _later(now: datetime) -> int:
    return int((now + RETRY).timestamp())
