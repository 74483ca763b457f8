"""Dialogs that change one account of the ledger: its fields, and the credential that collecting needs."""

import sqlite3
from contextlib import closing
from typing import Any

import pandas as pd
import streamlit as st

from matrix.account import ROUTE_NAMES, Filing, Nature, Route, Status
from matrix.people import Right
from storage import credentials, journal, listing, organizations
from storage.database import open_writer
from storage.keyring import KeyringError, load_keyring
from ui import filters, notices, signin
from ui.ask import act, ask
from ui.words import plain

CREDENTIAL_HINTS = {
    Route.WECHAT: "填写 AppID 和 AppSecret，中间用英文冒号隔开，例如 wx0123456789abcdef:0123456789abcdef0123456789abcdef。",
    Route.WEIBO_FREE: "填写该账号授权本应用后得到的 access_token。",
    Route.WEIBO_COMMERCIAL: "填写商业接口的 access_token。",
}


def offer_edit(row: pd.Series) -> None:
    if st.button("修改", key=f"edit_{row['account_id']}", icon=":material/edit:"):
        edit(row)


@st.dialog("修改账号", width="medium")
def edit(row: pd.Series) -> None:
    """One form for all fields; what changes is a dated row of the ledger and a line of the journal."""
    labels = filters.tree_labels(ask(organizations.tree))
    units = list(labels)
    here = next((place for place, unit in enumerate(units) if labels[unit] == row["organization_id"]), 0)
    with st.form("account", border=False):
        left, right = st.columns(2)
        with left:
            name = st.text_input("账号名称", value=row["account"], max_chars=60)
            person = st.text_input("责任人", value=row["person"], max_chars=40)
            nature = select("账号性质", list(Nature), row["nature"])
            status = select("运行状态", list(Status), row["status"])
            route = select("采集方式", list(ROUTE_NAMES.values()), ROUTE_NAMES[Route(row["route"])])
        with right:
            unit = st.selectbox("所属单位", units, index=here)
            phone = st.text_input("联系电话", value=row["phone"], max_chars=40)
            filing = select("备案状态", list(Filing), row["filing"])
            exemption = st.text_input("豁免说明", value=row["exemption"], max_chars=200, help="填写后不作更新判定")
            feed_url = st.text_input("订阅地址", value=row["feed_url"], max_chars=500, help="采集方式为订阅源时填写")
        if st.form_submit_button("保存", type="primary"):
            wanted = {
                "name": name.strip(),
                "person": person.strip(),
                "phone": phone.strip(),
                "nature": nature,
                "status": status,
                "filing": filing,
                "route": str(next(key for key, words in ROUTE_NAMES.items() if words == route)),
                "exemption": exemption.strip(),
                "feed_url": feed_url.strip(),
                "organization_id": labels[unit],
            }
            save(int(row["account_id"]), str(row["account"]), wanted)


def select(label: str, options: list[Any], held: str) -> str:
    words = [str(option) for option in options]
    return st.selectbox(label, words, index=words.index(held)) or held


def save(account_id: int, account: str, wanted: dict[str, Any]) -> None:
    viewer = signin.require(Right.LEDGER_EDIT)
    try:
        changed = act(
            Right.LEDGER_EDIT,
            "修改账号",
            listing.edit,
            viewer.scope,
            account_id,
            wanted,
            viewer.person.login,
            signin.exact_now(),
            subject=account,
            detail_of=lambda found: "；".join(f"{listing.FIELDS[key]}：{old}→{new}" for key, (old, new) in found.items()),
        )
    except (ValueError, PermissionError) as error:
        notices.refuse(plain(str(error)))
        return
    st.session_state["answer"] = (True, f"已保存，改动{len(changed)}项。" if changed else "没有改动。")
    st.rerun()


def offer_credential(account_id: int, account: str, route: Route) -> None:
    if st.button("录入凭据", key=f"credential_{account_id}", icon=":material/key:"):
        enter_credential(account_id, account, route)


@st.dialog("录入采集凭据")
def enter_credential(account_id: int, account: str, route: Route) -> None:
    """The secret is sealed with the key of the installation and never shown again."""
    st.markdown(f"账号：{plain(account)}")
    st.caption(plain(CREDENTIAL_HINTS[route]))
    with st.form("credential", border=False):
        secret = st.text_input("凭据", type="password", autocomplete="off", max_chars=2000)
        if st.form_submit_button("保存", type="primary"):
            seal(account_id, account, route, secret.strip())


def seal(account_id: int, account: str, route: Route, secret: str) -> None:
    viewer = signin.require(Right.LEDGER_EDIT)
    if not secret or (route is Route.WECHAT and len(secret.split(":")) != 2):
        notices.refuse(plain(f"凭据为空或格式不对，没有保存。{CREDENTIAL_HINTS[route]}"))
        return
    if account_id not in set(ask(listing.ledger)["account_id"]):
        notices.refuse("这个账号不在您的权限范围内。")
        return
    knobs = signin.settings()
    try:
        ring = load_keyring(knobs.database.key_file, make=True)
        with closing(open_writer(knobs.database.path)) as db:
            credentials.save(db, account_id, secret, ring, signin.exact_now(), viewer.person.login)
            note(db, viewer.person.login, account, viewer.address)
    except KeyringError as error:
        notices.refuse(plain(str(error)))
        return
    st.session_state["answer"] = (True, "凭据已加密保存，采集程序会马上用它采集一次。")
    st.rerun()


def note(db: sqlite3.Connection, login: str, account: str, address: str) -> None:
    """That a credential was entered, never what it is."""
    journal.note(db, at=signin.wall_now(), actor=login, act="录入凭据", subject=account, address=address)
