"""Dialogs about people: add, role and scope, one-time password, unlock, disable."""

import sqlite3
from datetime import datetime

import streamlit as st

from matrix.people import WHOLE_TREE, Person, Right, Role, judge_login, may_change
from storage import organizations, people, sessions
from storage.passwords import draw_password
from storage.scope import Scope
from ui import filters, notices, signin
from ui.ask import act, ask
from ui.signin import Viewer
from ui.words import plain

ROLE_HINT = "系统、安全、审计三类管理员互斥，也不兼任业务角色：一人一个角色。"


def offer_add(viewer: Viewer) -> None:
    if st.button("新增用户", icon=":material/person_add:", type="primary"):
        add(viewer)


@st.dialog("新增用户", width="medium", on_dismiss="rerun")
def add(viewer: Viewer) -> None:
    """Whoever may not grant adds a person without power; the security administrator gives role and scope."""
    grants = viewer.may(Right.GRANT)
    labels = filters.tree_labels(ask(organizations.tree))
    place, password = st.empty(), ""
    with place.container(), st.form("person", border=False):
        login = st.text_input("登录名", max_chars=32, autocomplete="off")
        name = st.text_input("姓名", max_chars=40, autocomplete="off")
        role, units = Role.READER, []
        if grants:
            role = Role(st.selectbox("角色", [str(one) for one in Role], index=list(Role).index(Role.WATCH), help=ROLE_HINT))
            units = st.multiselect("可查看的单位(含下级)", list(labels), placeholder="选择单位")
        else:
            st.caption("新用户先为“只读”、没有权限范围，由安全管理员授予角色和范围。")
        if st.form_submit_button("建立", type="primary"):
            fault = judge_login(login.strip()) or ("" if name.strip() else "请填写姓名。")
            if fault:
                notices.refuse(fault)
                return
            password = create(login.strip(), name.strip(), role, tuple(labels[unit] for unit in units))
    if password:
        place.empty()
        show_drawn(login.strip(), password)
        if grants and not units and role not in WHOLE_TREE and role is not Role.AUDIT:
            st.caption("还没有指定可查看的单位，本人登录后看不到内容；请在“角色和范围”中指定。")


def create(login: str, name: str, role: Role, scope: Scope) -> str:
    """The one-time password of the new person, or nothing and a sentence on the screen."""
    password = draw_password()
    viewer = signin.require(Right.PEOPLE)
    try:
        act(
            Right.PEOPLE,
            "新增用户",
            people.add,
            login=login,
            name=name,
            role=role,
            password=password,
            by=viewer.person.login,
            now=signin.wall_now(),
            scope=() if role in WHOLE_TREE or role is Role.AUDIT else scope,
            subject=login,
            detail=f"{role}，范围{len(scope)}个单位",
        )
    except ValueError as error:
        notices.refuse(plain(str(error)))
        return ""
    return password


def show_drawn(login: str, password: str) -> None:
    """The one-time password, on the screen of the one who asked for it and nowhere else."""
    st.markdown(f"用户 **{plain(login)}** 的一次性密码，只显示这一次，请当面或电话告知本人：")
    st.code(password, language=None)
    st.caption("本人登录后须先修改密码。告知后关闭此窗口。")


def offer(viewer: Viewer, person: Person, now: datetime) -> None:
    """What this viewer may do with this person."""
    with st.container(border=True):
        st.markdown(f"**{plain(person.name)}**({plain(person.login)}) · {person.role}")
        with st.container(horizontal=True):
            if viewer.may(Right.GRANT) and st.button("角色和范围", icon=":material/badge:"):
                grant(viewer, person)
            if viewer.may(Right.GRANT) and person.disabled_at is None and st.button("重置密码", icon=":material/lock_reset:"):
                reset(person)
            if viewer.may(Right.GRANT) and people.is_locked(person, now) and st.button("解除锁定", icon=":material/lock_open:"):
                act(Right.GRANT, "解除锁定", people.unlock, person.id, subject=person.login)
                st.rerun()
            words = "停用" if person.disabled_at is None else "恢复使用"
            if viewer.may(Right.PEOPLE) and st.button(words, icon=":material/person_off:"):
                switch(viewer, person)


