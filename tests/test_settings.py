"""The knobs: their order of precedence, and sentences that an operator understands."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from settings import ROOT, SettingsError, load


def test_the_shipped_file_and_the_typed_defaults_agree(tmp_path: Path) -> None:
    shipped = load({"MATRIX_SETTINGS": "settings.toml"})
    bare = load({}, root=tmp_path)
    assert shipped.root == ROOT
    for section in ("console", "weibo", "wechat", "web", "notify", "watch", "inspection", "timing"):
        assert getattr(shipped, section) == getattr(bare, section)
    assert shipped.database.path.relative_to(ROOT) == bare.database.path.relative_to(tmp_path) == Path("var/matrix.db")
    assert shipped.worker.watch_folder == ROOT / "var/inbox"


def test_the_environment_wins_over_the_site_file_and_that_over_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "settings.toml").write_text("[console]\nport = 1000\nidle_minutes = 5\nlock_after = 7\n")
    (tmp_path / "var/settings.toml").write_text("[console]\nport = 2000\nidle_minutes = 6\n")
    console = load({"MATRIX_CONSOLE_PORT": "3000"}, root=tmp_path).console
    assert (console.port, console.idle_minutes, console.lock_after, console.lock_minutes) == (3000, 6, 7, 30)


def test_the_site_file_may_lie_elsewhere(tmp_path: Path) -> None:
    site = tmp_path / "county.toml"
    site.write_text('[weibo]\nfree_url = "http://10.1.2.3:9100/"\n')
    assert load({"MATRIX_SETTINGS": str(site)}, root=tmp_path).weibo.free_url == "http://10.1.2.3:9100"
    with pytest.raises(SettingsError, match="设置文件不存在"):
        load({"MATRIX_SETTINGS": str(tmp_path / "nowhere.toml")}, root=tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MATRIX_CONSOLE_PORT", "99999", "不大于 65535"),
        ("MATRIX_CONSOLE_PORT", "门", "应为整数"),
        ("MATRIX_WEB_READ_SECONDS", "nan", "应为数字"),
        ("MATRIX_WECHAT_URL", "api.weixin.qq.com", "https://"),
        ("MATRIX_DATABASE_PATH", " ", "路径"),
        ("MATRIX_CLOCK_START", "昨天", "2026-03-02T08:00"),
        ("MATRIX_CLOCK_START", "2026-03-02T08:00", "clock.anchor"),
        ("MATRIX_WEIBO_FREEURL", "https://api.weibo.com", "free_url"),
    ],
)
def test_a_bad_value_is_named_with_what_is_expected(name: str, value: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        load({name: value}, root=tmp_path)
    assert words in str(error.value)
    assert name in str(error.value) or words == "clock.anchor"


@pytest.mark.parametrize(
    "text", ["[consol]\nport = 1\n", "[console]\nprt = 1\n", "port = 1\n", "[console\n", "[web]\nattempts = 2.5\n"]
)
def test_a_slip_in_a_file_is_not_ignored(text: str, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(SettingsError, match=r"settings\.toml"):
        load({}, root=tmp_path)


def test_without_a_start_the_clock_is_real_time(tmp_path: Path) -> None:
    before = datetime.now(UTC)
    now = load({}, root=tmp_path).clock().now()
    assert before <= now <= datetime.now(UTC)


def test_a_start_without_a_zone_is_beijing_time_and_runs_at_its_speed(tmp_path: Path) -> None:
    anchor = time.time() - 60
    environ = {"MATRIX_CLOCK_START": "2026-03-02T08:00", "MATRIX_CLOCK_ANCHOR": str(anchor), "MATRIX_CLOCK_SPEED": "60"}
    now = load(environ, root=tmp_path).clock().now()
    assert now.tzinfo == UTC
    assert 0 <= (now - datetime(2026, 3, 2, 1, 0, tzinfo=UTC)).total_seconds() < 600
