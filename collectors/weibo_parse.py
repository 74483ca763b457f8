"""Turns Weibo's JSON into posts, comments, counts and followers; pure functions that survive what platforms send."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from collectors.weibo_text import read_count, read_id, read_moment, read_region, read_text, short_id
from matrix.comment import Comment, CommentKind, Followers
from matrix.post import Post, PostKind, Reach

T = TypeVar("T")
GONE_WORDS = ("此微博已被原作者删除", "此微博已被作者删除", "此微博已被删除", "该微博不存在")
GOVERNMENT = 1


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list. `next_cursor` 0 means that the platform names nothing behind it, not that there is nothing.

    `ids` are those of all entries, in the order of the page, also of entries that could not be read or are gone.
    """

    items: tuple[T, ...]
    ids: tuple[int, ...]
    next_cursor: int
    total: int | None
    gone: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    uncut: tuple[str, ...] = ()


def entries_of(body: Any, key: str) -> list[dict[str, Any]] | None:
    """The entries of a list, in an envelope or bare; None when the body is no such list."""
    found = body.get(key) if isinstance(body, dict) else body
    if isinstance(body, dict) and key in body and found in (None, False, {}):
        return []
    if isinstance(found, dict):  # arrays that came as objects keyed "0", "1", …
        found = list(found.values())
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else None


def page_of(body: Any, entries: list[dict[str, Any]], items: list[T], **more: tuple[str, ...]) -> Page[T]:
    """The page around what was read from its entries."""
    envelope: Mapping[str, Any] = body if isinstance(body, dict) else {}
    ids = tuple(int(found) for found in map(id_of, entries) if found)
    cursor = read_id(envelope.get("next_cursor"))
    return Page(tuple(items), ids, int(cursor or 0), read_count(envelope.get("total_number"))[0], **more)


def id_of(entry: Mapping[str, Any]) -> str:
    return read_id(entry.get("idstr")) or read_id(entry.get("id")) or read_id(entry.get("mid"))


def parse_posts(body: Any, now: datetime) -> Page[Post] | None:
    """Posts of a timeline or a batch; None when the body holds no list of them.

    `gone` are the ids of entries that the platform shows as deleted, `unseen` of those that only their owner sees, `uncut`
    of long posts whose text is cut here.
    """
    entries = entries_of(body, "statuses")
    if entries is None:
        return None
    items, gone, unseen, uncut = [], [], [], []
    for entry in entries:
        ext_id, post = id_of(entry), parse_post(entry, now)
        if ext_id and is_deleted(entry):
            gone.append(ext_id)
        elif post and is_private(entry):
            unseen.append(ext_id)
        elif post:
            items.append(post)
            if entry.get("isLongText") and not long_text(entry):
                uncut.append(ext_id)
    return page_of(body, entries, items, gone=tuple(gone), unseen=tuple(unseen), uncut=tuple(uncut))


def is_deleted(entry: Mapping[str, Any]) -> bool:
    """A list's way of saying that a post is no more; only a reason to ask for the post itself."""
    if str(entry.get("deleted", "0")) == "1":
        return True
    text = entry.get("text")
    return isinstance(text, str) and not entry.get("user") and any(words in text for words in GONE_WORDS)


def is_private(entry: Mapping[str, Any]) -> bool:
    visible = entry.get("visible")
    return isinstance(visible, dict) and str(visible.get("type", 0)) not in ("0", "None")


def long_text(entry: Mapping[str, Any]) -> str:
    whole = entry.get("longText")
    return read_text(whole.get("content")) if isinstance(whole, dict) else ""


def parse_post(entry: Mapping[str, Any], now: datetime) -> Post | None:
    """One post; None when it has no id or no moment."""
    ext_id = id_of(entry)
    published_at = read_moment(entry.get("created_at"), now, ext_id)
    if not ext_id or published_at is None:
        return None
    text = long_text(entry) or read_text(entry.get("text_raw")) or read_text(entry.get("text"))
    original = entry.get("retweeted_status")
    uid = user_id(entry.get("user"))
    edited = entry.get("edit_at")
    return Post(
        ext_id,
        published_at,
        text,
        url=f"https://weibo.com/{uid}/{short_id(ext_id)}" if uid else f"https://m.weibo.cn/status/{ext_id}",
        kind=PostKind.REPOST if isinstance(original, dict) else PostKind.ORIGINAL,
        repost_of=id_of(original) or None if isinstance(original, dict) else None,
        edited_at=read_moment(edited, now) if edited else None,
        reach=parse_reach(entry, now, "reposts_count", "comments_count", "attitudes_count"),
    )


