"""What goes wrong on the way to a platform and in its answers, and the Chinese sentence for each."""

import json
import socket
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from matrix.notice import REFUSALS, ChannelKind, Outcome, Result

SILENT = "将在对方恢复应答后用同一编号补发一次。"
LONGEST_WAIT = 86400.0
AGAIN = f"同一条消息最多试{REFUSALS}次，请把编号和这句话交给维护人员核对。"
LATER = "将自动重试，待发送的通知不会丢失。"
CERTIFICATES = {
    10: "的证书已过期，请联系对方更换证书",
    18: "使用自签名证书，请把它的根证书装入本服务器的系统证书库，或改用正式证书",
    19: "的证书由未被信任的机构签发，请把该机构的根证书装入本服务器的系统证书库",
    20: "的证书由未被信任的机构签发，请把该机构的根证书装入本服务器的系统证书库",
    62: "的证书与主机名不符，请核对渠道地址",
    64: "的证书与 IP 地址不符，请改用证书上的域名",
}
"""By OpenSSL's verification codes."""

BUSY, REFUSED = Result.BUSY, Result.REFUSED
CODES: dict[ChannelKind, dict[int, tuple[Result, str, float]]] = {
    ChannelKind.WECOM: {
        -1: (BUSY, "企业微信系统繁忙", 10),
        45009: (BUSY, "超过企业微信每分钟20条的限制", 60),
        45033: (BUSY, "超过企业微信的并发限制", 30),
        93000: (BUSY, "机器人地址无效，机器人可能已被移出群或删除，请重新添加机器人并更换地址", 0),
        93004: (BUSY, "机器人已停用，请群主启用后再试", 0),
        93008: (BUSY, "机器人不在群里，请重新添加机器人并更换地址", 0),
        40001: (BUSY, "机器人密钥不对，请重新复制机器人地址", 0),
        40058: (REFUSED, "企业微信认为消息格式不对", 0),
        45002: (REFUSED, "消息超过企业微信2048字节的限制", 0),
    },
    ChannelKind.DINGTALK: {
        -1: (BUSY, "钉钉系统繁忙", 10),
        130101: (BUSY, "超过钉钉每分钟20条的限制，钉钉会限流10分钟", 600),
        410100: (BUSY, "发送过快，被钉钉限流", 600),
        90030: (BUSY, "钉钉机器人调用次数已达上限，请在钉钉查看本组织的额度", 3600),
        300001: (BUSY, "机器人的 access_token 不存在，请重新复制机器人地址", 0),
        300005: (BUSY, "机器人的 access_token 不存在，请重新复制机器人地址", 0),
        400013: (BUSY, "群已解散，请更换渠道", 0),
        400101: (BUSY, "机器人的 access_token 不存在，请重新复制机器人地址", 0),
        400102: (BUSY, "机器人已停用，请在群设置中启用", 0),
        400106: (BUSY, "机器人不存在，请重新添加机器人并更换地址", 0),
        430101: (REFUSED, "钉钉认为消息含有不安全的链接", 0),
        430102: (REFUSED, "钉钉认为消息含有不合适的文字", 0),
        430104: (REFUSED, "钉钉认为消息含有不合适的内容", 0),
    },
    ChannelKind.FEISHU: {
        9499: (BUSY, "飞书认为请求过于频繁", 60),
        11232: (BUSY, "超过飞书的频率限制(每分钟100条、每秒5条)", 60),
        19001: (BUSY, "机器人地址无效，机器人可能已被移出群，请重新添加机器人并更换地址", 0),
        19021: (BUSY, "签名不对或本服务器时间与标准时间相差超过1小时，请核对签名密钥和服务器时钟", 0),
        19022: (BUSY, "本服务器的 IP 不在机器人的白名单中，请在机器人“安全设置”中加入", 0),
        19024: (BUSY, "消息中没有机器人要求的关键词，请把关键词填入本渠道", 0),
        19002: (REFUSED, "飞书认为消息格式不对", 0),
    },
}
"""The platforms' own codes: whose fault it is, what to do, and how many seconds to wait at least."""

CHECKS = (
    ("keyword", "消息中没有机器人要求的关键词，请把关键词填入本渠道"),
    ("sign", "加签不对，请重新复制机器人“安全设置”中的密钥"),
    ("timestamp", "本服务器时间与标准时间相差超过1小时，请校准服务器时钟"),
    ("whitelist", "本服务器的 IP 不在机器人的白名单中，请在机器人“安全设置”中加入"),
)
"""钉钉 answers 310000 for all of them and tells them apart by words only."""


