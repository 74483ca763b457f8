"""What an export tool's table is: the columns by which it is recognised, and which of our targets each one is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from collectors.files.rows import Cell
from matrix.account import Platform

Cells = Mapping[str, Cell]
Values = dict[str, Cell]


def _nothing(_cells: Cells, values: Values) -> Values:
    return values


@dataclass(frozen=True, slots=True)
class Export:
    """One kind of table. `requires` are columns without which it is another; `columns` gives each target its sources, best first.

    `fix` repairs what the tool is known to get wrong; `capped` are numbers that it writes for the platform's "100万+";
    `nested` is a column that holds a list of other records, and the key of the export that reads them.
    """

    key: str
    title: str
    kind: str
    requires: frozenset[str]
    columns: Mapping[str, tuple[str, ...]]
    platform: Platform = Platform.WEIBO
    forbids: frozenset[str] = frozenset()
    fix: Callable[[Cells, Values], Values] = field(default=_nothing)
    is_html: bool = False
    capped: tuple[int, ...] = ()
    nested: tuple[str, str] = ("", "")


def account_is_missing(export: Export, columns: frozenset[str]) -> bool:
    """Whether nothing in the table says whose rows these are (comments belong to the owner of their post)."""
    if export.kind in ("comments", "mentions"):
        return False
    sources = {*export.columns.get("平台账号ID", ()), *export.columns.get("账号名称", ())}
    return not sources & columns or "creator_hash" in columns


def root_is_itself(_cells: Cells, values: Values) -> Values:
    """A root comment names nothing, zero or itself as its parent."""
    for target in ("上级评论ID", "根评论ID"):
        if str(values.get(target) or "").strip() in ("0", "0.0"):
            values[target] = ""
    return values
