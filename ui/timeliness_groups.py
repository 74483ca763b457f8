"""Who answers how fast: by unit, account, level, platform and hour, peers of one level beside each other and nobody else."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from matrix.account import LEVELS, Nature
from matrix.waiting import FLOOR
from storage.timeliness import Board
from ui import exports, tables, timeliness_frames
from ui.cards import show_nothing_yet
from ui.exports import Writers
from ui.records import records
from ui.timeliness_picks import Pick, on_kind, open_cases
from ui.timeliness_window import Window
from ui.timeliness_words import standing
from ui.words import platform_name

MOST_BARS = 20
UNITS, ACCOUNTS, BY_LEVEL, BY_PLATFORM, BY_HOUR = "单位", "账号", "层级", "平台", "收到时段"
KEYS = {UNITS: "organization_id", ACCOUNTS: "account_id", BY_LEVEL: "level", BY_PLATFORM: "platform"}
RANKED = (UNITS, ACCOUNTS)


class Charts(Protocol):
    """What the page hands in: `charts.response_groups`."""

    def comparison(
        self, frame: pd.DataFrame, names: Sequence[str], keys: Sequence[object], hours: int = 24, floor: int = FLOOR
    ) -> Any: ...

    def hours_of_day(self, frame: pd.DataFrame, hours: int = 24, floor: int = FLOOR) -> Any: ...


def show(window: Window, board: Board, charts: Charts, writers: Writers, about: Mapping[str, str]) -> None:
    """One table and one figure for the chosen way to compare."""
    st.subheader("分组对比", anchor=False)
    options = (UNITS, ACCOUNTS, BY_LEVEL, BY_PLATFORM, BY_HOUR)
    chosen = st.segmented_control(
        "对比", options, default=UNITS, required=True, key="by", bind="query-params", label_visibility="collapsed", wrap=True
    )
    by = chosen or UNITS
    if by == BY_HOUR:
        show_hours(window, board.by_hour, charts, writers, about)
        return
    frame = {UNITS: board.by_unit, ACCOUNTS: board.by_account, BY_LEVEL: board.by_level, BY_PLATFORM: board.by_platform}[by]
    if by in RANKED:
        frame, level = peers(frame)
        about = {**about, "对比": f"{level or '未填层级'}的{by}，同级之间比较"}
    show_groups(window, frame.reset_index(drop=True), by, charts, writers, about)


def peers(frame: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The rows of one level, chosen where there are several; the first among them in which there is somebody to compare."""
    counts = frame["level"].value_counts()
    levels = sorted(counts.index, key=lambda name: (LEVELS.index(name) if name in LEVELS else len(LEVELS), name))
    first = next((level for level in levels if counts[level] > 1), levels[0])
    labels = {f"{level or '未填层级'}({counts[level]})": level for level in levels}
    default = next(label for label, level in labels.items() if level == first)
    chosen = st.pills("同级", list(labels), default=default, required=True, key="peers", wrap=True)
    level = labels.get(chosen or default, first)
    return in_order(frame[frame["level"] == level]), str(level)


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Ranked ones first, then those with most cases."""
    return frame.sort_values(["rank", "n"], ascending=[True, False], na_position="last", kind="stable")


def show_groups(window: Window, frame: pd.DataFrame, by: str, charts: Charts, writers: Writers, about: Mapping[str, str]) -> None:
    is_person = frame["nature"] == Nature.OFFICIAL_PERSON if "nature" in frame else pd.Series(False, index=frame.index)
    drawn = frame[~is_person].head(MOST_BARS)
    notes = ["24小时回复率，短线为95%区间" if not window.is_working else "24个工作小时回复率，短线为95%区间"]
    if by in RANKED:
        notes.append("只在同级之间比较，样本不足的不排名")
    if is_person.any():
        notes.append("公职人员账号只列在表中，不参与排名")
    if len(frame) > len(drawn) + int(is_person.sum()):
        notes.append(f"图中为前{MOST_BARS}个，其余见表")
    st.caption("；".join(notes) + "。点一根柱或选一行查看其中的诉求。")
    key = KEYS[by]
    if (drawn["of_24"] >= FLOOR).any():
        st.plotly_chart(
            charts.comparison(drawn, [name_of(row, by) for row in records(drawn)], list(drawn[key])),
            key=f"bars_{by}",
            on_select=lambda: on_kind(f"bars_{by}", by),
            selection_mode="points",
            config={"displayModeBar": False},
            alt=f"按{by}的24小时回复率，共{len(drawn)}项",
        )
    rows = [seen(row, by, window.is_working) for row in records(frame)]
    show_rows(rows, [Pick(by, str(mark)) for mark in frame[key]], f"rows_{by}", f"按{by}的回复时效")
    narrowed = {"level": str(frame.iloc[0]["level"])} if by == ACCOUNTS and len(frame) else {}
    more = {"明细": timeliness_frames.later(window, **narrowed)}
    exports.offer(
        f"回复时效按{by}",
        lambda _db, _scope: timeliness_frames.groups(frame, window.is_working),
        about,
        writers,
        key=by,
        more=more,
    )


def name_of(row: Mapping[str, Any], by: str) -> str:
    """What stands beside a bar: an account's platform too, because one name is used on several."""
    if by == BY_PLATFORM:
        return platform_name(int(row["platform"]))
    if by == ACCOUNTS:
        return f"{row['account']}·{platform_name(int(row['platform']))[:2]}"
    return str(row[{UNITS: "organization", BY_LEVEL: "level"}[by]]) or "未填层级"


