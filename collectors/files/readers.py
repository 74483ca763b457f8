"""One row of cells, already under the names of our targets, into a post, a comment or a follower number."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from collectors.files.ids import clean_id, mid_of, wechat_id_in, weibo_id_in, weibo_post_id
from collectors.files.platforms import list_of_platforms, platform_named
from collectors.files.rows import AccountKey, Cell, CommentRow, FollowersRow, PostRow, RowError
from collectors.files.values import BEIJING, read_count, read_text, read_time, read_truth, without_html
from matrix.account import Platform
from matrix.comment import Comment, CommentKind, Followers
from matrix.post import Post, PostKind, Reach

Values = Mapping[str, Cell]
COUNTS = {"阅读数": "reads", "点赞数": "likes", "转发数": "shares", "评论数": "comments"}
REGION = re.compile(r"^(?:来自|发布于|IP属地[:\uff1a ]?)\s*")


@dataclass(frozen=True, slots=True)
class Reading:
    """What every row of one table is read with. `observed_at` stands where a row has no 采集时间; `rounded` are targets whose
    long ids a spreadsheet has cut; `constants` are targets that the user set for the whole import."""

    platform: Platform | None
    observed_at: datetime
    now: datetime
    rounded: frozenset[str] = frozenset()
    constants: frozenset[str] = frozenset()
    is_html: bool = False
    is_mention: bool = False
    capped: tuple[int, ...] = ()
    """Counts that this tool writes in place of a platform's cap (100万+)."""

    def observed(self, values: Values) -> datetime:
        if values.get("采集时间") in (None, ""):
            return self.observed_at
        return read_time(values["采集时间"], "采集时间", self.observed_at, self.now)

    def id_of(self, values: Values, target: str) -> str:
        return clean_id(values.get(target), target, rounded_column=target in self.rounded)

    def text_of(self, values: Values, target: str) -> str:
        text = read_text(values.get(target))
        return without_html(text) if self.is_html else text

    def account_of(self, values: Values) -> AccountKey:
        platform = self.platform
        word = read_text(values.get("平台"))
        if word:
            platform = platform_named(word)
            if platform is None:
                raise RowError(f"平台“{word[:20]}”不认识，应为：{list_of_platforms()}")
        if platform is None:
            raise RowError("没有说明平台：请对应“平台”列，或为整个文件指定平台")
        name = read_text(values.get("账号名称")).removeprefix("@")
        return AccountKey(platform, self.id_of(values, "平台账号ID"), name)


def read_post(line: int, values: Values, reading: Reading) -> PostRow:
    """Raises RowError with the reason in Chinese."""
    account = reading.account_of(values)
    if read_truth(values.get("是否官方"), "是否官方") is False:
        raise RowError("不是官方账号发布的内容")
    observed = reading.observed(values)
    url = read_text(values.get("链接"))
    url = url if url.startswith(("http://", "https://")) else ""
    ext_id = reading.id_of(values, "内容ID")
    if account.platform == Platform.WEIBO:
        uid, linked = weibo_id_in(url)
        ext_id = ext_id if "内容ID" in reading.constants else weibo_post_id(ext_id)
        ext_id = ext_id or linked
        account = account if account.ext_id or account.name or not uid else AccountKey(account.platform, uid)
    elif account.platform == Platform.WECHAT:
        ext_id = ext_id or wechat_id_in(url)
    title, text = reading.text_of(values, "标题"), reading.text_of(values, "正文")
    published = read_time(values.get("发布时间"), "发布时间", observed, reading.now)
    if not (title or text or url):
        raise RowError("标题、正文和链接都是空的")
    repost_of = reading.id_of(values, "转发自") or None
    if repost_of and account.platform == Platform.WEIBO:
        repost_of = mid_of(repost_of) or repost_of
    is_original = read_truth(values.get("是否原创"), "是否原创")
    kind = PostKind.ARTICLE if account.platform == Platform.WECHAT else PostKind.ORIGINAL
    if kind == PostKind.ORIGINAL and (is_original is False or repost_of):
        kind = PostKind.REPOST
    post = Post(ext_id, published, text, title, url, kind, repost_of, reach=_reach(values, reading, max(observed, published)))
    return PostRow(line, account, post, max(observed, published))


