"""Scores the counts of any file, row by row, so that the detector can be judged on data from elsewhere."""

import csv
import sys
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matrix.surge import Detector
from matrix.surge_rules import Baseline, Parameters

BEIJING = timezone(timedelta(hours=8))
LENGTHS = tuple(n for n in (*range(1, 61), 120, 180, 240, 360, 480, 720, 1440) if 1440 % n == 0 and (60 % n == 0 or n % 60 == 0))
"""Minutes that a bucket may have."""
NEEDED = ("time", "series", "count")


class RowError(ValueError):
    """A row cannot be read; the text is a Chinese sentence without the line number."""


@dataclass(slots=True)
class Rows:
    """The good rows of a file, in its order; times and names once each."""

    times: list[tuple[str, int]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    time: array = field(default_factory=lambda: array("q"))
    series: array = field(default_factory=lambda: array("q"))
    count: array = field(default_factory=lambda: array("d"))
    post: array = field(default_factory=lambda: array("d"))
    complaints: list[str] = field(default_factory=list)


def score_file(source: Path, target: Path) -> int:
    """Score `source` (time, series, count[, post]) into `target`; 0 when any row was scored, 1 otherwise.

    Times without a zone are Beijing time; Unix seconds are read too. An empty count, and a row that is missing, is a gap and
    not a zero. The length of a bucket is the usual distance between the rows of a series; rows in one bucket are added up.
    """
    try:
        rows = read(source)
    except (OSError, UnicodeDecodeError, RowError) as error:
        reason = error if isinstance(error, RowError) else "请确认文件存在，并以 UTF-8 编码保存。"
        print(f"无法读取 {source}：{reason}", file=sys.stderr)
        return 1
    for complaint in rows.complaints:
        print(complaint, file=sys.stderr)
    if not len(rows.time):
        print(f"{source} 里没有可以打分的行。", file=sys.stderr)
        return 1
    minutes = bucket_length(rows)
    found = score(rows, minutes)
    write(rows, found, target)
    print(
        f"{len(rows.time):,} 行、{len(rows.names):,} 个序列已打分，每桶 {minutes} 分钟；"
        f"{len(rows.complaints):,} 行有误未打分；结果在 {target}。"
    )
    return 0


def read(source: Path) -> Rows:
    """All rows that can be read; one complaint for every other. Raises RowError when a column is missing."""
    rows, times, names, seen = Rows(), {}, {}, {}
    with source.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        head = [cell.strip().lower() for cell in next(reader, [])]
        missing = [name for name in NEEDED if name not in head]
        if missing:
            raise RowError(f"缺少列 {'、'.join(missing)}，首行须有 time、series、count，可有 post。")
        at = {name: head.index(name) for name in (*NEEDED, "post") if name in head}
        for cells in lines(reader):
            try:
                moment, name, count, post = parse(cells, at, len(head))
                if moment not in times:
                    times[moment] = len(rows.times)
                    rows.times.append((moment, seconds(moment)))
            except RowError as error:
                rows.complaints.append(f"第 {reader.line_num} 行：{error}")
                continue
            series = names.setdefault(name, len(names))
            place = (times[moment], series)
            if seen.setdefault(place, reader.line_num) != reader.line_num:
                rows.complaints.append(f"第 {reader.line_num} 行：与第 {seen[place]} 行的时间和序列相同，只计前者。")
                continue
            rows.time.append(times[moment])
            rows.series.append(series)
            rows.count.append(count)
            rows.post.append(post)
    rows.names = list(names)
    return rows


def lines(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """Rows that hold anything; what the csv module itself refuses is given as a row without cells."""
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = [""]
        if cells:
            yield cells


def parse(cells: list[str], at: dict[str, int], width: int) -> tuple[str, str, float, float]:
    if len(cells) != width:
        raise RowError(f"应有 {width} 列，实有 {len(cells)} 列。")
    moment, name = cells[at["time"]].strip(), cells[at["series"]].strip()
    if not name:
        raise RowError("没有写明序列。")
    post = number(cells[at["post"]], "发帖数") if "post" in at else 0.0
    return moment, name, number(cells[at["count"]], "计数"), 0.0 if np.isnan(post) else post


def number(text: str, what: str) -> float:
    """A count; NaN for an empty cell."""
    if not text.strip():
        return float("nan")
    try:
        value = float(text)
    except ValueError:
        raise RowError(f"{what}“{text}”不是数字。") from None
    if not 0 <= value < 1e12:
        raise RowError(f"{what}“{text}”应为不小于零的数。")
    return value


def seconds(text: str) -> int:
    """Unix seconds of a time as people write it."""
    try:
        if text.isdigit() and len(text) >= 9:
            return int(text) // (1000 if len(text) >= 12 else 1)
        moment = datetime.fromisoformat(text.replace("/", "-"))
        return int((moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).timestamp())
    except (ValueError, OverflowError):
        raise RowError(f"时间“{text}”无法识别，请写成 2026-01-31 08:05 或 Unix 秒。") from None


def moments(rows: Rows) -> NDArray[np.int64]:
    return np.array([moment for _, moment in rows.times], np.int64)[np.asarray(rows.time)]


def bucket_length(rows: Rows) -> int:
    """Minutes: the most frequent distance between neighbouring rows of a series, rounded to a length that a bucket may have."""
    moment, series = moments(rows), np.asarray(rows.series)
    order = np.lexsort((moment, series))
    apart = np.diff(moment[order])[np.diff(series[order]) == 0]
    apart = apart[apart > 0]
    if not len(apart):
        return 5
    usual = Counter(apart.tolist()).most_common(1)[0][0] / 60
    return min(LENGTHS, key=lambda length: (abs(np.log(length / usual)), length))


def score(rows: Rows, minutes: int) -> NDArray[np.float64]:
    """(4, rows): operational score, novelty, expected count of the bucket, baseline; by the bucket in which each row lies."""
    # Buckets longer than an hour begin with Beijing's day.
    offset = 8 * 3600 if 480 % minutes else 0
    bucket = (moments(rows) + offset) // (60 * minutes)
    order = np.argsort(bucket, kind="stable")
    borders = np.flatnonzero(np.diff(bucket[order], prepend=bucket[order[0]] - 1))
    series, count, post = (np.asarray(values) for values in (rows.series, rows.count, rows.post))
    detector, found = Detector(range(len(rows.names)), Parameters(minutes=minutes)), np.zeros((4, len(bucket)))
    for place in np.split(order, borders[1:]):
        which, counts = series[place], np.full(len(rows.names), np.nan)
        known = np.isfinite(count[place])
        counts[which[known]] = 0
        np.add.at(counts, which[known], count[place][known])
        posts = np.bincount(which, post[place], len(rows.names))
        scores = detector.step(int(bucket[place[0]]), counts, posts)
        expected = detector.windows.expected[int(bucket[place[0]]) % detector.windows.length]
        found[:, place] = scores.score[which], scores.novelty[which], expected[which], scores.baseline[which]
    return found


def write(rows: Rows, found: NDArray[np.float64], target: Path) -> None:
    """One row for each good row of the source, in its order."""
    labels = [Baseline(value).label for value in range(3)]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*NEEDED, "score", "novelty", "expected", "baseline"])
        for place, (operational, novelty, expected, baseline) in enumerate(found.T.tolist()):
            count = rows.count[place]
            told = ("", "") if baseline == Baseline.GAP else (f"{operational:.4f}", f"{novelty:.4f}")
            writer.writerow(
                [
                    rows.times[rows.time[place]][0],
                    rows.names[rows.series[place]],
                    "" if np.isnan(count) else f"{count:g}",
                    *told,
                    f"{expected:.4f}",
                    labels[int(baseline)],
                ]
            )
