"""Tables of the WeChat back office (微信公众平台): content analysis, the older message analysis, follower growth."""

from collectors.files.exports import Export
from matrix.account import Platform

TABLES = (
    Export(
        "wechat-articles",
        "微信公众平台“内容分析”导出",
        "posts",
        frozenset({"内容标题", "发表时间"}),
        {
            "标题": ("内容标题",),
            "发布时间": ("发表时间",),
            "阅读数": ("总阅读人数", "阅读人数"),
            "转发数": ("总分享人数", "分享人数"),
            "链接": ("内容url", "内容URL", "内容链接", "url"),
        },
        platform=Platform.WECHAT,
    ),
    Export(
        "wechat-messages",
        "微信公众平台“图文分析”导出",
        "posts",
        frozenset({"图文标题", "图文页阅读人数"}),
        {
            "标题": ("图文标题",),
            "发布时间": ("群发时间", "发布时间", "时间", "日期"),
            "阅读数": ("图文页阅读人数",),
            "转发数": ("分享转发人数", "分享人数"),
            "链接": ("内容url", "图文链接", "链接"),
        },
        platform=Platform.WECHAT,
    ),
    Export(
        "wechat-followers",
        "微信公众平台“用户增长”导出",
        "followers",
        frozenset({"时间", "新关注人数", "取消关注人数", "累积关注人数"}),
        {"统计日": ("时间",), "粉丝数": ("累积关注人数",), "新增关注": ("新关注人数",), "取消关注": ("取消关注人数",)},
        platform=Platform.WECHAT,
    ),
)
