"""Published messages of a WeChat account: titles, texts and links, edits, and what was taken down."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b

from collectors.wechat_line import Line
from collectors.wechat_memory import Article, Memory, beijing_date
from collectors.wechat_parse import Published, moment, number, parse_published, post_of, rows
from matrix.post import Gone, GoneKind, Post
from matrix.run import Batch, CollectError, ErrorKind

LIST = "/cgi-bin/freepublish/batchget"
DETAIL = "/cgi-bin/freepublish/getarticle"
PAGE = 20
OLD_PAGES = 2
"""The list is not always in order, so one page of old messages does not end it; two in a row do."""
CONFIRMATIONS = 10
"""Articles missing from the list that one run asks about."""


def look(line: Line, memory: Memory, since: datetime) -> Iterator[Batch]:
    """Read the list of published messages from its head: until nothing is new, and once a day through the whole window.

    What is missing in a whole reading is confirmed by a detail call each before it counts as deleted. Raises CollectError.
    """
    whole = memory.published.get("whole") != memory.today.isoformat()
    if not (line.may(LIST) if whole else line.may_poll(LIST)):
        return
    offset, old, seen = 0, 0, set[str]()
    while True:
        answer = line.call(LIST, {"offset": offset, "count": PAGE, "no_content": 0}, ("item", "total_count"))
        items = rows(answer, "item")
        found = [article for item in items for article in _settle(line, memory, parse_published(item))]
        seen.update(article.key for article in found)
        posts, gones, is_fresh = _take(line, memory, found, since)
        offset += PAGE
        if any(max(article.created_at, article.updated_at) >= since.timestamp() for article in found):
            old = 0
        elif items:
            old += 1
        is_end = offset >= (number(answer.get("total_count")) or 0) or old >= OLD_PAGES
        if is_end and whole:
            memory.published["whole"] = memory.today.isoformat()
        yield Batch(line.answered_at, posts, gones=gones, cursors=memory.changes(), notes=_without_number(found, since))
        if is_end or not (whole or is_fresh or not items) or not line.may(LIST):
            break
    if is_end and whole:
        yield from _confirm_missing(line, memory, seen, since)


def confirm(line: Line, memory: Memory, article: Article) -> Batch | None:
    """Ask for one article's details: what they say of it and of its neighbours; None when the day's calls do not allow it."""
    if not article.article_id or not line.may(DETAIL):
        return None
    try:
        answer = line.call(DETAIL, {"article_id": article.article_id}, ("news_item",))
    except CollectError as error:
        if error.kind != ErrorKind.GONE:
            raise
        message = [held for held in memory.articles() if held.article_id == article.article_id and not held.is_gone]
        for held in message:
            held.is_gone = True
        gones = tuple(Gone(f"{line.account.ext_id}:{held.key}", GoneKind.DELETED, line.answered_at) for held in message)
        return Batch(line.answered_at, gones=gones, cursors=memory.changes())
    found = [_dated(news, memory) for news in parse_published(answer, article.article_id)]
    posts, gones, _ = _take(line, memory, found, moment(0))
    return Batch(line.answered_at, posts, gones=gones, cursors=memory.changes())


def _settle(line: Line, memory: Memory, found: list[Published]) -> list[Published]:
    """The articles of a message; of an edited one as its detail call gives them, when the day's calls allow that."""
    held = [(article, memory.find(article.key)) for article in found]
    edited = [a for a, known in held if known and known.is_titled and known.updated_at and a.updated_at > known.updated_at]
    if not edited or not edited[0].article_id or not line.may(DETAIL):
        return found
    try:
        answer = line.call(DETAIL, {"article_id": edited[0].article_id}, ("news_item",))
    except CollectError as error:
        if error.kind == ErrorKind.GONE:
            return [replace(article, is_deleted=True) for article in found]
        if error.kind in (ErrorKind.QUOTA, ErrorKind.PERMISSION):
            return found  # the list carries the new wording as well
        raise
    times = {article.key: article for article in found}
    detailed = parse_published(answer, edited[0].article_id)
    if {article.key for article in detailed} != set(times):
        return found
    return [
        replace(
            article, created_at=times[article.key].created_at, updated_at=max(article.updated_at, times[article.key].updated_at)
        )
        for article in detailed
    ]


def _take(
    line: Line, memory: Memory, found: Sequence[Published], since: datetime
) -> tuple[tuple[Post, ...], tuple[Gone, ...], bool]:
    """What of these articles is new, edited, taken down or back, remembered as such; and whether there was any such."""
    posts: list[Post] = []
    gones: list[Gone] = []
    for article in found:
        known = memory.find(article.key)
        if not article.key or not article.created_at or (known is None and article.created_at < since.timestamp()):
            continue
        digest = blake2b(f"{article.title}\n{article.text}".encode(), digest_size=4).hexdigest()
        says = bool(article.title or article.text)
        if known is None:
            day = beijing_date(moment(article.created_at))
            known = memory.add(Article(article.key, article.created_at), day)
            posts.append(post_of(line.account.ext_id, article, edited=False))
        elif says and known.digest != digest and (not known.digest or article.updated_at > known.updated_at):
            posts.append(post_of(line.account.ext_id, article, edited=bool(known.is_titled and known.digest)))
        if article.is_deleted != known.is_gone:
            kind = GoneKind.DELETED if article.is_deleted else GoneKind.BACK
            gones.append(Gone(f"{line.account.ext_id}:{article.key}", kind, line.answered_at))
        known.article_id = article.article_id or known.article_id
        known.updated_at = max(known.updated_at, article.updated_at)
        known.is_titled, known.is_gone = known.is_titled or says, article.is_deleted
        known.digest = digest if says else known.digest
    return tuple(posts), tuple(gones), bool(posts or gones)


def _confirm_missing(line: Line, memory: Memory, seen: set[str], since: datetime) -> Iterator[Batch]:
    """An article that a whole reading did not show may have slid between two pages: its details decide."""
    border = (since + timedelta(days=1)).timestamp()  # what is about to leave the window is not worth a call
    missing = [
        article
        for article in memory.articles()
        if article.article_id and not article.is_gone and article.key not in seen and article.published_at >= border
    ]
    asked: set[str] = set()
    for article in missing:
        if article.article_id in asked or len(asked) >= CONFIRMATIONS:
            continue
        asked.add(article.article_id)
        if (batch := confirm(line, memory, article)) is not None:
            yield batch


def _dated(article: Published, memory: Memory) -> Published:
    """Details do not always carry times: those that are remembered stand in."""
    known = memory.find(article.key)
    if known is None or article.created_at:
        return article
    return replace(article, created_at=known.published_at, updated_at=known.updated_at)


def _without_number(found: Sequence[Published], since: datetime) -> tuple[str, ...]:
    """Short links carry no message number; such an article enters with the statistics, under its number, and only once."""
    nameless = sum(1 for article in found if not article.key and article.created_at >= since.timestamp())
    if not nameless:
        return ()
    return (f"{nameless} 篇已发布图文的链接为短链接，不含消息编号，待次日统计数据公布后按编号入库。",)
