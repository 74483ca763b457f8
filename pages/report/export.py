"""Take out what is filtered: comments, posts, appeals, replies, accounts, alerts and incidents, as CSV or Excel."""

import streamlit as st

from matrix.people import Right
from reports import export_table, tables
from ui import cards, drill, export_files, exporting, matrix_filters, signin

viewer = signin.require(Right.EXPORT)
st.header("数据导出", anchor=False)
if not cards.has_something(viewer):
    st.stop()
kinds = exporting.kinds_for(viewer)
kind = drill.pick_one("类别", kinds, kinds[0], "take")
window = matrix_filters.pick_window("近7天")
exporting.show(viewer, kind, window, export_table, tables)
export_files.show(viewer, tables)
