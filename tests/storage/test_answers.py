"""How accounts answer: counts by reason, copied wordings, the rows behind each number, and never beyond the scope."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from matrix.comment import Comment
from matrix.reply import Reason
from reading import reply
from storage import answer_rows, answers, corrections, organizations
from storage.database import writing
from storage.moments import to_seconds
from tests.storage.reading_desk import READERS, answer, ask, post, read_all, save
from tests.storage.small_city import a_city, after

REAL = replace(READERS, replies=reply.judge, replies_version=reply.VERSION, wording=reply.wording, mood=reply.mood)
WINDOW: dict[str, Any] = {"since": to_seconds(after(-480)), "until": to_seconds(after(960))}
"""The Beijing day that begins eight hours before the city's first minute."""


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    """Account 0 (city) answers well, by receipt and by a copied wording below two posts; account 1 (bureau) once."""
    held, ids = a_city()
    with closing(held) as db:
        save(
            db,
            ids[0],
            60,
            *talk("1", "路灯什么时候修？", "路灯控制柜进水，今晚8点前换好。"),
            *talk("2", "路灯坏了没人管？", "您好，已转交城管局处理。"),
            *talk("3", "积水怎么还没排？", "收到，感谢您的关注。"),
            *talk("4", "停水？", "请以供水公司发布的停水公告为准，注意储水"),
            *talk("5", "停水？", "请以供水公司发布的停水公告为准，注意储水！", "p1"),
            answer("g", 50, None, "【通报】今天全市供水恢复正常。"),
            posts=(post(), post("p1", 1)),
        )
        save(db, ids[1], 70, *talk("6", "水费怎么算？", "按用水量分三档，第一档每吨2.8元。", "p2", 1), posts=(post("p2", 2),))
        read_all(db, readers=REAL)
        yield db


def talk(number: str, question: str, said: str, below: str = "p0", by: int = 0) -> tuple[Comment, Comment]:
    """A question and its answer in a sub-thread of their own."""
    minutes = 5 + int(number)
    asked = replace(ask(f"c{number}", minutes, question, by=f"市民{number}", post=below), root_ext=None)
    return asked, replace(answer(f"r{number}", minutes + 20, f"c{number}", said, by, below), root_ext=f"c{number}")


def roots(db: sqlite3.Connection) -> tuple[int, ...]:
    return organizations.roots(db)


def test_replies_are_counted_by_nature_and_reason_and_general_words_are_none(db: sqlite3.Connection) -> None:
    frame = answers.summary(db, roots(db), **WINDOW)
    city, bureau = frame.to_dict("records")
    assert (city["account"], city["n"], city["substantive"], city["receipt"], city["automatic"]) == ("账号0", 5, 1, 4, 0)
    assert (city[Reason.HANDED_OVER], city[Reason.RECEIVED], city[Reason.PROMISE], city["weak"]) == (1, 1, 2, 0)
    assert (city[Reason.COPIED], city["groups"]) == (2, 1)
    assert (bureau["account"], bureau["n"], bureau["receipt"], bureau["level"]) == ("账号1", 1, 0, "部门")


def test_a_wording_used_below_two_posts_is_a_group_that_opens_its_replies(db: sqlite3.Connection) -> None:
    (group,) = answers.copies(db, roots(db), **WINDOW).to_dict("records")
    assert (group["account"], group["n"]) == ("账号0", 2)
    assert group["reply"].startswith("请以供水公司")
    found = answer_rows.rows(db, roots(db), **WINDOW, text_key=group["text_key"], account_id=group["account_id"])
    assert sorted(found["question"]) == ["停水？", "停水？"]
    assert answer_rows.count(db, roots(db), **WINDOW, reason=Reason.COPIED) == 2


