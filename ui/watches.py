"""监测方案: all watches with what they hit, and one of them with its hits, its forms and what may be done with it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from matrix.people import Right
from storage import watch_hits, watches
from storage.moments import OFFSET, beijing_day
from ui import exports, notices, signin, tables
from ui.ask import act, ask
from ui.cards import show_nothing_yet
from ui.clock import clock, stamp
from ui.drill_lists import LINK
from ui.exports import Writers
from ui.masks import mask_name, mask_text
from ui.records import records
from ui.watch_words import EDIT, EXAMPLES, NEW, RULE, asked, go, number, state_words, summary, terms
from ui.words import plain, platform_name, short

DAY, LISTED = 86400, 200
START = "watch_start"


def opened() -> bool:
    return bool(number())


def held(now: datetime) -> pd.DataFrame:
    """The watches of the viewer's scope, counted up to now."""
    moment = int(now.timestamp())
    today = beijing_day(moment) * DAY - OFFSET
    return ask(watches.watches, today=today, week=moment - 7 * DAY, month=moment - 30 * DAY, now=moment)


def show_list(now: datetime, writers: Writers) -> None:
    """Every watch in a line; a chosen one opens."""
    found = held(now)
    if asked():
        notices.show("没有这个监测方案，可能已删除，或不在您的权限范围内。现显示全部方案。", "info")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        start = st.selectbox("新建时从示例开始", list(EXAMPLES), key=START, width=220)
        words = f"{NEW}:{start}" if start and start != next(iter(EXAMPLES)) else NEW
        st.button("新建方案", icon=":material/add:", type="primary", on_click=go, args=(words,))
    if found.empty:
        show_nothing_yet(
            "还没有监测方案。",
            "监测方案按关键词、词组和表达式从评论、提及和私信中找出要盯的事，命中量明显高于平时就发预警。可先选一个示例，改成本地的说法再保存。",
        )
        return
    on, waiting = found[found["is_on"] == 1], found[(found["is_on"] == 1) & (found["filled"] < 1)]
    parts = [f"启用**{len(on)}**个", f"今日命中**{int(on['today'].sum()):,}**条", f"近30天预警**{int(found['alerts'].sum())}**次"]
    parts += [f"正在回查{len(waiting)}个，查完开始预警"] if len(waiting) else []
    st.markdown(" · ".join(parts))
    rows = list_rows(found, now)
    numbers = found["watch_id"].tolist()
    tables.press(rows, "watch_rows", "single-row", lambda place, _: go(str(numbers[place])), tables.counts(rows), alt="监测方案")
    st.caption("点一行查看命中和修改。同一条评论可命中几个方案；官方账号的话不计。")
    exports.offer("监测方案", pd.DataFrame(list_rows(found, now, length=0)), {"截至": stamp(now)}, writers)


def list_rows(found: pd.DataFrame, now: datetime, length: int = 26) -> list[dict[str, Any]]:
    return [
        {
            "方案": row["name"],
            "状态": state_words(row),
            "内容": short(summary(row), length) if length else summary(row),
            "今日命中": int(row["today"]),
            "近7天命中": int(row["week"]),
            "近30天预警": int(row["alerts"]),
            "最近命中": clock(row["last_hit_at"], now, "无"),
            "单位(含下级)": row["organization"],
            "修改": f"{row['changed_by']} {stamp(row['changed_at'])}",
        }
        for row in records(found)
    ]


