"""Reads the address of a channel as a person copied it, and says in Chinese what is wrong with it."""

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import parse_qs, quote, urlsplit

from matrix.notice import ChannelKind

OFFICIAL = {
    ChannelKind.WECOM: "qyapi.weixin.qq.com",
    ChannelKind.DINGTALK: "oapi.dingtalk.com",
    ChannelKind.FEISHU: "open.feishu.cn",
}
EXAMPLES = {
    ChannelKind.WECOM: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=……",
    ChannelKind.DINGTALK: "https://oapi.dingtalk.com/robot/send?access_token=……",
    ChannelKind.FEISHU: "https://open.feishu.cn/open-apis/bot/v2/hook/……",
    ChannelKind.WEBHOOK: "https://接收系统的地址/路径",
}
SECURITIES = ("SSL/TLS", "STARTTLS", "不加密")
PORTS = {"SSL/TLS": 465, "STARTTLS": 587, "不加密": 25}
MOST_RECIPIENTS, LONGEST_URL, SHORTEST_SECRET = 50, 1000, 16
MAIL = re.compile(r"[^\s@,;<>\"\x80-\U0010ffff]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


def read_address(kind: ChannelKind, given: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """What may be shown of an address, and what is sealed. Raises ValueError, a Chinese sentence.

    Robots: `url` as the platform shows it, `secret` of the signature and `keyword` where the robot demands them; a private
    deployment has the same paths on a host of its own. Interfaces: `url` and `secret`. Mail: see `read_mail`.
    """
    if kind is ChannelKind.MAIL:
        return read_mail(given)
    url, secret, keyword = (given.get(name, "").strip() for name in ("url", "secret", "keyword"))
    host = read_url(kind, url)
    if kind is ChannelKind.WEBHOOK and len(secret) < SHORTEST_SECRET:
        raise ValueError(f"签名密钥至少{SHORTEST_SECRET}位，由您设定并告知接收方，用来核对消息确由本系统发出。")
    if kind is ChannelKind.DINGTALK and secret and not re.fullmatch(r"[A-Za-z0-9]+", secret):
        raise ValueError("加签密钥只含字母和数字，以 SEC 开头，请从钉钉机器人的“安全设置”重新复制。")
    if kind is ChannelKind.WECOM and secret:
        raise ValueError("企业微信群机器人没有签名密钥，请留空。")
    if len(keyword) > 20:
        raise ValueError("关键词最长20字，须与机器人“安全设置”中的一致。")
    return host, {"url": url, "secret": secret, "keyword": keyword}


def read_url(kind: ChannelKind, url: str) -> str:
    """The host of an address that this kind of channel can have."""
    example = f"应形如 {EXAMPLES[kind]}"
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise ValueError(f"地址无法识别，{example}。") from None
    if parts.scheme not in ("http", "https") or not host or len(url) > LONGEST_URL or re.search(r"[\s\x00-\x1f]", url):
        raise ValueError(f"地址无法识别，{example}。")
    if parts.username or parts.password:
        raise ValueError("地址中不能带用户名和密码。")
    if not is_host(host):
        raise ValueError(f"地址中的主机名“{host}”无法识别，请核对有没有多余的点或漏字，{example}。")
    refuse_here(host)
    if parts.scheme == "http" and host == OFFICIAL.get(kind):
        raise ValueError("平台的地址须以 https:// 开头，请重新复制。")
    if not fits(kind, parts.path, parse_qs(parts.query)):
        raise ValueError(f"这不是{kind}机器人的地址，{example}；请从机器人的设置中完整复制。")
    return f"{host}:{port}" if port else host


def fits(kind: ChannelKind, path: str, query: Mapping[str, list[str]]) -> bool:
    """Whether path and parameters are those of a robot of this kind."""
    if kind is ChannelKind.WECOM:
        return path.endswith("/webhook/send") and bool(re.fullmatch(r"[A-Za-z0-9_-]+", query.get("key", [""])[0]))
    if kind is ChannelKind.DINGTALK:
        return path.endswith("/robot/send") and bool(re.fullmatch(r"[A-Za-z0-9]+", query.get("access_token", [""])[0]))
    if kind is ChannelKind.FEISHU:
        return bool(re.search(r"/bot/v2/hook/[A-Za-z0-9_-]+/?$", path))
    return True


def is_host(name: str) -> bool:
    """Whether a name can be looked up at all: no empty parts, none too long, Chinese ones in a form that DNS knows."""
    try:
        name.encode("idna")
    except UnicodeError:
        return False
    return True


def wire_path(url: str) -> str:
    """Path and parameters as they go over the wire: what is not ASCII in percent signs (UTF-8), all else as it was copied."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return re.sub(r"[^\x21-\x7e]", lambda found: quote(found[0], errors="replace"), path)


def refuse_here(host: str) -> None:
    """An address that would lead back into the server itself is no channel. Raises ValueError, a Chinese sentence."""
    if host == "localhost" or host.endswith(".localhost"):
        raise ValueError("地址指向服务器自身，不能作为通知渠道。")
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return
    if is_forbidden(number):
        raise ValueError("地址指向服务器自身或链路本地地址，不能作为通知渠道。")


def is_forbidden(number: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Addresses of this machine, of the link (metadata services live there) and of no machine; private networks are allowed."""
    mapped = getattr(number, "ipv4_mapped", None)
    number = mapped or number
    return number.is_loopback or number.is_link_local or number.is_multicast or number.is_unspecified


def read_mail(given: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """`host`, `port`, `security`, `user`, `password`, `sender`, and `to`: addresses with commas, semicolons or lines between."""
    found = {name: given.get(name, "").strip() for name in ("host", "port", "security", "user", "sender")}
    found["password"] = given.get("password", "")
    if not HOST.fullmatch(found["host"]) or not is_host(found["host"]):
        raise ValueError("请填写发信服务器的域名或 IP 地址，例如 smtp.example.gov.cn，不带 http://。")
    refuse_here(found["host"].lower())
    if found["security"] not in SECURITIES:
        raise ValueError(f"加密方式应为：{'、'.join(SECURITIES)}。")
    port = found["port"] or str(PORTS[found["security"]])
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise ValueError("端口应为1到65535之间的整数，通常为465、587或25。")
    if not MAIL.fullmatch(found["sender"]):
        raise ValueError("请填写发件人的邮箱地址，通常与登录用户名一致。")
    if bool(found["user"]) is not bool(found["password"]):
        raise ValueError("登录用户名和密码(授权码)须同时填写，或同时留空。")
    if found["user"] and found["security"] == SECURITIES[2]:
        raise ValueError("不加密的连接会泄露密码，请改用 SSL/TLS 或 STARTTLS，或不填用户名和密码。")
    to = [one for one in re.split(r"[\s,;，；]+", given.get("to", "")) if one]
    wrong = [one for one in to if not MAIL.fullmatch(one)]
    if not to or wrong or len(to) > MOST_RECIPIENTS:
        which = f"“{wrong[0]}”不是邮箱地址" if wrong else f"请填写1到{MOST_RECIPIENTS}个收件人"
        raise ValueError(f"{which}，多个收件人用逗号或换行分开。")
    return f"{found['host']}:{port}，{len(to)}个收件人", {**found, "port": port, "to": ",".join(dict.fromkeys(to))}
