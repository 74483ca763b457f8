"""Questions of the pages: verdicts, arrivals and the ledger, each only within the scope that asks."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from matrix.inspection import Verdict
from storage import collection, listing, organizations, outages, overview, silence
from storage.database import create_database, writing
from storage.scope import Scope
from tests import sample

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def city() -> tuple[sqlite3.Connection, dict[str, int]]:
    db = create_database(":memory:")
    return db, sample.fill(db, NOW)


def verdicts_of(db: sqlite3.Connection, scope: Scope, now: datetime = NOW) -> dict[str, str]:
    frame = silence.verdicts(db, scope, now, 14)
    return {f"{row['platform']}:{row['account']}": row["verdict"] for row in frame.to_dict("records")}


def test_a_question_without_a_scope_has_no_rows(city: tuple[sqlite3.Connection, dict[str, int]]) -> None:
    db, ids = city
    nobody: Scope = ()
    assert silence.verdicts(db, nobody, NOW, 14).empty
    assert overview.newest_posts(db, nobody, NOW - timedelta(days=30)).empty
    assert overview.newest_comments(db, nobody, NOW - timedelta(days=30)).empty
    assert overview.arrivals(db, nobody, NOW - timedelta(days=30)) == overview.Arrivals(0, 0, 0)
    assert overview.size(db, nobody) == overview.Size(0, 0, 0, 0)
    assert listing.ledger(db, nobody).empty
    assert listing.changes(db, nobody, 1).empty
    assert not listing.below(db, nobody, ids["临江市"])
    assert collection.runs(db, nobody).empty
    assert not collection.looks(db, nobody, NOW)
    assert collection.budgets_now(db, nobody, NOW).empty
    assert outages.current(db, nobody).empty


def test_a_county_sees_what_lies_below_it_and_nothing_else(city: tuple[sqlite3.Connection, dict[str, int]]) -> None:
    db, ids = city
    county = (ids["青山县"],)
    assert not [name for name in verdicts_of(db, county) if "临江" in name]
    assert set(overview.newest_comments(db, county, NOW - timedelta(days=30))["account"]) == {"青山发布", "健康青山"}
    assert overview.size(db, county).organizations == 3


def test_every_verdict_has_its_reason(city: tuple[sqlite3.Connection, dict[str, int]]) -> None:
    db, ids = city
    found = verdicts_of(db, (ids["临江市"],))
    assert found["1:健康青山"] == Verdict.OVERDUE
    assert found["1:临江水务"] == Verdict.SOON
    assert found["2:青山县人民政府"] == Verdict.BLIND
    assert found["1:城关镇微讯"] == Verdict.BLIND
    assert found["3:青山政务抖音"] == Verdict.LIMITED
    assert found["2:城关镇之声"] == Verdict.LIMITED
    frame = silence.verdicts(db, (ids["临江市"],), NOW, 14)
    assert frame["reason"].str.len().min() > 0
    covered = silence.coverage(db, (ids["临江市"],), NOW).set_index("account_id")
    assert tuple(covered.loc[ids["1:临江发布"]]) == (3, 2)
    assert silence.coverage(db, (), NOW).empty


def test_a_subtree_may_have_a_limit_of_its_own(city: tuple[sqlite3.Connection, dict[str, int]]) -> None:
    db, ids = city
    scope = (ids["临江市"],)
    with writing(db):
        db.execute(
            "INSERT INTO update_limits VALUES(:unit, 30, '市政府办公室通知', 0, 0, 'li')",
            {"unit": ids["青山县"]},
        )
    assert verdicts_of(db, scope)["1:健康青山"] == Verdict.NORMAL
    assert verdicts_of(db, scope)["1:临江水务"] == Verdict.SOON
    db.execute("DELETE FROM update_limits")


def test_an_edit_is_a_dated_row_within_the_scope_and_the_choices() -> None:
    db = create_database(":memory:")
    ids = sample.fill(db, NOW)
    account, county = ids["1:健康青山"], (ids["青山县"],)
    with writing(db):
        done = listing.edit(db, county, account, {"person": "张三", "phone": "13900001111", "status": "暂停"}, "li", NOW)
    assert done == {"person": ("李建国", "张三"), "status": ("正常运行", "暂停")}
    changes = listing.changes(db, county, account)
    assert set(changes["field"]) == {"person", "status"}
    assert set(changes["author"]) == {"li"}
    with pytest.raises(PermissionError), writing(db):
        listing.edit(db, (ids["临江市水务局"],), account, {"person": "x"}, "li", NOW)
    with pytest.raises(PermissionError), writing(db):
        listing.edit(db, county, account, {"organization_id": ids["临江市"]}, "li", NOW)
    with pytest.raises(ValueError, match="没有"), writing(db):
        listing.edit(db, county, account, {"route": "made up"}, "li", NOW)


def test_an_account_that_moves_takes_its_figures_with_it() -> None:
    from storage import rollups

    db = create_database(":memory:")
    ids = sample.fill(db, NOW)
    everything = organizations.roots(db)
    with writing(db):
        listing.edit(db, everything, ids["1:健康青山"], {"organization_id": ids["临江市水务局"]}, "li", NOW)
    assert "1:健康青山" in verdicts_of(db, (ids["临江市水务局"],))
    assert "1:健康青山" not in verdicts_of(db, (ids["青山县"],))
    assert not any(rollups.differences(db).values())
