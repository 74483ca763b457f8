"""What the chart of an alert shows: comments seen and expected, bucket by bucket."""

import sqlite3

import numpy as np

from matrix.alert import Book
from matrix.surge import Detector
from matrix.surge_tail import usual_bound
from storage.alert_notices import key_of

SHOWN = 12
"""Members whose counts are kept for the chart, the loudest first."""


def save(db: sqlite3.Connection, book: Book, detector: Detector) -> None:
    """What the charts of open alerts show: the last three hours of their members as they are known now. Inside `writing()`."""
    if detector.bucket is None:
        return
    windows = detector.windows
    column_of = {int(key): column for column, key in enumerate(detector.keys)}
    order, first = windows.order(detector.bucket), detector.bucket - windows.length + 1
    doubt = detector.level.doubt()
    for alert in book.alerts:
        number = db.execute("SELECT id FROM alerts WHERE key = :key", {"key": key_of(alert)}).fetchone()[0]
        for series in alert.by_excess()[:SHOWN]:
            column = column_of.get(series)
            if column is None:
                continue
            counts, seen, expected = (part[order, column] for part in (windows.counts, windows.is_seen, windows.expected))
            spread = windows.variance[order, column] / np.maximum(expected, 1e-3) ** 2
            most = usual_bound(expected, windows.dispersion[0, column] + spread + doubt[column])
            db.executemany(
                "INSERT INTO alert_counts(alert_id, series_id, b5, seen, expected, most) "
                "VALUES(:alert, :series, :b5, :seen, :expected, :most) ON CONFLICT(alert_id, series_id, b5) DO UPDATE SET "
                "seen = excluded.seen, expected = excluded.expected, most = excluded.most "
                "WHERE alert_counts.seen IS DISTINCT FROM excluded.seen",
                [
                    {
                        "alert": number,
                        "series": series,
                        "b5": first + place,
                        "seen": float(counts[place]) if seen[place] else None,
                        "expected": float(expected[place]),
                        "most": float(most[place]),
                    }
                    for place in range(windows.length)
                ],
            )
