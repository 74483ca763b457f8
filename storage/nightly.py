"""What is dropped after each midnight, because it is only kept for a while."""

import sqlite3
from datetime import datetime, timedelta

from storage import budgets, requests, rollups, surge_kept
from storage.database import tidy, writing
from storage.moments import to_seconds


def clean_up(db: sqlite3.Connection, now: datetime) -> None:
    """Drop it, refresh the planner's statistics, empty the log."""
    with writing(db):
        rollups.forget_old_buckets(db, to_seconds(now))
        budgets.forget_old(db, now - timedelta(days=60))
        requests.forget_contents(db, now - timedelta(days=1))
        surge_kept.forget(db, to_seconds(now))
    tidy(db)
