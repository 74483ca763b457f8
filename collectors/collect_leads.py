"""Imports leads from a table: every good row once, every wrong row named with its line and reason."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from collectors.collect_files import FAULTS_SHOWN, ImportReport, sha256_of
from collectors.collect_imports import brought
from collectors.files import FileError, RowError, RowFault, open_tables
from collectors.files.tables import Table, excerpt
from collectors.files.values import read_text, read_time
from matrix.case import RefusedError
from settings import Settings
from storage import imports, leads, requests
from storage.database import writing
from storage.keyring import Keyring
from storage.leads import Lead
from storage.moments import to_seconds
from storage.scope import Scope

LEADS, TITLE = "leads", "线索"
COLUMNS = {
    "来源平台": ("来源平台", "平台", "来源", "渠道", "媒体", "网站", "platform", "source"),
    "链接": ("链接", "原文链接", "网址", "地址", "url", "link"),
    "正文": ("正文", "内容", "文本", "摘要", "标题内容", "text", "content"),
    "标题": ("标题", "title"),
    "作者": ("作者", "昵称", "用户名", "发布者", "发布人", "网民", "author", "user"),
    "作者ID": ("作者id", "用户id", "uid", "author_id"),
    "编号": ("编号", "id", "内容id", "帖子id", "ext_id"),
    "发布时间": ("发布时间", "时间", "发表时间", "日期", "published_at", "time", "date"),
    "单位": ("单位", "涉及单位", "属地", "单位名称", "单位编码", "organization"),
}
NEEDED = ("来源平台", "正文", "发布时间")
MOST_ROWS = 100_000
PORTION = 500


def import_leads(
    db: sqlite3.Connection,
    path: Path,
    *,
    keyring: Keyring,
    now: datetime,
    asked_by: str,
    name: str,
    organization_id: int,
    scope: Scope,
    file_name: str = "",
) -> ImportReport:
    """Add the leads of a file to units of `scope`; rows that name none go to `organization_id`. Never raises for the file.

    A wrong row is left out and written down; a row that is held already, by link or by number and words, counts as held.
    """
    report = ImportReport(file_name or path.name, LEADS, TITLE)
    sha = sha256_of(path) if path.is_file() else ""
    report.import_id = imports.start(db, report.file_name, sha, LEADS, asked_by, now)
    new = held = 0
    units = leads.units_named(db, scope)
    try:
        for portion in portions(path, now, report.faults):
            with writing(db):
                for line, lead, unit in portion:
                    try:
                        number = units[unit] if unit else organization_id
                        key = leads.author_key(keyring, lead)
                        _, is_new = leads.add(db, scope, number, lead, key, asked_by, name, now, report.import_id)
                    except KeyError:
                        report.faults.append(RowFault(line, f"单位“{unit[:30]}”不在您的权限范围内，或台账中没有", lead.text[:80]))
                    except (RefusedError, PermissionError) as error:
                        report.faults.append(RowFault(line, str(error), lead.text[:80]))
                    else:
                        new, held = new + is_new, held + (not is_new)
        sentence = ""
    except (FileError, OSError) as error:
        sentence = str(error) if isinstance(error, FileError) else f"文件无法读取({error.strerror or error})"
    report.rows_good, report.rows_bad = new + held, len(report.faults)
    is_whole = not report.faults and not sentence and bool(new + held)
    report.outcome = "ok" if is_whole else "partial" if new + held else "failed"
    report.sentence = sentence_of(new, held, len(report.faults), sentence)
    report.faults.sort(key=lambda fault: fault.line)
    imports.note_faults(db, report.import_id, [(fault.line, fault.reason, fault.excerpt) for fault in report.faults])
    imports.finish(db, report.import_id, report.outcome, report.sentence, new + held, new, report.rows_bad, now)
    report.faults = report.faults[:FAULTS_SHOWN]
    return report


def portions(path: Path, now: datetime, faults: list[RowFault]) -> Iterable[list[tuple[int, Lead, str]]]:
    """Good rows with their lines and units, some hundred at a time; wrong ones go to `faults`. Raises FileError."""
    tables = open_tables(path)
    try:
        for table in tables:
            columns = columns_of(table.columns)
            if set(NEEDED) <= columns.keys():
                yield from rows_of(table, columns, now, faults)
                return
        raise FileError(f"这不是线索表：第一行应是列名，要有{'、'.join(NEEDED)}三列")
    finally:
        for table in tables:
            with suppress(OSError):
                table.close()


def columns_of(columns: Iterable[str]) -> dict[str, str]:
    present = {column.replace(" ", "").lower(): column for column in columns}
    found = {target: next((present[word] for word in words if word in present), "") for target, words in COLUMNS.items()}
    return {target: column for target, column in found.items() if column}


def rows_of(
    table: Table, columns: Mapping[str, str], now: datetime, faults: list[RowFault]
) -> Iterable[list[tuple[int, Lead, str]]]:
    portion: list[tuple[int, Lead, str]] = []
    for count, row in enumerate(table.rows(), 1):
        if count > MOST_ROWS:
            raise FileError(f"超过{MOST_ROWS:,}行，请分成几个文件导入")
        if isinstance(row, RowFault):
            faults.append(row)
            continue
        line, cells = row
        said = {target: read_text(cells.get(column)) for target, column in columns.items()}
        try:
            published = read_time(cells.get(columns["发布时间"]), "发布时间", now, now)
        except RowError as error:
            faults.append(RowFault(line, str(error), excerpt(cells)))
            continue
        title, text = said.get("标题", ""), said["正文"]
        lead = Lead(
            said["来源平台"],
            f"{title}\n{text}" if title and not text.startswith(title) else text,
            to_seconds(published),
            said.get("链接", ""),
            said.get("编号", ""),
            said.get("作者ID", ""),
            said.get("作者", ""),
        )
        portion.append((line, lead, said.get("单位", "")))
        if len(portion) >= PORTION:
            yield portion
            portion = []
    if portion:
        yield portion


def sentence_of(new: int, held: int, bad: int, stopped: str) -> str:
    parts = [f"新增线索{new}条" + (f"，已有{held}条没有重复记录" if held else "")]
    parts += [f"{bad}行没有导入"] if bad else []
    parts += [stopped] if stopped else [] if new + held + bad else ["文件里没有可导入的行"]
    return "；".join(parts)


def apply_leads(
    db: sqlite3.Connection, _settings: Settings, keyring: Keyring, now: datetime, request: requests.Request
) -> dict[str, Any]:
    """导入线索. Payload beside the file: `organization_id`, `within` (the asker's scope), `name`."""
    payload = request.payload
    with brought(payload) as path:
        report = import_leads(
            db, path, keyring=keyring, now=now, asked_by=request.asked_by, name=str(payload.get("name") or request.asked_by),
            organization_id=int(payload["organization_id"]), scope=tuple(int(one) for one in payload["within"]),
        )  # fmt: skip
    first = "；".join(f"第{fault.line}行{fault.reason}" for fault in report.faults[:5])
    sentence = f"{report.sentence}。{first}" if first else report.sentence
    if report.outcome == "failed":
        raise FileError(sentence)
    return {"sentence": sentence, "import_id": report.import_id, "rows_new": report.rows_good, "rows_bad": report.rows_bad}


VERBS = {"leads_import": apply_leads}
