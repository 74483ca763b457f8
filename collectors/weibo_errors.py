"""What each error of the Weibo platform means: its kind, what to tell people, its cause and when to try again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from matrix.account import Route
from matrix.interface import WEIBO_INTERFACES
from matrix.run import Budget, CollectError, ErrorKind

BEIJING = ZoneInfo("Asia/Shanghai")
CREDENTIALS, QUOTA, PERMISSION = ErrorKind.CREDENTIALS, ErrorKind.QUOTA, ErrorKind.PERMISSION
GONE, HIDDEN, REFUSED, NETWORK = ErrorKind.GONE, ErrorKind.HIDDEN, ErrorKind.REFUSED, ErrorKind.NETWORK
BUSY = frozenset({10001, 10002, 10003, 10009, 10010, 10011, 21331})
"""The platform is busy: another try may help."""
DELAYED = 20032
"""No error: a reply was accepted and shows in a minute or two."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which call an answer belongs to, and the budgets that it was charged to."""

    route: Route
    account_id: int
    endpoint: str
    ip: Budget
    user: Budget
    own: Budget

    @property
    def budgets(self) -> tuple[Budget, ...]:
        return (self.user, self.ip, self.own)


@dataclass(frozen=True, slots=True)
class Meaning:
    """`cause` is a pattern with {account}, {route} and {endpoint}; `hours` how long to wait at least, if anything is known."""

    kind: ErrorKind
    sentence: str
    cause: str = "account:{account}:{endpoint}:refused"
    hours: float | None = None


KEY, RIGHT, APP = "account:{account}:credentials", "account:{account}:{endpoint}:permission", "app:{route}:permission"
_AGAIN = "请账号管理员重新授权，并在“账号台账”中更新该账号的凭据。"
_BUG = Meaning(REFUSED, "平台认为“{name}”的请求不正确，可能是接口已变更或网关改写了请求，请把错误码告知维护人员。")
_WRITE = Meaning(REFUSED, "平台没有接受所提交的内容（长度、重复、违规或图片不合要求），请修改后再提交。")
_KEY = Meaning(CREDENTIALS, f"授权无效，{_AGAIN}", KEY)
_APP = Meaning(PERMISSION, "应用的配置不正确（AppKey、AppSecret 或回调地址），请到微博开放平台核对应用信息。", APP)
_BUSY = Meaning(NETWORK, "微博平台系统繁忙，“{name}”重试后仍未成功，稍后会自动再试。", "host:{route}:busy", 0.1)
_ABUSE = Meaning(
    REFUSED, "平台判定本机或应用的访问异常并作了限制，请降低采集频率，必要时联系微博开放平台。", "ip:{route}:refused", 1
)

