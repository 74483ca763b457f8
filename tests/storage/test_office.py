"""Which office hours and which rule hold for an account at a moment: the nearest unit above, by its dated rows."""

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from matrix.account import Platform, Route
from matrix.rule import Rule, RuleClock, due, terms_from_text, terms_to_text
from matrix.worktime import hours_text, known_years
from storage import accounts, batches, office, organizations, rules
from storage.database import create_database, writing
from storage.office import Offices

NEXT = known_years()[1] + 1
"""The first year that the program does not know by itself."""


def when(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


def at(text: str) -> int:
    return int(when(text).timestamp())


NOW = when("2026-03-02 12:00")
SPRING, SUMMER = when("2026-02-01 00:00"), when("2026-06-01 00:00")
CITY, COUNTY, BUREAU, OTHER_CITY = 1, 2, 3, 4
ACCOUNT = 1


@pytest.fixture
def db() -> sqlite3.Connection:
    """A city with a county with a bureau, another city, and one account of the bureau."""
    db = create_database(":memory:")
    with writing(db):
        for number, (name, parent) in enumerate(
            (("临江市", None), ("青山县", CITY), ("青山县水务局", COUNTY), ("临海市", None)), 1
        ):
            organizations.add(db, code=f"{number}", name=name, parent_id=parent, level="市级", seen_at=0)
        accounts.add(
            db,
            platform=Platform.WEIBO,
            ext_id="701",
            name="青山水务",
            organization_id=BUREAU,
            route=Route.FILES,
            seen_at=at("2026-01-01 00:00"),
        )
        organizations.rebuild_tree(db)
    return db


def set_hours(db: sqlite3.Connection, unit: int, hours: str, since: datetime = SPRING, now: datetime = NOW) -> None:
    with writing(db):
        office.set_hours(db, organizations.roots(db), unit, hours, since, "李某", now)


def adopt(db: sqlite3.Connection, unit: int, name: str | None, since: datetime = SPRING, now: datetime = NOW) -> int:
    rule = Rule(name, RuleClock.ANSWER, terms_from_text("咨询2工作日；其他10工作日"), "某号文") if name else None
    with writing(db):
        return rules.adopt(db, organizations.roots(db), unit, rule, since, "李某", now)


def hours_at(db: sqlite3.Connection, moment: str) -> str:
    return hours_text(Offices.load(db).clock(ACCOUNT, at(moment)).hours)


def rule_at(db: sqlite3.Connection, moment: str) -> str:
    rule = Offices.load(db).rule(ACCOUNT, at(moment))
    return rule.name if rule else ""


def test_before_anybody_chose_the_default_hours_hold_and_no_rule(db: sqlite3.Connection) -> None:
    assert hours_at(db, "2026-03-02 10:00") == "08:30-17:30"
    assert rule_at(db, "2026-03-02 10:00") == ""


def test_the_nearest_unit_above_wins(db: sqlite3.Connection) -> None:
    set_hours(db, CITY, "9:00-17:00")
    adopt(db, CITY, "全市")
    assert (hours_at(db, "2026-03-02 10:00"), rule_at(db, "2026-03-02 10:00")) == ("09:00-17:00", "全市")
    set_hours(db, COUNTY, "9:00-12:00, 14:00-18:00")
    adopt(db, COUNTY, "全县")
    assert (hours_at(db, "2026-03-02 10:00"), rule_at(db, "2026-03-02 10:00")) == ("09:00-12:00,14:00-18:00", "全县")
    set_hours(db, OTHER_CITY, "00:00-24:00")
    adopt(db, OTHER_CITY, "别市")
    assert rule_at(db, "2026-03-02 10:00") == "全县"


def test_a_row_holds_from_its_date_on_and_before_it_the_unit_above(db: sqlite3.Connection) -> None:
    set_hours(db, CITY, "09:00-17:00")
    set_hours(db, COUNTY, "08:00-18:00", SUMMER)
    adopt(db, CITY, "全市")
    adopt(db, COUNTY, "全县", SUMMER)
    assert hours_at(db, "2026-01-31 23:59:59") == "08:30-17:30" and rule_at(db, "2026-01-31 23:59:59") == ""
    assert hours_at(db, "2026-05-31 23:59:59") == "09:00-17:00" and rule_at(db, "2026-05-31 23:59:59") == "全市"
    assert hours_at(db, "2026-06-01 00:00:00") == "08:00-18:00" and rule_at(db, "2026-06-01 00:00:00") == "全县"


def test_of_two_words_for_the_same_date_the_later_said_counts(db: sqlite3.Connection) -> None:
    set_hours(db, CITY, "09:00-17:00", now=when("2026-03-05 08:00"))
    set_hours(db, CITY, "08:00-16:00", now=when("2026-03-04 08:00"))
    adopt(db, CITY, "后说的", now=when("2026-03-05 08:00"))
    adopt(db, CITY, "先说的", now=when("2026-03-04 08:00"))
    assert hours_at(db, "2026-03-02 10:00") == "09:00-17:00"
    assert rule_at(db, "2026-03-02 10:00") == "后说的"


def test_a_subtree_may_adopt_that_there_is_no_time_limit(db: sqlite3.Connection) -> None:
    adopt(db, CITY, "全市")
    adopt(db, COUNTY, None, SUMMER)
    assert rule_at(db, "2026-05-01 10:00") == "全市" and rule_at(db, "2026-07-01 10:00") == ""
    assert list(office.in_force(db, (BUREAU,), when("2026-07-01 10:00"))["rule"]) == ["不设时限"]


def test_a_rule_comes_back_as_it_was_adopted_and_judges(db: sqlite3.Connection) -> None:
    preset = next(rule for rule in rules.presets() if rule.key == "guangdong-12345")
    with writing(db):
        number = rules.adopt(db, (CITY,), COUNTY, preset, SPRING, "李某", NOW)
    offices = Offices.load(db)
    rule = offices.rule(ACCOUNT, at("2026-02-14 10:00"))
    assert rule is not None and rule.id == number
    assert (rule.name, rule.clock, rule.terms, rule.source) == (preset.name, preset.clock, preset.terms, preset.source)
    clock = offices.clock(ACCOUNT, at("2026-02-14 10:00"))
    assert due(rule, "咨询", at("2026-02-14 10:00"), clock) == at("2026-02-26 00:00")


def test_an_account_that_moved_is_judged_by_the_unit_it_belonged_to_at_that_time(db: sqlite3.Connection) -> None:
    adopt(db, COUNTY, "全县")
    adopt(db, OTHER_CITY, "别市")
    with writing(db):
        accounts.affiliate(db, ACCOUNT, OTHER_CITY, at("2026-04-01 00:00"), at("2026-04-02 09:00"))
        organizations.rebuild_tree(db)
    offices = Offices.load(db)
    assert offices.organization(ACCOUNT, at("2025-06-01 00:00")) == BUREAU, "before the first word: where it was first"
    assert rule_at(db, "2026-03-31 23:59:59") == "全县" and rule_at(db, "2026-04-01 00:00") == "别市"
    with writing(db):
        accounts.affiliate(db, ACCOUNT, BUREAU, at("2026-04-01 00:00"), at("2026-04-03 09:00"))
    assert rule_at(db, "2026-04-01 00:00") == "全县", "of two words on the same date the later one counts"
    with writing(db):
        db.execute("DELETE FROM affiliations")
        db.execute("UPDATE accounts SET organization_id = :unit", {"unit": OTHER_CITY})
    assert Offices.load(db).organization(ACCOUNT, at("2026-03-01 00:00")) == OTHER_CITY, "the ledger's word"
    with pytest.raises(LookupError, match="没有编号为 99"):
        offices.organization(99, 0)


def test_a_tree_that_runs_in_a_circle_ends(db: sqlite3.Connection) -> None:
    with writing(db):
        db.execute("UPDATE organizations SET parent_id = :bureau WHERE id = :city", {"bureau": BUREAU, "city": CITY})
    assert hours_at(db, "2026-03-02 10:00") == "08:30-17:30" and rule_at(db, "2026-03-02 10:00") == ""


def test_units_with_the_same_hours_share_one_clock(db: sqlite3.Connection) -> None:
    set_hours(db, COUNTY, "8:30 - 17:30")
    offices = Offices.load(db)
    assert offices.clock(ACCOUNT, at("2026-01-02 10:00")) is offices.clock(ACCOUNT, at("2026-03-02 10:00"))


def test_nothing_is_set_outside_the_scope_and_nothing_told_of_it(db: sqlite3.Connection) -> None:
    rule = rules.presets()[0]
    for scope in ((), (COUNTY,), (OTHER_CITY,)):
        with pytest.raises(PermissionError, match="不在您的权限范围内"), writing(db):
            office.set_hours(db, scope, CITY, "09:00-17:00", SPRING, "李某", NOW)
        with pytest.raises(PermissionError, match="不在您的权限范围内"), writing(db):
            rules.adopt(db, scope, CITY, rule, SPRING, "李某", NOW)
    with pytest.raises(ValueError, match="办公时间“全天”"), writing(db):
        office.set_hours(db, (CITY,), CITY, "全天", SPRING, "李某", NOW)
    set_hours(db, CITY, "09:00-17:00")
    adopt(db, CITY, "全市")
    assert list(office.hours(db, (CITY,))["hours"]) == ["09:00-17:00"] and list(rules.adopted(db, (CITY,))["name"]) == ["全市"]
    for scope in ((), (COUNTY,), (OTHER_CITY,)):
        assert office.hours(db, scope).empty and rules.adopted(db, scope).empty
    assert list(office.hours(db, ()).columns) == office.HOURS and list(rules.adopted(db, ()).columns) == rules.ADOPTED
    assert list(office.in_force(db, (), NOW).columns) == office.IN_FORCE


def test_who_sees_only_a_county_is_told_what_holds_there_and_who_set_it(db: sqlite3.Connection) -> None:
    number = adopt(db, CITY, "全市")
    set_hours(db, BUREAU, "09:00-17:00")
    found = office.in_force(db, (COUNTY,), NOW).set_index("organization")
    assert list(found.index) == ["青山县", "青山县水务局"]
    assert list(found["rule"]) == ["全市", "全市"] and list(found["rule_from"]) == ["临江市", "临江市"]
    assert list(found["rule_id"]) == [number, number] and found["terms"].iloc[0] == "咨询2工作日；其他10工作日"
    assert list(found["hours"]) == ["08:30-17:30", "09:00-17:00"] and list(found["hours_from"]) == ["", "青山县水务局"]
    assert office.in_force(db, (OTHER_CITY,), NOW)["rule_id"].isna().all()


def test_every_act_renews_what_the_console_holds(db: sqlite3.Connection) -> None:
    seen = [batches.data_version(db)]
    set_hours(db, CITY, "09:00-17:00")
    seen.append(batches.data_version(db))
    adopt(db, CITY, "全市")
    seen.append(batches.data_version(db))
    with writing(db):
        office.save_calendar(db, [(date(2026, 3, 2), False, "")], "a.csv", "李某", NOW)
    seen.append(batches.data_version(db))
    assert len(set(seen)) == 4


def whole_year(year: int) -> list[tuple[date, bool, str]]:
    return [(date(year, *day), False, "") for day in ((1, 1), (5, 1), (10, 1))]


def test_an_imported_year_is_known_and_the_newest_word_on_a_day_counts(db: sqlite3.Connection) -> None:
    adopt(db, CITY, "全市")
    received = at(f"{NEXT}-04-01 10:00")
    rule = Offices.load(db).rule(ACCOUNT, received)
    assert rule is not None and due(rule, "咨询", received, Offices.load(db).clock(ACCOUNT, received)) is None
    with writing(db):
        days = [*whole_year(NEXT), (date(NEXT, 4, 6), False, "清明节"), (date(NEXT, 4, 3), True, "")]
        assert office.save_calendar(db, days, "放假安排.csv", "李某", NOW) == 5
    offices = Offices.load(db)
    assert NEXT in offices.calendar.years and not offices.calendar.is_working(date(NEXT, 4, 6))
    assert due(rule, "咨询", received, offices.clock(ACCOUNT, received)) is not None
    with writing(db):
        office.save_calendar(db, [(date(NEXT, 4, 6), True, "")], "更正.csv", "王某", when("2026-03-03 12:00"))
        office.save_calendar(db, [(date(NEXT, 4, 6), False, "")], "更早.csv", "王某", when("2026-03-01 12:00"))
    assert office.calendar(db).is_working(date(NEXT, 4, 6))
    told = office.calendar_years(db, (CITY,)).set_index("year")
    assert told.loc[NEXT, "source"] == "更正.csv" and told.loc[NEXT, "days"] == 5 and told.loc[NEXT, "author"] == "王某"
    assert told.loc[NEXT - 1, "source"] == "程序自带" and told["seen_at"].isna().sum() == len(told) - 1
    assert office.calendar_years(db, ()).empty


def test_presets_come_from_a_file_that_may_be_broken_by_hand(tmp_path: Path) -> None:
    assert "日清日结" in {rule.name for rule in rules.presets()}
    path = tmp_path / "response_rules.toml"
    with pytest.raises(ValueError, match="无法读取"):
        rules.presets(path)
    entry = '[[rules]]\r\nid = "a"\r\nname = "本地"\r\nclock = "首次响应"\r\nterms = "各类4工作小时"\r\n'
    path.write_bytes(b"\xef\xbb\xbf" + entry.encode())
    assert [terms_to_text(rule.terms) for rule in rules.presets(path)] == ["各类4工作小时"]
    path.write_bytes(entry.encode("gbk"))
    with pytest.raises(ValueError, match="不是UTF-8编码"):
        rules.presets(path)
    path.write_text(entry.replace('"a"', "“a”"), encoding="utf-8")
    with pytest.raises(ValueError, match="第2行附近写法有误"):
        rules.presets(path)
    path.write_text(entry.replace("4工作小时", "4"), encoding="utf-8")
    with pytest.raises(ValueError, match="第1条规则“本地”的 terms：期限“各类4”无法识别"):
        rules.presets(path)
