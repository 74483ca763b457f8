"""What happened since the last hand-over, and what must be done first."""

import streamlit as st

from matrix.people import Right
from reports import duty_log
from storage import cases_soon, silence
from ui import cards, filters, live, shifts, signin, worker
from ui.ask import ask

viewer = signin.require()
st.header("值班首页", anchor=False)
worker.warn_when_dead()
if not cards.has_something(viewer):
    st.stop()
now = signin.now()
if filters.pick_view(("值班", "值班日志"), key="duty") == "值班日志":
    shifts.show_log(viewer, now, duty_log.write)
    st.stop()
shifts.show_head(viewer, now)
judged = ask(silence.verdicts, now=now, limit_days=signin.limit_days())
soon = ask(cases_soon.waiting_soon, now=now) if viewer.may(Right.CASES_VIEW) else None
cards.show_cards(cards.duty_cards(judged, now, soon))
live.show_newest()
