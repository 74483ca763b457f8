"""Failures of the WeChat interfaces as sentences for people, without anything secret in them."""

import re
from datetime import datetime

from collectors.wechat_codes import MEANINGS, UNKNOWN
from collectors.wechat_text import mend
from matrix.run import CollectError

APIS = {
    "/cgi-bin/stable_token": "获取调用凭据",
    "/cgi-bin/freepublish/batchget": "已发布图文列表",
    "/cgi-bin/freepublish/getarticle": "图文详情",
    "/cgi-bin/comment/list": "留言列表",
    "/datacube/getarticletotaldetail": "图文群发与发布统计",
    "/datacube/getarticleread": "图文阅读统计",
    "/datacube/getusersummary": "关注人数增减统计",
    "/datacube/getusercumulate": "累计关注人数统计",
}


def error_of(code: int, message: object, api: str, account: int, now: datetime) -> CollectError:
    """The failure behind an errcode of `api` (its path) for the account with this number in the ledger.

    Numbers decide, never the wording, which ends in a changing request id. The sentence takes from the wording only an
    address and, for unknown codes, a few words without anything that could be a secret.
    """
    meaning = MEANINGS.get(code, UNKNOWN)
    name = APIS.get(api, "微信接口")
    sentence = meaning.sentence.format(name=name, ip=seen_address(message), words=safe_words(message))
    return CollectError(
        meaning.kind,
        f"{sentence}（错误码 {code}）",
        cause=meaning.cause.format(account=account, api=api.rpartition("/")[2]),
        retry_at=meaning.again(now) if meaning.again else None,
        code=str(code),
    )


def seen_address(message: object) -> str:
    """The address from which the platform saw us, as its message states it."""
    found = re.search(r"\b(\d{1,3}(?:\.\d{1,3}){3})\b", mend(message)) or re.search(r"([0-9a-f]*:[0-9a-f:]{2,})", mend(message))
    return found.group(1) if found else "平台未说明"


def safe_words(message: object) -> str:
    """The platform's wording, short, without its request id and without long runs that could be a key or a token."""
    words = re.sub(r"\s*rid:.*", "", mend(message), flags=re.DOTALL)
    words = re.sub(r"[A-Za-z0-9_\-]{16,}", "…", words)
    return "".join(letter for letter in words if letter.isprintable())[:60].strip() or "无"
