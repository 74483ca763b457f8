"""How fast the accounts answer, silence included."""

import streamlit as st

from ui import cards, signin

viewer = signin.require()
st.header("回复时效", anchor=False)
if not cards.has_something(viewer):
    st.stop()
