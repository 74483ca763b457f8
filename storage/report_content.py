"""What one version of a report holds, and the form in which the database keeps it."""

import hashlib
import json
import sqlite3
import zlib
from dataclasses import asdict, dataclass
from datetime import datetime

from matrix.report import Brief, Note, ReportKind
from matrix.report_body import Composed, to_json
from storage.moments import to_seconds


@dataclass(frozen=True, slots=True)
class Author:
    """Who does something: his login and his name as it stands on papers; the timetable has no login."""

    login: str
    name: str


def brief_to_text(brief: Brief) -> str:
    """What a report covers, with the paragraphs that a person wrote."""
    return json.dumps(asdict(brief), ensure_ascii=False, sort_keys=True)


def brief_from_text(text: str) -> Brief:
    fields = json.loads(text)
    notes = tuple(Note(**note) for note in fields["notes"])
    return Brief(**fields | {"kind": ReportKind(fields["kind"]), "notes": notes})


def pack(content: str | bytes) -> bytes:
    return zlib.compress(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)


def unpack(content: bytes) -> str:
    return zlib.decompress(content).decode("utf-8", "surrogatepass")


def digest_of(facts: str, word: bytes) -> str:
    """SHA-256 over the content and the Word file of a version, each by its own digest, in hexadecimal digits."""
    parts = (facts.encode("utf-8", "surrogatepass"), word)
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def add_version(
    db: sqlite3.Connection, report_id: int, why: str, composed: Composed, word: bytes, author: Author, now: datetime
) -> int:
    """The next version of a report with its figures as rows; gives its id. Inside `writing()`."""
    facts = to_json(composed)
    row = db.execute(
        "INSERT INTO report_versions(report_id, number, why, brief, facts, content, sha256, figures, made_at, made_by, "
        "made_name) SELECT :report, coalesce(max(v.number), 0) + 1, :why, :brief, :facts, :content, :sha, :figures, :at, :login, "
        ":name FROM report_versions v WHERE v.report_id = :report RETURNING id",
        {
            "report": report_id,
            "why": why,
            "brief": brief_to_text(composed.brief),
            "facts": pack(facts),
            "content": pack(word),
            "sha": digest_of(facts, word),
            "figures": len(composed.figures),
            "at": to_seconds(now),
            "login": author.login,
            "name": author.name,
        },
    ).fetchone()
    db.executemany(
        "INSERT INTO report_figures(version_id, place, mark, key, question, params, cutoff, row_count, value, text, meaning) "
        "VALUES(:version, :place, :mark, :key, :question, :params, :cutoff, :rows, :value, :text, :meaning)",
        [
            {
                "version": row[0],
                "place": place,
                "mark": figure.mark,
                "key": figure.key,
                "question": figure.question,
                "params": json.dumps(dict(figure.params), ensure_ascii=False, sort_keys=True),
                "cutoff": figure.cutoff,
                "rows": figure.rows,
                "value": json.dumps(figure.value, ensure_ascii=False),
                "text": figure.text,
                "meaning": figure.meaning,
            }
            for place, figure in enumerate(composed.figures)
        ],
    )
    return int(row[0])
