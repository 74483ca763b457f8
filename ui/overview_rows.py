"""What stands behind the numbers of 矩阵总览: the posts, comments and appeals of one account, and the tree in its order."""

from typing import Any

import pandas as pd
import streamlit as st

from storage import glance, organizations, publishing
from ui import exports, filters, tables
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import stamp
from ui.exports import Writers
from ui.masks import mask_name, mask_text
from ui.matrix_filters import Window
from ui.menu import ROOT
from ui.publishing import post_rows
from ui.words import plain, short

SHOWN = 200
READ = {-1: "尚未阅读", 0: "", 1: "诉求", 2: "官方"}
TITLES = {"posts": "发布", "comments": "评论", "appeals": "诉求", "replies": "官方回复"}
KIND_OF = {"appeals": 1, "replies": 2}


def show(window: Window, accounts: pd.DataFrame, wanted: str, writers: Writers) -> None:
    """The rows behind one number, as the address names it: `posts:12`."""
    name, mark, number = wanted.partition(":")
    if not mark or name not in TITLES or not number.isdecimal():
        return
    mine = accounts[accounts["account_id"] == int(number)]
    if mine.empty:
        return
    account = mine.iloc[0]
    st.subheader(f"{plain(account['account'])}：{TITLES[name]}", anchor=False)
    if name == "posts":
        found = ask(publishing.posts, order="", limit=SHOWN, account_id=int(number), **window.seconds)
        rows = post_rows(found)
    else:
        rows = comment_rows(window, int(number), name)
    if not rows:
        show_nothing_yet(f"{window.period.words}没有{TITLES[name]}。")
    else:
        more = f"，此处列出最近{SHOWN}条" if len(rows) >= SHOWN else ""
        st.caption(f"{window.period.words}{more}。")
        tables.show(rows, key=f"behind_{name}", alt=TITLES[name])
        exports.offer(f"{account['account']}{TITLES[name]}", pd.DataFrame(rows), window.about(), writers, key="behind")
    show_ways(account, name)


def comment_rows(window: Window, account_id: int, name: str) -> list[dict[str, Any]]:
    """Comments of one account, all of them or those that were read as appeals or are official words."""
    days = window.days
    found = ask(
        glance.comments,
        account_id=account_id,
        first_day=days["first_day"],
        last_day=days["last_day"],
        limit=SHOWN,
        kind=KIND_OF.get(name, -2),
    )
    return [
        {
            "时间": stamp(row["published_at"]),
            "作者": row["author_name"] if row["is_official"] else mask_name(row["author_name"]),
            "识别": READ.get(int(row["kind"]), ""),
            "评论": short(mask_text(row["text"]), 80),
            "所在内容": short(mask_text(row["post_title"]), 30),
            "链接": row["url"],
        }
        for row in found.to_dict("records")
    ]


def show_ways(account: pd.Series, name: str) -> None:
    """On to the pages that say more of this account."""
    ways = [("回复时效", "pages/matrix/timeliness.py", {"view": "明细", "pick": f"账号:{account['account_id']}"})]
    ways.append(("账号台账", "pages/admin/ledger.py", {"find": str(account["account"])}))
    with st.container(horizontal=True, gap="small"):
        for words, page, query in ways if name != "posts" else ways[1:]:
            st.page_link(ROOT / page, label=words, icon=":material/arrow_forward:", query_params=query)


def in_tree_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Parents before their children, children under their parents."""
    labels = filters.tree_labels(ask(organizations.tree))
    order = {identity: place for place, identity in enumerate(labels.values())}
    return frame.assign(place=frame["organization_id"].map(order)).sort_values("place", ignore_index=True)


def choose_unit(organization_id: int) -> None:
    """Set the filter of the page to one unit; runs before the page is drawn anew."""
    labels = filters.tree_labels(ask(organizations.tree))
    label = next((words for words, identity in labels.items() if identity == organization_id), None)
    if label is not None:
        st.session_state["unit"] = label
