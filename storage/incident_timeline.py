"""Everything that happened in an incident in one list: alerts, leads, official words, figures, levels, notes, tasks."""

import sqlite3
from typing import Any

import pandas as pd

from matrix.incident import FIELD_WORDS, Act, Field, MemberKind, Verdict
from storage.alert_rows import OTHERS, shown_as, visible
from storage.incident_facts import IN_NOW, leads_of
from storage.incident_figures import figures
from storage.incident_words import words
from storage.scope import Scope, organizations_in

TIMELINE = ["at", "kind", "who", "words", "link", "seen_at"]
OF_INCIDENT = "JOIN incidents i ON i.id = x.incident_id WHERE x.incident_id = :incident AND x.at <= :as_of AND {mine}"
VOIDED, TAKEN_OUT = "(已作废)", "移出"


def timeline(db: sqlite3.Connection, scope: Scope, incident_id: int, as_of: int) -> pd.DataFrame:
    """What was known of an incident at `as_of` in the order in which it happened (Unix seconds), with who said or did it.

    `seen_at` is when it became known here. Texts of leads are as they came and whole, for half a number would
    escape the mask: mask them before showing, then cut.
    """
    rows = [
        *alerts(db, scope, incident_id, as_of),
        *steps(db, scope, incident_id, as_of),
        *changes(db, scope, incident_id, as_of),
        *members(db, scope, incident_id, as_of),
    ]
    for one in words(db, scope, incident_id, as_of).to_dict("records"):
        state = "" if one["verdict"] == Verdict.CONFIRMED else f"({one['verdict']})"
        what = f"{one['kind']}{state}：{one['title']}"
        rows.append((one["said_at"], "官方发声", one["speaker"], what, one["link"], one["seen_at"]))
    for one in figures(db, scope, incident_id, as_of).to_dict("records"):
        mark = VOIDED if one["void_at"] is not None else ""
        what = f"{one['name']}{one['bound']}{one['value']:,}{one['unit']}{mark}"
        rows.append((one["stated_at"], "数字", one["source"], what, one["link"], one["seen_at"]))
    found = leads_of(db, scope, incident_id, as_of)
    for one in found.to_dict("records"):
        rows.append((one["published_at"], "线索", one["platform"], one["text"], one["link"], one["seen_at"]))
    rows.sort(key=lambda row: (row[0], row[5]))
    return pd.DataFrame(rows, columns=pd.Index(TIMELINE), dtype=object)


def question(db: sqlite3.Connection, scope: Scope, sql: str, incident_id: int, as_of: int, **more: Any) -> list[tuple]:
    mine, values = organizations_in(scope, "i.organization_id")
    return db.execute(sql.format(rest=OF_INCIDENT.format(mine=mine)), {**values, **more, "incident": incident_id, "as_of": as_of}
                      ).fetchall()  # fmt: skip


def alerts(db: sqlite3.Connection, scope: Scope, incident_id: int, as_of: int) -> list[tuple]:
    """Each move of the alerts that belong to it; when it joined is in `members`."""
    mine, values = organizations_in(scope, "i.organization_id")
    if not values:
        return []
    own, _ = organizations_in(scope, "a.organization_id")
    inside, _ = organizations_in(scope, "s.organization_id")
    rows = db.execute(
        f"SELECT v.at, v.move, {shown_as(scope, 'title')}, CASE WHEN v.move = '发生' THEN {shown_as(scope, 'sentence')} "
        f"WHEN {inside} OR (v.series_id IS NULL AND {own}) THEN v.sentence ELSE '' END, v.seen_at "
        "FROM incident_members m JOIN alerts a ON a.id = m.member_id JOIN alert_moves v ON v.alert_id = a.id "
        f"LEFT JOIN series s ON s.id = v.series_id JOIN incidents i ON i.id = m.incident_id AND {mine} "
        f"WHERE m.incident_id = :incident AND m.kind = :kind AND {IN_NOW} "
        f"AND v.seen_at <= :as_of AND {visible(scope)[0]} AND (v.move <> '并入' OR {inside})",
        {**values, "incident": incident_id, "as_of": as_of, "kind": MemberKind.ALERT.value},
    ).fetchall()
    return [
        (at, "预警", "系统", f"{move}：{title}{f'，{words}' if words else ''}", "", seen) for at, move, title, words, seen in rows
    ]


def steps(db: sqlite3.Connection, scope: Scope, incident_id: int, as_of: int) -> list[tuple]:
    """Acts of people, and the flashes that were issued."""
    unit, _ = organizations_in(scope, "o.id")
    sql = (
        f"SELECT x.at, x.act, x.by_name, x.note, CASE WHEN o.id IS NULL THEN '' WHEN {unit} THEN o.name ELSE '{OTHERS}' END, "
        "x.to_name FROM incident_steps x LEFT JOIN organizations o ON o.id = x.unit_id {rest}"
    )
    found = []
    for at, act, who, note, unit, to_name in question(db, scope, sql, incident_id, as_of):
        whom = f"{unit}：" if act == Act.TASK else f"{to_name}接手：" if act == Act.HAND_OVER else ""
        found.append((at, act, who, f"{whom}{note}" or "事件已开启", "", at))
    sql = "SELECT x.at, x.kind, x.number, x.by_name, x.text FROM incident_flashes x {rest}"
    issued = question(db, scope, sql, incident_id, as_of)
    found += [(at, "快报", who, f"{kind}(第{number}报)：{text}", "", at) for at, kind, number, who, text in issued]
    sql = "SELECT x.issued_at, x.level, x.category, x.issuer, x.area, x.link, x.at FROM incident_warnings x {rest}"
    warned = question(db, scope, sql, incident_id, as_of)
    found += [
        (at, "突发事件预警", issuer, f"{category}{level}色预警，{area}", link, seen)
        for at, level, category, issuer, area, link, seen in warned
    ]
    return found


def changes(db: sqlite3.Connection, scope: Scope, incident_id: int, as_of: int) -> list[tuple]:
    """Each change of title, kind, levels and time; the state has its own act."""
    sql = "SELECT x.at, x.field, x.before, x.after, x.why, x.by_name FROM incident_changes x {rest} AND x.field <> :state"
    found = []
    for at, field, before, after, why, who in question(db, scope, sql, incident_id, as_of, state=Field.STATE.value):
        is_time = field == Field.OCCURRED_AT
        how = "改动" if is_time else f"：{before or '未定'}改为{after or '未定'}"
        what = f"{FIELD_WORDS[Field(field)]}{how}"
        found.append((at, "级别与信息", who, f"{what}{f'({why})' if why else ''}", "", at))
    return found


def members(db: sqlite3.Connection, scope: Scope, incident_id: int, as_of: int) -> list[tuple]:
    """What joined and what was taken out, counted by kind and moment."""
    sql = (
        "SELECT x.at, x.kind, x.is_in, x.by_name, count(*), max(x.why) FROM incident_members x {rest} "
        "GROUP BY x.at, x.kind, x.is_in, x.by_name"
    )
    found = []
    for at, kind, is_in, who, number, why in question(db, scope, sql, incident_id, as_of):
        what = f"{'并入' if is_in else TAKEN_OUT}{kind}{number}条{f'({why})' if why else ''}"
        found.append((at, "并入", who, what, "", at))
    return found
