"""Sentences that must be seen; without red, orange, yellow or blue, which belong to the levels of warnings alone."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui.words import plain


def show(words: str, icon: str) -> None:
    """One framed sentence in Markdown of our own; what strangers wrote goes through `plain` first."""
    with st.container(border=True):
        st.markdown(f":material/{icon}: {words}")


def refuse(words: str) -> None:
    """Why something that was asked for is not done; `words` are our own."""
    show(f"**{words}**", "block")


def attempt(verb: Callable[..., Any], *args: Any, **named: Any) -> None:
    """Close the dialog after the act; after a refusal its sentence stands in the dialog and the words stay."""
    try:
        verb(*args, **named)
    except (ValueError, PermissionError) as error:
        refuse(plain(str(error)))
        return
    st.rerun()
