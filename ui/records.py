"""Tables row by row, as plain Python values: column by column several times faster than pandas gives them."""

from typing import Any

import numpy as np
import pandas as pd


def values(column: pd.Series) -> list[Any]:
    """The values of a column; numbers as Python's own, what is missing as it stands."""
    held = column.to_numpy() if isinstance(column.dtype, np.dtype) else column.to_numpy(dtype=object)
    return held.tolist() if held.dtype.kind in "biufOU" else list(held)


def records(frame: pd.DataFrame, *names: str) -> list[dict[str, Any]]:
    """One dictionary for each row, of all columns or of these."""
    chosen = names or tuple(map(str, frame.columns))
    columns = [values(frame[name]) for name in chosen]
    return [dict(zip(chosen, row, strict=True)) for row in zip(*columns, strict=True)]
