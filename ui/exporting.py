"""数据导出: which rows, which columns, a look at the first of them, then a file; long ones are made by the worker."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from matrix.export import CITIZEN_KINDS, DIRECT, FORMS, KEPT_DAYS, KINDS, MOST, READ_KINDS, judge_why
from matrix.feeling import BY_CODE
from matrix.people import Right
from storage import export_rows, topics
from storage import exports as stored
from ui import export_schemes, exports, notices, signin, tables
from ui.ask import act, ask
from ui.cards import show_nothing_yet
from ui.exports import Writers
from ui.filters import EVERYTHING
from ui.matrix_filters import Window
from ui.signin import Viewer

FIRST = 20
FEELINGS = {EVERYTHING: None, **{str(feeling): code for code, feeling in sorted(BY_CODE.items())}}
SEEN, HINT = "take_unmasked", "多个词用空格隔开；减号开头的不要"
COVERED = "默认遮住姓名、电话、证件号、银行卡、车牌和住址。每次查看和导出都记入操作日志。"
ORDER = "按编号由小到大，即按采集先后"
TOLD = {
    "口径：网民": "由平台账号的密钥散列得出的固定代称，同一网民在同一平台上始终相同，无法倒推；供去重和归并，不是姓名。",
    "口径：情绪": "只写有把握的判断；把握不足写“不确定”，尚未识别的为空。",
    "口径：时间": "均为北京时间。平台没有提供的数为空，不按零计。",
}


class Making(Protocol):
    """What the page hands in: `reports.export_table`, which this room may not import."""

    def table(self, raw: pd.DataFrame, kind: str, columns: Sequence[str], is_masked: bool) -> pd.DataFrame: ...


def kinds_for(viewer: Viewer) -> tuple[str, ...]:
    return tuple(name for name, kind in KINDS.items() if viewer.may(kind.right))


def show(viewer: Viewer, kind: str, window: Window, making: Making, writers: Writers) -> None:
    """Filters of this kind, columns, the number of rows, the first of them, and the buttons."""
    given = wanted(kind, window)
    columns = export_schemes.pick_columns(viewer, kind)
    number = ask(export_rows.count, kind=kind, **given)
    if not number:
        show_nothing_yet("没有符合条件的数据。", "可以放宽时段、单位或其他条件。")
        return
    why = ask_why(viewer, kind)
    sight = (kind, tuple(sorted(given.items(), key=str)), why)
    is_masked = not why or st.session_state.get(SEEN) != sight
    raw = ask(export_rows.preview, kind=kind, limit=FIRST, **given)
    shown = making.table(raw, kind, columns, is_masked)
    state = "已脱敏" if is_masked else "**未脱敏**"
    st.caption(f"共**{number:,}**行，{ORDER}；下面是前{len(shown)}行，{state}，与文件中的内容一致。")
    tables.show(shown, f"take_rows_{kind}", tables.counts(shown.to_dict("records")), alt=f"{kind}的前{len(shown)}行")
    if why and is_masked and st.button("查看这些行的未脱敏内容", key="take_look", icon=":material/visibility:"):
        about = {"类别": kind} | about_of(kind, window, given, columns, why)
        act(Right.UNMASK, "查看未脱敏内容", stored.look, subject=f"{kind}前{len(shown)}行", detail=told(about))
        st.session_state[SEEN] = sight
        st.rerun()
    offer(viewer, kind, window, given, columns, number, why, making, writers)


def wanted(kind: str, window: Window) -> dict[str, Any]:
    """The filters as `storage.export_rows` takes them: those of all pages, and words, topic and feeling."""
    given: dict[str, Any] = {name: value for name, value in window.seconds.items() if value}
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        words = st.text_input("含有词语", key="take_words", bind="query-params", placeholder=HINT, max_chars=100)
        given |= {"words": words.strip()} if words and words.strip() else {}
        if kind in READ_KINDS:
            names = [EVERYTHING, *(topic.name for topic in topics.shipped())]
            topic = st.selectbox("主题", names, key="take_topic", bind="query-params", placeholder="选择主题")
            feeling = st.selectbox("情绪", list(FEELINGS), key="take_feeling", bind="query-params", placeholder="选择情绪")
            given |= {"topic": topic} if topic and topic != EVERYTHING else {}
            found = FEELINGS.get(feeling or EVERYTHING)
            given |= {"feeling": found} if found is not None else {}
    return given


def ask_why(viewer: Viewer, kind: str) -> str:
    """The reason for seeing what is masked; empty while it is not asked for, by those who may."""
    if kind not in CITIZEN_KINDS or not viewer.may(Right.UNMASK):
        return ""
    if not st.toggle("需要未脱敏的内容", key="take_open", help=COVERED):
        return ""
    why = st.text_input("事由", key="take_why", placeholder="例如：核实12345工单反映的具体地点", max_chars=100)
    fault = judge_why(why or "")
    if fault:
        st.caption(f"{fault}现按已脱敏显示和导出。")
        return ""
    return (why or "").strip()


def offer(
    viewer: Viewer,
    kind: str,
    window: Window,
    given: Mapping[str, Any],
    columns: tuple[str, ...],
    number: int,
    why: str,
    making: Making,
    writers: Writers,
) -> None:
    """The file itself where it is short; where it is long, the buttons that have it made."""
    about = about_of(kind, window, given, columns, why)
    rights = frozenset({KINDS[kind].right} | ({Right.UNMASK} if why else set()))
    if number <= DIRECT:
        exports.offer(kind, later(kind, given, columns, not why, making), about, writers, key=f"take_{kind}", rights=rights)
        return
    if number > MOST:
        notices.show(f"共{number:,}行，超出一次导出的上限{MOST:,}行。请缩短时段或缩小单位，分次导出。", "info")
        return
    st.caption(f"超过{DIRECT:,}行的文件由采集程序在后台生成，生成后在下面下载，保留{KEPT_DAYS}天。")
    with st.container(horizontal=True, gap="small"):
        for form, words in FORMS.items():
            if st.button(f"生成 {words}", key=f"take_make_{form}", icon=":material/table_view:"):
                right, person = Right.UNMASK if why else Right.EXPORT, viewer.person
                now, detail = int(signin.exact_now().timestamp()), f"{words}，约{number}行。{told(about)}"
                act(right, "导出数据", stored.order, viewer.scope, kind, form, dict(given), columns, about, number,
                    person.login, person.name, now, why, subject=kind, detail=detail)  # fmt: skip
                st.rerun()


def later(
    kind: str, given: Mapping[str, Any], columns: tuple[str, ...], is_masked: bool, making: Making
) -> Callable[[Any, tuple[int, ...]], pd.DataFrame]:
    """All rows, asked when somebody clicks."""

    def rows(db: Any, scope: tuple[int, ...]) -> pd.DataFrame:
        found = export_rows.portions(db, kind, export_rows.ids(db, scope, kind, **given))
        return pd.concat([making.table(raw, kind, columns, is_masked) for raw in found], ignore_index=True)

    return rows


def about_of(kind: str, window: Window, given: Mapping[str, Any], columns: Sequence[str], why: str) -> dict[str, str]:
    """What the file says of itself, and the journal of the file."""
    filters = {
        "含有词语": str(given.get("words", "")) or "不限",
        "主题": str(given.get("topic", "")) or "全部",
        "情绪": next(name for name, value in FEELINGS.items() if value == given.get("feeling")),
    }
    period = {} if kind != "账号" else {"时段": "不按时段，为当前台账"}
    return {
        **window.about(),
        **period,
        **{label: words for label, words in filters.items() if kind in READ_KINDS or label == "含有词语"},
        "列": "、".join(columns),
        "排序": ORDER,
        "遮蔽": f"未脱敏，事由：{why}" if why else exports.MASKED + "，网民以固定代称区分",
        **(TOLD if kind in CITIZEN_KINDS else {"口径：时间": TOLD["口径：时间"]}),
    }


def told(about: Mapping[str, str]) -> str:
    return "；".join(f"{label}：{words}" for label, words in about.items() if not label.startswith(exports.DEFINED))
