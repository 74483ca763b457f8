"""What came in, what was done and what is carried over on each day."""

import streamlit as st

from reports import tables
from ui import cards, daily, signin

viewer = signin.require()
st.header("日清日结台账", anchor=False)
if not cards.has_something(viewer):
    st.stop()
daily.show(tables)
