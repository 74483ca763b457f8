"""A small city and a worker in front of it, for the tests of the worker."""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime

from matrix.account import Platform, Route
from simulator.clock import ManualClock
from simulator.events import SimAccount
from simulator.exchange import Request, Response
from simulator.server import Running, all_routes, start_server
from simulator.world import World, make_world
from storage import accounts, credentials, organizations
from storage.database import create_database, writing
from storage.keyring import load_keyring
from tests.commands.place import NOW, Place
from worker import Worker

TIMELINE = ("GET", "/weibo-commercial/2/statuses/user_timeline/other.json")


@dataclass
class Platforms:
    """A small city of commercial Weibo accounts; `gate` holds every time line back while it is closed."""

    world: World
    running: Running
    gate: threading.Event
    reached: threading.Event

    @property
    def accounts(self) -> list[SimAccount]:
        return self.world.city.accounts[5:]  # the bad afternoon, which fills threads, is the first five's

    def calls_of(self, account: SimAccount) -> int:
        return sum(query.get("access_token") == account.token for _, _, _, query in self.world.asked)


@contextmanager
def platforms_of_a_city() -> Generator[Platforms]:
    """Served over a real socket; their time stands still."""
    world = make_world(7, 10, clock=ManualClock(NOW.timestamp()), history_days=1, mix=("weibo_commercial",), busy=0.2)
    gate, reached = threading.Event(), threading.Event()
    gate.set()
    routes = all_routes()
    real = routes[TIMELINE]

    def held(request: Request) -> Response:
        reached.set()
        gate.wait(20)
        return real(request)

    running = start_server(world, routes={**routes, TIMELINE: held})
    yield Platforms(world, running, gate, reached)
    gate.set()
    running.stop()


def fill_ledger(place: Place, platforms: Platforms) -> None:
    """The accounts of the city with their credentials, under one unit."""
    ring = load_keyring(place.key_file, make=True)
    with closing(create_database(place.path)) as db:
        with writing(db):
            credentials.remember_key(db, ring)
            unit = organizations.add(db, code="1", name="临江市", parent_id=None, level="市级", seen_at=0)
            for one in platforms.accounts:
                accounts.add(
                    db, platform=Platform.WEIBO, ext_id=one.ext_id, name=one.name, organization_id=unit,
                    route=Route.WEIBO_COMMERCIAL, seen_at=0,
                )  # fmt: skip
            organizations.rebuild_tree(db)
        for number, one in enumerate(platforms.accounts, 1):
            credentials.save(db, number, one.token, ring, NOW, "测试")


@contextmanager
def worker_of(place: Place, now: Callable[[], datetime] = lambda: NOW) -> Generator[Worker]:
    with closing(Worker(place.settings, now, threading.Event())) as worker:
        yield worker


@contextmanager
def at_work(worker: Worker) -> Generator[None]:
    """The worker turning in a thread of its own until the end of the block."""
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stopping.set()
        thread.join(20)
        assert not thread.is_alive()


def wait_for(what: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)
