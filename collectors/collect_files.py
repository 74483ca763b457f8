"""Imports one file: reads it in portions, gives every row to its account, saves, and writes down how it ended."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from collectors import files
from collectors.collect_owners import Owners
from collectors.collect_portions import Portions
from collectors.files import Choices, ColumnMapping, FileError, Recognised, RowFault
from collectors.files.guess import signature
from collectors.files.plan import CREDENTIALS, LEDGER, MAPPED, TITLES
from collectors.files.platforms import platform_named
from matrix.run import Outcome
from storage import accounts, imports, runs
from storage.batches import Saved
from storage.database import writing
from storage.keyring import Keyring
from storage.moments import to_seconds
from storage.runs import Ending

FAULTS_SHOWN = 20
Tick = Callable[[int, int, int], None]
"""Called after each portion with (done, total, rows): done of total are bytes or rows of the file."""


@dataclass(slots=True)
class ImportReport:
    """How an import went. `outcome` is ok, partial or failed; `faults` are the first ones, `rows_bad` counts all."""

    file_name: str
    recipe: str = ""
    title: str = ""
    import_id: int | None = None
    outcome: str = "ok"
    sentence: str = ""
    rows_good: int = 0
    rows_bad: int = 0
    saved: Saved = field(default_factory=Saved)
    faults: list[RowFault] = field(default_factory=list)
    registered: list[str] = field(default_factory=list)
    by_account: Counter[str] = field(default_factory=Counter)
    before: str = ""

    @property
    def rows_new(self) -> int:
        return self.saved.posts_new + self.saved.comments_new


def sha256_of(path: Path) -> str:
    """The file's fingerprint, under which an import of the same bytes is known again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_time(path: Path, now: datetime) -> datetime:
    """When the file was written, never later than `now`."""
    return min(datetime.fromtimestamp(int(path.stat().st_mtime), UTC), now)


def account_constants(db: sqlite3.Connection, platform: str, account: str) -> dict[str, str]:
    """The constants that name one account for a whole file: by its platform id where the ledger has it, else by its name."""
    known = platform_named(platform)
    is_id = known is not None and accounts.find_by_key(db, known, account) is not None
    return {"平台账号ID": account} if is_id or account.isdigit() or account.startswith("gh_") else {"账号名称": account}


def settle(db: sqlite3.Connection, path: Path, choices: Choices) -> tuple[Recognised, Choices]:
    """What the file is, and the choices completed by the mapping that was used for such columns before."""
    found = files.recognise(path)
    if choices.mapping is None and (known := imports.remembered_mapping(db, found.signature)):
        mapping = ColumnMapping(known.get("columns", {}), known.get("constants", {}))
        if set(mapping.columns.values()) <= set(found.columns):
            choices = replace(choices, mapping=mapping)
    if choices.mapping is not None:
        found = replace(found, recipe=MAPPED, title=TITLES[MAPPED])
    return found, choices


def run_import(
    db: sqlite3.Connection,
    path: Path,
    choices: Choices,
    *,
    keyring: Keyring,
    now: datetime,
    asked_by: str,
    observed_at: datetime | None = None,
    file_name: str = "",
    is_rehearsal: bool = False,
    tick: Tick | None = None,
) -> ImportReport:
    """Import a file and say how it went; never raises for what is wrong with the file.

    `observed_at` is the user's word on when the file was made; without it the file's time counts. A rehearsal reads and
    counts everything and saves nothing. Importing the same file again changes nothing.
    """
    report = ImportReport(file_name or path.name)
    sha = ""
    try:
        sha = sha256_of(path)
        found, choices = settle(db, path, choices)
        report.recipe, report.title = found.recipe, found.title
        if found.recipe in (LEDGER, CREDENTIALS):
            raise FileError(f"这是{TITLES[found.recipe]}，请用台账导入的功能：导入前要先看差异")
    except (FileError, OSError) as error:
        report.outcome, report.sentence = "failed", _sentence_of(error)
        if not is_rehearsal:
            report.import_id = imports.start(db, report.file_name, sha, report.recipe, asked_by, now)
            imports.finish(db, report.import_id, report.outcome, report.sentence, 0, 0, 0, now)
        return report
    earlier = imports.seen_before(db, sha)
    report.before = earlier[0] if earlier else ""
    if not is_rehearsal:
        report.import_id = imports.start(db, report.file_name, sha, found.recipe, asked_by, now)
    owners = Owners(db, keyring, now, asked_by, choices.register_under, is_rehearsal)
    portions = Portions(db, owners, keyring, now, observed_at or file_time(path, now), observed_at is not None, is_rehearsal)
    stopped = ""
    try:
        stopped = _read_all(db, path, choices, portions, report, tick)
    except (KeyboardInterrupt, SystemExit):
        stopped = "中途停止，已导入的部分有效，可重新导入"
        raise
    finally:
        _conclude(report, portions, stopped)
        if report.import_id is not None:
            _write_down(db, report, portions, found, choices, asked_by, now)
    return report


