"""Figures of an incident, such as the injured: every value with its source and time, revised and conflicting ones kept."""

import sqlite3
from datetime import datetime

import pandas as pd

from matrix.case import RefusedError
from storage.batches import bump_version
from storage.incident_acts import checked
from storage.incident_write import Author, find
from storage.moments import to_seconds
from storage.scope import Scope, organizations_in

FIGURES = ["figure_id", "name", "value", "bound", "unit", "source", "link", "stated_at", "seen_at", "note", "by_name", "void_at",
           "void_by", "void_why"]  # fmt: skip
BOUNDS = ("", "至少", "约", "最多")
LONGEST = 200


def enter_figure(
    db: sqlite3.Connection,
    scope: Scope,
    incident_id: int,
    figure: str,
    value: int,
    unit: str,
    source: str,
    stated_at: int,
    login: str,
    name: str,
    now: datetime,
    link: str = "",
    bound: str = "",
    remark: str = "",
) -> int:
    """Keep one value of a figure with its source and time, inside `writing()`; what was said before stays. Gives its id."""
    by = Author(login, name, to_seconds(now))
    find(db, scope, incident_id)
    if value < 0:
        raise RefusedError("数字不能小于0。")
    if bound not in BOUNDS:
        raise RefusedError("数字的限定只能是至少、约、最多，或不填。")
    if stated_at > by.at:
        raise RefusedError("发布时间在当前时间之后，请核对。")
    row = db.execute(
        "INSERT INTO incident_figures(incident_id, name, value, bound, unit, source, link, stated_at, seen_at, note, by_login, "
        "by_name) VALUES(:incident, :figure, :value, :bound, :unit, :source, :link, :stated, :at, :note, :login, :name) "
        "RETURNING id",
        by.values
        | {
            "incident": incident_id,
            "figure": checked(figure, "数字的名称")[:LONGEST],
            "value": value,
            "bound": bound,
            "unit": checked(unit, "单位")[:LONGEST],
            "source": checked(source, "来源")[:LONGEST],
            "link": link.strip(),
            "stated": stated_at,
            "note": remark.strip(),
        },
    ).fetchone()
    bump_version(db)
    return int(row[0])


def void_figure(
    db: sqlite3.Connection, scope: Scope, incident_id: int, figure_id: int, why: str, login: str, name: str, now: datetime
) -> None:
    """Mark a value that was typed wrongly, inside `writing()`; it stays in sight and counts no more."""
    by = Author(login, name, to_seconds(now))
    find(db, scope, incident_id)
    found = db.execute(
        "UPDATE incident_figures SET void_at = :at, void_by = :name, void_why = :why "
        "WHERE id = :id AND incident_id = :incident AND void_at IS NULL",
        by.values | {"id": figure_id, "incident": incident_id, "why": checked(why, "作废原因")},
    )
    if found.rowcount == 0:
        raise RefusedError("找不到这个数字，或它已经作废。")
    bump_version(db)


def figures(db: sqlite3.Connection, scope: Scope, incident_id: int, as_of: int) -> pd.DataFrame:
    """Every value known at `as_of`, by name and by when it was stated; one that was voided by then carries `void_at`."""
    mine, values = organizations_in(scope, "i.organization_id")
    rows = db.execute(
        "SELECT f.id, f.name, f.value, f.bound, f.unit, f.source, f.link, f.stated_at, f.seen_at, f.note, f.by_name, "
        "CASE WHEN f.void_at <= :as_of THEN f.void_at END, f.void_by, f.void_why FROM incident_figures f "
        f"JOIN incidents i ON i.id = f.incident_id WHERE f.incident_id = :id AND f.seen_at <= :as_of AND {mine} "
        "ORDER BY f.name, f.stated_at, f.id",
        values | {"id": incident_id, "as_of": as_of},
    ).fetchall()
    return pd.DataFrame(rows, columns=pd.Index(FIGURES), dtype=object)
