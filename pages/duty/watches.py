"""What is watched for by its words: every watch with its hits and alerts, made and changed with a look at its past."""

import streamlit as st

from matrix.people import Right
from reports import tables
from ui import cards, dialogs, signin, watch_forms, watches, worker

viewer = signin.require(Right.WATCHES)
st.header("监测方案", anchor=False)
worker.warn_when_dead()
if not cards.has_something(viewer):
    st.stop()
dialogs.show_answer()
now = signin.now()
if watch_forms.is_open():
    watch_forms.show(now)
elif watches.opened():
    watches.show_one(now, tables)
else:
    watches.show_list(now, tables)
