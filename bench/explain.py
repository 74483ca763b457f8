"""Holds the database against the make-believe city's own truth: what is missing and why, what is there and should not be."""

import sqlite3
from dataclasses import dataclass

from bench.town import PLATFORMS, Town
from bench.verdicts import Verdicts
from matrix.comment import CAUSES
from simulator.events import SimAccount, SimComment, SimPost
from simulator.feed_items import came_in, short_id
from simulator.ideal import ideal
from simulator.seeing import gone_at, is_mass_sent, is_post_shown, replied_until, root_of, shown_until, text_at

NEWEST, NEWEST_IN_FEED, CHILDREN = 5, 10, 200
IDEAL_EVERY = 1800
REFUSALS = ("no_privilege", "budget", "interrupted", "closed")
"""Causes that a thread's coverage names when the platform refused to show it."""
STATISTICS_READY = (24 + 8) * 3600
BEIJING = 28800


@dataclass
class _Held:
    """What the database has of one account, by the platform's own keys."""

    posts: dict[str, tuple[str, str | None, int | None, int]]
    comments: set[str]
    coverage: dict[str, tuple[int | None, int, str]]
    good: list[int]
    bad: list[int]


def compare(db: sqlite3.Connection, town: Town, begin: float, end: float) -> Verdicts:
    """Everything that happened in [begin, end] of every account that can be collected, against the database."""
    found = Verdicts()
    found.doubled = db.execute(
        "SELECT (SELECT count(*) FROM comments) - (SELECT count(DISTINCT platform || ':' || ext_id) FROM comments) "
        "+ (SELECT count(*) FROM posts) - (SELECT count(DISTINCT platform || ':' || ext_id) FROM posts)"
    ).fetchone()[0]
    for account in town.world.city.accounts:
        if account.route != "none":
            _compare_account(found, _held(db, account), town, account, begin, end)
    return found


def _held(db: sqlite3.Connection, account: SimAccount) -> _Held:
    key = {"platform": int(PLATFORMS[account.platform]), "ext": account.ext_id}
    number = db.execute("SELECT id FROM accounts WHERE platform = :platform AND ext_id = :ext", key).fetchone()[0]
    me = {"id": number}
    cut = len(account.ext_id) + 1 if account.platform == "wechat" else 0
    posts = db.execute("SELECT ext_id, text, gone_kind, gone_at, observed_at FROM posts WHERE account_id = :id", me).fetchall()
    comments = db.execute("SELECT ext_id FROM comments WHERE account_id = :id AND channel = 'comment'", me).fetchall()
    threads = db.execute(
        "SELECT p.ext_id, p.stated, (SELECT count(*) FROM comments c WHERE c.post_id = p.id), coalesce(p.cause, '?') "
        "FROM posts p WHERE p.account_id = :id AND p.thread_at IS NOT NULL",
        me,
    ).fetchall()
    runs = db.execute("SELECT started_at, finished_at, error_kind FROM runs WHERE account_id = :id ORDER BY 1", me).fetchall()
    return _Held(
        {row[0][cut:]: row[1:] for row in posts},
        {row[0][cut:] for row in comments},
        {row[0][cut:]: row[1:] for row in threads},
        [row[0] for row in runs if not row[2]],
        [row[0] for row in runs if row[2]],
    )


def _compare_account(found: Verdicts, held: _Held, town: Town, account: SimAccount, begin: float, end: float) -> None:
    city = town.world.city
    truth = {post.key: post for post in city.posts(account, 0, town.clock.now())}
    keyed = {_feed_key(post): post for post in truth.values()} if account.route == "feed" else truth
    for key, (text, gone_kind, gone_seen, _) in held.posts.items():
        post = keyed.get(key)
        if post is None:
            found.invented.append(f"{account.name} {key}")
            continue
        _check_post(found, post, text, gone_kind, gone_seen, account)
    for key, post in keyed.items():
        if not begin <= post.at <= end:
            continue
        if key in held.posts:
            found.posts += 1
        else:
            _miss_post(found, held, town, post, end)
        if account.route != "feed":
            _compare_thread(found, held, town, post, key in held.posts, end)
    now = town.clock.now()
    perfect = ideal(city, account, IDEAL_EVERY, town.start, end)
    names = {post.key: key for key, post in keyed.items()}
    found.ideal += len(perfect.posts) + len(perfect.comments)
    found.ideal_held += sum(names.get(key) in held.posts for key in perfect.posts)
    found.ideal_held += sum(key in held.comments for key in perfect.comments)
    everything = [c for post in city.posts(account, 0, now) for c in post.comments]
    known = {_comment_key(c) for c in everything if c.at <= now}
    known |= {f"{_comment_key(c)}:reply" for c in everything if c.reply_at and c.reply_at <= now}
    found.invented += [f"{account.name} 评论 {key}" for key in held.comments - known]


def _check_post(
    found: Verdicts, post: SimPost, text: str, gone_kind: str | None, gone_seen: int | None, account: SimAccount
) -> None:
    gone = gone_at(post)
    if gone_kind is not None and (gone is None or gone_seen is None or gone_seen < gone):
        found.falsely_gone.append(f"{account.name} {post.key} {gone_kind}")
    if account.platform == "weibo":
        said = {_plain(text_at(post, at)) for at in (post.at, *(at for at, _ in post.edits))}
        if _plain(text) not in said:
            found.wrong_text.append(f"{account.name} {post.key}")


