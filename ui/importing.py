"""Importing the ledger from the page: the worker reads the file and says what would change, a person confirms."""

import base64
from collections.abc import Callable
from typing import Any

import streamlit as st

from matrix.ledger import ABSENT, ADDED, CHANGED, FAULTY
from matrix.people import Right
from storage import requests
from ui import notices, signin, tables
from ui.ask import consult, request
from ui.words import plain

COMPARE = "ledger_compare"
APPLY = "ledger_apply"
MEGABYTES = 20
LARGEST = MEGABYTES * 1024 * 1024
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show(template: Callable[[], bytes]) -> None:
    """Template, upload, differences, confirmation: in this order, each step visible."""
    st.markdown("**第一步** 下载模板填写，或直接用已有的台账(列名相近即可)。再次导入同一份台账不会重复。")
    st.download_button(
        "下载台账模板",
        template,
        file_name="账号台账模板.xlsx",
        mime=SHEET,
        icon=":material/download:",
        on_click="ignore",
    )
    st.markdown("**第二步** 选择 Excel 或 CSV 文件，核对差异。此时不会改动台账。")
    label = f"台账文件(xlsx、xlsm、csv，不超过{MEGABYTES}MB)：点击选择，或把文件拖到这里"
    file = st.file_uploader(label, type=["xlsx", "xlsm", "csv"], key="ledger_file", max_upload_size=MEGABYTES)
    if file is not None and st.button("核对差异", type="primary", icon=":material/difference:"):
        content = file.getvalue()
        if len(content) > LARGEST:
            notices.refuse(f"文件超过{MEGABYTES}MB，请分成几个文件导入。")
        else:
            viewer = signin.require(Right.LEDGER_EDIT)
            payload = {
                "file_name": file.name,
                "content": base64.b64encode(content).decode(),
                "within": list(viewer.scope) if not signin.sees_everything(viewer) else None,
            }
            number = request(Right.LEDGER_EDIT, "核对台账", COMPARE, payload, subject=file.name)
            st.session_state["asked"] = st.session_state["compared"] = number
            st.rerun()
    if "compared" in st.session_state:
        show_differences(st.session_state["compared"])


def show_differences(number: int) -> None:
    """The worker's answer: what would be added, changed, left alone, and which rows are wrong."""
    found = consult(requests.find, Right.LEDGER_EDIT, request_id=number)
    if found is None or found.asked_by != signin.require().person.login or not found.is_done or found.outcome != "ok":
        return
    differences: list[dict[str, Any]] = found.answer.get("differences", [])
    st.markdown(f"**第三步** 核对差异：{plain(str(found.answer.get('sentence', '')))}")
    if differences:
        tables.show([row_of(difference) for difference in differences], f"differences_{number}", alt="台账导入的差异")
    for sight in found.answer.get("sights", []):
        st.caption(f"▢ {plain(str(sight))}")
    counts = {kind: sum(1 for one in differences if one.get("kind") == kind) for kind in (ADDED, CHANGED, ABSENT, FAULTY)}
    if not counts[ADDED] + counts[CHANGED]:
        st.caption("没有需要写入的内容。")
    if counts[FAULTY]:
        st.caption(f"错误的{counts[FAULTY]}行不会写入，改正后再导入一次即可，已写入的不会重复。")
    with st.container(horizontal=True):
        ready = bool(counts[ADDED] + counts[CHANGED])
        if ready and st.button(f"确认写入(新增{counts[ADDED]}、修改{counts[CHANGED]})", type="primary", key="ledger_confirm"):
            asked = request(Right.LEDGER_EDIT, "导入台账", APPLY, {"request_id": number}, subject=found.payload["file_name"])
            st.session_state["asked"] = asked
            del st.session_state["compared"]
            st.rerun()
        if st.button("放弃", key="ledger_drop"):
            del st.session_state["compared"]
            st.rerun()


def row_of(difference: dict[str, Any]) -> dict[str, Any]:
    return {
        "差异": difference.get("kind", ""),
        "行": difference.get("line") or "",
        "对象": difference.get("subject", ""),
        "名称": difference.get("name", ""),
        "说明": difference.get("detail", ""),
        "原为": difference.get("before", ""),
        "改为": difference.get("after", ""),
    }
