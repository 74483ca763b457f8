"""The watch: counts what came, lets the detector judge it, and writes down what happened, one call after the other."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from matrix.surge_group import Groups
from storage import alert_counts, alert_notices, alerts, series, surge_kept
from storage.batches import bump_version
from storage.database import writing
from storage.moments import to_seconds
from storage.series import READ_KINDS, Spec
from storage.surge_calls import advance, in_campaigns, is_news, note_scores
from storage.surge_facts import BUCKET, Horizon, horizon, reading, usual
from storage.surge_kept import State
from storage.surge_lead import DAYS, lead
from storage.surge_plan import Plan, make
from storage.surge_signals import Listener
from storage.workdays import calendar

STALE = 288
"""Buckets after which what was learnt is learnt anew from what is stored."""
SETTLED = 100
"""Comments that may wait to be read when a past that has grown is learnt anew."""
READ_BEHIND = 5000
"""Comments that may wait to be read when the series of what was read are first led through their past."""


def void(_: float) -> None:
    """Nobody wants to know."""


def carriers(fresh: list[Spec], held: list[Spec]) -> list[Spec]:
    """Of the series that are held those of the accounts that carry these: a sum learns beside them."""
    mine = {account for spec in fresh for account in spec.accounts if spec.account_id is None}
    return [spec for spec in held if spec.account_id in mine]


@dataclass(slots=True)
class Watch:
    """The watch over one database. `topics` are those of the taxonomy without 其他; `tell` hears how far a leading is."""

    topics: tuple[str, ...]
    tell: Callable[[float], None] = void
    days: float = DAYS
    """How much of the past series learn when they are taken up."""
    state: State | None = None

    def tick(self, db: sqlite3.Connection, now: datetime) -> bool:
        """Judge what closed and what came since the last time; whether there was anything.

        What is computed in memory counts only once it is written: a failure in between forgets it, and the next call begins
        from the last snapshot again.
        """
        try:
            return self._tick(db, now)
        except BaseException:
            self.state = None
            raise

    def _tick(self, db: sqlite3.Connection, now: datetime) -> bool:
        moment = to_seconds(now)
        closed = moment // BUCKET - 1
        if self.state is None:
            self.state = self._resume(db, closed)
        state = self.state
        if state is None or state.detector.bucket is None or closed - state.detector.bucket > STALE:
            return self._begin(db, closed, now)
        last = state.detector.bucket
        is_hour = (closed + 1) // 12 > (last + 1) // 12
        if closed > last:
            self._change_series(db, state, closed, is_hour, now)
        found = horizon(db)
        known = state.restless.take_in(db, state.plan, state.weights, state.known, found, closed)
        if closed <= last and not is_news(known, state.known):
            return False
        self._call(db, state, max(closed, last), known, now)
        if is_hour:
            self._keep(db, state, now)
        return True

    def _resume(self, db: sqlite3.Connection, closed: int) -> State | None:
        """From the newest snapshot through the calls since, as they were made."""
        state = surge_kept.load(db)
        if state is None or (state.detector.bucket or 0) > closed:
            return None
        for number, b5, known in surge_kept.steps_after(db, state.step_id, state.known):
            for _ in advance(db, state, b5, known):
                pass
            state.known, state.step_id = known, number
        state.restless.resume(state.known, state.detector.bucket or closed)
        return state

    def _begin(self, db: sqlite3.Connection, closed: int, now: datetime) -> bool:
        """Learn all series anew from what is stored."""
        wanted = self._wanted(db, has_read=False)
        known = horizon(db)
        with writing(db):
            ids = series.put(db, wanted, to_seconds(now))
        if not wanted:
            self.state = None
            return False
        plan = make(wanted, ids)
        weights = usual(db, plan, to_seconds(now))
        groups = Groups(plan.groups())
        detector = lead(db, plan, weights, known, closed, calendar(db), groups, self.tell, self.days)
        self.state = State(plan, detector, groups, weights, known)
        self.state.restless.looks = known.looks
        with writing(db):
            self.state.step_id = surge_kept.note_step(db, closed, to_seconds(now), known, Horizon())
            self._note_births(db, plan, self.state)
            surge_kept.save(db, self.state, to_seconds(now))
            bump_version(db)
        return True

    def _note_births(self, db: sqlite3.Connection, plan: Plan, state: State) -> None:
        """Since when there is data of each series, for whoever asks whether it is still learning."""
        end = alerts.detector_end(state.detector)
        hours = dict(zip(state.detector.keys.tolist(), state.detector.level.hours.tolist(), strict=True))
        for key in plan.keys.tolist():
            series.set_born(db, key, end - round(hours[key] * 3600))

    def _wanted(self, db: sqlite3.Connection, *, has_read: bool) -> list[Spec]:
        version, is_whole, behind = reading(db)
        return series.specs(db, self.topics, version, is_read=is_whole and (has_read or behind <= READ_BEHIND))

    def _change_series(self, db: sqlite3.Connection, state: State, closed: int, is_hour: bool, now: datetime) -> None:
        """Take up series that are new, drop those that are gone, learn anew those whose past has grown.

        Sums that other accounts carry now are learnt anew once an hour.
        """
        held = {spec.key: spec for spec in state.plan.specs}
        has_read = any(spec.kind in READ_KINDS for spec in held.values())
        wanted = self._wanted(db, has_read=has_read)
        grown = frozenset() if has_read and reading(db)[2] > SETTLED else state.restless.due(closed)
        usually = dict(zip(state.plan.accounts.tolist(), state.weights.tolist(), strict=True))
        now_wanted = {spec.key: spec for spec in wanted}
        gone = held.keys() - now_wanted.keys()
        fresh = [
            spec
            for spec in wanted
            if spec.key not in held
            or (held[spec.key].mark != spec.mark and (is_hour or held[spec.key].version != spec.version))
            or state.restless.concerns(spec, grown, usually)
        ]
        state.restless.settle(grown)
        renewed = {spec.key for spec in fresh}
        kept = [
            now_wanted[key] if now_wanted[key].mark == spec.mark else spec
            for key, spec in held.items()
            if key not in gone and key not in renewed
        ]
        if not gone and not fresh and kept == list(held.values()):
            return
        last, known = state.detector.bucket or closed, horizon(db)
        with writing(db):
            ids = series.put(db, [*kept, *fresh], to_seconds(now))
        ids_held = {spec.key: int(key) for spec, key in zip(state.plan.specs, state.plan.keys, strict=True)}
        state.detector.drop([ids_held[key] for key in gone | (renewed & held.keys())])
        if fresh:
            part = make([*fresh, *carriers(fresh, kept)], ids)
            weights = usual(db, part, to_seconds(now))
            led = lead(db, part, weights, known, last, calendar(db), None, self.tell, self.days)
            led.drop([ids[spec.key] for spec in part.specs[len(fresh) :]])
            state.detector.join(led)
        state.plan = make([*kept, *fresh], ids)
        state.detector.carry(*state.plan.carried())
        state.groups.regroup(state.plan.groups())
        state.weights = usual(db, state.plan, to_seconds(now))
        with writing(db):
            if fresh:
                self._note_births(db, make(fresh, ids), state)
            surge_kept.save(db, state, to_seconds(now))
            bump_version(db)

    def _call(self, db: sqlite3.Connection, state: State, closed: int, known: Horizon, now: datetime) -> None:
        """One call of the detector with all that it comes to, written in one transaction."""
        moment = to_seconds(now)
        book = alerts.open_book(db, moment)
        before = list(book.alerts)
        planned, units = in_campaigns(db, moment)
        old, state.known = state.known, known
        listener = Listener(db, state, book, planned, units)
        rows: dict[tuple[int, int], tuple[float, float]] = {}
        fallen: set[int] = set()
        for scores, group, facts in advance(db, state, closed, known):
            listener.listen(scores, group, facts)
            note_scores(rows, scores)
            fallen |= set(scores.keys[scores.is_fallen].tolist())
        told = [*listener.told, *((event, None) for event in book.pass_time((closed + 1) * BUCKET))]
        with writing(db):
            state.step_id = surge_kept.note_step(db, closed, moment, known, old)
            db.executemany(
                "INSERT INTO surge_scores(b5, series_id, score, excess) VALUES(:b5, :series, :score, :excess) "
                "ON CONFLICT(b5, series_id) DO UPDATE SET score = excluded.score, excess = excluded.excess "
                "WHERE excluded.score > surge_scores.score",
                [{"b5": b5, "series": key, "score": score, "excess": over} for (b5, key), (score, over) in sorted(rows.items())],
            )
            alerts.write(db, told, state.detector, now)
            has_moved = alerts.save_book(db, before, book)
            alert_counts.save(db, book, state.detector)
            alert_notices.tell_fallen(db, state, fallen, now)
            if told or has_moved or book.alerts:
                bump_version(db)

    def _keep(self, db: sqlite3.Connection, state: State, now: datetime) -> None:
        """Once an hour: what accounts usually carry is looked up anew, and the whole is kept."""
        state.weights = usual(db, state.plan, to_seconds(now))
        state.restless.end_hour()
        with writing(db):
            surge_kept.save(db, state, to_seconds(now))
