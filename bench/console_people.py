"""A hundred people before the console: real sessions over real sockets, each of whom has a page drawn anew every few seconds."""

import asyncio
import os
import random
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from matrix.people import Role
from storage import people, sessions
from storage.batches import bump_version
from storage.database import open_writer, writing

LONGEST = 60.0
"""Seconds after which a drawing counts as failed."""

SCOPES = 16
"""The whole province and its first cities: as many different people."""


@dataclass
class Crowd:
    """What the people saw: milliseconds from a wish to the end of its drawing, by the page; failures; what came over the line."""

    times: dict[str, list[float]] = field(default_factory=dict)
    failed: int = 0
    received: int = 0
    seconds: float = 0
    cpu_seconds: float = 0
    megabytes: float = 0

    @property
    def every(self) -> list[float]:
        return sorted(one for times in self.times.values() for one in times)


def invite(path: Path, count: int) -> list[str]:
    """Tokens of open sessions: every fourth of somebody who sees the whole province, the others of people of its cities."""
    now = datetime.now(UTC)
    with closing(open_writer(path)) as db, writing(db):
        units = [1] + [row[0] for row in db.execute("SELECT id FROM organizations WHERE parent_id = 1 ORDER BY id").fetchall()]
        tokens = []
        for number in range(count):
            place = 0 if number % 4 == 0 else 1 + number % min(SCOPES - 1, max(1, len(units) - 1))
            login = f"bench{place}"
            person = people.find(db, login)
            if person is None:
                scope = (units[min(place, len(units) - 1)],)
                people.add(
                    db,
                    login=login,
                    name=f"值守{place}",
                    role=Role.WATCH,
                    password="Measured-in-haste-1",  # noqa: S106 - nobody signs in with it: sessions are opened below
                    by="测量",
                    now=now,
                    must_change=False,
                    scope=scope,
                )
                person = people.find(db, login)
            assert person is not None
            tokens.append(sessions.begin(db, person.id, now, "127.0.0.1"))
    return tokens


def renew(path: Path) -> None:
    """What the worker does when something new came: every answer must be asked for again."""
    with closing(open_writer(path)) as db, writing(db):
        bump_version(db)


async def gather(
    link: str, cookie: str, tokens: Sequence[str], addresses: Sequence[str], path: Path, pid: int, *, each: float, seconds: float,
    writes: float,
) -> Crowd:  # fmt: skip
    """All of them at once, each on one page; `writes` seconds lie between two changes of the data (0: none)."""
    crowd, ready, begin = Crowd(), asyncio.Semaphore(0), asyncio.Event()
    visitors = []
    for number, token in enumerate(tokens):
        address = addresses[number % len(addresses)]
        visitors.append(asyncio.create_task(visit(crowd, link, f"{cookie}={token}", address, ready, begin, each, seconds)))
        await asyncio.wait_for(ready.acquire(), LONGEST)
    crowd.times.clear()
    started, spent, received = time.perf_counter(), cpu_of(pid), crowd.received
    begin.set()
    writer = asyncio.create_task(keep_renewing(path, writes)) if writes else None
    await asyncio.gather(*visitors)
    if writer:
        writer.cancel()
    crowd.seconds, crowd.cpu_seconds = time.perf_counter() - started, cpu_of(pid) - spent
    crowd.received, crowd.megabytes = crowd.received - received, memory_of(pid)
    return crowd


async def keep_renewing(path: Path, writes: float) -> None:
    while True:
        await asyncio.sleep(writes)
        await asyncio.to_thread(renew, path)


async def visit(
    crowd: Crowd,
    link: str,
    cookie: str,
    address: str,
    ready: asyncio.Semaphore,
    begin: asyncio.Event,
    each: float,
    seconds: float,
) -> None:
    """One person: opens the page, waits for the others, then has it drawn anew every `each` seconds."""
    where = link.replace("http", "ws") + "/_stcore/stream"
    async with connect(where, additional_headers={"Cookie": cookie}, subprotocols=["streamlit"], max_size=None) as line:  # ty: ignore[invalid-argument-type]
        await draw(crowd, line, address)
        ready.release()
        await begin.wait()
        await asyncio.sleep(random.random() * each)
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            took = await draw(crowd, line, address)
            await asyncio.sleep(max(0.0, each - took))


async def draw(crowd: Crowd, line: ClientConnection, address: str) -> float:
    """One drawing; seconds from the wish to its end."""
    page, _, query = address.lstrip("/").partition("?")
    wish = BackMsg()
    wish.rerun_script.page_name, wish.rerun_script.query_string = page, query
    start = time.perf_counter()
    await line.send(wish.SerializeToString())
    while True:
        data = await asyncio.wait_for(line.recv(decode=False), LONGEST)
        crowd.received += len(data)
        said = ForwardMsg()
        said.ParseFromString(bytes(data))
        kind = said.WhichOneof("type")
        if kind == "delta" and said.delta.new_element.WhichOneof("type") == "exception":
            crowd.failed += 1
        if kind == "script_finished":
            took = time.perf_counter() - start
            if said.script_finished in (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN):
                crowd.times.setdefault(address, []).append(took * 1000)
                return took
            crowd.failed += 1
            return took


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    parts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int) -> float:
    """Megabytes that a process holds."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0
