"""Reads the phrase book of the city and fills its slots: places, dates, numbers and either-or words."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from random import Random

_FOLDER = Path(__file__).with_name("texts_data")
_BEIJING = timezone(timedelta(hours=8))
_SLOT = re.compile(r"\{([a-z_]+)(\d*)(?::(-?\d+)-(-?\d+))?\}")
_EITHER = re.compile(r"<([^<>]*)>")
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_TERMS = ("小寒 大寒", "立春 雨水", "惊蛰 春分", "清明 谷雨", "立夏 小满", "芒种 夏至",
          "小暑 大暑", "立秋 处暑", "白露 秋分", "寒露 霜降", "立冬 小雪", "大雪 冬至")  # fmt: skip
_WEATHER = {
    "冬": "大风 大雾 寒潮 道路结冰 霜冻 暴雪",
    "春": "大风 雷电 大雾 暴雨 霜冻",
    "夏": "暴雨 雷电 高温 大风 冰雹",
    "秋": "大雾 大风 暴雨 霜冻",
}
_WEEKDAYS = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]


@cache
def book(name: str) -> Mapping[str, tuple[str, ...]]:
    """The sections of one file: `== section`, then one pattern a line."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            lines = found.setdefault(line[3:], [])
        elif line.strip():
            lines.append(line.replace("\\n", "\n"))
    return {section: tuple(patterns) for section, patterns in found.items()}


def in_season(patterns: tuple[str, ...], month: int) -> tuple[str, ...]:
    """The patterns that fit a month, without their mark: `@6-8|text`, `@11-2|text`, `@3-3,9-9|text`."""
    fitting = []
    for pattern in patterns:
        if not pattern.startswith("@") or "|" not in pattern or not pattern[1].isdigit():
            fitting.append(pattern)
            continue
        mark, text = pattern[1:].split("|", 1)
        for span in mark.split(","):
            first, last = map(int, span.split("-"))
            if first <= month <= last or (first > last and (month >= first or month <= last)):
                fitting.append(text)
                break
    return tuple(fitting)


def fill(rng: Random, pattern: str, at: int | None = None, known: Mapping[str, str] | None = None) -> str:
    """A pattern with its slots filled. The same slot has the same value all through one text, `{road2}` another than `{road}`."""
    pattern = _EITHER.sub(lambda m: rng.choice(m[1].split("|")), pattern)
    filled: dict[str, str] = {}
    taken: dict[str, set[str]] = {}

    def value(match: re.Match[str]) -> str:
        name, number, low, high = match[1], match[2], match[3], match[4]
        mark = name + number
        if low is None and mark in filled:
            return filled[mark]
        if low is not None:
            # a later hour or number in the same text, given again with its own range, is a new draw
            drawn = str(rng.randint(int(low), int(high)))
        else:
            drawn = (known or {}).get(mark) or _draw(rng, name, number, at)
            for _ in range(6):
                if drawn not in taken.get(name, ()):
                    break
                drawn = _draw(rng, name, number, at)
        filled[mark] = drawn
        taken.setdefault(name, set()).add(drawn)
        return drawn

    return _SLOT.sub(value, pattern)


def _draw(rng: Random, name: str, number: str, at: int | None) -> str:
    slots = book("slots")
    if name in slots and name not in ("term", "weather"):
        return rng.choice(slots[name])
    if name == "phone":
        return f"8555{rng.randrange(10_000):04d}"
    if name == "link":
        return "http://t.cn/A6" + "".join(rng.choice(_LETTERS) for _ in range(6))
    if name == "hm":
        return f"{rng.randint(7, 21)}:{rng.randrange(60):02d}"
    if name == "pipe":
        return rng.choice(("200", "300", "400", "600", "800"))
    if name in ("region", "unit", "account"):
        return {"region": rng.choice(("家乡", "咱这儿", "本地")), "unit": "有关部门", "account": "小编"}[name]
    return _dated(rng, name, number, at)


def _dated(rng: Random, name: str, number: str, at: int | None) -> str:
    day = None if at is None else datetime.fromtimestamp(at, UTC).astimezone(_BEIJING)
    month = rng.randint(1, 12) if day is None else day.month
    if name == "term":
        return rng.choice(_TERMS[month - 1].split())
    if name == "weather":
        return rng.choice(_WEATHER["冬春夏秋"[month % 12 // 3]].split())
    if name == "month":
        return str(month if day is None else month % 12 + rng.choice((0, 1)) if month < 12 else 12)
    if day is None:
        words = {
            "": ("昨天", "今天上午", "前天", "本周一", "上周五"),
            "2": ("本周五", "下周三", "后天", "下周一"),
            "3": ("下月底", "月底", "下月中旬"),
        }
        if name == "weekday":
            return rng.choice(_WEEKDAYS)
        return rng.choice(words[number if name == "date" and number in words else ""])
    first, last = {"today": (0, 0), "tomorrow": (1, 1), "date": (0, 0)}.get(name, (1, 6))
    if name == "date":
        first, last = {"": (-2, 0), "2": (1, 7), "3": (10, 40)}.get(number, (1, 7))
    moment = day + timedelta(days=rng.randint(first, last))
    if name == "weekday":
        return _WEEKDAYS[moment.weekday()]
    return f"{moment.month}月{moment.day}日"