def _miss_post(found: Verdicts, held: _Held, town: Town, post: SimPost, end: float) -> None:
    gone = gone_at(post) or float("inf")
    opened = float(post.at)
    if post.account.route == "feed":
        opened = came_in(post) or float("inf")
        gone = float("inf")
    elif post.account.platform == "wechat" and is_mass_sent(post):
        opened, gone = (post.at + BEIJING) // 86400 * 86400 - BEIJING + STATISTICS_READY, float("inf")
    looks = [at for at in held.good if opened <= at < min(gone, end)]
    city, account = town.world.city, post.account
    if not looks:
        found.missed[f"发布：{_why_not_asked(held, opened, min(gone, end), end)}"] += 1
    elif account.route == "weibo_free" and not any(
        post in [p for p in city.posts(account, 0, at) if is_post_shown(p, at)][-NEWEST:] for at in looks
    ):
        found.missed["发布：免费接口只给最新5条"] += 1
    elif account.route == "feed" and _beyond_feed(town, post, looks):
        found.missed["发布：订阅源只留最新几篇"] += 1
    else:
        found.unexplained.append(f"发布 {account.name} {account.route} {post.key} 可见于 {len(looks)} 次采集")


def _beyond_feed(town: Town, post: SimPost, looks: list[int]) -> bool:
    entered = came_in(post)
    newer = [came_in(p) for p in town.world.city.posts(post.account, post.at, looks[-1]) if p is not post]
    return all(entered is not None and sum(at is not None and at <= look for at in newer) >= NEWEST_IN_FEED for look in looks)


def _compare_thread(found: Verdicts, held: _Held, town: Town, post: SimPost, is_held: bool, end: float) -> None:
    reads = town.thread_reads.get(post.key, [])
    gone = gone_at(post) or float("inf")
    stated, count, cause = held.coverage.get(post.key, (None, 0, "?"))
    lacking = 0
    for comment in post.comments:
        if comment.at > end:
            break
        key = _comment_key(comment)
        if key in held.comments:
            found.comments += 1
            if comment.reply_at and comment.reply_at <= end and f"{key}:reply" not in held.comments:
                until = min(gone, replied_until(comment))
                _miss(found, held, reads, comment, comment.reply_at, until, end, is_held, "回复")
            continue
        lacking += _miss(found, held, reads, comment, comment.at, gone, end, is_held, "评论")
    shown = sum(_comment_key(c) in held.comments and end < shown_until(c) for c in post.comments)
    if lacking and (not cause or (stated is not None and stated <= shown)):
        found.uncounted.append(f"{post.account.name} {post.key} 缺 {lacking} 条，完整度记为 {count}/{stated} {cause}")


def _miss(
    found: Verdicts,
    held: _Held,
    reads: list[float],
    comment: SimComment,
    opened: float,
    gone: float,
    end: float,
    is_held: bool,
    what: str,
) -> int:
    """Name the cause of one missing comment; 1 when the platform still states it, so that coverage must count it."""
    until = min(shown_until(comment), gone, end)
    asked = [at for at in reads if opened <= at < until]
    post = comment.post
    siblings = [c for c in post.comments if c.parent is not None and root_of(c) is root_of(comment)]
    if not is_held:
        found.missed[f"{what}：所在发布未采到"] += 1
    elif post.account.route == "weibo_free" and not comment.app_user:
        found.missed[f"{what}：免费接口只给授权用户"] += 1
        return int(bool(asked) and comment.filtered_at is None and comment.deleted_at is None)
    elif comment.parent is not None and siblings.index(comment) >= CHILDREN:
        found.missed[f"{what}：楼中楼超出接口上限"] += 1
        return int(bool(asked))
    elif not asked:
        found.missed[f"{what}：{_why_not_asked(held, opened, until, end)}"] += 1
    elif (named := held.coverage.get(post.key, (None, 0, ""))[2]) in REFUSALS:
        found.missed[f"{what}：{CAUSES[named]}" + ("，已消失" if until < end else "")] += 1
        return int(until >= end)
    elif _broken(held, asked):
        found.missed[f"{what}：读取被中断" + ("，已消失" if until < end else "")] += 1
    else:
        found.unexplained.append(
            f"{what} {post.account.name} {post.account.route} {post.key}/{comment.key} 被读过 {len(asked)} 次"
        )
    return 0


def _why_not_asked(held: _Held, opened: float, until: float, end: float) -> str:
    """Why a thread was never read while something was there to be read."""
    if until <= min(held.good, default=end):
        return "首次采集前已消失"
    if until >= end:
        return "最后一次采集之后"
    if any(opened <= at < until for at in held.good):
        return "总数未变，复查前已消失"
    if any(opened <= at < until for at in held.bad):
        return "采集中断期间出现又消失"
    return "两次采集之间出现又消失"


def _broken(held: _Held, asked: list[float]) -> bool:
    """Whether every reading of the thread fell into a look that ended in an error."""
    for at in asked:
        good = max((start for start in held.good if start <= at), default=-1)
        bad = max((start for start in held.bad if start <= at), default=-1)
        if good > bad:
            return False
    return True


def _comment_key(comment: SimComment) -> str:
    return comment.key if comment.post.account.platform == "weibo" else f"{comment.post.key}:{comment.key}"


def _feed_key(post: SimPost) -> str:
    return short_id(post)


def _plain(text: str) -> str:
    """Without white space, invisible marks and what cannot be stored as UTF-8."""
    return "".join(c for c in text if not c.isspace() and c not in "\u200b\ufeff\ufffd" and not 0xD800 <= ord(c) < 0xE000)
