"""Texts of strangers, made safe to stand between our own words, and the words for what the database says in codes."""

import re

from matrix.account import PLATFORM_NAMES, ROUTE_NAMES, Platform, Route
from matrix.inspection import Verdict
from matrix.interface import WEIBO_INTERFACES
from matrix.percent import percent_words
from matrix.run import ErrorKind
from ui.masks import mask_text

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&^=])")
JOINER = "\u2060"
COLON = re.compile(r"\\:(?=[A-Za-z_]|[\w+]+\\:)")
"""A colon that could begin an icon, a colour or an emoji; the one of a clock stays as it is."""

UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Controls, and signs that turn the direction of everything behind them: on a page they would show a text as it is not."""

VERDICT_WORDS = {
    Verdict.NORMAL: "正常",
    Verdict.SOON: "3日内将超期",
    Verdict.OVERDUE: "■ 超期未更新",
    Verdict.BLIND: "▨ 采集中断(非账号原因)",
    Verdict.LIMITED: "▢ 平台限制",
    Verdict.EXEMPT: "不纳入判定",
}
"""Hatched and outlined signs stand for 采集中断 and 平台限制; no verdict has a warning colour, those are for 预警 levels."""

VERDICT_ORDER = (Verdict.OVERDUE, Verdict.SOON, Verdict.BLIND, Verdict.LIMITED, Verdict.NORMAL, Verdict.EXEMPT)

OUTCOME_WORDS = {"": "进行中", "ok": "完成", "partial": "部分完成", "failed": "失败"}

KIND_WORDS = {
    ErrorKind.CREDENTIALS: "凭据失效",
    ErrorKind.QUOTA: "额度用完",
    ErrorKind.PERMISSION: "没有接口权限",
    ErrorKind.GONE: "账号不存在",
    ErrorKind.HIDDEN: "内容不可见",
    ErrorKind.REFUSED: "平台拒绝访问",
    ErrorKind.MALFORMED: "应答异常",
    ErrorKind.NETWORK: "网络不通",
}

NEXT_STEPS = {
    Verdict.OVERDUE: "请联系责任人更新；账号确已停用的，在“账号台账”修改运行状态或填写豁免说明。",
    Verdict.SOON: "请提醒责任人在期限前更新。",
    Verdict.BLIND: "请先恢复采集，原因和办法见“中断原因”；恢复之前不作超期判定。",
    Verdict.LIMITED: "系统看不到，需要时请人工查看；不计入超期。",
}

INTERFACE_WORDS = {
    "all": "全部接口",
    "weibo_free": "微博开放平台(免费)",
    "weibo_commercial": "微博开放平台(商业)",
    "/cgi-bin/token": "访问凭证",
    "/cgi-bin/stable_token": "访问凭证(稳定版)",
    "/cgi-bin/freepublish/batchget": "已发布文章列表",
    "/cgi-bin/freepublish/getarticle": "文章内容",
    "/cgi-bin/comment/list": "文章评论",
    "/datacube/getarticletotaldetail": "文章阅读总数据",
    "/datacube/getarticleread": "文章每日阅读",
    "/datacube/getarticleshare": "文章每日分享",
    "/datacube/getusersummary": "用户增减",
    "/datacube/getusercumulate": "累计用户",
    **WEIBO_INTERFACES,
}

REMEDIES = {
    ErrorKind.CREDENTIALS: "在“账号台账”选中账号，重新录入采集凭据；录入后会立即重采。",
    ErrorKind.QUOTA: "无需处理，额度恢复后自动继续；经常用完时，请放宽采集间隔或申请更高额度。",
    ErrorKind.PERMISSION: "请账号管理员在平台后台开通所缺的接口权限，或核对服务器地址是否已加入白名单。",
    ErrorKind.GONE: "请核对台账中的平台账号标识；账号确已注销的，把运行状态改为“已关停”。",
    ErrorKind.HIDDEN: "请核对账号在平台上的可见范围设置。",
    ErrorKind.REFUSED: "平台暂时拒绝访问，系统会放慢并重试；持续超过一天请联系平台。",
    ErrorKind.MALFORMED: "平台应答无法读取，系统会重试；持续出现请把采集记录交给维护人员。",
    ErrorKind.NETWORK: "请检查服务器能否访问该平台的地址、代理和防火墙设置。",
}

CHANNEL_WORDS = {"comment": "评论", "mention": "@提及", "message": "私信"}


def plain(text: str) -> str:
    """A text for the middle of Markdown: nothing in it is a sign, a link, an icon or a formula any more."""
    flat = UNSEEN.sub("", " ".join(text.split()))
    flat = flat.replace("://", f":{JOINER}//").replace("www.", f"www{JOINER}.").replace("@", f"@{JOINER}")
    return COLON.sub(rf"\\:{JOINER}", SPECIAL.sub(r"\\\1", flat))


def short(text: str, length: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= length else f"{flat[: length - 1]}…"


def platform_name(number: int) -> str:
    return PLATFORM_NAMES[Platform(number)]


def route_name(route: str) -> str:
    return ROUTE_NAMES[Route(route)]


def verdict_words(verdict: str) -> str:
    return VERDICT_WORDS[Verdict(verdict)]


def remedy(kind: str) -> str:
    return REMEDIES[ErrorKind(kind)] if kind in set(ErrorKind) else "请查看采集记录中的说明。"


def kind_words(kind: str) -> str:
    return KIND_WORDS[ErrorKind(kind)] if kind in set(ErrorKind) else kind


def ratio(held: float | None, stated: float | None) -> str:
    """采集完整度 with its denominator: 92%(212/230); nothing where the platform states no number."""
    if stated is None or held is None or stated != stated or held != held:
        return "平台未提供总数"
    if not stated:
        return "无评论"
    return f"{held / stated:.0%}({held:.0f}/{stated:.0f})" if held < stated else f"100%({held:.0f}/{stated:.0f})"


def told(text: str) -> str:
    """What people and citizens wrote, and sentences that quote it: masked, and safe between our own words."""
    return plain(mask_text(text or ""))


def share_words(part: int, whole: int, floor: int) -> str:
    """75%(9/12), or 样本不足 below the floor."""
    return percent_words(part, whole) if whole >= floor else f"样本不足({part}/{whole})"
