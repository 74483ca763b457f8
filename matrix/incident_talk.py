"""What a text says of a matter: whether it speaks of it, which counts it names, and whether it denies; each with its reason."""

import re
from collections.abc import Iterable, Mapping

from matrix.likeness import pairs

SPEAKS, SAME = 0.5, 0.7
"""From this share of a title's pairs on a text speaks of the matter; from this share of both texts they are the same."""
FEWEST_PAIRS = 3
EMPTY = re.compile(r"关于|情况|通报|通告|公告|事件|事故|舆情|网传|引发|关注|说明|有关|相关|的|了|在|一起|发生")
"""Words of titles that stand in every notice and say nothing of the matter."""

PEOPLE = r"人|名|例|位"
STATES: Mapping[str, str] = {
    "遇难": "死亡", "身亡": "死亡", "丧生": "死亡", "死亡": "死亡", "轻伤": "轻伤", "重伤": "重伤", "受伤": "受伤",
    "失联": "失联", "失踪": "失踪", "被困": "被困", "获救": "获救", "转移": "转移", "疏散": "疏散", "确诊": "确诊",
    "住院": "住院", "中毒": "中毒",
}  # fmt: skip
"""What happens to people, by the words of notices; two words for one thing are one figure."""

_STATE = "|".join(STATES)
_NUMBER = r"([0-9０-９,，]{1,9}|[一二两三四五六七八九十百零〇]{1,6})"
BEFORE = re.compile(rf"{_NUMBER}(余|多)?\s?(?:{PEOPLE})(?:群众|乘客|工人|学生|市民|游客|患者)?(?:不幸|已|因伤势过重)?({_STATE})")
AFTER = re.compile(rf"({_STATE})(?:人数)?(?:为|达|增至|升至|上升至|已有|共|：|:)?\s?{_NUMBER}(余|多)?\s?(?:{PEOPLE})")
STOCK = re.compile(
    r"不造谣|不信谣|不传谣|(?:勿|不要|请勿|切勿|不)(?:轻?信|传播|转发|散布|听信)[^，。；！]{0,12}|造谣[^，。；！]{0,8}责任"
)
"""What every notice asks of its readers is no denial of anything."""
DENIALS = (
    "谣言",
    "辟谣",
    "不实",
    "不属实",
    "与事实不符",
    "子虚乌有",
    "虚假信息",
    "误传",
    "并未发生",
    "没有发生",
    "未发生",
    "纯属",
)
DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def share(ours: frozenset[str], theirs: frozenset[str]) -> float:
    """How much of our pairs stand in theirs, 0 to 1; nothing of nothing is 0."""
    return len(ours & theirs) / len(ours) if ours else 0.0


def title_pairs(title: str) -> frozenset[str]:
    """The pairs of a title that name the matter."""
    return pairs(EMPTY.sub(" ", title))


def speaks_of(text: str, title: str, references: Iterable[str] = ()) -> float:
    """How surely a text speaks of the matter, 0 to 1: the share of the title's pairs that stand in it, or of the words of a
    text that is known to speak of it. `SPEAKS` is enough; a title of fewer than FEWEST_PAIRS pairs must stand there whole."""
    theirs = pairs(text)
    named = title_pairs(title) or pairs(title)
    score = share(named, theirs)
    if len(named) < FEWEST_PAIRS and score < 1:
        score = 0.0
    for one in references:
        ours = pairs(one)
        if len(ours) >= 8:
            score = max(score, min(share(ours, theirs), share(theirs, ours)), share(ours, theirs) if len(ours) < 60 else 0.0)
    return score


def is_same(text: str, other: str) -> bool:
    """Whether one text carries the other: nearly all of the shorter one's pairs stand in the longer one."""
    ours, theirs = pairs(text), pairs(other)
    small, large = (ours, theirs) if len(ours) <= len(theirs) else (theirs, ours)
    return len(small) >= 8 and share(small, large) >= SAME and len(small) >= 0.3 * len(large)


def number_of(words: str) -> int | None:
    """A whole number in digits or in Chinese up to 999; None for what is none."""
    plain = words.translate(str.maketrans("０１２３４５６７８９", "0123456789")).replace(",", "").replace("，", "")
    if plain.isdecimal():
        return int(plain)
    total, unit = 0, 0
    for sign in plain:
        if sign in DIGITS:
            unit = DIGITS[sign]
        elif sign == "十":
            total, unit = total + (unit or 1) * 10, 0
        elif sign == "百":
            total, unit = total + (unit or 1) * 100, 0
        else:
            return None
    return total + unit or None


def counts_in(text: str) -> dict[str, set[int]]:
    """The counts of people that a text names, by what happened to them: 「3人死亡」, 「受伤人数增至12人」."""
    found: dict[str, set[int]] = {}
    for number, _, state in BEFORE.findall(text):
        value = number_of(number)
        if value is not None:
            found.setdefault(STATES[state], set()).add(value)
    for state, number, _ in AFTER.findall(BEFORE.sub("；", text)):
        value = number_of(number)
        if value is not None:
            found.setdefault(STATES[state], set()).add(value)
    return found


def denials_in(text: str) -> list[str]:
    """Words by which a text denies something; what every notice asks of its readers is left out."""
    plain = STOCK.sub("", text)
    return [word for word in DENIALS if word in plain]


def differences(text: str, bulletin: str, known: Mapping[str, set[int]] | None = None) -> list[str]:
    """In what a text differs from the bulletin, in sentences to be checked by a person; empty when nothing does.

    A count differs when both name one for the same thing and none of theirs is the bulletin's or one of `known` (values
    that were entered with their source since). A denial differs when the bulletin denies nothing.
    """
    told, ours = counts_in(text), counts_in(bulletin)
    found = []
    for name in sorted(told.keys() & ours.keys()):
        if not told[name] <= ours[name] | (known or {}).get(name, set()):
            written = "、".join(str(value) for value in sorted(told[name]))
            stated = "、".join(str(value) for value in sorted(ours[name]))
            found.append(f"{name}：写{written}人，通报写{stated}人")
    if not denials_in(bulletin):
        denied = denials_in(text)
        if denied:
            found.append(f"含否认性表述“{'、'.join(denied[:3])}”，通报中没有")
    return found
