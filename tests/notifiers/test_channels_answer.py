"""Every channel against a host that answers like its platform: the platform's word decides whether something was delivered."""

from pathlib import Path

import pytest

from matrix.notice import ChannelKind
from simulator.mail_host import MailHost
from simulator.robots import Reply, RobotHost
from tests.notifiers.outbox_desk import HOOK, Desk, content, routes

ROBOTS = [ChannelKind.WECOM, ChannelKind.DINGTALK, ChannelKind.FEISHU]
ALL = [*ROBOTS, ChannelKind.WEBHOOK, ChannelKind.MAIL]
SECRET = {ChannelKind.DINGTALK: "SECabc123", ChannelKind.FEISHU: "feishu-secret", ChannelKind.WEBHOOK: HOOK["secret"]}


def only_sentence(desk: Desk) -> str:
    (sentence,) = desk.sentences()
    return sentence


@pytest.mark.parametrize("kind", [*ROBOTS, ChannelKind.WEBHOOK])
def test_a_notice_arrives_once_signed_with_its_key_and_its_words(tmp_path: Path, kind: ChannelKind) -> None:
    with RobotHost(SECRET.get(kind, "")) as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        desk.channel(kind)
        desk.put("alert:1")
        assert desk.flush() == 1
        assert desk.flush(3600) == 0, "what is delivered is not sent again"
    (arrival,) = host.arrivals
    assert arrival.key == desk.ask("SELECT key FROM dispatches")[0][0]
    for words in (
        "【红色预警】“青山发布”评论声量异动alert:1",
        "5 分钟 48 条",
        "时间：2026-03-02 12:00",
        "http://localhost:8501/alerts?id=1",
    ):
        assert words in arrival.text
    assert desk.states() == ["已送达"]


def test_a_letter_arrives_once_with_its_key_as_message_id(tmp_path: Path) -> None:
    with MailHost("matrix@linjiang.gov.cn", "letter-box") as host:
        desk = Desk(tmp_path, routes(1, host.port)).found()
        desk.channel(ChannelKind.MAIL)
        desk.put("alert:1", body="5 分钟 48 条\n.gov.cn 开头的一行")
        assert desk.flush() == 1
    (letter,) = host.letters
    key = desk.ask("SELECT key FROM dispatches")[0][0]
    assert letter.recipients == ("zhiban@linjiang.gov.cn", "zhuren@linjiang.gov.cn")
    assert letter.parsed["Message-ID"] == f"<{key}@linjiang.gov.cn>"
    assert letter.parsed["Subject"].startswith("【红色预警】“青山发布”")
    assert "5 分钟 48 条\n.gov.cn 开头的一行\n" in letter.parsed.get_content().replace("\r\n", "\n")
    assert desk.states() == ["已送达"]


def test_an_interface_gets_every_field_and_can_check_the_sender(tmp_path: Path) -> None:
    with RobotHost(HOOK["secret"]) as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        desk.channel(ChannelKind.WEBHOOK)
        desk.put("alert:1", level="黄")
        desk.flush()
    found = content(host.arrivals[0].body)
    assert found["key"] == host.arrivals[0].headers["idempotency-key"]
    assert (found["level"], found["is_repeat"]) == ("黄", False)
    assert found["notices"][0]["key"] == "alert:1"
    assert found["notices"][0]["created_at"] == "2026-03-02 12:00"


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        (ChannelKind.WECOM, {"url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=old"}, "机器人地址无效"),
        (ChannelKind.DINGTALK, {"secret": "SECwrong"}, "加签不对"),
        (ChannelKind.DINGTALK, {"url": "https://oapi.dingtalk.com/robot/send?access_token=gone"}, "access_token 不存在"),
        (ChannelKind.FEISHU, {"secret": "wrong"}, "签名不对"),
        (ChannelKind.FEISHU, {"url": "https://feishu.linjiang.gov.cn/open-apis/bot/v2/hook/gone"}, "机器人地址无效"),
        (ChannelKind.WEBHOOK, {"secret": "another-secret-of-16"}, "请核对密钥"),
    ],
)
def test_a_wrong_address_or_signature_is_the_channels_fault_and_loses_nothing(
    tmp_path: Path, kind: ChannelKind, given: dict[str, str], words: str
) -> None:
    with RobotHost(SECRET.get(kind, "")) as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        desk.channel(kind, given=given)
        desk.put("alert:1")
        for _ in range(7):
            desk.flush(900)
    assert host.arrivals == []
    assert desk.states() == ["待发送"]
    assert all(words in sentence and "不会丢失" in sentence for sentence in desk.sentences())
    assert len(desk.sentences()) == 7, "it is tried again and again"