def _read_all(
    db: sqlite3.Connection, path: Path, choices: Choices, portions: Portions, report: ImportReport, tick: Tick | None
) -> str:
    """Read and save to the end; gives the sentence of what stopped it, "" when nothing did."""
    try:
        for batch in files.read(path, choices, observed_at=portions.observed_at, now=portions.now):
            faults = [*batch.faults, *portions.save(batch)]
            _note(db, report, faults)
            if tick:
                tick(batch.done, batch.total, portions.rows)
    except (FileError, OSError) as error:
        return _sentence_of(error)
    return ""


def _note(db: sqlite3.Connection, report: ImportReport, faults: list[RowFault]) -> None:
    report.rows_bad += len(faults)
    report.faults += faults[: FAULTS_SHOWN - len(report.faults)]
    if report.import_id is not None:
        imports.note_faults(db, report.import_id, [(fault.line, fault.reason, fault.excerpt) for fault in faults])


def _sentence_of(error: Exception) -> str:
    return str(error) if isinstance(error, FileError) else f"文件无法读取({getattr(error, 'strerror', None) or error})"


def _conclude(report: ImportReport, portions: Portions, stopped: str) -> None:
    for refusal in portions.owners.refused.values():
        report.rows_bad += refusal.count
        fault = RowFault(refusal.line, f"{refusal.reason}，共{refusal.count}行没有导入")
        report.faults = [*report.faults[: FAULTS_SHOWN - 1], fault]
    report.faults.sort(key=lambda fault: fault.line)
    report.rows_good, report.saved = portions.rows, portions.saved
    report.registered = [account.name for account in portions.owners.registered]
    report.by_account = Counter({portions.owners.by_id[key].name: count for key, count in portions.by_account.items()})
    report.outcome = "ok"
    if report.rows_bad or stopped:
        report.outcome = "partial" if report.rows_good else "failed"
    elif not report.rows_good:
        report.outcome, stopped = "failed", "文件里没有可导入的行"
    parts = [f"读入{report.rows_good}行"]
    if not portions.is_rehearsal:
        parts[0] += f"，新增内容{report.saved.posts_new}条、评论{report.saved.comments_new}条"
        held = report.saved.posts_seen + report.saved.comments_seen - report.rows_new
        parts[0] += f"，已有或重复{held}条" if held else ""
    if report.rows_bad:
        parts.append(f"{report.rows_bad}行没有导入")
    if report.registered:
        parts.append(f"登记了{len(report.registered)}个新账号")
    report.sentence = "；".join([*parts, *([stopped] if stopped else [])])


def _write_down(
    db: sqlite3.Connection,
    report: ImportReport,
    portions: Portions,
    found: Recognised,
    choices: Choices,
    asked_by: str,
    now: datetime,
) -> None:
    assert report.import_id is not None
    portions.note_messages()
    refused = portions.owners.refused.values()
    imports.note_faults(db, report.import_id, [(r.line, f"{r.reason}，共{r.count}行没有导入", "") for r in refused])
    imports.finish(db, report.import_id, report.outcome, report.sentence, report.rows_good, report.rows_new, report.rows_bad, now)
    if choices.mapping is not None and report.rows_good:
        # An account or a post that was named for this file must not be taken for the next one with the same columns.
        constants = {target: value for target, value in choices.mapping.constants.items() if target == "平台"}
        constants |= {target: value for target, value in choices.constants.items() if target == "平台"}
        mapping = {"columns": dict(choices.mapping.columns), "constants": constants}
        imports.remember_mapping(db, signature(found.columns), report.file_name, mapping, asked_by, now)
    with writing(db):
        for account_id, saved in portions.saved_by_account.items():
            run_id = runs.start(db, account_id, "files", now)
            outcome = Outcome.OK if report.outcome == "ok" else Outcome.PARTIAL
            sentence = f"导入文件“{report.file_name}”"
            runs.finish(db, run_id, now, Ending(outcome, saved, 0, cause=f"import:{report.import_id}", sentence=sentence))
            if account_id in portions.looked_at:
                since, until = portions.looked_from[account_id], portions.looked_at[account_id]
                imports.record_look(db, account_id, until)
                runs.note_sight(db, account_id, run_id, (to_seconds(since), to_seconds(until)))
