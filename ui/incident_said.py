"""What citizens say of an incident: how much over time against the official words, how they feel, about what, their words."""

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from matrix.feeling import BY_CODE, UNCERTAIN, Feeling
from matrix.incident import IncidentState, MemberKind, Verdict
from matrix.people import Right
from matrix.percent import percent_words
from storage import heads, incident_facts, incident_words
from storage.incident_rows import Standing
from ui import exports, incident_members, tables
from ui.ask import fresh
from ui.cards import show_nothing_yet
from ui.clock import clock, stamp
from ui.drill_lists import LINK
from ui.exports import Writers
from ui.incident_voice import BARE, Charts
from ui.masks import mask_name, mask_text
from ui.records import records
from ui.signin import Viewer
from ui.words import plain, platform_name

HOWS = {"发布": "在相关发布下", "方案": "监测方案命中", "主题": "预警的主题", "文字": "文字提到", "人工": "人工并入"}
SHOWN, FLOOR = 100, 10


def show(viewer: Viewer, one: Standing, now: datetime, charts: Charts, writers: Writers) -> None:
    """The sums, the course with official words marked, topics and hot words, the voices masked."""
    given = {"incident_id": one.id, "as_of": int(now.timestamp())}
    told = fresh(incident_facts.told, viewer, **given)
    if not told.comments + told.leads:
        show_nothing_yet(
            "还没有归入这个事件的评论和线索。", "相关发布下的评论、并入预警的评论和提到事件的评论，由采集程序陆续归入。"
        )
        return
    facts = f"评论{told.comments:,}条，涉及网民{told.citizens:,}人(去重)，线索{told.leads:,}条"
    st.markdown(f"**{plain(facts)}**")
    st.caption(plain(feeling_words(told)))
    step = 3600 if now.timestamp() - one.matter.starts_at < 4 * 86400 else 86400
    volume = fresh(incident_facts.volume, viewer, step=step, **given)
    official = fresh(incident_words.words, viewer, **given)
    marks = [(int(row["said_at"]), str(row["kind"])) for row in records(official) if row["verdict"] == Verdict.CONFIRMED]
    alt = f"每{'小时' if step == 3600 else '天'}的评论和线索条数，标出已确认的官方发声"
    st.plotly_chart(charts.volume(volume, marks), key="incident_volume", config=BARE, alt=alt)
    about = {"事件": mask_text(one.matter.title), "截至": stamp(now)}
    rows = [{"时间": stamp(row["at"]), "评论": row["comments"], "线索": row["leads"]} for row in records(volume)]
    exports.offer("事件声量", pd.DataFrame(rows), about, writers)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("说的是什么", anchor=False)
        show_topics(fresh(incident_facts.topics, viewer, **given))
    with right:
        st.subheader("同期热词", anchor=False)
        show_words(viewer, one, now)
    is_open = one.matter.state == IncidentState.OPEN
    show_voices(viewer, given, about, now, writers, may=is_open and viewer.may(Right.INCIDENTS))


def feeling_words(told: incident_facts.Told) -> str:
    """正面、中性、负面 of the certain readings, never a share without its number."""
    if told.certain < FLOOR:
        return f"情绪：样本不足(能确定情绪的{told.certain}条，少于{FLOOR}条)"
    parts = ((Feeling.POSITIVE, told.positive), (Feeling.NEUTRAL, told.neutral), (Feeling.NEGATIVE, told.negative))
    return "情绪(只计能确定的)：" + "，".join(f"{name}{percent_words(number, told.certain)}" for name, number in parts)


def show_topics(found: pd.DataFrame) -> None:
    if found.empty:
        st.caption("还没有判读主题。")
        return
    rows = [{"主题": row["topic"], "细类": row["part"] or "—", "评论": row["comments"]} for row in records(found.head(10))]
    tables.show(rows, "incident_topics", tables.counts(rows), alt="评论的主题")


def show_words(viewer: Viewer, one: Standing, now: datetime) -> None:
    """Hot words are those of the incident's unit on these days; they are not counted for a single incident."""
    until = one.matter.closed_at or int(now.timestamp())
    given = {"since": one.matter.starts_at, "until": until, "organization_id": one.organization_id}
    found = fresh(heads.hot_words, viewer, **given)
    if found.empty:
        st.caption("这些天还没有热词。")
        return
    st.markdown(" ".join(f":gray-badge[{plain(mask_text(row['word']))} {row['said']}]" for row in records(found)))
    st.caption(plain(f"{one.organization}及下级在事件期间比平时多说的词，数字为网民数，不限于本事件。"))


def show_voices(
    viewer: Viewer, given: dict[str, Any], about: dict[str, str], now: datetime, writers: Writers, *, may: bool
) -> None:
    """Comments and leads with names masked, all or of one feeling; a chosen comment can be taken out."""
    st.subheader("网民怎么说", anchor=False)
    options = {"全部": None, **{str(feeling): number for number, feeling in BY_CODE.items()}}
    chosen = st.segmented_control("情绪", list(options), default="全部", required=True, key="incident_feeling",
                                  label_visibility="collapsed")  # fmt: skip
    found = fresh(incident_facts.voices, viewer, feeling=options[chosen or "全部"], limit=SHOWN, **given)
    rows = [voice_row(row) for row in records(found)]
    leads = (
        [lead_row(row) for row in records(fresh(incident_facts.leads_of, viewer, **given))] if chosen in (None, "全部") else []
    )
    if rows or leads:
        place = tables.pick(leads + rows, "incident_voices", {"链接": LINK}, alt="网民的话")
        if place is not None and place >= len(leads) and may:
            number = int(found.iloc[place - len(leads)]["comment_id"])
            incident_members.offer_out(given["incident_id"], MemberKind.COMMENT, number, rows[place - len(leads)]["内容"])
        st.caption(f"最新{SHOWN}条以内，姓名、电话等已遮蔽{'；选一条评论可以移出' if may else ''}。截至{clock(now, now)}。")
        exports.offer("事件评论", pd.DataFrame(leads + rows), about, writers)
    else:
        st.caption("没有符合的评论。")


def voice_row(row: dict[str, Any]) -> dict[str, Any]:
    feeling = str(BY_CODE[int(row["feeling"])]) if row["is_sure"] else UNCERTAIN
    return {
        "时间": stamp(row["published_at"]),
        "网民": mask_name(row["author_name"]),
        "情绪": feeling,
        "主题": row["topic"],
        "内容": mask_text(row["text"]),
        "归入": HOWS.get(row["how"], row["how"]),
        "账号": row["account"],
        "平台": platform_name(row["platform"]),
        "链接": row["url"] or None,
    }


def lead_row(row: dict[str, Any]) -> dict[str, Any]:
    is_read = row["feeling"] is not None and row["feeling"] == row["feeling"] and row["is_sure"]
    return {
        "时间": stamp(row["published_at"]),
        "网民": mask_name(row["author_name"]),
        "情绪": str(BY_CODE[int(row["feeling"])]) if is_read else UNCERTAIN,
        "主题": "",
        "内容": mask_text(row["text"]),
        "归入": "线索",
        "账号": "—",
        "平台": mask_text(row["platform"]),
        "链接": row["link"] or None,
    }
