"""发布监测: figures whose bars and cells open their posts, what reached far, what was changed or taken back, silences."""

from typing import Any, Protocol

import pandas as pd
import streamlit as st

from matrix.percent import whole_percent
from storage import publishing, publishing_changes
from storage.publishing import ORDERS
from ui import drill, exports, tables
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import day_of, stamp
from ui.drill import KINDS, WEEKDAYS
from ui.drill_lists import LINK, cut, post_rows
from ui.drill_post import CHANGES, public_words
from ui.exports import Writers
from ui.matrix_filters import Window
from ui.records import records
from ui.words import platform_name

STILL = {"displayModeBar": False}
FIGURES, TOP, CHANGED = "概览", "传播", "修改和撤下"
SHOWN = 200
NOT_MEASURE = "传播数据只用于传播分析，不作为对单位和个人的考核依据；平台没有提供的数为空，不按零计。"


class Charts(Protocol):
    """What the page hands in: `charts.publishing`, which this room may not import."""

    def volume(self, frame: pd.DataFrame) -> Any: ...

    def heat(self, frame: pd.DataFrame) -> Any: ...

    def mix(self, frame: pd.DataFrame) -> Any: ...


def show_figures(window: Window, charts: Charts, writers: Writers) -> None:
    """Volume by day, kinds by platform, the hours of the week; a click on a bar or cell lists its posts."""
    found: publishing.Figures = ask(publishing.figures, **window.seconds)
    total = int(found.daily["posts"].sum())
    if not total:
        show_nothing_yet(f"{window.period.words}没有采到发布。", "可以放宽时段或单位；也可在“采集状态”查看账号是否采到。")
        return
    show_head(window, total, int(found.daily["originals"].sum()))
    st.caption("点柱或格查看其中的内容。")
    draw(charts.volume(found.daily), "volume", on_day, f"每日发布条数，分原创和转发，共{total}条")
    exports.offer("每日发布", daily_rows(found.daily), window.about(), writers)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("平台与体裁", anchor=False)
        draw(charts.mix(found.kinds), "mix", on_kind, "各平台的原创、转发和图文条数")
        exports.offer("平台与体裁", kind_rows(found.kinds), window.about(), writers)
    with right:
        st.subheader("发布时刻", anchor=False)
        show_hours(found, window, charts, writers)


def show_hours(found: publishing.Figures, window: Window, charts: Charts, writers: Writers) -> None:
    """The hours of the week; what has a date and no time is counted beside them and in none of them."""
    left_out = f"另有{found.timeless:,}条只有日期、没有时刻，不计入" if found.timeless else ""
    if len(found.heat):
        st.caption(heat_words(found.heat))
        draw(charts.heat(found.heat), "heat", on_cell, "按星期和小时的发布条数")
        about = window.about() | ({"未计入": left_out} if left_out else {})
        exports.offer("发布时刻", heat_rows(found.heat), about, writers)
    if left_out:
        st.button(left_out, key="timeless", type="tertiary", icon=":material/chevron_right:", icon_position="right",
                  on_click=drill.enter, args=(FIGURES, "posts", "", "w"))  # fmt: skip


def draw(figure: Any, key: str, on_press: Any, alt: str) -> None:
    st.plotly_chart(figure, key=key, on_select=lambda: on_press(mark_of(key)), selection_mode="points", config=STILL, alt=alt)


def mark_of(key: str) -> Any:
    """The `customdata` of what was clicked; the browser wraps it in lists of one."""
    points = (st.session_state.get(key) or {}).get("selection", {}).get("points") or []
    mark = points[0].get("customdata") if points else None
    while isinstance(mark, list | tuple) and len(mark) == 1:
        mark = mark[0]
    return mark


def on_day(mark: Any) -> None:
    if isinstance(mark, int | float):
        drill.enter(FIGURES, "posts", "", f"d{int(mark)}")


def on_kind(mark: Any) -> None:
    if isinstance(mark, list | tuple) and len(mark) == 2:
        drill.enter(FIGURES, "posts", "", f"k{int(mark[0])}-{mark[1]}")


def on_cell(mark: Any) -> None:
    if isinstance(mark, list | tuple) and len(mark) == 2:
        drill.enter(FIGURES, "posts", "", f"c{int(mark[0])}-{int(mark[1])}")


def show_head(window: Window, total: int, own: int) -> None:
    """The sums in words and numbers; each opens its rows."""
    facts = (
        ("发布", f"{total:,}", f"日均{total / window.period.days:,.1f}条", ""),
        ("原创和图文", f"{own:,}", f"占{whole_percent(own, total)}%", "k0-own"),
        ("转发", f"{total - own:,}", f"占{whole_percent(total - own, total)}%", "k0-repost"),
    )
    with st.container(horizontal=True, gap="small"):
        for words, value, told, part in facts:
            with st.container(border=True, gap="xsmall", width="stretch"):
                st.metric(words, value, told, delta_color="off", delta_arrow="off")
                st.button("查看明细", key=f"head_{words}", type="tertiary", icon=":material/chevron_right:",
                          icon_position="right", on_click=drill.enter, args=(FIGURES, "posts", "", part))  # fmt: skip


