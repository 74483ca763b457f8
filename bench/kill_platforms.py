"""The platforms of a city that is besieged, in a process of their own: time stands still and nothing has a quota."""

from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from simulator.clock import Clock
from simulator.ledger import write_credentials, write_ledger
from simulator.quotas import Quotas
from simulator.server import start_server
from simulator.truth import happened
from simulator.wechat_publish import short_id
from simulator.world import make_world

NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)  # a Wednesday morning in Beijing, statistics of the day before are there


@dataclass(frozen=True, slots=True)
class Size:
    """How large a city is; `busy` multiplies its comments."""

    accounts: int
    days: int
    busy: float


class NoQuotas(Quotas):
    """A worker that starts anew a hundred times asks more often than any platform allows in a day that never ends."""

    def take(self, limit: str, who: str, span: str, now: float) -> bool:  # noqa: ARG002 (nothing counts)
        return True


def pretend(seed: int, size: Size, folder: str, line: Connection) -> None:
    """The platforms, in a process of their own, until the other end of `line` is gone; writes ledger, credentials and truth."""
    world = make_world(seed, size.accounts, clock=Clock(NOW.timestamp(), 0.0), history_days=size.days, busy=size.busy)
    world.quotas = NoQuotas()
    running = start_server(world)
    write_ledger(world.city, running.url, Path(folder) / "ledger.csv")
    write_credentials(world.city, Path(folder) / "credentials.csv")
    city, keys = world.city, set[str]()
    for account in city.accounts:
        keys |= {line["key"] for line in happened(city, account, 0, NOW.timestamp())}
        if account.platform == "wechat":
            keys |= {short_id(post) for post in city.posts(account, 0, NOW.timestamp())}  # feeds name articles by their link
    (Path(folder) / "truth.txt").write_text("\n".join(keys), encoding="utf-8")
    line.send(running.url)
    try:
        line.recv()
    except EOFError:
        running.stop()