def show_one(now: datetime, writers: Writers) -> None:
    """One watch: its state and terms, what it hit lately, its forms."""
    found = [row for row in records(held(now)) if int(row["watch_id"]) == number()]
    if not found:
        show_list(now, writers)
        return
    row = found[0]
    st.button("全部方案", icon=":material/arrow_back:", type="tertiary", on_click=go, args=("",))
    st.subheader(plain(row["name"]), anchor=False)
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{state_words(row)}** · {plain(row['organization'])}及其下级")
        for name, words in terms(row):
            st.markdown(f"{name}：{plain(words)}")
        st.caption(RULE)
    show_acts(row)
    moment = int(now.timestamp())
    counted = f"今日命中**{int(row['today'])}**条 · 近7天**{int(row['week'])}**条 · 近30天参与预警**{int(row['alerts'])}**次"
    st.markdown(counted)
    rows = hit_rows(ask(watch_hits.hits, watch_id=number(), since=0, until=moment + 1, limit=LISTED), now)
    if rows:
        tables.show(rows, "watch_hits", {"链接": LINK}, alt="命中的评论")
        st.caption(f"最近{len(rows)}条，姓名、电话、证件号已遮蔽。" if len(rows) == LISTED else "姓名、电话、证件号已遮蔽。")
        about = {"方案": str(row["name"]), "截至": stamp(now)}
        exports.offer("监测方案命中", pd.DataFrame(rows), about, writers)
    else:
        is_filling = float(row["filled"]) < 1 and row["is_on"]
        show_nothing_yet(
            "还没有命中的评论。", "正在回查过去60天的评论。" if is_filling else "可以点“修改”放宽关键词，并用预览核对。"
        )
    show_versions()


def hit_rows(found: pd.DataFrame, now: datetime) -> list[dict[str, Any]]:
    """Comments as they may be shown."""
    return [
        {
            "时间": clock(row["published_at"], now),
            "内容": mask_text(row["text"]),
            "网民": mask_name(row["author_name"]),
            "账号": row["account"],
            "平台": platform_name(int(row["platform"])),
            "单位": row["organization"],
            "链接": row["url"],
        }
        for row in records(found)
    ]


def show_acts(row: dict[str, Any]) -> None:
    """Change, pause or take up again, delete."""
    watch_id = int(row["watch_id"])
    with st.container(horizontal=True, gap="small"):
        st.button("修改", icon=":material/edit:", on_click=go, args=(f"{watch_id}{EDIT}",))
        label, icon = ("暂停", ":material/pause:") if row["is_on"] else ("恢复", ":material/play_arrow:")
        if st.button(label, icon=icon, key=f"switch_{watch_id}"):
            told = "已暂停，此间的评论在恢复时补查。" if row["is_on"] else "已恢复，正在补查暂停期间的评论。"
            attempt(f"{label}监测方案", watches.switch, row, told, not row["is_on"])
        if st.button("删除", icon=":material/delete:", key=f"delete_{watch_id}"):
            confirm_delete(row)


@st.dialog("删除监测方案")
def confirm_delete(row: dict[str, Any]) -> None:
    st.markdown(f"删除 **{plain(row['name'])}**？此后不再监测；已命中的评论、发过的预警和修改记录都保留。")
    if st.button("删除", type="primary", key="delete_watch_confirmed"):
        attempt("删除监测方案", watches.delete, row, "已删除，历史保留。")


def attempt(words: str, verb: Callable[..., None], row: dict[str, Any], told: str, *args: Any) -> None:
    """Do it with its line in the journal, and draw the page anew with what came of it."""
    viewer, name = signin.require(Right.WATCHES), str(row["name"])
    rest = (*args, viewer.person.login, signin.exact_now())
    try:
        act(Right.WATCHES, words, verb, viewer.scope, int(row["watch_id"]), *rest, subject=name, detail=summary(row))
    except (ValueError, PermissionError) as error:
        st.session_state["answer"] = (False, str(error))
    else:
        st.session_state["answer"] = (True, f"“{name}”{told}")
        if verb is watches.delete:
            go("")
    st.rerun()


def show_versions() -> None:
    """Who changed what and when."""
    found = records(ask(watches.versions, watch_id=number()))
    with st.expander(f"修改记录({len(found)})"):
        rows = [
            {
                "时间": stamp(row["at"]),
                "操作": row["act"],
                "操作人": row["by"],
                "名称": row["name"],
                "单位": row["organization"],
                "内容": summary(row),
            }
            for row in found
        ]
        tables.show(rows, "watch_versions", alt="监测方案的修改记录")