def seen(row: Mapping[str, Any], by: str, is_working: bool) -> dict[str, Any]:
    """One row of the table on the screen."""
    cells: dict[str, Any] = timeliness_frames.owners(row)
    if by == UNITS:
        cells = {"单位": cells["单位"], "账号数": int(row["accounts"])}
    if by == ACCOUNTS:
        cells = {name: cells[name] for name in ("账号", "平台", "单位")}
        if row["nature"] == Nature.OFFICIAL_PERSON:
            cells["账号"] += "(公职人员)"
    place = {"同级名次": standing(row)} if by in RANKED else {}
    return {**cells, **place, **timeliness_frames.seen(row, is_working)}


def show_rows(rows: list[dict[str, Any]], picks: list[Pick], key: str, alt: str) -> None:
    """A table whose chosen row opens its cases."""
    frame = pd.DataFrame(rows)
    st.dataframe(
        frame,
        hide_index=True,
        column_config=tables.widths(frame),
        height=tables.height_of(len(rows)),
        row_height=tables.ROW_HEIGHT,
        key=key,
        alt=alt,
        on_select=lambda: on_row(key, picks),
        selection_mode="single-row",
        placeholder="",
    )


def on_row(key: str, picks: list[Pick]) -> None:
    rows = (st.session_state.get(key) or {}).get("selection", {}).get("rows") or []
    if rows and rows[0] < len(picks):
        open_cases(pick=picks[rows[0]])


def show_hours(window: Window, frame: pd.DataFrame, charts: Charts, writers: Writers, about: Mapping[str, str]) -> None:
    if frame.empty:
        show_nothing_yet("没有可以对比的诉求。")
        return
    st.caption(
        f"按公众发出诉求的时刻(北京时间)。上：24小时回复率，到期诉求不足{FLOOR}件的不画点；下：收到的诉求。点一点查看其中的诉求。"
    )
    st.plotly_chart(
        charts.hours_of_day(frame),
        key="hours",
        on_select=lambda: on_kind("hours", "时段"),
        selection_mode="points",
        config={"displayModeBar": False},
        alt="一天中各时段收到的诉求和24小时回复率",
    )
    used = frame[frame["n"] > 0]
    rows = [
        {"收到时段": f"{int(row['hour'])}时", **timeliness_frames.seen(row, window.is_working, has_coverage=False)}
        for row in records(used)
    ]
    show_rows(rows, [Pick("时段", str(int(hour))) for hour in used["hour"]], "rows_hours", "各时段的回复时效")
    more = {"明细": timeliness_frames.later(window)}
    frame = timeliness_frames.by_hour(frame, window.is_working)
    exports.offer("回复时效按收到时段", frame, about, writers, key="hours", more=more)
