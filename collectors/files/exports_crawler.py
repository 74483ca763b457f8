"""Tables of dataabc/weibo-crawler: CSV, JSON and SQLite; posts, comments, reposts, users."""

from collectors.files.exports import Cells, Export, Values, root_is_itself

CAP = (1_000_000,)
"""weibo-crawler writes the platform's "100万+" as this number."""

COUNTS = {
    "点赞数": ("attitudes_count", "点赞数"),
    "评论数": ("comments_count", "评论数"),
    "转发数": ("reposts_count", "转发数"),
}
COMMENT = {
    "评论ID": ("id",),
    "所属内容ID": ("weibo_id",),
    "根评论ID": ("root_id",),
    "评论时间": ("created_at",),
    "评论人ID": ("user_id",),
    "评论人昵称": ("user_screen_name",),
    "正文": ("text",),
    "点赞数": ("like_count",),
}


def _link(cells: Cells, values: Values) -> Values:
    """weibo-crawler keeps no link and marks originals by leaving the source columns out."""
    uid, short = str(cells.get("user_id") or "").strip(), str(cells.get("bid") or "").strip()
    if uid and short:
        values.setdefault("链接", f"https://weibo.com/{uid}/{short}")
    return values


TABLES = (
    Export(
        "weibo-crawler",
        "weibo-crawler 微博CSV",
        "posts",
        frozenset({"id", "bid", "正文", "日期", "点赞数"}),
        {
            "内容ID": ("id", "bid"),
            "正文": ("正文",),
            "发布时间": ("完整日期", "日期"),
            "是否原创": ("是否原创",),
            "转发自": ("源微博id",),
            "平台账号ID": ("用户id", "user_id"),
            "账号名称": ("用户昵称", "screen_name"),
        }
        | COUNTS,
        is_html=True,
        capped=CAP,
    ),
    Export(
        "weibo-crawler-json",
        "weibo-crawler 微博JSON或SQLite",
        "posts",
        frozenset({"id", "bid", "user_id", "text", "attitudes_count", "created_at"}),
        {
            "内容ID": ("id", "bid"),
            "平台账号ID": ("user_id",),
            "账号名称": ("screen_name",),
            "正文": ("text",),
            "发布时间": ("full_created_at", "created_at"),
            "转发自": ("retweet.id", "retweet_id"),
        }
        | COUNTS,
        forbids=frozenset({"is_original"}),
        fix=_link,
        is_html=True,
        capped=CAP,
    ),
    Export(
        "weibo-crawler-comments",
        "weibo-crawler 评论",
        "comments",
        frozenset({"id", "weibo_id", "created_at", "user_screen_name", "text", "pic_url"}),
        COMMENT,
        fix=root_is_itself,
        is_html=True,
    ),
    Export(
        "weibo-crawler-reposts",
        "weibo-crawler 转发",
        "mentions",
        frozenset({"id", "weibo_id", "created_at", "user_screen_name", "text"}),
        {target: sources for target, sources in COMMENT.items() if target != "根评论ID"},
        forbids=frozenset({"pic_url", "root_id"}),
        is_html=True,
    ),
    Export(
        "weibo-crawler-user",
        "weibo-crawler 用户",
        "followers",
        frozenset({"id", "nick_name", "follower_count"}),
        {"平台账号ID": ("id",), "账号名称": ("nick_name",), "粉丝数": ("follower_count",)},
    ),
    Export(
        "weibo-crawler-users",
        "weibo-crawler 用户CSV",
        "followers",
        frozenset({"用户id", "昵称", "粉丝数", "微博数"}),
        {"平台账号ID": ("用户id",), "账号名称": ("昵称",), "粉丝数": ("粉丝数",)},
    ),
)
