"""What comes out of a file that somebody brought: rows that name their account, and the rows that could not be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from matrix.account import Platform
from matrix.comment import Comment, Followers
from matrix.post import Post

Cell = Any
"""A value as the file holds it: text, number, bool, datetime, None; lists from JSON."""


class FileError(Exception):
    """The whole file cannot be read; the text is a Chinese sentence with what to do."""


class RowError(ValueError):
    """One row cannot be taken; the text is the reason in Chinese."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that did not go in: its physical line in the file (row number in a sheet or table), why, and how it began."""

    line: int
    reason: str
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class AccountKey:
    """The account as the file names it; either of id and name may be missing, both when the file does not say."""

    platform: Platform
    ext_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class PostRow:
    """`post.ext_id` is empty when the file has no id: who saves it derives one from account, time and text."""

    line: int
    account: AccountKey
    post: Post
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class CommentRow:
    """`account` may be empty: the comment then belongs to whoever owns `thread`, the post that it stands under.

    `thread` differs from `comment.post_ext` for reposts, which are words about a post and no part of its thread.
    `reply` is the account's answer where the file has both in one row: its text, empty while nothing is answered, and its time.
    """

    line: int
    account: AccountKey
    comment: Comment
    observed_at: datetime
    thread: str = ""
    reply: tuple[str, datetime | None] | None = None


@dataclass(frozen=True, slots=True)
class FollowersRow:
    line: int
    account: AccountKey
    followers: Followers


@dataclass(frozen=True, slots=True)
class FileBatch:
    """A portion of a file; `done` of `total` are bytes (or rows) for a progress bar."""

    posts: tuple[PostRow, ...] = ()
    comments: tuple[CommentRow, ...] = ()
    followers: tuple[FollowersRow, ...] = ()
    faults: tuple[RowFault, ...] = ()
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How a plain table is read: target to column name, and target to a constant for the whole import."""

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file seems to be, shown to the user before anything is imported.

    `recipe` is empty when the columns must be mapped first; `guess` then proposes a mapping. `needs` are Chinese sentences
    that say what the user must add. `signature` is the key under which a mapping of these headers is remembered.
    """

    recipe: str
    title: str
    columns: tuple[str, ...]
    sample: tuple[Mapping[str, str], ...]
    needs: tuple[str, ...]
    signature: str
    form: str
    guess: ColumnMapping = field(default_factory=ColumnMapping)


POST_TARGETS = (
    "内容ID",
    "发布时间",
    "标题",
    "正文",
    "链接",
    "是否官方",
    "是否原创",
    "转发自",
    "阅读数",
    "点赞数",
    "转发数",
    "评论数",
)
COMMENT_TARGETS = (
    "评论ID",
    "所属内容ID",
    "上级评论ID",
    "根评论ID",
    "评论时间",
    "评论人ID",
    "评论人昵称",
    "正文",
    "点赞数",
    "属地",
    "是否官方",
    "回复内容",
    "回复时间",
)
SHARED_TARGETS = ("平台", "平台账号ID", "账号名称", "采集时间")
COMMENT_ONLY = frozenset(COMMENT_TARGETS) - frozenset(POST_TARGETS)
TARGETS = (*SHARED_TARGETS, *POST_TARGETS, *(t for t in COMMENT_TARGETS if t not in POST_TARGETS))
