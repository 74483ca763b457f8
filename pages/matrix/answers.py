"""How well the accounts answer, with the reason beside each finding."""

import streamlit as st

from ui import cards, signin

viewer = signin.require()
st.header("回复质量", anchor=False)
if not cards.has_something(viewer):
    st.stop()
