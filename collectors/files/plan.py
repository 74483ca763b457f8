"""Decides how each table of a file is read: a known export, our own column names, or the user's mapping."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from collectors.files import exports_crawler, exports_wechat, exports_weibo
from collectors.files.exports import Export, account_is_missing
from collectors.files.guess import is_comments, is_named_exactly, propose, signature
from collectors.files.opening import open_tables
from collectors.files.rows import TARGETS, ColumnMapping, FileError, Recognised, RowFault
from collectors.files.tables import Table
from collectors.files.values import read_text

EXPORTS: tuple[Export, ...] = (*exports_crawler.TABLES, *exports_weibo.TABLES, *exports_wechat.TABLES)
BY_KEY = {export.key: export for export in EXPORTS}
PLAIN, MAPPED, LEDGER, CREDENTIALS = "plain", "mapping", "ledger", "credentials"
TITLES = {
    PLAIN: "通用表格(列名与系统一致)",
    MAPPED: "通用表格(按列对应)",
    LEDGER: "账号台账",
    CREDENTIALS: "账号凭据",
} | {export.key: export.title for export in EXPORTS}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user decided for one import: a mapping for a plain table, constants for the whole file, and under which unit
    (its code) accounts that are not in the ledger are registered; without it their rows are refused."""

    mapping: ColumnMapping | None = None
    constants: Mapping[str, str] = field(default_factory=dict)
    register_under: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """One table and how it is read."""

    table: Table
    export: Export
    recipe: str


def recipe_titles() -> list[str]:
    """What is recognised without being told, for people."""
    return [export.title for export in EXPORTS] + [TITLES[PLAIN]]


def export_of(columns: Sequence[str]) -> Export | None:
    """The export tool whose table this is."""
    present = frozenset(columns)
    for export in EXPORTS:
        if export.requires <= present and not export.forbids & present:
            return export
    return None


def is_ledger(columns: Sequence[str]) -> bool:
    present = set(columns)
    return "单位名称" in present and bool({"层级", "账号名称", "上级单位编码", "上级单位名称", "单位编码"} & present)


def is_credentials(columns: Sequence[str]) -> bool:
    return bool({"凭据", "凭证"} & set(columns)) and "平台" in columns


def export_from(mapping: ColumnMapping) -> Export:
    """A mapping of the user's as if it were a known export."""
    unknown = [target for target in {*mapping.columns, *mapping.constants} if target not in TARGETS]
    if unknown:
        raise FileError(f"没有“{'、'.join(sorted(unknown))}”这个目标列，可用的有：{'、'.join(TARGETS)}")
    kind = "comments" if is_comments({*mapping.columns, *mapping.constants}) else "posts"
    columns = {target: (column,) for target, column in mapping.columns.items()}
    return Export(MAPPED, TITLES[MAPPED], kind, frozenset(mapping.columns.values()), columns)


def plans_of(tables: Sequence[Table], mapping: ColumnMapping | None) -> list[Plan]:
    """How each table is read; empty when the columns must be mapped first. Raises FileError for a mapping that does not fit."""
    if mapping is not None:
        export = export_from(mapping)
        for table in tables:
            if export.requires <= set(table.columns):
                return [Plan(table, export, MAPPED)]
        missing = export.requires - set(max((table.columns for table in tables), key=lambda c: len(export.requires & set(c))))
        raise FileError(f"文件里没有列“{'、'.join(sorted(missing))}”，它有：{'、'.join(tables[0].columns)}")
    found = [(table, export_of(table.columns)) for table in tables]
    plans = [Plan(table, export, export.key) for table, export in found if export]
    # Comments look for the owner of their post, so posts go in first.
    plans.sort(key=lambda plan: ("followers", "posts", "comments", "mentions").index(plan.export.kind))
    if plans:
        return plans
    for table in tables:
        guess = propose(table.columns)
        if is_named_exactly(guess):
            return [Plan(table, export_from(guess), PLAIN)]
    return []


def recognise(path: Path) -> Recognised:
    """What the file is, its columns and first rows, and what the user must add. Raises FileError when it cannot be read."""
    tables = open_tables(path)
    try:
        first = tables[0]
        if any(is_credentials(table.columns) for table in tables):
            return _recognised(CREDENTIALS, first, [], ())
        if any(is_ledger(table.columns) for table in tables):
            return _recognised(LEDGER, first, [], ())
        plans = plans_of(tables, None)
        needs = []
        for plan in plans:
            if account_is_missing(plan.export, frozenset(plan.table.columns)) and not stem_account(plan.export, path):
                needs.append("文件没有说明是哪个账号：请指定账号(平台账号ID或账号名称)")
            comments = plan.export.kind == "comments" and not {*plan.export.columns.get("所属内容ID", ())} & {*plan.table.columns}
            has_answers = "回复内容" in plan.export.columns
            if comments and not has_answers and not plan.export.key.startswith("crawl4weibo"):
                needs.append("文件没有说明是哪条内容的评论：请指定“所属内容ID”")
        if not plans:
            needs.append("没有认出这种表格：请把列对应到系统的目标列(至少要有时间，以及标题或正文)")
        recipe = ",".join(plan.recipe for plan in plans)
        return _recognised(recipe, plans[0].table if plans else first, plans, tuple(dict.fromkeys(needs)))
    finally:
        for table in tables:
            with suppress(OSError):
                table.close()


def _recognised(recipe: str, table: Table, plans: Sequence[Plan], needs: tuple[str, ...]) -> Recognised:
    title = "；".join(TITLES[plan.recipe] for plan in plans) or TITLES.get(recipe, "未认出的表格")
    sample = []
    for row in islice(table.rows(), 5):
        if not isinstance(row, RowFault):
            sample.append({column: read_text(cell)[:60] for column, cell in row[1].items()})
    form = table.form if not table.name else f"{table.form}“{table.name}”"
    return Recognised(recipe, title, table.columns, tuple(sample), needs, signature(table.columns), form, propose(table.columns))


def stem_account(export: Export, path: Path) -> str:
    """weibo-crawler calls a file after the account's uid and writes it nowhere else; "" when the name is none."""
    stem = path.name.split(".")[0]
    return stem if export.key == "weibo-crawler" and stem.isdigit() and 5 <= len(stem) <= 11 else ""
