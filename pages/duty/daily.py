"""What came in, what was done and what is carried over on each day."""

import streamlit as st

from ui import cards, signin

viewer = signin.require()
st.header("日清日结台账", anchor=False)
if not cards.has_something(viewer):
    st.stop()
