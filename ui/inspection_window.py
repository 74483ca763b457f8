"""Which inspection is shown: date, rule, units, platform and level, kept in the address of the page."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import streamlit as st

from matrix.inspection_rule import UpdateRule
from storage import organizations, update_rules
from storage.moments import from_seconds
from ui import filters, freshness, notices, periods, signin
from ui.ask import ask
from ui.clock import beijing
from ui.words import plain, platform_name

TODAY, KEPT, CALLS = "今日检查", "历史检查", "3日内将超期"
VIEWS = (TODAY, CALLS, KEPT)
VIEW = "check"
"""The name of the view in the address."""


@dataclass(frozen=True, slots=True)
class Window:
    """What the page shows. `day` is the inspected day, None for now."""

    now: datetime
    day: date | None
    rule: UpdateRule
    root: int
    unit: str
    platform: int
    level: str

    @property
    def at(self) -> datetime:
        """The moment that is judged: 24:00 of the day, or now."""
        return self.now if self.day is None else from_seconds(periods.midnight(self.day + timedelta(days=1)))

    @property
    def moment(self) -> str:
        return moment_words(self.at, self.day is None)

    @property
    def where(self) -> str:
        return self.unit or "权限范围内全部单位"

    @property
    def narrowed(self) -> str:
        """What is shown of the inspection, where it is not everything."""
        parts = [platform_name(self.platform) if self.platform else "", self.level]
        return "、".join(part for part in parts if part)


def moment_words(at: datetime | float, is_live: bool = False) -> str:
    """2026-03-31 24:00, or the minute of an inspection of that day."""
    local = beijing(at)
    if (local.hour, local.minute, local.second) == (0, 0, 0) and not is_live:
        return f"{local - timedelta(days=1):%Y-%m-%d} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"


def pick_window(*, has_day: bool = True) -> Window:
    """The filters, side by side on a wide screen; ends the run with a sentence for a day that cannot be inspected."""
    freshness.stand_still()
    now = signin.figures_now()
    with st.container(border=True, gap="small"):
        first, second = st.columns((1, 2)) if has_day else (st.container(), st.container())
        with first:
            day = pick_day(now) if has_day else None
        with second:
            rule = pick_rule(day or beijing(now).date())
        left, middle, right = st.columns(3)
        with left:
            root = filters.pick_root()
        with middle:
            platform = filters.pick_platform()
        with right:
            level = filters.pick_level()
    return Window(now, day, rule, root, unit_name(root), platform, level)


def unit_name(root: int) -> str:
    if not root:
        return ""
    tree = ask(organizations.tree)
    return str(tree.loc[tree["id"] == root, "name"].iloc[0])


def pick_day(now: datetime) -> date | None:
    """The inspected day; None for today, which is judged as of now."""
    today = beijing(now).date()
    typed = st.text_input(
        "检查日期",
        key="day",
        bind="query-params",
        max_chars=20,
        placeholder="今天",
        help="留空为今天，按此刻判定；填写过去的日期(如 2026-03-31)，按那一天24:00判定。",
    )
    if not (typed or "").strip():
        return None
    try:
        day = periods.read_day(str(typed), today)
    except ValueError as error:
        notices.refuse(plain(str(error)))
        st.stop()
    if day > today:
        notices.refuse("检查日期还没有到，请改为今天或更早。")
        st.stop()
    return None if day == today else day


def pick_rule(day: date) -> UpdateRule:
    """A rule that holds on that day, with the days of this installation where it names none."""
    try:
        rules = [rule for rule in update_rules.presets() if rule.is_valid(day)]
    except ValueError as error:
        notices.refuse(plain(str(error)))
        st.stop()
    if not rules:
        notices.refuse("检查规则文件里没有适用于这一天的规则，请在 inspection\\_rules.toml 中补充，或改选日期。")
        st.stop()
    named = {rule.name: rule.settled(signin.limit_days()) for rule in rules}
    chosen = st.selectbox("检查规则", list(named), key="rule", bind="query-params", placeholder="选择规则")
    return named[chosen or next(iter(named))]
