"""The filters of all pages; each keeps its value in the address, so that a view can be sent as a link."""

from datetime import timedelta

import pandas as pd
import streamlit as st

from matrix.account import LEVELS, PLATFORM_NAMES
from matrix.inspection import Verdict
from storage import listing, organizations
from ui import notices, periods, signin
from ui.ask import ask
from ui.clock import beijing
from ui.periods import Period
from ui.words import VERDICT_ORDER, plain

EVERYTHING = "全部"


def pick_view(views: tuple[str, ...], key: str) -> str:
    """Which part of a page is shown. Every page has a `key` of its own: what was chosen on the page before under the same name
    would take the place of what a link to this page asks for."""
    chosen = st.segmented_control(
        "内容", views, default=views[0], required=True, key=key, bind="query-params", label_visibility="collapsed"
    )
    return chosen or views[0]


def pick_verdict(counts: dict[str, int]) -> str:
    """One verdict or all; the label carries how many accounts have it."""
    options = [EVERYTHING, *(verdict.value for verdict in VERDICT_ORDER if counts.get(verdict.value))]
    wanted = st.query_params.get("verdict", EVERYTHING)
    if wanted not in options and wanted in set(Verdict):
        options.append(wanted)
    chosen = st.pills("判定", options, default=EVERYTHING, required=True, key="verdict", bind="query-params", wrap=True)
    return "" if chosen in (None, EVERYTHING) else chosen


def pick_platform() -> int:
    """One platform or all (0)."""
    names = {EVERYTHING: 0} | {name: int(platform) for platform, name in PLATFORM_NAMES.items()}
    chosen = st.selectbox("平台", list(names), key="platform", bind="query-params", placeholder="选择平台")
    return names.get(chosen or EVERYTHING, 0)


def pick_period(default: str = "近30天") -> Period:
    """`(since, until)` in Unix seconds, whole Beijing days with today included; ends the run with a sentence for a bad date."""
    names = (*periods.ROLLING, periods.QUARTER, periods.CUSTOM)
    chosen = st.segmented_control("时段", names, default=default, required=True, key="period", bind="query-params", wrap=True)
    now = signin.now()
    if chosen != periods.CUSTOM:
        return periods.of_name(chosen or default, now)
    today = beijing(now).date()
    begin = st.text_input("开始日期", f"{today - timedelta(days=29)}", key="from", bind="query-params", max_chars=20, width=130)
    end = st.text_input("结束日期", f"{today}", key="to", bind="query-params", max_chars=20, width=130)
    try:
        return periods.between(periods.read_day(begin, today), periods.read_day(end, today), now)
    except ValueError as error:
        notices.refuse(plain(str(error)))
        st.stop()


def pick_level() -> str:
    """One level of units or all (empty)."""
    chosen = st.selectbox("层级", [EVERYTHING, *LEVELS], key="level", bind="query-params", placeholder="选择层级")
    return "" if chosen in (None, EVERYTHING) else chosen


def pick_root() -> int:
    """The unit whose subtree is shown, or 0 for everything that the viewer may see."""
    tree = ask(organizations.tree)
    if len(tree) < 2:
        return 0
    labels = tree_labels(tree)
    follow_link(labels)
    chosen = st.selectbox("单位", [EVERYTHING, *labels], key="unit", bind="query-params", placeholder="选择单位")
    return 0 if chosen in (None, EVERYTHING) else labels[chosen]


def follow_link(labels: dict[str, int]) -> None:
    """A label shows the place in the sender's tree; the same unit may stand elsewhere in the reader's, or outside it."""
    wanted = st.query_params.get("unit", "")
    if not wanted or wanted == EVERYTHING or wanted in labels:
        return
    mine = next((label for label in labels if label.strip("\u3000") == wanted.strip("\u3000")), "")
    if mine:
        st.session_state["unit"] = mine
    else:
        notices.show("链接中的单位不在您的权限范围内，现按您的全部单位显示。", "info")


def pick_unit() -> frozenset[int] | None:
    """The units of one subtree, or None for everything that the viewer may see."""
    root = pick_root()
    return ask(listing.below, root=root) if root else None


def tree_labels(tree: pd.DataFrame) -> dict[str, int]:
    """Labels that show the place in the tree, children under their parents, each label once."""
    children: dict[int | None, list[tuple[int, str]]] = {}
    known = {int(identity) for identity in tree["id"]}
    for identity, name, above in zip(tree["id"], tree["name"], tree["parent_id"], strict=True):
        parent = int(above) if above is not None and above == above and above in known else None
        children.setdefault(parent, []).append((int(identity), str(name)))
    labels: dict[str, int] = {}
    waiting = [(identity, name, 0) for identity, name in reversed(children.get(None, []))]
    while waiting:
        identity, name, depth = waiting.pop()
        label = "\u3000" * depth + name
        labels[label if label not in labels else f"{label}(编号{identity})"] = identity
        waiting += [(child, below, depth + 1) for child, below in reversed(children.get(identity, []))]
    return labels
