"""发送测试 by request row, certificates that do not hold, hosts that are none: the way out as its users meet it."""

import ssl
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from collectors.collect_requests import answer_next
from matrix.notice import ChannelKind
from matrix.people import Role
from notifiers import trial
from notifiers.wire import read_routes
from settings import SettingsError
from simulator.robots import Reply, RobotHost
from storage import people, requests
from storage.database import open_writer, writing
from storage.keyring import save_keyring
from tests.notifiers.outbox_desk import Desk, routes


def ask_for_test(desk: Desk, channel: int, role: Role = Role.LEAD, unit: str = "临江市") -> requests.Request:
    """What the page leaves, answered as the worker answers it."""
    save_keyring(desk.folder / "matrix.key", desk.ring)
    with closing(open_writer(desk.path)) as db:
        with writing(db):
            scope = (desk.units[unit],)
            people.add(
                db,
                login="zhuguan",
                name="王主管",
                role=role,
                password="Linjiang-2026",
                by="t",
                now=desk.now,
                must_change=False,
                scope=scope,
            )
        number = requests.ask(db, "test_channel", {"channel_id": channel}, "zhuguan", desk.now)
        assert answer_next(db, desk.settings, desk.ring, lambda: desk.now, trial.VERBS)
        found = requests.find(db, number)
        assert found is not None and found.is_done
        return found


def test_a_test_goes_past_quiet_hours_is_answered_and_ends_the_waiting(tmp_path: Path) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, "qyapi.weixin.qq.com=http://127.0.0.1:1").found()
        channel = desk.channel(ChannelKind.WECOM)
        desk.put("a")
        desk.flush()
        desk.reroute = routes(host.port)
        desk.be_patient()
        found = ask_for_test(desk, channel)
        assert found.outcome == "ok"
        assert found.answer["sentence"] == "“临江市企业微信”的测试消息已送达：平台已接收。请到群里或邮箱核对。"
        assert "【测试消息】临江市企业微信" in host.arrivals[0].text and "由王主管" in host.arrivals[0].text
        assert desk.flush() == 1, "the channel is known to work: what waited goes at once"
    assert desk.ask("SELECT dispatch_id IS NULL, outcome FROM attempts ORDER BY id") == [
        (0, "渠道故障"),
        (1, "已送达"),
        (0, "已送达"),
    ]


def test_a_test_that_fails_says_why(tmp_path: Path) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        gone = {"url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=gone"}
        found = ask_for_test(desk, desk.channel(ChannelKind.WECOM, given=gone))
    assert found.outcome == "failed"
    assert "没有送达：机器人地址无效" in found.answer["sentence"] and "93000" in found.answer["sentence"]


def test_nobody_tests_a_channel_outside_his_scope(tmp_path: Path) -> None:
    desk = Desk(tmp_path).found()
    found = ask_for_test(desk, desk.channel(ChannelKind.WECOM, "白水县"), unit="青山县")
    assert (found.outcome, found.answer["sentence"]) == ("failed", "这个通知渠道不在您的权限范围内。")
    assert desk.sentences() == []


def certificate(folder: Path) -> ssl.SSLContext:
    """A certificate that nobody vouches for."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "qyapi.weixin.qq.com")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    place = folder / "both.pem"
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    place.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place)
    return context


@pytest.mark.parametrize(
    ("is_encrypted", "words"), [(True, "使用自签名证书，请把它的根证书装入"), (False, "核对地址是 https 还是 http")]
)
def test_a_certificate_that_does_not_hold_is_explained_and_nothing_is_sent(
    tmp_path: Path, is_encrypted: bool, words: str
) -> None:
    with RobotHost() as host:
        if is_encrypted:
            host.server.socket = certificate(tmp_path).wrap_socket(host.server.socket, server_side=True)
        desk = Desk(tmp_path, routes(host.port, scheme="https")).found()
        desk.channel(ChannelKind.WECOM)
        desk.put("a")
        desk.flush()
    assert words in desk.sentences()[0]
    assert desk.ask("SELECT sent_at FROM attempts") == [(None,)]
    assert host.asked == []


@pytest.mark.parametrize(
    "text", ["a.cn=http://10.0.0.1:80", "a.cn", "a.cn=ftp://127.0.0.1:2", "=http://127.0.0.1:2", "a.cn=http://127.0.0.1"]
)
def test_messages_are_led_to_this_machine_only(text: str) -> None:
    with pytest.raises(SettingsError, match=r"notify\.reroute"):
        read_routes(text)


def test_a_name_that_leads_back_into_this_machine_is_not_sent_to(tmp_path: Path) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path).found()
        desk.channel(ChannelKind.WEBHOOK, given={"url": f"http://localhost.localdomain:{host.port}/hook"})
        desk.put("a")
        desk.flush()
    assert host.asked == []
    assert desk.states() == ["待发送"]


def test_a_clock_that_runs_fast_waits_in_real_seconds(tmp_path: Path) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        desk.channel(ChannelKind.WECOM)
        desk.put("a")
        host.script.append(Reply(429, {}, {"Retry-After": "10"}))
        desk.sender._speed = 60.0
        desk.flush()
        assert desk.flush(9 * 60) == 0
        assert desk.flush(60) == 1
