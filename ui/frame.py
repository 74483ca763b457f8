"""What surrounds every page: the name of the product, the person who is signed in, the way out."""

from html import escape
from pathlib import Path

import streamlit as st

from storage import drills
from ui import freshness, notices, signin
from ui.ask import consult
from ui.papers import PRODUCT
from ui.signin import Viewer

LOGO = str(Path(__file__).with_name("logo.svg"))
WORDMARK = str(Path(__file__).with_name("wordmark.svg"))
OWNER = "owner"
DRILL_WORDS = "演练环境：以下全部是演练数据，不是真实情况"


def set_up() -> None:
    """The browser's tab and the width of the page."""
    st.set_page_config(page_title=PRODUCT, page_icon=LOGO, layout="wide")
    freshness.begin()
    signin.begin()


def show(viewer: Viewer) -> None:
    """The frame; whatever an earlier person left in this browser tab is dropped first."""
    if st.session_state.get(OWNER, viewer.person.id) != viewer.person.id:
        st.session_state.clear()
    st.session_state[OWNER] = viewer.person.id
    st.logo(WORDMARK, size="large", icon_image=LOGO)
    if consult(drills.scenario):
        notices.show(f"**{DRILL_WORDS}**", "theater_comedy")
    with st.sidebar:
        # Plain links, because these addresses lie before Streamlit and must open in the same tab.
        st.html(
            f"<div><b>{escape(viewer.person.name)}</b> · {escape(viewer.person.role)}<br>"
            '<a href="/password" style="color:inherit">修改密码</a>&emsp;'
            '<a href="/signout" style="color:inherit">退出登录</a></div>'
        )
