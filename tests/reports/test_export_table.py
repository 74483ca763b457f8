"""Rows of exports as they stand in a file."""

import pandas as pd

from reports.export_table import table


def test_what_an_alert_is_about_is_told_without_the_numbers_that_keep_its_matters_apart() -> None:
    raw = pd.DataFrame({"主题": pd.Series(["停水#3、城乡建设·临江市#12", "5#楼#7", "", None], dtype=object)})
    assert table(raw, "预警", ["主题"], is_masked=True)["主题"].tolist() == ["停水、城乡建设·临江市", "5#楼", "", None]
