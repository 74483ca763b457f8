"""The parts of the ledger page: the tree, the accounts with their contacts, and one account opened."""

from datetime import datetime

import pandas as pd
import streamlit as st

from matrix.account import ROUTE_NAMES, SIGHTS, Route
from matrix.ledger import ACCOUNT_FIELDS, NAMELESS
from matrix.people import Right
from storage import listing, organizations
from ui import account_dialogs, dialogs, filters, tables
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import clock, stamp
from ui.masks import mask_phone
from ui.records import records
from ui.signin import Viewer
from ui.words import plain, platform_name, route_name

NEEDS_CREDENTIAL = {Route.WEIBO_FREE, Route.WEIBO_COMMERCIAL, Route.WECHAT}


def show_tree() -> None:
    """Every unit with how many accounts it and those below it have."""
    tree = ask(organizations.tree)
    if tree.empty:
        show_nothing_yet("还没有单位。", "导入台账后，这里显示单位树。")
        return
    accounts = ask(listing.ledger)
    own = accounts["organization_id"].value_counts()
    below = ask(listing.counts_below).set_index("organization_id")["accounts"]
    labels = filters.tree_labels(tree)
    known = tree.set_index("id")
    rows = [
        {
            "单位": label,
            "层级": known.at[identity, "level"],
            "条线": known.at[identity, "line"],
            "地区": known.at[identity, "region"],
            "本级账号": int(own.get(identity, 0)),
            "含下级账号": int(below.get(identity, 0)),
            "编码": known.at[identity, "code"],
        }
        for label, identity in labels.items()
    ]
    st.caption(f"共{len(rows)}个单位。")
    tables.show(rows, "tree", alt="单位树")


def narrow(accounts: pd.DataFrame) -> pd.DataFrame:
    """The accounts that the filters let through."""
    first, second, third = st.columns(3)
    with first:
        units = filters.pick_unit()
    with second:
        platform = filters.pick_platform()
    with third:
        wanted = st.text_input("查找", key="find", bind="query-params", placeholder="账号、单位、责任人、平台", max_chars=40)
    if units is not None:
        accounts = accounts[accounts["organization_id"].isin(units)]
    if platform:
        accounts = accounts[accounts["platform"] == platform]
    if wanted:
        names = accounts["account"] + "\n" + accounts["organization"] + "\n" + accounts["person"] + "\n" + accounts["ext_id"]
        text = names + "\n" + accounts["platform"].map(platform_name)
        for word in wanted.split():
            text = text[text.str.contains(word, case=False, regex=False)]
        accounts = accounts.loc[text.index]
    return accounts.reset_index(drop=True)


def show_accounts(viewer: Viewer, now: datetime) -> None:
    """The accounts of the scope; a chosen row opens."""
    accounts = ask(listing.ledger)
    if accounts.empty:
        show_nothing_yet("还没有账号。", "导入台账后，这里显示账号和联系人。")
        return
    chosen = narrow(accounts)
    if chosen.empty:
        show_nothing_yet("没有符合条件的账号。")
        return
    sees_phones = viewer.may(Right.LEDGER_EDIT)
    rows = [
        {
            "账号": row["account"],
            "平台": platform_name(row["platform"]),
            "单位": row["organization"],
            "责任人": row["person"],
            "联系电话": row["phone"] if sees_phones else mask_phone(row["phone"]),
            "采集方式": route_name(row["route"]),
            "运行状态": row["status"],
            "备案": row["filing"],
            "性质": row["nature"],
            "豁免": row["exemption"],
            "平台账号ID": "未填写" if row["ext_id"].startswith(NAMELESS) else row["ext_id"],
        }
        for row in records(chosen)
    ]
    st.caption(f"共{len(rows)}个账号，点选一行可查看" + ("和修改。" if sees_phones else "。"))
    place = tables.pick(rows, "accounts", alt="账号台账")
    if place is None and len(chosen) == 1:
        place = 0
    if place is not None:
        show_account(chosen.iloc[place], viewer, now)


def show_account(row: pd.Series, viewer: Viewer, now: datetime) -> None:
    """One account: what its route can see, its credential, what was changed, and what may be done."""
    account_id, route = int(row["account_id"]), Route(row["route"])
    with st.container(border=True):
        st.subheader(str(row["account"]), anchor=False)
        st.caption(plain(f"{row['organization']} · {platform_name(row['platform'])} · {ROUTE_NAMES[route]}"))
        sight = SIGHTS[route]
        eyes = {"发布": sight.posts, "评论": sight.comments, "官方回复": sight.replies, "阅读数": sight.reads}
        st.markdown(" · ".join(f"{word}{'可见' if sees else '**不可见**'}" for word, sees in eyes.items()))
        if sight.limits:
            st.caption(plain(f"▢ 平台限制：{'；'.join(sight.limits)}"))
        if route in NEEDS_CREDENTIAL:
            at = row["credential_at"]
            has = at is not None and at == at
            st.markdown(f"采集凭据：{clock(at, now)}录入" if has else "采集凭据：**未录入**，录入前无法采集")
        if viewer.may(Right.LEDGER_EDIT):
            with st.container(horizontal=True):
                account_dialogs.offer_edit(row)
                if route in NEEDS_CREDENTIAL:
                    account_dialogs.offer_credential(account_id, str(row["account"]), route)
                if route is not Route.NONE:
                    dialogs.offer_check(account_id, str(row["account"]))
        changes = ask(listing.changes, account_id=account_id)
        if not changes.empty:
            with st.expander(f"变更记录({len(changes)})"):
                lines = [
                    {
                        "时间": stamp(change["at"]),
                        "项目": ACCOUNT_FIELDS.get(change["field"], change["field"]),
                        "原为": change["before"],
                        "改为": change["after"],
                        "由": change["author"],
                    }
                    for change in records(changes)
                ]
                tables.show(lines, f"changes_{account_id}", alt="台账变更记录")
