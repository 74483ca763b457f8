"""What the queue holds: the state with its count, and the filters, all kept in the address."""

import streamlit as st

from matrix.appeal import AppealKind
from matrix.case import State
from storage import cases_queue
from storage.cases_queue import Wanted
from ui import filters, periods, signin
from ui.ask import ask
from ui.clock import beijing
from ui.inbox_desk import CASE

STATES = (State.WAITING, State.FORWARDED, State.WORKING, State.REPLIED, State.CLOSED, State.NO_NEED, State.ELSEWHERE)
KINDS = [str(kind) for kind in AppealKind if kind is not AppealKind.THANKS]
PERIODS = {"近7天收到": 7, "近30天收到": 30, "近90天收到": 90, "全部": 0}
DEFAULT = "近30天收到"
STATE, PICKED = "state", "inbox_state"


def pick() -> Wanted:
    """State first, the rest behind one button: most people never need it."""
    left, right = st.columns([5, 1], vertical_alignment="center")
    with right, st.popover("筛选", icon=":material/filter_list:", width="stretch"):
        name = st.selectbox("新诉求的时段", list(PERIODS), index=1, key="arrived", bind="query-params", placeholder="选择")
        kind = st.selectbox("类别", [filters.EVERYTHING, *KINDS], key="kind", bind="query-params", placeholder="选择")
        platform = filters.pick_platform()
        unit = filters.pick_root()
        st.caption("时段只限定尚未办理的诉求；已转办、办理中的一律列出，不会因时段而漏掉。")
    days = PERIODS[name or DEFAULT]
    since = periods.midnight(beijing(signin.now()).date()) - (days - 1) * 86400 if days else 0
    chosen_kind = "" if kind in (None, filters.EVERYTHING) else str(kind)
    counts = ask(cases_queue.counts, since=since, kind=chosen_kind, platform=platform, organization_id=unit)
    found = dict(zip(counts["state"], counts["n"], strict=True))
    with left:
        state = pick_state(found)
    return Wanted(state, since, chosen_kind, platform, unit)


def pick_state(found: dict[str, int]) -> str:
    """The state with its count. The address holds the bare word: a bound control would write its label, count and all."""
    names = [str(one) for one in STATES]
    named = st.query_params.get(STATE, names[0])
    st.session_state[PICKED] = named if named in names else names[0]
    chosen = st.segmented_control(
        "状态",
        names,
        required=True,
        key=PICKED,
        on_change=keep_state,
        label_visibility="collapsed",
        wrap=True,
        format_func=lambda one: f"{one} {found[one]:,}" if one in found else one,
    )
    return chosen or names[0]


def keep_state() -> None:
    """Another state is another queue; the case of the old one stays behind."""
    st.query_params[STATE] = st.session_state[PICKED]
    st.query_params.pop(CASE, None)
