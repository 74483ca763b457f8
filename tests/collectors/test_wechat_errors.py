"""Every errcode of WeChat, over a real socket: its kind, its sentence, its cause, when to try again, and nothing secret."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from collectors.wechat_codes import MEANINGS
from collectors.wechat_errors import error_of, safe_words
from matrix.run import ErrorKind
from tests.collectors.wechat_desk import (
    APPID,
    COMMENTS,
    LIST,
    NOW,
    SECRET,
    TOKEN,
    TOTALS,
    Desk,
    Runs,
    account_of,
    desk_open,
    error,
    listed,
    message,
    notes_in,
)  # fmt: skip

MIDNIGHT = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)
WHITELIST = error(40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist")


@pytest.fixture
def desk() -> Iterator[Desk]:
    with desk_open() as opened:
        yield opened


@pytest.mark.parametrize(
    ("code", "kind", "words", "cause", "again"),
    [
        (-1, ErrorKind.NETWORK, "系统繁忙", "wechat:busy", timedelta(minutes=5)),
        (40001, ErrorKind.CREDENTIALS, "另一个系统", "account:12:credentials", None),
        (40014, ErrorKind.CREDENTIALS, "另一个系统", "account:12:credentials", None),
        (42001, ErrorKind.CREDENTIALS, "另一个系统", "account:12:credentials", None),
        (40013, ErrorKind.CREDENTIALS, "AppID 不正确", "account:12:credentials", None),
        (40125, ErrorKind.CREDENTIALS, "AppSecret 不正确", "account:12:credentials", None),
        (40164, ErrorKind.REFUSED, "白名单", "host:wechat:whitelist", None),
        (61004, ErrorKind.REFUSED, "第三方平台", "host:wechat:whitelist", None),
        (41001, ErrorKind.CREDENTIALS, "网关", "host:wechat:gateway", None),
        (43002, ErrorKind.REFUSED, "维护人员", "account:12:list:refused", None),
        (44002, ErrorKind.REFUSED, "维护人员", "account:12:list:refused", None),
        (47001, ErrorKind.REFUSED, "维护人员", "account:12:list:refused", None),
        (45009, ErrorKind.QUOTA, "次日零点", "account:12:list:quota", MIDNIGHT - NOW),
        (45011, ErrorKind.QUOTA, "下一分钟", "account:12:list:quota", timedelta(minutes=1)),
        (48001, ErrorKind.PERMISSION, "接口权限", "account:12:list:permission", timedelta(hours=3)),
        (48004, ErrorKind.REFUSED, "封禁", "account:12:forbidden", MIDNIGHT - NOW),
        (48006, ErrorKind.QUOTA, "本月", "account:12:list:quota", MIDNIGHT - NOW),
        (50001, ErrorKind.PERMISSION, "授权", "account:12:list:permission", timedelta(hours=3)),
        (50002, ErrorKind.REFUSED, "冻结", "account:12:forbidden", MIDNIGHT - NOW),
        (53502, ErrorKind.REFUSED, "发布", "account:12:publish", None),
        (53600, ErrorKind.GONE, "已被删除", "account:12:article", None),
        (61003, ErrorKind.CREDENTIALS, "重新扫码授权", "account:12:credentials", None),
        (61005, ErrorKind.CREDENTIALS, "票据", "host:wechat:ticket", timedelta(minutes=5)),
        (61006, ErrorKind.CREDENTIALS, "票据", "host:wechat:ticket", timedelta(minutes=5)),
        (61007, ErrorKind.PERMISSION, "权限集 7", "account:12:list:permission", timedelta(hours=3)),
        (61023, ErrorKind.CREDENTIALS, "重新扫码授权", "account:12:credentials", None),
        (61500, ErrorKind.REFUSED, "日期格式", "account:12:list:dates", None),
        (61501, ErrorKind.REFUSED, "本机时钟", "installation:clock", None),
        (61503, ErrorKind.REFUSED, "尚未准备好", "account:12:list:late", timedelta(hours=1)),
        (88000, ErrorKind.PERMISSION, "留言功能", "account:12:list:permission", timedelta(hours=3)),
        (88001, ErrorKind.GONE, "不存在", "account:12:article", None),
        (88002, ErrorKind.HIDDEN, "安全原因", "account:12:article", None),
        (88003, ErrorKind.QUOTA, "上限", "account:12:list:quota", MIDNIGHT - NOW),
        (88004, ErrorKind.GONE, "用户删除", "account:12:comment", None),
        (88005, ErrorKind.REFUSED, "已经回复", "account:12:comment", None),
        (88007, ErrorKind.REFUSED, "过长", "account:12:comment", None),
        (88008, ErrorKind.GONE, "不存在", "account:12:comment", None),
        (88009, ErrorKind.GONE, "不存在", "account:12:comment", None),
        (88010, ErrorKind.REFUSED, "维护人员", "account:12:list:refused", None),
        (99999, ErrorKind.REFUSED, "平台原话：invented", "account:12:list:refused", timedelta(hours=1)),
    ],
)
def test_every_errcode_has_its_kind_its_sentence_and_its_cause(
    code: int, kind: ErrorKind, words: str, cause: str, again: timedelta | None
) -> None:
    failure = error_of(code, "invented rid: 68f0517e-4e11c0a6-16f1604b", COMMENTS, 12, NOW)
    assert (failure.kind, failure.cause, failure.code) == (kind, cause, str(code))
    assert words in failure.sentence and f"错误码 {code}" in failure.sentence and "rid" not in failure.sentence
    assert failure.retry_at == (None if again is None else NOW + again)


def test_no_sentence_has_a_hole() -> None:
    for code in MEANINGS:
        assert "{" not in error_of(code, None, LIST, 12, NOW).sentence


def test_words_of_the_platform_are_cut_of_everything_that_could_be_a_key() -> None:
    said = safe_words(f"bad token 90_{SECRET * 3} for {SECRET}\n\x1b[31m rid: 68f0517e-4e11c0a6-16f16060")
    assert SECRET not in said and said.startswith("bad token …") and said.isprintable()


def test_a_secret_that_is_wrong_is_said_so_at_once(desk: Desk) -> None:
    desk.answers[TOKEN] = error(40001, f"invalid credential {SECRET}")
    failure = Runs(desk.url).failure()
    assert (failure.kind, failure.cause) == (ErrorKind.CREDENTIALS, "account:12:credentials")
    assert "AppSecret 不正确" in failure.sentence and SECRET not in failure.sentence + repr(failure)
    assert desk.counts() == {TOKEN: 1}


@pytest.mark.parametrize("credential", [None, "", "wxTEST", ":secret", "wxTEST: "])
def test_an_account_without_both_halves_of_its_credential_is_not_asked_for(desk: Desk, credential: str | None) -> None:
    failure = Runs(desk.url, credential=credential).failure()
    assert failure.kind == ErrorKind.CREDENTIALS and "AppID:AppSecret" in failure.sentence
    assert not desk.calls


def test_a_white_list_that_lacks_us_shows_the_address_that_the_platform_saw(desk: Desk) -> None:
    desk.answers[TOKEN] = WHITELIST
    failure = Runs(desk.url).failure()
    assert "203.0.113.7" in failure.sentence and failure.kind == ErrorKind.REFUSED
    assert failure.cause == "account:12:whitelist"


def test_two_accounts_refused_in_a_row_have_one_cause_and_a_success_between_them_two(desk: Desk) -> None:
    first, second = Runs(desk.url), Runs(desk.url, account=account_of("wxTESTinvented02", 13))
    second.source = first.source
    desk.answers[TOKEN] = WHITELIST
    assert first.failure().cause == "account:12:whitelist"
    assert second.failure().cause == "host:wechat:whitelist"
    assert first.failure().cause == "host:wechat:whitelist"
    del desk.answers[TOKEN]
    second.batches()
    desk.answers[TOKEN] = WHITELIST
    assert first.failure().cause == "account:12:whitelist"


def test_busy_is_asked_again_and_then_believed(desk: Desk) -> None:
    answers = iter([error(-1), error(-1), listed(message(1, NOW, "公告"))({"offset": 0, "count": 20}, "")])
    desk.answers[LIST] = lambda *_: next(answers)
    assert [post.title for batch in Runs(desk.url).batches() for post in batch.posts] == ["公告"]
    desk.answers[LIST] = error(-1)
    before = desk.counts()[LIST]
    assert Runs(desk.url).failure().kind == ErrorKind.NETWORK
    assert desk.counts()[LIST] - before == 3


def test_a_spent_quota_stops_one_interface_until_midnight_and_the_others_go_on(desk: Desk) -> None:
    desk.answers |= {LIST: listed(message(2650300001, NOW - timedelta(hours=2), "公告")), COMMENTS: error(45009)}
    runs = Runs(desk.url)
    batches = runs.batches()
    assert "次日零点" in notes_in(batches) and [b.coverages[0].cause for b in batches if b.coverages] == ["budget"]
    assert desk.counts()[TOTALS] > 0
    for hours in (1, 6):
        runs.later(hours=hours).batches()
    assert desk.counts()[COMMENTS] == 1
    runs.now = MIDNIGHT + timedelta(minutes=1)
    runs.batches()
    assert desk.counts()[COMMENTS] == 2


def test_a_minute_quota_is_over_in_the_next_minute(desk: Desk) -> None:
    desk.answers[LIST] = error(45011)
    runs = Runs(desk.url)
    assert "下一分钟" in notes_in(runs.batches())
    runs.later(minutes=1).batches()
    assert desk.counts()[LIST] == 2


def test_without_the_right_to_statistics_silence_is_blindness(desk: Desk) -> None:
    desk.answers[TOTALS] = error(48001)
    runs = Runs(desk.url)
    for _ in range(2):  # it is so while the interface rests, too
        failure = runs.later(minutes=30).failure()
        assert (failure.kind, failure.cause) == (ErrorKind.PERMISSION, "account:12:getarticletotaldetail:permission")
        assert failure.retry_at == runs.now + timedelta(minutes=30), "comments must not wait for the statistics"
    assert desk.counts()[TOTALS] == 1
    runs.later(hours=3).failure()
    assert desk.counts()[TOTALS] == 2


def test_without_the_right_to_the_published_list_statistics_still_see_every_article(desk: Desk) -> None:
    desk.answers[LIST] = error(48001)
    batches = Runs(desk.url).batches()
    assert "已发布图文列表" in notes_in(batches)
    assert desk.counts()[TOTALS] == 3


def test_a_quota_that_others_spend_before_todays_statistics_were_read_is_blindness(desk: Desk) -> None:
    runs = Runs(desk.url)
    runs.batches()
    desk.answers[TOTALS] = error(45009)
    failure = runs.later(days=1).failure()
    assert (failure.kind, failure.cause) == (ErrorKind.QUOTA, "account:12:getarticletotaldetail:quota")


def test_a_quota_that_is_spent_after_the_newest_day_was_read_is_no_blindness(desk: Desk) -> None:
    answers = iter([{"list": [], "is_delay": False}])
    desk.answers[TOTALS] = lambda _body, _token: next(answers, error(45009))
    assert "次日零点" in notes_in(Runs(desk.url).batches())


def test_a_clock_that_is_ahead_is_named(desk: Desk) -> None:
    desk.answers[TOTALS] = error(61501)
    failure = Runs(desk.url).failure()
    assert failure.cause == "installation:clock" and "本机时钟" in failure.sentence


@pytest.mark.parametrize("body", [b"", b'{"item": [{"article_id": "cut', b"[]", b'{"errcode":0,"errmsg":"ok"}', b"null"])
def test_a_body_that_cannot_be_read_is_malformed_and_the_rest_is_read(desk: Desk, body: bytes) -> None:
    desk.answers[LIST] = body
    failure = Runs(desk.url).failure()
    assert failure.kind == ErrorKind.MALFORMED
    assert desk.counts()[TOTALS] > 0


def test_one_web_page_in_between_is_a_slip_and_two_are_a_wall(desk: Desk) -> None:
    page = b"<html><title>\xe7\x99\xbb\xe5\xbd\x95</title></html>"
    answers = iter([page, listed(message(1, NOW, "公告"))({"offset": 0, "count": 20}, "")])
    desk.answers[LIST] = lambda *_: next(answers)
    assert any(batch.posts for batch in Runs(desk.url).batches())
    desk.answers[LIST] = page
    failure = Runs(desk.url).failure()
    assert (failure.kind, failure.cause) == (ErrorKind.REFUSED, "host:wechat:refused")


def test_nothing_that_is_said_or_kept_holds_a_secret_or_a_token(desk: Desk) -> None:
    desk.answers |= {TOTALS: error(99999, f"token TOKENinvented0001 secret {SECRET}"), COMMENTS: error(45009)}
    runs = Runs(desk.url)
    failure = runs.failure()
    told = f"{failure!r}{failure}{failure.sentence}{failure.cause}{runs.cursors}{failure.__context__!r}{runs.source.__dict__!r}"
    assert SECRET not in told and "TOKENinvented" not in told and APPID not in failure.sentence
