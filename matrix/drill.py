"""The score card of a drill: what the chain and the people needed how long for, in words and as plain values."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

CYCLE_MINUTES = 5
MOST_CYCLES = 2
"""A matter that has become material reaches whoever is on duty within so many cycles of collection."""


@dataclass(frozen=True, slots=True)
class ClockCard:
    """One clock of the incident at the end: its name, hours, state, and minutes used until it was stopped (None: never)."""

    name: str
    hours: int
    state: str
    minutes: float | None


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Notices of the drill, what was sent of them, and what the sink counted by itself."""

    notices: int = 0
    sent: int = 0
    arrived: int = 0
    repeated: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """Minutes count from the event; None: it never happened. `material` is when the matter stood far above the usual in what
    citizens wrote, by the platforms' own record; `told` when the first notice of it arrived at the sink."""

    scenario: str
    title: str
    first_word: float | None
    material: float | None
    alert: float | None
    grave_alert: float | None
    told: float | None
    confirmed: float | None
    official: float | None
    clocks: tuple[ClockCard, ...]
    carried: int
    silent: tuple[str, ...]
    unseen: tuple[str, ...]
    alerts: int
    spurious: int
    deliveries: Deliveries

    @property
    def cycles(self) -> float | None:
        """Cycles of collection between the matter's becoming material and the sink; below zero: told before."""
        return None if self.material is None or self.told is None else (self.told - self.material) / CYCLE_MINUTES

    @property
    def is_passed(self) -> bool:
        """What the system itself has to keep: told in time and nothing lost. What people did is shown and not judged."""
        return self.cycles is not None and self.cycles <= MOST_CYCLES and not self.deliveries.lost

    def values(self) -> dict[str, Any]:
        """As plain values for a file."""
        return {**asdict(self), "cycles": self.cycles, "is_passed": self.is_passed}


def span_words(minutes: float | None, nothing: str = "没有") -> str:
    """26小时12分 from minutes."""
    if minutes is None:
        return nothing
    whole = round(abs(minutes))
    words = f"{whole // 60}小时{whole % 60}分" if whole >= 60 else f"{whole}分钟"
    return f"提前{words}" if minutes < 0 else words


def lines(card: Card, most_names: int = 12) -> list[str]:
    """The card as lines of Chinese, to print and to keep."""
    told = card.deliveries
    rows = [("首条网民信息", span_words(card.first_word))] if card.first_word is not None else []
    rows += [
        ("声量达到实质", span_words(card.material, "没有达到")),
        ("到预警", span_words(card.alert)),
        ("到橙色以上预警", span_words(card.grave_alert)),
        ("到通知送达", f"{span_words(card.told)}{_cycle_words(card.cycles)}"),
        ("到值班确认", span_words(card.confirmed)),
        ("到首次权威发声", span_words(card.official)),
    ]
    rows += [(f"{one.hours}小时{one.name}", f"{one.state}(用时{span_words(one.minutes, '未停止')})") for one in card.clocks]
    rows += [
        ("已发声单位", f"{card.carried}个"),
        ("尚未发声单位", _names(card.silent, most_names)),
        ("看不到的单位", _names(card.unseen, most_names)),
        ("演练中预警", f"{card.alerts}起，其中事件发生前{card.spurious}起"),
        ("通知", f"{told.notices}条，发出{told.sent}次，对方收到{told.arrived}次，重复{told.repeated}次，丢失{told.lost}条"),
        ("系统判定", "通过：按时送达，没有丢失" if card.is_passed else "未通过：没有在两个采集周期内送达，或有通知丢失"),
    ]
    width = max(map(_width, (name for name, _ in rows)))
    return [f"舆情演练成绩单：{card.title}", *(f"  {name}{' ' * (width - _width(name))}  {words}" for name, words in rows)]


def _width(text: str) -> int:
    """Columns of a terminal: Chinese takes two."""
    return sum(1 if ord(sign) < 128 else 2 for sign in text)


def _cycle_words(cycles: float | None) -> str:
    if cycles is None:
        return ""
    if cycles <= 0:
        return "(在达到实质之前)"
    return f"(达到实质后{cycles:.1f}个采集周期)"


def _names(names: Sequence[str], most: int) -> str:
    if not names:
        return "0个"
    more = f"等{len(names)}个" if len(names) > most else f"，共{len(names)}个"
    return "、".join(names[:most]) + more
