"""The parts of the page on people: who has a login, who is signed in now, and the journal with its chain."""

from datetime import datetime

import streamlit as st

from matrix.people import STAND_INS, Person, Right, Role
from storage import journal, people, sessions
from ui import notices, people_dialogs, signin, tables
from ui.ask import act, consult
from ui.cards import show_nothing_yet
from ui.clock import ago, stamp
from ui.signin import Viewer
from ui.words import plain

SEES_PEOPLE = (Right.PEOPLE, Right.GRANT)
PAGE = 200


def show_stand_ins(viewer: Viewer) -> None:
    """Says when the system administrator acts for another administrator, because nobody holds that role."""
    if viewer.person.role is not Role.SYSTEM:
        return
    absent = [role.value for role, right in STAND_INS.items() if viewer.may(right)]
    if absent:
        words = f"目前没有{'、'.join(absent)}，由系统管理员代行，均记入操作日志。设立{'、'.join(absent)}后，代行自动停止。"
        notices.show(words, "info")


def show_people(viewer: Viewer, now: datetime) -> None:
    """Everybody with a login; a chosen row opens what may be done."""
    everybody: list[Person] = consult(people.everybody, *SEES_PEOPLE)
    if viewer.may(Right.PEOPLE):
        people_dialogs.offer_add(viewer)
    rows = [
        {
            "登录名": person.login,
            "姓名": person.name,
            "角色": person.role.value,
            "可查看": "、".join(consult(people.scope_names, *SEES_PEOPLE, person=person)) or "未指定",
            "状态": state_of(person, now),
            "密码更新": stamp(person.password_at),
            "建立": stamp(person.created_at),
        }
        for person in everybody
    ]
    st.caption(f"共{len(rows)}人，点选一行可办理。停用的用户保留登录名，因为操作日志里有他。")
    place = tables.pick(rows, "people", alt="用户")
    if place is not None:
        people_dialogs.offer(viewer, everybody[place], now)


def state_of(person: Person, now: datetime) -> str:
    if person.disabled_at is not None:
        return "已停用"
    if people.is_locked(person, now):
        return "已锁定"
    return "待改密码" if person.must_change else "正常"


def show_sessions(viewer: Viewer, now: datetime) -> None:
    """Who is signed in now; an administrator can end a session."""
    knobs = signin.settings().console
    found: list[sessions.Session] = consult(
        sessions.open_now, *SEES_PEOPLE, now=now, idle_minutes=knobs.idle_minutes, session_hours=knobs.session_hours
    )
    rows = [
        {
            "登录名": one.person.login,
            "姓名": one.person.name,
            "角色": one.person.role.value,
            "来自": one.address,
            "登录": stamp(one.started_at),
            "最近操作": f"{ago(one.used_at, now)}前",
            "本人": "是" if one.digest == viewer.digest else "",
        }
        for one in found
    ]
    st.caption(f"{knobs.idle_minutes}分钟无操作自动退出，一次登录最长{knobs.session_hours}小时。")
    place = tables.pick(rows, "sessions", alt="当前登录")
    if place is None or not viewer.may(Right.GRANT):
        return
    chosen = found[place]
    if chosen.digest == viewer.digest:
        st.caption("这是您自己的登录，可用左侧“退出登录”结束。")
    elif st.button(f"结束 {plain(chosen.person.login)} 的这个登录", icon=":material/logout:"):
        moment = signin.wall_now()
        act(Right.GRANT, "结束登录", sessions.end, chosen.digest, moment, "管理员结束", subject=chosen.person.login)
        st.rerun()


def show_journal() -> None:
    """The newest lines, and whether anybody has changed one."""
    total = consult(journal.count, Right.JOURNAL)
    broken = consult(journal.verify, Right.JOURNAL)
    if broken is None:
        st.caption(f"共{total}条，哈希链完整：没有被改动、删除或插入。日志只增不删。")
    else:
        words = f"**哈希链从第{broken}条起不完整**：有记录被改动、删除或插入，请立即保全数据库并上报。"
        notices.show(words, "gpp_bad")
    left, right = st.columns(2)
    kinds = consult(journal.acts, Right.JOURNAL)
    with left:
        kind = st.selectbox("操作", ["全部", *kinds], key="act", bind="query-params")
    with right:
        actor = st.text_input("登录名", key="actor", bind="query-params", placeholder="全部", max_chars=64)
    wanted = "" if kind in (None, "全部") else kind
    lines: list[journal.Line] = consult(journal.lines, Right.JOURNAL, act=wanted, actor=actor.strip(), limit=PAGE)
    if not lines:
        show_nothing_yet("没有符合条件的记录。")
        return
    rows = [
        {
            "编号": line.id,
            "时间": stamp(line.at),
            "操作人": line.actor,
            "操作": line.act,
            "结果": line.outcome,
            "对象": line.subject,
            "说明": line.detail,
            "来自": line.address,
        }
        for line in lines
    ]
    st.caption(f"显示最近{len(rows)}条。")
    tables.show(rows, "journal", alt="操作日志")