def show_top(window: Window, writers: Writers) -> None:
    """The posts that reached furthest; one row opens its words and how its counts grew."""
    order = drill.pick_one("排序", tuple(ORDERS.values()), ORDERS["reads"], "order")
    key = next(name for name, words in ORDERS.items() if words == order)
    found = ask(publishing.posts, order=key, limit=SHOWN, **window.seconds)
    if found.empty:
        show_nothing_yet(f"{window.period.words}没有采到发布。", "可以放宽时段或单位。")
        return
    untold = f"这些内容都没有{order}数，按发布时间排列。" if found[key].isna().all() else ""
    first = f"前{SHOWN}条。" if len(found) == SHOWN else f"共{len(found)}条。"
    st.caption(f"{first}{untold}点一行查看全文和传播数据的变化。{NOT_MEASURE}")
    rows = post_rows(found)

    def opened(place: int, _heading: str) -> None:
        drill.enter(TOP, "post", str(int(found.iloc[place]["post_id"])))

    tables.press(rows, f"top_{key}", "single-row", opened, tables.counts(rows) | {"链接": LINK}, alt="发布内容")
    about = window.about() | {"排序": order, "说明": NOT_MEASURE}
    exports.offer("传播", pd.DataFrame(post_rows(found, length=0)), about, writers)


def show_changes(window: Window, writers: Writers) -> None:
    """Edited and withdrawn posts; one row opens both wordings."""
    found = ask(publishing_changes.changes, **window.seconds)
    if found.empty:
        show_nothing_yet(f"{window.period.words}发布的内容中，没有发现修改或撤下。", "撤下以平台详情接口证实为准。")
        return
    rows = change_rows(found, 24)
    numbers = found["what"].value_counts()
    told = "，".join(f"{words}{int(numbers[what])}处" for what, words in CHANGES.items() if what in numbers)
    st.caption(f"{told}。点一行对照改前和改后。“不超过”从发布算到系统发现；后续修改的公开时长为约数。")

    def opened(place: int, _heading: str) -> None:
        drill.enter(CHANGED, "post", str(int(found.iloc[place]["post_id"])))

    tables.press(rows, "changes", "single-row", opened, {"链接": LINK}, alt="修改和撤下")
    exports.offer("修改和撤下", pd.DataFrame(change_rows(found, 0)), window.about(), writers)


def change_rows(found: pd.DataFrame, length: int) -> list[dict[str, Any]]:
    return [
        {
            "发现时间": stamp(row["at"]),
            "变化": CHANGES[row["what"]],
            "公开时长": public_words(row).removeprefix("公开"),
            "账号": row["account"],
            "原文": cut(row["before"] or row["title"], length),
            "改后": cut(row["after"], length) if row["what"] == "edited" else "",
            "平台": platform_name(row["platform"]),
            "发布时间": stamp(row["published_at"]),
            "链接": row["url"],
        }
        for row in records(found)
    ]


def daily_rows(daily: pd.DataFrame) -> pd.DataFrame:
    days = [day_of(int(day)) for day in daily["day"]]
    reposts = daily["posts"] - daily["originals"]
    return pd.DataFrame({"日期": days, "发布": daily["posts"], "原创和图文": daily["originals"], "转发": reposts})


def heat_words(heat: pd.DataFrame) -> str:
    """Where most of it lies: the fullest cell, the day's working hours, the week's end."""
    total, top = int(heat["posts"].sum()), heat.loc[heat["posts"].idxmax()]
    day = int(heat.loc[heat["hour"].between(8, 17), "posts"].sum())
    rest = int(heat.loc[heat["weekday"] > 4, "posts"].sum())
    most = f"最多的是周{WEEKDAYS[int(top['weekday'])]}{int(top['hour'])}时，{int(top['posts']):,}条"
    return f"{most}；8时至18时占{whole_percent(day, total)}%，周六周日占{whole_percent(rest, total)}%。"


def heat_rows(heat: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {"星期": [f"周{WEEKDAYS[int(day)]}" for day in heat["weekday"]], "小时": heat["hour"], "发布": heat["posts"]}
    )


def kind_rows(kinds: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "平台": [platform_name(int(number)) for number in kinds["platform"]],
            "体裁": [KINDS.get(kind, kind) for kind in kinds["kind"]],
            "发布": kinds["posts"],
        }
    )
