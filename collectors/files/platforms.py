"""Names of platforms as people write them in tables."""

import re

from matrix.account import PLATFORM_NAMES, Platform

SYNONYMS = {
    "新浪微博": Platform.WEIBO,
    "政务微博": Platform.WEIBO,
    "weibo": Platform.WEIBO,
    "微信": Platform.WECHAT,
    "公众号": Platform.WECHAT,
    "政务微信": Platform.WECHAT,
    "微信订阅号": Platform.WECHAT,
    "微信服务号": Platform.WECHAT,
    "订阅号": Platform.WECHAT,
    "服务号": Platform.WECHAT,
    "wechat": Platform.WECHAT,
    "抖音号": Platform.DOUYIN,
    "抖音短视频": Platform.DOUYIN,
    "douyin": Platform.DOUYIN,
    "头条": Platform.TOUTIAO,
    "今日头条": Platform.TOUTIAO,
    "今日头条号": Platform.TOUTIAO,
    "toutiao": Platform.TOUTIAO,
    "微信视频号": Platform.CHANNELS,
    "客户端": Platform.APP,
    "app": Platform.APP,
    "移动应用": Platform.APP,
    "政务客户端": Platform.APP,
    "快手号": Platform.KUAISHOU,
    "kuaishou": Platform.KUAISHOU,
    "其他": Platform.OTHER,
    "其它": Platform.OTHER,
    "小程序": Platform.OTHER,
    "微信小程序": Platform.OTHER,
    "政务小程序": Platform.OTHER,
    "哔哩哔哩": Platform.OTHER,
    "小红书": Platform.OTHER,
    "知乎": Platform.OTHER,
    "网站": Platform.OTHER,
} | {name: platform for platform, name in PLATFORM_NAMES.items()}


def platform_named(text: str) -> Platform | None:
    """The platform that is meant, None when the word is unknown."""
    return SYNONYMS.get(re.sub(r"\s+", "", text).lower())


def list_of_platforms() -> str:
    return "、".join(PLATFORM_NAMES.values())
