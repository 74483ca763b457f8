"""What the documents must name, and what no file may name."""

import re
from pathlib import Path

import pytest

from storage.database import create_database
from tests.sources import ROOT, product_files, texts_of


def tables() -> set[str]:
    """The tables of the newest schema, without the engine's and the migrations' own."""
    db = create_database(":memory:")
    found = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    db.close()
    return {name for name in found if not name.startswith(("sqlite_", "_sqlite_"))}


def test_the_glossary_names_every_table() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    assert not {name for name in tables() if f"`{name}`" not in glossary}


def test_the_glossary_names_no_table_that_is_gone() -> None:
    rows = re.findall(r"^\| `(\w+)`", (ROOT / "docs/glossary.md").read_text(encoding="utf-8"), re.M)
    assert rows
    assert set(rows) <= tables()


@pytest.mark.parametrize("document", ["README.md", "docs/manual.md", "CONTRIBUTING.md"])
def test_the_commands_that_documents_name_exist(document: str) -> None:
    words = set(re.findall(r"python3 run\.py ([a-z]+)", (ROOT / document).read_text(encoding="utf-8")))
    there = {Path(name).stem.rstrip("_") for name in product_files() if name.startswith("commands/")}
    assert words
    assert words <= there


def test_the_browser_is_never_sent_to_a_third_party() -> None:
    look = (ROOT / ".streamlit/config.toml").read_text(encoding="utf-8")
    assert not re.search(r"https?://", look)
    loads = r"""(src|href|action)\s*=\s*["']?(https?:)?//|url\(\s*["']?(https?:)?//"""
    addresses = re.compile(loads + r"|@import|\bcdn\.|unpkg|googleapis|jsdelivr|gstatic", re.I)
    shown = [name for name in product_files() if name.startswith(("pages/", "ui/", "charts/", "console.py"))]
    assert not [f"{name}:{line}" for name in shown for line, text in texts_of(name) if addresses.search(text)]


def test_no_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    words = ("/work/" + "main", "/work/" + "shared", "../" + "shared", "/home/" + "user", "/ro" + "ot/", "/tmp/" + "w/")
    texts = (".py", ".md", ".toml", ".txt", ".sh", ".yaml", ".yml", ".service", ".conf", ".json", ".csv")
    folders = (
        "docs",
        "deploy",
        ".ci",
        ".streamlit",
        "tests",
        *sorted({name.split("/")[0] for name in product_files() if "/" in name}),
    )
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in texts or path.name == "run"]
    files += [path for path in ROOT.iterdir() if path.suffix in texts]
    assert not [path for path in files if path.is_file() and any(word in path.read_text("utf-8", "replace") for word in words)]
