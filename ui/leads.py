"""线索: citizens' posts elsewhere, entered by hand or from a file, and made into an incident or joined to one."""

import base64
from typing import Any

import pandas as pd
import streamlit as st

from matrix.feeling import BY_CODE, UNCERTAIN
from matrix.incident import MemberKind
from matrix.lead import LONGEST_LINK, LONGEST_NAME
from matrix.people import Right
from storage import incident_rows, incidents, leads
from storage.keyring import Keyring, KeyringError, load_keyring
from storage.leads import Lead
from ui import dialogs, exports, incident_acts, notices, signin, tables
from ui.ask import act, ask, fresh, request
from ui.cards import show_nothing_yet
from ui.clock import stamp
from ui.exports import Writers
from ui.incident_acts import pick_unit
from ui.incident_words import needed, read_moment
from ui.masks import mask_name, mask_text
from ui.notices import attempt
from ui.records import records
from ui.signin import Viewer
from ui.words import short, told

IMPORT, MEGABYTES = "leads_import", 10
COLUMNS = "来源平台、链接、正文、作者、发布时间、单位"


def show(viewer: Viewer, writers: Writers) -> None:
    """The list, newest first; one row opens what can be done with it."""
    dialogs.show_answer()
    if viewer.may(Right.INCIDENTS):
        with st.container(horizontal=True, gap="small"):
            if st.button("录入线索…", icon=":material/add:", type="primary", key="enter_lead"):
                enter_one()
            if st.button("导入线索…", icon=":material/upload_file:", key="import_leads"):
                import_file()
    words = st.text_input("查找", key="lead_words", placeholder="正文、平台或链接中的字", max_chars=40, autocomplete="off")
    found = ask(leads.listed, words=words.strip())
    if found.empty:
        hint = "网民在其他平台发布的内容，可以逐条录入，也可以从表格导入；同一条只记一次。"
        show_nothing_yet("没有线索。" if not words else f"没有找到含“{short(words, 20)}”的线索。", hint)
        return
    rows = [row_of(row) for row in records(found)]
    st.caption(f"共{len(rows)}条，最新的在上面；姓名、电话等已遮蔽。选一行转为事件或并入事件。")
    columns = {"链接": st.column_config.LinkColumn("链接", display_text="查看原文", width=80)}
    place = tables.pick(rows, "lead_rows", columns, alt="线索")
    exports.offer("线索", pd.DataFrame(rows), {"截至": stamp(signin.now()), "查找": words or "全部"}, writers)
    if place is not None and viewer.may(Right.INCIDENTS):
        show_acts(records(found)[place])


def row_of(row: dict[str, Any]) -> dict[str, Any]:
    is_read = row["feeling"] is not None and row["feeling"] == row["feeling"] and row["is_sure"]
    return {
        "发布时间": stamp(row["published_at"]),
        "来源": mask_text(row["platform"]),
        "网民": mask_name(row["author_name"]),
        "内容": mask_text(row["text"]),
        "情绪": str(BY_CODE[int(row["feeling"])]) if is_read else UNCERTAIN,
        "主题": row["topic"] or "",
        "单位": row["organization"],
        "事件": mask_text(row["incident"]),
        "获知": stamp(row["seen_at"]),
        "录入人": row["by_name"],
        "链接": row["link"] or None,
    }


def show_acts(row: dict[str, Any]) -> None:
    with st.container(border=True):
        st.markdown(told(row["text"]))
        with st.container(horizontal=True, gap="small"):
            if st.button("转为事件…", icon=":material/crisis_alert:", key="lead_open"):
                title = short(mask_text(row["text"]), 30)
                incident_acts.open_one(int(row["lead_id"]), title, int(row["organization_id"]))
            if st.button("并入事件…", icon=":material/merge:", key="lead_join"):
                join(int(row["lead_id"]), str(row["text"]))


