"""How surely what points at a person is hidden in the texts of any file, and how often what does not is hidden as well."""

import argparse
import csv
import gzip
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from bench.masking_plant import MAKERS, NUMBERS, Plant, is_hidden, plant
from bench.show import show
from matrix.masking import mask_text

ABOUT = "脱敏：往一个文件的文本里放进编造的电话、证件号、车牌、住址等，量查全率和误遮率（参数：--data 文件…）"
NUMBER_GOAL, ADDRESS_GOAL, FALSE_GOAL = 0.99, 0.90, 0.01


def main(argv: list[str]) -> int:
    """0 when the goals were met. Whether a text that was changed without a plant held a person's data only a person can judge."""
    parser = argparse.ArgumentParser(prog="run.py bench masking", description=ABOUT)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="CSV 或 CSV.gz，须有文本列")
    parser.add_argument("--column", default="text", help="文本列的名称(默认 text)")
    parser.add_argument("--plants", type=int, default=500, help="每一类放进多少个(默认 500)")
    parser.add_argument("--seed", type=int, default=1, help="随机数的种子")
    parser.add_argument("--fitting", action="store_true", help="用调试用的写法，不用判定用的写法")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="列出 N 条被改动的原文和没有遮住的写法，供人判断")
    parser.add_argument("--judged", type=int, metavar="N", help="人看过被改动的原文后，认定其中误遮的条数")
    options = parser.parse_args(argv)
    wrong = [f"打不开：{path}" for path in options.data if not path.is_file()]
    texts = [] if wrong else [text for path in options.data for text in read(path, options.column)]
    if not texts:
        print("\n".join(wrong) or f"没有读到文本，请检查 --data 给出的文件有没有“{options.column}”列。", file=sys.stderr)
        return 1
    rng = Random(options.seed)
    begun = time.perf_counter()
    changed = [(text, masked) for text in texts if (masked := mask_text(text)) != text]
    seconds = time.perf_counter() - begun
    rows, figures, leaks = recall(texts, rng, options.plants, not options.fitting)
    share = len(changed) / len(texts)
    is_false = share if options.judged is None else options.judged / len(texts)
    missed = [] if figures["numbers"] >= NUMBER_GOAL else ["号码"]
    missed += [] if figures["住址"] >= ADDRESS_GOAL else ["住址"]
    missed += [] if is_false <= FALSE_GOAL else ["误遮" if options.judged is not None else "误遮(上限，待人判断)"]
    for text, masked in rng.sample(changed, min(options.show, len(changed))):
        print(f"- {differences(text, masked)}")
    for leak in leaks[: options.show]:
        print(f"! {leak}")
    show(
        f"脱敏({len(texts):,}条文本)：{'目标都已达到' if not missed else '未达目标：' + '、'.join(missed)}",
        [
            *rows,
            (
                "未放东西而被改动的文本",
                len(changed),
                f"{share:.2%}；其中真有个人信息的不是误遮，须由人判断(--show)，目标：误遮≤1%",
            ),
            ("每秒(一个核)", round(len(texts) / seconds), f"平均{sum(map(len, texts)) / len(texts):.0f}字"),
        ],
        {
            **{kind: round(value, 4) for kind, value in figures.items()},
            "changed": round(share, 5),
            "false": round(is_false, 5),
            "missed": missed,
        },
    )
    return 1 if missed else 0


def recall(
    texts: Sequence[str], rng: Random, count: int, is_judged: bool
) -> tuple[list[tuple[str, str, str]], dict[str, float], list[str]]:
    """Rows for the table, shares by kind, and the plants that stayed readable."""
    rows, figures, leaks = [], {}, []
    found, strict, whole = {}, 0, 0
    for kind in MAKERS:
        hidden = 0
        for _ in range(count):
            one = plant(kind, rng, is_judged)
            masked = mask_text(put(rng.choice(texts)[:300], one, rng))
            is_safe = is_hidden(one, masked, one.secrets)
            hidden += is_safe
            if one.street:
                whole += 1
                strict += is_safe and is_hidden(one, masked, one.street)
            if not is_safe:
                leaks.append(f"{kind} {one.written}")
        found[kind] = hidden
        figures[kind] = hidden / count
        rows.append((kind, f"{hidden / count:.1%}", f"{hidden}/{count}"))
    figures["numbers"] = sum(found[kind] for kind in NUMBERS) / (count * len(NUMBERS))
    figures["street"] = strict / max(1, whole)
    rows.append(("号码合计", f"{figures['numbers']:.2%}", f"{'、'.join(NUMBERS)}，目标：≥99%；住址的目标：≥90%"))
    rows.append(("写全的住址只留到乡镇、街道", f"{figures['street']:.1%}", f"{strict}/{whole}，连道路和小区名一起遮住的"))
    return rows, figures, leaks


def put(text: str, one: Plant, rng: Random) -> str:
    """The plant between two sentences of a text, before it or after it."""
    places = [0, len(text), *(place + 1 for place, sign in enumerate(text) if sign in "，。！？；,!?")]
    place = rng.choice(places)
    left, right = text[:place], text[place:]
    if left and left[-1] not in "，。！？；,!? ":
        left += "，"
    return f"{left}{one.written}{'，' if right and one.written[-1] not in '，。！' else ''}{right}"


def differences(text: str, masked: str) -> str:
    """The surroundings of the first place where two texts differ."""
    place = next((place for place, (one, other) in enumerate(zip(text, masked, strict=False)) if one != other), len(masked))
    return f"{text[max(0, place - 25) : place + 30]!r} -> {masked[max(0, place - 25) : place + 30]!r}"


def read(path: Path, column: str) -> Iterator[str]:
    csv.field_size_limit(10_000_000)
    with gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig") as lines:
        for row in csv.DictReader(lines):
            if text := row.get(column):
                yield text
