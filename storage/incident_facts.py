"""What citizens say of an incident: how much over time, how they feel, about what, and their words."""

import sqlite3
from dataclasses import dataclass

import pandas as pd

from matrix.incident import MemberKind
from storage.scope import Scope, accounts_in, organizations_in

VOLUME = ["at", "comments", "leads"]
VOICES = ["comment_id", "published_at", "account_id", "account", "platform", "author_name", "author_key", "text", "likes",
          "topic", "feeling", "is_sure", "how", "url"]  # fmt: skip
TOPICS = ["topic", "part", "comments"]
CITIZEN = "CASE WHEN c.author_key = '' THEN 'c' || c.id ELSE c.author_key END"
IN_NOW = (
    "m.id = (SELECT max(x.id) FROM incident_members x WHERE x.incident_id = m.incident_id AND x.kind = m.kind "
    "AND x.member_id = m.member_id AND x.at <= :as_of) AND m.is_in = 1"
)
OUT_POST = (
    "EXISTS (SELECT 1 FROM comments oc JOIN incident_members m ON m.member_id = oc.post_id WHERE oc.id = ic.comment_id "
    "AND m.incident_id = :incident AND m.kind = :post AND "
    f"{IN_NOW.replace('m.is_in = 1', 'm.is_in = 0')})"
)
"""The comment stands under a post that a person took out."""
NO_ALERT = f"NOT EXISTS (SELECT 1 FROM incident_members m WHERE m.incident_id = :incident AND m.kind = :alert AND {IN_NOW})"
"""Every alert whose watch or topic caught comments was taken out."""
COMMENTS = (
    "(SELECT ic.comment_id AS id, ic.how AS how FROM incident_comments ic WHERE ic.incident_id = :incident AND ic.at <= :as_of "
    "AND NOT EXISTS (SELECT 1 FROM incident_members m WHERE m.incident_id = :incident AND m.kind = :comment AND "
    f"m.member_id = ic.comment_id AND m.at <= :as_of) AND NOT (ic.how = '发布' AND {OUT_POST}) "
    f"AND NOT (ic.how IN ('方案', '主题') AND {NO_ALERT}) UNION ALL SELECT m.member_id, '人工' FROM incident_members m "
    f"WHERE m.incident_id = :incident AND m.kind = :comment AND {IN_NOW})"
)
"""The comments that belong to an incident: counted in by the system unless a person said otherwise, or put in by a person."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of an incident's voices; of feelings only the certain ones count."""

    comments: int = 0
    citizens: int = 0
    leads: int = 0
    certain: int = 0
    positive: int = 0
    neutral: int = 0
    negative: int = 0


def within(scope: Scope, incident_id: int, as_of: int) -> tuple[str, dict[str, int | str]]:
    """FROM and WHERE of the incident's comments `c` that the viewer may see, and the parameters."""
    mine, values = accounts_in(scope, "c.account_id")
    units, more = organizations_in(scope, "i.organization_id")
    rest = (
        f"FROM {COMMENTS} k JOIN comments c ON c.id = k.id JOIN incidents i ON i.id = :incident AND {units} "
        f"LEFT JOIN readings r ON r.comment_id = c.id WHERE c.author_account_id IS NULL "
        f"AND c.author_is_official = 0 AND c.seen_at <= :as_of AND {mine}"
    )
    return rest, {**values, **more, "incident": incident_id, "as_of": as_of, "comment": MemberKind.COMMENT.value,
                  "post": MemberKind.POST.value, "alert": MemberKind.ALERT.value}  # fmt: skip


def told(db: sqlite3.Connection, scope: Scope, incident_id: int, as_of: int) -> Told:
    """How many comments, distinct citizens and leads, and how the certain ones of both feel."""
    rest, values = within(scope, incident_id, as_of)
    one = "sum(CASE WHEN r.is_sure = 1 AND r.feeling = {} THEN 1 ELSE 0 END)"
    row = db.execute(
        f"SELECT count(*), count(DISTINCT {CITIZEN}), {one.format(1)}, {one.format(0)}, {one.format(-1)} {rest}", values
    ).fetchone()
    leads = leads_of(db, scope, incident_id, as_of)
    feels = [int(row[place] or 0) for place in (2, 3, 4)]
    for place, feeling in enumerate((1, 0, -1)):
        feels[place] += int(((leads["feeling"] == feeling) & (leads["is_sure"] == 1)).sum())
    return Told(int(row[0]), int(row[1]), len(leads), sum(feels), *feels)


