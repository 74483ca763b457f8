"""Where one number of a report comes from; opened by the key that stands beside it."""

import streamlit as st

from charts.report import picture
from matrix.people import Right
from reports import report_making, tables
from ui import report_figure, signin
from ui.reports_words import Tools

signin.require(Right.REPORTS, Right.REPORTS_CHECK, Right.REPORTS_VIEW)
st.header("数字出处", anchor=False)
report_figure.show(Tools(report_making, tables, picture))
