"""Tables of other Weibo tools: MediaCrawler (old and new schema), crawl4weibo, WeiboSpider."""

from collectors.files.exports import Cells, Export, Values, root_is_itself

WEB_COUNTS = {"点赞数": ("attitudes_count",), "评论数": ("comments_count",), "转发数": ("reposts_count",)}
MEDIA_COMMENT = {
    "评论ID": ("comment_id",),
    "所属内容ID": ("note_id",),
    "根评论ID": ("parent_comment_id",),
    "评论时间": ("create_date_time", "create_time"),
    "评论人ID": ("user_id", "creator_hash"),
    "评论人昵称": ("nickname",),
    "正文": ("content",),
    "点赞数": ("comment_like_count",),
    "属地": ("ip_location",),
    "采集时间": ("last_modify_ts",),
}
SPIDER_COUNTS = {
    "转发数": ("reposts_count", "repost_num"),
    "评论数": ("comments_count", "comment_num"),
    "点赞数": ("attitudes_count", "like_num"),
    "阅读数": ("reads_count",),
}


def _spider_repost(cells: Cells, values: Values) -> Values:
    if cells.get("is_retweet") in (True, "True", "true", 1):
        values["是否原创"] = False
    return values


def _from_source(_cells: Cells, values: Values) -> Values:
    """The web interface puts the region into `source`, which for posts and old comments is a client's name."""
    region = str(values.get("属地") or "")
    values["属地"] = region if region.startswith(("来自", "发布于")) else ""
    return values


def _masked_name(cells: Cells, values: Values) -> Values:
    """The newer schema has a hash and a masked name instead of the account: neither says whose post it is."""
    if "creator_hash" in cells:
        values["账号名称"] = values["平台账号ID"] = ""
    return values


TABLES = (
    Export(
        "mediacrawler-contents",
        "MediaCrawler 微博内容",
        "posts",
        frozenset({"note_id", "content", "create_time", "shared_count"}),
        {
            "内容ID": ("note_id",),
            "正文": ("content",),
            "发布时间": ("create_date_time", "create_time"),
            "点赞数": ("liked_count",),
            "评论数": ("comments_count",),
            "转发数": ("shared_count",),
            "链接": ("note_url",),
            "平台账号ID": ("user_id",),
            "账号名称": ("nickname",),
            "采集时间": ("last_modify_ts",),
        },
        fix=_masked_name,
        is_html=True,
    ),
    Export(
        "mediacrawler-comments",
        "MediaCrawler 微博评论",
        "comments",
        frozenset({"comment_id", "note_id", "content", "create_time", "comment_like_count"}),
        MEDIA_COMMENT,
        fix=root_is_itself,
        is_html=True,
    ),
    Export(
        "mediacrawler-creators",
        "MediaCrawler 微博账号",
        "followers",
        frozenset({"user_id", "nickname", "follows", "fans"}),
        {"平台账号ID": ("user_id",), "账号名称": ("nickname",), "粉丝数": ("fans",), "采集时间": ("last_modify_ts",)},
    ),
    Export(
        "crawl4weibo",
        "crawl4weibo 微博JSON",
        "posts",
        frozenset({"id", "user_id", "text", "created_at", "is_original"}),
        {
            "内容ID": ("id",),
            "平台账号ID": ("user_id",),
            "账号名称": ("user.screen_name", "user_screen_name", "screen_name"),
            "正文": ("text",),
            "发布时间": ("created_at",),
            "是否原创": ("is_original",),
            "转发自": ("retweeted_status.id",),
        }
        | WEB_COUNTS,
        is_html=True,
        nested=("comments", "crawl4weibo-comments"),
    ),
    Export(
        "crawl4weibo-comments",
        "crawl4weibo 评论JSON",
        "comments",
        frozenset({"id", "text", "created_at", "user_screen_name", "like_counts"}),
        {
            "评论ID": ("id",),
            "所属内容ID": ("$post.id", "post_id", "weibo_id", "mid"),
            "上级评论ID": ("reply_id",),
            "评论时间": ("created_at",),
            "评论人ID": ("user_id",),
            "评论人昵称": ("user_screen_name",),
            "正文": ("text",),
            "点赞数": ("like_counts",),
            "属地": ("source",),
        },
        fix=lambda cells, values: _from_source(cells, root_is_itself(cells, values)),
        is_html=True,
    ),
    Export(
        "weibospider",
        "WeiboSpider 微博JSONL",
        "posts",
        frozenset({"_id", "created_at", "content"}),
        {
            "内容ID": ("_id", "mblogid"),
            "平台账号ID": ("user._id", "user_id"),
            "账号名称": ("user.nick_name",),
            "正文": ("content",),
            "发布时间": ("created_at",),
            "链接": ("url", "weibo_url"),
            "转发自": ("retweet_id",),
            "采集时间": ("crawl_time",),
        }
        | SPIDER_COUNTS,
        forbids=frozenset({"comment_user._id", "comment_user_id", "like_counts"}),
        fix=_spider_repost,
    ),
    Export(
        "weibospider-comments",
        "WeiboSpider 评论JSONL",
        "comments",
        frozenset({"_id", "created_at", "content"}),
        {
            "评论ID": ("_id",),
            "所属内容ID": ("tweet_id", "weibo_id", "mid"),
            "上级评论ID": ("reply_comment._id",),
            "评论时间": ("created_at",),
            "评论人ID": ("comment_user._id", "comment_user_id"),
            "评论人昵称": ("comment_user.nick_name",),
            "正文": ("content",),
            "点赞数": ("like_counts", "like_num"),
            "属地": ("ip_location",),
            "采集时间": ("crawl_time",),
        },
        fix=root_is_itself,
    ),
)
