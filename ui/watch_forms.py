"""The form of a watch, with a look at its past before it is saved."""

from datetime import datetime

import pandas as pd
import streamlit as st

from matrix.people import Right
from matrix.watch import LONGEST_NAME, Typed
from matrix.watch_pattern import USABLE
from storage import organizations, watches
from storage.watches import Wish
from ui import filters, notices, signin, watch_preview
from ui.ask import act, ask, fresh
from ui.records import records
from ui.watch_words import EDIT, EXAMPLES, NEW, RULE, asked, go, number, summary, typed_of
from ui.watches import held
from ui.words import plain

LONGEST = 2000


def is_open() -> bool:
    return asked().partition(":")[0] == NEW or (asked().endswith(EDIT) and number() > 0)


def show(now: datetime) -> None:
    """The fields, filled with what holds or with the example; below them the preview, once it was asked for."""
    row = next((one for one in records(held(now)) if int(one["watch_id"]) == number()), None) if number() else None
    if number() and row is None:
        notices.refuse("没有这个监测方案，可能已删除，或不在您的权限范围内。")
        return
    example = asked().partition(":")[2]
    typed = typed_of(row) if row else EXAMPLES.get(example, Typed())
    name = str(row["name"]) if row else (example if example in EXAMPLES else "")
    back = str(number()) if row else ""
    st.button("返回", icon=":material/arrow_back:", type="tertiary", on_click=leave, args=(back,))
    st.subheader(f"修改“{plain(name)}”" if row else "新建方案", anchor=False)
    labels = filters.tree_labels(ask(organizations.tree))
    units = list(labels)
    here = next((place for place, unit in enumerate(units) if row and labels[unit] == row["organization_id"]), 0)
    with st.form(f"watch_{asked()}"):
        first, second = st.columns(2)
        title = first.text_input("方案名称", name, max_chars=LONGEST_NAME, autocomplete="off")
        unit = second.selectbox("监测单位(含全部下级)", units, index=here)
        words = st.text_area("关键词(任一)", typed.words, max_chars=LONGEST, height=80, placeholder="停水、断水、没水")
        groups = st.text_area(
            "词组(一行一组，每组至少有一个词)", typed.groups, max_chars=LONGEST, height=80, placeholder="学校、幼儿园\n食堂、饭菜"
        )
        out = st.text_area("排除词(有任一就不算)", typed.exclusions, max_chars=LONGEST, height=68, placeholder="演练、宣传")
        hint = f"可不填。可用的写法：{USABLE}。例如“停.{{0,5}}水”表示“停”和“水”之间最多隔5个字。只看每条前500字。"
        pattern = st.text_input(
            "表达式(与关键词是“或者”)", typed.pattern, max_chars=LONGEST, help=plain(hint), autocomplete="off"
        )
        st.caption(f"词与词之间用顿号、逗号或空格隔开；不分全角半角和大小写。{RULE}")
        with st.container(horizontal=True, gap="small"):
            is_preview = st.form_submit_button("预览过去60天", icon=":material/history:")
            is_saved = st.form_submit_button("保存", type="primary", icon=":material/save:")
    wish = Wish(labels[unit or units[0]], title.strip(), Typed(words.strip(), groups.strip(), out.strip(), pattern.strip()))
    if is_preview:
        watch_preview.ask_for(wish, signin.require(Right.WATCHES))
    if is_saved:
        save(wish, number(), expected=int(row["version"]) if row else 0)
    watch_preview.show(wish, now)


def leave(plan: str) -> None:
    watch_preview.forget()
    go(plan)


def save(wish: Wish, watch_id: int, expected: int) -> None:
    """Make or change the watch; after a refusal the form stays as it is."""
    viewer = signin.require(Right.WATCHES)
    by, now = viewer.person.login, signin.exact_now()
    typed = wish.typed
    row = {"words": typed.words, "groups": typed.groups, "exclusions": typed.exclusions, "pattern": typed.pattern}
    name, told = wish.name, summary(row)
    try:
        if watch_id:
            args = (viewer.scope, watch_id, wish, expected, by, now)
            act(Right.WATCHES, "修改监测方案", watches.change, *args, subject=name, detail=told)
        else:
            args = (viewer.scope, wish, by, now)
            watch_id = act(Right.WATCHES, "新建监测方案", watches.add, *args, subject=name, detail=told)
    except (ValueError, PermissionError) as error:
        notices.refuse(plain(str(error)))
        return
    watch_preview.forget()
    state = next((one for one in records(held_now(now)) if int(one["watch_id"]) == watch_id), None)
    is_filling = state is not None and float(state["filled"]) < 1 and state["is_on"]
    more = "正在回查过去60天的评论，查完就开始预警。" if is_filling else ""
    st.session_state["answer"] = (True, f"监测方案“{name}”已保存。{more}")
    go(str(watch_id))
    st.rerun()


def held_now(now: datetime) -> pd.DataFrame:
    """As `held`, asked anew: it was changed this very moment."""
    moment = int(now.timestamp())
    return fresh(watches.watches, today=moment, week=moment, month=moment, now=moment)
