"""The rows behind a figure carry both answers by both clocks, and figures know by which versions their cases were read."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storage.database import open_database
from storage.timeliness_answers import cases_with_answers
from storage.timeliness_versions import versions
from tests.pages.asked_city import ANSWERED_BY, COUNTY, READ_BY, make_city

WHOLE, COUNTY_UNIT, BUREAU = (1,), (3,), (2,)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_city(tmp_path_factory.mktemp("asked"))


@pytest.fixture
def db(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(path)) as held:
        yield held


def period(db: sqlite3.Connection) -> dict[str, Any]:
    now = int(datetime.now(UTC).timestamp())
    return {"since": now - 30 * 86400, "until": now, "now": now}


def test_a_row_has_both_answers_and_how_long_each_took(db: sqlite3.Connection) -> None:
    frame = cases_with_answers(db, WHOLE, limit=0, account_id=COUNTY, **period(db))
    assert set(frame["first_state"]) == {"已回复"}
    assert sorted(frame["answer_state"].value_counts().to_dict().items()) == [("尚未回复", 6), ("已回复", 6)]
    done, waiting = frame[frame["answer_state"] == "已回复"], frame[frame["answer_state"] == "尚未回复"]
    assert set(done["first_wait"]) == set(done["answer_wait"]) == {1800}
    assert set(done["answer_working"]) == {600}
    assert (waiting["answer_wait"] > 100 * 3600).all()
    assert (waiting["answer_working"] > 0).all()
    assert set(waiting["answer_reply"]) == {""}
    assert waiting["answer_at"].isna().all()
    assert set(frame["channel"]) == {"comment"}


def test_an_answer_after_the_cut_off_does_not_exist_yet(db: sqlite3.Connection) -> None:
    whole = period(db)
    asked = int(cases_with_answers(db, WHOLE, limit=0, account_id=COUNTY, **whole)["asked_at"].min())
    before: dict[str, Any] = whole | {"now": asked + 900}
    row = cases_with_answers(db, WHOLE, limit=0, account_id=COUNTY, **before).iloc[0]
    assert row["first_state"] == "尚未回复"
    assert row["first_wait"] == 900
    assert row["first_reply"] == ""


def test_nothing_outside_the_scope_is_told(db: sqlite3.Connection) -> None:
    assert len(cases_with_answers(db, (), limit=0, **period(db))) == 0
    assert len(cases_with_answers(db, BUREAU, limit=0, **period(db))) == 3
    span = {name: value for name, value in period(db).items() if name != "now"}
    assert versions(db, (), **span).empty
    assert versions(db, COUNTY_UNIT, **span, organization_id=2).empty
    assert versions(db, WHOLE, **span).to_numpy().tolist() == [
        ["诉求", READ_BY, READ_BY],
        ["回复", ANSWERED_BY, ANSWERED_BY],
    ]
