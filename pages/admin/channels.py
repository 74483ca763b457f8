"""Which ways lead to people, how they fare, and what was sent on them."""

import streamlit as st

from matrix.people import Right
from storage import outbox_rows
from ui import channels, dialogs, signin, worker
from ui.ask import ask

viewer = signin.require(Right.CHANNELS, Right.CHANNELS_VIEW)
st.header("通知渠道", anchor=False)
worker.warn_when_dead()
dialogs.show_answer()
now = signin.now()
fares = ask(outbox_rows.health)
channels.show_summary(fares, viewer, now)
channels.show_part(fares, viewer, now)
