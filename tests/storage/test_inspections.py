"""An inspection of a past date says the same whenever it is asked, and each finding can be defended."""

import json
from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from matrix.account import Route, Status
from matrix.inspection import Verdict
from matrix.post import GoneKind, PostKind
from storage import inspection_again, inspections, inspections_kept, limits, silence
from storage.database import writing
from storage.judging_then import Asked, canonical, find
from storage.moments import to_seconds
from tests.storage.inspected_city import CUT_OFF, END, ORIGINALS, OWN, TEN, City, build

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


def test_every_account_has_its_verdict_and_the_last_post_as_evidence(city: City) -> None:
    found = run(city)
    assert found["verdict"].to_dict() == {
        "青山发布": Verdict.NORMAL,
        "健康青山": Verdict.OVERDUE,
        "青山交通": Verdict.SOON,
        "青山政务": Verdict.NORMAL,
        "城关微讯": Verdict.SOON,
        "青山教育": Verdict.EXEMPT,
        "青山文旅": Verdict.EXEMPT,
        "李县长": Verdict.EXEMPT,
        "青山抖音": Verdict.LIMITED,
        "青山档案": Verdict.OVERDUE,
        "新开微博": Verdict.EXEMPT,
    }
    stale = found.loc["健康青山"]
    at = city.ago(20.3)
    assert (stale["published_at"], stale["days"], stale["level"], stale["path"]) == (
        to_seconds(at),
        20,
        "部门",
        "临江市/青山县/青山县卫生健康局",
    )
    assert stale["ext_id"] == f"{stale['account_id']}-{int(at.timestamp())}"
    assert stale["seen_at"] == to_seconds(at + timedelta(hours=1))
    assert stale["url"] == "https://weibo.com/1/a"
    words = inspections_kept.wording(city.db, city.scope, int(stale["post_id"]), stale["sha256"])
    assert words == ("", "健康青山：通知0")
    assert inspections_kept.wording(city.db, city.scope, int(stale["post_id"]), "0" * 64) is None
    assert inspections_kept.wording(city.db, (city.units["白水县"],), int(stale["post_id"]), stale["sha256"]) is None


def test_an_inspection_of_now_says_what_the_verdicts_of_now_say(city: City) -> None:
    for now in (CUT_OFF, CUT_OFF + timedelta(days=3)):
        live = run(city, at=now, is_live=True)
        verdicts = silence.verdicts(city.db, city.scope, now, 14).set_index("account")
        assert live["verdict"].to_dict() == verdicts["verdict"].to_dict()
        assert live["reason"].to_dict() == verdicts["reason"].to_dict()


def test_fourteen_to_ten_days_moves_only_what_depends_on_it(city: City) -> None:
    with writing(city.db):
        limits.set_limit(city.db, "城关镇", 30, "镇政府通知", "li", city.ago(60))
    asked = Asked(city.scope, to_seconds(END), OWN)
    at_14, at_10 = find(city.db, asked), find(city.db, replace(asked, rule=TEN))
    before = {found["account"]: found for found in at_14}
    moved = {found["account"] for found in at_10 if canonical(found) != canonical(before[found["account"]])}
    own_limit = {"城关微讯", "新开微博"}
    assert not moved & own_limit
    depends = {"limit_days", "verdict", "reason", "due_at"}
    for found in at_10:
        kept = before[found["account"]]
        assert {key for key in found if found[key] != kept[key]} <= depends
    turned = {found["account"] for found in at_10 if found["verdict"] != before[found["account"]]["verdict"]}
    assert turned == {"青山交通", "青山政务"}
    assert before["城关微讯"]["limit_days"] == 30
    assert before["城关微讯"]["limit_unit"] == "城关镇"
    every = replace(TEN, follows_units=False)
    assert run(city, every).loc["城关微讯", "limit_days"] == 10


def test_a_rule_may_say_that_reposts_are_no_update(city: City) -> None:
    city.post("健康青山", city.ago(2), CUT_OFF, "转发", kind=PostKind.REPOST, repost_of="1")
    assert run(city).loc["健康青山", "verdict"] == Verdict.NORMAL
    assert run(city, ORIGINALS).loc["健康青山", "verdict"] == Verdict.OVERDUE


