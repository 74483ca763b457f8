"""Who waits for an answer, one case at a time."""

import streamlit as st

from reports import transfer_sheet
from ui import cards, inbox, signin

viewer = signin.require()
st.header("诉求待办", anchor=False)
if not cards.has_something(viewer):
    st.stop()
inbox.show(transfer_sheet.write)
