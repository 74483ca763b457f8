"""Rows of a frame as tests read them: every column an attribute."""

from typing import Any

import pandas as pd


def rows_of(frame: pd.DataFrame) -> list[Any]:
    return list(frame.itertuples())
