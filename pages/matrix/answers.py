"""How well the accounts answer, with the reason beside each finding."""

import streamlit as st

from reports import tables
from ui import answers, answers_rows, cards, filters, signin
from ui.answers_window import ROWS, VIEW, VIEWS, pick_window
from ui.answers_words import HINT

viewer = signin.require()
st.header("回复质量", anchor=False)
if not cards.has_something(viewer):
    st.stop()
st.caption(HINT)
view = filters.pick_view(VIEWS, key=VIEW)
window = pick_window()
if view == ROWS:
    answers_rows.show(window, tables)
else:
    answers.show(window, tables)