MEANINGS: dict[int, Meaning] = {
    **dict.fromkeys(BUSY, _BUSY),
    **dict.fromkeys((10006, 10007, 10008, 10016, 10017, 10018, 10020, 10021, 20001, 20002, 20104, 20109, 20204), _BUG),
    **dict.fromkeys((20005, 20006, 20007, 20008, 20009, 20012, 20013, 20017, 20018, 20019, 20020, 20021, 20111), _WRITE),
    **dict.fromkeys((*range(21301, 21314), 21318, 21326, 21329), _KEY),
    **dict.fromkeys((21322, 21323, 21324, 21328), _APP),
    **dict.fromkeys((20014, 20015, 20022), _ABUSE),
    10004: Meaning(REFUSED, "平台拒绝了本机出口 IP 的访问，请到微博开放平台检查应用的 IP 白名单。", "ip:{route}:refused", 1),
    10005: Meaning(PERMISSION, "应用级别不够，不能使用“{name}”接口，请在微博开放平台申请更高的接口权限。", APP, 6),
    10012: Meaning(REFUSED, "平台认为请求不合法，已停止采集该账号，请核对账号的平台编号与授权。", hours=1),
    10013: Meaning(GONE, "平台称微博账号无效，请核对“账号台账”中的 UID，或确认账号是否已注销。", "account:{account}:gone"),
    10014: Meaning(PERMISSION, "应用没有“{name}”的接口权限或权限已被收回，请到微博开放平台查看；商业接口请核对合同。", RIGHT),
    10022: Meaning(QUOTA, "本机出口 IP 本小时的调用额度已用完，同一路线的所有账号暂停，下一个整点自动恢复。"),
    10023: Meaning(QUOTA, "该账号的调用额度已用完，{ends}自动恢复。同一授权被其他程序使用时也计入此额度。"),
    10024: Meaning(QUOTA, "该账号“{name}”接口本小时的调用额度已用完，下一个整点自动恢复，其他接口不受影响。"),
    20003: Meaning(GONE, "平台上没有这个账号，可能已注销或平台编号（UID）有误，请核对“账号台账”。", "account:{account}:gone"),
    20016: Meaning(QUOTA, "操作过于频繁，平台暂时不接受，请稍后再试。", hours=1),
    20031: Meaning(REFUSED, "平台要求输入验证码，程序不会代为通过，请人工登录该账号处理。", "account:{account}:captcha", 1),
    20101: Meaning(GONE, "平台称该微博不存在，已被删除。", "account:{account}:post"),
    20102: Meaning(REFUSED, "该微博不属于这个账号，不能操作。", "account:{account}:post"),
    20103: Meaning(REFUSED, "不能转发自己的微博。", "account:{account}:post"),
    20112: Meaning(HIDDEN, "该微博未公开（仅自己或部分人可见），外部看不到。", "account:{account}:post"),
    20170: Meaning(HIDDEN, "由于博主设置，该微博目前不可见。", "account:{account}:post"),
    20201: Meaning(GONE, "该评论不存在，已被删除。", "account:{account}:comment"),
    20202: Meaning(REFUSED, "平台认为该评论编号不合法。", "account:{account}:comment"),
    20203: Meaning(REFUSED, "该评论不属于这个账号，不能操作。", "account:{account}:comment"),
    20508: Meaning(HIDDEN, "对方的隐私设置不允许查看。", "account:{account}:post"),
    21314: Meaning(CREDENTIALS, f"授权已被使用过，{_AGAIN}", KEY),
    21315: Meaning(CREDENTIALS, f"授权已过期，{_AGAIN}", KEY),
    21316: Meaning(CREDENTIALS, f"授权已被撤销（修改密码或取消授权都会撤销），{_AGAIN}", KEY),
    21317: Meaning(CREDENTIALS, f"授权被平台拒绝，{_AGAIN}", KEY),
    21319: Meaning(CREDENTIALS, f"账号已取消对本应用的授权，{_AGAIN}", KEY),
    21320: Meaning(REFUSED, "平台要求使用 https，请检查微博平台地址的设置。", "app:{route}:address"),
    21321: Meaning(PERMISSION, "应用尚未通过审核，只能用于测试账号，请在微博开放平台提交审核或把账号加入测试名单。", APP),
    21325: Meaning(CREDENTIALS, f"授权码无效或已用过，{_AGAIN}", KEY),
    21327: Meaning(CREDENTIALS, f"授权已过期，{_AGAIN}", KEY),
    21330: Meaning(CREDENTIALS, f"账号拒绝了授权，{_AGAIN}", KEY),
    21332: Meaning(CREDENTIALS, f"授权无效（凭据不对、已过期或被撤销），{_AGAIN}", KEY),
    21337: Meaning(PERMISSION, "应用的 AppKey 没有相应权限，请到微博开放平台查看应用状态。", APP),
}  # fmt: skip
_UNKNOWN = Meaning(REFUSED, "微博平台拒绝了“{name}”的请求，请把错误码告知维护人员。", hours=1)
_LOGIN = Meaning(CREDENTIALS, f"平台要求登录，{_AGAIN}", KEY)
BY_NAME = {
    "expired_token": 21327,
    "invalid_access_token": 21332,
    "invalid_grant": 21325,
    "invalid_client": 21324,
    "invalid_request": 21323,
    "unauthorized_client": 21326,
    "access_denied": 21330,
    "temporarily_unavailable": 21331,
}


def code_of(body: Any) -> int | None:
    """The error code in a body, as number or text, under any of its names; 0 for an error without one, None for no error."""
    if not isinstance(body, dict):
        return None
    for name in ("error_code", "errno", "errcode"):
        value = str(body.get(name, "")).strip()
        if value.lstrip("-").isdigit():
            return int(value) or None
    if str(body.get("ok", "")) == "-100":
        return -100
    error = body.get("error")
    return BY_NAME.get(error, 0) if isinstance(error, str) and error else None


def is_busy(body: Any) -> bool:
    return code_of(body) in BUSY


def parse_error(body: Any, asked: Asked, now: datetime) -> CollectError | None:
    """The failure that an answer states, None when it states none. Only numbers and names of ours enter the sentence."""
    code = code_of(body)
    if code is None or code == DELAYED:
        return None
    meaning = _LOGIN if code == -100 else MEANINGS.get(code, _UNKNOWN)
    budget = {10022: asked.ip, 10023: asked.user, 10024: asked.own}.get(code)
    retry_at = now + timedelta(hours=meaning.hours) if meaning.hours else None
    cause = meaning.cause.format(account=asked.account_id, route=asked.route.value, endpoint=asked.endpoint)
    if budget is not None:
        retry_at, cause = end_of(budget.period, now), f"{budget.scope}:{budget.name}:quota"
    ends = "次日零点（北京时间）后" if asked.user.period == "day" else "下一个整点"
    sentence = meaning.sentence.format(name=WEIBO_INTERFACES.get(asked.endpoint, "微博接口"), ends=ends)
    said = f"（错误码 {code}）" if code > 0 else ""
    return CollectError(meaning.kind, sentence + said, cause=cause, retry_at=retry_at, code=str(code), budget=budget)


def end_of(period: str, now: datetime) -> datetime:
    """When the platform counts anew: the next full hour, or the next midnight in Beijing."""
    here = now.astimezone(BEIJING).replace(minute=0, second=0, microsecond=0)
    return here + timedelta(hours=1) if period == "hour" else here.replace(hour=0) + timedelta(days=1)
