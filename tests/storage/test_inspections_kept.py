"""Kept inspections: what came later changes nothing, what was touched is noticed, and each viewer opens his own part."""

import json
from datetime import timedelta

import pandas as pd
import pytest

from matrix.inspection import Verdict
from storage import inspection_again, inspections, inspections_kept
from storage.database import writing
from storage.judging_then import canonical
from tests.storage.inspected_city import CUT_OFF, END, OWN, City, build

NEXT_WEEK = CUT_OFF + timedelta(days=7)


@pytest.fixture(scope="module")
def built() -> City:
    return build()


@pytest.fixture
def city(built: City) -> City:
    return built.copy()


def run(city: City, rule=OWN, at=END, is_live: bool = False) -> pd.DataFrame:
    return inspections.judged(city.db, city.scope, rule=rule, at=at, is_live=is_live).set_index("account")


def keep(city: City, rule=OWN, at=END, now=CUT_OFF) -> int:
    with writing(city.db):
        return inspections.keep(city.db, city.scope, rule=rule, at=at, root=0, author="li", now=now)


def lines(city: City, number: int) -> list[str]:
    sql = "SELECT line FROM findings WHERE inspection_id = :id ORDER BY account_id"
    return [row[0] for row in city.db.execute(sql, {"id": number}).fetchall()]


def again(city: City, number: int) -> inspection_again.Comparison:
    found = inspection_again.compare(city.db, city.scope, number)
    assert found is not None
    return found


def test_a_later_import_and_a_back_fill_change_nothing_that_is_kept(city: City) -> None:
    number = keep(city)
    before = lines(city, number)
    city.post("健康青山", city.ago(2), NEXT_WEEK, "补采的通知")
    city.post("青山档案", city.ago(1), NEXT_WEEK, "导入的通知", observed_at=city.ago(0.5))
    city.file("青山档案", city.ago(5), NEXT_WEEK, NEXT_WEEK)
    found = again(city, number)
    assert found.is_equal
    assert found.learned == {"补采或导入的发布": 2}
    assert found.changes[["account", "verdict", "verdict_now"]].values.tolist() == [
        ["健康青山", Verdict.OVERDUE, Verdict.NORMAL],
        ["青山档案", Verdict.OVERDUE, Verdict.NORMAL],
    ]
    opened = inspections_kept.opened(city.db, city.scope, number)
    assert opened is not None
    assert opened.is_whole
    assert lines(city, number) == before
    assert [canonical(json.loads(line)) for line in before] == before
    assert opened.findings.equals(inspections.frame_of(json.loads(line) for line in before))


def test_an_import_that_was_under_way_at_the_cut_off_counts_as_later(city: City) -> None:
    began = CUT_OFF - timedelta(minutes=5)
    number = keep(city)
    city.post("健康青山", city.ago(2), began, "文件里的通知")
    city.edit("青山政务", began, exemption="事后补登")
    assert again(city, number).is_equal
    assert run(city).loc["健康青山", "verdict"] == Verdict.NORMAL
    assert keep(city) == number + 1  # in the same second, and it knows all of it
    assert again(city, number + 1).is_equal
    kept = inspections_kept.opened(city.db, city.scope, number + 1)
    assert kept is not None
    assert kept.findings.set_index("account").loc["健康青山", "verdict"] == Verdict.NORMAL


def test_the_list_of_kept_inspections_can_be_turned_back(city: City) -> None:
    numbers = [keep(city) for _ in range(3)]
    listed = inspections_kept.kept(city.db, city.scope, limit=2)
    assert listed["id"].tolist() == numbers[:0:-1]
    assert inspections_kept.kept(city.db, city.scope, before=numbers[1])["id"].tolist() == [numbers[0]]


def test_a_kept_inspection_that_somebody_touched_says_so(city: City) -> None:
    number = keep(city)
    city.db.execute("UPDATE findings SET line = replace(line, '超期未更新', '正常') WHERE inspection_id = :id", {"id": number})
    opened = inspections_kept.opened(city.db, city.scope, number)
    assert opened is not None
    assert not opened.is_whole


def test_each_viewer_opens_only_what_lies_in_his_scope(city: City) -> None:
    number = keep(city)
    town, neighbour = (city.units["城关镇"],), (city.units["白水县"],)
    listed = inspections_kept.kept(city.db, town)
    assert listed["tally"].tolist()[0].accounts == 2
    assert inspections_kept.kept(city.db, city.scope)["tally"].tolist()[0].failed == 2
    opened = inspections_kept.opened(city.db, town, number)
    assert opened is not None
    assert (set(opened.findings["account"]), opened.hidden, opened.is_whole) == ({"城关微讯", "新开微博"}, 9, True)
    for scope in (neighbour, ()):
        assert inspections_kept.kept(city.db, scope).empty
        assert inspections_kept.opened(city.db, scope, number) is None
        assert inspection_again.compare(city.db, scope, number) is None
        assert inspections.judged(city.db, scope, rule=OWN, at=END).empty
    with pytest.raises(PermissionError), writing(city.db):
        inspections.keep(city.db, town, rule=OWN, at=END, root=city.units["青山县"], author="li", now=CUT_OFF)
    with pytest.raises(ValueError, match="没有到"), writing(city.db):
        inspections.keep(city.db, town, rule=OWN, at=NEXT_WEEK, root=0, author="li", now=CUT_OFF)