def test_a_robot_that_demands_a_keyword_gets_it(tmp_path: Path) -> None:
    with RobotHost(SECRET[ChannelKind.DINGTALK], keyword="临江舆情") as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        desk.channel(ChannelKind.DINGTALK, given={"name": "无词"})
        desk.put("alert:1")
        desk.flush()
        assert "没有机器人要求的关键词" in only_sentence(desk)
        desk.channel(ChannelKind.DINGTALK, "青山县", given={"keyword": "临江舆情"})
        desk.put("alert:2")
        desk.flush(1)
    assert len(host.arrivals) == 1


@pytest.mark.parametrize(
    ("kind", "reply", "words"),
    [
        (ChannelKind.WECOM, Reply(body={"errcode": 45009, "errmsg": "api freq out of limit"}), "每分钟20条"),
        (ChannelKind.DINGTALK, Reply(body={"errcode": 130101, "errmsg": "send too fast"}), "限流10分钟"),
        (ChannelKind.FEISHU, Reply(body={"code": 11232, "msg": "frequency limited"}), "频率限制"),
        (ChannelKind.FEISHU, Reply(429, {"code": 99991400, "msg": "too frequent"}, {"Retry-After": "77"}), "限流"),
        (ChannelKind.WEBHOOK, Reply(429, {}, {"Retry-After": "300"}), "发送过于频繁"),
        (ChannelKind.WEBHOOK, Reply(503, b"<html>", {"Retry-After": "120"}), "暂时不可用"),
        (ChannelKind.WECOM, Reply(200, b"<html>please sign in</html>"), "被网关或登录页拦截"),
        (ChannelKind.WEBHOOK, Reply(302, {}, {"Location": "https://elsewhere"}), "未予跟随"),
    ],
)
def test_what_a_platform_cannot_take_now_waits_as_long_as_it_asks(
    tmp_path: Path, kind: ChannelKind, reply: Reply, words: str
) -> None:
    with RobotHost(SECRET.get(kind, "")) as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        desk.channel(kind)
        desk.put("alert:1")
        host.script.append(reply)
        desk.flush()
        assert words in only_sentence(desk)
        wait = desk.ask("SELECT waits_until FROM channels")[0][0] - int(desk.now.timestamp())
        assert wait >= {"45009": 60, "130101": 600, "11232": 60}.get(desk.ask("SELECT code FROM attempts")[0][0], 4)
        assert wait >= int(reply.headers.get("Retry-After", 0))
        assert desk.flush(wait - 1) == 0
        assert desk.flush(1) == 1
    assert len(host.arrivals) == 1
    assert desk.states() == ["已送达"]


@pytest.mark.parametrize("kind", ALL)
def test_a_host_that_takes_and_falls_silent_is_asked_before_one_repeat(tmp_path: Path, kind: ChannelKind) -> None:
    with RobotHost(SECRET.get(kind, "")) as host, MailHost() as mail:
        desk = Desk(tmp_path, routes(host.port, mail.port), answer_seconds=0.4 if kind is ChannelKind.MAIL else 0.1).found()
        desk.channel(kind)
        desk.put("alert:1")
        host.script.append(Reply(hang=0.2, drop=True, keeps=True))
        mail.answers, mail.keeps, mail.silence = [(0, "")], True, 0.6
        desk.flush()
        assert "没有按时答复" in only_sentence(desk)
        assert desk.states() == ["待发送"]
        desk.be_patient()
        desk.flush(60)
    sink = mail if kind is ChannelKind.MAIL else host
    assert list(sink.counts().values()) == [2], "the same key, twice at most"
    assert desk.states() == ["已送达"]
    if kind is not ChannelKind.MAIL:
        assert [verb for verb, _ in host.asked] == ["POST", "HEAD", "POST"]
        assert "补发" in host.arrivals[1].body.decode()


