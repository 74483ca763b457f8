"""What a person says against a reading stands at once and for good; the same words to everybody are no answer."""

import sqlite3
from dataclasses import replace

import pytest

from storage import corrections, organizations
from storage.database import writing
from tests.storage.reading_desk import READERS, answer, ask, post, read_all, responses, save
from tests.storage.small_city import a_city, after


@pytest.fixture
def city() -> tuple[sqlite3.Connection, list[int]]:
    return a_city()


def test_the_same_words_to_everybody_within_a_day_are_automatic_and_stop_no_clock(
    city: tuple[sqlite3.Connection, list[int]],
) -> None:
    db, ids = city
    for number in range(6):
        extra = [replace(ask(f"c{number}0", 5 + number, by=f"人{number}"), root_ext=None)]
        said = replace(answer(f"r{number}", 20 + number, f"c{number}0", "请稍候，客服马上就来"), root_ext=f"c{number}0")
        save(db, ids[0], 30 + number, *extra, said, posts=(post(),) if not number else ())
        read_all(db)
        answered = [fact["first_id"] for fact in responses(db).values() if fact["first_id"]]
        assert len(answered) == (number + 1 if number < 5 else 0)
    with writing(db):
        mine = db.execute("SELECT id FROM comments WHERE ext_id = 'r0'").fetchone()[0]
        corrections.correct(db, organizations.roots(db), mine, "nature", "实质答复", "人工答复", "李某", after(99))
    read_all(db)
    assert [fact["first_id"] for fact in responses(db).values() if fact["first_id"]] == ["r0"]


def test_a_correction_by_hand_is_a_row_and_outlives_a_new_version(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("c1", 5), ask("c2", 6, "停水了", by="乙"))
    read_all(db)
    scope, number = organizations.roots(db), dict(db.execute("SELECT ext_id, id FROM comments").fetchall())
    with writing(db):
        corrections.correct(db, scope, number["c1"], "appeal", "0", "闲聊", "李某", after(40))
        corrections.correct(db, scope, number["c2"], "appeal", "1", "确是诉求", "李某", after(41))
        corrections.correct(db, scope, number["c2"], "kind", "投诉", "", "李某", after(42))
    assert {key: fact["kind"] for key, fact in responses(db).items()} == {"c2": "投诉"}, "at once, before the next reading"
    read_all(db)
    read_all(db, readers=replace(READERS, appeals_version="a2"))
    assert {key: fact["kind"] for key, fact in responses(db).items()} == {"c2": "投诉"}
    assert db.execute("SELECT read_by, is_corrected FROM appeals").fetchall() == [("a2", 1)]
    rows = db.execute("SELECT field, before, value, why, author FROM corrections ORDER BY id").fetchall()
    assert rows[:2] == [("appeal", "1", "0", "闲聊", "李某"), ("appeal", "0", "1", "确是诉求", "李某")]


def test_nobody_corrects_outside_his_scope_or_to_what_cannot_be(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("c1", 5), answer("r1", 9))
    read_all(db)
    number = dict(db.execute("SELECT ext_id, id FROM comments").fetchall())
    office = db.execute("SELECT id FROM organizations WHERE code = '2'").fetchone()
    with pytest.raises(PermissionError, match="权限范围"), writing(db):
        corrections.correct(db, office, number["c1"], "appeal", "0", "", "李某", after(40))
    for subject, field, value in (("c1", "kind", "感谢"), ("c1", "nature", "实质答复"), ("r1", "appeal", "1"), ("c1", "x", "1")):
        with pytest.raises(ValueError, match="。"), writing(db):
            corrections.correct(db, organizations.roots(db), number[subject], field, value, "", "李某", after(40))
    assert db.execute("SELECT count(*) FROM corrections").fetchone()[0] == 0
