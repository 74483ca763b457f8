"""What the matrix publishes: how much, when, what reached far, what was changed or taken back, and any word of it."""

import streamlit as st

from charts import publishing as charts
from matrix.people import Right
from reports import tables
from ui import cards, drill, drill_show, filters, hot, kept, matrix_filters, publishing, publishing_gaps, search, signin

viewer = signin.require(Right.MATRIX)
st.header("发布监测", anchor=False)
if not cards.has_something(viewer):
    st.stop()
view = filters.pick_view(("概览", "网民热点", "传播", "修改和撤下", "发布间隔", "搜索"), key="what")
is_open = bool(drill.path(view))
figures = kept.figures(charts)
window = matrix_filters.pick_window(is_folded=is_open)
if is_open:
    drill_show.show(view, window, figures, tables)
elif view == "概览":
    publishing.show_figures(window, figures, tables)
elif view == "网民热点":
    hot.show(window, tables)
elif view == "传播":
    publishing.show_top(window, tables)
elif view == "修改和撤下":
    publishing.show_changes(window, tables)
elif view == "搜索":
    search.show(window, tables)
else:
    publishing_gaps.show_gaps(window, tables)
