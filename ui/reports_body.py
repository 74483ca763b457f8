"""The content of a report on the screen: sections, tables and pictures whose numbers open their rows, and a person's words."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from matrix.people import Right
from matrix.report import Note
from matrix.report_body import Composed, Paragraph, Picture, Section, Table
from matrix.report_life import OPEN, Act
from storage import report_steps
from storage.idle import reading
from storage.report_rows import Opened
from ui import notices, signin, tables
from ui.reports_new import revise
from ui.reports_words import FREE, LONGEST_FREE, Tools, address, link, say
from ui.words import plain

BY_HAND = "（人工撰写）"
NUMERALS = "一二三四五六七八九十"


def show(opened: Opened, tools: Tools) -> None:
    """Everything that the Word file says, in its order."""
    composed = opened.composed
    if composed is None:
        notices.refuse("这一稿的内容记录已损坏或出自别的版本，无法显示。请下载Word文件查看，或更新数据重新生成。")
        return
    st.caption("点数字打开它的来源：按什么查询、截至何时、由哪些行得出。")
    for place, section in enumerate(composed.sections):
        show_section(composed, section, place, tools)
    for place, note in enumerate(composed.brief.notes, len(composed.sections)):
        st.subheader(f"{numeral(place)}、{note.heading}{BY_HAND}", anchor=False)
        for line in note.text.splitlines():
            st.markdown(plain(line))
        st.caption(plain(f"{note.author}撰写"))
    if not composed.brief.notes:
        st.caption("还没有人工撰写的研判和建议。")


def numeral(place: int) -> str:
    return NUMERALS[place] if place < len(NUMERALS) else str(place + 1)


def show_section(composed: Composed, section: Section, place: int, tools: Tools) -> None:
    st.subheader(f"{numeral(place)}、{section.title}", anchor=False)
    for number, block in enumerate(section.blocks):
        key = f"report_{place}_{number}"
        if isinstance(block, Paragraph):
            show_paragraph(composed, block)
        elif isinstance(block, Table):
            figure = composed.figure(block.key)
            heads, *cells = figure.value
            st.markdown(f"**{plain(block.caption)}** {link(figure, '来源')}")
            tables.show([dict(zip(heads, row, strict=True)) for row in cells], key, alt=block.caption)
        else:
            show_picture(composed, block, key, tools)


def show_paragraph(composed: Composed, block: Paragraph) -> None:
    """One paragraph; its figures are links."""
    if block.level:
        st.markdown(f"**{plain(block.text)}**")
        return
    st.markdown("".join(link(composed.figure(piece.key)) if piece.key else plain(piece.text) for piece in block.pieces))


def show_picture(composed: Composed, block: Picture, key: str, tools: Tools) -> None:
    figure = composed.figure(block.key)
    st.markdown(f"**{plain(block.caption)}** {link(figure, '来源')}")
    drawn: Any = tools.draw(figure.value["labels"], figure.value["series"], block.shape, block.unit)
    st.plotly_chart(drawn, key=key, alt=block.alt, config={"displayModeBar": False})


def edit(opened: Opened, tools: Tools, is_current: bool) -> None:
    """研判和建议: two paragraphs, to write while the report is being drafted and to read afterwards, and in earlier versions."""
    headings = FREE.get(opened.brief.kind, ("研判", "建议"))
    held = {note.heading: note for note in opened.brief.notes}
    is_open = is_current and opened.state in OPEN and signin.require().may(Right.REPORTS)
    if not is_open or opened.composed is None:
        for heading in headings:
            st.subheader(f"{heading}{BY_HAND}", anchor=False)
            note = held.get(heading)
            st.markdown("  \n".join(plain(line) for line in note.text.splitlines()) if note else "没有填写。")
        return
    st.caption("这两段由人撰写，在报告中注明“人工撰写”。系统不替您下判断；其中自己写的数字没有出处，核对时会列出。")
    with st.form(f"free_{opened.version_id}", border=False):
        typed = {}
        for heading in headings:
            before = held[heading].text if heading in held else ""
            typed[heading] = st.text_area(heading, before, max_chars=LONGEST_FREE, height=180)
        if st.form_submit_button("保存", type="primary", icon=":material/save:"):
            save(opened, tools, typed, held)


def save(opened: Opened, tools: Tools, typed: Mapping[str, str | None], held: dict[str, Note]) -> None:
    """A further version with these paragraphs; whoever wrote a paragraph that did not change stays its author."""
    viewer = signin.require(Right.REPORTS)
    notes = []
    for heading, words in typed.items():
        text = (words or "").strip()
        before = held.get(heading)
        if text:
            notes.append(before if before and before.text == text else Note(heading, text, viewer.person.name))
    if tuple(notes) == opened.brief.notes or opened.composed is None:
        notices.show("没有改动，不需要保存。", "info")
        return
    try:
        with reading(signin.settings().database.path) as db:
            place = report_steps.next_place(db, viewer.scope, opened.id) or report_steps.place_of(db, opened.brief)
            made = tools.maker.rewrite(db, opened.composed, notes, place, address(), viewer.person.name)
        revise(opened, Act.WRITE, made, "、".join(f"{note.heading}{len(note.text)}字" for note in notes) or "清空")
    except (ValueError, PermissionError) as error:
        notices.refuse(plain(str(error)))
        return
    say("已保存，Word审核稿已随之更新。")
    st.rerun()


def tables_of(composed: Composed, tools: Tools) -> dict[str, pd.DataFrame]:
    """Every table of the report by its caption, for the Excel file."""
    return dict(tools.maker.tables(composed))