def _reach(values: Values, reading: Reading, observed: datetime) -> Reach | None:
    counts: dict[str, Any] = {}
    floors = []
    for target, name in COUNTS.items():
        count, is_floor = read_count(values.get(target), target)
        if count is not None:
            counts[name] = count
            if is_floor or count in reading.capped:
                floors.append(name)
    return Reach(observed, floors=tuple(floors), **counts) if counts else None


def read_comment(line: int, values: Values, reading: Reading) -> CommentRow:
    """Raises RowError with the reason in Chinese."""
    account = reading.account_of(values)
    observed = reading.observed(values)
    thread = reading.id_of(values, "所属内容ID")
    if account.platform == Platform.WEIBO and "所属内容ID" not in reading.constants:
        thread = weibo_post_id(thread)
    ext_id = reading.id_of(values, "评论ID")
    parent, root = reading.id_of(values, "上级评论ID"), reading.id_of(values, "根评论ID")
    parent = "" if parent == ext_id else parent
    root = "" if root == ext_id else root
    text = reading.text_of(values, "正文")
    published = read_time(values.get("评论时间") or values.get("发布时间"), "评论时间", observed, reading.now)
    if not text and not ext_id:
        raise RowError("正文和评论ID都是空的")
    likes, _ = read_count(values.get("点赞数"), "点赞数")
    reply = read_reply(values, reading, published)
    if reply is not None:
        title = reading.text_of(values, "标题")
        text = f"{title}\n{text}" if title and not text.startswith(title) else text
    is_message = reply is not None and not thread
    comment = Comment(
        ext_id=ext_id,
        post_ext="" if reading.is_mention else thread,
        published_at=published,
        text=text,
        author_id=reading.id_of(values, "评论人ID"),
        author_name=read_text(values.get("评论人昵称")).removeprefix("@"),
        author_is_official=bool(read_truth(values.get("是否官方"), "是否官方")),
        parent_ext=parent or root or None,
        root_ext=root or parent or None,
        likes=likes,
        region=REGION.sub("", read_text(values.get("属地")))[:40],
        kind=CommentKind.MENTION if reading.is_mention else CommentKind.MESSAGE if is_message else CommentKind.COMMENT,
    )
    last = max(observed, published, (reply[1] if reply else None) or published)
    return CommentRow(line, account, comment, last, thread, reply)


def read_reply(values: Values, reading: Reading, asked: datetime) -> tuple[str, datetime | None] | None:
    """The answer that stands in the row of the message; None where the table has no such columns, an empty text where none
    was given yet. Raises RowError for an answer that cannot be timed: the message would be taken for a waiting one."""
    if "回复内容" not in values and "回复时间" not in values:
        return None
    text = reading.text_of(values, "回复内容")
    is_timed = values.get("回复时间") not in (None, "")
    if not text and not is_timed:
        return "", None
    if not is_timed:
        raise RowError("有回复内容但没有回复时间，无法计算时长：请补上回复时间后再导入这一行")
    at = read_time(values["回复时间"], "回复时间", reading.now, reading.now)
    if at < asked:
        raise RowError("回复时间早于留言时间，请核对这一行的两个时间")
    return text or "(已回复，文件没有给出内容)", at


def read_followers(line: int, values: Values, reading: Reading) -> FollowersRow:
    """Raises RowError with the reason in Chinese."""
    account = reading.account_of(values)
    observed = reading.observed(values)
    followers, is_floor = read_count(values.get("粉丝数"), "粉丝数")
    if followers is None:
        raise RowError("缺少粉丝数")
    day = None
    if values.get("统计日") not in (None, ""):
        day = read_time(values["统计日"], "统计日", observed, reading.now).astimezone(BEIJING).strftime("%Y-%m-%d")
    gained, lost = read_count(values.get("新增关注"), "新增关注")[0], read_count(values.get("取消关注"), "取消关注")[0]
    return FollowersRow(line, account, Followers(observed.astimezone(UTC), followers, gained, lost, day, is_floor))
