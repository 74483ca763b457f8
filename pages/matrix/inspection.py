"""Which accounts break the update limit today or on a past day, whom to call within three days, and what was kept."""

import streamlit as st

from matrix.people import Right
from reports import annex, tables
from ui import call_list, cards, filters, inspection, inspection_kept, inspection_window, signin

viewer = signin.require(Right.MATRIX)
st.header("更新检查", anchor=False)
if not cards.has_something(viewer):
    st.stop()
view = filters.pick_view(inspection_window.VIEWS, key=inspection_window.VIEW)
if view == inspection_window.CALLS:
    call_list.show(tables)
elif view == inspection_window.KEPT:
    inspection_kept.show(tables, annex)
else:
    inspection.show(tables, annex)