@pytest.mark.parametrize("reply", [Reply(drop=True, keeps=True), Reply(200, b"ok", keeps=True), Reply(504, b"", keeps=True)])
def test_unknown_twice_is_left_to_a_person_and_said_so(tmp_path: Path, reply: Reply) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port)).found()
        desk.channel(ChannelKind.WECOM)
        desk.put("alert:1")
        host.script.extend([reply] * 2)
        for _ in range(5):
            desk.flush(900)
    assert host.counts().most_common(1)[0][1] == 2
    assert desk.states() == ["送达不明"]


def test_a_host_that_hangs_is_not_sent_the_message_again_before_it_reacts(tmp_path: Path) -> None:
    with RobotHost() as host:
        desk = Desk(tmp_path, routes(host.port), answer_seconds=0.1).found()
        desk.channel(ChannelKind.WECOM)
        desk.put("alert:1")
        host.script.extend([Reply(hang=0.2, drop=True), Reply(hang=0.2)])
        for _ in range(3):
            desk.flush(900)
        assert [verb for verb, _ in host.asked] == ["POST", "HEAD", "HEAD"]
        host.script.clear()
        desk.be_patient()
        desk.flush(900)
    assert len(host.arrivals) == 1
    assert desk.states() == ["已送达"]


@pytest.mark.parametrize(
    ("answer", "words", "state"),
    [
        ((451, "try later"), "没有接收这封邮件", "待发送"),
        ((554, "looks like spam"), "looks like spam", "待发送"),
    ],
)
def test_a_mail_server_that_refuses_is_quoted(tmp_path: Path, answer: tuple[int, str], words: str, state: str) -> None:
    with MailHost() as host:
        desk = Desk(tmp_path, routes(1, host.port)).found()
        desk.channel(ChannelKind.MAIL)
        desk.put("alert:1")
        host.answers = [answer]
        desk.flush()
        assert words in only_sentence(desk) and desk.states() == [state]
        desk.flush(900)
    assert desk.states() == ["已送达"]


def test_a_wrong_mail_password_is_said(tmp_path: Path) -> None:
    with MailHost("matrix@linjiang.gov.cn", "changed") as host:
        desk = Desk(tmp_path, routes(1, host.port)).found()
        desk.channel(ChannelKind.MAIL)
        desk.put("alert:1")
        desk.flush()
    assert "登录失败" in only_sentence(desk) and "授权码" in only_sentence(desk)
    assert host.letters == []


def test_one_unknown_recipient_does_not_keep_the_letter_from_the_other(tmp_path: Path) -> None:
    with MailHost(unknown=("zhuren@linjiang.gov.cn",)) as host:
        desk = Desk(tmp_path, routes(1, host.port)).found()
        desk.channel(ChannelKind.MAIL)
        desk.put("alert:1")
        desk.flush()
    assert host.letters[0].recipients == ("zhiban@linjiang.gov.cn",)
    assert "1个收件人被拒收" in only_sentence(desk)


def test_a_plain_server_where_starttls_is_asked_for_gets_no_letter(tmp_path: Path) -> None:
    with MailHost() as host:
        desk = Desk(tmp_path, f"smtp.linjiang.gov.cn=starttls://127.0.0.1:{host.port}").found()
        desk.channel(ChannelKind.MAIL, given={"security": "STARTTLS"})
        desk.put("alert:1")
        desk.flush()
    assert "不支持所选的加密" in only_sentence(desk)
    assert host.letters == []
