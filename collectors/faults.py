"""What can go wrong on the way to a platform and back, and the Chinese sentence for each; judges a body by its content."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from requests import exceptions
from urllib3.exceptions import IncompleteRead, NameResolutionError

from matrix.run import CollectError, ErrorKind

ERROR_FIELDS = ("error_code", "errcode", "errno")
UNSAFE = re.compile(r"\\u(?:d[89a-f]|0000)|\x00", re.IGNORECASE)
SURROGATES = re.compile("[\ud800-\udfff]")
DEEPEST = 200
TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class Fault:
    """What one try met. `retry` says whether another try may help, `after` how many seconds the platform asks to wait."""

    kind: ErrorKind
    sentence: str
    retry: bool = False
    after: float | None = None
    code: str = ""

    def error(self, cause: str, now: datetime) -> CollectError:
        """The failure to raise; it holds no address, no parameter and no earlier exception."""
        later = None if self.after is None else now + timedelta(seconds=self.after)
        sort = {ErrorKind.REFUSED: "refused", ErrorKind.QUOTA: "quota", ErrorKind.MALFORMED: "malformed"}.get(
            self.kind, "network"
        )
        return CollectError(self.kind, self.sentence, cause=f"host:{cause}:{sort}", retry_at=later, code=self.code)


def fault_of(error: Exception, host: str) -> Fault:
    """What an exception of the HTTP client means; its own text is dropped because it quotes addresses with secrets."""
    first = error.args[0] if error.args else None
    reason = getattr(first, "reason", None) or first
    if isinstance(error, exceptions.SSLError):
        return network(f"{host} 的安全证书无法验证，请检查系统时间、网络中的代理或平台地址的设置。", retry=False)
    if isinstance(reason, NameResolutionError):
        return network(f"找不到主机 {host}，请检查网络与域名解析（DNS），或平台地址的设置。")
    if isinstance(error, exceptions.ConnectTimeout):
        return network(f"连接 {host} 超时，请检查网络与防火墙是否放行。")
    if isinstance(error, exceptions.ChunkedEncodingError | exceptions.ContentDecodingError):
        inner = next(iter(getattr(first, "args", ())[1:]), None)
        if isinstance(error, exceptions.ContentDecodingError) or isinstance(inner, IncompleteRead):
            return malformed(f"{host} 的应答不完整（传输中断），已重试仍未成功，将在下一轮再采集。")
        return network(f"与 {host} 的连接被中断，将在下一轮再采集；若持续出现请检查网络。")
    if isinstance(error, ValueError):
        return Fault(ErrorKind.REFUSED, "地址不正确，应以 http:// 或 https:// 开头，请检查设置。", code="address")
    if "timed out" in str(reason).lower() or isinstance(error, exceptions.Timeout | TimeoutError):
        return network(f"{host} 迟迟没有应答完，已放弃等待，将在下一轮再采集；若持续出现请检查网络。")
    return network(f"无法连接 {host}，请检查网络、防火墙与平台地址的设置。")


def network(sentence: str, retry: bool = True) -> Fault:
    """A fault of the way to the platform."""
    return Fault(ErrorKind.NETWORK, sentence, retry)


def malformed(sentence: str) -> Fault:
    """A body that cannot be read; the next try often brings a whole one."""
    return Fault(ErrorKind.MALFORMED, sentence, retry=True)


def too_large(host: str, limit: int) -> Fault:
    """A body beyond the limit; another try would be just as long."""
    return Fault(
        ErrorKind.MALFORMED,
        f"{host} 的应答超过 {limit // 1024} KB 的上限，已放弃读取；如属正常请调大 web.max_bytes。",
        code=TOO_LARGE,
    )


def status_fault(status: int, host: str, after: float | None) -> Fault | None:
    """What an HTTP status means where the body carries no word of the platform's own; None when it is no fault."""
    code = str(status)
    if status < 300:
        return None
    if status < 400:
        return Fault(ErrorKind.REFUSED, f"{host} 把请求转到了别处（可能要求登录），未予跟随；请检查平台地址与授权。", code=code)
    if status == 429:
        sentence = f"{host} 提示请求过于频繁，已暂停，稍后自动恢复。"
        return Fault(ErrorKind.QUOTA, sentence, retry=True, after=after, code=code)
    if status >= 500 or status in (408, 425):
        sentence = f"{host} 暂时不可用（HTTP {status}），将在下一轮再采集。"
        return Fault(ErrorKind.NETWORK, sentence, retry=True, after=after, code=code)
    if status in (404, 410):
        return Fault(ErrorKind.REFUSED, f"{host} 上没有这个地址（HTTP {status}），请检查平台地址或订阅地址的设置。", code=code)
    return Fault(ErrorKind.REFUSED, f"{host} 拒绝了访问（HTTP {status}），请确认授权与访问权限，并降低采集频率。", code=code)


def read_json(status: int, body: bytes, host: str, after: float | None = None) -> Any | Fault:
    """The JSON object or list in a body, whatever its content type says, or the fault that it is.

    A body with the platform's own error code is handed over on any status: the caller knows what the code means.
    """
    text = body.decode("utf-8-sig", "replace").strip()
    value: Any = None
    try:
        value = json.loads(text, strict=False, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict | list):
        clean = clean_value(value) if UNSAFE.search(text) else value
        if isinstance(clean, dict) and any(name in clean for name in ERROR_FIELDS):
            return clean
        return status_fault(status, host, after) or clean
    bad = status_fault(status, host, after)
    if bad:
        return bad
    if text.startswith("<"):
        return Fault(
            ErrorKind.REFUSED, f"{host} 返回的是网页而不是数据（可能要求登录或被拦截），请检查授权与平台地址。", code="html"
        )
    if not text:
        return malformed(f"{host} 返回了空的应答，已重试仍未成功，将在下一轮再采集。")
    return malformed(f"{host} 的应答不完整或不是有效的数据，已重试仍未成功，将在下一轮再采集。")


def clean_value(value: Any, depth: int = 0) -> Any:
    """The same value with every text fit to be stored as UTF-8."""
    if isinstance(value, str):
        return clean_text(value)
    if depth > DEEPEST:
        return None
    if isinstance(value, list):
        return [clean_value(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {clean_text(name): clean_value(item, depth + 1) for name, item in value.items()}
    return value


def clean_text(text: str) -> str:
    """Half an emoji left over from a cut becomes U+FFFD, NUL is dropped."""
    return SURROGATES.sub("\ufffd", text).replace("\x00", "")
