"""What every answer of the console carries: security headers, and a first document that speaks Chinese."""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import streamlit
from starlette.datastructures import Headers, MutableHeaders

from ui import papers

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

ALWAYS = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
"""`same-origin` and not `no-referrer`: under the latter browsers send the origin of a form as null, which we check."""

HOST = re.compile(r"^[A-Za-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-fA-F:]+\](:\d{1,5})?$")


class Dress:
    """Wraps `send`; the hashes of the inline scripts are read from the installed Streamlit."""

    def __init__(self, is_encrypted: bool) -> None:
        self.always = ALWAYS | ({"strict-transport-security": "max-age=31536000"} if is_encrypted else {})
        index = Path(streamlit.__file__).parent / "static" / "index.html"
        scripts = re.findall(r"<script>(.*?)</script>", index.read_text(encoding="utf-8"), re.S) if index.exists() else []
        digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
        self.inline = " ".join(f"'sha256-{digest}'" for digest in digests)

    def policy(self, host: str) -> str:
        """What Streamlit's pages may load: everything from this console only; styles are made while drawing."""
        sockets = f" ws://{host} wss://{host}" if HOST.match(host) else ""
        return (
            f"default-src 'none'; script-src 'self' {self.inline} 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
            f"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'{sockets}; worker-src 'self' blob:; "
            "media-src 'self' blob:; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'self'"
        )

    def wrap(self, scope: MutableMapping[str, Any], send: Send) -> Send:
        """Add the headers to the answer; a page of Streamlit is held back until it is whole and then put into Chinese."""
        host = Headers(scope=scope).get("host", "")
        head: MutableMapping[str, Any] | None = None
        body = b""

        async def dressed(message: MutableMapping[str, Any]) -> None:
            nonlocal head, body
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.always.items():
                    headers[name] = value
                if not headers.get("content-type", "").startswith("text/html"):
                    if "cache-control" not in headers:
                        headers["cache-control"] = "no-store"
                    await send(message)
                    return
                headers["cache-control"] = "no-store"
                head = message
            elif head is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await self.finish(head, body, host, send)

        return dressed

    async def finish(self, head: MutableMapping[str, Any], body: bytes, host: str, send: Send) -> None:
        headers = MutableHeaders(scope=head)
        is_ours = b'<html lang="zh-CN">' in body
        headers["content-security-policy"] = papers.POLICY if is_ours else self.policy(host)
        if not is_ours and headers.get("content-encoding") is None:
            body = into_chinese(body)
            headers["content-length"] = str(len(body))
            del headers["etag"]
        await send(head)
        await send({"type": "http.response.body", "body": body})


def into_chinese(body: bytes) -> bytes:
    """Streamlit's first document with our language, name and words."""
    text = body.decode("utf-8")
    text = text.replace('<html lang="en">', '<html lang="zh">', 1)
    text = text.replace("<title>Streamlit</title>", f"<title>{papers.PRODUCT}</title>", 1)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r'<link rel="service-desc"[^>]*>', "", text, count=1)
    text = re.sub(r"<noscript>.*?</noscript>", "<noscript><p>请在浏览器中启用 JavaScript。</p></noscript>", text, flags=re.S)
    return text.encode()
