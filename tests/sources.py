"""What the tests of the house ask about the project's own files."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@cache
def python_files() -> tuple[str, ...]:
    """Every Python file of the project, as paths from its root."""
    rooms = [
        path for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".") and path.name not in ("var", "wheels")
    ]
    found = [*ROOT.glob("*.py"), *(path for room in rooms for path in room.rglob("*.py"))]
    return tuple(sorted(path.relative_to(ROOT).as_posix() for path in found))


@cache
def tree_of(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


@cache
def nodes_of(name: str) -> tuple[ast.AST, ...]:
    """Every node of a file; walking a tree costs more than what is then looked for."""
    return tuple(ast.walk(tree_of(name)))


def product_files() -> list[str]:
    return [name for name in python_files() if not name.startswith("tests/")]


def page_files() -> list[str]:
    return [name for name in python_files() if name.startswith("pages/")]


def room_of(name: str) -> str:
    return name.split("/")[0].removesuffix(".py")


def imports_of(name: str) -> Iterator[str]:
    """Full names of what a file imports, inside functions too."""
    for node in nodes_of(name):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: imports are written from the root"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def texts_of(name: str) -> Iterator[tuple[int, str]]:
    """Line and value of every string of a file that is not a docstring."""
    alone = {id(node.value) for node in nodes_of(name) if isinstance(node, ast.Expr)}
    for node in nodes_of(name):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.lineno, node.value


def calls_of(name: str) -> Iterator[tuple[int, str]]:
    """Line and last name of everything a file calls."""
    for node in nodes_of(name):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield node.lineno, called
