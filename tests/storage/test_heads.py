"""What comments are about and how they feel is counted for whom it concerns; issues keep their ids, words their days."""

import sqlite3
from dataclasses import replace

import pytest

from matrix.comment import Comment
from matrix.feeling import Feeling, FeelingJudgement, negative_share
from reading import issue, words
from storage import corrections, digest, heads, hot_words, issues, organizations
from storage.database import writing
from storage.moments import to_seconds
from tests.storage.reading_desk import ask, read_all, save
from tests.storage.small_city import a_city, after

SINCE, UNTIL = to_seconds(after(0)), to_seconds(after(24 * 60))
PIPES = (
    "北门小区三号楼已经停水两天了没有人管",
    "北门小区三号楼停水两天没有人来修",
    "我们北门小区三号楼停水第二天了，没有人管",
    "北门小区三号楼停水两天了，物业没有人管",
)
ROAD = ("南环路的路灯坏了一个月了，晚上漆黑？", "南环路路灯坏了一个月，晚上一片漆黑没法走？")


def said(place: int, text: str, by: str, minutes: float = 0) -> Comment:
    return replace(ask(f"c{place}", minutes or 5 + place, text, by=by), root_ext=None)


@pytest.fixture
def city() -> tuple[sqlite3.Connection, list[int]]:
    """Four citizens without water at the city's account, two without light at the office's, and somebody who is only angry."""
    db, ids = a_city()
    save(db, ids[0], 60, *(said(place, text, f"人{place}") for place, text in enumerate(PIPES)), said(9, "气死人", "人9"))
    save(db, ids[1], 60, *(replace(said(20 + n, text, f"路{n}"), post_ext="p1") for n, text in enumerate(ROAD)), posts=())
    read_all(db)
    return db, ids


def office(db: sqlite3.Connection) -> int:
    return db.execute("SELECT id FROM organizations WHERE code = '2'").fetchone()[0]