def connect_fault(error: OSError, host: str) -> Outcome:
    """No connection, so nothing was sent: the channel's fault."""
    if isinstance(error, ssl.SSLCertVerificationError):
        what = CERTIFICATES.get(error.verify_code, "的证书无法验证，请联系对方核对证书")
        return Outcome(BUSY, f"{host} {what}；为防窃听没有发送。{LATER}", "certificate")
    if isinstance(error, ssl.SSLError):
        return Outcome(BUSY, f"无法与 {host} 建立加密连接，请核对地址是 https 还是 http、端口和加密方式。{LATER}", "tls")
    if isinstance(error, socket.gaierror):
        return Outcome(BUSY, f"找不到主机 {host}，请核对渠道地址和服务器的域名解析(DNS)设置。{LATER}", "dns")
    if isinstance(error, TimeoutError):
        return Outcome(BUSY, f"连接 {host} 超时，请检查服务器能否访问该地址，以及防火墙设置。{LATER}", "timeout")
    if isinstance(error, ConnectionRefusedError):
        return Outcome(BUSY, f"{host} 拒绝连接，请核对地址和端口，或联系对方确认服务已启动。{LATER}", "refused")
    return Outcome(BUSY, f"无法连接 {host}({type(error).__name__})，请检查网络。{LATER}", "network")


def read_status(status: int, headers: Any, host: str) -> Outcome | None:
    """What an HTTP status says where the body says nothing more; None for one that means success."""
    code = str(status)
    if status < 300:
        return None
    wait = read_wait(headers.get("retry-after", ""))
    if status == 429:
        return Outcome(BUSY, f"{host} 提示发送过于频繁，按对方要求稍后再发。{LATER}", code, wait if wait is not None else 60.0)
    if status == 504:
        return Outcome(Result.UNKNOWN, f"{host} 的网关没有等到答复(HTTP 504)，消息可能已经送达；{SILENT}", code)
    if status >= 500 or status == 408:
        return Outcome(BUSY, f"{host} 暂时不可用(HTTP {status})。{LATER}", code, wait)
    if status < 400:
        return Outcome(BUSY, f"{host} 把请求转到了别处，未予跟随，请核对渠道地址。{LATER}", code)
    if status in (401, 403):
        return Outcome(BUSY, f"{host} 不允许发送(HTTP {status})，请核对密钥、白名单和签名。{LATER}", code)
    if status in (404, 405, 410):
        return Outcome(BUSY, f"{host} 上没有这个地址(HTTP {status})，请核对渠道地址。{LATER}", code)
    return Outcome(REFUSED, f"{host} 不接受这条消息(HTTP {status})。{AGAIN}", code)


def read_wait(text: str) -> float | None:
    """Seconds that a Retry-After asks to wait, a number or a date, a day at most; None when it asks for nothing."""
    if text.strip().isdecimal():
        return min(LONGEST_WAIT, float(text))
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(LONGEST_WAIT, max(0.0, (moment - datetime.now(UTC)).total_seconds()))


def read_robot(kind: ChannelKind, status: int, headers: Any, body: bytes, host: str, is_whole: bool) -> Outcome:
    """What a robot's answer means. All three answer HTTP 200 to a refusal too: only the code in the body counts.

    企业微信 and 钉钉: `errcode` and `errmsg`; 飞书: `code` and `msg`, before 2021 `StatusCode` and `StatusMessage`.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = {}
    found = found if isinstance(found, dict) else {}
    names = ("code", "StatusCode", "errcode") if kind is ChannelKind.FEISHU else ("errcode", "code")
    code = next((found[name] for name in names if name in found), None)
    if not isinstance(code, int) or isinstance(code, bool):
        return read_status(status, headers, host) or unread(host, body, is_whole)
    if code == 0:
        return read_status(status, headers, host) or Outcome(Result.DELIVERED, "平台已接收", "0")
    words = str(next((found[name] for name in ("errmsg", "msg", "StatusMessage", "message") if found.get(name)), ""))
    wait = read_wait(headers.get("retry-after", ""))
    result, sentence, pause = judge_code(kind, code, words)
    told = f"，平台原话：{' '.join(words.split())[:120]}" if words else ""
    more = LATER if result is BUSY else AGAIN
    return Outcome(result, f"{sentence}(代码{code}{told})。{more}", str(code), max(wait or 0.0, pause) or None)


def judge_code(kind: ChannelKind, code: int, words: str) -> tuple[Result, str, float]:
    """Whose fault a platform's code is, in words, and how long to wait."""
    low = words.lower()
    if kind is ChannelKind.DINGTALK and code == 310000:
        return next(((BUSY, words_, 0.0) for mark, words_ in CHECKS if mark in low), (BUSY, "没有通过钉钉机器人的安全设置", 0.0))
    if kind is ChannelKind.FEISHU and code == 9499 and "bad request" in low:
        return REFUSED, "飞书认为消息格式不对", 0.0
    if code in CODES[kind]:
        return CODES[kind][code]
    if "too fast" in low or "frequen" in low or "freq" in low or "limit" in low:
        return BUSY, f"被{kind}限流", 60.0
    return REFUSED, f"{kind}没有接收这条消息", 0.0


def unread(host: str, body: bytes, is_whole: bool) -> Outcome:
    """A success by its status without the platform's code: a page of some gateway took nothing, anything else may have."""
    if is_whole and body.lstrip().startswith(b"<"):
        return Outcome(BUSY, f"{host} 的答复是网页，可能被网关或登录页拦截，请核对渠道地址。{LATER}", "page")
    how = "的答复不是机器人接口的格式" if is_whole else "的答复不完整"
    return Outcome(Result.UNKNOWN, f"{host} {how}，消息可能已经送达；{SILENT}", "unread")
