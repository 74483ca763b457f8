"""Who in the matrix carries the bulletin: a grid of accounts, whoever must be called first, the telephone beside each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from matrix.incident import Verdict
from matrix.incident_grid import VOICE_MARKS, Voice
from matrix.people import Right
from storage import incident_grid, incident_words
from ui import exports, incident_dialogs, signin, tables
from ui.ask import fresh
from ui.cards import show_nothing_yet
from ui.clock import clock, stamp
from ui.drill_lists import LINK
from ui.exports import Writers
from ui.masks import mask_phone, mask_text
from ui.records import records
from ui.signin import Viewer
from ui.words import plain, platform_name, short, told

NOT_A_VERDICT = "“表述不一致”只提示同一事项的人数不同，或含通报没有的否认表述，请核对原文后再联系。"
BARE = {"displayModeBar": False}


class Charts(Protocol):
    """What the page hands in: `charts.incident`, which this room may not import."""

    def volume(self, frame: pd.DataFrame, words: Any) -> Any: ...

    def carried(self, minutes: Any, others: int) -> Any: ...


def show_waiting(viewer: Viewer, incident_id: int, now: datetime) -> None:
    """What the system found to be an official word and nobody has looked at yet."""
    found = fresh(incident_words.words, viewer, incident_id=incident_id, as_of=int(now.timestamp()))
    waiting = [row for row in records(found) if row["verdict"] == Verdict.WAITING]
    if not waiting:
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**系统发现{len(waiting)}条可能的官方发声，请核对；核对前不停止时限**")
        for row in waiting[:5]:
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                words = f"{clock(row['said_at'], now)} {row['speaker']}：{short(mask_text(row['title']), 50)}"
                st.markdown(plain(words), width="content")
                if viewer.may(Right.INCIDENTS) and st.button("核对…", key=f"decide_{row['word_id']}"):
                    incident_dialogs.decide(incident_id, row)
        if len(waiting) > 5:
            st.caption(f"另有{len(waiting) - 5}条，见“登记”。")


def grid_of(viewer: Viewer, incident_id: int, now: datetime) -> tuple[pd.DataFrame, Mapping[str, Any] | None]:
    """The grid of the newest bulletin, and the bulletin; None while none is chosen."""
    as_of = int(now.timestamp())
    found = fresh(incident_words.words, viewer, incident_id=incident_id, as_of=as_of)
    chosen = [row for row in records(found) if row["is_bulletin"] and row["verdict"] == Verdict.CONFIRMED]
    if not chosen:
        return pd.DataFrame(), None
    word = int(chosen[-1]["word_id"])
    return fresh(incident_grid.grid, viewer, incident_id=incident_id, word_id=word, as_of=as_of), chosen[-1]


def show(
    viewer: Viewer, found: pd.DataFrame, bulletin: Mapping[str, Any] | None, now: datetime, charts: Charts, writers: Writers
) -> None:
    """Counts, the grid with silent accounts first, and minute by minute how the bulletin was carried."""
    if bulletin is None:
        show_nothing_yet(
            "还没有选定通报，不能判断各账号是否转载。", "在“登记”中把一条已确认的官方发声选为通报；须是矩阵账号发布的内容。"
        )
        return
    if found.empty:
        show_nothing_yet("事件单位下没有已备案、正常运行的机构账号。")
        return
    st.markdown(f"**通报**：{told(bulletin['speaker'])}，{clock(bulletin['said_at'], now)}，{told(bulletin['title'])}")
    counts = found["voice"].value_counts()
    parts = [f"{VOICE_MARKS.get(voice, '')}{voice} {int(counts[voice.value])}" for voice in Voice if counts.get(voice.value)]
    others = len(found) - int(counts.get(Voice.ISSUER.value, 0))
    st.markdown(f"**{plain(' · '.join(parts))}**")
    rows = grid_rows(found, now, is_whole=is_whole(viewer))
    tables.show(rows, "voices_grid", {"链接": LINK}, alt="各账号转载和发声情况")
    st.caption(
        f"{NOT_A_VERDICT}范围为事件单位及下级已备案、正常运行的机构账号，停用和已豁免的不列；仅用于联系催办，不作为考核依据。"
    )
    minutes = [int(one) for one in found.loc[found["voice"] == Voice.CARRIED.value, "minutes"]]
    if len(minutes) > 1:
        st.plotly_chart(
            charts.carried(minutes, others), key="carried", config=BARE, alt=f"{others}个账号中{len(minutes)}个已转载"
        )
    about = {"截至": stamp(now), "通报": mask_text(str(bulletin["title"])), "说明": NOT_A_VERDICT}
    exports.offer("转载和发声", pd.DataFrame(grid_rows(found, now, is_whole=False)), about, writers)


def is_whole(viewer: Viewer) -> bool:
    """Who may see telephone numbers whole: as on the page of updates."""
    return bool(viewer.rights & {Right.INSPECT, Right.LEDGER_EDIT})


def grid_rows(found: pd.DataFrame, now: datetime, *, is_whole: bool) -> list[dict[str, Any]]:
    return [
        {
            "状态": f"{VOICE_MARKS.get(Voice(row['voice']), '')}{row['voice']}",
            "账号": row["account"],
            "平台": platform_name(row["platform"]),
            "电话": (row["phone"] if is_whole else mask_phone(row["phone"])) or "未登记",
            "责任人": row["person"] or "未登记",
            "首次发声": stamp(row["at"]),
            "距通报": minutes_words(row["minutes"]),
            "说明": mask_text(row["reason"]) or silent_words(row, now),
            "单位": row["organization"],
            "链接": row["url"] or None,
        }
        for row in records(found)
    ]


def minutes_words(minutes: float | None) -> str:
    """12分钟后, 3小时5分后; 早于通报 for what came before it."""
    if minutes is None or minutes != minutes:
        return ""
    whole = int(minutes)
    if whole < 0:
        return "早于通报"
    return f"{whole // 60}小时{whole % 60}分后" if whole >= 60 else f"{whole}分钟后"


def silent_words(row: Mapping[str, Any], now: datetime) -> str:
    """Up to when a silence is known."""
    return f"看到{clock(row['seen_to'], now)}为止" if row["voice"] == Voice.SILENT else ""


def show_calls(found: pd.DataFrame) -> None:
    """On a narrow screen: one button to call for each account that is silent or says something else."""
    whom = [row for row in records(found) if row["voice"] in (Voice.SILENT, Voice.DIFFERENT)] if len(found) else []
    if not whom or not is_whole(signin.require()):
        return
    st.markdown(f"**需要联系{len(whom)}个账号**")
    for row in whom[:30]:
        words = f"{row['voice']} · {row['account']}({row['person'] or '未登记责任人'})"
        if row["phone"]:
            st.link_button(plain(f"拨打 {words}"), f"tel:{row['phone']}", icon=":material/call:", width="stretch")
        else:
            st.caption(plain(f"{words}，未登记电话"))
