"""Reads a file in portions of rows; a bad row is reported with its line and reason, and the rest goes in."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from pathlib import Path

from collectors.files.exports import Export
from collectors.files.ids import rounded_columns
from collectors.files.opening import open_tables
from collectors.files.plan import BY_KEY, Choices, Plan, plans_of, stem_account
from collectors.files.platforms import list_of_platforms, platform_named
from collectors.files.readers import Reading, read_comment, read_followers, read_post
from collectors.files.rows import Cell, CommentRow, FileBatch, FileError, FollowersRow, PostRow, RowError, RowFault
from collectors.files.tables import Row, excerpt

PORTION = 2000
SAMPLE = 300
"""Rows on which it is judged whether a spreadsheet has rounded a column."""

READERS = {"posts": read_post, "comments": read_comment, "mentions": read_comment, "followers": read_followers}


def read(path: Path, choices: Choices, *, observed_at: datetime, now: datetime) -> Iterator[FileBatch]:
    """The file's rows, portion by portion, in the order of the file (posts before comments where it has several tables).

    `observed_at` is when the file's maker looked, for rows that do not say so themselves: the file's time, never later than
    `now`. Raises FileError when the file as a whole cannot be read; portions that were given before remain good.
    """
    tables = open_tables(path)
    try:
        plans = plans_of(tables, choices.mapping)
        if not plans:
            raise FileError("没有认出这种表格：请先把列对应到系统的目标列")
        done = 0
        total = sum(plan.table.total for plan in plans)
        for plan in plans:
            for batch in _read_table(plan, path, choices, min(observed_at, now), now):
                yield replace(batch, done=done + min(batch.done, plan.table.total), total=total)
            done += plan.table.total
    finally:
        for table in tables:
            with suppress(OSError):
                table.close()


def _read_table(plan: Plan, path: Path, choices: Choices, observed_at: datetime, now: datetime) -> Iterator[FileBatch]:
    constants = {**(choices.mapping.constants if choices.mapping else {}), **choices.constants}
    if constants.get("平台") and platform_named(constants["平台"]) is None:
        raise FileError(f"平台“{constants['平台']}”不认识，应为：{list_of_platforms()}")
    owner = stem_account(plan.export, path)
    if owner and not {"平台账号ID", "账号名称"} & set(constants):
        constants["平台账号ID"] = owner
    rows = plan.table.rows()
    sample = list(islice(rows, SAMPLE))
    cut = rounded_columns(row[1] for row in sample if not isinstance(row, RowFault))
    named = plan.recipe in BY_KEY
    reading = Reading(
        platform=plan.export.platform if named else platform_named(constants.get("平台", "")),
        observed_at=observed_at,
        now=now,
        rounded=frozenset(target for target, sources in plan.export.columns.items() if cut & set(sources)),
        constants=frozenset(constants),
        is_html=plan.export.is_html,
        is_mention=plan.export.kind == "mentions",
        capped=plan.export.capped,
    )
    stream = chain(sample, rows)
    while portion := list(islice(stream, PORTION)):
        yield _read_portion(portion, plan.export, constants, reading, plan.table.done)


def _read_portion(
    portion: list[Row | RowFault], export: Export, constants: Mapping[str, str], reading: Reading, done: int
) -> FileBatch:
    found: dict[type, list] = {PostRow: [], CommentRow: [], FollowersRow: [], RowFault: []}
    for row in portion:
        for item in [row] if isinstance(row, RowFault) else _read_row(row, export, constants, reading):
            found[type(item)].append(item)
    return FileBatch(tuple(found[PostRow]), tuple(found[CommentRow]), tuple(found[FollowersRow]), tuple(found[RowFault]), done)


def _read_row(
    row: Row, export: Export, constants: Mapping[str, str], reading: Reading
) -> Iterator[PostRow | CommentRow | FollowersRow | RowFault]:
    line, cells = row
    values: dict[str, Cell] = {}
    for target, sources in export.columns.items():
        values[target] = next((cells[source] for source in sources if cells.get(source) not in (None, "")), None)
    values = export.fix(cells, values)
    if {"平台账号ID", "账号名称"} & set(constants):
        values["平台账号ID"] = values["账号名称"] = None  # the user's word on whose rows these are replaces the file's
    values |= constants
    try:
        yield READERS[export.kind](line, values, reading)
    except RowError as error:
        yield RowFault(line, str(error), excerpt(cells))
    column, key = export.nested
    inner = cells.get(column) if column else None
    if isinstance(inner, list):
        owner = {"所属内容ID": str(cells.get("id") or "")}
        account = {name: str(values.get(name) or "") for name in ("平台账号ID", "账号名称")}
        for item in inner:
            if isinstance(item, dict):
                yield from _read_row((line, item), BY_KEY[key], {**account, **owner}, reading)
