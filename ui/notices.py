"""Sentences that must be seen; without red, orange, yellow or blue, which belong to the levels of warnings alone."""

import streamlit as st


def show(words: str, icon: str) -> None:
    """One framed sentence in Markdown of our own; what strangers wrote goes through `plain` first."""
    with st.container(border=True):
        st.markdown(f":material/{icon}: {words}")


def refuse(words: str) -> None:
    """Why something that was asked for is not done; `words` are our own."""
    show(f"**{words}**", "block")
