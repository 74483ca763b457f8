"""Rules of inspections are data, with a source and a validity, and what is wrong in the file is said in a sentence."""

from datetime import date

import pytest

from matrix.inspection_rule import UpdateRule, parse_rules, rule_from_dict, rule_to_dict
from storage import update_rules

GOOD = {"id": "a", "name": "统一按10天", "days": 10, "source": "文件"}


def test_the_rules_that_come_with_the_program_can_be_read_and_name_their_source() -> None:
    rules = update_rules.presets()
    assert rules[0].days is None
    assert rules[0].settled(14).days == 14
    assert rules[0].follows_units
    assert all(rule.source and rule.words for rule in rules)
    assert {rule.days for rule in rules} == {None, 14, 10, 7}
    assert not all(rule.reposts_count for rule in rules)


def test_a_rule_holds_on_the_days_of_its_validity_both_ends_included() -> None:
    rule = UpdateRule("a", "a", 10, valid_from=date(2026, 1, 1), valid_until=date(2026, 3, 31))
    assert [rule.is_valid(date(2026, *day)) for day in ((1, 1), (3, 31), (4, 1))] == [True, True, False]
    assert not rule.is_valid(date(2025, 12, 31))
    assert rule.validity == "2026-01-01至2026-03-31"


def test_what_an_inspection_keeps_of_its_rule_is_the_whole_rule() -> None:
    rule = UpdateRule("a", "a", 10, False, False, "文件", "一处", "注", date(2026, 1, 1))
    assert rule_from_dict(rule_to_dict(rule)) == rule


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"days": 0}, "days：应为1到366天"),
        ({"days": "10"}, "days：应是不带引号的整数"),
        ({"days": True}, "days：应是不带引号的整数"),
        ({"dayz": 10}, "dayz：没有这个项"),
        ({"source": " "}, "source：没有填写"),
        ({"reposts_count": "否"}, "reposts_count：应是true 或 false"),
        ({"valid_from": "2026-01-01"}, "valid_from：应是不带引号的日期"),
        ({"valid_from": date(2026, 2, 1), "valid_until": date(2026, 1, 1)}, "valid_until：早于"),
    ],
)
def test_a_faulty_rule_is_named_with_its_place(change: dict, words: str) -> None:
    with pytest.raises(ValueError, match="第1条检查规则“统一按10天”") as raised:
        parse_rules({"rules": [GOOD | change]})
    assert words in str(raised.value)


def test_two_rules_of_one_name_and_a_file_without_rules_are_refused() -> None:
    with pytest.raises(ValueError, match="重复"):
        parse_rules({"rules": [GOOD, GOOD | {"id": "b"}]})
    with pytest.raises(ValueError, match="没有规则"):
        parse_rules({})
