"""How long 100,000 rows take as CSV and Excel, how much memory, and that a killed export leaves no half file."""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
from openpyxl import Workbook

from bench.show import show
from reports import tables
from reports.export_table import table
from storage.export_columns import SELECTS

ABOUT = "导出：十万行评论导出为 CSV 和 Excel 的用时、内存，与 openpyxl 并排比较，以及中途被杀不留半个文件"
ROWS, PORTION = 100_000, 2_000
COLUMNS = ("编号", "时间", "平台", "账号", "单位", "网民", "内容", "主题", "情绪")
XLSX_SECONDS, XLSX_MB, CSV_SECONDS = 15.0, 150.0, 2.0
WORDS = ("停水", "两天", "物业", "没人接", "小区", "路灯", "学校", "放学", "拥堵", "公交", "垃圾", "噪音", "施工", "半夜", "请问")


def main(argv: list[str]) -> int:
    """0 when the goals were met; each file is written in a process of its own, whose peak of memory is told."""
    parser = argparse.ArgumentParser(prog="run.py bench export", description=ABOUT)
    parser.add_argument("--rows", type=int, default=ROWS, help=f"行数(默认 {ROWS})")
    parser.add_argument("--write", choices=("csv", "xlsx", "openpyxl", "masked"), help=argparse.SUPPRESS)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.write:
        print(json.dumps(write(options.write, options.into, options.rows)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        found = {name: child(name, Path(folder), options.rows) for name in ("csv", "xlsx", "openpyxl", "masked")}
        left = killed(Path(folder), options.rows)
    missed = [] if found["xlsx"]["seconds"] <= XLSX_SECONDS else ["Excel用时"]
    missed += [] if found["xlsx"]["peak_mb"] <= XLSX_MB else ["Excel内存"]
    missed += [] if found["csv"]["seconds"] <= CSV_SECONDS else ["CSV用时"]
    missed += ["中途被杀"] if left else []
    told = {"csv": "CSV", "xlsx": "Excel(XlsxWriter)", "openpyxl": "Excel(openpyxl，对照)", "masked": "先遮蔽(两种文件都要)"}
    rows: list[tuple[str, Any, str]] = []
    for name, words in told.items():
        one = found[name]
        rows.append((words, one["seconds"], f"秒，内存{one['peak_mb']:.0f}MB，文件{one['file_mb']:.1f}MB"))
    rows.append(("Excel 与 openpyxl 用时之比", found["xlsx"]["seconds"] / found["openpyxl"]["seconds"], "并排测得"))
    rows.append(("中途被杀后的文件", "、".join(left) or "没有", "须没有完整名称的文件"))
    show(f"导出{options.rows:,}行：{'目标都已达到' if not missed else '未达目标：' + '、'.join(missed)}", rows,
         {"rows": options.rows, **found, "missed": missed})  # fmt: skip
    return 1 if missed else 0


def child(name: str, folder: Path, rows: int) -> dict[str, float]:
    done = subprocess.run(command(name, folder / f"{name}.file", rows), capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def command(name: str, target: Path, rows: int) -> list[str]:
    return [sys.executable, "-m", "commands", "bench", "export", "--rows", str(rows), "--write", name, "--into", str(target)]


def killed(folder: Path, rows: int) -> list[str]:
    """What stands under the full name when the writer is killed in the middle; nothing should."""
    left = []
    for name in ("csv", "xlsx"):
        target = folder / f"killed.{name}"
        with subprocess.Popen(command(name, target, rows), stdout=subprocess.DEVNULL) as writer:
            part = target.with_name(target.name + tables.PART)
            while writer.poll() is None and not (part.exists() and part.stat().st_size >= 0):
                time.sleep(0.02)
            time.sleep(0.3 if name == "csv" else 1.0)
            writer.kill()
        left += [target.name] if target.exists() else []
    return left


def write(name: str, target: Path, rows: int) -> dict[str, float]:
    """One file of made-up comments; the making of raw rows is not counted."""
    raw = list(frames(rows if name == "masked" else PORTION))
    ready = table(raw[0], "评论", COLUMNS, True)
    portions = (ready for _ in range(rows // PORTION))
    begun = time.perf_counter()
    if name == "masked":
        for frame in raw:
            table(frame, "评论", COLUMNS, True)
        target.touch()
    elif name == "csv":
        tables.csv_file(target, portions)
    elif name == "xlsx":
        tables.xlsx_file(target, "评论", portions, lambda number: {"行数": str(number)})
    else:
        by_openpyxl(target, portions)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    return {"seconds": round(seconds, 2), "peak_mb": round(peak, 1), "file_mb": round(target.stat().st_size / 1024**2, 1)}


def by_openpyxl(target: Path, portions: Iterable[pd.DataFrame]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("评论")
    for frame in portions:
        for row in frame.itertuples(index=False, name=None):
            sheet.append(row)
    book.save(target)


def frames(rows: int) -> Iterator[pd.DataFrame]:
    """Raw rows as `storage.export_rows.portions` gives them, texts of some 80 signs."""
    rng = Random(1)
    start = int((datetime(2026, 3, 2) - datetime(1970, 1, 1)) / timedelta(seconds=1))  # noqa: DTZ001
    for first in range(0, rows, PORTION):
        yield pd.DataFrame([row_of(rng, first + place, start) for place in range(min(PORTION, rows - first))],
                           columns=list(SELECTS["评论"]), dtype=object)  # fmt: skip


def row_of(rng: Random, number: int, start: int) -> tuple[Any, ...]:
    text = "".join(rng.choice(WORDS) for _ in range(34)) + (f"电话1385{number % 10_000_000:07}" if number % 10 == 0 else "")
    where, who = (1, "临江发布", "临江市"), (f"u{number % 5000:024x}", "网友", "福建", "comment")
    rest = (1, "投诉", number % 50, 0, "停水通知", "https://example.cn/1", start + number, str(49 * 10**17 + number), 0, 1)
    return number, start + number, *where, *who, text, "供水", "停水", -1, *rest
