"""The worker, until it is told to stop or for one pass over everything due."""

import argparse
import logging

from settings import load
from worker import main as run_worker

ABOUT = "启动采集程序(--once 只采集一遍到期账号)"


def main(argv: list[str]) -> int:
    """Exit code 0; 1 when a single pass had failures; 3 when another worker is at work on the database."""
    parser = argparse.ArgumentParser(prog="run.py worker", description=ABOUT)
    parser.add_argument("--once", action="store_true", help="只采集一遍到期账号后退出")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    return run_worker(load(), once=options.once)
