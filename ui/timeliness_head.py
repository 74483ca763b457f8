"""The headline of 回复时效: four rates with their denominators, half and nine tenths, who is late and who waits still."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from matrix.waiting import HOURS
from ui import timeliness_words
from ui.timeliness_picks import RULES, VIEW, open_cases
from ui.timeliness_window import Window
from ui.words import plain

ARROW = ":material/chevron_right:"
BLANK = "\u00a0"


def show(window: Window, versions: str, row: Mapping[str, Any]) -> None:
    """What all figures are of, the four rates, and who waits."""
    st.caption(plain(f"{window.words()}。识别版本：{versions}。"))
    n, answered, waiting, unseen = (int(row[name]) for name in ("n", "answered", "open", "unknown"))
    aside = timeliness_words.unknown(row, unseen, window.is_working)
    total = f"收到诉求 **{n:,}** 件：已回复 **{answered:,}**，尚未回复 **{waiting:,}**"
    st.markdown(total + (f"；{aside}。" if aside else "。"))
    for column, hours in zip(st.columns(len(HOURS), gap="small"), HOURS, strict=True):
        with column, st.container(border=True, height="stretch", gap="xsmall"):
            show_rate(row, hours, window.is_working)
    half, most, late, waits = st.columns(4, gap="small")
    with half, st.container(border=True, height="stretch", gap="xsmall"):
        show_quantile(row, "p50", "半数用时", window)
    with most, st.container(border=True, height="stretch", gap="xsmall"):
        show_quantile(row, "p90", "九成用时", window)
    with late, st.container(border=True, height="stretch", gap="xsmall"):
        show_late(row)
    with waits, st.container(border=True, height="stretch", gap="xsmall"):
        show_open(row)


def way(words: str, key: str, part: str) -> None:
    """A small button that opens the cases of one part."""
    st.button(words, key=key, type="tertiary", icon=ARROW, icon_position="right", on_click=open_cases, args=(part,))


def show_rate(row: Mapping[str, Any], hours: int, is_working: bool) -> None:
    """24小时回复率 81%(174/214，采集完整度92%), its interval, what is left out, and the way to those that missed it."""
    met, of, out = (int(row[f"{name}_{hours}"]) for name in ("met", "of", "out"))
    head, _, pair = timeliness_words.rate(row, hours).partition("(")
    covered = timeliness_words.coverage(row)
    bounds = timeliness_words.interval(row, hours)
    st.caption(f"{hours}{'个工作小时' if is_working else '小时'}回复率")
    st.subheader(head, anchor=False)
    st.caption(f"({pair.rstrip(')')}，{covered})" if pair else f"({covered})")
    left_out = f"另有{out}条情况不明，未计入" if out else ""
    st.caption("；".join(filter(None, (f"95%区间{bounds}" if bounds else "", left_out))) or BLANK)
    if of - met:
        way(f"{of - met:,}件未达到", f"missed_{hours}", f"{hours}小时内未回复")


def show_quantile(row: Mapping[str, Any], name: str, title: str, window: Window) -> None:
    st.caption(f"{title}({window.time})")
    st.subheader(timeliness_words.quantile(row, name, window.is_working), anchor=False)
    known = int(row["answered"]) + int(row["open"])
    low, high = row["p50_low"], row["p50_high"]
    if name == "p50" and known >= timeliness_words.ENOUGH and low == low and row["p50"] == row["p50"]:
        upper = f"至{timeliness_words.wait(high, window.is_working)}" if high == high else "以上"
        st.caption(f"95%区间{timeliness_words.wait(low, window.is_working)}{upper}")
    else:
        st.caption(f"情况明确的{known}件，尚未回复的计入")


def show_late(row: Mapping[str, Any]) -> None:
    """By the rule that each unit has chosen; nobody is late where none was."""
    overdue, late, ruled, n = (int(row[name]) for name in ("overdue", "late", "ruled", "n"))
    st.caption("超时(按选定的时限规则)")
    if not ruled:
        st.markdown(timeliness_words.NO_RULE)
        st.button("去选定", key="to_rules", type="tertiary", icon=ARROW, icon_position="right", on_click=to_rules)
        return
    st.subheader(f"{overdue + late} 件", anchor=False)
    st.caption(f"有时限的{ruled}件" + (f"，另有{n - ruled}件没有时限" if n > ruled else ""))
    if overdue:
        way(f"{overdue}件超时未复", "overdue", "超时未复")
    if late:
        way(f"{late}件超时已复", "late", "超时已复")


def show_open(row: Mapping[str, Any]) -> None:
    st.caption("尚未回复")
    st.subheader(f"{int(row['open'])} 件", anchor=False)
    if int(row["open"]):
        way("查看，等待最久的在前", "waiting", "尚未回复")
    if int(row["unknown"]):
        way(f"{int(row['unknown'])}件情况不明", "unseen", "情况不明")


def to_rules() -> None:
    st.session_state[VIEW] = RULES
