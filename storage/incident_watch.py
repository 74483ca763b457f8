"""What the worker does for open incidents: finds official words, counts in what citizens say, tells when a clock runs out."""

import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from matrix.incident import IncidentKind, IncidentState, MemberKind, WordKind
from matrix.incident_clock import Clock, ClockState
from matrix.incident_talk import FEWEST_PAIRS, SPEAKS, speaks_of, title_pairs
from matrix.masking import mask_text
from matrix.notice import RED, Notice
from storage import outbox
from storage.batches import bump_version
from storage.database import writing
from storage.incident_facts import IN_NOW
from storage.incident_flashes import lasting
from storage.incident_grid import words_of
from storage.incident_rows import Standing, standings
from storage.incident_words import SYSTEM, SYSTEM_NAME, write_word
from storage.incident_write import Author
from storage.moments import to_seconds

ORANGE, KIND = "橙", "事件时限"
EARLIER = 6 * 3600
"""An incident is detected after it began: so long before, words and comments may already be about it."""
PORTION = 20_000
COMING = re.compile(r"将于|将在|拟于|定于|即将")
"""Words that announce a conference: it has not been held."""
BY_POST, BY_WATCH, BY_TOPIC, BY_TEXT = "发布", "方案", "主题", "文字"


@dataclass(frozen=True, slots=True)
class Done:
    """What one pass did."""

    words: int = 0
    comments: int = 0
    notices: int = 0

    def __bool__(self) -> bool:
        return bool(self.words + self.comments + self.notices)


def keep_up(db: sqlite3.Connection, now: datetime) -> Done:
    """One pass over every open incident; what was looked at is not looked at again, and each notice is given once."""
    at = to_seconds(now)
    roots = tuple(row[0] for row in db.execute("SELECT id FROM organizations WHERE parent_id IS NULL").fetchall())
    found = standings(db, roots, at, state=IncidentState.OPEN)
    words = sum(find_words(db, one, at) for one in found)
    comments = sum(count_in(db, one, at) for one in found)
    return Done(words, comments, sum(tell(db, one, clock, now) for one in found for clock in one.clocks))


def references(db: sqlite3.Connection, incident_id: int, at: int) -> list[str]:
    """Texts that are known to speak of the matter: posts that joined or were confirmed, and leads."""
    rows = db.execute(
        f"SELECT p.title, p.text FROM incident_members m JOIN posts p ON p.id = m.member_id WHERE m.incident_id = :id "
        f"AND m.kind = :post AND {IN_NOW} UNION ALL SELECT '', l.text FROM incident_members m JOIN leads l ON l.id = m.member_id "
        f"WHERE m.incident_id = :id AND m.kind = :lead AND {IN_NOW} UNION ALL SELECT p.title, p.text FROM incident_words w "
        "JOIN posts p ON p.id = w.post_id JOIN incident_decisions d ON d.id = (SELECT max(x.id) FROM incident_decisions x "
        "WHERE x.word_id = w.id) WHERE w.incident_id = :id AND d.verdict = '已确认'",
        {"id": incident_id, "post": MemberKind.POST.value, "lead": MemberKind.LEAD.value, "as_of": at},
    ).fetchall()
    return [words_of(title, text) for title, text in rows]


def begins(one: Standing) -> int:
    """From when on a text may be about it."""
    matter = one.matter
    return matter.occurred_at if matter.occurred_at is not None else matter.detected_at - EARLIER


def find_words(db: sqlite3.Connection, one: Standing, at: int) -> int:
    """Write down posts below the incident's unit that speak of it, for a person to confirm; gives how many are new."""
    upto = db.execute("SELECT posts_upto FROM incidents WHERE id = :id", {"id": one.id}).fetchone()[0]
    rows = db.execute(
        "SELECT p.id, p.title, p.text, p.published_at, p.url, a.name FROM posts p JOIN account_up u ON "
        "u.account_id = p.account_id AND u.ancestor_id = :unit JOIN accounts a ON a.id = p.account_id "
        "WHERE p.id > :upto AND p.published_at >= :since ORDER BY p.id LIMIT :most",
        {"unit": one.organization_id, "upto": upto, "since": begins(one), "most": PORTION},
    ).fetchall()
    if not rows:
        return 0
    known, by, found = references(db, one.id, at), Author(SYSTEM, SYSTEM_NAME, at), 0
    held = {row[0] for row in db.execute("SELECT post_id FROM incident_words WHERE incident_id = :id", {"id": one.id}).fetchall()}
    with writing(db):
        for number, title, text, said_at, url, speaker in rows:
            words = words_of(title, text)
            score = speaks_of(words, one.matter.title, known)
            if score >= SPEAKS and number not in held:
                shown = (title or " ".join(text.split())[:40])[:80]
                write_word(db, one.id, proposed(words, one), number, speaker, shown, url, said_at, round(score, 3), by)
                found += 1
        db.execute("UPDATE incidents SET posts_upto = :upto WHERE id = :id", {"upto": rows[-1][0], "id": one.id})
        if found:
            bump_version(db)
    return found


def proposed(words: str, one: Standing) -> WordKind:
    """What a found post seems to be; a person decides."""
    if "新闻发布会" in words and not COMING.search(words):
        return WordKind.CONFERENCE
    return WordKind.INFORMATION if one.matter.kind == IncidentKind.EMERGENCY else WordKind.RESPONSE


