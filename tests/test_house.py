"""The rules of the house: who may import whom, what a page may be, what files are called."""

import ast
import re
import sys
from pathlib import Path

from tests.sources import (
    ROOT,
    calls_of,
    imports_of,
    nodes_of,
    page_files,
    product_files,
    python_files,
    room_of,
    texts_of,
    tree_of,
)

EVERYTHING = {
    "matrix",
    "storage",
    "collectors",
    "reading",
    "notifiers",
    "reports",
    "charts",
    "ui",
    "simulator",
    "bench",
    "settings",
}
MAY_IMPORT = {
    "knobs": set(),
    "settings": {"knobs"},
    "run": set(),
    "matrix": set(),
    "storage": {"matrix"},
    "collectors": {"matrix", "settings"},
    "reading": {"matrix"},
    "notifiers": {"matrix", "storage", "settings"},
    "reports": {"matrix", "storage", "charts"},
    "charts": {"matrix"},
    "ui": {"matrix", "storage", "settings"},
    "pages": {"matrix", "storage", "charts", "reports", "ui"},
    "simulator": set(),
    "console": {"matrix", "storage", "ui", "settings"},
    "worker": EVERYTHING - {"ui", "charts", "simulator", "bench"},
    "commands": EVERYTHING | {"worker", "console"},
    "bench": EVERYTHING | {"worker", "commands"},
}
"""The table of the architecture; a room may always import itself."""

JOINS = "collectors/collect"
"""`collect.py`, `collect_files.py` and `collect_requests.py` join what was fetched to what is remembered: they know storage."""

READS_FOREIGN_DATABASES = "collectors/files/databases.py"
"""Some export tools write SQLite files; only their reader may ask one, and never ours."""

ONLY_IN = {
    "streamlit": ("console.py", "pages/", "ui/", "bench/console_people.py"),  # a measurement speaks the browser's protocol
    "plotly": ("charts/",),
    "schedule": ("worker.py",),
    "sqlite_utils": ("storage/",),
    "requests": ("collectors/", "notifiers/"),
    "http.client": ("collectors/", "notifiers/"),
    "urllib.request": ("collectors/", "notifiers/", "commands/demo.py"),  # the demo asks its own programs whether they live
    "httpx": (),
    "aiohttp": (),
    "wechatpy": (),
}
"""Where a library may be named; tests may name them all."""

FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "service", "base", "util", "helper", "misc"}
SQL = re.compile(
    r"^\s*(select\s.+\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|create\s+(table|index)\s|pragma\s)",
    re.I | re.S,
)


def test_every_room_imports_only_what_the_table_allows() -> None:
    ours = set(MAY_IMPORT) | {"tests"}
    broken = []
    for name in product_files():
        allowed = MAY_IMPORT[room_of(name)] | {room_of(name)} | ({"storage"} if name.startswith(JOINS) else set())
        broken += [f"{name} imports {module}" for module in imports_of(name) if module.split(".")[0] in ours - allowed]
    assert not broken


def test_every_room_is_in_the_table() -> None:
    assert {room_of(name) for name in product_files()} <= set(MAY_IMPORT)


def test_the_files_that_need_nothing_installed_import_only_python() -> None:
    for name in ("run.py", "knobs.py", "settings.py"):
        assert {module.split(".")[0] for module in imports_of(name)} <= sys.stdlib_module_names | {"knobs"}


def test_each_library_is_named_only_where_it_belongs() -> None:
    broken = []
    for name in product_files():
        for module in imports_of(name):
            for library, places in ONLY_IN.items():
                if (module == library or module.startswith(f"{library}.")) and not name.startswith(places):
                    broken.append(f"{name} imports {module}")
    assert not broken


def test_sql_is_written_in_storage_only() -> None:
    elsewhere = [name for name in product_files() if not name.startswith(("storage/", "bench/", READS_FOREIGN_DATABASES))]
    broken = [f"{name}:{line}" for name in elsewhere for line, text in texts_of(name) if SQL.match(text)]
    broken += [
        f"{name}:{line}"
        for name in elsewhere
        for line, called in calls_of(name)
        if called in ("execute", "executemany", "executescript")
    ]
    assert not broken


def test_what_only_sqlite_reads_has_one_place() -> None:
    special = re.compile(r"\bPRAGMA\b|WITHOUT ROWID|json_extract|->>|\bINSERT OR (REPLACE|IGNORE)\b|\bGLOB\b", re.I)
    named = {
        name for name in product_files() if name.startswith("storage/") for _, text in texts_of(name) if special.search(text)
    }
    assert named <= {"storage/database.py"} | {name for name in named if name.startswith("storage/search")}


def test_no_python_file_is_too_long() -> None:
    lengths = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in python_files()}
    assert not {name: length for name, length in lengths.items() if length > 250}
    assert not {name: length for name, length in lengths.items() if name.startswith("pages/") and length > 60}


def test_no_page_lies_directly_in_pages_where_it_would_run_without_the_gate() -> None:
    assert [name for name in page_files() if name.count("/") != 2] == []


def test_page_names_are_unique_because_they_are_addresses() -> None:
    stems = [Path(name).stem for name in page_files()]
    assert len(stems) == len(set(stems))


def test_a_page_is_a_paragraph() -> None:
    broken = []
    for name in page_files():
        for node in nodes_of(name):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
                broken.append(f"{name}:{node.lineno} defines something")
        broken += [f"{name} imports another page" for module in imports_of(name) if module.split(".")[0] == "pages"]
        broken += [
            f"{name}:{line} calls {called}"
            for line, called in calls_of(name)
            if called.startswith("cache") or called in ("html", "iframe")
        ]
        broken += [
            f"{name}:{line} holds HTML or CSS"
            for line, text in texts_of(name)
            if re.search(r"</?[a-z]+[^>]*>|[{;]\s*[a-z-]+\s*:", text)
        ]
    assert not broken


def test_nothing_but_a_dialog_of_ui_asks_for_raw_html() -> None:
    assert [name for name in product_files() if "unsafe_allow_html" in (ROOT / name).read_text(encoding="utf-8")] == []


def test_modules_are_called_after_nouns_and_never_like_pythons_own() -> None:
    stems = {name: Path(name).stem for name in product_files() if not Path(name).stem.startswith("__")}
    folders = {part for name in product_files() for part in name.split("/")[:-1]}
    assert not {name: stem for name, stem in stems.items() if stem in FORBIDDEN_NAMES | set(sys.stdlib_module_names)}
    assert not folders & (FORBIDDEN_NAMES | set(sys.stdlib_module_names))


def test_every_module_says_in_its_first_line_what_it_is_for() -> None:
    silent = []
    for name in python_files():
        text = (ROOT / name).read_text(encoding="utf-8")
        words = re.match(r'"""(.*?)(?:\n\n|""")', text, re.S)
        if words is None or not words[1].rstrip().endswith((".", "?")):
            silent.append(name)
    assert not silent


def test_every_word_of_run_py_has_its_one_chinese_line() -> None:
    words = [name for name in product_files() if name.startswith("commands/") and "__" not in name]
    for name in words:
        values = [
            ast.literal_eval(node.value)
            for node in tree_of(name).body
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ABOUT"
        ]
        assert len(values) == 1, f"{name} needs ABOUT"
        assert re.search(r"[\u4e00-\u9fff]", values[0])
        assert "\n" not in values[0]
        assert "main" in {node.name for node in tree_of(name).body if isinstance(node, ast.FunctionDef)}, name
