"""The wall of the duty room, full screen."""

import streamlit as st

from ui import cards, signin, wall

viewer = signin.require()
st.header("值班大屏", anchor=False)
if not cards.has_something(viewer):
    st.stop()
wall.show()
