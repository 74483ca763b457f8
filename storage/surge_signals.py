"""From scores to signals: what is loud enough is put beside its content, and the book of alerts says what happened."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from matrix.alert import Alert, Book, Event, Move, Signal
from matrix.alert_words import group_sentence, sentence, title
from matrix.surge_evidence import Evidence, evidence
from matrix.surge_group import ELEVATED, GroupScores, deviations
from matrix.surge_score import Scores
from matrix.surge_without import factor_of
from storage.series import ACCOUNT, LEAD, NEGATIVE, PLATFORM, TOPIC, UNIT, WATCH
from storage.surge_facts import BUCKET, Facts
from storage.surge_kept import State
from storage.surge_window import GOOD_PART, Content, Window

GROUP_RAISED = 4.2
"""Standard deviations from which a group is told, by `bench watching --groups`; the score of its alert grows with their square
and is 5 there."""
GROUP_RATIO = 1.2
"""And as many times what is expected: a fifth more can be an account that is seen again."""
FIRST = {kind: place for place, kind in enumerate((ACCOUNT, WATCH, TOPIC, NEGATIVE, LEAD, UNIT, PLATFORM))}
"""Of what crosses in the same bucket the narrowest gives the alert its name."""
HEAVY_LEVEL, HEAVY_FOLLOWERS = "省级", 1_000_000
SHOWN = 12
"""Accounts of a group that become members of its alert, the loudest first."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A signal with everything that is written down about it."""

    signal: Signal
    found: Evidence
    title: str
    sentence: str
    factor: float = 0.0
    post_id: int | None = None
    group: tuple["Heard", ...] = ()
    """The accounts that stand out in a group."""


