"""When an appeal is due by a named rule, and how rules are written down."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matrix.rule import (
    KINDS,
    NO_LIMIT,
    Rule,
    RuleClock,
    Term,
    Unit,
    due,
    is_late,
    parse_rules,
    terms_from_text,
    terms_to_text,
)
from matrix.worktime import Calendar, OfficeClock, legal_calendar, parse_hours

BEIJING = ZoneInfo("Asia/Shanghai")
LEGAL = legal_calendar()
UP_TO_2026 = Calendar({day: worked for day, worked in LEGAL.exceptions.items() if day.year <= 2026}, frozenset(range(2004, 2027)))
OFFICE = OfficeClock(UP_TO_2026, parse_hours("09:00-17:00"))
PRESETS = Path(__file__).parents[2] / "response_rules.toml"


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=BEIJING).timestamp())


def due_in_words(terms: str, received: str, kind: str = "咨询") -> str | None:
    """24:00 is told of the day that it ends."""
    moment = due(Rule("规则", RuleClock.ANSWER, terms_from_text(terms)), kind, at(received), OFFICE)
    if moment is None:
        return None
    local = datetime.fromtimestamp(moment, BEIJING)
    if f"{local:%H:%M:%S}" == "00:00:00":
        return f"{datetime.fromtimestamp(moment - 1, BEIJING):%Y-%m-%d} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"


# Terms, received, due; office hours 09:00 to 17:00; the calendar of 2027 is not loaded.
HARD_DAYS = {
    "Saturday that is worked before the spring festival": ("各类5工作日", "2026-02-14 10:00", "2026-02-28 24:00"),
    "Friday before a Sunday that is worked": ("各类2工作日", "2026-09-18 10:00", "2026-09-21 24:00"),
    "the day before National Day": ("各类2工作日", "2026-09-30 10:00", "2026-10-09 24:00"),
    "an ordinary week": ("各类5工作日", "2026-11-20 10:00", "2026-11-27 24:00"),
    "the last second of the day": ("各类2工作日", "2026-03-02 23:59:59", "2026-03-04 24:00"),
    "the first second of the day": ("各类2工作日", "2026-03-03 00:00:00", "2026-03-05 24:00"),
    "received on a Saturday": ("各类1工作日", "2026-03-07 10:00", "2026-03-09 24:00"),
    "received within National Day": ("各类1工作日", "2026-10-03 10:00", "2026-10-08 24:00"),
    "same day": ("各类当日", "2026-03-02 23:00", "2026-03-02 24:00"),
    "same day, received on a Sunday": ("各类当日", "2026-03-08 10:00", "2026-03-09 24:00"),
    "same day, received on a Saturday that is worked": ("各类当日", "2026-02-14 10:00", "2026-02-14 24:00"),
    "same day, received on New Year's Eve of the old calendar": ("各类当日", "2026-02-16 20:00", "2026-02-24 24:00"),
    "any day of 2027": ("各类5工作日", "2027-03-01 10:00", None),
    "same day in 2027": ("各类当日", "2027-03-01 10:00", None),
    "the last working day needed lies in 2027": ("各类1工作日", "2026-12-31 10:00", None),
    "the last working day of 2026": ("各类1工作日", "2026-12-30 10:00", "2026-12-31 24:00"),
    "the last day of an unknown year is not counted": ("各类1工作日", "2003-12-31 10:00", "2004-01-02 24:00"),
    "natural days": ("各类3自然日", "2026-03-02 10:00", "2026-03-05 24:00"),
    "natural days ending on a Sunday move (第二百零三条)": ("各类5自然日", "2026-03-03 10:00", "2026-03-09 24:00"),
    "natural days ending within National Day move": ("各类3自然日", "2026-09-30 10:00", "2026-10-08 24:00"),
    "natural days ending on a Saturday that is worked stay": ("各类1自然日", "2026-02-27 10:00", "2026-02-28 24:00"),
    "natural days that do not move": ("各类5自然日不顺延", "2026-03-03 10:00", "2026-03-08 24:00"),
    "natural days that end in 2027": ("各类5自然日", "2026-12-30 10:00", None),
    "natural days that do not move need no calendar": ("各类5自然日(不顺延)", "2026-12-30 10:00", "2027-01-04 24:00"),
    "hours run through nights and holidays": ("各类24小时", "2026-10-01 10:07", "2026-10-02 10:07"),
    "hours need no calendar": ("各类48小时", "2027-03-01 10:07", "2027-03-03 10:07"),
    "half an hour of work on Friday at 16:45": ("各类0.5工作小时", "2026-03-06 16:45", "2026-03-09 09:15"),
    "working hours received at night": ("各类4工作小时", "2026-03-05 23:00", "2026-03-06 13:00"),
    "working hours in 2027": ("各类4工作小时", "2027-03-01 10:00", None),
}


@pytest.mark.parametrize(("terms", "received", "expected"), HARD_DAYS.values(), ids=HARD_DAYS.keys())
def test_due_times_on_the_hard_days(terms: str, received: str, expected: str | None) -> None:
    assert due_in_words(terms, received) == expected


def test_each_kind_has_its_term_and_the_rest_the_term_of_others() -> None:
    terms = "咨询2工作日；投诉、举报15工作日；其他5工作日"
    assert due_in_words(terms, "2026-03-02 10:00", "咨询") == "2026-03-04 24:00"
    assert due_in_words(terms, "2026-03-02 10:00", "举报") == "2026-03-23 24:00"
    assert due_in_words(terms, "2026-03-02 10:00", "建议") == "2026-03-09 24:00"
    assert due_in_words(terms, "2026-03-02 10:00", "感谢") is None
    assert due_in_words("咨询2工作日", "2026-03-02 10:00", "建议") is None
    assert due(NO_LIMIT, "咨询", at("2026-03-02 10:00"), OFFICE) is None


def test_midnight_of_the_last_day_is_in_time_and_the_next_second_is_late() -> None:
    moment = due(Rule("规则", RuleClock.ANSWER, terms_from_text("各类1工作日")), "咨询", at("2026-03-02 10:00"), OFFICE)
    assert moment == at("2026-03-04 00:00")
    assert not is_late(moment, at("2026-03-03 23:59:59")) and not is_late(moment, moment) and is_late(moment, moment + 1)


@given(st.integers(at("2024-01-01 00:00"), at("2026-11-01 00:00")), st.integers(1, 30))
def test_working_days_are_what_walking_from_day_to_day_gives(received: int, days: int) -> None:
    import chinese_calendar

    day, left = datetime.fromtimestamp(received, BEIJING).date(), days
    while left:
        day = date.fromordinal(day.toordinal() + 1)
        left -= chinese_calendar.is_workday(day)
    rule = Rule("规则", RuleClock.ANSWER, {"其他": Term(days, Unit.WORKING_DAYS)})
    assert due(rule, "求助", received, OFFICE) == at(f"{date.fromordinal(day.toordinal() + 1)} 00:00")


TERMS = st.one_of(
    st.builds(Term, st.integers(0, 60), st.just(Unit.WORKING_DAYS)),
    st.builds(Term, st.integers(0, 60), st.just(Unit.DAYS), st.booleans()),
    st.builds(Term, st.integers(1, 500).map(lambda tenths: tenths / 10), st.sampled_from((Unit.HOURS, Unit.WORKING_HOURS))),
)


@given(st.dictionaries(st.sampled_from(KINDS), TERMS))
def test_terms_are_read_back_as_they_were_written(terms: dict[str, Term]) -> None:
    assert terms_from_text(terms_to_text(terms)) == terms


@given(TERMS, st.integers(at("2025-01-01 00:00"), at("2026-08-01 00:00")), st.integers(0, 90 * 86400))
def test_what_was_received_later_is_never_due_earlier(term: Term, received: int, later: int) -> None:
    rule = Rule("规则", RuleClock.FIRST, {"其他": term})
    first, second = due(rule, "咨询", received, OFFICE), due(rule, "咨询", received + later, OFFICE)
    assert first is not None and second is not None
    assert received <= first <= second


def test_terms_are_written_for_people() -> None:
    spoken = "咨询：2个工作日，求助,建议 10个工作日。投诉当日；其他 5自然日（不顺延）"
    assert terms_to_text(terms_from_text(spoken)) == "咨询2工作日；求助、建议10工作日；投诉当日；其他5自然日不顺延"
    assert terms_to_text(terms_from_text("其他24小时")) == "各类24小时"
    assert terms_from_text("") == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("咨询2天", "咨询2天”无法识别"),
        ("2工作日", "诉求类别“”应为"),
        ("表扬2工作日", "诉求类别“表扬”应为"),
        ("感谢2工作日", "感谢不是诉求"),
        ("咨询2工作日；咨询3工作日", "写了两次"),
        ("咨询2.5工作日", "应为整天"),
        ("咨询0小时", "应大于0"),
        ("咨询5000工作日", "不超过1000"),
        ("咨询2工作日不顺延", "自然日"),
        ("咨询2工作日；建议", "“建议”无法识别"),
    ],
)
def test_terms_that_cannot_be_meant_are_refused_in_chinese(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        terms_from_text(text)


def test_the_presets_name_their_source_and_how_far_it_was_checked() -> None:
    rules = {rule.key: rule for rule in parse_rules(tomllib.loads(PRESETS.read_text(encoding="utf-8")))}
    assert all(rule.source and rule.verified and rule.terms for rule in rules.values())
    assert {"guangdong-12345", "sichuan-12345", "yueqing-inquiry", "same-day", "hours-24", "hours-48"} <= set(rules)
    assert terms_to_text(rules["guangdong-12345"].terms) == "咨询2工作日；求助、建议10工作日；投诉、举报15工作日"
    assert terms_to_text(rules["sichuan-12345"].terms) == "咨询3工作日；建议7工作日；投诉15工作日"
    assert rules["city-bureau-12345"].terms["投诉"] == Term(13, Unit.WORKING_DAYS)
    assert rules["hours-48"].clock == "首次响应" and rules["hours-48"].term("投诉") == Term(48, Unit.HOURS)


GOOD = {"id": "a", "name": "甲", "clock": "实质答复", "terms": "各类2工作日"}


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({}, "没有规则"),
        ({"rules": {"a": GOOD}}, r"\[\[rules\]\]"),
        ({"rules": [GOOD, GOOD | {"id": "b"}]}, "第2条规则“甲”的 name：“甲”与规则“甲”重复"),
        ({"rules": [GOOD, GOOD | {"name": "乙"}]}, "第2条规则“乙”的 id：“a”与规则“甲”重复"),
        ({"rules": [GOOD | {"clock": "答复"}]}, "第1条规则“甲”的 clock：“答复”应为首次响应或实质答复"),
        ({"rules": [GOOD | {"terms": "咨询2天"}]}, "第1条规则“甲”的 terms：期限“咨询2天”无法识别"),
        ({"rules": [GOOD | {"terms": ""}]}, "第1条规则“甲”的 terms：没有填写"),
        ({"rules": [GOOD | {"terms": 2}]}, "第1条规则“甲”的 terms：应是写在引号里的文字"),
        ({"rules": [GOOD | {"days": "2"}]}, "第1条规则“甲”的 days：没有这个项"),
        ({"rules": [{k: v for k, v in GOOD.items() if k != "name"}]}, "第1条规则的 name：没有填写"),
    ],
)
def test_a_broken_rule_names_its_place(document: dict, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_rules(document)


def test_a_rule_that_cannot_be_is_not_made() -> None:
    for name, clock, kind in ((" ", "首次响应", "咨询"), ("甲", "答复", "咨询"), ("甲", "首次响应", "表扬")):
        with pytest.raises(ValueError, match=r"[\u4e00-\u9fff]"):
            Rule(name, clock, {kind: Term(2, Unit.HOURS)})  # ty: ignore[invalid-argument-type]
    with pytest.raises(ValueError, match="单位"):
        Term(2, "周")  # ty: ignore[invalid-argument-type]
