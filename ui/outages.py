"""What we cannot see, since when, why, and what to do: one row per cause."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from matrix.inspection import Verdict
from matrix.people import Right
from matrix.run import ErrorKind
from ui import signin
from ui.cards import show_nothing_yet
from ui.clock import ago, clock
from ui.menu import ROOT
from ui.words import kind_words, plain, platform_name, remedy

NEVER = "尚未完成首次采集"
STALE = "超过24小时没有完整采集"
NAMES_SHOWN = 40
AT_THE_LEDGER = {ErrorKind.CREDENTIALS, ErrorKind.GONE}


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason for being blind, with everybody whom it blinds."""

    title: str
    sentence: str
    remedy: str
    since: float | None
    accounts: tuple[str, ...]
    find: tuple[str, str] | None = None
    """Account and platform to look for in the ledger, where the one account is put right there."""


def causes(current: pd.DataFrame, judged: pd.DataFrame) -> list[Cause]:
    """Open outages first, the oldest on top; then accounts that nobody has looked at, as one cause each."""
    found = []
    current = current.merge(judged[["account_id", "platform"]], on="account_id")
    for _, rows in current.groupby("outage_id", sort=False):
        first = rows.iloc[0]
        alone = len(rows) == 1 and first["kind"] in AT_THE_LEDGER
        find = (str(first["account"]), platform_name(first["platform"])) if alone else None
        words = kind_words(first["kind"])
        found.append(Cause(words, first["sentence"], remedy(first["kind"]), first["since"], names_of(rows), find))
    blind = judged[(judged["verdict"] == Verdict.BLIND) & ~judged["account_id"].isin(current["account_id"])]
    never = blind[blind["last_ok_at"].isna()]
    stale = blind[blind["last_ok_at"].notna()]
    if len(never):
        words = "这些账号还没有成功采集过一次，不能判定是否更新。"
        what = "确认采集程序在运行；微博和微信账号须先录入采集凭据。新导入的账号通常几分钟内完成首次采集。"
        found.append(Cause(NEVER, words, what, None, names_of(never)))
    if len(stale):
        words = "距上一次完整采集已超过24小时，这段时间的情况不明。"
        what = "确认采集程序在运行；以文件导入的账号，请导入新的文件。"
        found.append(Cause(STALE, words, what, stale["last_ok_at"].min(), names_of(stale)))
    return found


def names_of(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(
        f"{account}({platform_name(platform)}，{unit})"
        for account, platform, unit in zip(rows["account"], rows["platform"], rows["organization"], strict=True)
    )


def show(current: pd.DataFrame, judged: pd.DataFrame, now: datetime) -> None:
    """Each cause with its accounts behind a click; none at all is said with the time of the last look."""
    found = causes(current, judged)
    if not found:
        looked = judged["last_ok_at"].max()
        show_nothing_yet("没有采集中断。", f"最近一次完整采集：{clock(looked, now, '尚无')}。")
        return
    st.caption("以下账号看不到，并不是它们没有更新；采集恢复之前不作“超期未更新”判定。")
    for cause in found:
        with st.container(border=True, gap="small"):
            since = f" · 自{clock(cause.since, now)}起，已{ago(cause.since, now)}" if cause.since is not None else ""
            whom = f"{len(cause.accounts)}个账号" if len(cause.accounts) > 1 else cause.accounts[0]
            st.markdown(f"**▨ {plain(cause.title)} · {plain(whom)}**{plain(since)}")
            st.markdown(plain(cause.sentence))
            st.markdown(f"**怎么办** {plain(cause.remedy)}")
            if cause.find and signin.require().may(Right.LEDGER):
                page = ROOT / "pages/admin/ledger.py"
                where = {"find": " ".join(cause.find)}
                st.page_link(page, label="去账号台账处理", icon=":material/arrow_forward:", query_params=where)
            if len(cause.accounts) == 1:
                continue
            with st.expander(f"受影响的账号({len(cause.accounts)})"):
                more = f"……等{len(cause.accounts)}个" if len(cause.accounts) > NAMES_SHOWN else ""
                st.markdown(plain("、".join(cause.accounts[:NAMES_SHOWN]) + more))
