"""An answer is shared between readers, and what one of them does to it is seen by no other."""

from dataclasses import dataclass

import pandas as pd

from ui.ask import own


@dataclass(frozen=True)
class Figures:
    rows: pd.DataFrame
    total: int


def test_what_a_page_writes_into_its_table_is_nobody_elses() -> None:
    shared = Figures(pd.DataFrame({"n": [1, 2]}), 3)
    answers = {"one": shared, "two": (shared.rows, [shared.rows])}
    for _ in range(2):
        mine = own(answers)
        assert mine["one"].rows["n"].tolist() == mine["two"][0]["n"].tolist() == mine["two"][1][0]["n"].tolist() == [1, 2]
        mine["one"].rows["n"] = 0
        mine["two"][0].loc[0, "n"] = 7
        mine["two"][1][0].insert(0, "m", 1)
        mine["two"][1].append(1)
    assert shared.rows.columns.tolist() == ["n"]
    assert shared.rows["n"].tolist() == [1, 2]
