"""Dialogs of an incident about what was said: official words with their evidence, figures, the statutory warning, reports."""

from datetime import datetime
from typing import Any

import streamlit as st

from matrix.flash_report import FlashKind
from matrix.incident import WARNING_FIELDS, Verdict, WarningLevel, WordKind
from storage import incident_acts, incident_figures, incident_flashes, incident_words
from ui import signin
from ui.ask import fresh
from ui.incident_acts import do
from ui.incident_words import needed, read_moment
from ui.notices import attempt
from ui.words import plain, told

WHEN = "2026-03-05 10:20 或 10:20"
LONGEST = 200


@st.dialog("登记官方发声", on_dismiss="rerun")
def enter_word(incident_id: int) -> None:
    """What the system cannot find: a press conference, a statement of another organ, a word in a newspaper."""
    with st.form("word", border=False):
        kind = st.segmented_control("类型", list(WordKind), default=WordKind.INFORMATION, required=True)
        speaker = st.text_input("发布单位", max_chars=LONGEST, autocomplete="off")
        title = st.text_input("标题或要点", max_chars=LONGEST, autocomplete="off")
        link = st.text_input("链接(新闻发布会必填)", max_chars=1000, autocomplete="off")
        when = st.text_input("发布时间", placeholder=WHEN, max_chars=20, autocomplete="off")
        st.caption("24小时时限只由新闻发布会停止，须附链接作为依据；5小时时限由权威信息或新闻发布会停止。")
        is_sent = st.form_submit_button("登记", type="primary")
    if is_sent:
        attempt(save_word, incident_id, WordKind(kind or WordKind.INFORMATION), speaker, title, link, when)


def save_word(incident_id: int, kind: WordKind, speaker: str, title: str, link: str, when: str) -> None:
    at = needed(read_moment(when, signin.exact_now(), "发布时间"), "发布时间")
    do("登记官方发声", incident_words.enter_word, incident_id, kind, speaker, title, link, at, detail=f"{kind}：{title}")


@st.dialog("核对官方发声", on_dismiss="rerun")
def decide(incident_id: int, word: dict[str, Any]) -> None:
    """What the system found is official only when a person says so; a post may be chosen as the bulletin."""
    st.markdown(f"**{told(word['speaker'])}**：{told(word['title'])}")
    with st.form(f"decide_{word['word_id']}", border=False):
        verdict = st.segmented_control(
            "结论", list(Verdict), default=Verdict(word["verdict"]), required=True, help="“待确认”用来撤回先前的结论"
        )
        kind = st.segmented_control("类型", list(WordKind), default=WordKind(word["kind"]), required=True)
        is_post = word["post_id"] is not None
        is_bulletin = st.checkbox("选为通报，跟踪各账号转载情况", bool(word["is_bulletin"]), disabled=not is_post)
        why = st.text_input("说明(可不填)", max_chars=LONGEST, autocomplete="off")
        is_sent = st.form_submit_button("保存", type="primary")
    if is_sent:
        args = (Verdict(verdict or Verdict.WAITING), WordKind(kind or WordKind.RESPONSE), why)
        attempt(do, "核对官方发声", incident_words.decide, incident_id, int(word["word_id"]), *args,
                detail=f"{verdict}：{word['title']}", is_bulletin=bool(is_bulletin and is_post))  # fmt: skip


@st.dialog("登记数字", on_dismiss="rerun")
def enter_figure(incident_id: int, names: tuple[str, ...]) -> None:
    """Every value with its source and time; what was said before stays."""
    with st.form("figure", border=False):
        left, middle, right = st.columns([3, 2, 2])
        figure = left.selectbox("名称", names, index=0, accept_new_options=True, placeholder="选择或输入")
        value = middle.number_input("数值", min_value=0, max_value=10**9, value=0, step=1)
        unit = right.text_input("单位", "人", max_chars=10, autocomplete="off")
        bound = st.segmented_control("限定", list(incident_figures.BOUNDS), default="", format_func=lambda one: one or "准确数",
                                     required=True)  # fmt: skip
        source = st.text_input("来源", max_chars=LONGEST, autocomplete="off", placeholder="发布单位或媒体")
        when = st.text_input("来源发布时间", placeholder=WHEN, max_chars=20, autocomplete="off")
        link = st.text_input("链接(可不填)", max_chars=1000, autocomplete="off")
        st.caption("与已有数字不同也照实登记，两个都会保留并注明来源。")
        is_sent = st.form_submit_button("登记", type="primary")
    if is_sent:
        attempt(save_figure, incident_id, str(figure or ""), int(value), unit, source, when, link, str(bound or ""))


