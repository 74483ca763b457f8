"""What the watch counts, as arrays: which accounts and topics lead to which series, and who carries which sum."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from matrix.surge_counts import Ints, Pairs
from storage.series import ACCOUNT, LEAD, NEGATIVE, PLATFORM, READ_KINDS, TOPIC, UNIT, WATCH, Spec

LEAST_GROUP = 20
"""Accounts from which on a unit is watched as a group too: of eight or ten, five stand somewhat higher every other day."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The series in the order of their columns with everything that is looked up while counting."""

    specs: tuple[Spec, ...]
    keys: Ints
    """Ids of the series."""
    accounts: Ints
    """Ids of the accounts, ascending; a place in it is what `Pairs` call an account."""
    topics: tuple[str, ...]
    every: Pairs
    """From an account to the series in which all its comments count."""
    topical: Pairs
    """From topic x accounts + account to the series of the topic."""
    negative: Pairs
    hits: Pairs
    """From a watch to its series."""
    leads: Pairs
    """From a unit to the series of leads above it (filled with the tree when leads are read)."""
    members: Pairs
    """From an account to every sum that it carries."""
    own: Ints
    """Column of the series of each account."""
    is_read: NDArray[np.bool_]
    """Whether the series counts only what was read."""
    is_account: NDArray[np.bool_]

    @property
    def size(self) -> int:
        return len(self.specs)

    def column(self, series_id: int) -> int | None:
        found = np.flatnonzero(self.keys == series_id)
        return int(found[0]) if len(found) else None

    def groups(self) -> dict[int, list[int]]:
        """The series of accounts in each unit that is watched as a group, by the id of the unit's series."""
        own = zip(self.accounts.tolist(), self.own.tolist(), strict=True)
        series = {account: int(self.keys[column]) for account, column in own if column >= 0}
        return {
            int(key): [series[account] for account in spec.accounts if account in series]
            for spec, key in zip(self.specs, self.keys, strict=True)
            if spec.kind == UNIT and len(spec.accounts) >= LEAST_GROUP
        }

    def carried(self) -> tuple[Ints, Ints]:
        """(sum, account) as ids of series, one pair for each account of each sum."""
        column, own = self.members.column, self.own[self.members.key]
        some = ~self.is_account[column] & (own >= 0)
        return self.keys[column[some]], self.keys[own[some]]

    def only(self, columns: Sequence[int]) -> "Plan":
        """The plan of some of its series, with the accounts that they need."""
        return make([self.specs[column] for column in columns], {self.specs[c].key: int(self.keys[c]) for c in columns})


def make(specs: Sequence[Spec], ids: Mapping[str, int]) -> Plan:
    """The arrays of these series; `ids` by key."""
    accounts = np.array(sorted({account for spec in specs for account in spec.accounts}), np.int64)
    place = {int(account): number for number, account in enumerate(accounts)}
    topics = tuple(sorted({spec.topic for spec in specs if spec.kind == TOPIC}))
    lines: dict[str, list[tuple[int, int]]] = {kind: [] for kind in ("every", "topic", "negative", "watch", "lead", "members")}
    own = np.full(len(accounts), -1, np.int64)
    for column, spec in enumerate(specs):
        mine = [place[account] for account in spec.accounts]
        lines["members"] += [(account, column) for account in mine]
        if spec.kind in (ACCOUNT, UNIT, PLATFORM):
            lines["every"] += [(account, column) for account in mine]
        elif spec.kind == TOPIC:
            shift = topics.index(spec.topic) * len(accounts)
            lines["topic"] += [(shift + account, column) for account in mine]
        elif spec.kind == NEGATIVE:
            lines["negative"] += [(account, column) for account in mine]
        elif spec.kind == WATCH and spec.watch_id is not None:
            lines["watch"].append((spec.watch_id, column))
        elif spec.kind == LEAD:
            lines["lead"].append((spec.organization_id, column))
        if spec.kind == ACCOUNT:
            own[mine] = column
    pairs = {name: pairs_of(rows) for name, rows in lines.items()}
    return Plan(
        specs=tuple(specs),
        keys=np.array([ids[spec.key] for spec in specs], np.int64),
        accounts=accounts,
        topics=topics,
        every=pairs["every"],
        topical=pairs["topic"],
        negative=pairs["negative"],
        hits=pairs["watch"],
        leads=pairs["lead"],
        members=pairs["members"],
        own=own,
        is_read=np.array([spec.kind in READ_KINDS for spec in specs], bool),
        is_account=np.array([spec.kind == ACCOUNT for spec in specs], bool),
    )


def pairs_of(rows: Sequence[tuple[int, int]]) -> Pairs:
    table = np.array(rows, np.int64).reshape(-1, 2)
    return Pairs.of(table[:, 0], table[:, 1])


def to_text(plan: Plan) -> str:
    """The plan as it is kept in a snapshot; members of a sum are written once."""
    sums: dict[tuple[int, ...], int] = {}
    rows = []
    for spec, key in zip(plan.specs, plan.keys.tolist(), strict=True):
        number = sums.setdefault(spec.accounts, len(sums))
        rows.append([key, asdict(spec) | {"accounts": number}])
    return json.dumps({"sums": [list(some) for some in sums], "series": rows}, ensure_ascii=False)


def from_text(text: str) -> Plan:
    told = json.loads(text)
    sums = [tuple(some) for some in told["sums"]]
    specs = [Spec(**(row | {"accounts": sums[row["accounts"]]})) for _, row in told["series"]]
    return make(specs, {spec.key: key for spec, (key, _) in zip(specs, told["series"], strict=True)})
