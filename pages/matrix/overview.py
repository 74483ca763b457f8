"""How the whole matrix stands: accounts, units with their subtrees, who rises and falls, and the influence indices."""

import streamlit as st

from charts import publishing as charts
from matrix.people import Right
from reports import tables
from ui import cards, drill, drill_show, filters, kept, matrix_filters, overview, overview_moves, overview_units, signin

viewer = signin.require(Right.MATRIX)
st.header("矩阵总览", anchor=False)
if not cards.has_something(viewer):
    st.stop()
view = filters.pick_view(("账号", "单位", "升降", "传播分析"), key="see")
is_open = bool(drill.path(view))
window = matrix_filters.pick_window(is_folded=is_open)
if is_open:
    drill_show.show(view, window, kept.figures(charts), tables)
elif view == "账号":
    overview.show_accounts(view, window, tables)
elif view == "单位":
    overview_units.show_units(window, tables)
elif view == "升降":
    overview_moves.show_moves(window, tables)
else:
    overview_moves.show_indices(window, tables)