def count_in(db: sqlite3.Connection, one: Standing, at: int) -> int:
    """Count in new citizens' comments below the unit that are about it; gives how many.

    About it is what stands under a post that joined, is an official word or carried an alert that joined; what a 监测方案 or
    topic of such an alert caught while it was open; and what names the matter in its own words.
    """
    upto = db.execute("SELECT comments_upto FROM incidents WHERE id = :id", {"id": one.id}).fetchone()[0]
    rows = db.execute(
        "SELECT c.id, c.text, c.post_id, c.published_at, coalesce(r.topic, '') FROM comments c JOIN account_up u ON "
        "u.account_id = c.account_id AND u.ancestor_id = :unit LEFT JOIN readings r ON r.comment_id = c.id "
        "WHERE c.id > :upto AND c.published_at >= :since AND c.author_account_id IS NULL AND c.author_is_official = 0 "
        "AND c.kind IS NOT NULL ORDER BY c.id LIMIT :most",
        {"unit": one.organization_id, "upto": upto, "since": begins(one), "most": PORTION},
    ).fetchall()
    if not rows:
        return 0
    posts, caught = posts_of(db, one.id, at), alerts_of(db, one.id, at)
    named = len(title_pairs(one.matter.title)) >= FEWEST_PAIRS
    found = []
    for number, text, post_id, published_at, topic in rows:
        how = BY_POST if post_id in posts else caught.why(number, published_at, topic)
        if not how and named and speaks_of(text, one.matter.title) >= SPEAKS:
            how = BY_TEXT
        if how:
            found.append({"incident": one.id, "comment": number, "how": how, "at": at})
    with writing(db):
        db.executemany(
            "INSERT INTO incident_comments(incident_id, comment_id, how, at) VALUES(:incident, :comment, :how, :at) "
            "ON CONFLICT(incident_id, comment_id) DO NOTHING",
            found,
        )
        db.execute("UPDATE incidents SET comments_upto = :upto WHERE id = :id", {"upto": rows[-1][0], "id": one.id})
        if found:
            bump_version(db)
    return len(found)


def posts_of(db: sqlite3.Connection, incident_id: int, at: int) -> set[int]:
    """Posts whose comments belong to it: joined ones, official words that nobody refused, those that carried its alerts."""
    rows = db.execute(
        f"SELECT m.member_id FROM incident_members m WHERE m.incident_id = :id AND m.kind = :post AND {IN_NOW} "
        "UNION SELECT w.post_id FROM incident_words w JOIN incident_decisions d ON d.id = (SELECT max(x.id) FROM "
        "incident_decisions x WHERE x.word_id = w.id) WHERE w.incident_id = :id AND w.post_id IS NOT NULL "
        "AND d.verdict = '已确认' UNION SELECT e.post_id FROM incident_members m JOIN alert_members e "
        f"ON e.alert_id = m.member_id WHERE m.incident_id = :id AND m.kind = :alert AND {IN_NOW} AND e.post_id IS NOT NULL",
        {"id": incident_id, "post": MemberKind.POST.value, "alert": MemberKind.ALERT.value, "as_of": at},
    ).fetchall()
    return {row[0] for row in rows}


@dataclass(frozen=True, slots=True)
class Caught:
    """What watches and topics of the incident's alerts caught, and when."""

    hits: frozenset[int]
    topics: tuple[tuple[str, int, int], ...]

    def why(self, comment_id: int, published_at: int, topic: str) -> str:
        if comment_id in self.hits:
            return BY_WATCH
        return BY_TOPIC if any(topic == name and a <= published_at <= b for name, a, b in self.topics) else ""


def alerts_of(db: sqlite3.Connection, incident_id: int, at: int) -> Caught:
    rows = db.execute(
        "SELECT s.kind, s.topic, s.watch_id, a.raised_at, coalesce(a.closed_at, :as_of) FROM incident_members m "
        "JOIN alerts a ON a.id = m.member_id JOIN alert_members e ON e.alert_id = a.id JOIN series s ON s.id = e.series_id "
        f"WHERE m.incident_id = :id AND m.kind = :alert AND {IN_NOW}",
        {"id": incident_id, "alert": MemberKind.ALERT.value, "as_of": at},
    ).fetchall()
    hits: set[int] = set()
    for _, _, watch_id, since, until in [row for row in rows if row[2] is not None]:
        sql = "SELECT comment_id FROM watch_hits WHERE watch_id = :watch AND published_at BETWEEN :since AND :until"
        span = {"watch": watch_id, "since": since - EARLIER // 2, "until": until}
        hits |= {row[0] for row in db.execute(sql, span).fetchall()}
    topics = tuple((topic, since - EARLIER // 2, until) for kind, topic, _, since, until in rows if kind == "主题" and topic)
    return Caught(frozenset(hits), topics)


def tell(db: sqlite3.Connection, one: Standing, clock: Clock, now: datetime) -> bool:
    """Leave a notice once when a clock has an hour left (橙), and once when it has run out (红); True when one was left."""
    if not clock.is_running or clock.state is ClockState.RUNNING:
        return False
    is_late = clock.state is ClockState.LATE
    key = f"incident-{one.id}-{clock.rule.hours}-{'late' if is_late else 'soon'}-{clock.due_at}"
    if db.execute("SELECT 1 FROM notices WHERE key = :key", {"key": key}).fetchone():
        return False
    what = f"{clock.rule.hours}小时{clock.rule.name}"
    name = mask_text(one.matter.title)
    title = f"{what}{'已超时' if is_late else '即将到期'}：{name}"
    body = f"{one.organization}“{name}”{what}"
    body += f"已超时{lasting(-clock.left)}" if is_late else f"还剩{lasting(clock.left)}"
    notice = Notice(key, RED if is_late else ORANGE, KIND, f"{'【演练】' if one.is_drill else ''}{title}",
                    f"{body}。依据：{clock.rule.basis}。", one.organization_id, to_seconds(now), f"/incidents?event={one.id}"
                    )  # fmt: skip
    with writing(db):
        return outbox.put(db, notice, now).is_new
