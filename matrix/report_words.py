"""The one form in which a report prints a number: counts, shares with what they rest on, comparisons, durations, moments."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from matrix.percent import whole_percent
from matrix.waiting import FLOOR

OFFSET = timedelta(hours=8)
"""Beijing is UTC+8 for every date that the product handles."""

TOO_FEW = "样本不足"


def share_words(name: str, met: int, of: int, stated: int | None = None, held: int | None = None, floor: int = FLOOR) -> str:
    """24小时回复率 81%（174/214，采集完整度92%）; 样本不足 in place of the rate below `floor`, with the numbers all the same."""
    if of == 0:
        return f"{name} 尚无可判定的诉求（{coverage_words(stated, held)}）"
    rate = f"{whole_percent(met, of)}%" if of >= floor else TOO_FEW
    return f"{name} {rate}（{met}/{of}，{coverage_words(stated, held)}）"


def coverage_words(stated: int | None, held: int | None) -> str:
    """采集完整度92%; 不详 where no platform states how much there is. Nothing stated to be there is all held."""
    if stated is None or held is None:
        return "采集完整度不详"
    return f"采集完整度{whole_percent(min(held, stated), stated) if stated else 100}%"


def part_words(name: str, part: int, whole: int, floor: int = FLOOR) -> str:
    """A share without coverage: 负面占比 12%（6/50）."""
    if whole == 0:
        return f"{name} 无（0/0）"
    rate = f"{whole_percent(part, whole)}%" if whole >= floor else TOO_FEW
    return f"{name} {rate}（{part}/{whole}）"


def part_cell(part: int, whole: int, floor: int = FLOOR) -> str:
    """The same for a cell of a table, on two lines so that it breaks nowhere else."""
    if whole == 0:
        return "—"
    return f"{f'{whole_percent(part, whole)}%' if whole >= floor else TOO_FEW}\n（{part}/{whole}）"


def count_words(now: int, unit: str, before: int | None = None) -> str:
    """132条, or 132条（上期120条） where the period before was wholly seen."""
    return f"{now}{unit}" if before is None else f"{now}{unit}（上期{before}{unit}）"


def duration_words(seconds: float | None, working: float | None = None) -> str:
    """2天3小时（工作时间9小时）; rounded down to the smaller of the two units that are shown."""
    if seconds is None:
        return "不详"
    words = span_words(seconds)
    return words if working is None else f"{words}（工作时间{span_words(working)}）"


def span_words(seconds: float) -> str:
    """Two neighbouring units at most: 2天3小时, 3小时5分钟, 12分钟, 不足1分钟."""
    minutes = int(seconds) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days}天{hours}小时" if hours else f"{days}天"
    if hours:
        return f"{hours}小时{rest}分钟" if rest else f"{hours}小时"
    return f"{rest}分钟" if rest else "不足1分钟"


def moment_words(seconds: int) -> str:
    """2026年3月6日15时00分, Beijing time."""
    local = datetime.fromtimestamp(seconds, UTC) + OFFSET
    return f"{local.year}年{local.month}月{local.day}日{local.hour}时{local.minute:02d}分"


def day_words(seconds: int) -> str:
    """2026年3月6日, Beijing time."""
    local = datetime.fromtimestamp(seconds, UTC) + OFFSET
    return f"{local.year}年{local.month}月{local.day}日"


def short_moment(seconds: int) -> str:
    """03-06 15:00 for cells of tables."""
    return f"{datetime.fromtimestamp(seconds, UTC) + OFFSET:%m-%d %H:%M}"


def period_words(since: int, until: int) -> str:
    """From when until when the report counts."""
    return f"{moment_words(since)}至{moment_words(until)}"


def cells_of(rows: Iterable[Iterable[Any]]) -> list[list[str]]:
    """Cells as they are printed: numbers plain, nothing as a dash."""
    return [["—" if cell is None or cell == "" else str(cell) for cell in row] for row in rows]
