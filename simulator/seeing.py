"""What a platform shows of posts and comments at a moment, and what it counts."""

from dataclasses import dataclass
from math import exp

from simulator.events import SimComment, SimPost


@dataclass(frozen=True, slots=True)
class Counts:
    """What a platform states; `comments` still counts filtered ones but no deleted ones."""

    reads: int
    likes: int
    shares: int
    comments: int


def gone_at(post: SimPost) -> int | None:
    """When a post was deleted or hidden, whichever came first."""
    ends = [at for at in (post.deleted_at, post.hidden_at) if at is not None]
    return min(ends) if ends else None


def is_post_shown(post: SimPost, t: float) -> bool:
    """Whether anybody can see the post at t."""
    gone = gone_at(post)
    return post.at <= t and (gone is None or t < gone)


def text_at(post: SimPost, t: float) -> str:
    """The text after the edits made until t."""
    text = post.text
    for at, later in post.edits:
        if at <= t:
            text = later
    return text


def said_at(comment: SimComment, t: float) -> str:
    """A comment's own text after the edits made until t."""
    text = comment.text
    for at, later, _ in comment.edits if comment.reply_at is None else ():
        if at <= t:
            text = later
    return text


def reply_at(comment: SimComment, t: float) -> tuple[int, str] | None:
    """The moment and the text of the reply that WeChat shows at t; None before there is one and after it was taken back."""
    if comment.reply_at is None or t < comment.reply_at:
        return None
    told = (comment.reply_at, comment.reply_text)
    for at, later, _ in comment.edits:
        if at <= t:
            told = (at, later)
    return told if told[1] else None


def replied_until(comment: SimComment) -> float:
    """Until when WeChat shows a reply at all; infinity if ever."""
    return min((at for at, text, _ in comment.edits if not text), default=float("inf"))


def shown_until(comment: SimComment) -> float:
    """Until when a comment is shown: its own removal or filtering, or that of anything it answers; infinity if ever."""
    end = float("inf")
    one: SimComment | None = comment
    while one is not None:
        for at in (one.deleted_at, one.filtered_at):
            if at is not None:
                end = min(end, at)
        one = one.parent
    return end


def counted_until(comment: SimComment) -> float:
    """Until when a comment is counted: filtering does not end that, deletion (its own or of what it answers) does."""
    end = float("inf")
    one: SimComment | None = comment
    while one is not None:
        if one.deleted_at is not None:
            end = min(end, one.deleted_at)
        one = one.parent
    return end


def root_of(comment: SimComment) -> SimComment:
    """The comment at the top of a thread."""
    while comment.parent is not None:
        comment = comment.parent
    return comment


def visible_comments(post: SimPost, t: float) -> list[SimComment]:
    """The comments that the platform shows at t, oldest first; none when the post itself is gone."""
    if not is_post_shown(post, t):
        return []
    return [c for c in post.comments if c.at <= t < shown_until(c)]


def stated_comments(post: SimPost, t: float) -> int:
    """How many comments the platform says there are."""
    return sum(c.at <= t < counted_until(c) for c in post.comments)


def _grown(final: int, age: float, hours: float) -> int:
    return int(final * (1 - exp(-max(age, 0) / (hours * 3600))))


def counts_at(post: SimPost, t: float) -> Counts:
    """Counts at t; reads, likes and shares grow by a saturating curve and never fall."""
    age, pace = t - post.at, 5 + post.number % 7
    return Counts(
        _grown(post.final_reads, age, pace),
        _grown(post.final_likes, age, pace * 1.2),
        _grown(post.final_shares, age, pace),
        stated_comments(post, t),
    )


def is_mass_sent(post: SimPost) -> bool:
    """Whether a WeChat message went out with a notification: then only the statistics list it, not the publishing list."""
    return (post.number * 2_654_435_761 >> 12) % 5 < 2
