"""Imports the account ledger, credentials, or files of any recognised or mapped kind, with a preview and progress."""

import argparse
import getpass
import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from tqdm import tqdm

import settings
from collectors import files
from collectors.collect_calendar import import_calendar
from collectors.collect_files import ImportReport, account_constants, run_import, settle
from collectors.collect_ledger import import_credentials, import_ledger, preview_ledger
from collectors.collect_words import difference_lines, report_lines
from collectors.files import Choices, ColumnMapping, FileError
from collectors.files.plan import CREDENTIALS, LEDGER
from collectors.files.values import read_time
from matrix.ledger import ADDED, CHANGED, FAULTY
from reports import ledger_template
from storage import credentials, journal
from storage.database import create_database, writing
from storage.keyring import Keyring, KeyringError

ABOUT = "导入账号台账、凭据或各类采集文件"


def main(argv: list[str]) -> int:
    """0 when everything went in, 1 when something did not, 2 when nothing was tried."""
    options = read_options(argv)
    if options.template:
        Path(options.template).write_bytes(ledger_template.write())
        print(f"台账模板已写入 {options.template}")
        return 0
    if not options.file:
        print("请给出要导入的文件；加 -h 看全部参数。", file=sys.stderr)
        return 2
    knobs = settings.load()
    now = knobs.clock().now()
    try:
        choices = choices_of(options)
        with closing(create_database(knobs.database.path)) as db:
            with writing(db):
                keyring = credentials.claim_key(db, knobs.database.key_file)
            return Import(options, choices, db, keyring, now).run()
    except (FileError, KeyringError) as error:
        print(error, file=sys.stderr)
        return 1


def read_options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.py import",
        description=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="能直接认出的文件：\n  "
        + "\n  ".join(files.recipe_titles())
        + "\n其他表格用 --map 目标=列名 对应，目标列有：\n  "
        + "、".join(files.TARGETS),
    )
    parser.add_argument("file", nargs="?", help="要导入的文件：CSV、Excel、JSON、JSONL、SQLite，文本格式可为 .gz")
    parser.add_argument("--ledger", action="store_true", help="文件是账号台账：先列出差异，确认后生效")
    parser.add_argument("--credentials", action="store_true", help="文件是账号凭据(平台、平台账号ID、凭据)")
    parser.add_argument("--calendar", action="store_true", help="文件是一年的放假安排(日期、类型、名称；类型填“休”或“班”)")
    parser.add_argument("--map", action="append", default=[], metavar="目标=列名", help="列的对应关系，可多次给出，会被记住")
    parser.add_argument("--const", action="append", default=[], metavar="目标=值", help="整个文件都相同的值，可多次给出")
    parser.add_argument("--platform", help="整个文件的平台，等于 --const 平台=…")
    parser.add_argument("--account", help="整个文件的账号：平台账号ID或账号名称")
    parser.add_argument("--seen", metavar="时间", help="文件的采集时间(北京时间)，默认用文件的修改时间")
    parser.add_argument("--register-under", default="", metavar="单位编码", help="台账里没有的账号登记到这个单位；默认不导入")
    parser.add_argument("--as", dest="by", metavar="姓名", help="以谁的名义导入，默认为当前系统用户")
    parser.add_argument("--dry-run", action="store_true", help="只检查和列出差异，什么都不写入")
    parser.add_argument("--yes", action="store_true", help="不再询问，直接确认")
    parser.add_argument("--template", metavar="文件", help="把台账模板写到这个 xlsx 文件")
    return parser.parse_args(argv)


def choices_of(options: argparse.Namespace) -> Choices:
    """What the arguments say about columns and constants. Raises FileError for an argument that is not 目标=值."""
    columns, constants = pairs(options.map, "--map"), pairs(options.const, "--const")
    if options.platform:
        constants["平台"] = options.platform
    if unknown := [target for target in {*columns, *constants} if target not in files.TARGETS]:
        raise FileError(f"没有“{'、'.join(sorted(unknown))}”这个目标列，可用的有：{'、'.join(files.TARGETS)}")
    mapping = ColumnMapping(columns, constants) if columns else None
    return Choices(mapping, constants, options.register_under)


def pairs(words: list[str], option: str) -> dict[str, str]:
    found = {}
    for word in words:
        target, mark, value = word.partition("=")
        if not mark or not target or not value:
            raise FileError(f"{option} 应写成 目标=值，例如 {option} 正文=text，而不是“{word}”")
        found[target.strip()] = value.strip()
    return found