def test_topics_and_feelings_count_what_lies_in_scope_and_period(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    everywhere = organizations.roots(db)
    found = heads.topics(db, everywhere, since=SINCE, until=UNTIL)
    assert found[["topic", "comments", "citizens", "certain", "negative"]].values.tolist() == [
        ["城乡建设", 4, 4, 0, 0],
        ["其他", 3, 3, 1, 1],
    ]
    parts = heads.topics(db, everywhere, since=SINCE, until=UNTIL, is_by_part=True)
    assert parts["part"].tolist() == ["供水排水", ""]
    felt = heads.feelings(db, everywhere, since=SINCE, until=UNTIL)
    assert felt.values.tolist() == [[SINCE, 7, 1, 0, 0, 1, 1.0]]
    assert heads.feelings(db, everywhere, since=SINCE, until=UNTIL, step=86400)["at"].tolist() == [to_seconds(after(-480))]
    assert heads.topics(db, everywhere, since=SINCE, until=UNTIL, account_id=ids[1])["comments"].tolist() == [2]
    assert heads.topics(db, everywhere, since=UNTIL, until=UNTIL + 1).empty
    assert heads.feelings(db, (), since=SINCE, until=UNTIL).empty


@pytest.mark.parametrize(("negative", "certain"), [(0, 0), (0, 4), (3, 4), (5, 5)])
def test_the_negative_share_is_the_one_of_the_rule(negative: int, certain: int) -> None:
    judged = [
        FeelingJudgement(Feeling.NEGATIVE if place < negative else Feeling.POSITIVE, 0.1, 0.1, 0.8, True, ())
        for place in range(certain)
    ]
    assert heads.share(negative, certain) == negative_share(judged)


def test_issues_are_ranked_by_citizens_and_seen_only_as_far_as_the_scope(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, _ = city
    assert issues.regroup(db, issue.group, after(90)) == 2
    found = heads.hot_issues(db, organizations.roots(db), SINCE, UNTIL)
    assert found[["citizens", "comments", "accounts"]].values.tolist() == [[4, 4, 1], [2, 2, 1]]
    assert found["title"][0] in PIPES
    mine = heads.hot_issues(db, (office(db),), SINCE, UNTIL)
    assert mine["title"].tolist() == [title for title in found["title"] if title in ROAD]
    rows = heads.issue_comments(db, organizations.roots(db), issue_id=int(found["issue_id"][0]), since=SINCE, until=UNTIL)
    assert sorted(rows["text"]) == sorted(PIPES)
    assert heads.issue_comments(db, (office(db),), issue_id=int(found["issue_id"][0]), since=SINCE, until=UNTIL).empty
    assert heads.hot_issues(db, (), SINCE, UNTIL).empty


def test_an_issue_keeps_its_id_while_new_words_join_and_old_ones_leave_the_window(
    city: tuple[sqlite3.Connection, list[int]],
) -> None:
    db, ids = city
    issues.regroup(db, issue.group, after(90))
    first = heads.hot_issues(db, organizations.roots(db), SINCE, UNTIL)
    late = 47 * 60
    save(db, ids[0], late, said(50, "北门小区三号楼停水两天了还是没有人管", "人50", late - 1), posts=())
    read_all(db)
    issues.regroup(db, issue.group, after(late))
    issues.regroup(db, issue.group, after(late + 48 * 60 - 30))
    found = heads.hot_issues(db, organizations.roots(db), SINCE, UNTIL + 86400)
    assert found["issue_id"].tolist() == first["issue_id"].tolist()
    assert found["citizens"].tolist() == [5, 2]


def test_what_a_person_calls_talk_leaves_its_issue(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, _ = city
    issues.regroup(db, issue.group, after(90))
    number = db.execute("SELECT id FROM comments WHERE ext_id = 'c0'").fetchone()[0]
    with writing(db):
        corrections.correct(db, organizations.roots(db), number, "topic", "其他", "", "李某", after(91))
        corrections.correct(db, organizations.roots(db), number, "appeal", "0", "", "李某", after(91))
    read_all(db)
    issues.regroup(db, issue.group, after(92))
    assert heads.hot_issues(db, organizations.roots(db), SINCE, UNTIL)["citizens"].tolist() == [3, 2]


def test_hot_words_are_kept_by_unit_and_day_and_read_again_after_an_hour(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    many = [said(100 + n, "高新区停电了" if n % 2 else "今天天气不错", f"人{n}", 100 + n / 10) for n in range(40)]
    save(db, ids[0], 200, *many, posts=())
    read_all(db)
    assert hot_words.keep_up(db, words.hot, after(210)) == 1
    found = heads.hot_words(db, organizations.roots(db), SINCE, UNTIL)
    assert any("停电" in word for word in found["word"])
    assert heads.hot_words(db, (office(db),), SINCE, UNTIL).empty
    assert heads.hot_words(db, organizations.roots(db), SINCE, UNTIL, organization_id=office(db)).empty
    assert heads.hot_words(db, (office(db),), SINCE, UNTIL, organization_id=organizations.roots(db)[0]).empty
    assert hot_words.keep_up(db, words.hot, after(211)) == 0
    assert hot_words.keep_up(db, words.hot, after(275)) == 1
    assert heads.hot_words(db, organizations.roots(db), SINCE, UNTIL)["days"].tolist() == [1] * len(found)


def test_grouping_waits_ten_minutes_and_for_something_new(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, ids = city
    diggers = digest.Diggers(issue.group, words.hot)
    assert digest.group_when_due(db, diggers, after(90))
    assert not digest.group_when_due(db, diggers, after(120)), "nothing was read since"
    save(db, ids[0], 130, said(60, "北门小区三号楼停水两天了，有人管吗", "人60", 125), posts=())
    read_all(db)
    assert not digest.group_when_due(db, diggers, after(99))
    digest.digest(db, diggers, after(131), lambda: False)
    assert heads.hot_issues(db, organizations.roots(db), SINCE, UNTIL)["citizens"].tolist() == [5, 2]
