"""Rows that come where all was thought to be held (an import, a second source): their account is measured anew first."""

import sqlite3
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from storage.series import ACCOUNT, Spec
from storage.surge_facts import BUCKET, Horizon
from storage.surge_plan import Plan

LEAST, SHARE = 30, 0.2
"""Late rows from which on an account is measured anew: so many, and such a part of what it holds of four weeks."""
LATE = "SELECT account_id, published_at FROM comments WHERE id > :before AND id <= :upto AND published_at < :guard"


@dataclass(slots=True)
class Restless:
    """Accounts whose past is still growing. They count as not looked at until it stands still and is learnt anew."""

    looks: dict[int, int] = field(default_factory=dict)
    """Up to when each account was thought to be held, at the last call."""
    late: dict[int, float] = field(default_factory=dict)
    """Late rows by account since the last hour."""
    since: dict[int, int] = field(default_factory=dict)
    """The accounts that are restless, with the bucket in which late rows came last."""

    def take_in(
        self, db: sqlite3.Connection, plan: Plan, weights: NDArray[np.float64], before: Horizon, known: Horizon, closed: int
    ) -> Horizon:
        """What is known, without the accounts that are restless. `weights`: what each account of the plan usually carries."""
        guard = (closed + 1) * BUCKET - 3 * 3600
        values = {"before": before.comments, "upto": known.comments, "guard": guard}
        came: set[int] = set()
        for account, at in db.execute(LATE, values).fetchall():
            if at < self.looks.get(account, 0):
                self.late[account] = self.late.get(account, 0) + 1
                came.add(account)
        usual = dict(zip(plan.accounts.tolist(), weights.tolist(), strict=True))
        for account in came:
            if account in usual and (account in self.since or self.late[account] >= max(LEAST, SHARE * usual[account])):
                self.since[account] = closed
        self.looks = known.looks
        return replace(known, looks=known.looks | dict.fromkeys(self.since, 0)) if self.since else known

    def resume(self, known: Horizon, closed: int) -> None:
        """Take up what the last call knew; how many late rows there were is forgotten, so all sums are learnt anew."""
        self.looks = known.looks
        self.since = {account: closed for account, at in known.looks.items() if at == 0}
        self.late = dict.fromkeys(self.since, np.inf)

    def due(self, closed: int) -> frozenset[int]:
        """The accounts whose past has stood still for a whole bucket."""
        return frozenset(account for account, last in self.since.items() if last < closed - 1)

    def settle(self, accounts: frozenset[int]) -> None:
        """They were learnt anew."""
        for account in accounts:
            self.since.pop(account, None)
            self.late.pop(account, None)

    def end_hour(self) -> None:
        self.late = {account: number for account, number in self.late.items() if account in self.since}

    def concerns(self, spec: Spec, accounts: frozenset[int], usual: dict[int, float]) -> bool:
        """Whether what these accounts brought late changes what is usual in a series."""
        mine = accounts.intersection(spec.accounts)
        if spec.kind == ACCOUNT or not mine:
            return bool(mine)
        return sum(self.late[account] for account in mine) >= SHARE * sum(usual.get(account, 0.0) for account in spec.accounts)
