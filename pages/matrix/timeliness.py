"""How fast the accounts answer, silence included; every figure opens its cases and can be taken away."""

import streamlit as st

from charts import response, response_groups
from matrix.people import Right
from reports import tables
from ui import cards, filters, kept, signin, timeliness, timeliness_cases, timeliness_picks, timeliness_rules, timeliness_window

viewer = signin.require(Right.TIMELINESS)
st.header("回复时效", anchor=False)
if not cards.has_something(viewer):
    st.stop()
view = filters.pick_view(timeliness_picks.VIEWS, key=timeliness_picks.VIEW)
if view == timeliness_picks.RULES:
    timeliness_rules.show(viewer, tables)
    st.stop()
window = timeliness_window.pick_window()
if view == timeliness_picks.CASES:
    timeliness_cases.show(window, tables)
else:
    timeliness.show(window, kept.figures(response), kept.figures(response_groups), tables)
