"""Whose response times are shown, of which period and by which clock: the filters of the page, kept in its address."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from matrix.waiting import ANSWER, FIRST
from storage import organizations, timeliness_versions
from ui import filters, freshness, signin
from ui.ask import ask
from ui.clock import beijing
from ui.periods import Period
from ui.timeliness_words import definitions
from ui.words import platform_name

NATURAL, WORKING = "自然时间", "工作时间"
CLOCKS = (FIRST, ANSWER)
PAGE = "回复时效"


@dataclass(frozen=True, slots=True)
class Window:
    """The filters of one view of the page; `now` is its cut-off, Unix seconds."""

    period: Period
    now: int
    root: int
    unit: str
    platform: int
    level: str
    clock: str
    is_working: bool

    @property
    def filters(self) -> dict[str, Any]:
        """As every question of `storage.timeliness` takes them."""
        return {
            "since": self.period.since,
            "until": self.period.until,
            "now": self.now,
            "organization_id": self.root,
            "platform": self.platform,
            "level": self.level,
            "clock": self.clock,
            "working": self.is_working,
        }

    @property
    def time(self) -> str:
        return WORKING if self.is_working else NATURAL

    def words(self) -> str:
        """One line that says what all figures below are of."""
        cut = beijing(self.now)
        where = [self.unit, self.level, platform_name(self.platform) if self.platform else ""]
        scope = "".join(f"{part} · " for part in where if part)
        return f"{scope}{self.period.words}收到的诉求，截至{cut.month}月{cut.day}日{cut:%H:%M} · {self.clock} · {self.time}"

    def about(self, versions: str) -> dict[str, str]:
        """What stands in every file that is made of this view."""
        return {
            "时段": f"{self.period.words}收到的诉求",
            "截至": f"{beijing(self.now):%Y-%m-%d %H:%M}",
            "单位": self.unit or "权限范围内全部单位",
            "平台": platform_name(self.platform) if self.platform else "全部",
            "层级": self.level or "全部",
            "计到": self.clock,
            "时间": self.time,
            "识别版本": versions,
            **definitions(),
        }


def pick_window() -> Window:
    """The filters, side by side on a wide screen."""
    freshness.stand_still()
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
            period = filters.pick_period()
            clock = pick_one("计到", CLOCKS, "clock", "首次响应：第一条公开回复；实质答复：第一条真正回答了问题的回复。")
            time = pick_one("按", (NATURAL, WORKING), "time", "工作时间只计各单位的办公时间，放假和调休都算在内。")
        first, second, third = st.columns(3)
        with first:
            root = filters.pick_root()
        with second:
            platform = filters.pick_platform()
        with third:
            level = filters.pick_level()
    moment = int(signin.figures_now().timestamp())
    return Window(period, moment, root, name_of(root), platform, level, clock, time == WORKING)


def pick_one(label: str, options: tuple[str, ...], key: str, hint: str) -> str:
    chosen = st.segmented_control(
        label, options, default=options[0], required=True, key=key, bind="query-params", help=hint, wrap=True
    )
    return chosen or options[0]


def name_of(root: int) -> str:
    if not root:
        return ""
    tree = ask(organizations.tree)
    return next((str(name) for identity, name in zip(tree["id"], tree["name"], strict=True) if identity == root), "")


def versions(window: Window) -> str:
    """Which versions of the rules of reading stand behind the figures: the first and the last that were used."""
    used = ask(timeliness_versions.versions, since=window.period.since, until=window.period.until, organization_id=window.root)
    parts = []
    for _, first, last in used.itertuples(index=False, name=None):
        parts.append(first if first == last else f"{first}至{last}")
    return "、".join(parts) or "尚无"
