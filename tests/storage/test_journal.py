"""The journal is a chain: whatever another hand does to a line is found."""

import sqlite3
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from storage import journal
from storage.database import create_database, writing
from tests.sources import ROOT, product_files

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
FIELDS = ("actor", "act", "subject", "detail", "outcome", "address", "previous", "digest", "at", "id")


def a_journal(texts: list[str]) -> sqlite3.Connection:
    db = create_database(":memory:")
    for text in texts:
        journal.note(db, at=NOW, actor="li", act="修改", subject=text, detail=text)
    return db


def test_an_untouched_journal_is_whole() -> None:
    db = a_journal(["a", "b|c", '"', "浙"])
    assert journal.verify(db) is None
    assert journal.verify(a_journal([])) is None


def test_a_line_belongs_to_the_change_that_it_tells_of() -> None:
    db = a_journal(["a"])
    try:
        with writing(db):
            journal.note(db, at=NOW, actor="li", act="删除")
            raise RuntimeError("the change failed")
    except RuntimeError:
        pass
    assert journal.count(db) == 1
    assert journal.verify(db) is None


@settings(max_examples=60)
@given(st.lists(TEXTS, min_size=1, max_size=6), st.data())
def test_any_tampering_with_a_line_is_found(texts: list[str], data: st.DataObject) -> None:
    db = a_journal(texts)
    number = data.draw(st.integers(1, len(texts)))
    field = data.draw(st.sampled_from(FIELDS))
    held = db.execute(f"SELECT {field} FROM journal WHERE id = ?", (number,)).fetchone()[0]
    if isinstance(held, int):
        after: int | str = held + data.draw(st.integers(1, 100)) * (1000 if field == "id" else 1)
    else:
        after = data.draw(TEXTS.filter(lambda text: text != held))
    db.execute(f"UPDATE journal SET {field} = ? WHERE id = ?", (after, number))
    found = journal.verify(db)
    assert found is not None
    assert found <= number


@settings(max_examples=30)
@given(st.integers(2, 7), st.data())
def test_a_line_taken_out_put_in_or_moved_is_found(size: int, data: st.DataObject) -> None:
    db = a_journal([str(number) for number in range(size)])
    number = data.draw(st.integers(1, size))
    kind = data.draw(st.sampled_from(["out", "in", "moved", "cut"]))
    columns = "at, actor, act, subject, detail, outcome, address, previous, digest"
    if kind == "out":
        db.execute("DELETE FROM journal WHERE id = ?", (number,))
    elif kind == "in":
        db.execute(f"INSERT INTO journal(id, {columns}) SELECT ?, {columns} FROM journal WHERE id = ?", (size + 1, number))
    elif kind == "cut":
        db.execute("DELETE FROM journal WHERE id >= ?", (number,))
    else:
        other = number % size + 1
        swap = "UPDATE journal SET id = ? WHERE id = ?"
        for after, before in ((-1, number), (number, other), (other, -1)):
            db.execute(swap, (after, before))
    assert journal.verify(db) is not None


def test_nothing_in_the_product_deletes_lines_of_the_journal() -> None:
    texts = {name: (ROOT / name).read_text(encoding="utf-8").lower() for name in product_files() if name.startswith("storage/")}
    assert not [name for name, text in texts.items() if "delete from journal" in text or "update journal" in text]
