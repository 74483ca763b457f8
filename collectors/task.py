"""What a source is given to collect one account, and what every source must offer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from matrix.account import Account
from matrix.run import Batch

if TYPE_CHECKING:
    from collectors.web import Web
    from settings import Settings


@dataclass(frozen=True, slots=True)
class Thread:
    """A post whose comments are still looked at: what the platform stated at the last look and what we hold."""

    post_ext: str
    published_at: datetime
    stated: int | None
    held: int
    cause: str
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Task:
    """One account to collect: its credential in clear (or None), its saved cursors and its open threads, newest first.

    `since` is how far back a first collection goes and how long posts and threads are looked at again.
    """

    account: Account
    credential: str | None
    cursors: Mapping[str, str]
    threads: Sequence[Thread]
    since: datetime


class Source(Protocol):
    """One way to collect. Yields batches in an order in which each may be the last (cursors move with the rows).

    Raises CollectError when nothing more can be read now; what was yielded before stays (the run is partial).
    """

    def collect(self, task: Task, web: "Web", settings: "Settings", now: datetime) -> Iterator[Batch]: ...
