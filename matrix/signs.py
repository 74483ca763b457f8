"""Texts that every database and file takes: a sign that cannot be written gives way to U+FFFD, so that its place stays seen."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

Row = TypeVar("Row")
BROKEN = re.compile("[\x00\ud800-\udfff]")
"""Halves of a pair of surrogates, which JSON can carry as an escape and UTF-8 cannot, and NUL, which PostgreSQL refuses."""


def whole(text: str) -> str:
    """The text with two halves joined that stand side by side, and U+FFFD in the place of one that stands alone or of a NUL."""
    if not BROKEN.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "\ufffd")


def all_whole(rows: Iterable[Row], names: tuple[str, ...]) -> tuple[Row, ...]:
    """The same for the named texts of frozen records; those in which nothing is broken, nearly all, come back as they are."""
    held = tuple(rows)
    is_sound = not any(BROKEN.search("".join([getattr(row, name) for row in held])) for name in names)
    return held if is_sound else tuple(_whole(row, names) for row in held)


def _whole(row: Any, names: tuple[str, ...]) -> Any:
    texts = {name: getattr(row, name) for name in names}
    if not any(map(BROKEN.search, texts.values())):
        return row
    return replace(row, **{name: whole(text) for name, text in texts.items()})
