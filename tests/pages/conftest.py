"""Opens the console as one person or as a stranger, without a browser: Streamlit's own tester runs the whole frame."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit.runtime.context
from streamlit.testing.v1 import AppTest

import settings as site
from storage import people, sessions
from storage.database import create_database, open_writer, writing
from tests import sample
from tests.sources import ROOT
from ui.credentials import cookie_name

Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two databases with the same people: one empty, one filled."""
    now = datetime.now(UTC)
    made = {}
    for name in ("empty", "sample"):
        made[name] = tmp_path_factory.mktemp(name) / "m.db"
        with closing(create_database(made[name])) as db:
            sample.add_people(db, now, sample.fill(db, now) if name == "sample" else {})
    return made


def sign_in(path: Path, login: str) -> str:
    with closing(open_writer(path)) as db, writing(db):
        person = people.find(db, login)
        assert person is not None
        return sessions.begin(db, person.id, datetime.now(UTC), "127.0.0.1")


@pytest.fixture
def look(worlds: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """`look(world, login, page)` runs a page as this person; an empty login is a stranger."""

    def run(world: str, login: str, page: str = "", token: str = "", **query: str) -> AppTest:
        monkeypatch.setenv("MATRIX_DATABASE_PATH", str(worlds[world]))
        monkeypatch.setenv("MATRIX_DATABASE_KEY_FILE", str(worlds[world].with_name("key.json")))
        token = token or (sign_in(worlds[world], login) if login else "")
        cookies = {cookie_name(site.load()): token} if token else {}
        # The tester has no browser; this is what Streamlit would know of one.
        client = SimpleNamespace(cookies=cookies, headers=[], remote_ip="127.0.0.1")
        monkeypatch.setattr(streamlit.runtime.context, "_get_client_context", lambda: client)
        tester = AppTest.from_file(str(ROOT / "console.py"), default_timeout=20)
        for name, value in query.items():
            tester.query_params[name] = value
        if page:
            tester.switch_page(page)
        return tester.run()

    return run


def words_of(tester: AppTest) -> str:
    """Everything that is written on the page, rows of tables included."""
    parts = []
    for kind in ("header", "subheader", "markdown", "caption", "text", "info", "warning", "error", "success", "html"):
        parts += [str(element.value if hasattr(element, "value") else element.proto.body) for element in tester.get(kind)]
    parts += [frame.value.to_csv() for frame in tester.dataframe]
    return "\n".join(parts)
