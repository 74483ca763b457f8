"""发布间隔: the longest silence of every account within what could be seen of a period."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from matrix.account import Route
from storage import publishing_changes
from ui import drill, exports, tables
from ui.ask import ask, shaped
from ui.cards import show_nothing_yet
from ui.clock import span, stamp
from ui.drill_account import marks
from ui.exports import Writers
from ui.matrix_filters import Window
from ui.records import records
from ui.words import platform_name

GAPS = "发布间隔"


@dataclass(frozen=True, slots=True)
class Listed:
    """The longest silences of a window, as they are sent to the browser."""

    found: pd.DataFrame
    rows: pd.DataFrame
    sheet: tables.Sheet


def gaps_of(window: Window) -> Listed:
    found = ask(publishing_changes.gaps, **(window.seconds | {"until": window.period.until}))
    rows = [
        {
            "账号": row["account"] + marks(row),
            "平台": platform_name(row["platform"]),
            "最长间隔(天)": None if row["seconds"] != row["seconds"] else round(row["seconds"] / 86400, 1),
            "自": stamp(row["begin"], "—"),
            "至": stamp(row["end"], "—"),
            "说明": sight_words(row, window),
            "单位": row["organization"],
        }
        for row in records(found)
    ]
    columns = {"最长间隔(天)": st.column_config.NumberColumn(width=110, format="%.1f")}
    return Listed(found, pd.DataFrame(rows), tables.sheet(rows, columns))


def show_gaps(window: Window, writers: Writers) -> None:
    """The longest silence of every account within what we saw of the period."""
    listed = shaped(gaps_of, window=window)
    if listed.found.empty:
        show_nothing_yet("没有账号符合筛选条件。", "可以放宽单位、条线、地区、层级或平台。")
        return
    st.caption("时段内能看到的范围里，两次发布之间最长的间隔。看不到的不算间隔；公职人员和仅登记的账号列在最后。")

    def opened(place: int, _heading: str) -> None:
        drill.enter(GAPS, "account", f"a{int(listed.found.iloc[place]['account_id'])}")

    tables.press(listed.sheet, "gaps", "single-row", opened, alt="各账号的最长发布间隔")
    exports.offer("发布间隔", listed.rows, window.about(), writers)


def sight_words(row: Mapping[str, Any], window: Window) -> str:
    """What of the period was seen, where that is not all of it, and whether the silence goes on."""
    if row["seconds"] != row["seconds"] or row["seconds"] is None:
        return "仅登记，看不到" if row["route"] == Route.NONE else "时段内没有采到过"
    late = window.period.until - int(row["seen_to"])
    parts = [f"自{stamp(row['seen_from'])[:10]}起能看到"] if row["seen_from"] > window.period.since else []
    parts += [f"采集停在{span(late)}之前"] if late > 86400 else []
    is_silent = row["end"] == row["seen_to"] and late <= 86400 and row["seconds"] > 86400
    is_over = window.seconds["until"] <= window.now
    parts += ["到时段末仍未发布" if is_over else "至今未发布"] if is_silent else []
    return "，".join(parts)
