"""Robots of 企业微信, 钉钉 and 飞书, on Apprise's plugins: theirs the limits and signatures, ours the host and the answer."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from matrix.notice import ChannelKind, Outcome, Result
from notifiers.faults import read_robot
from notifiers.message import Message
from notifiers.wire import Ready, SendError, Wire

AGENT = "government-media-matrix/0.1"


class Line:
    """What every robot has: an address of its own instead of the plugin's, and the platform's answer instead of a yes or no.

    The plugins take HTTP 200 for success (企业微信, 钉钉) and know no private hosts; so the sending is ours.
    """

    kind: ChannelKind

    def connect(self, wire: Wire, url: str, ready: Ready) -> None:
        """Say how messages leave."""
        self._wire, self._url, self._ready = wire, url, ready
        self.outcome: Outcome = Outcome(Result.BUSY, "没有发送")

    def hand_over(self, payload: Mapping[str, Any], suffix: str = "") -> bool:
        """Send a payload as JSON in plain UTF-8: escaped, Chinese would be three times as long."""
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": AGENT, "Connection": "close"}
        body = json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")
        try:
            answer = self._wire.post(self._url + suffix, body, headers, self._ready)
        except SendError as error:
            self.outcome = error.outcome
        else:
            host = urlsplit(self._url).hostname or ""
            self.outcome = read_robot(self.kind, answer.status, answer.headers, answer.body, host, answer.is_whole)
        return self.outcome.result is Result.DELIVERED


class WecomRobot(Line, NotifyWeComBot):
    """企业微信群机器人; a private deployment has the same path on its own host."""

    kind = ChannelKind.WECOM

    def send(self, body: str, *_: Any, **__: Any) -> bool:
        """The plugin has put the title into the body already."""
        return self.hand_over({"msgtype": "text", "text": {"content": body}})


class DingtalkRobot(Line, NotifyDingTalk):
    """钉钉自定义机器人, signed (加签) where it has a secret."""

    kind = ChannelKind.DINGTALK

    def send(self, body: str, title: str = "", *_: Any, **__: Any) -> bool:
        suffix = ""
        if self.secret:
            timestamp, sign = self.get_signature()
            suffix = f"&timestamp={timestamp}&sign={sign}"
        return self.hand_over({"msgtype": "text", "text": {"content": f"{title}\n{body}" if title else body}}, suffix)


class FeishuRobot(Line, NotifyFeishu):
    """飞书 (and Lark) custom robot; the plugin cannot sign, we do."""

    kind = ChannelKind.FEISHU
    secret = ""

    def send(self, body: str, title: str = "", *_: Any, **__: Any) -> bool:
        payload: dict[str, Any] = {"msg_type": "text", "content": {"text": f"{title}\n{body}" if title else body}}
        if self.secret:
            timestamp = str(int(time.time()))  # the platform's clock is the real one, whatever ours is told
            payload |= {"timestamp": timestamp, "sign": feishu_sign(timestamp, self.secret)}
        return self.hand_over(payload)


def feishu_sign(timestamp: str, secret: str) -> str:
    """HMAC-SHA256 over nothing, with "timestamp, line feed, secret" as the key, in Base64, as 飞书 wants it."""
    return base64.b64encode(hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


def send(kind: ChannelKind, secrets: Mapping[str, str], message: Message, wire: Wire, ready: Ready) -> Outcome:
    """Send one message through a robot; gives what its platform answered. `ready` is called before the last byte leaves."""
    url, secret = secrets["url"], secrets.get("secret", "")
    query = parse_qs(urlsplit(url).query)
    robot: WecomRobot | DingtalkRobot | FeishuRobot
    if kind is ChannelKind.WECOM:
        robot = WecomRobot(key=query["key"][0])
    elif kind is ChannelKind.DINGTALK:
        robot = DingtalkRobot(token=query["access_token"][0], secret=secret or None)
    else:
        robot = FeishuRobot(token=urlsplit(url).path.rstrip("/").rpartition("/")[2])
        robot.secret = secret
    robot.connect(wire, url, ready)
    robot.notify(body=message.body, title=message.title)
    return robot.outcome
