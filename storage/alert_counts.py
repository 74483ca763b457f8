"""What the chart of an alert shows: comments seen and expected, bucket by bucket."""

import sqlite3

import numpy as np
from numpy.typing import NDArray

from matrix.alert import Book
from matrix.surge import Detector
from matrix.surge_tail import usual_bound
from storage.alert_notices import key_of

SHOWN = 12
"""Members whose counts are kept for the chart, the loudest first."""
UNKNOWN = -1.0
"""Of what is not written yet."""


HELD = "SELECT series_id, b5, seen FROM alert_counts WHERE alert_id = :alert AND b5 >= :first"
PUT = (
    "INSERT INTO alert_counts(alert_id, series_id, b5, seen, expected, most) "
    "VALUES(:alert, :series, :b5, :seen, :expected, :most) ON CONFLICT(alert_id, series_id, b5) DO UPDATE SET "
    "seen = excluded.seen, expected = excluded.expected, most = excluded.most"
)


def save(db: sqlite3.Connection, book: Book, detector: Detector) -> None:
    """What the charts of open alerts show: the last three hours of their members as they are known now. Inside `writing()`.

    What stands there with the same count stays as it was written.
    """
    if detector.bucket is None:
        return
    windows = detector.windows
    column_of = {int(key): column for column, key in enumerate(detector.keys)}
    order, first = windows.order(detector.bucket), detector.bucket - windows.length + 1
    for alert in book.alerts:
        number = db.execute("SELECT id FROM alerts WHERE key = :key", {"key": key_of(alert)}).fetchone()[0]
        held = {(row[0], row[1]): row[2] for row in db.execute(HELD, {"alert": number, "first": first}).fetchall()}
        rows = [
            {"alert": number, "series": series, "b5": first + place, "seen": count, "place": (int(order[place]), column)}
            for series in alert.by_excess()[:SHOWN]
            if (column := column_of.get(series)) is not None
            for place, count in enumerate(counts_of(detector, order, column))
            if held.get((series, first + place), UNKNOWN) != count
        ]
        if rows:
            cells = tuple(np.array([row.pop("place") for row in rows], np.int64).T)
            expected = windows.expected[cells]
            spread = windows.variance[cells] / np.maximum(expected, 1e-3) ** 2
            most = usual_bound(expected, windows.dispersion[0, cells[1]] + spread + detector.level.doubt()[cells[1]])
            told = [
                row | {"expected": mean, "most": float(high)}
                for row, mean, high in zip(rows, expected.tolist(), most.tolist(), strict=True)
            ]
            db.executemany(PUT, told)


def counts_of(detector: Detector, order: NDArray[np.int64], column: int) -> list[float | None]:
    """Comments of one series in the last three hours, None where they are not known."""
    counts, seen = detector.windows.counts[order, column], detector.windows.is_seen[order, column]
    return [float(count) if is_known else None for count, is_known in zip(counts, seen, strict=True)]
