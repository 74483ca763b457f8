"""What an appeal is about and how it feels, as it was read, and the dialog in which a person corrects that."""

import streamlit as st

from matrix.feeling import UNCERTAIN, Feeling
from matrix.people import Right
from matrix.percent import whole_percent
from storage import corrections, readings, topics
from storage.cases_view import Case
from storage.readings import Reading
from ui import notices, signin
from ui.ask import act, fresh
from ui.inbox_acts import close_dialog, open_dialog
from ui.inbox_desk import Desk, mine
from ui.signin import Viewer
from ui.words import plain

CORRECT = "reading"
UNSURE = 0.5
"""Below this share the runner-up is named too."""


def show(desk: Desk, viewer: Viewer, case: Case) -> None:
    """Topic and feeling in a line, and the way to correct them; nothing while they are not read yet."""
    found: Reading | None = fresh(readings.reading_of, viewer, comment_id=case.comment_id)
    if found is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(plain(words_of(found)), width="content")
        if viewer.may(Right.CASES):
            st.button(
                "更正主题、情绪…",
                key=f"do_READING_{case.comment_id}_{case.step_id}",
                icon=":material/label:",
                type="tertiary",
                on_click=open_dialog,
                args=(CORRECT, "T", case.comment_id, case.step_id),
                shortcut=desk.key("T"),
            )


def words_of(found: Reading) -> str:
    """主题：城乡建设/供水排水(把握82%)；情绪：负面."""
    feeling = found.feeling if found.is_sure else UNCERTAIN
    if found.is_corrected:
        return f"主题：{found.topic}；情绪：{feeling}(经人工更正)"
    second = f"，其次{found.second}" if found.share < UNSURE else ""
    return f"主题：{found.topic}(把握{whole_percent(round(found.share * 1000), 1000)}%{second})；情绪：{feeling}"


@st.dialog("更正主题、情绪", on_dismiss=close_dialog)
def correct(comment_id: int) -> None:
    """What a person says outlives every later reading."""
    found: Reading | None = fresh(readings.reading_of, comment_id=comment_id)
    if found is None:
        st.markdown("这条评论还没有判读，请稍后再试。")
        return
    choices, feelings = list(topics.choices()), [str(feeling) for feeling in Feeling]
    if found.topic not in choices:
        choices.insert(0, found.topic)
    with st.form(f"reading_{comment_id}", border=False):
        topic = st.selectbox("主题", choices, index=choices.index(found.topic))
        felt = st.radio("情绪", feelings, index=feelings.index(found.feeling) if found.is_sure else None, horizontal=True)
        is_sent = st.form_submit_button("更正", type="primary")
    if is_sent:
        save(comment_id, found, str(topic), felt)


def save(comment_id: int, found: Reading, topic: str, felt: str | None) -> None:
    """Write what differs, each with its line in the journal; a refusal is a sentence in the dialog."""
    viewer = signin.require(Right.CASES)
    changed = [("topic", topic)] if topic != found.topic else []
    changed += [("feeling", felt)] if felt and (felt != found.feeling or not found.is_sure) else []
    for field, value in changed:
        words = f"更正{corrections.WORDS[field]}"
        args = (viewer.scope, comment_id, field, value, "", viewer.person.login, signin.exact_now())
        try:
            act(Right.CASES, words, corrections.correct, *args, subject=f"诉求{comment_id}", detail=value)
        except (ValueError, PermissionError) as error:
            notices.refuse(plain(str(error)))
            return
    mine().say("已更正，此后的判读不会改动它。" if changed else "没有改动。")
    close_dialog()
    st.rerun()