def test_a_post_counts_while_it_was_public(city: City) -> None:
    gone = city.post("健康青山", city.ago(3), CUT_OFF, "撤下的通知")
    assert run(city).loc["健康青山", "verdict"] == Verdict.NORMAL
    city.withdraw("健康青山", gone, END + timedelta(hours=5), CUT_OFF)
    assert run(city).loc["健康青山", "verdict"] == Verdict.NORMAL
    city.withdraw("健康青山", gone, city.ago(1), CUT_OFF + timedelta(hours=1))
    assert run(city).loc["健康青山", "verdict"] == Verdict.OVERDUE
    city.withdraw("健康青山", gone, city.ago(0.5), CUT_OFF + timedelta(hours=2), GoneKind.BACK)
    assert run(city).loc["健康青山", "verdict"] == Verdict.NORMAL


def test_an_account_is_judged_as_what_it_was_and_where_it_belonged(city: City) -> None:
    with writing(city.db):
        limits.set_limit(city.db, "白水县", 30, "白水县通知", "li", city.ago(60))
    city.edit("健康青山", NEXT_WEEK, organization_id=city.units["白水县"], name="健康白水", status=str(Status.CLOSED))
    everything = (city.units["临江市"],)
    then = inspections.judged(city.db, everything, rule=OWN, at=END, root=city.units["青山县"]).set_index("account")
    assert then.loc["健康青山", "verdict"] == Verdict.OVERDUE
    assert then.loc["健康青山", "organization"] == "青山县卫生健康局"
    assert inspections.judged(city.db, everything, rule=OWN, at=END, root=city.units["白水县"]).empty
    later = inspections.judged(city.db, everything, rule=OWN, at=NEXT_WEEK + timedelta(days=1), root=city.units["白水县"])
    assert later[["account", "verdict", "limit_days"]].values.tolist() == [["健康白水", Verdict.EXEMPT, 30]]
    assert "健康青山" not in set(run(city).index)  # it lies outside the county's scope today


def test_who_was_blind_that_day_is_judged_by_what_was_known_at_the_cut_off(city: City) -> None:
    asked = Asked(city.scope, to_seconds(END), OWN, known=to_seconds(END))
    on_the_day = {f["account"]: f for f in find(city.db, asked)}
    assert on_the_day["青山交通"]["verdict"] == Verdict.BLIND
    assert "凭据失效" in on_the_day["青山交通"]["reason"]
    days_later = {f["account"]: f for f in find(city.db, replace(asked, known=to_seconds(CUT_OFF)))}
    assert days_later["青山交通"]["verdict"] == Verdict.SOON


def test_limits_count_from_the_day_from_which_they_hold(city: City) -> None:
    with writing(city.db):
        limits.set_limit(city.db, "青山县", 7, "县通知", "li", END + timedelta(days=1))
    assert run(city).loc["青山政务", "limit_days"] == 14
    assert run(city, at=END + timedelta(days=2)).loc["青山政务", "limit_days"] == 7


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


def test_the_text_is_quoted_as_it_stood_that_day(city: City) -> None:
    post = city.post("青山发布", city.ago(0.1), city.ago(0.05), "原来的通知")
    city.post("青山发布", city.ago(0.1), NEXT_WEEK, "改过的通知", ext_id=post)
    found = run(city).loc["青山发布"]
    words = inspections_kept.wording(city.db, city.scope, int(found["post_id"]), found["sha256"])
    assert words == ("", "原来的通知")
    later = run(city, at=NEXT_WEEK + timedelta(days=1)).loc["青山发布"]
    assert inspections_kept.wording(city.db, city.scope, int(later["post_id"]), later["sha256"]) == ("", "改过的通知")


def test_an_account_without_a_route_then_is_not_judged_by_the_route_of_today(city: City) -> None:
    city.edit("青山抖音", NEXT_WEEK, route=str(Route.FILES))
    assert run(city).loc["青山抖音", "route"] == Route.NONE
    assert run(city, at=NEXT_WEEK + timedelta(days=1)).loc["青山抖音", "route"] == Route.FILES
