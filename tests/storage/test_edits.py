"""Official words that were edited: from when on they count, and what they were before."""

import sqlite3

import pytest

from tests.storage.reading_desk import answer, ask, read_all, responses, save
from tests.storage.small_city import a_city, after


@pytest.fixture
def city() -> tuple[sqlite3.Connection, list[int]]:
    return a_city()


def test_a_receipt_that_is_edited_into_an_answer_is_one_from_the_look_that_showed_the_edit(
    city: tuple[sqlite3.Connection, list[int]],
) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("c1", 5), answer("r1", 20, text="来信收悉"))
    save(db, ids[0], 90, answer("r1", 20, text="今晚八点恢复。"), posts=())
    read_all(db)
    fact = responses(db)["c1"]
    assert (fact["first_id"], fact["first_at"]) == ("r1", 20)
    assert (fact["answer_id"], fact["answer_at"], fact["answer_seen_at"]) == ("r1", 90, 90)
    save(db, ids[0], 120, answer("r1", 20, text="来信收悉，谢谢"), posts=())
    read_all(db)
    assert (responses(db)["c1"]["answer_id"], responses(db)["c1"]["answer_at"]) == ("r1", 90)


def test_a_reply_that_is_taken_back_and_given_anew_is_an_answer_from_its_new_time_on(
    city: tuple[sqlite3.Connection, list[int]],
) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("c1", 5), answer("r1", 20, text="来信收悉"))
    save(db, ids[0], 90, answer("r1", 65, text="今晚八点恢复。"), ask("c2", 70, "还没来？", below="c1"), posts=())
    read_all(db)
    fact = responses(db)["c1"]
    assert (fact["first_at"], fact["answer_at"], fact["answer_seen_at"]) == (20, 65, 90)
    assert fact["followup_id"] == "c2"


def test_an_answer_that_becomes_a_stock_phrase_was_an_answer_all_the_same(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    stock = [answer(f"r{n}", 20 + n, f"c{n}", "来信收悉，感谢关注") for n in range(2, 8)]
    save(db, ids[0], 30, *(ask(f"c{n}", 5 + n / 10, by=f"人{n}") for n in range(1, 8)), answer("r1", 20), *stock)
    save(db, ids[0], 90, answer("r1", 20, text="来信收悉，感谢关注"), posts=())
    read_all(db)
    assert responses(db)["c1"]["answer_id"] == "r1"
    assert responses(db)["c2"]["first_id"] is None


def test_we_know_an_answer_from_the_moment_when_we_learned_its_words(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    save(db, ids[0], 190, ask("c1", 5), answer("r1", 20, text="来信收悉"), seen=after(200))
    save(db, ids[0], 100, answer("r1", 20), posts=(), seen=after(700))
    read_all(db)
    fact = responses(db)["c1"]
    assert (fact["answer_at"], fact["first_seen_at"], fact["answer_seen_at"]) == (20, 200, 700)


def test_asking_between_the_receipt_and_its_edit_presses(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("c1", 5), answer("r1", 20, text="来信收悉"))
    save(db, ids[0], 90, answer("r1", 20, text="今晚八点恢复。"), ask("c2", 60, below="c1"), posts=())
    read_all(db)
    assert set(responses(db)) == {"c1"}
