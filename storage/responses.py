"""Response facts: each matter of a thread with its answers, made anew when what they rest on changes, and written only then."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from matrix.response import Matter, Utterance, known_until, match
from matrix.rule import RuleClock, due
from matrix.worktime import OfficeClock
from storage import cases, rollups, rules, sight
from storage.office import Offices
from storage.utterances import UTTERANCE, Row, moment_of, together, utterance

COLUMNS = (
    "comment_id",
    "account_id",
    "post_id",
    "kind",
    "asked_at",
    "seen_at",
    "first_id",
    "first_at",
    "first_seen_at",
    "first_working",
    "answer_id",
    "answer_at",
    "answer_seen_at",
    "answer_working",
    "is_sister",
    "elsewhere_id",
    "elsewhere_at",
    "followup_id",
    "mood",
    "known_until",
    "rule_id",
    "due_at",
    "is_late",
)
SAVE = (
    f"INSERT INTO responses({', '.join(COLUMNS)}, derived_at) VALUES({', '.join('?' * (len(COLUMNS) + 1))}) "
    "ON CONFLICT(comment_id) DO UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in (*COLUMNS[1:], "derived_at"))
)
AT = {name: place for place, name in enumerate(COLUMNS)}


class Deriver:
    """Makes the facts of threads, inside `writing()`. `mood` reads what a citizen says to an answer."""

    def __init__(self, db: sqlite3.Connection, now: int, mood: Callable[[str], str] | None = None) -> None:
        self.db, self.now, self.mood = db, now, mood
        self.offices = Offices.load(db)
        self.rules = {rule.id: rule for _, _, rule in rules.every(db)}
        self.touched: Counter[tuple[int, int]] = Counter()
        self.changed = 0

    def derive(self, post_ids: Collection[int], lone_ids: Collection[int]) -> int:
        """Derive whole threads by post, and appeals that stand below no post; gives how many facts changed."""
        for post_id in sorted(post_ids):
            rows = self.db.execute(f"{UTTERANCE} WHERE c.post_id = :id", {"id": post_id}).fetchall()
            owner = self.db.execute("SELECT account_id FROM posts WHERE id = :id", {"id": post_id}).fetchone()[0]
            self._thread(rows, [owner], post_id)
        left = set(lone_ids)
        while left:
            left -= self._lone(min(left))
        rollups.add(self.db, "appeals", self.touched)
        self.touched.clear()
        return self.changed

    def _lone(self, comment_id: int) -> set[int]:
        """A mention or a message with all that stands above and below it, below no post of ours; gives all their ids.

        Each account that is called in it is asked for itself: an answer is one by its own unit.
        """
        ids = sorted(together(self.db, comment_id))
        rows: list[Row] = []
        for start in range(0, len(ids), 400):
            values = {f"k{place}": number for place, number in enumerate(ids[start : start + 400])}
            rows += self.db.execute(f"{UTTERANCE} WHERE c.id IN ({', '.join(f':{name}' for name in values)})", values).fetchall()
        if rows:
            self._thread(rows, sorted({row[12] for row in rows if row[9] == 1} or {rows[0][12]}), None)
        return {comment_id, *ids}

    def _thread(self, rows: list[Row], owners: Sequence[int], post_id: int | None) -> None:
        said = [utterance(row) for row in rows]
        about = {row[0]: row for row in rows}
        held = self._held(post_id, [one.id for one in said])
        matters: list[Matter] = []
        for owner in owners:
            mine = said if post_id is not None else [replace(s, is_appeal=s.is_appeal and about[s.id][12] == owner) for s in said]
            matters += match(mine, self._is_own(owner))
        looked = sight.of_thread(self.db, post_id) if post_id is not None else (None, None, None)
        fresh = {matter.appeal.id: self._fact(matter, about, post_id, looked, held.get(matter.appeal.id)) for matter in matters}
        for comment_id in held.keys() - fresh.keys():
            old = held[comment_id]
            self.db.execute("DELETE FROM responses WHERE comment_id = :id", {"id": comment_id})
            self.touched[(old[AT["account_id"]], old[AT["asked_at"]])] -= 1
            self.changed += 1
        self._save([row for comment_id, row in fresh.items() if row != held.get(comment_id)], held)
        self._link(matters)

    def _is_own(self, owner: int) -> Callable[[int, int], bool]:
        return lambda account, at: self.offices.organization(account, at) == self.offices.organization(owner, at)

    def _held(self, post_id: int | None, ids: list[int]) -> dict[int, Row]:
        found: dict[int, Row] = {}
        select = f"SELECT {', '.join(COLUMNS)} FROM responses WHERE "
        for start in range(0, len(ids), 400):
            portion = ids[start : start + 400]
            marks = ", ".join(f":k{i}" for i in range(len(portion)))
            values = {f"k{i}": key for i, key in enumerate(portion)}
            found |= {row[0]: row for row in self.db.execute(f"{select} comment_id IN ({marks})", values).fetchall()}
        if post_id is not None:
            found |= {row[0]: row for row in self.db.execute(f"{select} post_id = :post", {"post": post_id}).fetchall()}
        return found

    def _save(self, rows: list[Row], held: dict[int, Row]) -> None:
        until = AT["known_until"]
        sight.keep_before(self.db, [row[0] for row in rows if row[0] in held and held[row[0]][until] != row[until]])
        self.db.executemany(SAVE, [(*row, self.now) for row in rows])
        self.changed += len(rows)
        for row in rows:
            old = held.get(row[0])
            if old is None or old[AT["account_id"]] != row[AT["account_id"]]:
                self.touched[(row[AT["account_id"]], row[AT["asked_at"]])] += 1
                if old is not None:
                    self.touched[(old[AT["account_id"]], old[AT["asked_at"]])] -= 1
            was_answered = old is not None and old[AT["answer_id"]] is not None
            if was_answered != (row[AT["answer_id"]] is not None):
                cases.note_reply(self.db, row[0], self.now, is_answered=not was_answered)

    def _link(self, matters: Iterable[Matter]) -> None:
        """Who presses whom, and which matter takes up which."""
        pairs = [(matter.appeal.id, None, matter.reopens) for matter in matters]
        pairs += [(one.id, matter.appeal.id, None) for matter in matters for one in matter.pressed]
        self.db.executemany(
            "UPDATE appeals SET presses = :presses, reopens = :reopens WHERE comment_id = :id "
            "AND (presses IS DISTINCT FROM :presses OR reopens IS DISTINCT FROM :reopens)",
            [{"id": one, "presses": presses, "reopens": reopens} for one, presses, reopens in pairs],
        )

    def _fact(
        self,
        matter: Matter,
        about: dict[int, Row],
        post_id: int | None,
        looked: tuple[str | None, int | None, int | None],
        old: Row | None,
    ) -> Row:
        appeal, first, answer = matter.appeal, matter.first, matter.answer
        row = about[appeal.id]
        account_id, kind = row[12], row[13] or ""
        office = self.offices.clock(account_id, appeal.at)
        rule_id, due_at, clock = self._due(account_id, kind, appeal.at, office, old)
        stopped_at = moment_of(first) if clock == RuleClock.FIRST else moment_of(answer, is_answer=True)
        until = known_until(matter, *looked) if post_id is not None else None
        by = answer or first
        return (
            appeal.id,
            account_id,
            post_id,
            kind,
            appeal.at,
            row[11],
            *self._clock(first, appeal.at, about, office),
            *self._clock(answer, appeal.at, about, office, is_answer=True),
            int(by is not None and by.account_id != account_id),
            *((matter.elsewhere.id, matter.elsewhere.at) if matter.elsewhere else (None, None)),
            matter.followup.id if matter.followup else None,
            self._mood(matter, old),
            self._until(appeal.id, until, answer),
            rule_id,
            due_at,
            int(stopped_at > due_at) if stopped_at is not None and due_at is not None else None,
        )

    def _clock(
        self, said: Utterance | None, asked_at: int, about: dict[int, Row], office: OfficeClock, *, is_answer: bool = False
    ) -> Row:
        at = moment_of(said, is_answer=is_answer)
        if said is None or at is None:
            return None, None, None, None
        row = about[said.id]
        seen_at = row[15] if is_answer and row[15] is not None else row[11]
        return said.id, at, seen_at, office.between(asked_at, at)

    def _due(
        self, account_id: int, kind: str, asked_at: int, office: OfficeClock, old: Row | None
    ) -> tuple[int | None, int | None, str]:
        """A case keeps the rule that it was judged by; one without a rule gets the one that holds for its unit."""
        kept = old[AT["rule_id"]] if old is not None else None
        rule = self.rules.get(kept) if kept is not None else self.offices.rule(account_id, asked_at)
        if rule is None:
            return kept, None, ""
        return rule.id, due(rule, kind, asked_at, office), rule.clock

    def _mood(self, matter: Matter, old: Row | None) -> str:
        if matter.followup is None:
            return ""
        if self.mood is not None:
            whole = self.db.execute("SELECT text FROM comments WHERE id = :id", {"id": matter.followup.id}).fetchone()
            return self.mood(whole[0])
        is_same = old is not None and old[AT["followup_id"]] == matter.followup.id
        return old[AT["mood"]] if old is not None and is_same else ""

    def _until(self, comment_id: int, until: int | None, answer: Utterance | None) -> int | None:
        """An answer ends what need be known; what was known before it tells how things stood at an earlier moment."""
        alone = self.db.execute("SELECT known_until FROM sights WHERE comment_id = :id", {"id": comment_id}).fetchone()
        known = max((at for at in (until, alone[0] if alone else None) if at is not None), default=None)
        return known if known is None or answer is None else min(known, answer.answered_at)


def derive_for(db: sqlite3.Connection, comment_ids: Iterable[int], now: int, mood: Callable[[str], str] | None = None) -> int:
    """Make the facts of every thread in which one of these comments stands; gives how many changed. Inside `writing()`."""
    posts: set[int] = set()
    lone: set[int] = set()
    for comment_id in comment_ids:
        post_id = db.execute("SELECT post_id FROM comments WHERE id = :id", {"id": comment_id}).fetchone()[0]
        if post_id is None:
            lone.add(comment_id)
        else:
            posts.add(post_id)
    return Deriver(db, now, mood).derive(posts, lone)
