"""The change of shifts on the first page: since when things count as new, taking over, handing over, and the duty log."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from matrix.people import Right
from matrix.shift import ShiftAct, Watch
from storage import cases_soon, outages, shifts
from ui import arrived, cards, exports, notices, signin, tables
from ui.arrived import desk_of, watch_of
from ui.ask import act, ask
from ui.clock import clock, stamp
from ui.masks import mask_text
from ui.records import records
from ui.signin import Viewer
from ui.words import plain, short

Writer = Callable[[Mapping[str, str], Mapping[str, Sequence[Mapping[str, str]]]], bytes]
DAYS_SHOWN = 7


def show_head(viewer: Viewer, now: datetime) -> None:
    """The first line: since which hand-over, what came in, and the button that changes the shift."""
    desk, watch = desk_of(viewer), watch_of(viewer)
    left, right = st.columns([5, 1], vertical_alignment="center")
    with left:
        arrived.show_line(arrived.since_of(viewer, watch, now))
        duty = f"{plain(watch.name)}自{clock(watch.since, now)}起在班" if watch.on_duty else "目前无人在班"
        st.caption(duty)
    with right:
        if desk is not None and viewer.may(Right.SHIFT):
            offer_change(viewer, desk, watch)
    if watch.last is not None and watch.last.note:
        notices.show(f"**上一班交代** {plain(mask_text(watch.last.note))}", "assignment")


def offer_change(viewer: Viewer, desk: int, watch: Watch) -> None:
    if watch.on_duty == viewer.person.login:
        if st.button("交班", icon=":material/logout:", width="stretch"):
            enter_change(desk, ShiftAct.HAND, watch)
    elif st.button("接班", icon=":material/login:", type="primary", width="stretch"):
        enter_change(desk, ShiftAct.TAKE, watch)


@st.dialog("交接班")
def enter_change(desk: int, wanted: ShiftAct, watch: Watch) -> None:
    """One note and one row; what is still open is counted before it is left to the next."""
    now = signin.now()
    if wanted is ShiftAct.TAKE and watch.on_duty:
        st.markdown(f"{plain(watch.name)}自{clock(watch.since, now)}起在班，还没有交班。您接班后，其班次随之结束。")
    soon = ask(cases_soon.waiting_soon, now=now)
    blind = ask(outages.current)["outage_id"].nunique()
    st.markdown(f"目前临近时限或已超时的诉求{soon.count}件，采集中断{blind}处。")
    words = "未了事项、需要下一班继续跟进的情况" if wanted is ShiftAct.HAND else "接班时核对的情况(可不填)"
    with st.form("shift", border=False):
        note = st.text_area(words, max_chars=shifts.LONGEST_NOTE, height=140)
        if st.form_submit_button(f"确认{wanted}", type="primary"):
            save(desk, wanted, note)


def save(desk: int, wanted: ShiftAct, note: str) -> None:
    viewer = signin.require(Right.SHIFT)
    person = viewer.person
    now = signin.exact_now()
    try:
        act(Right.SHIFT, str(wanted), shifts.change, viewer.scope, desk, wanted, note, person.login, person.name, now)
    except (ValueError, PermissionError) as error:
        notices.refuse(plain(str(error)))
        return
    st.rerun()


def show_log(viewer: Viewer, now: datetime, write: Writer) -> None:
    """值班日志: the changes of the last days, and everything of one watch, to read and to print."""
    until = int(now.timestamp())
    found = ask(shifts.changes, since=until - DAYS_SHOWN * 86400, until=until + 60)
    if desk_of(viewer) is None or found.empty:
        cards.show_nothing_yet("还没有交接班记录。", "在“值班”视图点“接班”，从此每一班的情况都会记在这里。")
        return
    rows = [
        {
            "时间": stamp(row["at"]),
            "单位": row["desk"],
            "交接": row["act"],
            "值班人": row["name"],
            "说明": short(mask_text(row["note"]), 60),
        }
        for row in records(found)
    ]
    st.caption(f"近{DAYS_SHOWN}天的交接班。点一行查看从那时起到下一次交接之间的情况，不选为最近一次。")
    place = tables.pick(rows, key="shift_rows", alt="交接班记录") or 0
    changes = records(found)
    later = [one for one in changes[:place] if one["organization_id"] == changes[place]["organization_id"]]
    show_watch(changes[place], later[-1] if later else None, now, write)


def show_watch(begin: Mapping[str, Any], end: Mapping[str, Any] | None, now: datetime, write: Writer) -> None:
    """One watch at one desk: from a change to the next one, or until now."""
    since, desk = int(begin["at"]), int(begin["organization_id"])
    until = int(end["at"]) if end else int(now.timestamp())
    steps = ask(shifts.steps, since=since, until=until if end else until + 60, desk=desk)
    blind = ask(shifts.outages, since=since, until=until, desk=desk)
    head = {"单位": str(begin["desk"]), "时段": f"{stamp(since)} 至 {stamp(until)}", "开始": change_words(begin)}
    if end is None:
        soon = ask(cases_soon.waiting_soon, now=now)
        head |= {"结束": "班次进行中", "未了事项": f"临近时限或已超时的诉求{soon.count}件"}
    else:
        head |= {"结束": change_words(end), "未了事项": "见下一班记录"}
    done = [
        {
            "时间": stamp(row["at"]),
            "办理": row["act"],
            "办理人": row["name"],
            "账号": row["account"],
            "诉求": short(mask_text(row["text"]), 40),
            "说明": short(mask_text(row["why"]), 40),
        }
        for row in records(steps)
    ]
    seen = [
        {"自": stamp(row["since"]), "至": stamp(row["until"], "未恢复"), "账号数": str(row["accounts"]), "原因": row["sentence"]}
        for row in records(blind)
    ]
    st.subheader(head["时段"], anchor=False)
    st.caption(plain(f"{head['单位']}：办理诉求{len(done)}步，采集中断{len(seen)}处。{head['开始']}；{head['结束']}。"))
    for title, rows in (("办理诉求", done), ("采集中断", seen)):
        if rows:
            st.markdown(f"**{title}**")
            tables.show(rows, key=f"log_{title}", alt=title)
    lists = {"办理诉求": pd.DataFrame(done), "采集中断": pd.DataFrame(seen)}
    exports.offer_paper("下载值班日志(可打印)", "值班日志", lists, head, write)


def change_words(change: Mapping[str, Any]) -> str:
    note = mask_text(change["note"])
    return f"{change['name']}{change['act']}" + (f"：{note}" if note else "")
