"""A make-believe city with its WeChat accounts and feeds behind a real socket, and a way to compare shapes."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from simulator import feeds, wechat
from simulator.clock import ManualClock
from simulator.events import SimAccount, SimPost
from simulator.faults import Faults
from simulator.seeing import is_mass_sent
from simulator.server import Running, start_server
from simulator.world import World, make_world

START = datetime(2026, 3, 4, 10, 0, tzinfo=timezone(timedelta(hours=8))).timestamp()


@dataclass
class Bench:
    """The world, its port and its clock; `ask` speaks WeChat with a stable token that it keeps per account."""

    world: World
    running: Running
    clock: ManualClock
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def account(self) -> SimAccount:
        return next(a for a in self.world.city.accounts if a.route == "wechat")

    @property
    def feed(self) -> SimAccount:
        return next(a for a in self.world.city.accounts if a.route == "feed")

    def raw(self, path: str, body: object = None, *, method: str = "") -> tuple[int, dict[str, str], bytes]:
        sent = None if body is None else body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        request = urllib.request.Request(f"{self.running.url}{path}", sent, method=method or ("GET" if sent is None else "POST"))
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, {k.lower(): v for k, v in refused.headers.items()}, refused.read()

    def token(self, *, force: bool = False, secret: str = "", account: SimAccount | None = None) -> dict[str, Any]:
        who = account or self.account
        asked = {"grant_type": "client_credential", "appid": who.ext_id, "secret": secret or who.secret, "force_refresh": force}
        return json.loads(self.raw("/wechat/cgi-bin/stable_token", asked)[2])

    def plain_token(self) -> dict[str, Any]:
        path = f"/wechat/cgi-bin/token?grant_type=client_credential&appid={self.account.ext_id}&secret={self.account.secret}"
        return json.loads(self.raw(path)[2])

    def ask(self, path: str, body: object = None, *, token: str = "", method: str = "") -> dict[str, Any]:
        if not token and self.account.ext_id not in self.tokens:
            self.tokens[self.account.ext_id] = self.token()["access_token"]
        used = token or self.tokens[self.account.ext_id]
        status, _, answer = self.raw(f"/wechat{path}?access_token={used}", body, method=method)
        assert status == 200
        return json.loads(answer)

    def posts(self) -> list[SimPost]:
        return self.world.city.posts(self.account, 0, self.clock.now())

    def talked_about(self, *, published: bool = False) -> SimPost:
        """The article with most comments; with `published` among those that the publishing list has."""
        kept = [p for p in self.posts() if p.deleted_at is None and p.hidden_at is None]
        return max((p for p in kept if not published or not is_mass_sent(p)), key=lambda p: len(p.comments))

    def day(self, ago: int) -> dict[str, str]:
        at = datetime.fromtimestamp(self.clock.now(), timezone(timedelta(hours=8))) - timedelta(days=ago)
        return {"begin_date": f"{at:%Y-%m-%d}", "end_date": f"{at:%Y-%m-%d}"}


@pytest.fixture
def serve() -> Iterator[Callable[..., Bench]]:
    """Start a bench: `serve(rates={...}, limits={...}, at=…)`; stopped afterwards."""
    started: list[Running] = []

    def start(rates: dict[str, float] | None = None, at: float = START, **more: Any) -> Bench:
        clock = ManualClock(at)
        world = make_world(7, 15, clock=clock, faults=Faults(rates, 7), history_days=12, **more)
        running = start_server(world, routes={**wechat.ROUTES, **feeds.ROUTES})
        started.append(running)
        return Bench(world, running, clock)

    yield start
    for running in started:
        running.stop()


@pytest.fixture
def bench(serve: Callable[..., Bench]) -> Bench:
    """Nothing goes wrong, and it is ten in the morning."""
    return serve()


def misfit(value: Any, shape: Any, where: str = "$") -> str:
    """Where a value departs from a shape ({"name": int, "may_be_absent?": str}, [shape of each], type or fixed value), or ""."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return f"{where} is no object"
        needed = {name for name in shape if not name.endswith("?")}
        allowed = needed | {name.removesuffix("?") for name in shape}
        if missing := needed - set(value):
            return f"{where} lacks {sorted(missing)}"
        if more := set(value) - allowed:
            return f"{where} has {sorted(more)} too much"
        found = (misfit(value[n], shape[n] if n in shape else shape[f"{n}?"], f"{where}.{n}") for n in value)
        return next((wrong for wrong in found if wrong), "")
    if isinstance(shape, list):
        if not isinstance(value, list):
            return f"{where} is no list"
        found = (misfit(one, shape[0], f"{where}[{n}]") for n, one in enumerate(value))
        return next((wrong for wrong in found if wrong), "")
    if isinstance(shape, type):
        return "" if type(value) is shape else f"{where} is {value!r} and no {shape.__name__}"
    if isinstance(shape, tuple):
        return "" if type(value) in shape else f"{where} is {value!r} and none of {shape}"
    return "" if value == shape else f"{where} is {value!r} and not {shape!r}"


@pytest.fixture
def differs() -> Callable[[Any, Any], str]:
    """`assert not differs(answer, shape)`."""
    return misfit
