"""Dialogs about collecting: each one asks, leaves one request or change, and says what came of it."""

from datetime import timedelta

import streamlit as st

from matrix.people import Right
from storage import requests
from ui import notices, signin
from ui.ask import consult, request
from ui.words import plain

CHECK = "check_account"


def offer_check(account_id: int, account: str) -> None:
    """The button for 立即检查."""
    if st.button("立即检查", key=f"check_{account_id}", icon=":material/refresh:"):
        confirm_check(account_id, account)


@st.dialog("立即检查")
def confirm_check(account_id: int, account: str) -> None:
    st.markdown(f"让采集程序马上采集一次“{plain(account)}”，不等下一个时间点。会占用该账号的接口额度。")
    if st.button("确定", type="primary", key="check_confirmed"):
        number = request(Right.CHECK_NOW, "立即检查", CHECK, {"account_id": account_id}, subject=account)
        st.session_state["asked"] = number
        st.rerun()


def show_answer() -> None:
    """What became of the viewer's last request: waits while it is open, then says the answer once."""
    if "asked" in st.session_state:
        wait_for_answer(st.session_state["asked"])
    elif "answer" in st.session_state:
        is_good, sentence = st.session_state.pop("answer")
        if is_good:
            notices.show(plain(sentence), "check_circle")
        else:
            notices.refuse(plain(sentence))


@st.fragment(run_every=timedelta(seconds=2))
def wait_for_answer(number: int) -> None:
    """Looks for the worker's answer; once it is there, the page is drawn anew with what it changed."""
    found = consult(requests.find, request_id=number)
    if found is None or found.asked_by != signin.require().person.login:
        st.session_state.pop("asked", None)
    elif found.is_done:
        st.session_state.pop("asked", None)
        st.session_state["answer"] = (found.outcome == "ok", str(found.answer.get("sentence", "已处理。")))
        st.rerun()
    else:
        notices.show("请求已交给采集程序，等待答复……采集程序没有运行时，会在它启动后处理。", "hourglass_top")
