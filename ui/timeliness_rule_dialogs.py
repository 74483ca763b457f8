"""Dialogs that choose a rule of time limits for a unit and everything below it, or say when it is open."""

from datetime import datetime
from typing import Any

import streamlit as st

from matrix.people import Right
from matrix.rule import KINDS, NO_LIMIT, Rule, RuleClock, Term, Unit, terms_to_text
from matrix.worktime import DEFAULT_HOURS
from storage import office, organizations, rules
from storage.moments import from_seconds
from ui import filters, notices, periods, signin
from ui.ask import act, ask
from ui.clock import beijing
from ui.words import plain

CHANGED = "(本地调整)"
SOON = "由采集程序重新判定，通常几分钟内完成。"


def offer_rule() -> None:
    if st.button("选定时限规则", icon=":material/gavel:", type="primary"):
        choose_rule()


def offer_hours() -> None:
    if st.button("设定办公时间", icon=":material/schedule:"):
        choose_hours()


def pick_unit(key: str) -> tuple[int, str]:
    """A unit of the viewer's tree: its id and its name."""
    labels = filters.tree_labels(ask(organizations.tree))
    chosen = st.selectbox("单位(含全部下级)", list(labels), key=key, placeholder="选择单位")
    label = chosen or next(iter(labels))
    return labels[label], label.strip("\u3000")


def start_of(typed: str, now: datetime) -> datetime:
    """The Beijing midnight of a typed day. Raises ValueError with a sentence."""
    return from_seconds(periods.midnight(periods.read_day(typed, beijing(now).date())))


@st.dialog("选定时限规则", width="large", on_dismiss="rerun")
def choose_rule() -> None:
    """A preset, its days changed where the place has other ones, from a date on."""
    signin.require(Right.RULES)
    presets = rules.presets()
    names = {rule.name: rule for rule in presets} | {NO_LIMIT.name: NO_LIMIT}
    left, right = st.columns(2)
    with left:
        unit_id, unit = pick_unit("rule_unit")
    chosen = right.selectbox("规则", list(names), key="rule_name", placeholder="选择规则")
    preset = names[chosen or next(iter(names))]
    if preset.source:
        st.caption(plain(f"依据：{preset.source}。核对情况：{preset.verified}。{preset.note}"))
    with st.form(f"rule_{preset.name}", border=False):
        first, second = st.columns(2)
        clock = first.selectbox("计到", list(RuleClock), index=list(RuleClock).index(preset.clock), format_func=str)
        start = second.text_input("自何日起收到的诉求", f"{beijing(signin.now()).date()}", max_chars=20)
        wanted = {} if preset is NO_LIMIT else pick_terms(preset)
        st.caption(f"已判定的诉求保留当时适用的规则；自该日起收到的，{SOON}")
        if st.form_submit_button("选定", type="primary"):
            save_rule(unit_id, unit, preset, clock or preset.clock, wanted, start)


def pick_terms(preset: Rule) -> dict[str, tuple[float | None, str]]:
    """So many of which unit for each kind; an empty number sets no limit for that kind."""
    st.caption("各类诉求的期限；留空表示这一类不设期限，0工作日即当日。“其他”管没有填写的类别。")
    wanted = {}
    columns = st.columns(2)
    for place, kind in enumerate(KINDS):
        term = preset.terms.get(kind)
        with columns[place % 2], st.container(horizontal=True, vertical_alignment="bottom"):
            amount = st.number_input(
                kind, 0.0, 1000.0, value=term.amount if term else None, step=1.0, format="%g", key=f"{preset.name}_{kind}"
            )
            units = [str(unit) for unit in Unit]
            unit = st.selectbox(
                f"{kind}的单位",
                units,
                index=units.index(term.unit) if term else 0,
                key=f"{preset.name}_{kind}_unit",
                label_visibility="collapsed",
            )
            wanted[kind] = (amount, unit or units[0])
    return wanted


def rule_of(preset: Rule, clock: RuleClock, wanted: dict[str, tuple[float | None, str]]) -> Rule:
    """The preset as it was filled in; a changed one says so in its name. Raises ValueError with a sentence."""
    terms = {}
    for kind, (amount, unit) in wanted.items():
        if amount is None:
            continue
        held = preset.terms.get(kind)
        moves = held.moves if held and unit == Unit.DAYS else True
        terms[kind] = Term(amount, Unit(unit), moves)
    if preset is NO_LIMIT:
        return NO_LIMIT
    if not terms:
        raise ValueError("没有填写任何期限；确实不设时限的，请选“不设时限”。")
    is_changed = terms != dict(preset.terms) or clock != preset.clock
    return Rule(preset.name + (CHANGED if is_changed else ""), RuleClock(clock), terms, preset.source)


def save_rule(
    unit_id: int, unit: str, preset: Rule, clock: RuleClock, wanted: dict[str, tuple[float | None, str]], start: str
) -> None:
    viewer, now = signin.require(Right.RULES), signin.exact_now()
    try:
        rule, begin = rule_of(preset, clock, wanted), start_of(start, now)
        told = f"{rule.name}({rule.clock})：{terms_to_text(rule.terms) or '不设时限'}，自{beijing(begin):%Y-%m-%d}起"
        chosen = rule if rule.terms else None
        act(
            Right.RULES, "选定时限规则", rules.adopt, viewer.scope, unit_id, chosen, begin, viewer.person.login, now,
            subject=unit, detail=told,
        )  # fmt: skip
    except (ValueError, PermissionError) as error:
        notices.refuse(plain(str(error)))
        return
    done(f"已为{unit}选定：{told}。{SOON}")


@st.dialog("设定办公时间", on_dismiss="rerun")
def choose_hours() -> None:
    """When a unit is open on a working day; what is not said is the hours of the unit above."""
    signin.require(Right.RULES)
    unit_id, unit = pick_unit("hours_unit")
    held = ask(office.in_force, at=signin.now())
    now_held = held.loc[held["organization_id"] == unit_id, "hours"]
    with st.form(f"hours_{unit_id}", border=False):
        hours = st.text_input(
            "工作日的办公时间",
            now_held.iloc[0] if len(now_held) else DEFAULT_HOURS,
            max_chars=80,
            help="几段之间用逗号隔开，例如 08:30-12:00,14:00-17:30",
        )
        start = st.text_input("自何日起", f"{beijing(signin.now()).date()}", max_chars=20)
        st.caption(f"放假和调休按国务院办公厅的安排，不用填写。改动后的工作时间{SOON}")
        if st.form_submit_button("保存", type="primary"):
            save_hours(unit_id, unit, hours, start)


def save_hours(unit_id: int, unit: str, hours: str, start: str) -> None:
    viewer, now = signin.require(Right.RULES), signin.exact_now()
    try:
        begin = start_of(start, now)
        written: Any = act(
            Right.RULES, "设定办公时间", office.set_hours, viewer.scope, unit_id, hours, begin, viewer.person.login, now,
            subject=unit, detail_of=lambda words: f"{words}，自{beijing(begin):%Y-%m-%d}起",
        )  # fmt: skip
    except (ValueError, PermissionError) as error:
        notices.refuse(plain(str(error)))
        return
    done(f"已设定{unit}的办公时间：{written}，自{beijing(begin):%Y-%m-%d}起。")


def done(sentence: str) -> None:
    st.session_state["answer"] = (True, sentence)
    st.rerun()
