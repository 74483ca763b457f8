"""The doctor looks at the ways to people too."""

from contextlib import closing

from matrix.notice import ChannelKind, Notice, Outcome, Result, Rules
from storage import channels, credentials, organizations, outbox, outbox_send
from storage.channels import Wish
from storage.database import create_database, writing
from storage.keyring import new_keyring
from storage.moments import to_seconds
from tests.commands.place import NOW, Examined, Place


def test_channels_that_fail_and_channels_that_cannot_be_opened_are_named(place: Place, examined: Examined) -> None:
    place.fill(1)
    at = to_seconds(NOW)
    with closing(create_database(place.path)) as db:
        with writing(db):
            ring = credentials.claim_key(db, place.key_file)
            scope = organizations.roots(db)
            for name, key in (("值班群", ring), ("旧群", new_keyring())):
                wish = Wish(scope[0], name, Rules(frozenset("红")), False)
                channels.add(db, scope, ChannelKind.WECOM, wish, "h", {"url": f"https://h/{name}"}, key, "t", NOW)
            outbox.put(db, Notice("a", "红", "预警", "t", "b", scope[0], at), NOW)
        taken = outbox_send.take(db, at, "t", 60)
        assert taken is not None and taken.channel.name == "值班群"
        outbox_send.settle(db, taken, Outcome(Result.BUSY, "机器人地址无效，请更换地址"), at)
    code, found, _ = examined()
    assert code == 1
    assert found["通知渠道"] == [
        "问题",
        "旧群的地址无法用现有密钥解开，请放回原密钥，或在“通知渠道”重新录入",
        "问题",
        "“值班群”发送失败：机器人地址无效，请更换地址",
    ]
