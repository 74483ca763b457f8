"""From comments to counts: how many came to each series in each bucket, from how many fresh citizens, and what is known."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FRESH = 36
"""Buckets (three hours) in which a citizen who wrote to a series is no fresh one there."""
KNOWN_SHARE = 0.8
"""A sum over accounts is known when accounts that usually carry this much of it are. What is missing then makes it appear smaller
by a fifth at most, and its coming back larger by a quarter at most: below the one and a half times that matter at all."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which columns a key leads to; sorted by key."""

    key: Ints
    column: Ints

    @staticmethod
    def of(key: Ints, column: Ints) -> "Pairs":
        order = np.argsort(key, kind="stable")
        return Pairs(key[order], column[order])

    def expand(self, keys: Ints) -> tuple[Ints, Ints]:
        """(place in `keys`, column) for every column that each key leads to."""
        first, last = np.searchsorted(self.key, keys, "left"), np.searchsorted(self.key, keys, "right")
        number = last - first
        place = np.repeat(np.arange(len(keys)), number)
        within = np.arange(len(place)) - np.repeat(np.cumsum(number) - number, number)
        return place, self.column[np.repeat(first, number) + within]


@dataclass(frozen=True, slots=True)
class Entries:
    """One row for each series that a comment belongs to."""

    place: Ints
    """Of the comment among those that were read."""
    column: Ints
    bucket: Ints
    author: Ints

    @staticmethod
    def joined(parts: "list[Entries]") -> "Entries":
        fields = ("place", "column", "bucket", "author")
        return Entries(*(np.concatenate([getattr(part, name) for part in parts]) for name in fields))


def count(entries: Entries, first: int, buckets: int, size: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Comments and fresh citizens (buckets, series) from bucket `first` on.

    Entries of the FRESH - 1 buckets before `first` say who had written already; they are in no count.
    """
    inside = (entries.bucket >= first) & (entries.bucket < first + buckets)
    cell = (entries.bucket[inside] - first) * size + entries.column[inside]
    counts = np.bincount(cell, minlength=buckets * size).reshape(buckets, size).astype(np.float64)
    start = first - FRESH
    span, authors = FRESH + buckets, int(entries.author.max(initial=0)) + 1
    near = (entries.bucket >= start) & (entries.bucket < first + buckets)
    visits = np.unique((entries.column[near] * authors + entries.author[near]) * span + entries.bucket[near] - start)
    who, when = np.divmod(visits, span)
    is_fresh = np.ones(len(visits), bool)
    is_fresh[1:] = (who[1:] != who[:-1]) | (np.diff(when) >= FRESH)
    judged = is_fresh & (when >= FRESH)
    cell = (when[judged] - FRESH) * size + who[judged] // authors
    citizens = np.bincount(cell, minlength=buckets * size).reshape(buckets, size).astype(np.float64)
    return counts, citizens


def known_sums(known: NDArray[np.bool_], members: Pairs, weights: NDArray[np.float64], size: int) -> NDArray[np.bool_]:
    """Which sums (buckets, columns) are known, from which accounts are (buckets, accounts) and what each usually carries.

    `members` leads from an account to the sums that it belongs to.
    """
    shares = weights[members.key]
    whole = np.bincount(members.column, shares, size)
    there = np.stack([np.bincount(members.column, shares * row[members.key], size) for row in known])
    return (there >= KNOWN_SHARE * whole - 1e-9) & (whole > 0)


def until_known(known_until: Ints, first: int, buckets: int, seconds: int = 300) -> NDArray[np.bool_]:
    """Whether each account was looked at after the end of each bucket (buckets, accounts)."""
    ends = (first + np.arange(buckets) + 1) * seconds
    return ends[:, None] <= known_until[None, :]
