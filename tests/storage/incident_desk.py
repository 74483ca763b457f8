"""What tests of incidents begin with: the city in which a bridge gave way, one for each test."""

import sqlite3
from datetime import UTC, datetime, timedelta
from functools import cache

from storage.database import create_database, open_writer
from storage.moments import to_seconds
from tests import sample
from tests.storage import incident_city

NOW = datetime(2026, 3, 5, 6, 0, tzinfo=UTC)
AT = to_seconds(NOW)


@cache
def built() -> tuple[sqlite3.Connection, dict[str, int], dict[str, int]]:
    db = create_database(":memory:")
    ids = sample.fill(db, NOW - timedelta(minutes=5))
    return db, ids, incident_city.fill(db, NOW, ids)


class Place:
    """A city of its own for one test."""

    def __init__(self) -> None:
        first, self.ids, self.made = built()
        self.db = open_writer(":memory:")
        first.backup(self.db)
        self.city, self.county = (self.ids["临江市"],), (self.ids["青山县"],)
        self.id = self.made["county"]
