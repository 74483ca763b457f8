"""What happened since the last hand-over, and what must be done first."""

import streamlit as st

from charts import publishing as charts
from matrix.people import Right
from reports import duty_log, tables
from storage import cases_soon, silence
from ui import alerts, arrived, cards, channels, filters, incidents, live, shifts, signin, worker
from ui.ask import ask

viewer = signin.require()
st.header("值班首页", anchor=False)
worker.warn_when_dead()
if not cards.has_something(viewer):
    st.stop()
now = signin.now()
channels.warn_when_failing(viewer)
view = filters.pick_view(("值班", arrived.VIEW, "值班日志"), key="duty")
if view == arrived.VIEW:
    arrived.show(viewer, now, charts, tables)
    st.stop()
if view == "值班日志":
    shifts.show_log(viewer, now, duty_log.write)
    st.stop()
shifts.show_head(viewer, now)
if viewer.may(Right.ALERTS_VIEW):
    alerts.show_strip()
judged = ask(silence.verdicts, now=now, limit_days=signin.limit_days())
soon = ask(cases_soon.waiting_soon, now=now) if viewer.may(Right.CASES_VIEW) else None
cards.show_cards(cards.duty_cards(judged, now, soon, incidents.card(viewer, now)))
live.show_newest()
