"""Cards and sentences: what must be done first, and what to do when there is nothing yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd
import streamlit as st

from matrix.inspection import Verdict
from matrix.people import Right
from storage import overview
from storage.cases_soon import Soon
from storage.overview import Size
from ui import signin
from ui.ask import ask
from ui.clock import BEIJING, ago, beijing, clock, due
from ui.inspection_window import CALLS
from ui.inspection_window import VIEW as CHECK
from ui.menu import ROOT
from ui.signin import Viewer
from ui.words import plain, short

INBOX, COLLECTION, INSPECTION = "pages/duty/inbox.py", "pages/admin/collection.py", "pages/matrix/inspection.py"


@dataclass(frozen=True, slots=True)
class Way:
    """Where a figure leads: its words, the page, and what stands in the address there."""

    words: str
    page: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Card:
    """One figure with its oldest item and the lists behind it; `figure` None means that the feature is not in use yet."""

    title: str
    figure: int | None
    unit: str
    detail: str
    ways: tuple[Way, ...] = ()


def show_nothing_yet(sentence: str, hint: str = "") -> None:
    """An empty place says that it is empty, and why."""
    with st.container(border=True):
        st.markdown(plain(sentence))
        if hint:
            st.caption(plain(hint))


def has_something(viewer: Viewer) -> bool:
    """Whether there is anything to show; if not, says what to do next."""
    if not viewer.scope and not viewer.may(Right.LEDGER_EDIT):
        show_nothing_yet("您还没有权限范围，因此看不到任何单位。", "请联系安全管理员，在“用户与权限”中为您指定可以查看的单位。")
        return False
    size: Size = ask(overview.size)
    if size.accounts:
        return True
    show_first_steps(viewer)
    return False


def show_first_steps(viewer: Viewer) -> None:
    """From an empty database to a running one."""
    with st.container(border=True):
        st.subheader("还没有账号，从这里开始", anchor=False)
        if not viewer.may(Right.LEDGER_EDIT):
            st.markdown("台账尚未导入。请联系本单位的主管或系统管理员，在“账号台账”导入单位和账号。")
            return
        st.markdown(
            "1. 在服务器上运行 `python3 run.py worker`：核对台账和采集都由它执行。\n"
            "2. 在“账号台账”下载模板，填入单位树和账号(已有的 Excel 或 CSV 也可以)。\n"
            "3. 上传文件，核对差异后确认，系统才会写入。\n"
            "4. 为微博和微信账号录入采集凭据，采集随即开始；订阅源和文件导入不需要凭据。\n"
            "5. 在“用户与权限”为同事建立用户，指定角色和可以查看的单位。"
        )
        st.caption("想先看看有数据的样子，可在另一个窗口运行 `python3 run.py demo`，它使用单独的数据库。")
        st.page_link(
            ROOT / "pages/admin/ledger.py", label="去导入台账", icon=":material/upload_file:", query_params={"book": "导入台账"}
        )


def starting_point(viewer: Viewer, moment: datetime) -> tuple[datetime, str]:
    """Since when the first page counts, and the sentence that says so honestly."""
    day = moment.timestamp() - 86400
    since, words = beijing(day), "近24小时"
    here = viewer.last_here
    is_real_clock = signin.settings().clock().start is None
    if is_real_clock and here is not None and 0 < (moment - here).total_seconds() < 7 * 86400:
        since, words = here.replace(second=0, microsecond=0), f"自{clock(here, moment)}您上次离开以来"
    return since, words


def appeals_card(waiting: Soon, moment: datetime) -> Card:
    """Citizens whose time runs out; without a rule nothing is overdue, and the card says so."""
    title, way = "临近时限诉求", Way("去办理", INBOX)
    if waiting.count:
        overdue = f"，其中已超时{waiting.overdue:,}件" if waiting.overdue else ""
        words = f"最早：{short(waiting.oldest_account, 14)}，{due(waiting.oldest_due, moment)}{overdue}"
        return Card(title, waiting.count, "件", words, (way,))
    if waiting.unruled:
        unruled = Way(f"**待回复{waiting.unruled:,}件**", INBOX)
        return Card(title, 0, "件", "尚未选定时限规则，不判定超时", (unruled,))
    return Card(title, 0, "件", f"{moment.astimezone(BEIJING):%H:%M}已核对", (way,))


def duty_cards(judged: pd.DataFrame, moment: datetime, soon_due: Soon | None, incidents: Card) -> list[Card]:
    """The four figures in their fixed order."""
    soon = judged[judged["verdict"] == Verdict.SOON].sort_values("due_at")
    overdue = judged[judged["verdict"] == Verdict.OVERDUE]
    blind = judged[judged["verdict"] == Verdict.BLIND]
    looked = judged["last_ok_at"].max()
    checked = f"{beijing(looked):%H:%M}已核对" if looked == looked and looked is not None else "尚未核对"
    if len(soon):
        first = soon.iloc[0]
        soon_words = f"最早：{short(first['account'], 14)}，{due(first['due_at'], moment)}"
    else:
        soon_words = checked
    called = Way("查看账号", INSPECTION, {CHECK: CALLS})
    late = {"sight": "账号判定", "verdict": Verdict.OVERDUE.value}
    beside = [Way(f"**另有{len(overdue)}个已超期**", COLLECTION, late)] if len(overdue) else []
    since = blind["blind_since"].min()
    if not len(blind):
        blind_words = checked
    elif since == since and since is not None:
        first = blind.loc[blind["blind_since"].idxmin()]
        blind_words = f"最久：{short(first['account'], 14)}，已{ago(since, moment)}"
    else:
        blind_words = "尚未完成首次采集或超过24小时没有采到"
    return [
        incidents,
        appeals_card(soon_due, moment) if soon_due else Card("临近时限诉求", None, "件", "您的角色不能查看诉求"),
        Card("3日内将超期账号", len(soon), "个", soon_words, (*([called] if len(soon) or not beside else []), *beside)),
        Card("采集中断", len(blind), "个", blind_words, (Way("查看原因", COLLECTION, {"sight": "中断原因"}),)),
    ]


def show_cards(cards: list[Card]) -> None:
    """All cards in one row, one below the other on a narrow screen."""
    for column, card in zip(st.columns(len(cards)), cards, strict=True):
        with column, st.container(border=True, height="stretch", gap="xsmall"):
            st.caption(card.title)
            if card.figure is None:
                st.subheader("未启用", anchor=False)
                st.caption(card.detail)
                continue
            if card.figure == 0:
                st.subheader(f"0 · {card.detail}", anchor=False)
            else:
                st.subheader(f"{card.figure:,} {card.unit}", anchor=False)
                st.caption(plain(card.detail))
            for way in card.ways:
                st.page_link(ROOT / way.page, label=way.words, icon=":material/arrow_forward:", query_params=dict(way.query))
