"""Who in the matrix carries the bulletin of an incident, account by account, as it was known at a moment."""

import sqlite3
from collections import defaultdict

import pandas as pd

from matrix.account import SIGHTS, Filing, Nature, Route, Status
from matrix.incident_grid import ORDER, Bulletin, Heard, Judged, Voice, judge_voice
from matrix.run import Outcome
from storage.incident_rows import standings
from storage.scope import Scope, accounts_in

GRID = ["account_id", "account", "platform", "organization_id", "organization", "voice", "at", "minutes", "post_id", "url",
        "text", "reason", "seen_to", "person", "phone"]  # fmt: skip
MOST_POSTS = 20_000
EARLIER = 3600
"""An account may have carried the words up to an hour before the account whose post was chosen as the bulletin."""


def grid(db: sqlite3.Connection, scope: Scope, incident_id: int, word_id: int, as_of: int) -> pd.DataFrame:
    """One row per filed, active account of an office below the incident's unit that the viewer may see; whoever must be called
    comes first, then those that carried it, minute by minute. Times are Unix seconds; `minutes` since the bulletin.

    `seen_to` is the last complete look at the account, up to which its silence is known.
    """
    found = standings(db, scope, as_of, incident_id)
    bulletin = bulletin_of(db, scope, incident_id, word_id)
    if not found or bulletin is None:
        return pd.DataFrame([], columns=pd.Index(GRID))
    one = found[0]
    mine, names = accounts_in(scope, "a.id")
    values = {**names, "unit": one.organization_id, "as_of": as_of, "ok": Outcome.OK.value, "filed": Filing.FILED.value,
              "active": Status.ACTIVE.value, "nature": Nature.INSTITUTION.value}  # fmt: skip
    rows = db.execute(
        "SELECT a.id, a.name, a.platform, a.organization_id, o.name, a.route, a.person, a.phone, CASE WHEN a.last_ok_at "
        "<= :as_of THEN a.last_ok_at ELSE (SELECT max(r.finished_at) FROM runs r WHERE r.account_id = a.id AND r.outcome = :ok "
        "AND r.finished_at <= :as_of) END, EXISTS (SELECT 1 FROM outage_accounts b WHERE b.account_id = a.id "
        "AND b.since <= :as_of AND (b.until IS NULL OR b.until > :as_of)) FROM accounts a "
        "JOIN organizations o ON o.id = a.organization_id JOIN account_up u ON u.account_id = a.id AND u.ancestor_id = :unit "
        f"WHERE a.filing = :filed AND a.status = :active AND a.nature = :nature AND a.exemption = '' AND {mine} ORDER BY a.id",
        values,
    ).fetchall()
    since = min(one.matter.starts_at, bulletin.said_at - EARLIER)
    posts, texts = heard(db, one.organization_id, since, as_of, bulletin)
    known = figures_known(db, incident_id, as_of)
    table = []
    for number, name, platform, unit, office, route, person, phone, seen_to, is_out in rows:
        judged = judge_voice(
            posts.get(number, ()),
            bulletin,
            one.matter.title,
            is_issuer=number == bulletin.account_id,
            is_limited=Route(route) is Route.NONE or not SIGHTS[Route(route)].posts,
            is_blind=bool(is_out) or seen_to is None or seen_to < bulletin.said_at,
            known=known,
        )
        url, text = texts.get(judged.post_id or 0, ("", ""))
        table.append(
            (number, name, platform, unit, office, *told(judged, bulletin), url, text, judged.reason, seen_to, person, phone)
        )
    table.sort(key=lambda row: (ORDER[Voice(row[5])], row[6] or 0, row[0]))
    return pd.DataFrame(table, columns=pd.Index(GRID), dtype=object)


def told(judged: Judged, bulletin: Bulletin) -> tuple[str, int | None, int | None, int | None]:
    """Voice, moment, whole minutes after the bulletin (below zero: before it) and post."""
    minutes = None if judged.at is None else (judged.at - bulletin.said_at) // 60
    return judged.voice.value, judged.at, minutes, judged.post_id


def bulletin_of(db: sqlite3.Connection, scope: Scope, incident_id: int, word_id: int) -> Bulletin | None:
    """The post of one official word of the incident; None when it is none or lies outside the scope."""
    mine, values = accounts_in(scope, "p.account_id")
    row = db.execute(
        "SELECT p.id, p.account_id, p.published_at, p.title, p.text FROM incident_words w JOIN posts p ON p.id = w.post_id "
        f"WHERE w.id = :word AND w.incident_id = :incident AND {mine}",
        values | {"word": word_id, "incident": incident_id},
    ).fetchone()
    return None if row is None else Bulletin(row[0], row[1], row[2], words_of(row[3], row[4]))


def words_of(title: str, text: str) -> str:
    """Title and text of a post as one text; many platforms repeat the one in the other."""
    return text if not title or text.startswith(title) else f"{title}\n{text}"


def heard(
    db: sqlite3.Connection, organization_id: int, since: int, as_of: int, bulletin: Bulletin
) -> tuple[dict[int, list[Heard]], dict[int, tuple[str, str]]]:
    """The posts below a unit since then that were known at `as_of`, by account; address and beginning of each by its id."""
    rows = db.execute(
        "SELECT p.id, p.account_id, p.published_at, p.title, p.text, p.url, CASE WHEN p.repost_of = b.ext_id AND "
        "p.platform = b.platform THEN 1 ELSE 0 END FROM posts p JOIN account_up u ON u.account_id = p.account_id "
        "AND u.ancestor_id = :unit JOIN posts b ON b.id = :bulletin WHERE p.published_at >= :since AND p.published_at <= :as_of "
        "AND p.seen_at <= :as_of ORDER BY p.published_at LIMIT :most",
        {"unit": organization_id, "since": since, "as_of": as_of, "bulletin": bulletin.post_id, "most": MOST_POSTS},
    ).fetchall()
    posts: dict[int, list[Heard]] = defaultdict(list)
    texts: dict[int, tuple[str, str]] = {}
    for number, account, at, title, text, url, is_repost in rows:
        words = words_of(title, text)
        posts[account].append(Heard(number, at, words, bool(is_repost)))
        texts[number] = (url, words[:200])
    return posts, texts


def figures_known(db: sqlite3.Connection, incident_id: int, as_of: int) -> dict[str, set[int]]:
    """The values that were entered with their sources by then: an account that says one of them does not differ."""
    found: dict[str, set[int]] = defaultdict(set)
    sql = (
        "SELECT name, value FROM incident_figures WHERE incident_id = :id AND seen_at <= :as_of "
        "AND (void_at IS NULL OR void_at > :as_of)"
    )
    for name, value in db.execute(sql, {"id": incident_id, "as_of": as_of}).fetchall():
        found[name].add(int(value))
    return found