@dataclass(slots=True)
class Listener:
    """Hears one call of the detector after the other; `told` is what happened, in order."""

    db: sqlite3.Connection
    state: State
    book: Book
    planned: Mapping[int, int]
    """Accounts within an activity that was reported in advance, with its end (Unix seconds); also shortly after it."""
    planned_units: Mapping[int, int]
    told: list[tuple[Event, Heard | None]] = field(default_factory=list)

    def listen(self, scores: Scores, group: GroupScores | None, facts: Facts) -> None:
        """Take in one bucket, or what came late, in the order of time."""
        limits, plan = self.book.thresholds, self.state.plan
        columns = {int(key): column for column, key in enumerate(plan.keys)}
        loud = [
            (int(scores.bucket[place]), FIRST[plan.specs[column].kind], -float(scores.score[place]), place, column)
            for place in np.flatnonzero(scores.score >= limits.held).tolist()
            if (column := columns.get(int(scores.keys[place]))) is not None
            and (scores.score[place] >= limits.raised or self._holder(int(scores.keys[place])) is not None)
        ]
        for *_, place, column in sorted(loud):
            found = evidence(self.state.detector, scores, place)
            if found is not None:
                self._take(self._heard(found, column, facts))
        for heard in self._groups(scores, group, facts, columns) if group is not None else ():
            self._take(heard)

    def _take(self, heard: Heard) -> None:
        for event in self.book.hear(heard.signal):
            if event.move is Move.RAISED and heard.group:
                mine = {one.signal.series: one.signal.excess for one in heard.group} | dict(event.alert.members)
                place = self.book.alerts.index(event.alert)
                changed = replace(event.alert, members=mine)
                self.book.alerts[place] = changed
                event = replace(event, alert=changed)
            self.told.append((event, heard))

    def _holder(self, series: int) -> Alert | None:
        return next((alert for alert in self.book.alerts if series in alert.members), None)

    def _heard(self, found: Evidence, column: int, facts: Facts) -> Heard:
        limits, spec = self.book.thresholds, self.state.plan.specs[column]
        window = Window(self.state, facts, found)
        signal = Signal(
            series=found.key,
            at=(found.bucket + 1) * BUCKET,
            score=found.score,
            excess=found.excess,
            novelty=found.novelty,
            groups=frozenset({found.key}),
            is_planned=window.is_planned(column, self.planned, self.planned_units, limits.raised),
        )
        if found.score < limits.raised:
            return Heard(signal, found, "", "")
        content = Content() if spec.kind == LEAD else window.content(self.db, column)
        post_id, post, minutes = self._post(column, signal.at) if spec.account_id else (None, "", None)
        around, is_apart = self._around(found)
        signal = replace(
            signal,
            weight=self._weight(spec.account_id),
            negative=content.negative,
            read=content.read,
            topics=content.topics,
            groups=signal.groups | self._kin(window, column, around, is_apart=is_apart),
            is_apart=is_apart,
        )
        words = sentence(found, post, minutes)
        return Heard(signal, found, title(spec.kind, spec.name), words, factor_of(found), post_id)

    def _around(self, found: Evidence) -> tuple[list[Alert], bool]:
        """Open alerts of the groups in which a series is, and whether it is too loud to be a part of any of them.

        What is weak in each brings no good part of what the whole group does.
        """
        groups = self.state.groups.members
        around = [
            alert
            for alert in self.book.alerts
            if -alert.first.series in alert.groups and found.key in groups.get(alert.first.series, ())
        ]
        loud = [found.excess > GOOD_PART * alert.members[alert.first.series] for alert in around]
        return around, bool(around) and all(loud)

    def _kin(self, window: Window, column: int, around: list[Alert], *, is_apart: bool) -> frozenset[int]:
        """Members of open alerts that show the same matter and, as negative numbers, groups with an open alert around it.

        Where accounts are among them these alone: a sum belongs to the account whose excess it is, and not also to whatever else
        another sum over that account was part of hours before.
        """
        plan, series = self.state.plan, int(self.state.plan.keys[column])
        others = [alert for alert in self.book.alerts if not (is_apart and alert in around)]
        if any(series in alert.members for alert in others):
            return frozenset()
        kin = {
            member
            for alert in others
            for member in alert.by_excess()[:SHOWN]
            if (other := plan.column(member)) is not None
            and window.is_one_matter(column, other, is_first=member == alert.first.series)
        }
        accounts = kin & set(plan.keys[plan.is_account].tolist())
        return frozenset(accounts or kin) | (frozenset() if is_apart else {-alert.first.series for alert in around})

    def _post(self, column: int, until: int) -> tuple[int | None, str, int | None]:
        """The account's newest own post up to a moment: id, title or text, and minutes since."""
        row = self.db.execute(
            "SELECT id, CASE WHEN title <> '' THEN title ELSE substr(text, 1, 60) END, published_at FROM posts "
            "WHERE account_id = :account AND published_at < :until AND id <= :upto ORDER BY published_at DESC, id DESC LIMIT 1",
            {"account": self.state.plan.specs[column].account_id, "until": until, "upto": self.state.known.posts},
        ).fetchone()
        return (int(row[0]), str(row[1]), (until - int(row[2])) // 60) if row else (None, "", None)

    def _weight(self, account_id: int | None) -> float:
        """2 for the accounts of a province and those with a million followers: what happens there is seen by everybody."""
        row = self.db.execute(
            "SELECT o.level, coalesce(a.followers, 0) FROM accounts a JOIN organizations o ON o.id = a.organization_id "
            "WHERE a.id = :account",
            {"account": account_id},
        ).fetchone()
        return 2.0 if row and (row[0] == HEAVY_LEVEL or row[1] >= HEAVY_FOLLOWERS) else 1.0

    def _groups(self, scores: Scores, group: GroupScores, facts: Facts, columns: dict[int, int]) -> Iterator[Heard]:
        limits = self.book.thresholds
        for place in np.flatnonzero(group.score > 0).tolist():
            key = int(group.keys[place])
            score = 5 * (float(group.score[place]) / GROUP_RAISED) ** 2
            column, holder = columns.get(key), self._holder(key)
            is_mine = holder is not None and -key in holder.groups
            if column is None or score < (limits.held if is_mine else limits.raised) or (holder is not None and not is_mine):
                continue
            kind = int(group.window[place])
            found = evidence(self.state.detector, scores, column, kind)
            if found is None or (not is_mine and found.seen < GROUP_RATIO * found.expected):
                continue
            found = replace(found, score=score)
            z, _ = deviations(scores, kind)
            members = [columns[series] for series in self.state.groups.members[key].tolist() if series in columns]
            high = [member for member in members if z[member] > ELEVATED]
            high.sort(key=lambda member: float(scores.expected[kind, member] - scores.seen[kind, member]))
            begun = (found.bucket + 1) * BUCKET - found.minutes * 60
            busy = {account for account, end in self.planned.items() if end > begun}
            free = [member for member in high if not busy.intersection(self.state.plan.specs[member].accounts)]
            signal = Signal(
                series=key,
                at=(found.bucket + 1) * BUCKET,
                score=score,
                excess=found.excess,
                novelty=found.novelty,
                groups=frozenset({key, -key}),
                is_planned=len(free) < self.state.groups.least,
            )
            if is_mine:
                yield Heard(signal, found, "", "")
                continue
            window = Window(self.state, facts, found)
            content = window.content(self.db, column)
            signal = replace(signal, negative=content.negative, read=content.read, topics=content.topics)
            specs = self.state.plan.specs
            words = group_sentence(
                len(high), len(members), found.minutes, found.seen, found.expected, [specs[member].name for member in high[:3]]
            )
            yield Heard(
                signal,
                found,
                title(UNIT, specs[column].name, len(high)),
                words,
                factor_of(found),
                group=tuple(self._member(scores, kind, member, facts) for member in high[:SHOWN]),
            )

    def _member(self, scores: Scores, kind: int, column: int, facts: Facts) -> Heard:
        del facts
        found = evidence(self.state.detector, scores, column, kind)
        assert found is not None
        signal = Signal(found.key, (found.bucket + 1) * BUCKET, found.score, max(0.0, found.excess), found.novelty)
        post_id, post, minutes = self._post(column, signal.at)
        return Heard(signal, found, "", sentence(found, post, minutes), factor_of(found), post_id)
