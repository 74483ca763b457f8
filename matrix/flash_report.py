"""快报: a report of some 200 characters of an incident, filled from facts alone; conflicting numbers are both named."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST = 240
"""About 200 characters; what is less needed is left out whole, nothing is cut in the middle."""


class FlashKind(StrEnum):
    """The first, every following and the last report of an incident."""

    FIRST = "首报"
    NEXT = "续报"
    LAST = "终报"


@dataclass(frozen=True, slots=True)
class Stated:
    """One value of a figure: 死亡, 35, 人, by whom, when in words."""

    name: str
    value: int
    unit: str
    source: str
    at: int
    when: str
    bound: str = ""

    @property
    def words(self) -> str:
        return f"{self.bound}{self.value:,}{self.unit}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an incident at one moment, times already in words; empty parts are left out."""

    title: str
    kind: str
    level: str
    organization: str
    occurred: str
    detected: str
    as_of: str
    figures: Sequence[Stated] = ()
    words: Sequence[tuple[str, str, str, str]] = ()
    """Confirmed official words, newest first: kind, speaker, when, title."""
    clocks: Sequence[str] = ()
    comments: int = 0
    citizens: int = 0
    leads: int = 0
    negative: str = ""
    """A share in words with its numbers, e.g. 「负面占比31%(21/68)」."""
    carried: str = ""
    """Who carried the bulletin, in words."""
    open_tasks: int = 0
    done_tasks: int = 0
    summary: str = ""
    is_drill: bool = False


def next_kind(number: int, *, is_closed: bool) -> FlashKind:
    """Which report comes after `number` earlier ones."""
    if is_closed:
        return FlashKind.LAST
    return FlashKind.NEXT if number else FlashKind.FIRST


def newest(figures: Sequence[Stated]) -> dict[str, list[Stated]]:
    """The newest value of each source, by figure, the newest first; a source's own later value takes the place of its earlier."""
    found: dict[str, dict[str, Stated]] = {}
    for one in sorted(figures, key=lambda one: one.at):
        found.setdefault(one.name, {})[one.source] = one
    return {name: sorted(values.values(), key=lambda one: -one.at) for name, values in found.items()}


def figure_words(name: str, values: Sequence[Stated], most: int = 3) -> str:
    """「死亡35人(新闻发布会，24日22:42)」; where sources differ each value is named with its source."""
    first = values[0]
    if len({(one.value, one.bound) for one in values}) == 1:
        return f"{name}{first.words}({first.source}，{first.when})"
    told: list[Stated] = []
    for one in values:
        if one.words not in [known.words for known in told]:
            told.append(one)
    named = "、".join(f"{one.words}({one.source}，{one.when})" for one in told[:most])
    return f"{name}说法不一：{named}"


def compose(facts: Facts, kind: FlashKind, number: int) -> str:
    """The text of a report: the head, then facts in the order of their weight, as many as fit into MOST characters.

    The first sentence and the counts always stand there, however long they are; nothing is said that is not among the facts.
    """
    head = f"【舆情快报·{kind}】" if kind is not FlashKind.NEXT else f"【舆情快报·{kind}第{number}报】"
    if facts.is_drill:
        head = "【演练】" + head
    nature = "，".join(part for part in (facts.kind, facts.level) if part)
    when = f"{facts.occurred}发生，{facts.detected}发现" if facts.occurred else f"{facts.detected}发现"
    opening = f"{head}{facts.organization}“{facts.title}”{f'({nature})' if nature else '(待定级)'}，{when}。"
    counts = "；".join(figure_words(name, values) for name, values in newest(facts.figures).items())
    must = [opening] + ([f"截至{facts.as_of}，{counts}。"] if counts else [f"截至{facts.as_of}："])
    if kind is FlashKind.LAST and facts.summary:
        must.append(_sentence(facts.summary))
    volume = _volume(facts)
    spoken = facts.words[0] if facts.words else None
    rest = [
        f"官方发声：{spoken[2]}{spoken[1]}《{spoken[3]}》({spoken[0]})。" if spoken else "尚无确认的官方发声。",
        "；".join(facts.clocks) + "。" if facts.clocks else "",
        f"矩阵监测{volume}。" if volume else "",
        f"{facts.carried}。" if facts.carried else "",
        _tasks(facts),
    ]
    text = "".join(must)
    for part in rest:
        if part and len(text) + len(part) <= MOST:
            text += part
    return text


def _volume(facts: Facts) -> str:
    parts = [f"评论{facts.comments:,}条" if facts.comments else "", f"涉及网民{facts.citizens:,}人" if facts.citizens else ""]
    parts += [f"线索{facts.leads:,}条" if facts.leads else "", facts.negative if facts.comments else ""]
    return "，".join(part for part in parts if part)


def _tasks(facts: Facts) -> str:
    if not facts.open_tasks + facts.done_tasks:
        return ""
    return f"交办{facts.open_tasks + facts.done_tasks}项，已办结{facts.done_tasks}项。"


def _sentence(words: str) -> str:
    words = " ".join(words.split())
    return words if words.endswith(("。", "！", "？")) else f"{words}。"
