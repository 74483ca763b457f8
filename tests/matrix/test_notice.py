"""When people are told: quiet hours, digests, back-off, keys, and addresses as people copy them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.channel_address import read_address
from matrix.notice import (
    FEW,
    GRADES,
    RED,
    ChannelKind,
    Rules,
    backoff,
    bundles,
    due,
    gravest,
    key_of,
    minute_words,
    quiet_end,
    read_minute,
)

MIDNIGHT = 1_772_380_800
"""2026-03-02 00:00 in Beijing."""
NIGHT = Rules(frozenset(GRADES), 22 * 60, 7 * 60)
minutes = st.integers(0, 1439)
moments = st.integers(MIDNIGHT, MIDNIGHT + 7 * 86400)


@pytest.mark.parametrize(
    ("hour", "until"), [(21.99, None), (22, 31), (23.5, 31), (24, 31), (30.99, 31), (31, None), (6.5, 7), (12, None)]
)
def test_quiet_hours_go_over_midnight(hour: float, until: float | None) -> None:
    end = quiet_end(NIGHT, MIDNIGHT + round(hour * 3600))
    assert end == (None if until is None else MIDNIGHT + until * 3600)


@given(minutes, minutes, moments)
def test_nothing_but_red_is_due_in_quiet_hours_and_nothing_waits_a_day(begin: int, end: int, at: int) -> None:
    rules = Rules(frozenset(GRADES), begin, end)
    assert due(rules, RED, at) == at
    moment = due(rules, "黄", at)
    assert at <= moment <= at + 86400
    assert quiet_end(rules, moment) is None


@given(minutes, minutes, moments, st.integers(1, 60), st.integers(0, 3600))
def test_a_digest_is_never_later_than_its_window_outside_of_quiet_hours(
    begin: int, end: int, at: int, digest: int, later: int
) -> None:
    rules = Rules(frozenset(GRADES), None, None, digest)
    first = due(rules, "黄", at)
    assert first == at + digest * 60
    joined = due(rules, "橙", at + later, first)
    assert joined == first if later <= digest * 60 else joined == at + later + digest * 60
    assert (
        quiet_end(Rules(frozenset(GRADES), begin, end, digest), due(Rules(frozenset(GRADES), begin, end, digest), "蓝", at))
        is None
    )


@given(st.text(max_size=8), st.integers(1, 200))
def test_backing_off_grows_to_ten_minutes_and_is_the_same_each_time(key: str, failures: int) -> None:
    wait = backoff(key, failures)
    assert wait == backoff(key, failures)
    assert min(600, 5 * 2 ** min(failures - 1, 20)) * 0.75 <= wait <= 750


@given(st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=6, unique=True), st.integers(1, 9))
def test_a_key_names_the_notices_and_the_channel_and_no_order(keys: list[str], channel: int) -> None:
    key = key_of(channel, keys)
    assert key == key_of(channel, list(reversed(keys)))
    assert len(key) == 10 and key != key_of(channel + 1, keys)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from(GRADES), st.booleans()), max_size=40), st.booleans(), st.integers(1, 20))
def test_every_delivery_goes_into_exactly_one_message(rows: list[tuple[str, bool]], is_digest: bool, most: int) -> None:
    levels, alone = [row[0] for row in rows], [row[1] for row in rows]
    made = bundles(levels, alone, is_digest, most)
    assert sorted(place for group in made for place in group) == list(range(len(rows)))
    for group in made:
        assert len(group) <= most
        assert len(group) == 1 or not any(alone[place] for place in group)
        assert len({levels[place] == RED for place in group}) == 1, "red goes with red alone"
    if not is_digest and len(rows) <= FEW:
        assert all(len(group) == 1 for group in made)


def test_the_gravest_level_names_a_message() -> None:
    assert gravest(["蓝", "不分级", "橙"]) == "橙"


def test_times_of_the_day_are_read_as_people_write_them() -> None:
    assert (read_minute("22：30"), read_minute(" 7:05 "), read_minute("")) == (1350, 425, None)
    assert (minute_words(425), minute_words(None), minute_words(float("nan"))) == ("07:05", "", "")
    for wrong in ("24:00", "7", "7:5", "夜里", "-1:00"):
        with pytest.raises(ValueError, match="应形如 22:00"):
            read_minute(wrong)


GOOD = {
    "host": "smtp.a.gov.cn",
    "port": "",
    "security": "SSL/TLS",
    "user": "u",
    "password": "pass-word",
    "sender": "u@a.cn",
    "to": "b@a.cn",
}


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        (ChannelKind.WECOM, {"url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"}, "这不是企业微信机器人的地址"),
        (ChannelKind.WECOM, {"url": "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"}, "须以 https:// 开头"),
        (ChannelKind.WECOM, {"url": "key=1"}, "地址无法识别"),
        (ChannelKind.DINGTALK, {"url": "https://oapi.dingtalk.com/robot/send?access_token=a", "secret": "SEC-1"}, "加签密钥只含"),
        (ChannelKind.FEISHU, {"url": "https://open.feishu.cn/open-apis/bot/v2/"}, "这不是飞书机器人的地址"),
        (ChannelKind.WEBHOOK, {"url": "http://127.0.0.1/x", "secret": "x" * 16}, "指向服务器自身"),
        (ChannelKind.WEBHOOK, {"url": "http://[::ffff:127.0.0.1]/x", "secret": "x" * 16}, "指向服务器自身"),
        (ChannelKind.WEBHOOK, {"url": "http://169.254.169.254/latest", "secret": "x" * 16}, "链路本地地址"),
        (ChannelKind.WEBHOOK, {"url": "https://u:p@a.gov.cn/x", "secret": "x" * 16}, "不能带用户名和密码"),
        (ChannelKind.WEBHOOK, {"url": "https://a.gov.cn/x", "secret": "short"}, "至少16位"),
        (ChannelKind.WEBHOOK, {"url": "https://oa..gov.cn/x", "secret": "x" * 16}, "主机名“oa..gov.cn”无法识别"),
        (ChannelKind.MAIL, {**GOOD, "host": "http://smtp"}, "不带 http://"),
        (ChannelKind.MAIL, {**GOOD, "to": "b@a.cn, c"}, "“c”不是邮箱地址"),
        (ChannelKind.MAIL, {**GOOD, "security": "不加密"}, "会泄露密码"),
        (ChannelKind.MAIL, {**GOOD, "password": ""}, "须同时填写"),
        (ChannelKind.MAIL, {**GOOD, "port": "99999"}, "端口应为"),
    ],
)
def test_an_address_that_cannot_work_is_refused_with_what_to_do(kind: ChannelKind, given: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_address(kind, given)


@pytest.mark.parametrize(
    ("kind", "given", "host"),
    [
        (ChannelKind.WECOM, {"url": " https://wx.province.gov.cn:8443/cgi-bin/webhook/send?key=a-1 "}, "wx.province.gov.cn:8443"),
        (ChannelKind.FEISHU, {"url": "https://lark.city.gov.cn/open-apis/bot/v2/hook/a-b"}, "lark.city.gov.cn"),
        (ChannelKind.WEBHOOK, {"url": "http://10.1.2.3:8080/in", "secret": "x" * 16}, "10.1.2.3:8080"),
        (ChannelKind.MAIL, {**GOOD, "to": "b@a.cn；c@a.cn\nb@a.cn"}, "smtp.a.gov.cn:465，3个收件人"),
    ],
)
def test_private_hosts_and_inner_networks_are_channels_too(kind: ChannelKind, given: dict[str, str], host: str) -> None:
    shown, sealed = read_address(kind, given)
    assert shown == host
    assert not any(value and value in shown for name, value in sealed.items() if name in ("url", "secret", "password"))
