"""What came is read once, later and in any order; facts follow what they rest on, and a person's word outlives every reading."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from matrix.account import Platform, Route
from matrix.appeal import Addressee, Judgement, Words
from matrix.comment import Comment
from storage import accounts, comments, organizations, rollups
from storage.database import writing
from storage.moments import to_seconds
from tests.storage.reading_desk import READERS, answer, ask, post, read_all, read_appeals, responses, save
from tests.storage.small_city import RING, START, a_city, after


@pytest.fixture
def city() -> tuple[sqlite3.Connection, list[int]]:
    return a_city()


def kinds(db: sqlite3.Connection) -> dict[str, int | None]:
    return dict(db.execute("SELECT ext_id, kind FROM comments").fetchall())


def test_comments_land_unread_and_are_read_in_a_later_transaction(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("c1", 5), ask("c2", 6, "天气真好"), answer("r1", 20))
    assert set(kinds(db).values()) == {None}
    assert read_all(db) == 3
    assert kinds(db) == {"c1": 1, "c2": 0, "r1": 2}
    fact = responses(db)["c1"]
    assert (fact["first_id"], fact["answer_id"], fact["answer_at"], fact["is_sister"]) == ("r1", "r1", 20, 0)
    assert db.execute("SELECT kind, markers, read_by FROM appeals").fetchall() == [("咨询", "问号", "a1")]
    assert set(rollups.differences(db).values()) == {0}
    assert read_all(db) == 0


def test_a_reply_that_is_found_late_counts_at_its_own_time_and_says_when_we_learned_it(
    city: tuple[sqlite3.Connection, list[int]],
) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("c1", 5))
    read_all(db)
    assert responses(db)["c1"]["answer_id"] is None
    save(db, ids[0], 3000, answer("r1", 25), posts=())
    read_all(db)
    fact = responses(db)["c1"]
    assert (fact["answer_at"], fact["answer_seen_at"]) == (25, 3000)


def test_a_sister_account_of_the_same_unit_answers_and_one_of_another_unit_does_not(
    city: tuple[sqlite3.Connection, list[int]],
) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("c1", 5), answer("r1", 8, by=1), answer("r2", 20, by=2))
    read_all(db)
    fact = responses(db)["c1"]
    assert (fact["answer_id"], fact["is_sister"]) == ("r2", 1)


def test_an_account_that_moves_to_another_unit_answers_for_it_from_that_day_on(
    city: tuple[sqlite3.Connection, list[int]],
) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("c1", 5), answer("r1", 20, by=1))
    read_all(db)
    assert responses(db)["c1"]["answer_id"] is None
    with writing(db):
        home = db.execute("SELECT organization_id FROM accounts WHERE id = :id", {"id": ids[0]}).fetchone()[0]
        accounts.affiliate(db, ids[1], home, to_seconds(after(10)), to_seconds(after(40)))
        organizations.rebuild_tree(db)
    read_all(db)
    assert responses(db)["c1"]["answer_id"] == "r1"


def test_words_that_were_edited_are_read_again(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("c1", 5), answer("r1", 20, text="来信收悉"))
    read_all(db)
    assert (responses(db)["c1"]["first_id"], responses(db)["c1"]["answer_id"]) == ("r1", None)
    save(db, ids[0], 60, answer("r1", 20), posts=())
    read_all(db)
    assert responses(db)["c1"]["answer_id"] == "r1"
    save(db, ids[0], 90, ask("c1", 5, "来水了，多谢"), posts=())
    read_all(db)
    assert responses(db) == {}
    assert set(rollups.differences(db).values()) == {0}


def test_each_account_called_outside_every_thread_is_answered_by_its_own_unit(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("m1", 5, post=""), posts=(), cause=None)
    save(db, ids[1], 30, ask("m2", 6, below="m1", by="乙", post=""), posts=(), cause=None)
    save(db, ids[1], 60, answer("r1", 20, "m2", by=1, post=""), posts=(), cause=None)
    read_all(db)
    facts = responses(db)
    assert (facts["m1"]["answer_id"], facts["m2"]["answer_id"]) == (None, "r1")


def test_an_answer_that_turns_out_to_stand_in_a_thread_answers_nothing_outside_it(
    city: tuple[sqlite3.Connection, list[int]],
) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("m1", 5, post=""), answer("r1", 20, "m1", post=""), posts=(), cause=None)
    read_all(db)
    assert responses(db)["m1"]["answer_id"] == "r1"
    save(db, ids[0], 60, answer("r1", 20, "m1"))
    read_all(db)
    assert responses(db)["m1"]["answer_id"] is None


def test_a_new_version_reads_everything_again_behind_what_is_new(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    save(db, ids[0], 30, *(ask(f"c{number}", number, by=f"人{number}") for number in range(5)))
    assert read_all(db, limit=2) == 5
    newer = replace(READERS, replies_version="r2")
    save(db, ids[0], 40, ask("c9", 35, by="后来"), posts=())
    assert read_all(db, readers=newer, limit=2) == 6
    assert read_all(db, readers=newer) == 0


def test_an_account_that_enters_the_ledger_later_is_recognised_in_what_it_said(
    city: tuple[sqlite3.Connection, list[int]],
) -> None:
    db, ids = city
    said = Comment("r1", "p0", after(20), "今晚八点恢复。在哪取水？", "709", "新账号", True, "c1", "c1")
    save(db, ids[0], 30, ask("c1", 5), said)
    read_all(db)
    assert (kinds(db)["r1"], responses(db)["c1"]["answer_id"]) == (1, None)
    with writing(db):
        home = db.execute("SELECT organization_id FROM accounts WHERE id = :id", {"id": ids[0]}).fetchone()[0]
        new = accounts.add(
            db, platform=Platform.WEIBO, ext_id="709", name="新账号", organization_id=home, route=Route.NONE, seen_at=0
        )
        organizations.rebuild_tree(db)
        comments.recognise_accounts(db, RING, [new])
    read_all(db)
    assert (kinds(db)["r1"], responses(db)["c1"]["answer_id"], len(responses(db))) == (2, "r1", 1)


def test_unanswered_is_known_up_to_the_last_whole_look_and_unknown_without_one(
    city: tuple[sqlite3.Connection, list[int]],
) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("c1", 5))
    read_all(db)
    assert responses(db)["c1"]["known_until"] == 30
    save(db, ids[0], 90)
    assert responses(db)["c1"]["known_until"] == 90, "a whole look is enough, nothing need be read"
    save(db, ids[0], 200, ask("c2", 150, by="乙"), posts=(), cause="interrupted")
    read_all(db)
    assert {key: fact["known_until"] for key, fact in responses(db).items()} == {"c1": 90, "c2": None}
    save(db, ids[0], 300, posts=(post(),), cause="filtered")
    assert {fact["known_until"] for fact in responses(db).values()} == {300}
    save(db, ids[0], 310, ask("m1", 305, by="丙", post=""), posts=(), cause=None)
    read_all(db)
    assert responses(db)["m1"]["known_until"] is None, "nobody shows us the thread of a message"


def test_a_comment_whose_post_comes_later_is_joined_to_its_answer(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    save(db, ids[0], 30, ask("c1", 5), posts=(), cause=None)
    read_all(db)
    assert responses(db)["c1"]["post_id"] is None
    save(db, ids[0], 60, answer("r1", 20))
    read_all(db)
    fact = responses(db)["c1"]
    assert (fact["answer_id"], fact["post_id"] is None) == ("r1", False)


def test_who_answers_himself_goes_on_speaking_to_the_office(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    heard: dict[str, Addressee] = {}

    def listen(words: Sequence[Words]) -> list[Judgement]:
        heard.update({one.text: one.addressee for one in words})
        return read_appeals(words)

    save(
        db,
        ids[0],
        60,
        ask("c1", 5, "水停了？"),
        ask("c2", 6, "还没来？", below="c1"),
        ask("c3", 7, "回复@甲:到底来不来？", below="c1"),
        ask("c4", 8, "回复@甲:我家也没有？", below="c1", by="乙"),
    )
    read_all(db, readers=replace(READERS, appeals=listen))
    assert heard == {
        "水停了？": Addressee.NOBODY,
        "还没来？": Addressee.NOBODY,
        "到底来不来？": Addressee.NOBODY,
        "回复@甲:我家也没有？": Addressee.CITIZEN,
    }


def test_a_long_back_log_is_read_in_portions_and_killed_between_them_nothing_is_lost_or_doubled(
    city: tuple[sqlite3.Connection, list[int]],
) -> None:
    db, ids = city
    talk = [ask(f"c{number}", number, by=f"人{number}") for number in range(40)]
    save(
        db, ids[0], 100, *talk, *(replace(answer(f"r{n}", 50 + n, f"c{n}", f"第{n}户八点"), root_ext=f"c{n}") for n in range(20))
    )

    def fail(_said: object) -> list[object]:
        raise RuntimeError("killed")

    broken = replace(READERS, replies=fail)
    with pytest.raises(RuntimeError):
        read_all(db, readers=broken, limit=50)
    read_all(db, limit=7)
    assert len(responses(db)) == 40
    assert sum(fact["answer_id"] is not None for fact in responses(db).values()) == 20
    assert set(rollups.differences(db).values()) == {0}


def test_every_moment_of_a_fact_is_whole_seconds_of_its_own_comment(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    save(db, ids[0], 60, ask("c1", 25), answer("r1", 45), seen=after(61) + timedelta(days=1))
    read_all(db)
    row = db.execute("SELECT asked_at, seen_at, answer_at, answer_working FROM responses").fetchone()
    start = to_seconds(START)
    assert row == (start + 1500, start + 61 * 60 + 86400, start + 2700, 900), "the office opens at 08:30, minute 30"
