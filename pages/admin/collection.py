"""Placeholder."""

import streamlit as st

st.header("页面")
