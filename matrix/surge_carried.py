"""What the posts of many accounts bring to a sum over them: the bumps of the accounts, as far as they belong to the sum."""

import numpy as np
from numpy.typing import NDArray

from matrix.surge_tail import Floats


class Carried:
    """Which series are sums over which others. A sum has no posts and no bump of its own.

    Of what comes to an account on top of its usual, a sum holds as much as it holds of the usual (of all comments of the
    account, or of those about one topic). So a sum is surprised by nothing that its accounts expect, however small the account
    is whose post draws hundreds, and has no doubt but theirs. How much of one post's comments is about the topic varies from
    post to post: by `spread` of the variance of a share between nothing and all.
    """

    def __init__(self, spread: float) -> None:
        self.spread = spread
        self.sums = self.members = np.zeros(0, np.int64)
        """Keys, one pair for each account of each sum."""
        self._keys = np.zeros(0, np.int64)
        self._sum = self._member = np.zeros(0, np.intp)

    def carry(self, sums: NDArray[np.int64], members: NDArray[np.int64]) -> None:
        """Other pairs from now on."""
        order = np.argsort(sums, kind="stable")
        self.sums, self.members, self._keys = sums[order], members[order], np.zeros(0, np.int64)

    def bind(self, keys: NDArray[np.int64]) -> None:
        """Find the columns of series in this order; who is none of them carries nothing."""
        if np.array_equal(keys, self._keys):
            return
        self._sum = self._member = np.zeros(0, np.intp)
        self._keys, order, last = keys.copy(), np.argsort(keys), len(keys) - 1
        if last < 0:
            return
        at, whose = (np.minimum(np.searchsorted(keys[order], wanted), last) for wanted in (self.sums, self.members))
        there = (keys[order[at]] == self.sums) & (keys[order[whose]] == self.members)
        column, member = order[at[there]], order[whose[there]]
        by_column = np.argsort(column, kind="stable")
        self._sum, self._member = column[by_column], member[by_column]

    def among(self, columns: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of these columns that are sums."""
        return columns[np.isin(columns, self._sum)]

    def fill(self, mean: Floats, variance: Floats, level: Floats, only: NDArray[np.intp] | None = None) -> None:
        """Write the bumps of sums (of `only` these columns) from those of their accounts, (…, series), in place."""
        sums, members = self._sum, self._member
        if only is not None and len(sums):
            some = np.isin(sums, only)
            sums, members = sums[some], members[some]
        if not len(sums):
            return
        first = np.flatnonzero(np.diff(sums, prepend=-1))
        column = sums[first]
        share = np.minimum(level[column] / np.maximum(np.add.reduceat(level[members], first), 1e-9), 1)
        each = mean[..., members]
        split = self.spread * share * (1 - share) * np.add.reduceat(each * each, first, -1)
        mean[..., column] = share * np.add.reduceat(each, first, -1)
        variance[..., column] = share**2 * np.add.reduceat(variance[..., members], first, -1) + split
