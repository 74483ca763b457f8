"""Takes in what was put into the watched folder: a scheduled source for offices without a network."""

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

from collectors import inbox
from collectors.collect_files import ImportReport, account_constants, run_import, sha256_of
from collectors.files import Choices
from collectors.inbox import Answer
from settings import Settings
from storage import imports
from storage.database import open_writer
from storage.keyring import Keyring
from storage.moments import BEIJING

BY = "监视文件夹"


def scan_inbox(settings: Settings, keyring: Keyring, now: Callable[[], datetime]) -> list[tuple[str, Answer]]:
    """One pass over the watched folder; gives each file that was taken in and what became of it."""
    with closing(open_writer(settings.database.path)) as db:

        def handle(path: Path, named: Mapping[str, str]) -> Answer:
            earlier = imports.seen_before(db, sha256_of(path))
            if earlier:
                when = earlier[1].astimezone(BEIJING)
                return Answer(True, f"与 {when:%Y-%m-%d %H:%M} 导入的“{earlier[0]}”内容相同，没有重复导入。\n")
            constants = {}
            if named:
                constants = {"平台": named["平台"], **account_constants(db, named["平台"], named["账号"])}
            report = run_import(db, path, Choices(constants=constants), keyring=keyring, now=now(), asked_by=BY)
            return Answer(report.outcome != "failed", note_of(report))

        return inbox.scan(settings.worker.watch_folder, handle, now())


def note_of(report: ImportReport) -> str:
    """What is laid beside a file that was taken in."""
    words = {"ok": "导入成功", "partial": "部分导入", "failed": "没有导入"}
    lines = [f"{words[report.outcome]}：{report.sentence}"]
    if report.title:
        lines.append(f"文件类型：{report.title}")
    lines += [f"第{fault.line}行：{fault.reason}" + (f"({fault.excerpt})" if fault.excerpt else "") for fault in report.faults]
    if report.rows_bad > len(report.faults):
        lines.append(f"其余{report.rows_bad - len(report.faults)}行见系统内的导入记录。")
    if report.outcome == "failed":
        lines.append("处理后请重新放入监视文件夹。文件里没有写明账号的，请放进“平台/账号名称”两层文件夹。")
    return "\n".join(lines) + "\n"
