"""发布监测: figures whose bars and cells open their posts, what was changed or taken back, and the longest silences."""

from collections.abc import Mapping
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from storage import glance, publishing
from storage.publishing import ORDERS
from ui import exports, tables
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import beijing, span, stamp
from ui.exports import Writers
from ui.live import original
from ui.masks import mask_text
from ui.matrix_filters import Window
from ui.words import plain, platform_name, short

STILL = {"displayModeBar": False}
CELL = "cell"
SHOWN = 200
CHANGE_WORDS = {"edited": "修改", "deleted": "删除", "hidden": "不再公开"}
WEEKDAYS = "一二三四五六日"


class Charts(Protocol):
    """What the page hands in: `charts.publishing`, which this room may not import."""

    def volume(self, frame: pd.DataFrame) -> Any: ...

    def heat(self, frame: pd.DataFrame) -> Any: ...

    def mix(self, frame: pd.DataFrame) -> Any: ...

    def growth(self, frame: pd.DataFrame) -> Any: ...


def show_figures(window: Window, charts: Charts, writers: Writers) -> None:
    """Volume by day, then kinds and the hours of the week; a click on a cell lists its posts below."""
    daily, heat, kinds = (
        ask(glance.daily, **window.days),
        ask(publishing.heat, **window.seconds),
        ask(publishing.kinds, **window.seconds),
    )
    if not int(daily["posts"].sum()):
        show_nothing_yet(f"{window.period.words}没有采到发布。", "可以放宽时段或单位；也可在“采集状态”查看账号是否采到。")
        return
    total, own = int(daily["posts"].sum()), int(daily["originals"].sum())
    st.markdown(
        f"**发布{total}条**，其中原创和图文{own}条({own / total:.0%})、转发{total - own}条，"
        f"日均{total / window.period.days:.1f}条。"
    )
    st.plotly_chart(charts.volume(daily), key="volume", config=STILL, alt="每日发布条数，分原创和转发")
    exports.offer("每日发布", daily_rows(daily), window.about(), writers)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.subheader("发布时刻", anchor=False)
        st.caption("一周各时刻的发布条数，点一格查看其中的内容。")
        st.plotly_chart(
            charts.heat(heat),
            key="heat",
            on_select=open_cell,
            selection_mode="points",
            config=STILL,
            alt="按星期和小时的发布条数",
        )
        exports.offer("发布时刻", heat_rows(heat), window.about(), writers)
    with right:
        st.subheader("平台与体裁", anchor=False)
        st.plotly_chart(charts.mix(kinds), key="mix", config=STILL, alt="各平台的原创、图文和转发条数")
        exports.offer("平台与体裁", kind_rows(kinds), window.about(), writers)
    show_cell(window, writers)


def open_cell() -> None:
    """Keep the chosen cell in the address; runs before the page is drawn anew."""
    points = (st.session_state.get("heat") or {}).get("selection", {}).get("points") or []
    mark = points[0].get("customdata") if points else None
    while isinstance(mark, list | tuple) and mark and isinstance(mark[0], list | tuple):
        mark = mark[0]
    if mark is not None and len(mark) == 2:
        st.query_params[CELL] = f"{int(mark[0])}-{int(mark[1])}"
    elif CELL in st.query_params:
        del st.query_params[CELL]


def show_cell(window: Window, writers: Writers) -> None:
    """The posts of the cell that the address names."""
    weekday, mark, hour = st.query_params.get(CELL, "").partition("-")
    if not mark or not (weekday.isdecimal() and hour.isdecimal()) or int(weekday) > 6 or int(hour) > 23:
        return
    found = ask(publishing.posts, order="", limit=SHOWN, weekday=int(weekday), hour=int(hour), **window.seconds)
    st.subheader(f"周{WEEKDAYS[int(weekday)]}{int(hour)}时发布的内容({len(found)}条)", anchor=False)
    show_posts(found, "cell_posts", window.about() | {"时刻": f"周{WEEKDAYS[int(weekday)]}{int(hour)}时"}, writers)


def show_top(window: Window, charts: Charts, writers: Writers) -> None:
    """The posts that reached furthest; one row opens its words and how its counts grew."""
    order = st.segmented_control(
        "排序", list(ORDERS.values()), default=ORDERS["reads"], required=True, key="order", bind="query-params"
    )
    key = next((name for name, words in ORDERS.items() if words == order), "reads")
    found = ask(publishing.posts, order=key, limit=SHOWN, **window.seconds)
    if found.empty:
        show_nothing_yet(f"{window.period.words}没有采到发布。")
        return
    st.caption("传播数据只用于传播分析，不作为对单位和个人的考核依据。平台没有提供的数为空，不按零计。")
    place = show_posts(found, "top_posts", window.about() | {"排序": str(order)}, writers)
    show_post(found.iloc[place or 0].to_dict(), charts)


