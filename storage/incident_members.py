"""What belongs to an incident: alerts, posts, leads and the comments that a person put in."""

import sqlite3

import pandas as pd

from storage.alert_rows import shown_as, visible
from storage.incident_facts import IN_NOW
from storage.scope import Scope, accounts_in, organizations_in

MEMBERS = ["kind", "member_id", "words", "happened_at", "at", "by_name"]


def members(db: sqlite3.Connection, scope: Scope, incident_id: int, as_of: int) -> pd.DataFrame:
    """Members of an incident at `as_of` that lie in the scope, the earliest first; texts as they came: mask them."""
    mine, values = organizations_in(scope, "i.organization_id")
    lead, _ = organizations_in(scope, "l.organization_id")
    post, _ = accounts_in(scope, "p.account_id")
    comment, _ = accounts_in(scope, "c.account_id")
    if not values:
        return pd.DataFrame([], columns=pd.Index(MEMBERS), dtype=object)
    title = f"CASE WHEN a.id IS NOT NULL THEN {shown_as(scope, 'title')} END"
    rows = db.execute(
        f"SELECT m.kind, m.member_id, coalesce({title}, l.text, nullif(p.title, ''), p.text, c.text), "
        "coalesce(a.raised_at, l.published_at, p.published_at, c.published_at), m.at, m.by_name FROM incident_members m "
        f"JOIN incidents i ON i.id = m.incident_id AND {mine} "
        "LEFT JOIN alerts a ON m.kind = '预警' AND a.id = m.member_id LEFT JOIN leads l "
        "ON m.kind = '线索' AND l.id = m.member_id "
        "LEFT JOIN posts p ON m.kind = '发布内容' AND p.id = m.member_id "
        "LEFT JOIN comments c ON m.kind = '评论' AND c.id = m.member_id "
        f"WHERE m.incident_id = :incident AND {IN_NOW} AND ((l.id IS NOT NULL AND {lead}) OR (p.id IS NOT NULL AND {post}) "
        f"OR (c.id IS NOT NULL AND {comment}) OR (a.id IS NOT NULL AND {visible(scope)[0]})) ORDER BY 4, m.id",
        {**values, "incident": incident_id, "as_of": as_of},
    ).fetchall()
    return pd.DataFrame(rows, columns=pd.Index(MEMBERS), dtype=object)
