"""接口推送: posts notices as JSON to a system of the unit, signed so that it knows the sender, with a key against doubles."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from matrix.notice import Outcome, Result
from notifiers.faults import read_status
from notifiers.message import Message, clock
from notifiers.robots import AGENT
from notifiers.wire import Ready, SendError, Wire


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over "timestamp, full stop, body", in hexadecimal: the receiver computes the same and compares."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def payload_of(message: Message) -> bytes:
    """The JSON of a message: its key, its words, and each notice by itself."""
    notices = [
        {
            "key": one.key,
            "kind": one.kind,
            "level": one.level,
            "title": one.title,
            "body": one.body,
            "organization_id": one.organization_id,
            "created_at": clock(one.created_at),
            "link": one.link,
        }
        for one in message.notices
    ]
    content = {"key": message.key, "level": message.level, "title": message.title, "text": f"{message.title}\n{message.body}"}
    return json.dumps(content | {"is_repeat": message.is_repeat, "notices": notices}, ensure_ascii=False).encode(
        "utf-8", "replace"
    )


def send(secrets: Mapping[str, str], message: Message, wire: Wire, ready: Ready) -> Outcome:
    """Post one message; any status below 300 is a receipt."""
    url, body, timestamp = secrets["url"], payload_of(message), str(int(time.time()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": AGENT,
        "Connection": "close",
        "Idempotency-Key": message.key,
        "X-Matrix-Timestamp": timestamp,
        "X-Matrix-Signature": f"sha256={sign(secrets['secret'], timestamp, body)}",
    }
    host = urlsplit(url).hostname or ""
    try:
        answer = wire.post(url, body, headers, ready)
    except SendError as error:
        return error.outcome
    return read_status(answer.status, answer.headers, host) or Outcome(Result.DELIVERED, "对方已接收", str(answer.status))
