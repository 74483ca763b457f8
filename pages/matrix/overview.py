"""How the whole matrix stands: accounts, units with their subtrees, who rises and falls, and the influence indices."""

import streamlit as st

from matrix.people import Right
from reports import tables
from ui import cards, filters, matrix_filters, overview, overview_moves, signin

viewer = signin.require(Right.MATRIX)
st.header("矩阵总览", anchor=False)
if not cards.has_something(viewer):
    st.stop()
view = filters.pick_view(("账号", "单位", "升降", "传播分析"))
window = matrix_filters.pick_window()
if view == "账号":
    overview.show_accounts(window, tables)
elif view == "单位":
    overview.show_units(window, tables)
elif view == "升降":
    overview_moves.show_moves(window, tables)
else:
    overview_moves.show_indices(window, tables)