def test_every_number_of_the_summary_is_the_number_of_its_rows(db: sqlite3.Connection) -> None:
    for row in answers.summary(db, roots(db), **WINDOW).to_dict("records"):
        for reason in Reason:
            asked = {"account_id": row["account_id"], "reason": str(reason)}
            assert (
                answer_rows.count(db, roots(db), **WINDOW, **asked)
                == row[reason]
                == len(answer_rows.rows(db, roots(db), **WINDOW, **asked))
            )
        for nature, column in (("实质答复", "substantive"), ("程式化回复", "receipt"), ("自动回复", "automatic")):
            asked = {"account_id": row["account_id"], "nature": nature}
            assert answer_rows.count(db, roots(db), **WINDOW, **asked) == row[column]
        assert answer_rows.count(db, roots(db), **WINDOW, account_id=row["account_id"]) == row["n"]


def test_a_row_holds_the_question_the_reply_the_reasons_and_what_the_citizen_said_then(db: sqlite3.Connection) -> None:
    db_ids = dict(db.execute("SELECT ext_id, account_id FROM comments").fetchall())
    thanks = replace(ask("f1", 40, "谢谢", below="r1", by="市民1"), root_ext="c1")
    save(db, db_ids["c1"], 80, thanks, posts=())
    read_all(db, readers=REAL)
    found = answer_rows.rows(db, roots(db), **WINDOW).set_index("reply")
    row = found.loc["路灯控制柜进水，今晚8点前换好。"]
    assert (row["question"], row["nature"], row["reasons"], row["mood"]) == ("路灯什么时候修？", "实质答复", "", "满意")
    assert row["replied_at"] - row["asked_at"] == 20 * 60
    assert found.loc["您好，已转交城管局处理。", "reasons"] == "仅转办"
    assert len(answer_rows.rows(db, roots(db), **WINDOW, limit=2, offset=5)) == 1


def test_a_corrected_nature_takes_its_reason_along(db: sqlite3.Connection) -> None:
    receipt = answer_rows.rows(db, roots(db), **WINDOW, reason="仅转办").iloc[0]
    with writing(db):
        corrections.correct(db, roots(db), int(receipt["comment_id"]), "nature", "实质答复", "电话里已答复", "李某", after(90))
    read_all(db, readers=REAL)
    city = answers.summary(db, roots(db), **WINDOW).iloc[0]
    assert (city["receipt"], city[Reason.HANDED_OVER], city["substantive"]) == (3, 0, 2)
    row = answer_rows.rows(db, roots(db), **WINDOW).set_index("comment_id").loc[receipt["comment_id"]]
    assert (row["is_corrected"], row["why"], row["reasons"], row["read_nature"]) == (1, "电话里已答复", "", "程式化回复")


def test_filters_and_scope_cut_the_same_rows(db: sqlite3.Connection) -> None:
    office = db.execute("SELECT id FROM organizations WHERE name = '临江市水务局'").fetchone()[0]
    for scope, filters in (
        ((office,), {}),
        (roots(db), {"organization_id": office}),
        (roots(db), {"level": "部门"}),
    ):
        assert list(answers.summary(db, scope, **WINDOW, **filters)["account"]) == ["账号1"]
        assert list(answer_rows.rows(db, scope, **WINDOW, **filters)["account"]) == ["账号1"]
        assert answers.copies(db, scope, **WINDOW, **filters).empty
    assert answers.summary(db, roots(db), **WINDOW, platform=2).empty
    for question in (answers.summary, answers.copies, answers.coverage, answer_rows.rows):
        assert question(db, (), **WINDOW).empty
    assert answer_rows.count(db, (), **WINDOW) == 0
    assert (answers.version(db, ()), answers.version(db, roots(db))) == ("", reply.VERSION)


def test_the_period_is_whole_beijing_days(db: sqlite3.Connection) -> None:
    before = {"since": WINDOW["since"] - 86400, "until": WINDOW["since"]}
    assert answers.summary(db, roots(db), **before).empty
    assert answer_rows.count(db, roots(db), **before) == 0
    covered = answers.coverage(db, roots(db), **WINDOW)
    assert list(covered.columns) == ["account_id", "stated", "held"]
