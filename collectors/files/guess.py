"""Proposes a column mapping for a plain table from the names that offices and tools give to columns."""

import hashlib
from collections.abc import Iterable

from collectors.files.rows import COMMENT_ONLY, COMMENT_TARGETS, POST_TARGETS, SHARED_TARGETS, ColumnMapping

SYNONYMS = {
    "平台": ("平台名称", "platform"),
    "平台账号ID": ("账号ID", "账号id", "uid", "UID", "user_id"),
    "账号名称": (
        "账号",
        "账号名",
        "发布账号",
        "公众号",
        "公众号名称",
        "微博名",
        "微博账号",
        "用户昵称",
        "昵称",
        "account",
        "screen_name",
    ),
    "内容ID": ("微博ID", "微博id", "mid", "文章ID", "note_id"),
    "发布时间": ("发表时间", "发布日期", "推送时间", "时间", "日期", "time", "created_at", "publish_time"),
    "标题": ("文章标题", "内容标题", "title"),
    "正文": ("内容", "微博正文", "微博内容", "发布内容", "评论内容", "text", "content"),
    "链接": ("网址", "文章链接", "内容链接", "原文链接", "url", "link"),
    "是否原创": ("原创", "is_original"),
    "阅读数": ("阅读量", "阅读", "浏览量", "阅读次数", "reads", "read"),
    "点赞数": ("点赞", "点赞量", "赞", "likes", "like"),
    "转发数": ("转发", "转发量", "分享数", "分享", "forward", "repost", "reposts", "shares"),
    "评论数": ("评论", "评论量", "留言数", "comments", "comment"),
    "评论ID": ("评论id", "comment_id", "cid"),
    "所属内容ID": ("所属微博ID", "post_id", "weibo_id"),
    "上级评论ID": ("上级评论", "回复的评论ID", "parent", "parent_id"),
    "评论时间": ("留言时间", "comment_time"),
    "评论人ID": ("评论者ID",),
    "评论人昵称": ("评论人", "评论者", "评论用户", "网友昵称"),
    "属地": ("IP属地", "地区", "region", "ip_location"),
    "是否官方": ("官方", "official"),
    "回复内容": ("答复内容", "官方回复", "reply"),
    "回复时间": ("答复时间", "官方回复时间", "reply_time"),
    "采集时间": ("抓取时间", "crawl_time"),
}
COMMENT_MARKS = frozenset({"评论ID", "上级评论ID", "评论时间", "评论人ID", "评论人昵称", "所属内容ID", "回复内容", "回复时间"})


def signature(columns: Iterable[str]) -> str:
    """The key under which a mapping of these headers is remembered: the same columns in any order."""
    text = "\x1f".join(sorted(column.strip().lower() for column in columns))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def is_comments(targets: Iterable[str]) -> bool:
    """A mapping that names anything which only comments have reads comments."""
    return bool(COMMENT_ONLY & set(targets))


def propose(columns: Iterable[str]) -> ColumnMapping:
    """What the columns probably are; targets for which nothing fits are left out."""
    names = {column.strip().lower(): column for column in columns}
    found = {}
    for target, words in SYNONYMS.items():
        for word in (target, *words):
            if word.lower() in names:
                found[target] = names[word.lower()]
                break
    is_thread = bool(COMMENT_MARKS & set(found))
    if is_thread:
        found.setdefault("评论时间", found.pop("发布时间", ""))
        if "回复内容" not in found:  # beside an answer, the account is the one that gives it
            found.setdefault("评论人昵称", found.pop("账号名称", ""))
        found.setdefault("评论ID", names.get("id", ""))
    wanted = {*SHARED_TARGETS, *(("标题",) if "回复内容" in found else ()), *(COMMENT_TARGETS if is_thread else POST_TARGETS)}
    return ColumnMapping({target: column for target, column in found.items() if target in wanted and column})


def is_named_exactly(mapping: ColumnMapping) -> bool:
    """Whether the table uses our own names for all that it needs, so that nobody has to confirm anything."""
    own = {target for target, column in mapping.columns.items() if target == column}
    return bool({"发布时间", "评论时间"} & own) and bool({"标题", "正文"} & own)
