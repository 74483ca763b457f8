"""A town whose collector's batches are kept on a tape, read by the understanding pass, and played again in another order."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bench.answers_truth import plain
from bench.town import Town, fill_ledger
from collectors.task import Source, Task
from matrix.appeal import AppealKind, Judgement, Words
from matrix.reply import ReplyJudgement, ReplyNature, Said
from matrix.response import ANSWERED_BY_NAME
from matrix.run import Batch
from simulator.city import City
from simulator.turns import ANSWER
from storage import batches
from storage.database import open_writer
from storage.understanding import Readers, understand
from worker import READERS

if TYPE_CHECKING:
    from collectors.web import Web
    from settings import Settings

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Taped:
    """One batch as the collector saved it."""

    account_id: int
    platform: int
    batch: Batch
    seen_at: datetime


@dataclass
class Tape:
    """Everything that a town's collector brought, in order."""

    town: Town
    items: list[Taped] = field(default_factory=list)

    def record(self) -> None:
        """From now on every batch is kept."""
        self.town.collector.sources = {route: _Listening(source, self) for route, source in self.town.collector.sources.items()}


@dataclass(frozen=True)
class _Listening:
    source: Source
    tape: Tape

    def collect(self, task: Task, web: "Web", settings: "Settings", now: datetime) -> Iterator[Batch]:
        for batch in self.source.collect(task, web, settings, now):
            self.tape.items.append(Taped(task.account.id, task.account.platform, batch, self.tape.town.now()))
            yield batch


def live(town: Town, until: float, readers: Readers, every_s: float, check: Callable[[float], None]) -> None:
    """Collect until a moment, read what came every `every_s` seconds of the town's time, then let somebody check."""
    last = [town.clock.now()]

    def tick(now: float) -> None:
        if now - last[0] >= every_s:
            last[0] = now
            read_all(town.path, readers, town.now())
            check(now)

    town.live_until(until, tick)
    read_all(town.path, readers, town.now())


def read_all(path: Path, readers: Readers, now: datetime, limit: int = 2000) -> None:
    """The understanding pass until nothing is left to read."""
    with closing(open_writer(path)) as db:
        while understand(db, readers, now, limit=limit):
            pass


def play_shuffled(tape: Tape, path: Path, readers: Readers, seed: int) -> None:
    """Save the tape's batches into a new database in any order, a fifth of them twice, reading small portions in between."""
    town, rng = tape.town, Random(seed)
    fill_ledger(path, town.world, town.running.url, town.keyring, datetime.fromtimestamp(town.start, UTC))
    items = [*tape.items, *rng.sample(tape.items, len(tape.items) // 5)]
    rng.shuffle(items)
    with closing(open_writer(path)) as db:
        for place, one in enumerate(items):
            batches.save(db, one.account_id, one.platform, one.batch, town.keyring, one.seen_at)
            if place % 200 == 199:
                understand(db, readers, town.now(), limit=500)
    read_all(path, readers, town.now())


def knowing_readers(city: City, end: float) -> Readers:
    """Readers that know what the city meant: matching is measured without the mistakes of reading."""
    asks: set[str] = set()
    natures: dict[str, str] = {}
    moods: dict[str, str] = {}
    for account in city.accounts:
        if account.platform == "weibo":
            asks |= {plain(said.text) for said in city.mentions(account, 0, end) if said.asks}
        for post in city.posts(account, 0, end):
            for said in post.comments:
                natures |= {plain(text): nature for _, text, nature in said.edits}
                natures |= {plain(said.text): said.nature} if said.official else {}
                natures |= {plain(said.reply_text): said.reply_nature} if said.reply_at is not None else {}
                # Who answers himself is read without the name that stands before his words.
                asks |= {plain(said.text), plain(ANSWERED_BY_NAME.sub("", said.text))} if said.asks else set()
                moods |= {plain(said.text): said.mood} if said.mood else {}

    def appeals(words: Sequence[Words]) -> list[Judgement]:
        return [_asked(plain(one.text) in asks) for one in words]

    def replies(said: Sequence[Said]) -> list[ReplyJudgement]:
        return [_judged(natures.get(plain(one.reply), "")) for one in said]

    return replace(
        READERS,
        appeals=appeals,
        appeals_version="真值",
        replies=replies,
        replies_version="真值",
        mood=lambda text: moods.get(plain(text), ""),
    )


def _asked(asks: bool) -> Judgement:
    return Judgement(asks, float(asks), AppealKind.QUESTION if asks else None, ())


def _judged(nature: str) -> ReplyJudgement:
    return ReplyJudgement(ReplyNature.SUBSTANTIVE if nature == ANSWER else ReplyNature.RECEIPT, 1.0, ())


def real_readers() -> Readers:
    """The readers of the product."""
    return READERS
