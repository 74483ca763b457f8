"""Whose replies are shown, of which period: the filters of the page, kept in its address, and the way to the rows."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from storage import organizations
from ui import filters, freshness, signin
from ui.answers_words import DEFINITIONS, HINT
from ui.ask import ask
from ui.clock import beijing
from ui.periods import Period
from ui.words import platform_name

OVERVIEW, ROWS = "总览", "明细"
VIEWS = (OVERVIEW, ROWS)
EVERYTHING = "全部"
WEAK = "待完善的答复"
VIEW, REASON, ACCOUNT, PAGE, SAME = "quality", "reason", "account", "page", "same"
"""What the address keeps of a view."""


@dataclass(frozen=True, slots=True)
class Window:
    """The filters of one view of the page."""

    period: Period
    root: int
    unit: str
    platform: int
    level: str

    @property
    def filters(self) -> dict[str, Any]:
        """As every question of `storage.answers` takes them."""
        return {
            "since": self.period.since,
            "until": self.period.until,
            "organization_id": self.root,
            "platform": self.platform,
            "level": self.level,
        }

    def words(self) -> str:
        where = [self.unit, self.level, platform_name(self.platform) if self.platform else ""]
        return "".join(f"{part} · " for part in where if part) + f"{self.period.words}的官方回复"

    def about(self, version: str) -> dict[str, str]:
        """What stands in every file that is made of this view."""
        return {
            "时段": self.period.words,
            "截至": f"{beijing(signin.figures_now()):%Y-%m-%d %H:%M}",
            "单位": self.unit or "权限范围内全部单位",
            "平台": platform_name(self.platform) if self.platform else EVERYTHING,
            "层级": self.level or EVERYTHING,
            "识别规则版本": version or "尚无",
            "提示": HINT,
            **DEFINITIONS,
        }


def pick_window() -> Window:
    """The filters, side by side on a wide screen."""
    freshness.stand_still()
    with st.container(border=True, gap="small"):
        period = filters.pick_period()
        first, second, third = st.columns(3)
        with first:
            root = filters.pick_root()
        with second:
            platform = filters.pick_platform()
        with third:
            level = filters.pick_level()
    return Window(period, root, name_of(root), platform, level)


def name_of(root: int) -> str:
    """The chosen unit; empty when none is."""
    tree = ask(organizations.tree) if root else None
    if tree is None:
        return ""
    return next((str(name) for identity, name in zip(tree["id"], tree["name"], strict=True) if identity == root), "")


def open_rows(reason: str = EVERYTHING, account: str = EVERYTHING, same: str = "") -> None:
    """Show the replies behind a number; runs before the page is drawn anew.

    The lists of the other view are not on the page yet: their state is set for them, and the address for whoever gets the link.
    """
    st.session_state[VIEW] = ROWS
    st.session_state[REASON], st.session_state[ACCOUNT], st.session_state[PAGE] = reason, account, 1
    for name, value in ((REASON, reason), (ACCOUNT, account), (SAME, same), (PAGE, "")):
        if value and value != EVERYTHING:
            st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]
