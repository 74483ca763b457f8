"""Clusters of rows: each joins the cluster it is most like on average, then clusters that are like one another are joined."""

from collections.abc import Sequence

import numpy as np

from reading.issue_rows import Rows

JOIN = 0.15
"""Mean cosine to the members from which on a text joins."""
MERGE = 0.3
"""Cosine of centroids from which on two clusters are one; both numbers chosen on labelled events."""
SHOWN = 40
"""So many members stand for a cluster when others are compared with it: a great one does not grow slow."""
_ROUNDS = 8


class Stream:
    """Clusters that grow row by row. `cluster_of[row]` is -1 until the row was added."""

    def __init__(self, held: Rows) -> None:
        self._held = held
        many = np.bincount(held.columns, minlength=held.width)
        self._begin = np.cumsum(many) - many
        self._end = self._begin.copy()
        self._posted = np.zeros(len(held.columns), dtype=np.int64)
        self._weights = np.zeros(len(held.columns))
        self.cluster_of = np.full(len(held.ends), -1)
        self._shown = np.zeros(len(held.ends), dtype=np.int64)
        self.many = 0

    def open(self) -> int:
        """A new, empty cluster."""
        self.many += 1
        return self.many - 1

    def add(self, row: int, cluster: int) -> None:
        """Put a row into a cluster; the first members stand for it."""
        self.cluster_of[row] = cluster
        if self._shown[cluster] >= SHOWN:
            return
        self._shown[cluster] += 1
        columns, values = self._held.row(row)
        at = self._end[columns]
        self._posted[at] = cluster
        self._weights[at] = values
        self._end[columns] += 1

    def nearest(self, row: int) -> tuple[int, float]:
        """The cluster with the greatest mean cosine to a row, the oldest of equal ones; (-1, 0) when none shares a column."""
        columns, values = self._held.row(row)
        begins = self._begin[columns]
        sizes = self._end[columns] - begins
        total = int(sizes.sum())
        if not total:
            return -1, 0.0
        cells = np.repeat(begins - (np.cumsum(sizes) - sizes), sizes) + np.arange(total)
        summed = np.bincount(self._posted[cells], weights=self._weights[cells] * np.repeat(values, sizes))
        mean = np.round(summed / np.maximum(self._shown[: len(summed)], 1), 9)
        best = int(mean.argmax())
        return best, float(mean[best])


def grow(held: Rows, order: Sequence[int], before: Sequence[int], many: int) -> np.ndarray:
    """The cluster of every row of `order`, -1 for others; `before` is the cluster a row is already in, or -1.

    Rows that are in a cluster go first, the others follow in their order; new clusters get numbers from `many` on.
    """
    stream = Stream(held)
    stream.many = many
    for row in order:
        if before[row] >= 0:
            stream.add(row, before[row])
    for row in order:
        if before[row] < 0:
            cluster, likeness = stream.nearest(row)
            stream.add(row, cluster if likeness >= JOIN else stream.open())
    return stream.cluster_of


def merge(held: Rows, cluster_of: np.ndarray, many: int) -> dict[int, int]:
    """Which of so many clusters go into which: those most alike first, the greater number into the smaller."""
    if not many:
        return {}
    into = np.arange(many)
    number = held.numbers()
    fresh: set[int] | None = None
    for _ in range(_ROUNDS):
        now = np.where(cluster_of >= 0, into[cluster_of], -1)
        pairs = _like_pairs(held, number, now, fresh)
        used: set[int] = set()
        fresh = set()
        for _, a, b in pairs:
            if a in used or b in used:
                continue
            used |= {a, b}
            into[into == b] = a
            fresh.add(a)
        if not fresh:
            break
    return {cluster: int(into[cluster]) for cluster in range(many) if into[cluster] != cluster}


def _like_pairs(held: Rows, number: np.ndarray, now: np.ndarray, fresh: set[int] | None) -> list[tuple[float, int, int]]:
    """(minus likeness, cluster, cluster) of centroids that are alike, most alike first; of `fresh` ones with any, when given."""
    kept = now[number] >= 0
    cells, place = np.unique(now[number[kept]] * held.width + held.columns[kept], return_inverse=True)
    values = np.bincount(place, weights=held.values[kept])
    clusters, columns = cells // max(1, held.width), cells % max(1, held.width)
    length = np.sqrt(np.bincount(clusters, weights=values**2))
    values = values / length[clusters]
    order = np.argsort(columns, kind="stable")
    by_column, weights = clusters[order], values[order]
    ends = np.cumsum(np.bincount(columns, minlength=held.width))
    begins = np.append(0, ends[:-1])
    edges = np.append(np.flatnonzero(np.diff(clusters, prepend=-1)), len(clusters))
    found = []
    for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        cluster = int(clusters[begin])
        if fresh is not None and cluster not in fresh:
            continue
        some = columns[begin:end]
        sizes = ends[some] - begins[some]
        at = np.repeat(begins[some] - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))
        alike = np.bincount(by_column[at], weights=weights[at] * np.repeat(values[begin:end], sizes))
        alike[cluster] = 0
        found += [
            (-round(float(alike[other]), 9), min(cluster, other), max(cluster, other))
            for other in np.flatnonzero(alike >= MERGE).tolist()
        ]
    return sorted(set(found))
