"""The filters that the pages of the matrix share: period, subtree, 条线, 地区, level and platform, all in the address."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from storage import organizations
from ui import filters, freshness, notices, signin
from ui.ask import ask
from ui.clock import beijing
from ui.periods import Period
from ui.words import platform_name

DAY, OFFSET = 86400, 28800


@dataclass(frozen=True, slots=True)
class Window:
    """What one view of the matrix is about; `now` is Unix seconds."""

    period: Period
    now: int
    root: int
    unit: str
    line: str
    region: str
    level: str
    platform: int

    @property
    def narrow(self) -> dict[str, Any]:
        """What narrows every question to some accounts."""
        return {
            "organization_id": self.root,
            "line": self.line,
            "region": self.region,
            "level": self.level,
            "platform": self.platform,
        }

    @property
    def days(self) -> dict[str, Any]:
        """As `storage.glance` takes a period: Beijing days since the epoch."""
        first = (self.period.since + OFFSET) // DAY
        return self.narrow | {"first_day": first, "last_day": (self.period.until - 1 + OFFSET) // DAY}

    @property
    def seconds(self) -> dict[str, Any]:
        """As `storage.publishing` takes a period: Unix seconds, whole days as above, so that both count the same rows."""
        return self.narrow | {"since": self.period.since, "until": (self.days["last_day"] + 1) * DAY - OFFSET}

    def compared_words(self, note: str = "前期没有采全的账号不作比较") -> str:
        """What 较前期 compares with; a day that is not over yet says so."""
        begin = beijing(self.period.since - self.period.days * DAY)
        end = beijing(self.period.since - 1)
        is_open = self.period.until >= self.now and self.now < self.seconds["until"]
        parts = [f"前期为{begin.month}月{begin.day}日至{end.month}月{end.day}日", "本期含尚未过完的今天" if is_open else "", note]
        return "；".join(filter(None, parts)) + "。"

    def words(self) -> str:
        """One line that says what all figures below are of."""
        parts = [self.unit, self.line, self.region, self.level, platform_name(self.platform) if self.platform else ""]
        cut = beijing(self.now)
        where = "".join(f"{part} · " for part in parts if part)
        return f"{where}{self.period.words}，数据截至{cut.month}月{cut.day}日{cut:%H:%M}"

    def about(self) -> dict[str, str]:
        """What stands in every file that is made of this view."""
        return {
            "时段": self.period.words,
            "截至": f"{beijing(self.now):%Y-%m-%d %H:%M}",
            "单位": self.unit or "权限范围内全部单位",
            "条线": self.line or "全部",
            "地区": self.region or "全部",
            "层级": self.level or "全部",
            "平台": platform_name(self.platform) if self.platform else "全部",
        }


def pick_window(default: str = "近30天", is_folded: bool = False) -> Window:
    """The filters, side by side on a wide screen; folded away where rows are looked at and not chosen."""
    freshness.stand_still()
    tree = ask(organizations.tree)
    with st.expander("时段和筛选") if is_folded else st.container(border=True, gap="small"):
        period = filters.pick_period(default)
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            root = filters.pick_root()
            line = pick_word("条线", "line", sorted({word for word in tree["line"] if word}))
            region = pick_word("地区", "region", sorted({word for word in tree["region"] if word}))
            level = filters.pick_level()
            platform = filters.pick_platform()
    names = dict(zip(tree["id"], tree["name"], strict=True))
    unit = str(names.get(root, "")) if root else ""
    now = int(signin.figures_now().timestamp())
    window = Window(period, now, root, unit, line, region, level, platform)
    st.caption(window.words())
    return window


def pick_word(label: str, key: str, words: list[str]) -> str:
    """One of the words that the viewer's part of the ledger knows, or all (empty); nothing to pick where it has none."""
    wanted = st.query_params.get(key, "")
    if wanted and wanted not in (filters.EVERYTHING, *words):
        notices.show(f"链接中的{label}不在您的权限范围内，现按全部{label}显示。", "info")
    if not words:
        return ""
    chosen = st.selectbox(label, [filters.EVERYTHING, *words], key=key, bind="query-params", placeholder=f"选择{label}")
    return "" if chosen in (None, filters.EVERYTHING) else chosen
