"""Runs one of the measurements in bench/ by its name."""

import argparse
from importlib import import_module
from pathlib import Path

ABOUT = "运行性能与正确性测量(bench 后跟名称，不带名称则列出)"
FOLDER = Path(__file__).resolve().parent.parent / "bench"


def main(argv: list[str]) -> int:
    """Exit code of the measurement: 0 when its goals were met."""
    names = [path.stem for path in sorted(FOLDER.glob("[a-z]*.py")) if "ABOUT" in path.read_text(encoding="utf-8")]
    parser = argparse.ArgumentParser(prog="run.py bench", description=ABOUT)
    parser.add_argument("name", nargs="?", choices=names, help="、".join(names))
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="该测量自己的参数")
    options = parser.parse_args(argv)
    if options.name is None:
        for name in names:
            print(f"  {name:<14}{import_module(f'bench.{name}').ABOUT}")
        return 0
    return int(import_module(f"bench.{options.name}").main(options.rest))
