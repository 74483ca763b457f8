"""Counts how rare pairs of letters are in a folder of texts: what the grouping of messages weighs words by."""

import argparse
import sys
from pathlib import Path

import numpy as np

from bench.issues_rows import BACKGROUND, background
from bench.show import show
from reading.appeal_model import SLOTS
from reading.issue import READ
from reading.issue_rows import WEIGHTS, pairs, save

ABOUT = "重新统计热点归并用的用字频率，写出系数文件（参数：--data 文件夹…）"
FEWEST_TEXTS = 10
"""Rarer pairs all weigh the same; they are not kept."""


def main(argv: list[str]) -> int:
    """0 when the weights were written."""
    parser = argparse.ArgumentParser(prog="run.py bench issues_fit", description=ABOUT)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="存放留言和评论文件的文件夹，可以是几个")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="系数文件写到哪里，默认替换现用的一份")
    options = parser.parse_args(argv)
    texts = background(options.data, READ)
    if not texts:
        print(f"文件夹里没有可用的文件：需要 {'、'.join(f'{name}.csv' for name in BACKGROUND)} 中的至少一个。", file=sys.stderr)
        return 1
    _, slots, _ = pairs(texts)
    texts_with = np.bincount(slots, minlength=SLOTS)
    found = np.flatnonzero(texts_with)
    save(options.out, found, texts_with[found], len(texts), FEWEST_TEXTS)
    kept = int((texts_with >= FEWEST_TEXTS).sum())
    size = options.out.stat().st_size
    show(
        "热点归并：用字频率",
        [("文本", len(texts)), ("保留的字对", kept), ("系数文件(字节)", size)],
        {"texts": len(texts), "pairs": kept, "bytes": size},
    )
    return 0
