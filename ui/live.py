"""The one part of the console that renews itself: the newest posts and comments."""

from datetime import timedelta

import pandas as pd
import streamlit as st

from storage import overview
from ui import signin
from ui.ask import fresh
from ui.clock import beijing, clock
from ui.masks import mask_name, mask_text
from ui.records import records
from ui.words import CHANNEL_WORDS, plain, platform_name, short

EVERY = timedelta(seconds=10)
REACH = timedelta(days=7)
ROWS = 12


@st.fragment(run_every=EVERY)
def show_newest() -> None:
    """Two lists side by side, one below the other on a narrow screen; asked anew every few seconds."""
    moment = signin.now()
    since = moment - REACH
    left, right = st.columns(2, gap="medium")
    with left:
        show_posts(fresh(overview.newest_posts, since=since, limit=ROWS))
    with right:
        show_comments(fresh(overview.newest_comments, since=since, limit=ROWS))
    exact = signin.exact_now()
    st.caption(f"每{EVERY.seconds}秒自动更新，最近一次 {beijing(exact):%H:%M:%S}。姓名、电话、证件号已遮蔽。")


def show_posts(posts: pd.DataFrame) -> None:
    st.subheader("最新发布", anchor=False)
    if posts.empty:
        st.caption("近7天没有采到新发布。")
    items = []
    for row in records(posts):
        counts = [
            f"{words}{row[key]:.0f}"
            for key, words in (("reads", "阅读"), ("likes", "赞"), ("comments", "评论"))
            if row[key] == row[key] and row[key] is not None
        ]
        gone = "(已删除或不可见)" if row["gone_kind"] in ("deleted", "hidden") else ""
        items.append(item(row, mask_text(row["title"] or row["text"]), [row["account"], *counts], gone))
    show_items(items)


def show_comments(comments: pd.DataFrame) -> None:
    st.subheader("最新评论", anchor=False)
    if comments.empty:
        st.caption("近7天没有采到新评论。")
    items = []
    for row in records(comments):
        who = f"{row['author_name']}(官方)" if row["is_official"] else mask_name(row["author_name"])
        kind = CHANNEL_WORDS.get(row["channel"], "")
        below = f"{kind}于 {row['account']}"
        region = [row["region"]] if row["region"] else []
        under = f"《{short(mask_text(row['post_title']), 24)}》" if row["post_title"] else ""
        items.append(item(row, mask_text(row["text"]), [who, *region, below], under))
    show_items(items)


def original(url: object) -> str:
    """A link to the original in Markdown; nothing where the address is none that a browser may open."""
    address = str(url or "")
    is_safe = address.startswith(("https://", "http://")) and not set(address) & set("() <>[]\\")
    return f"[查看原文]({address})" if is_safe else ""


def item(row: dict[str, object], text: str, facts: list[str], after: str) -> str:
    """One post or comment: when and where in small letters, then what it says, and the original where it has an address."""
    when = clock(float(str(row["published_at"])), signin.now())
    head = " · ".join(plain(words) for words in [when, platform_name(int(str(row["platform"]))), *facts])
    foot = f"{plain(after)} {original(row['url'])}".strip()
    lines = [f":small[:gray[{head}]]", plain(short(text, 110)) or "(无文字)", f":small[:gray[{foot}]]" if foot else ""]
    return "  \n".join(filter(None, lines))


def show_items(items: list[str]) -> None:
    """One card of all of them: every element of a page costs, for whoever waits for it and again with each renewal."""
    if items:
        with st.container(border=True):
            st.markdown("\n\n".join(items))
