"""What an account published, how it is doing, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PostKind(StrEnum):
    ORIGINAL = "original"
    REPOST = "repost"
    ARTICLE = "article"


class GoneKind(StrEnum):
    """Why a post can no longer be read by the public."""

    DELETED = "deleted"
    HIDDEN = "hidden"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Reach:
    """Counts of a post as the platform stated them at `observed_at`.

    None means that this answer did not carry the count. `floors` names the counts that are lower bounds
    ("100万+"): they never look like a fall when a later answer gives the exact number. `stat_day` (YYYY-MM-DD) is set
    for daily statistics that the platform publishes later and may revise.
    """

    observed_at: datetime
    reads: int | None = None
    likes: int | None = None
    shares: int | None = None
    comments: int | None = None
    floors: tuple[str, ...] = ()
    stat_day: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One post. `ext_id` is unique on its platform (WeChat: `<account ext_id>:<mid>_<idx>`)."""

    ext_id: str
    published_at: datetime
    text: str
    title: str = ""
    url: str = ""
    kind: PostKind = PostKind.ORIGINAL
    repost_of: str | None = None
    edited_at: datetime | None = None
    reach: Reach | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """A post that a detail call found deleted or hidden, or back again; `at` is when that was confirmed."""

    post_ext: str
    kind: GoneKind
    at: datetime
