"""What happened since one was last here, and what must be done first."""

import streamlit as st

from storage import overview, silence
from ui import cards, live, signin, worker
from ui.ask import ask

viewer = signin.require()
st.header("值班首页", anchor=False)
worker.warn_when_dead()
if not cards.has_something(viewer):
    st.stop()
now = signin.now()
since, words = cards.starting_point(viewer, now)
cards.show_arrivals(words, ask(overview.arrivals, since=since))
judged = ask(silence.verdicts, now=now, limit_days=signin.limit_days())
cards.show_cards(cards.duty_cards(judged, now))
live.show_newest()
