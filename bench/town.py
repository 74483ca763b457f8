"""A simulated city on loopback with a database of its own and our collector in front of it, on one clock that a test moves."""

import random
import shutil
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import settings as knobs
from collectors.collect import Collector
from collectors.sources import make_sources
from matrix.account import Platform, Route
from simulator.clock import ManualClock
from simulator.exchange import Request, Response
from simulator.faults import Faults
from simulator.server import Running, all_routes, start_server
from simulator.world import World, make_world
from storage import accounts, credentials, organizations
from storage.database import create_database, open_database, open_writer, writing
from storage.keyring import Keyring, new_keyring

PLATFORMS = {
    "weibo": Platform.WEIBO,
    "wechat": Platform.WECHAT,
    "douyin": Platform.DOUYIN,
    "toutiao": Platform.TOUTIAO,
    "channels": Platform.CHANNELS,
}


@dataclass
class Town:
    """The make-believe city, our database of it, and every reading of a thread or a list that its platforms saw."""

    world: World
    clock: ManualClock
    running: Running
    settings: knobs.Settings
    keyring: Keyring
    collector: Collector = field(init=False)
    thread_reads: dict[str, list[float]] = field(default_factory=dict)
    start: float = 0.0

    @property
    def path(self) -> Path:
        return self.settings.database.path

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now(), UTC)

    def live_until(self, end: float, tick: Callable[[float], None] = lambda _: None) -> None:
        """Look at everybody who is due, then let time pass to the next one, until `end` (virtual Unix seconds)."""
        while self.clock.now() < end:
            with closing(open_database(self.path)) as db:
                waiting = accounts.due(db, self.now(), limit=1_000_000)
                upcoming = accounts.next_due(db)
            for account in waiting:
                self.collector.collect(account)
            tick(self.clock.now())
            if not waiting:
                pause = 60.0 if upcoming is None else max(1.0, upcoming.timestamp() - self.clock.now())
                self.clock.set(min(end, self.clock.now() + pause))

    def look_at_everybody(self) -> None:
        """One look at every account whose platform can be asked, due or not."""
        with closing(open_database(self.path)) as db:
            everybody = accounts.collected(db)
        for account in everybody:
            self.collector.collect(account)

    def close(self) -> None:
        self.running.stop()


def make_town(
    folder: Path,
    *,
    seed: int,
    size: int,
    start: datetime,
    rates: dict[str, float] | None = None,
    history_days: int = 5,
    busy: float = 1.0,
    mix: tuple[str, ...] | None = None,
    patience: float = 1.0,
    happenings: dict[str, float] | None = None,
) -> Town:
    """Start the platforms and fill the ledger; nothing is collected yet. `patience`: real seconds until an answer is late.

    `happenings` are rates of what happens in the city beside the content faults among `rates`.
    """
    clock = ManualClock(start.timestamp())
    faults = Faults(rates or {}, seed, stall_s=patience * 1.3, drip_s=patience * 0.6)
    more: dict[str, Any] = {"history_days": history_days, "busy": busy, "mix": mix, "happenings": happenings}
    world = make_world(seed, size, clock=clock, faults=faults, **more)
    reads: dict[str, list[float]] = {}
    running = start_server(world, 0, dict(_listening(world, reads)))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    basis = knobs.Settings(root=folder)
    settings = replace(
        basis,
        database=replace(basis.database, path=folder / "town.db", key_file=folder / "town.key"),
        weibo=replace(basis.weibo, free_url=f"{running.url}/weibo-free", commercial_url=f"{running.url}/weibo-commercial"),
        wechat=replace(basis.wechat, url=f"{running.url}/wechat"),
        web=replace(basis.web, pace_seconds=0.0, connect_seconds=2.0, read_seconds=patience, attempts=2),
        worker=replace(basis.worker, history_days=history_days),
    )
    keyring = new_keyring()
    fill_ledger(settings.database.path, world, running.url, keyring, start)
    town = Town(world, clock, running, settings, keyring, thread_reads=reads, start=start.timestamp())
    town.collector = Collector(
        settings, make_sources(), keyring, town.now, lambda s: void(clock.advance(s)), threading.Event(), random.Random(seed)
    )
    return town


def fill_ledger(path: Path, world: World, url: str, keyring: Keyring, start: datetime) -> None:
    """Make a database that knows the city's units and accounts and holds their credentials."""
    from simulator.people import feed_form

    seen = int(start.timestamp())
    with closing(create_database(path)) as db, writing(db):
        ids: dict[str, int] = {}
        for unit in world.city.units:
            ids[unit.code] = organizations.add(
                db,
                code=unit.code,
                name=unit.name,
                parent_id=ids.get(unit.parent),
                level=unit.level,
                line=unit.line,
                region=unit.region,
                seen_at=seen,
            )
        for one in world.city.accounts:
            accounts.add(
                db,
                platform=PLATFORMS.get(one.platform, Platform.OTHER),
                ext_id=one.ext_id,
                name=one.name,
                organization_id=ids[one.unit],
                route=Route(one.route),
                feed_url=f"{url}/feeds/{one.feed}.{feed_form(one.feed)}" if one.feed else "",
                seen_at=seen,
            )
        organizations.rebuild_tree(db)
    with closing(open_writer(path)) as db:
        for one in world.city.accounts:
            secret = one.token or (f"{one.ext_id}:{one.secret}" if one.secret else "")
            account = accounts.find_by_key(db, PLATFORMS.get(one.platform, Platform.OTHER), one.ext_id)
            if secret and account:
                credentials.save(db, account.id, secret, keyring, start, "测量")


def _listening(world: World, reads: dict[str, list[float]]) -> Iterable[tuple[tuple[str, str], Callable[[Request], Response]]]:
    """The platforms' handlers, each noting which thread was asked for when."""
    for (method, path), handler in all_routes().items():
        if not path.endswith(("root_list.json", "comments/show.json", "comment/list")):
            yield (method, path), handler
            continue

        def listen(request: Request, handler: Callable[[Request], Response] = handler) -> Response:
            body = request.json() if request.method == "POST" else None
            if isinstance(body, dict):
                key = f"{body.get('msg_data_id')}_{int(body.get('index') or 0) + 1}"
            else:
                key = request.query.get("id", "")
            reads.setdefault(key, []).append(world.now())
            return handler(request)

        yield (method, path), listen


def void(_: object) -> None:
    """Swallow a result where a callback may not give one."""