class Import:
    """One run of the command: what was asked, the database, the key, the moment."""

    def __init__(self, options: argparse.Namespace, choices: Choices, db, keyring: Keyring, now: datetime) -> None:
        self.options, self.choices, self.db, self.keyring, self.now = options, choices, db, keyring, now
        self.path = Path(options.file)
        self.by = options.by or f"命令行({getpass.getuser()})"
        self.is_terminal = sys.stderr.isatty()

    def run(self) -> int:
        if self.options.calendar:
            return self.bring_calendar()
        if self.options.ledger:
            return self.bring_ledger()
        if self.options.credentials:
            return self.bring_credentials()
        found, choices = settle(self.db, self.path, self.choices)
        if found.recipe == LEDGER:
            return self.bring_ledger()
        if found.recipe == CREDENTIALS:
            return self.bring_credentials()
        return self.bring_file(found, choices)

    def bring_ledger(self) -> int:
        differences = preview_ledger(self.db, self.path)
        show(difference_lines(differences))
        if self.options.dry_run:
            return 1 if any(d.kind == FAULTY for d in differences) else 0
        if not any(d.kind in (ADDED, CHANGED) for d in differences):
            print("台账没有变化。")
            return 1 if any(d.kind == FAULTY for d in differences) else 0
        if not self.agree("按以上差异更新台账吗?"):
            return 1
        report = import_ledger(self.db, self.path, keyring=self.keyring, now=self.now, asked_by=self.by)
        self.note("导入账号台账", report)
        print(f"台账已更新：{report.sentence}。")
        print("各类账号能看到什么：")
        for sentence in report.sights:
            print(f"  {sentence}")
        return 0 if report.outcome == "ok" else 1

    def bring_credentials(self) -> int:
        if self.options.dry_run:
            print("凭据导入没有预览；请去掉 --dry-run。", file=sys.stderr)
            return 2
        report = import_credentials(self.db, self.path, keyring=self.keyring, now=self.now, asked_by=self.by)
        self.note("导入账号凭据", report)
        show(report_lines(report))
        return 0 if report.outcome == "ok" else 1

    def bring_calendar(self) -> int:
        is_rehearsal = self.options.dry_run
        report = import_calendar(self.db, self.path, now=self.now, asked_by=self.by, is_rehearsal=is_rehearsal)
        if not is_rehearsal:
            self.note("导入工作日历", report)
        show(report_lines(report, is_rehearsal=is_rehearsal))
        return 0 if report.outcome == "ok" else 1

    def bring_file(self, found: files.Recognised, choices: Choices) -> int:
        print(f"文件：{self.path.name}({found.form})")
        print(f"列：{'、'.join(found.columns[:40])}{'……' if len(found.columns) > 40 else ''}")
        if not found.recipe:
            choices = self.use_guess(found, choices)
        print(f"识别为：{found.title}")
        for mapping in [choices.mapping] if choices.mapping else []:
            print("列的对应：" + "，".join(f"{target}←{column}" for target, column in mapping.columns.items()))
        if self.options.account:
            platform = choices.constants.get("平台") or ("微信公众号" if found.recipe.startswith("wechat") else "微博")
            named = account_constants(self.db, platform, self.options.account)
            choices = Choices(choices.mapping, {**choices.constants, **named}, choices.register_under)
        seen = read_time(self.options.seen, "采集时间", self.now, self.now) if self.options.seen else None
        with Progress(self.is_terminal) as progress:
            report = run_import(
                self.db,
                self.path,
                choices,
                keyring=self.keyring,
                now=self.now,
                asked_by=self.by,
                observed_at=seen,
                is_rehearsal=self.options.dry_run,
                tick=progress.tick,
            )
        if not self.options.dry_run:
            self.note("导入文件", report)
        show(report_lines(report, is_rehearsal=self.options.dry_run))
        return 0 if report.outcome == "ok" else 1

    def use_guess(self, found: files.Recognised, choices: Choices) -> Choices:
        """Nobody has said how the columns are to be read: propose, and go on only when somebody agrees."""
        columns = found.guess.columns
        words = " ".join(f"--map {target}={column}" for target, column in columns.items())
        print(f"没有认出这种表格，按列名猜测的对应关系是：\n  {words or '(没有)'}")
        for row in found.sample[:2]:
            print("  例：" + "，".join(f"{column}={value}" for column, value in row.items() if value)[:200])
        if not {"发布时间", "评论时间"} & set(columns) or not self.agree("按这个对应关系导入吗?"):
            raise FileError("没有导入：请用 --map 目标=列名 说明各列的含义(至少要有时间，以及标题或正文)")
        return Choices(ColumnMapping(columns, choices.constants), choices.constants, choices.register_under)

    def agree(self, question: str) -> bool:
        if self.options.yes:
            return True
        if not sys.stdin.isatty():
            print(f"{question} 未确认，没有写入；请加 --yes。", file=sys.stderr)
            return False
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes", "是")

    def note(self, act: str, report: ImportReport) -> None:
        outcome = journal.REFUSED if report.outcome == "failed" else journal.DONE
        journal.note(
            self.db, at=self.now, actor=self.by, act=act, subject=report.file_name, detail=report.sentence, outcome=outcome
        )


class Progress:
    """A bar on a terminal, a plain line now and then elsewhere."""

    def __init__(self, is_terminal: bool) -> None:
        self.is_terminal = is_terminal
        self.bar: tqdm | None = None
        self.shown = 0

    def __enter__(self) -> "Progress":
        return self

    def tick(self, done: int, total: int, rows: int) -> None:
        if not self.is_terminal:
            if rows - self.shown >= 20_000:
                self.shown = rows
                print(f"已读 {rows} 行({100 * done // max(1, total)}%)", flush=True)
            return
        if self.bar is None:
            self.bar = tqdm(
                total=total, desc="导入", unit="B", unit_scale=True, bar_format="{desc} {percentage:3.0f}%|{bar}| {postfix}"
            )
        self.bar.set_postfix_str(f"{rows}行", refresh=False)
        self.bar.update(done - self.bar.n)

    def __exit__(self, *_error: object) -> None:
        if self.bar is not None:
            self.bar.close()


def show(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)
