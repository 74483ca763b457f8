"""发送测试: what a page asks for with a request row, done by the worker and answered in the row."""

import sqlite3
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from matrix.notice import Result
from notifiers.deliver import Deliverer
from settings import Settings
from storage import channels, people, requests
from storage.keyring import Keyring

TEST = "test_channel"


def send_test(
    db: sqlite3.Connection, settings: Settings, keyring: Keyring, _now: datetime, request: requests.Request
) -> dict[str, Any]:
    """Send a test; answers with what the platform said. Raises AnswerError, a Chinese sentence, when it did not arrive."""
    asker = people.find(db, request.asked_by)
    try:
        scope = people.scope_of(db, asker) if asker else ()
        channel = channels.find(db, scope, int(request.payload.get("channel_id", 0)))
    except PermissionError as error:
        raise requests.AnswerError(str(error)) from None
    sender = Deliverer(settings, keyring, settings.clock().now, threading.Event())
    outcome = sender.test(db, channel, f"test:{request.id}", asker.name if asker else request.asked_by)
    if outcome.result is not Result.DELIVERED:
        raise requests.AnswerError(f"“{channel.name}”的测试消息没有送达：{outcome.sentence}")
    return {"sentence": f"“{channel.name}”的测试消息已送达：{outcome.sentence}。请到群里或邮箱核对。"}


VERBS: Mapping[str, Any] = {TEST: send_test}
