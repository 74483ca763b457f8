"""How old a shared answer may be, and who sees his own change at once."""

from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from storage.batches import bump_version
from storage.database import create_database, open_writer, writing

PAGE = """
import os
from pathlib import Path
import streamlit as st
from storage.idle import reading
from ui import freshness

freshness.begin()
path = Path(os.environ["MATRIX_DATABASE_PATH"])
login = st.text_input("登录名", "zhiban")
if st.button("办理"):
    freshness.note_act(login)
if st.checkbox("矩阵"):
    freshness.stand_still()
with reading(path) as db:
    st.text(freshness.version_for(db, freshness.file_of(path), login))
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "m.db"
    create_database(made).close()
    monkeypatch.setenv("MATRIX_DATABASE_PATH", str(made))
    monkeypatch.setenv("MATRIX_CONSOLE_FRESH_SECONDS", "120")
    monkeypatch.setattr("ui.freshness.time.monotonic", lambda: 1000.0)
    monkeypatch.setattr("ui.freshness._acted", {})
    return made


def renew(path: Path) -> None:
    with closing(open_writer(path)) as db, writing(db):
        bump_version(db)


def told(tester: AppTest) -> str:
    assert not tester.exception
    return str(tester.text[0].value)


def test_what_was_collected_since_shows_after_a_while_and_to_whoever_acted_at_once(path: Path) -> None:
    reader, clerk = (AppTest.from_string(PAGE).run() for _ in range(2))
    before = told(reader)
    renew(path)
    assert told(reader.run()) == told(clerk.run()) == before
    clerk.text_input[0].input("wangfang").run()
    assert told(clerk.button[0].click().run()) != before
    assert told(AppTest.from_string(PAGE).run().text_input[0].input("wangfang").run()) != before
    assert told(reader.run()) == before


def test_figures_of_the_matrix_stand_still_longer(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = AppTest.from_string(PAGE).run()
    reader.checkbox[0].check().run()
    before = told(reader)
    renew(path)
    monkeypatch.setattr("ui.freshness.time.monotonic", lambda: 1130.0)
    assert told(reader.run()) == before
    assert told(reader.checkbox[0].uncheck().run()) != before


def test_nought_seconds_ask_for_the_state_each_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATRIX_CONSOLE_FRESH_SECONDS", "0")
    reader = AppTest.from_string(PAGE).run()
    before = told(reader)
    renew(path)
    assert told(reader.run()) != before
