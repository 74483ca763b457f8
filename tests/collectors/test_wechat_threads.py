"""Comment threads of WeChat over a real socket: lists whose order moves, filtered threads, budgets, whose turn it is."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from matrix.comment import Coverage
from matrix.post import GoneKind
from tests.collectors.wechat_desk import (
    COMMENTS,
    DETAIL,
    LIST,
    NOW,
    TOTALS,
    Desk,
    Runs,
    comments_in,
    desk_open,
    error,
    listed,
    message,
    notes_in,
    row,
    windows,
)

POST = "wxTESTinvented01:2650300001_1"
AT = NOW - timedelta(hours=3)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with desk_open() as opened:
        opened.answers[LIST] = listed(message(2650300001, AT, "公告"))
        yield opened


def coverages(desk: Desk, runs: Runs | None = None) -> list[Coverage]:
    return [look for batch in (runs or Runs(desk.url)).batches() for look in batch.coverages]


def test_a_thread_is_asked_for_by_number_and_index_from_nought(desk: Desk) -> None:
    desk.answers |= {LIST: listed(message(2650300001, AT, "头条", "次条"))}
    Runs(desk.url).batches()
    assert {(a["msg_data_id"], a["index"], a["begin"], a["count"], a["type"]) for a in desk.asked(COMMENTS)} == {
        (2650300001, 0, 0, 49, 0),
        (2650300001, 1, 0, 49, 0),
    }


def test_comments_and_replies_are_all_counted(desk: Desk) -> None:
    desk.answers[COMMENTS] = windows([row(1, reply="已转办"), row(2)])
    batches = Runs(desk.url).batches()
    assert set(comments_in(batches)) == {f"{POST}:1", f"{POST}:1:reply", f"{POST}:2"}
    assert [look for batch in batches for look in batch.coverages] == [Coverage(POST, 3)]


@pytest.mark.parametrize("seed", range(5))
def test_a_list_whose_order_moves_is_read_until_everything_is_found(desk: Desk, seed: int) -> None:
    rows = [row(number, reply="已转办" if number % 3 else "") for number in range(1, 131)]
    desk.answers[COMMENTS] = windows(rows, shuffle=random.Random(seed))
    batches = Runs(desk.url).batches()
    found = {ext for ext in comments_in(batches) if not ext.endswith(":reply")}
    (look,) = (look for batch in batches for look in batch.coverages)
    assert look.stated == 130 + sum(bool(number % 3) for number in range(1, 131) if f"{POST}:{number}" in found)
    assert (len(found) == 130 and look.cause == "") or look.cause == "interrupted"
    assert len(found) > 120


def test_a_reply_that_moves_its_comment_to_the_head_hides_no_other_comment(desk: Desk) -> None:
    rows = [row(number) for number in range(1, 100)]

    def answer(body: dict[str, Any], token: str) -> Any:
        if len(desk.asked(COMMENTS)) == 2:  # between the first page and the second somebody answers the last comment
            rows.insert(0, row(99, reply="已转办") | {"user_comment_id": 99})
            rows.pop()
        return windows(rows)(body, token)

    desk.answers[COMMENTS] = answer
    batches = Runs(desk.url).batches()
    assert len(comments_in(batches)) == 100, "99 comments and the reply, found by the second pass"
    assert [look for batch in batches for look in batch.coverages] == [Coverage(POST, 100)]


def test_short_and_empty_pages_do_not_end_a_thread(desk: Desk) -> None:
    rows = [row(number) for number in range(1, 150)]

    def answer(body: dict[str, Any], token: str) -> Any:
        page = windows(rows)(body, token)
        page["comment"] = page["comment"][:-9] if body["begin"] == 0 else page["comment"]
        return page

    desk.answers[COMMENTS] = answer
    assert len(comments_in(Runs(desk.url).batches())) == 149


def test_filtered_comments_are_named_after_a_second_pass_and_then_not_fetched_twice(desk: Desk) -> None:
    desk.answers[COMMENTS] = windows([row(1), row(2)], total=5)
    runs = Runs(desk.url)
    assert coverages(desk, runs) == [Coverage(POST, 5, "filtered")]
    assert desk.counts()[COMMENTS] == 4, "two passes, each with a look behind the short page"
    assert coverages(desk, runs.later(minutes=30)) == [Coverage(POST, 5, "filtered")]
    assert desk.counts()[COMMENTS] == 5


def test_a_count_without_comments_is_filtering(desk: Desk) -> None:
    desk.answers[COMMENTS] = {"errcode": 0, "errmsg": "ok", "comment": [], "total": 0, "comment_cnt": 182}
    assert coverages(desk) == [Coverage(POST, 182, "filtered")]


def test_an_edited_reply_keeps_its_name_and_brings_its_new_words(desk: Desk) -> None:
    desk.answers[COMMENTS] = windows([row(1, reply="已转办")])
    runs = Runs(desk.url)
    assert comments_in(runs.batches())[f"{POST}:1:reply"].text == "已转办"
    desk.answers[COMMENTS] = windows([row(1, reply="已办结")])
    later = runs.later(minutes=30).batches()
    assert comments_in(later)[f"{POST}:1:reply"].text == "已办结"
    assert max(batch.observed_at for batch in later if batch.comments) == runs.now


def test_an_account_without_comments_is_a_note_and_no_failure(desk: Desk) -> None:
    desk.answers |= {LIST: listed(*(message(n, AT, f"第{n}篇") for n in range(1, 5))), COMMENTS: error(88000)}
    runs = Runs(desk.url)
    batches = runs.batches()
    looks = {look.post_ext: look.cause for batch in batches for look in batch.coverages}
    assert len(looks) == 4 and set(looks.values()) == {"no_privilege"}
    assert "留言功能" in notes_in(batches) and desk.counts()[COMMENTS] == 2
    assert not notes_in(runs.later(minutes=30).batches()) and desk.counts()[COMMENTS] == 2
    runs.later(hours=3).batches()
    assert desk.counts()[COMMENTS] == 4


def test_one_article_without_comments_does_not_silence_the_others(desk: Desk) -> None:
    desk.answers |= {LIST: listed(*(message(n, AT, f"第{n}篇") for n in range(1, 5)))}
    fine = windows([row(1)])
    desk.answers[COMMENTS] = lambda body, token: error(88000) if body["msg_data_id"] == 3 else fine(body, token)
    looks = {look.post_ext[-3:]: look.cause for look in coverages(desk)}
    assert looks == {"1_1": "", "2_1": "", "3_1": "no_privilege", "4_1": ""}


@pytest.mark.parametrize(
    ("detail", "is_gone"), [(error(53600), True), (message(2650300001, AT, "公告")["content"], False), (error(45009), False)]
)
def test_a_thread_that_is_gone_makes_its_article_deleted_only_when_the_details_say_so(
    desk: Desk, detail: Any, is_gone: bool
) -> None:
    desk.answers |= {COMMENTS: error(88001), DETAIL: detail}
    batches = Runs(desk.url).batches()
    assert [gone.kind for batch in batches for gone in batch.gones] == [GoneKind.DELETED] * is_gone
    assert ("未标记为已删除" in notes_in(batches)) is (not is_gone and detail.get("errcode") != 45009)


def test_a_mass_sent_article_whose_thread_is_gone_is_not_called_deleted(desk: Desk) -> None:
    day = {"stat_date": "2026-03-02", "read_user": 5, "comment_count": 1}
    listing = {"list": [{"ref_date": "2026-03-02", "msgid": "2650300000_1", "detail_list": [day]}], "is_delay": False}
    desk.answers |= {LIST: listed(), TOTALS: listing, COMMENTS: error(88001)}
    batches = Runs(desk.url, history=timedelta(days=2)).batches()
    assert not [gone for batch in batches for gone in batch.gones]
    assert "没有详情接口可以确认" in notes_in(batches) and not desk.asked(DETAIL)


def test_a_limited_article_is_closed_and_not_deleted(desk: Desk) -> None:
    desk.answers[COMMENTS] = error(88002)
    batches = Runs(desk.url).batches()
    assert [look.cause for batch in batches for look in batch.coverages] == ["closed"]
    assert not [gone for batch in batches for gone in batch.gones]


def test_one_damaged_thread_is_a_gap_with_a_name_and_is_read_at_the_next_run(desk: Desk) -> None:
    desk.answers[LIST] = listed(*(message(n, AT, f"第{n}篇") for n in range(1, 4)))
    fine = windows([row(1)])
    desk.answers[COMMENTS] = lambda body, token: b'{"total": 1, "com' if body["msg_data_id"] == 2 else fine(body, token)
    runs = Runs(desk.url)
    assert {look.post_ext[-3:]: look.cause for look in coverages(desk, runs)} == {"1_1": "", "2_1": "interrupted", "3_1": ""}
    desk.answers[COMMENTS] = fine
    assert f"{POST[:-12]}2_1:1" in comments_in(runs.later(minutes=1).batches())