@st.dialog("录入线索", on_dismiss="rerun")
def enter_one() -> None:
    """What a citizen wrote elsewhere; the name is kept for the desk and never shown whole."""
    with st.form("lead", border=False):
        platform = st.text_input("来源平台", placeholder="抖音、小红书、本地论坛……", max_chars=LONGEST_NAME, autocomplete="off")
        link = st.text_input("链接(可不填)", max_chars=LONGEST_LINK, autocomplete="off")
        text = st.text_area("正文", max_chars=5000, height=120)
        author = st.text_input("作者(可不填)", max_chars=LONGEST_NAME, autocomplete="off")
        when = st.text_input("发布时间", placeholder="2026-03-05 10:20 或 10:20", max_chars=20, autocomplete="off")
        unit = pick_unit("涉及单位")
        is_sent = st.form_submit_button("保存", type="primary")
    if is_sent:
        attempt(save_one, platform, link, text, author, when, unit)


def keyring() -> Keyring:
    return load_keyring(signin.settings().database.key_file, make=True)


def save_one(platform: str, link: str, text: str, author: str, when: str, unit: int) -> None:
    viewer, now = signin.require(Right.INCIDENTS), signin.exact_now()
    lead = Lead(platform, text, needed(read_moment(when, now, "发布时间"), "发布时间"), link, author_name=author)
    try:
        ring = keyring()
    except KeyringError as error:
        raise ValueError(str(error)) from error
    args = (viewer.scope, unit, lead, ring, viewer.person.login, viewer.person.name, now)
    _, is_new = act(Right.INCIDENTS, "录入线索", leads.enter, *args, subject=f"单位{unit}", detail=short(mask_text(text), 60))
    st.session_state["answer"] = (True, "已录入线索。" if is_new else "这条线索已经录入过，没有重复记录。")


@st.dialog("导入线索", on_dismiss="rerun")
def import_file() -> None:
    """A table; the worker reads it, each wrong row is named with its reason."""
    st.markdown(
        f"表格第一行为列名，可用的列：{COLUMNS}。“来源平台、正文、发布时间”必须有；“单位”可填名称或编码，空着的归入下面选的单位。"
    )
    unit = pick_unit("默认单位")
    label = f"线索文件(csv、xlsx，不超过{MEGABYTES}MB)"
    file = st.file_uploader(label, type=["csv", "xlsx"], key="leads_file", max_upload_size=MEGABYTES)
    if file is not None and st.button("导入", type="primary", key="leads_sent"):
        viewer = signin.require(Right.INCIDENTS)
        content = file.getvalue()
        if len(content) > MEGABYTES * 1024 * 1024:
            notices.refuse(f"文件超过{MEGABYTES}MB，请分成几个文件导入。")
            return
        payload = {
            "file_name": file.name, "content": base64.b64encode(content).decode(), "organization_id": unit,
            "within": list(viewer.scope), "name": viewer.person.name,
        }  # fmt: skip
        st.session_state["asked"] = request(Right.INCIDENTS, "导入线索", IMPORT, payload, subject=file.name)
        st.rerun()


@st.dialog("并入事件", on_dismiss="rerun")
def join(lead_id: int, text: str) -> None:
    found = fresh(incident_rows.open_now, now=signin.exact_now())
    if found.empty:
        st.markdown("没有处置中的事件，请用“转为事件”。")
        return
    labels = {f"{row['title']}(编号{row['id']}，{row['organization']})": int(row["id"]) for row in records(found)}
    st.markdown(told(short(text, 80)))
    chosen = st.selectbox("并入哪个事件", list(labels), index=None, placeholder="选择或输入事件标题", key=f"lead_join_{lead_id}")
    if st.button("并入事件", type="primary", key=f"lead_join_sent_{lead_id}", disabled=chosen is None) and chosen:
        attempt(incident_acts.do, "线索并入事件", incidents.join, labels[chosen], MemberKind.LEAD, lead_id)
