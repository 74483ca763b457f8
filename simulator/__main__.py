"""`python3 -m simulator`: the simulated platforms as a program of their own, until it is told to stop."""

import argparse
import signal
import sys
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

from simulator.answering import LIVELY
from simulator.clock import Clock
from simulator.faults import KINDS, Faults, parse_fault
from simulator.ledger import write_credentials, write_ledger
from simulator.server import start_server
from simulator.truth import Truth
from simulator.world import make_world

_BEIJING = timezone(timedelta(hours=8))


def _moment(word: str) -> float:
    """A moment of Beijing time unless the word names its own zone."""
    at = datetime.fromisoformat(word)
    return (at if at.tzinfo else at.replace(tzinfo=_BEIJING)).timestamp()


def _fault(word: str) -> tuple[str, float]:
    try:
        return parse_fault(word)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from wrong


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m simulator", description="在本机模拟微博、微信公众号和订阅源的接口。")
    parser.add_argument("--port", type=int, default=9100, help="端口，0 为任选（默认 9100）")
    parser.add_argument("--seed", type=int, default=7, help="城市的种子")
    parser.add_argument("--accounts", type=int, default=60, help="账号数")
    parser.add_argument("--start", type=_moment, default=None, help="虚拟时间的起点，北京时间，如 2026-03-02T08:00；不写为现在")
    parser.add_argument("--speed", type=float, default=1.0, help="时间流速，1 为真实速度")
    parser.add_argument("--anchor", type=float, help="虚拟时间等于起点的真实时刻（Unix 秒），与其他程序共用一个时钟时用")
    parser.add_argument("--history-days", type=int, default=30, help="起点之前有多少天的历史")
    parser.add_argument("--busy", type=float, default=1.0, help="评论数量的倍数")
    parser.add_argument(
        "--lively", action="store_true", help="追问、楼中楼和同单位账号代答、自动回复、改回复、删回复等情形都出现"
    )
    parser.add_argument("--truth", type=Path, help="把发生的一切逐行写入这个文件")
    parser.add_argument("--ideal-interval", type=float, help="结束时在真值文件中写入理想采集端每隔多少秒轮询一次所能看到的内容")
    parser.add_argument("--ledger", type=Path, help="写出账号台账 CSV")
    parser.add_argument("--credentials", type=Path, help="写出账号凭据 CSV")
    faults = "、".join(KINDS)
    parser.add_argument(
        "--fault", type=_fault, action="append", default=[], metavar="KIND[:RATE]", help=f"故障，可多次：{faults}"
    )
    parser.add_argument("--stall-seconds", type=float, default=30.0, help="stall 故障停多少秒，slow_drip 用时为其三分之二")
    return parser


def main(words: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT."""
    asked = _arguments().parse_args(words)
    faults = Faults(dict(asked.fault), asked.seed, asked.stall_seconds, asked.stall_seconds * 2 / 3)
    clock = Clock(asked.start, asked.speed, asked.anchor)
    try:
        world = make_world(
            asked.seed,
            asked.accounts,
            clock=clock,
            faults=faults,
            history_days=asked.history_days,
            busy=asked.busy,
            happenings=LIVELY if asked.lively else None,
        )
        running = start_server(world, asked.port)
    except (ValueError, OSError) as wrong:
        print(f"模拟平台没有启动：{wrong}", file=sys.stderr)
        return 1
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    if asked.ledger:
        write_ledger(world.city, running.url, asked.ledger)
    if asked.credentials:
        write_credentials(world.city, asked.credentials)
    if asked.truth:
        world.truth = Truth(asked.truth, world, asked.ideal_interval)
    print(f"模拟平台已就绪：{running.url}", flush=True)
    while not ended.wait(3600):
        pass
    running.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
