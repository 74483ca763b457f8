"""Opens the console as one person or as a stranger, without a browser: Streamlit's own tester runs the whole frame."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit.components.v2.manifest_scanner
import streamlit.runtime.context
from streamlit.testing.v1 import AppTest

import settings as site
from tests import serving
from tests.sources import ROOT
from ui.credentials import cookie_name

Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two databases with the same people: one empty, one filled."""
    return {name: serving.make_world(tmp_path_factory.mktemp(name), name == "sample") for name in ("empty", "sample")}


@pytest.fixture
def look(worlds: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> Open:
    """`look(world, login, page)` runs a page as this person; an empty login is a stranger."""

    def run(world: str, login: str, page: str = "", token: str = "", **query: str) -> AppTest:
        monkeypatch.setenv("MATRIX_DATABASE_PATH", str(worlds[world]))
        monkeypatch.setenv("MATRIX_DATABASE_KEY_FILE", str(worlds[world].with_name("key.json")))
        token = token or (serving.open_session(worlds[world], login) if login else "")
        cookies = {cookie_name(site.load()): token} if token else {}
        # No component is installed here; looking for them in every package takes longer than the page.
        monkeypatch.setattr(streamlit.components.v2.manifest_scanner, "scan_component_manifests", list)
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
