"""Links between pages: each page has its own name in the address for its parts, and what a link asks for is what is shown."""

import ast
from importlib import import_module
from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.sources import ROOT


def links_of(tester: AppTest) -> dict[str, tuple[str, str]]:
    """Page and query of every link to another page, by its label."""
    return {link.proto.label: (link.proto.page, link.proto.query_string) for link in tester.get("page_link")}


def keys_of(path: Path) -> set[str]:
    """The name in the address that `pick_view` is given on a page; constants are looked up where they are defined."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    homes = {name.name: part.module for part in tree.body if isinstance(part, ast.ImportFrom) for name in part.names}
    found = set()
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "pick_view":
            key = next(one.value for one in call.keywords if one.arg == "key")
            if isinstance(key, ast.Attribute) and isinstance(key.value, ast.Name):
                found.add(str(getattr(import_module(f"ui.{key.value.id}"), key.attr)))
            elif isinstance(key, ast.Name):
                home = homes.get(key.id) or f"{path.parent.name}.{path.stem}"
                found.add(str(getattr(import_module(home), key.id)))
            else:
                found.add(str(ast.literal_eval(key)))
    return found


def test_no_two_pages_name_their_parts_alike() -> None:
    """Streamlit drops what a link asks for when the page before has a widget of the same key."""
    pages = sorted([*(ROOT / "pages").rglob("*.py"), *(ROOT / "ui").glob("*.py")])
    keys = [key for path in pages for key in keys_of(path)]
    assert len(keys) == len(set(keys)) == 12
