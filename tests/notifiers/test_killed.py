"""Killed between the platform's answer and our commit: nothing is lost, the repeat has the same key and is told as one."""

import random
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from bench.delivery import Siege, environ_of
from bench.delivery_sender import begin, senders
from bench.delivery_sinks import Sinks, found_city, judge
from storage.database import open_database
from storage.outbox_send import CUT_OFF


def test_a_killed_sender_loses_nothing_and_repeats_once_at_most(tmp_path: Path) -> None:
    with ExitStack() as stack:
        sinks = Sinks(random.Random(3)).open(stack)
        unit = found_city(tmp_path / "matrix.db", tmp_path / "matrix.key", datetime.now(UTC))
        program = stack.enter_context(senders(environ_of(tmp_path, sinks)))
        siege = Siege(tmp_path / "matrix.db", unit, sinks, lambda: begin(program), batch=2)
        assert list(siege.kill_again(5)) == [1, 2, 3, 4, 5]
        siege.finish()
        assert not siege.waiting()
        found = judge(siege.path, sinks.counts(), siege.told)
    assert found.faults == []
    assert siege.sinks.between >= 3, "the dice of this seed"
    assert 1 <= found.repeated <= siege.kills * 4
    with closing(open_database(siege.path)) as db:
        cut = db.execute("SELECT count(*) FROM attempts WHERE sentence = :words", {"words": CUT_OFF}).fetchone()[0]
    assert cut >= found.repeated
