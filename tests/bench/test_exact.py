"""A short life under every fault at once: what could be seen is held, and every miss has a name."""

from datetime import UTC, datetime
from pathlib import Path

from bench.exact import every_fault, run
from bench.town import make_town


def test_under_every_fault_at_once_nothing_is_unexplained_doubled_invented_or_falsely_gone(tmp_path: Path) -> None:
    town = make_town(
        tmp_path / "town",
        seed=7,
        size=8,
        start=datetime(2026, 3, 2, 0, 0, tzinfo=UTC),
        rates=every_fault(),
        patience=0.5,
        history_days=2,
        mix=("weibo_commercial", "weibo_free", "wechat", "feed"),
    )
    try:
        found, broken = run(town, 0.2, 7)
    finally:
        town.close()
    assert broken == []
    assert found.posts > 15
    assert found.comments > 60
    named = {
        name: getattr(found, name) for name in ("unexplained", "invented", "falsely_gone", "wrong_text", "uncounted", "doubled")
    }
    assert not any(named.values()), named
    assert found.is_exact
