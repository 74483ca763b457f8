"""Every comment of a citizen has a topic and a feeling; what a person says of them outlives every reading."""

import sqlite3
from dataclasses import replace

import pytest

from storage import corrections, organizations
from storage.database import writing
from tests.storage.reading_desk import READERS, answer, ask, read_all, read_topics, save
from tests.storage.small_city import a_city, after


@pytest.fixture
def city() -> tuple[sqlite3.Connection, list[int]]:
    return a_city()


def held(db: sqlite3.Connection) -> dict[str, tuple[object, ...]]:
    rows = db.execute(
        "SELECT c.ext_id, d.topic, d.part, d.topic2, d.feeling, d.is_sure, d.is_corrected FROM readings d "
        "JOIN comments c ON c.id = d.comment_id"
    ).fetchall()
    return {row[0]: row[1:] for row in rows}


def test_citizens_comments_are_read_and_official_words_are_not(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("c1", 5), ask("c2", 6, "气死人"), answer("r1", 20))
    read_all(db)
    assert held(db) == {"c1": ("城乡建设", "供水排水", "其他", 0, 0, 0), "c2": ("其他", "", "城乡建设", -1, 1, 0)}
    assert db.execute("SELECT DISTINCT read_by FROM readings").fetchall() == [("t1/f1",)]


def test_an_office_that_is_in_no_ledger_is_no_citizen(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    office = replace(ask("o1", 7, "停水通知，气温骤降", by="某局"), author_is_official=True)
    save(db, ids[0], 30, ask("c1", 5), office)
    read_all(db)
    assert set(held(db)) == {"c1"}


def test_words_that_were_edited_and_a_new_version_are_read_anew(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("c1", 5), ask("c2", 6))
    read_all(db)
    save(db, ids[0], 60, ask("c1", 5, "气人！"))
    read_all(db)
    assert held(db)["c1"][:1] == ("其他",)
    newer = replace(
        READERS, topics=lambda words: read_topics([replace(one, text="天气") for one in words]), topics_version="x-t2"
    )
    read_all(db, readers=newer)
    assert held(db)["c2"][0] == "其他"
    assert db.execute("SELECT DISTINCT read_by FROM readings").fetchall() == [("t2/f1",)]


def test_what_becomes_official_loses_its_reading(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("c1", 5))
    read_all(db)
    with writing(db):
        db.execute("UPDATE comments SET author_account_id = :id", {"id": ids[0]})
        db.execute("INSERT INTO rereads(comment_id) SELECT id FROM comments")
    read_all(db)
    assert held(db) == {}


def test_topic_and_feeling_set_by_hand_stand_at_once_and_outlive_a_new_version(
    city: tuple[sqlite3.Connection, list[int]],
) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("c1", 5), answer("r1", 9))
    read_all(db)
    scope, number = organizations.roots(db), dict(db.execute("SELECT ext_id, id FROM comments").fetchall())
    with writing(db):
        corrections.correct(db, scope, number["c1"], "topic", "生态环境", "说的是河水", "李某", after(40))
        corrections.correct(db, scope, number["c1"], "feeling", "负面", "", "李某", after(41))
    wanted = {"c1": ("生态环境", "", "城乡建设", -1, 1, 1)}
    assert held(db) == wanted
    read_all(db)
    read_all(db, readers=replace(READERS, topics_version="x-t2"))
    assert held(db) == wanted
    rows = db.execute("SELECT field, before, value FROM corrections ORDER BY id").fetchall()
    assert rows == [("topic", "城乡建设/供水排水", "生态环境"), ("feeling", "中性", "负面")]


def test_no_topic_but_those_of_the_file_and_nothing_official(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("c1", 5), answer("r1", 9))
    read_all(db)
    scope, number = organizations.roots(db), dict(db.execute("SELECT ext_id, id FROM comments").fetchall())
    for ext, field, value, words in (
        ("c1", "topic", "天文", "不是主题的取值"),
        ("c1", "feeling", "愤怒", "正面、中性、负面"),
        ("r1", "topic", "生态环境", "不能判读主题和情绪"),
    ):
        with pytest.raises(ValueError, match=words), writing(db):
            corrections.correct(db, scope, number[ext], field, value, "", "李某", after(40))
    with pytest.raises(PermissionError), writing(db):
        corrections.correct(db, (), number["c1"], "feeling", "负面", "", "李某", after(40))
