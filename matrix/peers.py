"""Comparison among peers: who is ranked with whom, and who is not ranked and why."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matrix.waiting import FLOOR

COVERAGE_FLOOR = 0.5
"""采集完整度 below this hides more of the threads than it shows: figures are printed, a rank is not."""

FEW, THIN, PERSON, ALONE = "样本不足", "完整度不足", "不参与排名", "同级仅此一家"


def ranked(
    peers: Sequence[str],
    rate: NDArray[np.float64],
    of: NDArray[np.int64],
    is_person: NDArray[np.bool_],
    coverage: NDArray[np.float64],
    floor: int = FLOOR,
) -> tuple[NDArray[np.float64], NDArray[np.int64], list[str]]:
    """(rank, how many were ranked together, why there is no rank: '' where there is one) of each row.

    `peers` names whom a row is compared with: those of the same level, and of the same platform where the caller says so.
    `rate` is the share that is compared, `of` its number of cases, `coverage` 采集完整度 from 0 to 1, NaN where no platform
    states a number. Rank 1 has the highest rate; equal rates share a rank and the next one is skipped. What belongs to a
    person is never ranked, nor whoever has fewer than `floor` cases, too little coverage, or no peer.
    """
    size = len(peers)
    standing = [""] * size
    for row in range(size):
        if is_person[row]:
            standing[row] = PERSON
        elif of[row] < floor or np.isnan(rate[row]):
            standing[row] = FEW
        elif coverage[row] < COVERAGE_FLOOR:
            standing[row] = THIN
    rank, among = np.full(size, np.nan), np.zeros(size, dtype=np.int64)
    rows_of: dict[str, list[int]] = {}
    for row, name in enumerate(peers):
        if not standing[row]:
            rows_of.setdefault(name, []).append(row)
    for rows in rows_of.values():
        if len(rows) == 1:
            standing[rows[0]] = ALONE
            continue
        rates = np.sort(-rate[rows])
        rank[rows] = np.searchsorted(rates, -rate[rows], side="left") + 1
        among[rows] = len(rows)
    return rank, among, standing
