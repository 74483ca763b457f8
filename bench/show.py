"""How a measurement is shown: a table for people, then one JSON object on the last line; progress on a terminal only."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from tqdm import tqdm

Item = TypeVar("Item")


def show(title: str, rows: Sequence[Sequence[Any]], figures: dict[str, Any]) -> None:
    """Print rows of (label, value, note) and the figures as JSON."""
    print(f"\n{title}")
    width = max((_width(str(row[0])) for row in rows), default=0)
    for label, value, *note in rows:
        text = f"{value:,.3f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
        print(f"  {label}{' ' * (width - _width(str(label)))}  {text:>14}  {' '.join(map(str, note))}".rstrip())
    print(json.dumps(figures, ensure_ascii=False, default=str), flush=True)


def progress(items: Iterable[Item], total: int, label: str) -> Iterable[Item]:
    """A bar on a terminal, a plain line for every tenth elsewhere."""
    if sys.stderr.isatty():
        yield from tqdm(items, total=total, desc=label)
        return
    step = max(1, total // 10)
    for number, item in enumerate(items, 1):
        yield item
        if number % step == 0 or number == total:
            print(f"{label} {number}/{total}", file=sys.stderr, flush=True)


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)
