"""What each errcode of the WeChat interfaces means, as the official tables and recorded answers give it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from matrix.run import ErrorKind

BEIJING = ZoneInfo("Asia/Shanghai")
TOKEN_CODES = frozenset({40001, 40014, 42001})
"""The token is refused: another one may help, once."""
BUSY = -1
BAD_SECRET = 40125
DAY_SPENT = 45009
NOT_READY = 61503
NO_COMMENT_RIGHT = 88000
NO_ARTICLE = 88001
BAD_ARTICLE_ID = 53600


@dataclass(frozen=True, slots=True)
class Meaning:
    """One errcode: `cause` is a pattern with {account} and {api}; `again` gives the moment from which a retry makes sense."""

    kind: ErrorKind
    sentence: str
    cause: str = "account:{account}:{api}:refused"
    again: Callable[[datetime], datetime] | None = None


def next_day(now: datetime) -> datetime:
    """00:00 of the next day in Beijing, when the platform counts anew."""
    return (now.astimezone(BEIJING) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def next_minute(now: datetime) -> datetime:
    return (now + timedelta(minutes=1)).replace(second=0, microsecond=0)


def in_an_hour(now: datetime) -> datetime:
    return now + timedelta(hours=1)


def in_some_hours(now: datetime) -> datetime:
    """A right is granted by people, at some time of the working day."""
    return now + timedelta(hours=3)


def _soon(now: datetime) -> datetime:
    return now + timedelta(minutes=5)


CREDENTIALS, QUOTA, PERMISSION = ErrorKind.CREDENTIALS, ErrorKind.QUOTA, ErrorKind.PERMISSION
REFUSED, GONE, MALFORMED, NETWORK = ErrorKind.REFUSED, ErrorKind.GONE, ErrorKind.MALFORMED, ErrorKind.NETWORK
KEY, HOST = "account:{account}:credentials", "host:wechat"
RIGHT, SPENT = "account:{account}:{api}:permission", "account:{account}:{api}:quota"
_TOKEN = Meaning(
    CREDENTIALS,
    "公众号的调用凭据（access_token）被平台拒绝，重新获取一次后仍然如此。"
    "可能有另一个系统也在用这个公众号的 AppSecret 刷新凭据："
    "请让其他系统改用稳定版接口（stable_token），或核对“账号台账”中登记的 AppID 和 AppSecret。",
    KEY,
)
_BUG = Meaning(REFUSED, "平台认为“{name}”的请求格式不对，可能是接口已变更或网关改写了请求，请把错误码告知维护人员。")
_GRANT = Meaning(CREDENTIALS, "公众号对第三方平台的授权已失效，请公众号管理员在第三方平台重新扫码授权。", KEY)

MEANINGS: dict[int, Meaning] = {
    BUSY: Meaning(NETWORK, "微信平台系统繁忙，“{name}”重试后仍未成功，稍后会自动再试。", "wechat:busy", _soon),
    40001: _TOKEN,
    40014: _TOKEN,
    42001: _TOKEN,
    40013: Meaning(CREDENTIALS, "AppID 不正确，请在“账号台账”中核对该公众号的 AppID。", KEY),
    BAD_SECRET: Meaning(
        CREDENTIALS, "AppSecret 不正确或已被重置，请到公众平台“设置与开发－基本配置”查看，并在“账号台账”中重新填写。", KEY
    ),
    40164: Meaning(
        REFUSED,
        "本机的出口 IP（{ip}）不在公众号的 IP 白名单内，请到公众平台“设置与开发－基本配置－IP白名单”中加入该地址；"
        "本机采集的所有公众号都要加入。",
        HOST + ":whitelist",
    ),
    61004: Meaning(
        REFUSED, "本机的出口 IP（{ip}）没有在第三方平台登记，请在微信开放平台的第三方平台设置中加入白名单。", HOST + ":whitelist"
    ),
    41001: Meaning(CREDENTIALS, "请求没有带上调用凭据，可能是网关去掉了地址中的参数，请检查网关设置。", HOST + ":gateway"),
    43002: _BUG,
    44002: _BUG,
    47001: _BUG,
    40033: _BUG,
    88010: _BUG,
    DAY_SPENT: Meaning(
        QUOTA,
        "该公众号“{name}”今天的调用额度已用完，次日零点（北京时间）后自动继续。其他系统的调用也计入此额度。",
        SPENT,
        next_day,
    ),
    45011: Meaning(QUOTA, "“{name}”调用过于频繁，已达每分钟上限，下一分钟自动继续。", SPENT, next_minute),
    48001: Meaning(
        PERMISSION,
        "该公众号没有“{name}”的接口权限，请到公众平台“设置与开发－接口权限”查看；未认证的公众号需先完成认证。",
        RIGHT,
        in_some_hours,
    ),
    48004: Meaning(
        REFUSED,
        "该公众号因违规被平台封禁了接口，请登录公众平台查看“通知中心”的处罚说明并申诉。",
        "account:{account}:forbidden",
        next_day,
    ),
    48006: Meaning(QUOTA, "该公众号本月清零调用额度的次数已用完，请等额度自动恢复。", SPENT, next_day),
    50001: Meaning(PERMISSION, "用户没有授权“{name}”，请公众号管理员检查授权。", RIGHT, in_some_hours),
    50002: Meaning(REFUSED, "该公众号已被平台冻结或限制，请登录公众平台查看通知。", "account:{account}:forbidden", next_day),
    BAD_ARTICLE_ID: Meaning(GONE, "平台称图文编号无效，图文已被删除。", "account:{account}:article"),
    61003: _GRANT,
    61005: Meaning(
        CREDENTIALS,
        "第三方平台的验证票据已过期，等平台下一次推送（约十分钟）后恢复；长时间不恢复请检查回调地址。",
        HOST + ":ticket",
        _soon,
    ),
    61006: Meaning(CREDENTIALS, "第三方平台的验证票据无效，请检查第三方平台的回调地址与消息密钥。", HOST + ":ticket", _soon),
    61007: Meaning(
        PERMISSION, "公众号没有把“{name}”所需的权限（权限集 7）授权给第三方平台，请管理员重新授权并勾选。", RIGHT, in_some_hours
    ),
    61023: _GRANT,
    61500: Meaning(
        REFUSED,
        "平台不接受统计的日期格式，可能是接口已变更，请把错误码告知维护人员。",
        "account:{account}:{api}:dates",
    ),
    61501: Meaning(REFUSED, "平台不接受所查的统计日期，请核对本机时钟是否准确；统计数据只到昨天。", "installation:clock"),
    NOT_READY: Meaning(REFUSED, "平台的统计数据尚未准备好，今天晚些时候自动再取。", "account:{account}:{api}:late", in_an_hour),
    NO_COMMENT_RIGHT: Meaning(PERMISSION, "该公众号没有留言功能的权限，无法读取留言；图文和统计照常采集。", RIGHT, in_some_hours),
    NO_ARTICLE: Meaning(GONE, "平台称图文不存在，可能已被删除。", "account:{account}:article"),
    88002: Meaning(ErrorKind.HIDDEN, "该图文因安全原因被平台限制，暂时无法读取留言。", "account:{account}:article"),
    88003: Meaning(QUOTA, "精选留言数量已达上限。", SPENT, next_day),
    88004: Meaning(GONE, "该留言已被用户删除。", "account:{account}:comment"),
    88005: Meaning(REFUSED, "该留言已经回复过。", "account:{account}:comment"),
    88007: Meaning(REFUSED, "回复内容过长或为空。", "account:{account}:comment"),
    88008: Meaning(GONE, "该留言不存在，可能已被删除。", "account:{account}:comment"),
    88009: Meaning(GONE, "该回复不存在，可能已被删除。", "account:{account}:comment"),
}
for _code in range(53500, 53506):
    MEANINGS[_code] = Meaning(
        REFUSED, "平台没有通过图文的发布（原创校验或审核），请登录公众平台查看。", "account:{account}:publish"
    )

UNKNOWN = Meaning(REFUSED, "微信平台拒绝了“{name}”的请求（平台原话：{words}），请把错误码告知维护人员。", again=in_an_hour)
