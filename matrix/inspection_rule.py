"""Rules of update inspections as data: how many days, whose limits, whether reposts count, by which document, valid when."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

LONGEST_DAYS = 366
WORDS = ("name", "source", "verified", "note")
KINDS: Mapping[str, tuple[type, str]] = {
    "id": (str, "写在引号里的文字"),
    **dict.fromkeys(WORDS, (str, "写在引号里的文字")),
    "days": (int, "不带引号的整数"),
    "follows_units": (bool, "true 或 false"),
    "reposts_count": (bool, "true 或 false"),
    "valid_from": (date, "不带引号的日期，如 2019-04-01"),
    "valid_until": (date, "不带引号的日期，如 2026-12-31"),
}


@dataclass(frozen=True, slots=True)
class UpdateRule:
    """`days` natural days of silence are allowed (None: what the installation sets).

    `follows_units`: a unit with a limit of its own, or below one that has, is judged by that. `reposts_count`: a pure repost
    is an update. The rule holds for inspections as of days from `valid_from` to `valid_until`, both included (None: open).
    """

    key: str
    name: str
    days: int | None
    follows_units: bool = True
    reposts_count: bool = True
    source: str = ""
    verified: str = ""
    note: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    def is_valid(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_until is None or day <= self.valid_until)

    def settled(self, limit_days: int) -> "UpdateRule":
        """With the installation's own number of days where the rule names none."""
        return self if self.days is not None else replace(self, days=limit_days)

    @property
    def words(self) -> str:
        """What the rule asks for, as a sentence without its end."""
        limit = f"{self.days}个自然日内须有更新" if self.days else "按本系统设定的期限更新"
        units = "，单位另有期限的从其期限" if self.follows_units else "，不论单位另设的期限"
        return f"{limit}{units}，{'转发计为更新' if self.reposts_count else '只转发不算更新'}"

    @property
    def validity(self) -> str:
        """From when until when it holds, in words; empty for a rule without dates."""
        if self.valid_from and self.valid_until:
            return f"{self.valid_from}至{self.valid_until}"
        return f"{self.valid_from}起" if self.valid_from else f"至{self.valid_until}" if self.valid_until else ""


def rule_to_dict(rule: UpdateRule) -> dict[str, Any]:
    """The rule as an inspection keeps it: dates as text."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(rule).items()}


def rule_from_dict(kept: Mapping[str, Any]) -> UpdateRule:
    """The other way round."""
    dates = {key: date.fromisoformat(kept[key]) if kept[key] else None for key in ("valid_from", "valid_until")}
    words: dict[str, Any] = dict(kept) | dates
    return UpdateRule(**words)


def parse_rules(document: Mapping[str, Any]) -> list[UpdateRule]:
    """The rules of a rule file that was read as TOML. Raises ValueError, a Chinese sentence with the rule and the key."""
    entries = document.get("rules")
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("检查规则文件里没有规则：每条规则应以单独一行 [[rules]] 开头。")
    rules: list[UpdateRule] = []
    for number, entry in enumerate(entries, 1):
        rule = _parse(entry, f"第{number}条检查规则" + (f"“{entry['name']}”" if isinstance(entry.get("name"), str) else ""))
        if any(rule.key == other.key or rule.name == other.name for other in rules):
            raise ValueError(f"第{number}条检查规则“{rule.name}”的 id 或 name 与前面的规则重复。")
        rules.append(rule)
    return rules


def _parse(entry: Mapping[str, Any], place: str) -> UpdateRule:
    for key, value in entry.items():
        if key not in KINDS:
            raise ValueError(f"{place}的 {key}：没有这个项，可写的有 {'、'.join(sorted(KINDS))}。")
        kind, words = KINDS[key]
        if type(value) is not kind:  # a moment is no day, and a truth value no number
            raise ValueError(f"{place}的 {key}：应是{words}。")
    for key in ("id", "name", "source"):
        if not str(entry.get(key, "")).strip():
            raise ValueError(f"{place}的 {key}：没有填写。")
    days = entry.get("days")
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise ValueError(f"{place}的 days：应为1到{LONGEST_DAYS}天，现在是{days}。")
    begin, end = entry.get("valid_from"), entry.get("valid_until")
    if begin and end and begin > end:
        raise ValueError(f"{place}的 valid_until：早于 valid_from。")
    texts = {key: entry.get(key, "").strip() for key in WORDS}
    others = {key: entry[key] for key in ("follows_units", "reposts_count") if key in entry}
    return UpdateRule(key=entry["id"].strip(), days=days, valid_from=begin, valid_until=end, **texts, **others)
