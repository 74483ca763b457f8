"""One matter from its first signal to its close, with the clocks that hold for it; and the leads from elsewhere."""

import streamlit as st

from charts import incident
from matrix.people import Right
from reports import tables
from ui import cards, drill, incident_one, incident_words, incidents, leads, signin

viewer = signin.require(Right.INCIDENTS, Right.INCIDENTS_VIEW)
st.header("舆情事件", anchor=False)
if not cards.has_something(viewer):
    st.stop()
if incident_words.opened():
    incident_one.show(viewer, incident, tables)
    st.stop()
view = drill.pick_one("内容", incident_words.VIEWS, incident_words.VIEWS[0], incident_words.VIEW)
if view == "已办结":
    incidents.show_closed(tables)
elif view == "线索":
    leads.show(viewer, tables)
else:
    incidents.show_open(viewer)
