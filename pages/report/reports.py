"""Reports from draft to issue: written, checked by another person, verified, frozen."""

import streamlit as st

from charts.report import picture
from matrix.people import Right
from reports import report_making, tables
from ui import cards, reports, signin
from ui.reports_words import Tools

viewer = signin.require(Right.REPORTS, Right.REPORTS_CHECK, Right.REPORTS_VIEW)
st.header("舆情报告", anchor=False)
if not cards.has_something(viewer):
    st.stop()
reports.show(Tools(report_making, tables, picture))
