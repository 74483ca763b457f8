"""The doctor knows which years the calendar covers and whether our clock is that of the platforms."""

import re
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

from commands import doctor
from tests.commands.place import Examined, Place
from tests.wire import host_with, says


@pytest.mark.parametrize(
    ("start", "level", "words"),
    [
        ("2026-03-02T08:00", "正常", "覆盖"),
        ("2045-03-02T08:00", "问题", "缺少 2045 年"),
        ("2044-12-31T23:59:50", "问题", "缺少 2044 年"),
    ],
)
def test_a_year_without_a_calendar_is_said(
    place: Place, examined: Examined, monkeypatch: pytest.MonkeyPatch, start: str, level: str, words: str
) -> None:
    monkeypatch.setenv("MATRIX_CLOCK_START", start)
    code, found, _ = examined()
    assert found["日历"][0] == level and words in found["日历"][1]
    assert code == (1 if level == "问题" else 0)


def test_in_november_the_next_year_is_asked_for(place: Place, examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    last = doctor.worktime.known_years()[1]
    monkeypatch.setenv("MATRIX_CLOCK_START", f"{last}-11-20T08:00")
    code, found, _ = examined()
    assert (code, found["日历"][0]) == (0, "提示")
    assert f"{last + 1} 年" in found["日历"][1]


def clock_of(examined: Examined, monkeypatch: pytest.MonkeyPatch, shown: datetime) -> tuple[int, list[str]]:
    """What the doctor says of three platforms whose clock shows this moment."""
    answer = says("{}", "403 Forbidden", Date=format_datetime(shown, usegmt=True))
    with host_with(answer) as host:
        for name in ("WEIBO_FREE_URL", "WEIBO_COMMERCIAL_URL", "WECHAT_URL"):
            monkeypatch.setenv(f"MATRIX_{name}", f"http://{host.name}")
        code, found, _ = examined("--quick")
    return code, found["时钟(微信)"]


def test_a_platform_with_our_time_is_fine_whatever_it_answers(
    place: Place, examined: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert clock_of(examined, monkeypatch, place.settings.clock().now().replace(microsecond=0))[1][0] == "正常"


@pytest.mark.parametrize(("minutes", "side"), [(-9, "快"), (9, "慢")])
def test_a_clock_that_is_wrong_is_measured_against_the_platform(
    place: Place, examined: Examined, monkeypatch: pytest.MonkeyPatch, minutes: int, side: str
) -> None:
    shown = place.settings.clock().now() + timedelta(minutes=minutes)
    code, (level, sentence) = clock_of(examined, monkeypatch, shown)
    assert (code, level) == (1, "问题")
    assert re.search(rf"本机时钟比平台{side} 0:(09|08):\d\d.请校准系统时间", sentence)


def test_a_platform_that_cannot_be_reached_is_named(place: Place, examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATRIX_WEB_ATTEMPTS", "1")
    for name in ("WEIBO_FREE_URL", "WEIBO_COMMERCIAL_URL", "WECHAT_URL"):
        monkeypatch.setenv(f"MATRIX_{name}", "http://127.0.0.1:9")
    code, found, _ = examined("--quick")
    assert code == 1
    assert "无法连接 127.0.0.1" in found["时钟(微博免费接口)"][1]