def show_posts(found: pd.DataFrame, key: str, about: Mapping[str, str], writers: Writers) -> int | None:
    rows = post_rows(found)
    place = tables.pick(rows, key=key, alt="发布内容") if rows else None
    exports.offer("发布内容", pd.DataFrame(rows), about, writers, key=key)
    return place


def post_rows(found: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "发布时间": stamp(row["published_at"]),
            "平台": platform_name(row["platform"]),
            "账号": row["account"],
            "内容": short(mask_text(row["title"] or row["text"]), 60),
            **{words: None if row[name] is None or row[name] != row[name] else int(row[name]) for name, words in ORDERS.items()},
            "状态": {"deleted": "已删除", "hidden": "不再公开"}.get(row["gone_kind"] or "", ""),
            "链接": row["url"],
        }
        for row in found.to_dict("records")
    ]


def show_post(row: Mapping[str, Any], charts: Charts) -> None:
    """One post in full, with the course of its counts."""
    with st.container(border=True):
        st.subheader(plain(short(row["title"] or row["text"], 40)), anchor=False)
        st.caption(
            f"{plain(row['account'])} · {platform_name(row['platform'])} · {stamp(row['published_at'])} {original(row['url'])}"
        )
        st.markdown(plain(short(mask_text(row["text"]), 600)) or "(无正文)")
        grown = ask(publishing.trend, post_id=int(row["post_id"]))
        if len(grown) > 1:
            st.plotly_chart(charts.growth(grown), key="growth", config=STILL, alt="这条内容各项传播数据的变化")
        else:
            st.caption("只有一次传播数据，还不能画出变化。")


def show_changes(window: Window, writers: Writers) -> None:
    """Edited and withdrawn posts with both wordings and the minutes in public."""
    found = ask(publishing.changes, **window.seconds)
    if found.empty:
        show_nothing_yet(f"{window.period.words}发布的内容中，没有发现修改或撤下。", "撤下以平台详情接口证实为准。")
        return
    rows = [
        {
            "发现时间": stamp(row["at"]),
            "变化": CHANGE_WORDS[row["what"]],
            "公开时长": f"不超过{span(row['minutes_public'] * 60)}",
            "平台": platform_name(row["platform"]),
            "账号": row["account"],
            "原文": short(mask_text(row["before"] or row["title"]), 60),
            "改后": short(mask_text(row["after"]), 60),
            "发布时间": stamp(row["published_at"]),
            "链接": row["url"],
        }
        for row in found.to_dict("records")
    ]
    place = tables.pick(rows, key="changes", alt="修改和撤下")
    exports.offer("修改和撤下", pd.DataFrame(rows), window.about(), writers)
    chosen = found.iloc[place or 0]
    left, right = st.columns(2, gap="medium")
    for column, words, text in ((left, "原文", chosen["before"]), (right, "改后", chosen["after"])):
        with column, st.container(border=True):
            st.caption(words)
            st.markdown(plain(mask_text(str(text))) or ("(已撤下)" if words == "改后" else "(无正文)"))


def show_gaps(window: Window, writers: Writers) -> None:
    """The longest silence of every account in the period."""
    found = ask(publishing.gaps, **window.seconds)
    if found.empty:
        show_nothing_yet("没有账号符合筛选条件。")
        return
    st.caption("时段内两次发布之间(含时段两端)最长的间隔。是否超期、是否看得到，见“更新检查”。")
    rows = [
        {
            "账号": row["account"],
            "平台": platform_name(row["platform"]),
            "单位": row["organization"],
            "最长间隔": span(row["seconds"]),
            "间隔天数": round(row["seconds"] / 86400, 1),
            "自": stamp(row["begin"]),
            "至": stamp(row["end"]),
            "时段内发布": row["posts"],
        }
        for row in found.to_dict("records")
    ]
    tables.show(rows, key="gaps", alt="各账号的最长发布间隔")
    exports.offer("发布间隔", pd.DataFrame(rows), window.about(), writers)


def daily_rows(daily: pd.DataFrame) -> pd.DataFrame:
    days = [f"{beijing(int(day) * 86400):%Y-%m-%d}" for day in daily["day"]]
    return pd.DataFrame({"日期": days, "发布": daily["posts"], "原创和图文": daily["originals"]}).assign(
        转发=lambda f: f["发布"] - f["原创和图文"]
    )


def heat_rows(heat: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {"星期": [f"周{WEEKDAYS[int(day)]}" for day in heat["weekday"]], "小时": heat["hour"], "发布": heat["posts"]}
    )


def kind_rows(kinds: pd.DataFrame) -> pd.DataFrame:
    names = {"original": "原创", "article": "图文", "repost": "转发"}
    return pd.DataFrame(
        {
            "平台": [platform_name(int(number)) for number in kinds["platform"]],
            "体裁": [names.get(kind, kind) for kind in kinds["kind"]],
            "发布": kinds["posts"],
        }
    )
