"""What a page asks about files: compare and apply a ledger, look at a file, import it; each answer is what the page shows."""

import base64
import binascii
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from collectors.collect_files import ImportReport, account_constants, run_import, settle
from collectors.collect_ledger import import_ledger, preview_ledger, sights
from collectors.files import Choices, ColumnMapping, FileError
from collectors.ledger import read_ledger
from matrix.ledger import ABSENT, ADDED, CHANGED, FAULTY
from settings import Settings
from storage import accounts, requests
from storage.keyring import Keyring
from storage.scope import Scope

Answer = dict[str, Any]
FAULTS_ANSWERED = 200


@contextmanager
def brought(payload: dict[str, Any]) -> Generator[Path]:
    """The file that a page handed over in its request, on disk for as long as it is read."""
    name = Path(str(payload.get("file_name") or "文件")).name
    try:
        content = base64.b64decode(str(payload.get("content") or ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise FileError("文件在传送中损坏，请重新上传") from error
    if not content:
        raise FileError("文件是空的，没有可导入的行")
    with tempfile.TemporaryDirectory(prefix="matrix-import-") as folder:
        path = Path(folder) / (name if name not in ("", ".", "..") else "文件")
        path.write_bytes(content)
        path.chmod(0o600)
        yield path


def within_of(payload: dict[str, Any]) -> Scope | None:
    """The subtrees of who asked; None for somebody who sees everything."""
    within = payload.get("within")
    return None if within is None else tuple(int(number) for number in within)


def compare_ledger(
    db: sqlite3.Connection, _settings: Settings, _keyring: Keyring, _now: datetime, request: requests.Request
) -> Answer:
    """核对台账: what importing it would do; nothing is changed."""
    with brought(request.payload) as path:
        found = preview_ledger(db, path, within_of(request.payload))
        stated = read_ledger(path)
    counts = {kind: sum(1 for difference in found if difference.kind == kind) for kind in (ADDED, CHANGED, ABSENT, FAULTY)}
    sentence = "，".join(f"{kind}{count}项" for kind, count in counts.items() if count) or "与现有台账完全一致"
    named = {(account.platform, account.ext_id) for account in stated.accounts}
    known = [account for account in accounts.everyone(db) if (account.platform, account.ext_id) in named]
    return {"sentence": sentence, "differences": [asdict(difference) for difference in found], "sights": sights(known)}


def apply_ledger(
    db: sqlite3.Connection, _settings: Settings, keyring: Keyring, now: datetime, request: requests.Request
) -> Answer:
    """导入台账: apply the ledger that an earlier request of the same person compared (or the one in this request)."""
    payload = request.payload
    if "request_id" in payload:
        compared = requests.find(db, int(payload["request_id"]))
        if compared is None or compared.asked_by != request.asked_by:
            raise FileError("找不到核对过的台账，请重新上传并核对差异")
        payload = compared.payload
    with brought(payload) as path:
        report = import_ledger(
            db, path, keyring=keyring, now=now, asked_by=request.asked_by, within=within_of(payload), file_name=path.name
        )
    if report.outcome == "failed":
        raise FileError(report.sentence)
    return answer_of(report) | {"sights": report.sights}


def preview_file(
    db: sqlite3.Connection, _settings: Settings, _keyring: Keyring, _now: datetime, request: requests.Request
) -> Answer:
    """What a file is, its columns and first rows, and what must be added before it can be imported."""
    with brought(request.payload) as path:
        found, choices = settle(db, path, Choices())
    mapping = choices.mapping or found.guess
    return {
        "sentence": found.title,
        "recipe": found.recipe,
        "form": found.form,
        "columns": list(found.columns),
        "sample": [dict(row) for row in found.sample],
        "needs": list(found.needs) if choices.mapping is None else [],
        "mapping": dict(mapping.columns),
        "constants": dict(mapping.constants),
    }


def apply_file(db: sqlite3.Connection, _settings: Settings, keyring: Keyring, now: datetime, request: requests.Request) -> Answer:
    """导入文件. Payload beside the file: `columns` (target to column), `constants`, `account`, `register_under`, `observed_at`,
    `is_rehearsal`."""
    payload = request.payload
    constants = {str(k): str(v) for k, v in (payload.get("constants") or {}).items()}
    if payload.get("account"):
        constants |= account_constants(db, constants.get("平台", ""), str(payload["account"]))
    columns = {str(k): str(v) for k, v in (payload.get("columns") or {}).items()}
    choices = Choices(ColumnMapping(columns, constants) if columns else None, constants, str(payload.get("register_under") or ""))
    seen = payload.get("observed_at")
    with brought(payload) as path:
        report = run_import(
            db,
            path,
            choices,
            keyring=keyring,
            now=now,
            asked_by=request.asked_by,
            observed_at=datetime.fromisoformat(seen) if seen else None,
            is_rehearsal=bool(payload.get("is_rehearsal")),
        )
    if report.outcome == "failed":
        raise FileError(report.sentence)
    return answer_of(report)


def answer_of(report: ImportReport) -> Answer:
    return {
        "sentence": report.sentence,
        "outcome": report.outcome,
        "import_id": report.import_id,
        "rows_good": report.rows_good,
        "rows_new": report.rows_new,
        "rows_bad": report.rows_bad,
        "registered": report.registered,
        "by_account": dict(report.by_account.most_common(FAULTS_ANSWERED)),
        "faults": [asdict(fault) for fault in report.faults[:FAULTS_ANSWERED]],
    }


VERBS = {
    "ledger_compare": compare_ledger,
    "ledger_apply": apply_ledger,
    "preview_import": preview_file,
    "apply_import": apply_file,
}
