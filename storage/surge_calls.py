"""One call of the detector: what came late is worked in, then each bucket that closed is judged."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from matrix.surge_group import GroupScores
from matrix.surge_score import Scores
from storage.surge_facts import BUCKET, Facts, Horizon, read
from storage.surge_kept import State
from storage.surge_lead import day_kind
from storage.workdays import calendar

GUARD = 36
"""Buckets (three hours) that may still be judged."""
SUM_SHARE = 0.7
"""Of its score a sum over accounts keeps so much; by `bench watching`."""


def is_news(known: Horizon, before: Horizon) -> bool:
    """Whether more is known than at the last call."""
    return (known.comments, known.posts, known.leads, known.read) != (
        before.comments,
        before.posts,
        before.leads,
        before.read,
    ) or (known.looks != before.looks)


def advance(
    db: sqlite3.Connection, state: State, closed: int, known: Horizon
) -> Iterator[tuple[Scores, GroupScores | None, Facts]]:
    """Work in what came late, then step over each bucket up to `closed`; use what is given before you ask for the next."""
    detector, first = state.detector, closed - GUARD + 1
    facts = read(db, state.plan, first, GUARD, known, state.weights)
    if not np.array_equal(detector.keys, state.plan.keys):
        raise ValueError("the columns of the plan are not those of the detector")
    last = detector.bucket
    if last is not None and last >= first:
        rows = last - first + 1
        late = detector.amend(facts.counts[:rows], facts.posts[:rows], facts.citizens[:rows])
        if late is not None:
            yield weighed(state, late), None, facts
    days = calendar(db)
    for bucket in range(first if last is None else max(first, last + 1), closed + 1):
        row = bucket - first
        scores = detector.step(bucket, facts.counts[row], facts.posts[row], day_kind(days, bucket), facts.citizens[row])
        yield weighed(state, scores), state.groups.step(scores), facts


def weighed(state: State, scores: Scores) -> Scores:
    """The same with the scores of sums held lower.

    The comments of one account are in a dozen sums; each has its own chance to be wrong and would be told for itself.
    """
    sums = state.detector.keys[~state.plan.is_account]
    return replace(scores, score=np.where(np.isin(scores.keys, sums), scores.score * SUM_SHARE, scores.score))


def note_scores(rows: dict[tuple[int, int], tuple[float, float]], scores: Scores) -> None:
    """Scores above zero by (bucket, series), with the excess of their window."""
    for place in np.flatnonzero(scores.score > 0).tolist():
        kind, at = int(scores.window[place]), (int(scores.bucket[place]), int(scores.keys[place]))
        score = float(scores.score[place])
        if score > rows.get(at, (0.0, 0.0))[0]:
            rows[at] = score, float(scores.seen[kind, place] - scores.expected[kind, place])


def in_campaigns(db: sqlite3.Connection, now: int) -> tuple[dict[int, int], dict[int, int]]:
    """Accounts and units with an activity that was reported in advance, and when it ends (Unix seconds); those that ended
    within the longest window are among them, as it reaches back into them."""
    values = {"now": now, "past": now - GUARD * BUCKET}
    on = "FROM campaigns c JOIN {} u ON u.ancestor_id = c.organization_id WHERE c.since <= :now AND c.until > :past AND "
    on += "c.cancelled_at IS NULL GROUP BY u.{}"
    accounts = db.execute(f"SELECT u.account_id, max(c.until) {on.format('account_up', 'account_id')}", values).fetchall()
    units = db.execute(
        f"SELECT u.organization_id, max(c.until) {on.format('organization_up', 'organization_id')}", values
    ).fetchall()
    return dict(accounts), dict(units)
