"""Makes a report as a Word file on the command line, and checks one from its file alone."""

import argparse
import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import sample_city
from matrix.report import Brief, Copy, ReportKind
from matrix.report_time import default_span, read_rhythm
from matrix.report_words import moment_words
from reports.report import compose, to_docx
from reports.report_making import outside
from reports.verify import ReportFileError, refuses, verify
from settings import Settings, load
from storage import organizations, report_timetable
from storage.database import open_database, open_writer, writing
from storage.moments import BEIJING, to_seconds
from storage.report_cutoff import draw, end_of

ABOUT = "报告：生成日报、周报、月报、事件专报、时效通报(Word)，或核对一份报告里的每个数字"
KINDS = {
    "daily": ReportKind.DAILY,
    "weekly": ReportKind.WEEKLY,
    "monthly": ReportKind.MONTHLY,
    "incident": ReportKind.INCIDENT,
    "timeliness": ReportKind.TIMELINESS,
}
LARGEST = 60 * 1024 * 1024
LATE, MADE_AHEAD = 300, timedelta(minutes=2)
"""Seconds by which a cut-off may lie back without a word on it; a city that was made before its report has been read by then."""


def main(argv: list[str]) -> int:
    """0 when the report was made, or holds; 1 when a figure does not hold or something is missing, with a sentence."""
    parser = argparse.ArgumentParser(prog="run.py report", description=ABOUT)
    words = parser.add_subparsers(dest="word", required=True, metavar="报告")
    for word, kind in KINDS.items():
        make = words.add_parser(word, help=f"生成{kind}")
        make.add_argument("--org", default="", help="单位的编号、编码或名称(默认全部单位)")
        make.add_argument("--as-of", default="", help="统计截止，北京时间，如 2026-03-06T15:00(默认现在)")
        make.add_argument("--since", default="", help="统计开始，北京时间(默认接上一期的截止)")
        make.add_argument("--incident", type=int, help="事件专报：舆情事件的编号(默认最近的一起)")
        make.add_argument("--copy", choices=[str(copy) for copy in Copy], default=str(Copy.REVIEW), help="审核稿(默认)或签发稿")
        make.add_argument("--sample", action="store_true", help="用一座现做的虚构城市，不动本机数据")
        make.add_argument("--out", type=Path, required=True, help="写到哪个文件")
    check = words.add_parser("verify", help="核对一份报告：重算每个数字")
    check.add_argument("file", type=Path, help="报告的 Word 文件")
    options = parser.parse_args(argv)
    settings = load()
    try:
        return check_file(settings, options.file) if options.word == "verify" else make_file(settings, options)
    except (ReportFileError, ValueError, PermissionError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1


def make_file(settings: Settings, options: argparse.Namespace) -> int:
    if not options.out.parent.is_dir():
        raise ValueError(f"没有 {options.out.parent} 这个文件夹，请先建立，或改写 --out。")
    now = settings.clock().now()
    wanted = read_moment(options.as_of) or now
    if not options.sample:
        if wanted > now:
            raise ValueError(f"统计截止“{options.as_of}”还没有到，请改为现在或更早。")
        return write(settings, options, settings.database.path, wanted, now)
    with tempfile.TemporaryDirectory(prefix="matrix-report-") as folder:
        print("正在生成一座虚构的城市……", flush=True)
        path = sample_city.build(Path(folder) / "city", wanted - MADE_AHEAD)
        done = write(settings, options, path, wanted, wanted)
        with closing(open_database(path)) as db:
            broken = refuses(verify(db, organizations.roots(db), options.out.read_bytes()))
        print("已逐个重算核对，" + ("有数字不符。" if broken else "数字全部一致。数据为虚构，只供看样式。"))
        return 1 if broken else done


def write(settings: Settings, options: argparse.Namespace, path: Path, wanted: datetime, now: datetime) -> int:
    """Draw the cut-off, ask, and put the file in its place whole or not at all."""
    kind = KINDS[options.word]
    with closing(open_writer(path)) as db:
        scope = organizations.roots(db)
        unit, since = unit_of(db, options.org), read_moment(options.since)
        with writing(db):
            cutoff = draw(db, wanted, now)
        begin = to_seconds(since) if since else usual_since(db, scope, kind, unit, cutoff, options.incident)
        until = end_of(begin, cutoff, cutoff)
        composed = compose(db, scope, Brief(kind, unit, begin, until, cutoff, incident_id=options.incident))
    content = to_docx(composed, options.copy, {"地址": outside(settings.console.base_url)})
    part = options.out.with_name(f".{options.out.name}.part")
    try:
        part.write_bytes(content)
        part.replace(options.out)
    finally:
        part.unlink(missing_ok=True)
    print(f"{composed.title}：{moment_words(begin)}至{moment_words(until)}，{len(composed.figures)}个数字有出处。")
    if to_seconds(wanted) - cutoff > LATE:
        print(f"此后的评论还没有判读完，统计截止提前到{moment_words(cutoff)}；需要更晚的，请待采集程序判读后再生成。")
    print(f"已写入 {options.out}（{options.copy}，{len(content) / 1024:.0f} KB）。")
    return 0


def usual_since(
    db: sqlite3.Connection, scope: tuple[int, ...], kind: ReportKind, unit: int, cutoff: int, incident: int | None
) -> int:
    """The same beginning as on the page; of several cities none has a report of its own before this one."""
    one = unit or (scope[0] if len(scope) == 1 else 0)
    wanted = {"kind": str(kind), "organization_id": one, "now": cutoff, "incident_id": incident}
    if not scope:  # a base without units has no report before this one and no timetable
        return default_span(kind, read_rhythm(kind, report_timetable.usual_rhythm(kind)), cutoff, None).since
    return report_timetable.usual_span(db, scope, **wanted).since


def unit_of(db: sqlite3.Connection, wanted: str) -> int:
    """The number of a unit by its number, code or name; 0 for all. Raises ValueError with a Chinese sentence."""
    if not wanted:
        return 0
    frame = organizations.tree(db, organizations.roots(db))
    found = frame[(frame["name"] == wanted) | (frame["code"] == wanted) | (frame["id"].astype(str) == wanted)]
    if len(found) != 1:
        words = "不止一个" if len(found) else "没有"
        raise ValueError(f"{words}叫“{wanted}”的单位，请写单位的编号、编码或全名。")
    return int(found.iloc[0]["id"])


def read_moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"“{text}”不是时间，应形如 2026-03-06T15:00（北京时间）。") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).astimezone(UTC)


def check_file(settings: Settings, path: Path) -> int:
    if not path.is_file():
        raise FileNotFoundError(f"没有 {path} 这个文件。")
    if path.stat().st_size > LARGEST:
        raise ValueError("文件过大，不像一份报告。")
    if not settings.database.path.is_file():
        raise FileNotFoundError(f"数据库不存在：{settings.database.path}，请在生成报告的那台机器上核对。")
    with closing(open_database(settings.database.path)) as db:
        found = verify(db, organizations.roots(db), path.read_bytes(), to_seconds(settings.clock().now()))
    held = [finding for finding in found if finding.what.endswith("与记录一致。")]
    for finding in found:
        if finding not in held:
            print(f"{finding.kind}：{finding.what}")
    print(f"核对{len(found)}项，{len(held)}项一致。" + ("有数字不符，不得签发。" if refuses(found) else "可以签发。"))
    return 1 if refuses(found) else 0
