"""The cases behind a figure: one row for each, and a chosen one opened with both answers by both clocks."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from matrix.waiting import BUCKETS
from storage import listing, organizations, timeliness_answers, timeliness_cases
from ui import exports, tables, timeliness_frames, timeliness_picks
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import stamp
from ui.exports import Writers
from ui.masks import mask_text
from ui.records import records
from ui.timeliness_case import show_case
from ui.timeliness_picks import HORIZONS, OVERDUE, PARTS, Pick
from ui.timeliness_window import Window, versions
from ui.timeliness_words import both
from ui.words import plain, platform_name, short

ORDERS = ("等待最久", "最早收到", "最近收到")
PAGE_ROWS = 100
SHORT = 48


def part_filters(part: str) -> dict[str, Any]:
    """What narrows the question to one part of the figures."""
    if part in HORIZONS:
        hours, name = HORIZONS[part]
        return {"horizon": hours, "part": name}
    if part in OVERDUE:
        return {"part": part}
    return {"bucket": part} if part in BUCKETS else {"states": (part,)} if part in PARTS else {}


def show(window: Window, writers: Writers) -> None:
    """The list with what narrows it; a chosen row opens below."""
    pick = timeliness_picks.picked()
    left, right = st.columns(2)
    with left:
        part = timeliness_picks.pick_part()
    order = right.selectbox("排列", ORDERS, key="order", bind="query-params", placeholder="选择")
    if pick:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"只看：**{plain(words_of(pick))}**", width="content")
            st.button("清除", key="forget", type="tertiary", icon=":material/close:", on_click=timeliness_picks.forget)
    narrowed = part_filters(part) | (pick.filters() if pick else {})
    filters = window.filters | narrowed
    count = ask(timeliness_cases.count_cases, **filters)
    st.caption(plain(f"{window.words()}。识别版本：{versions(window)}。"))
    if not count:
        show_nothing_yet("没有符合条件的诉求。", "可以放宽时段、单位或“哪一部分”。")
        return
    page = st.pagination(-(-count // PAGE_ROWS), key=f"page_{count}") if count > PAGE_ROWS else 1
    frame = ask(
        timeliness_answers.cases_with_answers, **filters, order=order or ORDERS[0], limit=PAGE_ROWS, offset=(page - 1) * PAGE_ROWS
    )
    shown = f"共{count}件" + (f"，本页第{(page - 1) * PAGE_ROWS + 1}至{(page - 1) * PAGE_ROWS + len(frame)}件" if page else "")
    st.caption(f"{shown}。点选一行查看原话、两种用时和原文链接。")
    rows = [seen(row) for row in records(frame)]
    place = tables.pick(rows, "cases", alt=f"诉求明细，共{count}件")
    about = window.about(versions(window)) | ({"只看": words_of(pick)} if pick else {}) | {"哪一部分": part}
    exports.offer("诉求明细", timeliness_frames.later(window, **narrowed), about, writers, key="cases")
    if place is None and len(frame) == 1:
        place = 0
    if place is not None:
        show_case(frame.iloc[place].to_dict(), window)


def seen(row: Mapping[str, Any]) -> dict[str, Any]:
    """One row of the list."""
    return {
        "收到时间": stamp(row["asked_at"]),
        "账号": row["account"],
        "平台": platform_name(int(row["platform"])),
        "类别": row["kind"],
        "状态": row["state"],
        "用时": both(row["wait"], row["working_wait"]) + ("起未复" if row["state"] == "尚未回复" else ""),
        "时限": stamp(row["due_at"], "—"),
        "诉求": short(mask_text(row["text"]), SHORT),
    }


def words_of(pick: Pick) -> str:
    """What was clicked, in words; a name is given only where it lies within the viewer's scope."""
    if pick.kind in ("日", "周"):
        return timeliness_picks.day_words(pick)
    if pick.kind == "用时":
        return f"{timeliness_picks.lasting(pick.number)}内已回复"
    if pick.kind == "时段":
        return f"{pick.number}时至{pick.number + 1}时收到"
    if pick.kind == "层级":
        return f"{pick.value}账号"
    if pick.kind == "平台":
        return platform_name(pick.number) if pick.number in tuple(range(1, 10)) and pick.number != 8 else "其他平台"
    return f"{pick.kind} {named(pick)}"


def named(pick: Pick) -> str:
    """The name of an account or unit of the scope."""
    frame: pd.DataFrame = ask(listing.ledger) if pick.kind == "账号" else ask(organizations.tree)
    key, label = ("account_id", "account") if pick.kind == "账号" else ("id", "name")
    found = frame[frame[key] == pick.number]
    if found.empty:
        return "(不在您的权限范围内)"
    row = found.iloc[0]
    return f"{row[label]}({platform_name(int(row['platform']))})" if pick.kind == "账号" else str(row[label])
