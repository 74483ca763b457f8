"""A small city that stands still, served over a real socket."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from simulator import weibo
from simulator.clock import ManualClock
from simulator.events import SimAccount
from simulator.faults import Faults
from simulator.server import Running, start_server
from simulator.world import World, make_world

START = datetime(2026, 3, 2, 20, 0, tzinfo=timezone(timedelta(hours=8))).timestamp()


@dataclass
class Served:
    """A world behind a port, with a client that reads JSON whatever the status."""

    world: World
    running: Running
    clock: ManualClock

    def account(self, route: str, turn: int = 0) -> SimAccount:
        return [a for a in self.world.city.accounts if a.route == route][turn]

    def get(
        self, path: str, owner: SimAccount | None = None, *, method: str = "GET", timeout: float = 5, **params: object
    ) -> Any:
        return json.loads(self.raw(path, owner, method=method, timeout=timeout, **params)[2])

    def raw(
        self, path: str, owner: SimAccount | None = None, *, method: str = "GET", timeout: float = 5, **params: object
    ) -> tuple[int, dict[str, str], bytes]:
        words = {name: str(value) for name, value in params.items()} | ({"access_token": owner.token} if owner else {})
        query = urllib.parse.urlencode(words)
        url, body = f"{self.running.url}{path}", query.encode() if method == "POST" else None
        request = urllib.request.Request(url if body is not None else f"{url}?{query}", body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, {k.lower(): v for k, v in refused.headers.items()}, refused.read()


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """Start a world: `serve(accounts=15, rates={...}, limits={...}, stall_s=1.0, …)`; stopped afterwards."""
    started: list[Running] = []

    def start(accounts: int = 15, rates: dict[str, float] | None = None, stall_s: float = 1.0, **more: Any) -> Served:
        clock = ManualClock(START)
        world = make_world(7, accounts, clock=clock, faults=Faults(rates, 7, stall_s, 1.0), history_days=6, **more)
        running = start_server(world, routes=weibo.ROUTES)
        started.append(running)
        return Served(world, running, clock)

    yield start
    for running in started:
        running.stop()


@pytest.fixture
def served(serve: Callable[..., Served]) -> Served:
    """Fifteen accounts, six days of history, nothing goes wrong."""
    return serve()