@st.dialog("角色和范围")
def grant(viewer: Viewer, person: Person) -> None:
    """A changed role or scope ends the sessions of the person, so that what was open closes."""
    labels = filters.tree_labels(ask(organizations.tree))
    held = set(signin.granted(person))
    st.markdown(f"{plain(person.name)}({plain(person.login)})")
    with st.form("grant", border=False):
        roles = [str(one) for one in Role]
        role = Role(st.selectbox("角色", roles, index=roles.index(person.role), help=ROLE_HINT))
        given = [label for label, identity in labels.items() if identity in held]
        units = st.multiselect("可查看的单位(含下级)", list(labels), default=given, placeholder="选择单位")
        st.caption("系统管理员和安全管理员看全部单位的台账，不看公众留言；审计管理员只看操作日志。")
        if st.form_submit_button("保存", type="primary"):
            scope = () if role in WHOLE_TREE or role is Role.AUDIT else tuple(labels[unit] for unit in units)
            try:
                words = f"{person.role}→{role}，范围{len(scope)}个单位"
                act(Right.GRANT, "授予角色和范围", give, viewer.person, person, role, scope, subject=person.login, detail=words)
            except ValueError as error:
                notices.refuse(plain(str(error)))
                return
            st.rerun()


def give(db: sqlite3.Connection, actor: Person, person: Person, role: Role, scope: Scope) -> None:
    """Role and scope in one change; refuses what would leave nobody to manage."""
    if role is not person.role:
        fault = may_change(actor, person, people.holders(db, person.role))
        if fault:
            raise ValueError(fault)
        people.set_role(db, person.id, role)
    people.set_scope(db, person.id, scope)
    sessions.end_all(db, person.id, signin.wall_now(), "角色或范围变更", but=signin.require().digest)


@st.dialog("重置密码", on_dismiss="rerun")
def reset(person: Person) -> None:
    """Draws a one-time password and ends the sessions of the person."""
    place = st.empty()
    with place.container():
        st.markdown(f"为 **{plain(person.name)}**({plain(person.login)})生成一次性密码？原密码立即失效，其全部登录结束。")
        agreed = st.button("生成一次性密码", type="primary")
    if agreed:
        password = draw_password()
        act(Right.GRANT, "重置密码", renew, person, password, subject=person.login)
        place.empty()
        show_drawn(person.login, password)


def renew(db: sqlite3.Connection, person: Person, password: str) -> None:
    moment = signin.wall_now()
    people.set_password(db, person.id, password, moment, must_change=True)
    sessions.end_all(db, person.id, moment, "密码已重置")


@st.dialog("停用或恢复")
def switch(viewer: Viewer, person: Person) -> None:
    disables = person.disabled_at is None
    words = "停用" if disables else "恢复使用"
    st.markdown(f"{words} **{plain(person.name)}**({plain(person.login)})？" + ("其全部登录立即结束。" if disables else ""))
    if st.button(words, type="primary", key="switch_confirmed"):
        try:
            act(Right.PEOPLE, f"{words}用户", turn, viewer.person, person, subject=person.login)
        except ValueError as error:
            notices.refuse(plain(str(error)))
            return
        st.rerun()


def turn(db: sqlite3.Connection, actor: Person, person: Person) -> None:
    """Disable a person, or let him in again; refuses what would leave nobody to manage."""
    moment = signin.wall_now()
    if person.disabled_at is not None:
        people.set_disabled(db, person.id, None)
        return
    fault = may_change(actor, person, people.holders(db, person.role))
    if fault:
        raise ValueError(fault)
    people.set_disabled(db, person.id, moment)
    sessions.end_all(db, person.id, moment, "用户已停用")
