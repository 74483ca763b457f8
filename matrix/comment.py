"""What anybody wrote under a post or to an account."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CommentKind(StrEnum):
    """Where a comment came from."""

    COMMENT = "comment"
    MENTION = "mention"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment; `ext_id` is unique on its platform (WeChat: `<post ext_id>:<user_comment_id>`).

    `author_id` is the platform's own id of the writer and never reaches the database in clear unless the writer is an
    official account (`author_is_official`, or an account of the ledger). `post_ext` is empty for private messages.
    `parent_ext` is the comment that this one answers, `root_ext` the top of its sub-thread.
    """

    ext_id: str
    post_ext: str
    published_at: datetime
    text: str
    author_id: str = ""
    author_name: str = ""
    author_is_official: bool = False
    parent_ext: str | None = None
    root_ext: str | None = None
    likes: int | None = None
    region: str = ""
    kind: CommentKind = CommentKind.COMMENT


@dataclass(frozen=True, slots=True)
class Coverage:
    """采集完整度 of one thread: what the platform states, and why what we hold may be less.

    `stated` counts every comment of the thread, nested ones included, None when the platform does not say.
    `cause` is empty when the thread was read to its end, else one of `CAUSES`.
    """

    post_ext: str
    stated: int | None
    cause: str = ""


CAUSES = {
    "": "已读到末尾",
    "filtered": "平台过滤了部分评论",
    "app_users_only": "免费接口只返回授权用户的评论",
    "nested": "楼中楼回复未全部取回",
    "budget": "调用额度不足，未读完",
    "interrupted": "采集中断，未读完",
    "closed": "评论已关闭",
    "no_privilege": "账号没有留言权限",
    "window": "超出回看时限，未再复查",
    "file": "只有导入文件里的评论",
}


@dataclass(frozen=True, slots=True)
class Followers:
    """Follower number of the account at a moment or for a day (`stat_day`)."""

    observed_at: datetime
    followers: int
    gained: int | None = None
    lost: int | None = None
    stat_day: str | None = None
    is_floor: bool = False
