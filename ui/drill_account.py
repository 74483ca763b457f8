"""One account opened: what it is, how it stands, its sums with their rows, its days, and what it published last."""

from collections.abc import Mapping
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from matrix.account import Nature, Route
from matrix.mover import is_compared, move
from storage import glance, overview, silence
from ui import drill, exports, signin
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import clock, day_of
from ui.exports import Writers
from ui.live import original
from ui.masks import mask_text
from ui.matrix_filters import Window
from ui.menu import ROOT
from ui.words import plain, platform_name, ratio, route_name, short, verdict_words

STILL = {"displayModeBar": False}
COUNTS = {"发布": "posts", "评论": "comments", "诉求": "appeals", "官方回复": "replies"}


class Charts(Protocol):
    """What the page hands in: `charts.publishing`, which this room may not import."""

    def course(self, frame: pd.DataFrame) -> Any: ...


def show(view: str, window: Window, account_id: int, charts: Charts, writers: Writers) -> None:
    """Everything about one account in the period of the page."""
    period = {name: window.days[name] for name in ("first_day", "last_day")}
    board: glance.Board = ask(glance.board, account_id=account_id, **period)
    if board.accounts.empty:
        show_nothing_yet("没有这个账号，或不在您的权限范围内。")
        return
    row = board.accounts.iloc[0].to_dict()
    st.subheader(f"{plain(row['account'])} {marks(row)}", anchor=False)
    st.caption(
        plain(f"{platform_name(int(row['platform']))} · {row['organization']} · {row['level']} · {route_name(row['route'])}")
    )
    show_verdict(account_id)
    show_last(account_id)
    show_sums(view, row)
    st.caption(window.compared_words("") if row["has_before"] else "前期没有采全，不作比较。")
    st.subheader("每日发布和评论", anchor=False)
    st.caption("点一根柱查看当日的内容。")
    st.plotly_chart(
        charts.course(board.daily),
        key="course",
        on_select=lambda: on_day(view, account_id),
        selection_mode="points",
        config=STILL,
        alt=f"{window.period.words}每日发布和评论条数",
    )
    about = window.about() | {"账号": f"{row['account']}({platform_name(int(row['platform']))})"}
    exports.offer(f"{row['account']}每日", daily_rows(board.daily), about, writers, key="course")
    show_ways(row)


def marks(row: Mapping[str, Any]) -> str:
    """What is said behind the name of an account that is shown and never ranked."""
    person = "(公职人员)" if row["nature"] == Nature.OFFICIAL_PERSON else ""
    return person + ("(仅登记)" if row["route"] == Route.NONE else "")


def show_verdict(account_id: int) -> None:
    judged = ask(silence.verdicts, now=signin.figures_now(), limit_days=signin.limit_days())
    found = judged[judged["account_id"] == account_id]
    if len(found):
        st.markdown(f"**{verdict_words(found.iloc[0]['verdict'])}** · {plain(found.iloc[0]['reason'])}")


def show_last(account_id: int) -> None:
    found = ask(overview.last_post, account_id=account_id)
    if len(found):
        post = found.iloc[0]
        words = plain(short(mask_text(post["title"] or post["text"]), 60))
        st.markdown(f"最近发布：{clock(post['published_at'], signin.now())} {words} {original(post['url'])}".strip())


def show_sums(view: str, row: Mapping[str, Any]) -> None:
    """The sums of the period; each opens its rows."""
    whose = f"a{int(row['account_id'])}"
    covered = ask(silence.coverage, now=signin.figures_now())
    mine = covered[covered["account_id"] == row["account_id"]]
    facts = [
        (
            words,
            f"{int(row[name]):,}",
            change(row, name) if row["has_before"] and is_compared(row["nature"], row["route"]) else "",
            name,
        )
        for words, name in COUNTS.items()
    ]
    followers = row["followers"]
    if followers is not None and followers == followers:
        facts.append(("粉丝", f"{int(followers):,}", "", "followers"))
    if len(mine):
        facts.append(("采集完整度", ratio(mine.iloc[0]["held"], mine.iloc[0]["stated"]).partition("(")[0], "", "covered"))
    with st.container(horizontal=True, gap="small"):
        for words, value, told, name in facts:
            with st.container(border=True, gap="xsmall", width="stretch", height="stretch"):
                st.metric(words, value, told or None, delta_color="off", delta_arrow="off")
                st.button("查看", key=f"sum_{name}", type="tertiary", icon=":material/chevron_right:", icon_position="right",
                          on_click=drill.enter, args=(view, name, whose))  # fmt: skip


def change(row: Mapping[str, Any], name: str) -> str:
    return move(name, int(row[name]), int(row[f"before_{name}"])).words


def on_day(view: str, account_id: int) -> None:
    """A click on a bar: the upper figure are posts, the lower one comments."""
    points = (st.session_state.get("course") or {}).get("selection", {}).get("points") or []
    mark = points[0].get("customdata") if points else None
    mark = mark[0] if isinstance(mark, list | tuple) and mark else mark
    if mark is not None:
        name = "comments" if points[0].get("curve_number") else "posts"
        drill.enter(view, name, f"a{account_id}", f"d{int(mark)}")


def daily_rows(daily: pd.DataFrame) -> pd.DataFrame:
    days = [day_of(int(day)) for day in daily["day"]]
    return pd.DataFrame({"日期": days} | {words: daily[name] for words, name in COUNTS.items()})


def show_ways(row: Mapping[str, Any]) -> None:
    """On to the pages that say more of this account."""
    ways = (
        ("回复时效", "pages/matrix/timeliness.py", {"times": "明细", "pick": f"账号:{int(row['account_id'])}"}),
        ("账号台账", "pages/admin/ledger.py", {"find": f"{row['account']} {platform_name(int(row['platform']))}"}),
    )
    with st.container(horizontal=True, gap="small"):
        for words, page, query in ways:
            st.page_link(ROOT / page, label=words, icon=":material/arrow_forward:", query_params=query)
