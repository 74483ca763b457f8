"""The worker's pass beside reading: leads are read as comments are, and open incidents are looked after."""

import sqlite3
from datetime import datetime

from matrix.appeal import Words
from matrix.feeling import Feeling
from storage import leads
from storage.database import writing
from storage.incident_watch import keep_up
from storage.understanding import Readers

NUMBERS = {Feeling.POSITIVE: 1, Feeling.NEUTRAL: 0, Feeling.NEGATIVE: -1}


def attend(db: sqlite3.Connection, readers: Readers, now: datetime) -> int:
    """Read new leads, then find words, count in comments and give notices; gives how much was done."""
    read = 0
    while found := read_leads(db, readers):
        read += found
    done = keep_up(db, now)
    return read + done.words + done.comments + done.notices


def read_leads(db: sqlite3.Connection, readers: Readers) -> int:
    """Topic and feeling of the next leads; gives how many were read."""
    version = f"{readers.topics_version}/{readers.feelings_version}"
    waiting = leads.unread(db, version)
    if not waiting:
        return 0
    topics = readers.topics([Words(text) for _, text in waiting])
    feelings = readers.feelings([text for _, text in waiting])
    found = [
        (number, topic.first.name, topic.first.part, NUMBERS[feeling.feeling], feeling.is_certain)
        for (number, _), topic, feeling in zip(waiting, topics, feelings, strict=True)
    ]
    with writing(db):
        leads.note_readings(db, version, found)
    return len(found)
