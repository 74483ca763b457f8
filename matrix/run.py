"""One attempt to collect one account: what can go wrong, what each failure means and what it leads to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from matrix.comment import Comment, Coverage, Followers
from matrix.post import Gone, Post, Reach


class ErrorKind(StrEnum):
    """The kinds of failure that must be told apart because each has its own consequence."""

    CREDENTIALS = "credentials"
    QUOTA = "quota"
    PERMISSION = "permission"
    GONE = "gone"
    HIDDEN = "hidden"
    REFUSED = "refused"
    MALFORMED = "malformed"
    NETWORK = "network"


class Outcome(StrEnum):
    OK = "ok"
    PARTIAL = "partial"
    FAILED = "failed"


class CollectError(Exception):
    """A failure of collection, with a Chinese sentence that says what is wrong and what to do.

    `cause` names what is broken so that one cause gives one notice (`account:12:credentials`, `ip:weibo_commercial:quota`);
    `retry_at` is set when the platform or a budget says when it makes sense to try again. The sentence never holds a
    secret: collectors build it from codes and names, not from addresses with parameters. `budget` is set when the platform
    says that this budget is spent, so that nobody else who shares it asks in vain. `is_partial`: the
    list of posts was read, and only what the sentence names could not be.
    """

    def __init__(
        self,
        kind: ErrorKind,
        sentence: str,
        *,
        cause: str,
        retry_at: datetime | None = None,
        code: str = "",
        budget: "Budget | None" = None,
        is_partial: bool = False,
    ) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence
        self.cause = cause
        self.retry_at = retry_at
        self.code = code
        self.budget = budget
        self.is_partial = is_partial


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step of collection brought; saved whole, with its cursors, in one transaction.

    `observed_at` is when the platform answered. `cursors` are the account's named positions after this batch.
    """

    observed_at: datetime
    posts: tuple[Post, ...] = ()
    comments: tuple[Comment, ...] = ()
    reaches: tuple[tuple[str, Reach], ...] = ()
    followers: tuple[Followers, ...] = ()
    coverages: tuple[Coverage, ...] = ()
    gones: tuple[Gone, ...] = ()
    cursors: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """Chinese sentences that make the run partial (what could not be read and why)."""
    seen_until: datetime | None = None
    """Set when the list of posts is known to end before this look: whoever posted later was not seen yet."""


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit on calls: `scope` says whose (`account:12`, `ip`), `name` which (`all`, an endpoint), `period` minute, hour or day.

    Days and hours are those of Beijing time.
    """

    scope: str
    name: str
    period: str
    limit: int
