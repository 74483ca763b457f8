"""Collecting a WeChat account over a real socket: the published list, edits, what was taken down, plans of calls."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from matrix.post import GoneKind
from matrix.run import Budget
from tests.collectors.wechat_desk import (
    COMMENTS,
    DETAIL,
    LIST,
    NOW,
    Desk,
    Runs,
    desk_open,
    error,
    listed,
    message,
    notes_in,
    posts_in,
    recording,
)  # fmt: skip

EXT = "wxTESTinvented01"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with desk_open() as opened:
        yield opened


def test_an_article_published_today_comes_in_before_its_statistics(desk: Desk) -> None:
    desk.answers[LIST] = listed(message(2650300009, NOW - timedelta(minutes=5), "头条", "次条"))
    assert posts_in(Runs(desk.url).batches()) == [(f"{EXT}:2650300009_1", "头条"), (f"{EXT}:2650300009_2", "次条")]


def test_an_edit_is_asked_for_in_detail_and_told_with_its_time(desk: Desk) -> None:
    at = NOW - timedelta(hours=3)
    desk.answers[LIST] = listed(message(2650300001, at, "公告"))
    runs = Runs(desk.url)
    runs.batches()
    desk.answers |= {
        LIST: listed(message(2650300001, at, "公告", touched=600)),
        DETAIL: message(2650300001, at, "更正公告")["content"],
    }
    (post,) = (post for batch in runs.later(minutes=30).batches() for post in batch.posts)
    assert (post.title, post.edited_at) == ("更正公告", at + timedelta(minutes=10))
    assert desk.asked(DETAIL) == [{"article_id": "TESTid2650300001"}]
    assert not posts_in(runs.later(minutes=30).batches())


def test_an_article_taken_down_is_deleted_and_one_put_back_is_back(desk: Desk) -> None:
    at = NOW - timedelta(hours=3)
    runs, told = Runs(desk.url), []
    for touched, deleted in ((0, ()), (60, (2,)), (120, ())):
        desk.answers |= {LIST: listed(message(1, at, "一", "二", touched=touched, deleted=deleted))}
        desk.answers |= {DETAIL: message(1, at, "一", "二", deleted=deleted)["content"]}
        told += [(gone.post_ext, gone.kind) for batch in runs.later(minutes=30).batches() for gone in batch.gones]
    assert told == [(f"{EXT}:1_2", GoneKind.DELETED), (f"{EXT}:1_2", GoneKind.BACK)]


def test_what_is_missing_from_the_list_is_deleted_only_when_its_details_say_so(desk: Desk) -> None:
    older, newer = (message(mid, NOW - timedelta(hours=30 - mid), f"第{mid}篇") for mid in (1, 2))
    desk.answers[LIST] = listed(newer, older)
    runs = Runs(desk.url, history=timedelta(days=9))
    runs.batches()
    desk.answers |= {LIST: listed(newer), DETAIL: older["content"]}
    gones = [gone for batch in runs.later(days=1).batches() for gone in batch.gones]
    assert gones == [] and desk.asked(DETAIL) == [{"article_id": "TESTid1"}]
    desk.answers[DETAIL] = error(53600)
    gones = [(gone.post_ext, gone.kind) for batch in runs.later(days=1).batches() for gone in batch.gones]
    assert gones == [(f"{EXT}:1_1", GoneKind.DELETED)]


@pytest.mark.parametrize("fault", [error(45009), error(48001), error(-1), b"{", b"<html>"])
def test_no_fault_makes_a_post_deleted(desk: Desk, fault: object) -> None:
    item = message(1, NOW - timedelta(hours=30), "公告")
    desk.answers[LIST] = listed(item)
    runs = Runs(desk.url)
    runs.batches()
    desk.answers |= {LIST: listed(), DETAIL: fault}
    runs.later(days=1)
    try:
        gones = [gone for batch in runs.batches() for gone in batch.gones]
    except Exception:
        gones = []
    assert gones == []


def test_the_list_is_read_to_its_end_once_a_day_and_else_while_it_brings_news(desk: Desk) -> None:
    items = [message(n, NOW - timedelta(minutes=n), f"第{n}篇") for n in range(1, 60)]
    desk.answers[LIST] = listed(*items)
    runs = Runs(desk.url)
    assert len(posts_in(runs.batches())) == 59
    assert [asked["offset"] for asked in desk.asked(LIST)] == [0, 20, 40]
    desk.answers[LIST] = listed(message(99, NOW, "新的"), *items)
    assert [title for _, title in posts_in(runs.later(minutes=30).batches())] == ["新的"]
    assert [asked["offset"] for asked in desk.asked(LIST)][3:] == [0, 20]
    runs.later(minutes=30).batches()
    assert [asked["offset"] for asked in desk.asked(LIST)][5:] == [0]


def test_a_short_link_waits_for_its_number_and_never_comes_twice(desk: Desk) -> None:
    body = recording("batchget.json")
    desk.answers[LIST] = body
    runs = Runs(desk.url)
    batches = runs.batches()
    assert "短链接" in notes_in(batches)
    assert sorted(ext for ext, _ in posts_in(batches)) == [f"{EXT}:2650300001_1", f"{EXT}:2650300001_2", f"{EXT}:2650300002_1"]


def test_every_call_is_charged_to_the_account_and_its_interface(desk: Desk) -> None:
    desk.answers[LIST] = listed(message(1, NOW - timedelta(hours=1), "公告"))
    runs = Runs(desk.url)
    runs.batches()
    assert len(runs.charged) == len(desk.calls)
    assert Budget("account:12", LIST, "day", 100) in runs.charged
    assert Budget("account:12", COMMENTS, "day", 500) in runs.charged


def test_polling_is_spread_over_the_day_so_that_the_evening_has_calls_left(desk: Desk) -> None:
    desk.answers[LIST] = listed(message(1, NOW - timedelta(days=1), "公告"))
    runs = Runs(desk.url, now=datetime(2026, 3, 2, 16, 0, tzinfo=UTC))
    asked = []
    for _ in range(288):  # every five minutes of one day
        before = desk.counts()[LIST]
        runs.batches()
        asked.append(desk.counts()[LIST] - before)
        runs.later(minutes=5)
    assert 80 <= sum(asked) <= 100, "the documented hundred is used and not exceeded"
    assert sum(asked[:144]) < 65 and sum(asked[144:]) > 30


def test_a_broken_cursor_is_a_fresh_start_and_no_fault(desk: Desk) -> None:
    desk.answers[LIST] = listed(message(1, NOW - timedelta(hours=1), "公告"))
    runs = Runs(desk.url, cursors={"published": "{", "day:2026-03-02": "[]", "day:x": "1", "rests": "null", "calls": "7"})
    assert posts_in(runs.batches()) == [(f"{EXT}:1_1", "公告")]
