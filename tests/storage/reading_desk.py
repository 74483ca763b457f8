"""Comments and readers for tests of the pass that reads: what is an appeal or a receipt is plain to see in the words."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from matrix.account import Platform
from matrix.appeal import AppealKind, Judgement, Words
from matrix.comment import Comment, CommentKind, Coverage
from matrix.feeling import Feeling, FeelingJudgement
from matrix.post import Post
from matrix.reply import ReplyJudgement, ReplyNature, Said
from matrix.run import Batch
from matrix.topic import OTHER, TopicJudgement, TopicShare
from storage import batches
from storage.understanding import Readers, understand
from tests.storage.small_city import RING, after

NAMES = {0: "账号0", 1: "账号1", 2: "账号2"}


def read_appeals(words: Sequence[Words]) -> list[Judgement]:
    """A question mark asks, 举报 reports."""
    return [
        Judgement("？" in one.text, 0.9, AppealKind.REPORT if "举报" in one.text else AppealKind.QUESTION, ("问号",))
        for one in words
    ]


def read_replies(said: Sequence[Said]) -> list[ReplyJudgement]:
    """收悉 is a receipt."""
    return [ReplyJudgement(ReplyNature.RECEIPT if "收悉" in one.reply else ReplyNature.SUBSTANTIVE, 0.9, ()) for one in said]


def mood(text: str) -> str:
    return "满意" if "谢谢" in text else ""


def read_topics(words: Sequence[Words]) -> list[TopicJudgement]:
    """水 is about building, all else is talk."""
    building = TopicShare("城乡建设", 0.8, "供水排水"), TopicShare(OTHER, 0.2)
    talk = TopicShare(OTHER, 0.9), TopicShare("城乡建设", 0.1)
    return [TopicJudgement(*(building if "水" in one.text else talk), ()) for one in words]


def read_feelings(texts: Sequence[str]) -> list[FeelingJudgement]:
    """气 is surely negative, all else neutral without being sure."""
    against = FeelingJudgement(Feeling.NEGATIVE, 0.1, 0.1, 0.8, True, ())
    unclear = FeelingJudgement(Feeling.NEUTRAL, 0.3, 0.4, 0.3, False, ())
    return [against if "气" in one else unclear for one in texts]


READERS = Readers(
    read_appeals, "a1", read_replies, "r1", str.strip, mood, read_topics, "主题判读-t1", read_feelings, "情绪判读-f1"
)


def ask(
    ext: str, minutes: float, text: str = "什么时候来水？", below: str | None = None, by: str = "甲", post: str = "p0"
) -> Comment:
    """A citizen's comment; `below` is the comment that it answers."""
    kind = CommentKind.COMMENT if post else CommentKind.MESSAGE
    return Comment(ext, post, after(minutes), text, by, by, parent_ext=below, root_ext=below and "c1", kind=kind)


def answer(
    ext: str, minutes: float, below: str | None = "c1", text: str = "今晚八点恢复。", by: int = 0, post: str = "p0"
) -> Comment:
    """A word of the city's account number `by`."""
    return Comment(ext, post, after(minutes), text, f"70{by}", NAMES[by], True, below, below and "c1")


def post(ext: str = "p0", minutes: float = 0) -> Post:
    return Post(ext, after(minutes), "停水通知")


def save(
    db: sqlite3.Connection,
    account: int,
    at: float,
    *comments: Comment,
    posts: Sequence[Post] = (post(),),
    cause: str | None = "",
    seen: datetime | None = None,
) -> None:
    """One look at one thread, `at` minutes after the start; `cause` None: nobody looked at the thread itself."""
    threads = sorted({one.post_ext for one in comments if one.post_ext} | {one.ext_id for one in posts})
    coverages = tuple(Coverage(ext, None, cause) for ext in threads) if cause is not None else ()
    batch = Batch(after(at), tuple(posts), comments=comments, coverages=coverages)
    batches.save(db, account, int(Platform.WEIBO), batch, RING, seen or after(at))


def read_all(db: sqlite3.Connection, at: float = 10_000, readers: Readers = READERS, limit: int = 2000) -> int:
    """Read until nothing is left; gives how many readings that took."""
    count = 0
    while found := understand(db, readers, after(at), limit):
        count += found
    return count


def responses(db: sqlite3.Connection) -> dict[str, dict[str, object]]:
    """The facts by the appeal's platform id; ids of comments as platform ids, moments as minutes since the start."""
    ext = dict(db.execute("SELECT id, ext_id FROM comments").fetchall())
    cursor = db.execute("SELECT * FROM responses ORDER BY comment_id")
    names = [column[0] for column in cursor.description]
    start = int(after(0).timestamp())
    found = {}
    for row in cursor.fetchall():
        fact = dict(zip(names, row, strict=True))
        fact.pop("derived_at")
        for name, value in fact.items():
            if name in ("comment_id", "first_id", "answer_id", "elsewhere_id", "followup_id"):
                fact[name] = ext.get(value)
            elif name.endswith("_at") or name == "known_until":
                fact[name] = None if value is None else (value - start) / 60
        found[str(fact["comment_id"])] = fact
    return found