def save_figure(incident_id: int, figure: str, value: int, unit: str, source: str, when: str, link: str, bound: str) -> None:
    at = needed(read_moment(when, signin.exact_now(), "来源发布时间"), "来源发布时间")
    do("登记事件数字", incident_figures.enter_figure, incident_id, figure, value, unit, source, at, link=link, bound=bound,
       detail=f"{figure}{bound}{value}{unit}，{source}")  # fmt: skip


@st.dialog("作废数字", on_dismiss="rerun")
def void_figure(incident_id: int, figure_id: int, words: str) -> None:
    st.markdown(f"**{told(words)}**")
    with st.form("void", border=False):
        why = st.text_input("作废原因", placeholder="例如：录入错误", max_chars=LONGEST, autocomplete="off")
        st.caption("只用于录入错误。数字后来改变的，请登记新的数字，不要作废。")
        is_sent = st.form_submit_button("作废", type="primary")
    if is_sent:
        attempt(do, "作废事件数字", incident_figures.void_figure, incident_id, figure_id, why, detail=f"{words} {why}")


@st.dialog("登记突发事件预警", on_dismiss="rerun")
def enter_warning(incident_id: int) -> None:
    """The eight fields that a statutory warning must have; nothing else in an incident asks for them."""
    with st.form("warning", border=False):
        said: dict[str, Any] = {}
        for name, label in WARNING_FIELDS.items():
            if name == "level":
                said[name] = str(st.segmented_control(label, list(WarningLevel), default=WarningLevel.BLUE, required=True) or "")
            else:
                hint = WHEN if name.endswith("_at") else None
                said[name] = st.text_input(label, max_chars=LONGEST, placeholder=hint, autocomplete="off")
        link = st.text_input("链接(可不填)", max_chars=1000, autocomplete="off")
        st.caption("八项为《突发事件应对法》对预警信息的要求，缺一不可；其他舆情不需要填写。")
        is_sent = st.form_submit_button("登记", type="primary")
    if is_sent:
        attempt(save_warning, incident_id, said, link)


def save_warning(incident_id: int, said: dict[str, Any], link: str) -> None:
    now = signin.exact_now()
    times = {name: read_moment(said[name], now, WARNING_FIELDS[name]) for name in ("starts_at", "issued_at")}
    do("登记突发事件预警", incident_acts.warn, incident_id, said | times, link, detail=f"{said['level']}色 {said['category']}")


@st.dialog("快报", width="large", on_dismiss="rerun")
def show_flash(incident_id: int, may_issue: bool, now: datetime) -> None:
    """What would be issued now, filled from facts; to copy, and to keep as issued."""
    as_of = int(now.timestamp())
    drafted = fresh(incident_flashes.draft, incident_id=incident_id, as_of=as_of)
    if drafted is None:
        return
    kind, number, text = drafted
    st.markdown(f"**{kind} · 第{number}报 · {len(text)}字**　右上角可复制。内容只取自已登记的事实，数字注明来源和时间。")
    st.code(text, language=None, wrap_lines=True)
    if may_issue:
        with st.form("flash", border=False):
            edited = st.text_area("如需修改，在此改定后存档", text, max_chars=2000, height=150)
            is_sent = st.form_submit_button("按此存档为已发出", type="primary")
        if is_sent:
            attempt(save_flash, incident_id, FlashKind(kind), number, edited, as_of)
    earlier = fresh(incident_flashes.flashes, incident_id=incident_id)
    for row in earlier.to_dict("records"):
        with st.expander(f"第{row['number']}报 {row['kind']} · {plain(row['by_name'])}"):
            st.code(row["text"], language=None, wrap_lines=True)


def save_flash(incident_id: int, kind: FlashKind, number: int, text: str, as_of: int) -> None:
    do("存档快报", incident_flashes.issue, incident_id, kind, number, text, as_of, detail=f"第{number}报：{text}")
