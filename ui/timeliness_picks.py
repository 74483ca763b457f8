"""What was clicked: one bar, point or row of the page, kept in the address so that its cases can be sent as a link."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from matrix.waiting import BUCKETS, HOURS
from ui.clock import beijing

OVERVIEW, CASES, RULES = "总览", "明细", "时限规则"
VIEWS = (OVERVIEW, CASES, RULES)
EVERY_PART = "全部"
PICK, PART, VIEW, BOX = "pick", "part", "times", "part_box"
OVERDUE = ("超时未复", "超时已复", "有时限")
STATES = ("已回复", "尚未回复", "情况不明")
WITHIN = {f"{hours}小时内已回复": (hours, "达标") for hours in HOURS}
MISSED = {f"{hours}小时内未回复": (hours, "未达标") for hours in HOURS}
UNSEEN = {f"{hours}小时时情况不明": (hours, "情况不明") for hours in HOURS}
HORIZONS = WITHIN | MISSED | UNSEEN
PARTS = (*STATES[:1], *BUCKETS, *OVERDUE, *HORIZONS)
"""Every part of the figures that can be opened, by its name in the list; 尚未回复 and 情况不明 are buckets too."""


@dataclass(frozen=True, slots=True)
class Pick:
    """`kind` 账号, 单位, 层级, 平台, 时段(hour), 日, 周 or 用时(seconds), with its value as text."""

    kind: str
    value: str

    @property
    def number(self) -> int:
        return int(self.value) if self.value.isdecimal() and len(self.value) < 16 else 0

    def filters(self) -> dict[str, Any]:
        """What narrows a question to it; these take the place of the page's own filters of the same name."""
        match self.kind:
            case "账号":
                return {"account_id": self.number}
            case "单位":
                return {"organization_id": self.number}
            case "层级":
                return {"level": self.value}
            case "平台":
                return {"platform": self.number}
            case "时段":
                return {"hour": self.number}
            case "用时":
                return {"within": self.number}
            case _:
                return {"day": self.number, "step": self.kind}


KINDS = ("账号", "单位", "层级", "平台", "时段", "日", "周", "用时")


def picked() -> Pick | None:
    """What the address says was clicked; None for nothing and for what makes no sense."""
    kind, mark, value = st.query_params.get(PICK, "").partition(":")
    if not mark or kind not in KINDS or not value or len(value) > 20:
        return None
    pick = Pick(kind, value)
    is_odd = kind != "层级" and not value.isdecimal()
    return None if is_odd or (kind == "时段" and pick.number > 23) or (kind in "日周" and pick.number > 2**33) else pick


def day_words(pick: Pick) -> str:
    """3月2日收到, 3月2日起一周内收到."""
    day = beijing(pick.number)
    return f"{day.month}月{day.day}日" + ("收到" if pick.kind == "日" else "起一周内收到")


def forget() -> None:
    """Back to everything that the filters let through."""
    keep(PICK, "")


def open_cases(part: str = EVERY_PART, pick: Pick | None = None) -> None:
    """Show the cases of one part of the figures; runs before the page is drawn anew."""
    st.session_state[VIEW] = CASES
    keep(PART, "" if part == EVERY_PART else part)
    keep(PICK, f"{pick.kind}:{pick.value}" if pick else "")


def keep(name: str, value: str) -> None:
    """The address is where a choice lives that is made in one view and shown in another."""
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def pick_part() -> str:
    """Which part of the figures is listed, as the address says."""
    wanted = st.query_params.get(PART, EVERY_PART)
    st.session_state[BOX] = wanted if wanted in PARTS else EVERY_PART
    chosen = st.selectbox("哪一部分", [EVERY_PART, *PARTS], key=BOX, on_change=on_box, placeholder="选择")
    return chosen or EVERY_PART


def on_box() -> None:
    chosen = st.session_state.get(BOX) or EVERY_PART
    keep(PART, "" if chosen == EVERY_PART else chosen)


def clicked(key: str) -> Any:
    """The mark (`customdata`) of the point that was clicked in a figure; None when a selection was cleared."""
    points = (st.session_state.get(key) or {}).get("selection", {}).get("points") or []
    return points[0].get("customdata") if points else None


def first(mark: Any) -> Any:
    """The browser wraps a single mark in a list."""
    return mark[0] if isinstance(mark, list | tuple) and mark else mark


def on_part(key: str) -> None:
    mark = first(clicked(key))
    if mark in PARTS:
        open_cases(str(mark))


def on_kind(key: str, kind: str) -> None:
    """A click on a figure whose marks are values of one kind."""
    mark = first(clicked(key))
    if mark is not None:
        open_cases(pick=Pick(kind, str(mark)))


def lasting(seconds: int) -> str:
    """用时 of a point in words, to the minute."""
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes}分钟" if minutes else f"{seconds}秒"
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    return (f"{days}天" if days else "") + (f"{hours}小时" if hours else "") + (f"{left}分钟" if left else "")