def parse_reach(entry: Mapping[str, Any], now: datetime, shares: str, comments: str, likes: str) -> Reach:
    """The counts in an entry; those that are only about right are named in `floors`."""
    names = {"reads": "reads_count", "likes": likes, "shares": shares, "comments": comments}
    found = {name: read_count(entry.get(key)) for name, key in names.items()}
    numbers = [number for number, _ in found.values()]
    return Reach(now, *numbers, floors=tuple(name for name, (_, rough) in found.items() if rough))


def parse_counts(body: Any, now: datetime) -> dict[str, Reach] | None:
    """statuses/count: counts by post id; posts that are gone are missing from it."""
    entries = entries_of(body, "counts")
    if entries is None:
        return None
    return {id_of(one): parse_reach(one, now, "reposts", "comments", "attitudes") for one in entries if id_of(one)}


def user_id(user: Any) -> str:
    """The id of a user object, or of the bare id that trimmed answers carry."""
    if not isinstance(user, dict):
        return read_id(user)
    return read_id(user.get("idstr")) or read_id(user.get("id"))


def parse_comments(body: Any, now: datetime, post_ext: str = "", key: str = "comments") -> Page[Comment] | None:
    """Comments of a list, nested ones included, each once; None when the body holds no list of them."""
    entries = entries_of(body, key)
    if entries is None:
        return None
    found: dict[str, Comment] = {}
    for entry in entries:
        for comment in parse_branch(entry, now, post_ext):
            found.setdefault(comment.ext_id, comment)
    return page_of(body, entries, list(found.values()))


def parse_branch(entry: Mapping[str, Any], now: datetime, post_ext: str = "") -> list[Comment]:
    """A comment and what is nested below it."""
    comment = parse_comment(entry, now, post_ext)
    if comment is None:
        return []
    below = [parse_comment(child, now, comment.post_ext, comment.ext_id) for child in entries_of(entry, "comments") or []]
    return [comment, *(child for child in below if child)]


def parse_comment(entry: Mapping[str, Any], now: datetime, post_ext: str = "", under: str = "") -> Comment | None:
    """One comment; `under` is the root below which it was nested. None when it has no id or no moment."""
    ext_id = id_of(entry)
    published_at = read_moment(entry.get("created_at"), now, ext_id)
    if not ext_id or published_at is None:
        return None
    above, status, user = entry.get("reply_comment"), entry.get("status"), entry.get("user")
    above = above if isinstance(above, dict) else {}
    root = read_id(entry.get("rootidstr")) or read_id(entry.get("rootid")) or under or read_id(above.get("rootid"))
    root_ext = root if root and root != ext_id else None
    likes = next((entry[name] for name in ("like_counts", "like_count", "attitudes_count") if name in entry), None)
    return Comment(
        ext_id,
        post_ext or (id_of(status) if isinstance(status, dict) else ""),
        published_at,
        read_text(entry.get("text_raw")) or read_text(entry.get("text")),
        author_id=user_id(user),
        author_name=read_text(user.get("screen_name") or user.get("name")) if isinstance(user, dict) else "",
        author_is_official=isinstance(user, dict) and user.get("verified_type") in (GOVERNMENT, str(GOVERNMENT)),
        parent_ext=id_of(above) or root_ext,
        root_ext=root_ext,
        likes=read_count(likes)[0],
        region=read_region(entry.get("region_name"), entry.get("source")),
    )


def parse_mentions(body: Any, now: datetime, uid: str) -> Page[Comment] | None:
    """Other people's posts or comments that call the account by @; comments in its own threads stay comments there."""
    posts = isinstance(body, dict) and "statuses" in body
    entries = entries_of(body, "statuses" if posts else "comments")
    if entries is None:
        return None
    items = []
    for entry in entries:
        comment, status = parse_comment(entry, now), entry.get("status")
        if comment is None or is_deleted(entry):
            continue
        if not posts and isinstance(status, dict) and user_id(status.get("user")) == uid:
            items.append(comment)
        else:
            items.append(as_mention(comment, long_text(entry)))
    return page_of(body, entries, items)


def as_mention(found: Comment, whole: str = "") -> Comment:
    """The same words as a call from outside; they hang below no post of ours."""
    return Comment(
        found.ext_id,
        "",
        found.published_at,
        whole or found.text,
        author_id=found.author_id,
        author_name=found.author_name,
        author_is_official=found.author_is_official,
        parent_ext=found.parent_ext,
        root_ext=found.root_ext,
        region=found.region,
        kind=CommentKind.MENTION,
    )


def parse_followers(user: Any, uid: str, now: datetime) -> Followers | None:
    """Followers out of a user object, if it is the account's own and states them."""
    if not isinstance(user, dict) or user_id(user) != uid:
        return None
    number, rough = read_count(user.get("followers_count"))
    return None if number is None else Followers(now, number, is_floor=rough)
