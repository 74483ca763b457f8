"""日清日结台账: today at a glance, each day below, the units of one day, and the cases behind every number."""

from typing import Any

import pandas as pd
import streamlit as st

from storage import cases_daily, organizations
from storage.cases_daily import PARTS, WORDS
from ui import daily_rows, exports, filters, freshness, notices, signin, tables
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import clock, day_of
from ui.daily_rows import DAY, pick_cell, picked
from ui.exports import Writers
from ui.periods import Period
from ui.words import plain

ALWAYS = ("brought", "received", "settled", "carried", "overdue", "unknown")
HEADLINE = {"received": "收到", "settled": "办结", "carried": "结转", "overdue": "结转中超时"}
DEFINITION = (
    "收到：当日提出的诉求；办结：当日得到实质答复，或经人工核实办结、认定无需回复、已另行回应；结转：当日结束时仍未办结，"
    "且收到未满30日；超时：结转中已过时限、且确知尚未回复的；情况不明：所在讨论没有采全，不能判定是否已回复。"
    "上日结转＋收到＋重新打开－办结－满30日移出＝结转。今日的数字每五分钟更新一次。"
)


def show(writers: Writers) -> None:
    """Filters, the four numbers of the last day, the days, the units of the chosen day, the cases behind a number."""
    freshness.stand_still()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        period = filters.pick_period("近7天")
        unit = filters.pick_root()
    now = int(signin.figures_now().timestamp())
    wanted = {"since": period.since, "until": period.until, "now": now, "organization_id": unit}
    try:
        frame: pd.DataFrame = ask(cases_daily.daily, **wanted)
    except ValueError as error:
        notices.refuse(plain(str(error)))
        return
    if frame.empty:
        show_nothing_yet(
            f"{period.words}没有诉求，也没有结转。", "可以放宽时段或单位；诉求采到后由采集程序识别，通常在几分钟内。"
        )
        return
    every = range(cases_daily.beijing_day(period.since), cases_daily.beijing_day(period.until - 1) + 1)
    days = frame.groupby("day")[list(PARTS)].sum().reindex(every, fill_value=0)
    show_headline(days, int(days.index[-1]))
    show_days(days)
    st.caption(plain(DEFINITION))
    chosen = chosen_day(days)
    show_units(frame[frame["day"] == chosen], chosen)
    offer(frame, period, unit, writers)
    daily_rows.show(now, unit, writers)


def chosen_day(days: pd.DataFrame) -> int:
    """The day whose units are shown: the one that was clicked, else the last."""
    asked = st.query_params.get(DAY, "")
    day = int(asked) if asked.isdecimal() and len(asked) < 7 else -1
    return day if day in days.index else int(days.index[-1])


def show_headline(days: pd.DataFrame, day: int) -> None:
    """收到, 办结, 结转, 其中超时 of the last day, each with its course over the period."""
    name = "今日" if day == cases_daily.beijing_day(int(signin.now().timestamp())) else day_of(day)
    with st.grid(4, min_column_width=150):
        for part, words in HEADLINE.items():
            st.metric(
                f"{name}{words}",
                f"{int(days.loc[day, part]):,} 件",
                border=True,
                chart_data=days[part].tolist() if len(days) > 1 else None,
                chart_type="bar",
                height="stretch",
            )


def columns_of(frame: pd.DataFrame) -> list[str]:
    """The parts that are shown: the rare ones only where they occur."""
    return [part for part in PARTS if part in ALWAYS or frame[part].any()]


def rows_of(frame: pd.DataFrame, heads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    parts = columns_of(frame)
    return [
        head | {WORDS[part]: int(value) for part, value in zip(parts, row, strict=True)}
        for head, row in zip(heads, frame[parts].itertuples(index=False), strict=True)
    ]


def show_days(days: pd.DataFrame) -> None:
    """One row for each day, the newest first; every number opens its cases."""
    newest = days.iloc[::-1]
    heads: list[dict[str, Any]] = [{"日期": day_of(int(day))} for day in newest.index]
    st.subheader("每日", anchor=False)
    st.caption("点任一数字，在页面下方列出这些诉求；点日期，查看当日各单位。")

    def pressed(place: int, heading: str) -> None:
        pick_cell(int(newest.index[place]), heading, 0)

    rows = rows_of(newest, heads)
    tables.press(rows, "daily_days", "single-cell", pressed, tables.counts(rows), alt="每日收到、办结和结转")


def show_units(frame: pd.DataFrame, day: int) -> None:
    """The units of one day, those that carry most first."""
    ordered = frame.sort_values(["overdue", "carried", "received"], ascending=False)
    heads: list[dict[str, Any]] = [{"单位": name} for name in ordered["organization"]]
    st.subheader(f"{day_of(day)} 各单位", anchor=False)

    def pressed(place: int, heading: str) -> None:
        pick_cell(day, heading, int(ordered.iloc[place]["organization_id"]))

    rows = rows_of(ordered, heads)
    tables.press(
        rows, f"daily_units_{day}", "single-cell", pressed, tables.counts(rows), alt="各单位收到、办结和结转", pinned="单位"
    )


def offer(frame: pd.DataFrame, period: Period, unit: int, writers: Writers) -> None:
    """The whole book as a file: every day and unit."""
    names = ask(organizations.tree).set_index("id")["name"].to_dict()
    about = {
        "时段": period.words,
        "单位": str(names.get(unit, "权限范围内全部单位")),
        "截至": clock(signin.figures_now(), signin.now()),
        "口径": DEFINITION,
    }
    exports.offer("日清日结台账", lambda _db, _scope: table(frame), about, writers, key="daily")
    if picked() is None:
        st.caption("每一行是一个单位的一天；下载的文件含全部日期和单位。")


def table(frame: pd.DataFrame) -> pd.DataFrame:
    """The book in the words of the page."""
    days = [day_of(int(day)) for day in frame["day"]]
    return pd.DataFrame(
        {"日期": days, "单位": frame["organization"].tolist(), **{WORDS[part]: frame[part].tolist() for part in PARTS}}
    )
