"""导出方案: which columns a file has, chosen one by one or by a saved scheme."""

from typing import Any

import streamlit as st

from matrix.export import KINDS, kept_columns
from matrix.people import Right
from storage import export_schemes
from ui import notices, signin
from ui.ask import act, ask
from ui.records import records
from ui.signin import Viewer
from ui.words import plain

USUAL, EVERY = "常用列", "全部列"


def pick_columns(viewer: Viewer, kind: str) -> tuple[str, ...]:
    """The columns of this kind that the person wants, in the kind's order."""
    found = ask(export_schemes.schemes, login=viewer.person.login, kind=kind)
    named = {USUAL: KINDS[kind].usual, EVERY: KINDS[kind].columns}
    named |= {label_of(row, viewer): row["columns"] for row in records(found)}
    key = f"take_columns_{kind}"
    if key not in st.session_state:
        st.session_state[key] = list(KINDS[kind].usual)

    def apply() -> None:
        chosen = st.session_state.get(f"take_scheme_{kind}")
        if chosen in named:
            st.session_state[key] = list(named[chosen])

    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.selectbox("导出方案", list(named), key=f"take_scheme_{kind}", on_change=apply, width=220, placeholder="选择方案")
        with st.popover("保存方案", icon=":material/bookmark_add:"):
            keep(viewer, kind, key)
        own = [row for row in records(found) if row["owner_login"] == viewer.person.login]
        if own:
            with st.popover("删除方案", icon=":material/delete:"):
                remove(viewer, own)
    chosen = st.multiselect("列", KINDS[kind].columns, key=key, placeholder="选择要导出的列")
    if not chosen:
        st.caption("没有选择任何列，按常用列导出。")
    return kept_columns(kind, chosen)


def label_of(row: dict[str, Any], viewer: Viewer) -> str:
    is_own = row["owner_login"] == viewer.person.login
    return str(row["name"]) if is_own else f"{row['name']}({row['owner_name']}共享)"


def keep(viewer: Viewer, kind: str, key: str) -> None:
    """The small form behind 保存方案; the same name replaces one's own scheme."""
    name = st.text_input("名称", key=f"take_name_{kind}", max_chars=export_schemes.LONGEST)
    is_shared = st.toggle("本单位和上级单位的人也能用", key=f"take_shared_{kind}")
    if st.button("保存", type="primary", key=f"take_keep_{kind}"):
        now = int(signin.exact_now().timestamp())
        try:
            person, columns = viewer.person, st.session_state[key]
            act(Right.EXPORT, "保存导出方案", export_schemes.save, viewer.scope, kind, name or "", columns, is_shared,
                person.login, person.name, now, subject=name or "", detail=kind)  # fmt: skip
        except ValueError as error:
            notices.refuse(plain(str(error)))
            return
        st.rerun()


def remove(viewer: Viewer, own: list[dict[str, Any]]) -> None:
    for row in own:
        if st.button(plain(str(row["name"])), key=f"take_drop_{row['scheme_id']}", icon=":material/delete:", type="tertiary"):
            number, login = int(row["scheme_id"]), viewer.person.login
            act(Right.EXPORT, "删除导出方案", export_schemes.drop, number, login, subject=str(row["name"]))
            st.rerun()
