"""Brings the account ledger and the credentials of accounts from files into the database, differences first."""

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from collectors.collect_files import ImportReport, sha256_of
from collectors.collect_owners import Owners
from collectors.files import FileError, RowFault
from collectors.files.plan import CREDENTIALS, LEDGER, TITLES
from collectors.ledger import read_ledger, sight_of
from collectors.ledger_credentials import read_credentials
from matrix.account import PLATFORM_NAMES, Account, Platform, Route
from matrix.ledger import ADDED, CHANGED, FAULTY, Difference
from storage import accounts, credentials, imports, ledger, ledger_apply
from storage.keyring import Keyring
from storage.scope import Scope

FAULTS_SHOWN = 20


@dataclass(slots=True)
class LedgerReport(ImportReport):
    """How a ledger import went, with the lines that changed and what each route can see of the accounts behind it."""

    differences: list[Difference] = field(default_factory=list)
    sights: list[str] = field(default_factory=list)


def preview_ledger(db: sqlite3.Connection, path: Path, within: Scope | None = None) -> list[Difference]:
    """What importing this ledger would do; nothing is changed. Raises FileError when the file is no ledger."""
    return ledger.differences(db, read_ledger(path), within)


def import_ledger(
    db: sqlite3.Connection,
    path: Path,
    *,
    keyring: Keyring,
    now: datetime,
    asked_by: str,
    within: Scope | None = None,
    file_name: str = "",
) -> LedgerReport:
    """Apply a ledger, its faulty rows left out and named; never raises for what is wrong with the file."""
    report = LedgerReport(file_name or path.name, LEDGER, TITLES[LEDGER])
    report.import_id = imports.start(db, report.file_name, _sha(path), LEDGER, asked_by, now)
    try:
        brought = read_ledger(path)
        report.differences = ledger.differences(db, brought, within)
        counts = ledger_apply.apply(db, brought, asked_by, keyring, now, within)
    except (FileError, OSError) as error:
        report.outcome, report.sentence = "failed", str(error)
        imports.finish(db, report.import_id, "failed", report.sentence, 0, 0, 0, now)
        return report
    report.faults = [RowFault(d.line or 0, d.detail, d.name) for d in report.differences if d.kind == FAULTY]
    report.rows_bad = len(report.faults)
    report.rows_good = len(brought.units) + len(brought.accounts)
    changed = counts.get(ADDED, 0) + counts.get(CHANGED, 0)
    report.outcome = "ok" if not report.rows_bad else "partial" if report.rows_good else "failed"
    report.sentence = f"新增{counts.get(ADDED, 0)}项，修改{counts.get(CHANGED, 0)}项"
    report.sentence += f"；{report.rows_bad}行有误，没有导入" if report.rows_bad else ""
    report.sights = sights(accounts.everyone(db))
    imports.note_faults(db, report.import_id, [(fault.line, fault.reason, fault.excerpt) for fault in report.faults])
    imports.finish(db, report.import_id, report.outcome, report.sentence, report.rows_good, changed, report.rows_bad, now)
    return report


def sights(ledger_accounts: list[Account]) -> list[str]:
    """What can be seen of how many accounts, one sentence per platform and route."""
    groups: dict[tuple[Platform, Route], int] = {}
    for account in ledger_accounts:
        groups[account.platform, account.route] = groups.get((account.platform, account.route), 0) + 1
    return [
        f"{PLATFORM_NAMES[platform]}{count}个账号，{sight_of(route, platform)}"
        for (platform, route), count in sorted(groups.items())
    ]


def import_credentials(
    db: sqlite3.Connection, path: Path, *, keyring: Keyring, now: datetime, asked_by: str, file_name: str = ""
) -> ImportReport:
    """Seal and keep every credential of a table; the file's bytes are not fingerprinted and no row of it is repeated."""
    report = ImportReport(file_name or path.name, CREDENTIALS, TITLES[CREDENTIALS])
    report.import_id = imports.start(db, report.file_name, "", CREDENTIALS, asked_by, now)
    owners = Owners(db, keyring, now, asked_by)
    stopped = ""
    try:
        for row in read_credentials(path):
            if isinstance(row, RowFault):
                report.faults.append(row)
                continue
            found = owners.find(row.account)
            if isinstance(found, str):
                report.faults.append(RowFault(row.line, found))
                continue
            credentials.save(db, found.id, row.secret, keyring, now, asked_by)
            report.rows_good += 1
            report.by_account[found.name] += 1
    except (FileError, OSError) as error:
        stopped = str(error)
    report.rows_bad = len(report.faults)
    report.outcome = "ok" if not (report.rows_bad or stopped) else "partial" if report.rows_good else "failed"
    report.sentence = stopped or f"保存了{report.rows_good}个账号的凭据"
    report.sentence += f"；{report.rows_bad}行没有导入" if report.rows_bad else ""
    imports.note_faults(db, report.import_id, [(fault.line, fault.reason, fault.excerpt) for fault in report.faults])
    imports.finish(db, report.import_id, report.outcome, report.sentence, report.rows_good, 0, report.rows_bad, now)
    return report


def _sha(path: Path) -> str:
    return sha256_of(path) if path.is_file() else ""
