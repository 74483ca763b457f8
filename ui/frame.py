"""What surrounds every page: the name of the product, the person who is signed in, the way out."""

from html import escape
from pathlib import Path

import streamlit as st

from ui.papers import PRODUCT
from ui.signin import Viewer

LOGO = str(Path(__file__).with_name("logo.svg"))
OWNER = "owner"


def set_up() -> None:
    """The browser's tab and the width of the page."""
    st.set_page_config(page_title=PRODUCT, page_icon=LOGO, layout="wide")


def show(viewer: Viewer) -> None:
    """The frame; whatever an earlier person left in this browser tab is dropped first."""
    if st.session_state.get(OWNER, viewer.person.id) != viewer.person.id:
        st.session_state.clear()
    st.session_state[OWNER] = viewer.person.id
    with st.sidebar:
        st.caption(f"{PRODUCT}")
        st.html(
            f"<div><b>{escape(viewer.person.name)}</b> · {escape(viewer.person.role)}<br>"
            '<a href="/password">修改密码</a>&emsp;<a href="/signout">退出登录</a></div>'
        )
