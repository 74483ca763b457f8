"""阈值: what holds now, the slider that needs no labels, every number by itself, and each change with its reason."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from matrix.alert import Thresholds, thresholds_for
from matrix.people import Right
from storage import alert_thresholds
from storage.alert_thresholds import PAST_DAYS, Past
from ui import dialogs, exports, notices, signin, tables
from ui.ask import act, ask
from ui.cards import show_nothing_yet
from ui.clock import stamp
from ui.exports import Writers
from ui.masks import mask_text
from ui.records import records
from ui.signin import Viewer
from ui.words import plain

WORDS = {
    "raised": ("发生预警的得分", "异动得分达到这个数，发生预警"),
    "held": ("维持预警的得分", "得分不低于这个数，预警维持不回落"),
    "falling_after": ("转为回落(分钟)", "低于维持得分这么久，转为回落"),
    "closed_after": ("转为结束(分钟)", "低于维持得分这么久，预警结束"),
    "orange_score": ("橙色的得分", "得分和超出条数都达到，为橙色"),
    "orange_excess": ("橙色的超出条数", "比预期多出的条数"),
    "red_score": ("红色的得分", "得分和超出条数都达到，且为近期之最，为红色"),
    "red_excess": ("红色的超出条数", "比预期多出的条数"),
    "negative_share": ("负面占比", "窗口内负面占比达到这个数，升一级(0.5即一半)"),
    "negative_least": ("负面占比至少已读(条)", "读过倾向的评论少于这个数，不看负面占比"),
    "heavy": ("重点账号的权重", "账号权重达到这个数，升一级"),
}
WHOLE = {"falling_after", "closed_after", "negative_least"}
SLIDER = (0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 15.0, 20.0, 30.0, 50.0)


def show(viewer: Viewer, writers: Writers) -> None:
    dialogs.show_answer()
    past: Past = ask(alert_thresholds.past, now=int(signin.figures_now().timestamp()) // 3600 * 3600)
    settings = ask(alert_thresholds.history)
    held = held_of(settings)
    st.caption("阈值对全部单位生效。得分衡量评论偏离平时的程度，同一得分在忙的账号和闲的账号上意义相同。")
    may_set = viewer.may(Right.ALERTS) and ask(alert_thresholds.sees_all)
    if may_set:
        show_slider(past, held)
    else:
        st.caption("调整阈值须有“处置预警”权限，且权限范围包含全部单位；您可以查看。")
    show_held(held, may_set)
    show_history(settings, writers)


def held_of(settings: pd.DataFrame) -> Thresholds:
    """What holds now, out of the newest setting."""
    if settings.empty:
        return Thresholds()
    row = records(settings.head(1))[0]
    told: dict[str, Any] = {name: int(row[name]) if name in WHOLE else float(row[name]) for name in WORDS}
    return Thresholds(**told)


def show_slider(past: Past, held: Thresholds) -> None:
    """每天约 N 条: one number that everybody understands sets all scores, with what the past says of it."""
    st.subheader("每天大约要多少条预警", anchor=False)
    if not past.days or not len(past.scores):
        show_nothing_yet("监测程序还没有积累出可供推算的得分。", f"运行一两天后，可以按近{PAST_DAYS}天的情况推算。")
        return
    days = f"过去{past.days:.0f}天" if past.days >= 1 else f"过去{past.days * 24:.0f}小时"
    now_open = past.would_open(held)
    st.markdown(f"按现行阈值，{days}会有**{now_open:,}条**，{daily(now_open, past.days)}。")
    chosen = st.select_slider(
        "每天约", SLIDER, value=nearest(now_open / past.days), format_func=lambda one: f"{one:g}条", key="per_day"
    )
    wanted = thresholds_for(float(chosen), (past.buckets, past.series, past.scores), past.days, held)
    wanted = replace(
        wanted, **{name: round(getattr(wanted, name), 2) for name in ("raised", "held", "orange_score", "red_score")}
    )
    count = past.would_open(wanted)
    st.markdown(
        f"选“每天约{chosen:g}条”：发生预警的得分由{held.raised:g}调为**{wanted.raised:g}**，{days}会有**{count:,}条**，"
        f"{daily(count, past.days)}。"
    )
    st.caption("逐个对象推算；同一事由涉及多个对象时会并为一条，实际不多于此。级别的得分按同一比例调整。")
    with st.form("per_day_save", border=False):
        reason = st.text_input("调整的原因", max_chars=200, autocomplete="off", key="per_day_reason")
        if st.form_submit_button("按此调整", type="primary"):
            save(wanted, reason, float(chosen))


def daily(count: int, days: float) -> str:
    return f"每天约{count / days:.1f}条"


def nearest(per_day: float) -> float:
    return min(SLIDER, key=lambda one: abs(one - per_day))


def show_held(held: Thresholds, may_set: bool) -> None:
    """Every number with what it means; whoever may, changes single ones."""
    st.subheader("现行阈值", anchor=False)
    usual = Thresholds()
    rows = [
        {"阈值": words, "现行": f"{getattr(held, name):g}", "预设": f"{getattr(usual, name):g}", "含义": meaning}
        for name, (words, meaning) in WORDS.items()
    ]
    tables.show(rows, "thresholds_held", alt="现行阈值")
    if may_set and st.button("逐项调整", icon=":material/tune:"):
        change(held)


@st.dialog("逐项调整阈值", width="medium", on_dismiss="rerun")
def change(held: Thresholds) -> None:
    with st.form("thresholds", border=False):
        columns = st.columns(2)
        typed: dict[str, Any] = {}
        for place, (name, (words, meaning)) in enumerate(WORDS.items()):
            with columns[place % 2]:
                typed[name] = number(name, words, meaning, getattr(held, name))
        reason = st.text_input("调整的原因", max_chars=200, autocomplete="off")
        is_sent = st.form_submit_button("保存", type="primary")
    if is_sent:
        save(Thresholds(**typed), reason, None)


def number(name: str, words: str, meaning: str, value: float) -> float:
    if name in WHOLE:
        return int(st.number_input(words, 1, 20000, value=int(value), step=1, help=meaning, key=f"threshold_{name}"))
    return float(
        st.number_input(words, 0.0, 5000.0, value=float(value), step=0.1, format="%g", help=meaning, key=f"threshold_{name}")
    )


def save(wanted: Thresholds, reason: str, per_day: float | None) -> None:
    viewer, now = signin.require(Right.ALERTS), int(signin.exact_now().timestamp())
    told = "，".join(f"{words}{getattr(wanted, name):g}" for name, (words, _) in WORDS.items())
    try:
        args = (viewer.scope, wanted, reason, viewer.person.login, now, per_day)
        act(Right.ALERTS, "调整预警阈值", alert_thresholds.set_thresholds, *args, detail=f"{told}。原因：{mask_text(reason)}")
    except (ValueError, PermissionError) as error:
        notices.refuse(plain(str(error)))
        return
    st.session_state["answer"] = (True, "阈值已调整，从监测程序的下一次运行起生效。")
    st.rerun()


def show_history(settings: pd.DataFrame, writers: Writers) -> None:
    if settings.empty:
        return
    st.subheader("调整记录", anchor=False)
    rows = [
        {
            "时间": stamp(row["set_at"]),
            "由": row["set_by"],
            "方式": "逐项调整" if row["per_day"] is None or row["per_day"] != row["per_day"] else f"每天约{row['per_day']:g}条",
            **{words: f"{row[name]:g}" for name, (words, _) in WORDS.items()},
            "原因": mask_text(row["reason"]),
        }
        for row in records(settings)
    ]
    tables.show(rows, "thresholds_history", alt="阈值的调整记录")
    exports.offer("阈值调整记录", pd.DataFrame(rows), {"截至": stamp(signin.now())}, writers)
