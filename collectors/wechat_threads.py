"""Comment threads of a WeChat account: whose turn it is, reading to the end of a list whose order moves, coverage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from collectors.wechat_codes import NO_ARTICLE, NO_COMMENT_RIGHT, in_some_hours
from collectors.wechat_line import Line, is_fatal
from collectors.wechat_memory import Article, Memory, beijing_date
from collectors.wechat_parse import key_parts, number, parse_comments
from collectors.wechat_published import confirm
from matrix.comment import Comment, Coverage
from matrix.run import Batch, CollectError, ErrorKind

if TYPE_CHECKING:
    from collectors.task import Thread

LIST = "/cgi-bin/comment/list"
PAGE = 49
"""The documentation refuses 50 and more, the error text only more than 50."""
PASSES = 4
SHORT_THREAD = 4 * PAGE
REREAD = 6 * 3600
"""A long thread whose first page and total stand still is read to its end again after this many seconds."""
PACE = ((86400, 0), (3 * 86400, 2 * 3600), (7 * 86400, 6 * 3600))
"""(younger than, seconds between looks): fresh articles at every run, later ones ever more rarely."""
SLOWEST = 86400
STRIKES = 3


@dataclass(slots=True)
class Reading:
    """One thread being read: what was found by user_comment_id, what of it has not been handed on yet."""

    total: int = 0
    counted: int = 0
    mark: str = ""
    found: dict[str, tuple[Comment, Comment | None]] = field(default_factory=dict)
    pending: list[Comment] = field(default_factory=list)

    def take(self, answer: dict[str, Any], post_ext: str, account_ext: str) -> int:
        """Add a page; gives the number of its rows. A comment seen before comes again only when it has changed."""
        self.total = max(number(answer.get("total")) or 0, 0)
        self.counted = max(number(answer.get("comment_cnt")) or 0, 0)
        listed = list(parse_comments(answer, post_ext, account_ext))
        for mark, comment, reply in listed:
            if self.found.get(mark) != (comment, reply):
                self.found[mark] = (comment, reply)
                self.pending += [comment, *([reply] if reply else [])]
        return len(listed)

    def hand_on(self) -> tuple[Comment, ...]:
        handed, self.pending = tuple(self.pending), []
        return handed

    def stated(self) -> int:
        """All that the platform says exists: comments, and the replies seen under them."""
        return max(self.total, self.counted) + sum(1 for _, reply in self.found.values() if reply)


def look(line: Line, memory: Memory, since: datetime, threads: Sequence["Thread"]) -> Iterator[Batch]:
    """Read the threads whose turn it is, the fresh ones first. Raises CollectError when the account as a whole is blind."""
    _adopt(line, memory, threads)
    due = due_threads(memory, since)
    refused, strikes, is_allowed = 0, 0, False
    for turn, article in enumerate(due):
        if not line.may_poll(LIST):
            yield from _postpone(line, memory, due[turn:])
            return
        try:
            yield from _read(line, memory, article)
            is_allowed, strikes = True, 0
        except CollectError as error:
            if is_fatal(error):
                raise
            yield from _explain(line, memory, article, error)
            strikes += error.kind == ErrorKind.MALFORMED
            refused += error.code == str(NO_COMMENT_RIGHT)
            if strikes >= STRIKES:
                raise
            if refused >= 2 and not is_allowed:
                yield from _give_up(line, memory, due[turn + 1 :])
                return


def due_threads(memory: Memory, since: datetime) -> list[Article]:
    """Articles whose threads are to be looked at now: those of the last day first, then the longest unseen."""
    now, border = memory.now.timestamp(), since.timestamp()
    due = []
    for article in memory.articles():
        if article.is_gone or article.published_at < border or key_parts(article.key) is None:
            continue
        age = now - article.published_at
        pause = next((seconds for younger, seconds in PACE if age < younger), SLOWEST)
        if now - article.looked_at >= pause:
            due.append(article)
    return sorted(due, key=lambda a: (now - a.published_at >= 86400, a.looked_at, -a.published_at))


def _read(line: Line, memory: Memory, article: Article) -> Iterator[Batch]:
    """One thread to its end: passes over the whole list until all that is stated is found, or a pass brings nothing new."""
    post_ext = f"{line.account.ext_id}:{article.key}"
    reading, is_stable, passes = Reading(), False, 0
    while passes < PASSES and not is_stable:
        before, begin, empty = len(reading.found), 0, 0
        while True:
            count = reading.take(_page(line, article, begin), post_ext, line.account.ext_id)
            if begin == 0 and not passes:
                reading.mark = _digest(reading)
                is_same = reading.mark == article.mark and reading.total == article.total
                if is_same and _can_wait(reading, article, memory):
                    article.looked_at = int(memory.now.timestamp())
                    yield Batch(line.answered_at, comments=reading.hand_on(), cursors=memory.changes())
                    return
                is_stable = is_same and reading.total <= PAGE
            begin, empty = begin + (count or PAGE), 0 if count else empty + 1
            if is_stable or begin >= reading.total or empty >= 2:
                break
            if reading.pending:
                yield Batch(line.answered_at, comments=reading.hand_on())
        passes += 1
        is_complete = len(reading.found) >= max(reading.total, reading.counted)
        is_stable = (
            is_stable or is_complete or (passes > 1 and len(reading.found) == before) or (not reading.total and passes == 1)
        )
        if not is_stable and passes < PASSES and reading.pending:
            yield Batch(line.answered_at, comments=reading.hand_on())
    yield _finish(line, memory, article, reading, is_stable)


def _can_wait(reading: Reading, article: Article, memory: Memory) -> bool:
    """A long thread whose first page and total are as they were is read to its end again only now and then."""
    return reading.total > SHORT_THREAD and memory.now.timestamp() - article.read_at < REREAD


def _finish(line: Line, memory: Memory, article: Article, reading: Reading, is_stable: bool) -> Batch:
    cause = ""
    if len(reading.found) < max(reading.total, reading.counted):
        cause = "filtered" if is_stable else "interrupted"
    article.total, article.mark = reading.total, reading.mark
    article.looked_at = article.read_at = int(memory.now.timestamp())
    look_at = Coverage(f"{line.account.ext_id}:{article.key}", reading.stated(), cause)
    return Batch(line.answered_at, comments=reading.hand_on(), coverages=(look_at,), cursors=memory.changes())


def _page(line: Line, article: Article, begin: int) -> dict[str, Any]:
    mid, index = key_parts(article.key) or (0, 0)
    body = {"msg_data_id": mid, "index": index, "begin": begin, "count": PAGE, "type": 0}
    return line.call(LIST, body, ("comment", "total"))


def _digest(reading: Reading) -> str:
    """A mark of what a page says, whatever the order of its rows."""
    said = sorted(f"{mark}|{comment.text}|{reply.text if reply else ''}" for mark, (comment, reply) in reading.found.items())
    return blake2b("\n".join(said).encode(), digest_size=6).hexdigest()


def _explain(line: Line, memory: Memory, article: Article, error: CollectError) -> Iterator[Batch]:
    """What a failure at one thread means for it: a named gap, and for a missing article the question to its details."""
    post_ext = f"{line.account.ext_id}:{article.key}"
    causes = {ErrorKind.QUOTA: "budget", ErrorKind.MALFORMED: "interrupted", ErrorKind.PERMISSION: "no_privilege"}
    cause, note = causes.get(error.kind, "closed"), error.sentence
    if error.kind not in (ErrorKind.QUOTA, ErrorKind.MALFORMED):
        article.looked_at = int(memory.now.timestamp())
    if error.code == str(NO_ARTICLE):
        batch = confirm(line, memory, article)
        if batch is not None:
            yield batch
        if article.is_gone:
            return
        said = "详情接口未确认删除" if article.article_id else "没有详情接口可以确认"
        note = f"平台称图文 {article.key} 的留言不存在，{said}，未标记为已删除。"
    stated = article.total if article.total >= 0 else (article.said or None)
    yield Batch(line.answered_at, coverages=(Coverage(post_ext, stated, cause),), cursors=memory.changes(), notes=(note,))


def _give_up(line: Line, memory: Memory, rest: Sequence[Article]) -> Iterator[Batch]:
    """No article of this account may be asked: leave comments alone for some hours and say so of every thread."""
    memory.rest(LIST, in_some_hours(memory.now), str(NO_COMMENT_RIGHT))
    looks = tuple(Coverage(f"{line.account.ext_id}:{article.key}", None, "no_privilege") for article in rest)
    yield Batch(line.answered_at, coverages=looks, cursors=memory.changes())


def _postpone(line: Line, memory: Memory, rest: Sequence[Article]) -> Iterator[Batch]:
    """The plan allows no more looks in this run; those never read so far are named as gaps."""
    if memory.why_at_rest(LIST) == str(NO_COMMENT_RIGHT):
        return
    unread = [article for article in rest if article.total < 0]
    looks = tuple(Coverage(f"{line.account.ext_id}:{article.key}", article.said or None, "budget") for article in unread)
    note = f"留言接口的调用额度按全天计划使用，{len(rest)} 篇图文的留言推迟到后面的采集中读取。"
    yield Batch(line.answered_at, coverages=looks, cursors=memory.changes(), notes=(note,) if unread else ())


def _adopt(line: Line, memory: Memory, threads: Sequence["Thread"]) -> None:
    """Articles that came in by another route (a feed, a file) are looked at as well."""
    prefix = f"{line.account.ext_id}:"
    for thread in threads:
        key = thread.post_ext.removeprefix(prefix)
        if thread.post_ext.startswith(prefix) and key_parts(key) and memory.find(key) is None:
            article = Article(key, int(thread.published_at.timestamp()), is_titled=True)
            article.total = -1 if thread.stated is None else thread.stated
            memory.add(article, beijing_date(thread.published_at))
