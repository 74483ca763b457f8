"""The doctor says how far the search index has come, and a single pass of the worker brings it up to date."""

from contextlib import closing

import pytest

from commands.doctor import GOOD, NOTE
from storage import search, search_index
from storage.database import open_database, open_writer
from tests.commands.city import Platforms
from tests.commands.place import Examined, Place, Word


def test_an_index_that_is_missing_or_behind_is_said_where_hits_could_be_missing(
    place: Place, examined: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.fill(2)
    assert examined()[1]["搜索索引"] == [GOOD, "还没有建立；内容不多，查找时逐条核对，结果完整"]
    monkeypatch.setattr(search, "MANY", 3)
    assert examined()[1]["搜索索引"] == [NOTE, "还没有建立，采集程序运行时自动编入；编完之前，查找结果可能不全"]
    search_index.keep_up(place.path, lambda: False)
    assert examined()[1]["搜索索引"] == [GOOD, "已编入 4 条，其余 0 条查找时逐条核对"]
    another = "UPDATE marks SET value = value || '0' WHERE name = 'search_index'"
    with closing(open_writer(place.path)) as db:
        db.execute(another)
    assert examined()[1]["搜索索引"][0] == NOTE


def test_a_single_pass_brings_the_index_up_to_date(city: Place, platforms: Platforms, run_word: Word) -> None:
    assert run_word("--once")[0] == 0
    with closing(open_database(city.path)) as db:
        state = search.index_state(db)
        assert (state.is_there, state.waiting) == (True, 0)
        word = db.execute("SELECT substr(text, 1, 2) FROM comments WHERE length(text) > 4 LIMIT 1").fetchone()[0]
        assert len(search.find(db, (1,), words=f'"{word}"').rows) > 0
