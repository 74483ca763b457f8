"""What surges now and what was done about it: open alerts by themselves up to date, past ones, campaigns, thresholds."""

import streamlit as st

from charts import publishing, surge
from matrix.people import Right
from reports import tables
from ui import alert_words, alerts, alerts_campaigns, alerts_history, alerts_one, alerts_thresholds, cards, drill, kept, signin

viewer = signin.require(Right.ALERTS, Right.ALERTS_VIEW)
st.header("舆情预警", anchor=False)
if not cards.has_something(viewer):
    st.stop()
if alert_words.opened():
    alerts_one.show(viewer, kept.figures(surge), kept.figures(publishing), tables)
    st.stop()
view = drill.pick_one("内容", alerts.VIEWS, alerts.VIEWS[0], alerts.VIEW)
if view == "历史":
    alerts_history.show(tables)
elif view == "活动报备":
    alerts_campaigns.show(viewer, tables)
elif view == "阈值":
    alerts_thresholds.show(viewer, tables)
else:
    alerts.show_open()