def leads_of(db: sqlite3.Connection, scope: Scope, incident_id: int, as_of: int) -> pd.DataFrame:
    """The leads that belong to an incident, the earliest first; names and texts as they came."""
    mine, values = organizations_in(scope, "l.organization_id")
    units, more = organizations_in(scope, "i.organization_id")
    rows = db.execute(
        "SELECT l.id, l.published_at, l.platform, l.author_name, l.author_key, l.text, l.link, l.feeling, l.is_sure, l.seen_at "
        f"FROM incident_members m JOIN leads l ON l.id = m.member_id JOIN incidents i ON i.id = m.incident_id AND {units} "
        f"WHERE m.incident_id = :incident AND m.kind = :kind AND {IN_NOW} AND {mine} ORDER BY l.published_at, l.id",
        {**values, **more, "incident": incident_id, "as_of": as_of, "kind": MemberKind.LEAD.value},
    ).fetchall()
    columns = [
        "lead_id",
        "published_at",
        "platform",
        "author_name",
        "author_key",
        "text",
        "link",
        "feeling",
        "is_sure",
        "seen_at",
    ]
    return pd.DataFrame(rows, columns=pd.Index(columns))


def volume(db: sqlite3.Connection, scope: Scope, incident_id: int, as_of: int, step: int = 3600) -> pd.DataFrame:
    """Comments and leads per `step` seconds of when they were published; empty steps between the first and the last are zero."""
    rest, values = within(scope, incident_id, as_of)
    rows = db.execute(
        f"SELECT c.published_at - c.published_at % :step AS at, count(*) {rest} GROUP BY at", values | {"step": step}
    ).fetchall()
    comments = {int(at): int(number) for at, number in rows}
    leads = (leads_of(db, scope, incident_id, as_of)["published_at"].astype("int64") // step * step).value_counts().to_dict()
    if not comments and not leads:
        return pd.DataFrame([], columns=pd.Index(VOLUME))
    steps = range(min({*comments, *leads}), max({*comments, *leads}) + step, step)
    told_rows = [(at, comments.get(at, 0), int(leads.get(at, 0))) for at in steps]
    return pd.DataFrame(told_rows, columns=pd.Index(VOLUME))


def topics(db: sqlite3.Connection, scope: Scope, incident_id: int, as_of: int) -> pd.DataFrame:
    """What the incident's comments are about, by topic and part, the most first."""
    rest, values = within(scope, incident_id, as_of)
    rows = db.execute(
        f"SELECT r.topic, r.part, count(*) {rest} AND r.comment_id IS NOT NULL GROUP BY r.topic, r.part ORDER BY 3 DESC, 1, 2",
        values,
    ).fetchall()
    return pd.DataFrame(rows, columns=pd.Index(TOPICS))


def voices(
    db: sqlite3.Connection, scope: Scope, incident_id: int, as_of: int, feeling: int | None = None, limit: int = 100
) -> pd.DataFrame:
    """The incident's comments, the newest first; of one certain feeling only when it is given. Mask them before showing."""
    rest, values = within(scope, incident_id, as_of)
    rest = rest.replace("LEFT JOIN readings", "JOIN accounts a ON a.id = c.account_id LEFT JOIN posts p ON p.id = c.post_id "
                        "LEFT JOIN readings")  # fmt: skip
    rows = db.execute(
        "SELECT c.id, c.published_at, c.account_id, a.name, c.platform, c.author_name, c.author_key, c.text, c.likes, "
        f"coalesce(r.topic, ''), r.feeling, coalesce(r.is_sure, 0), k.how, coalesce(p.url, '') {rest} "
        "AND (:any = 1 OR (r.is_sure = 1 AND r.feeling = :feeling)) ORDER BY c.published_at DESC, c.id DESC LIMIT :limit",
        values | {"any": int(feeling is None), "feeling": feeling or 0, "limit": limit},
    ).fetchall()
    return pd.DataFrame(rows, columns=pd.Index(VOICES))
