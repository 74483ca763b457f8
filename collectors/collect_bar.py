"""Shows on a terminal how far a back-fill has come; everyday looks show nothing."""

import sys

from tqdm import tqdm

MANY = 10
"""So many accounts that wait are a back-fill."""


class BackfillBar:
    """A bar that appears when many accounts wait and goes when none is left."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None

    def show(self, waiting: int, flying: int) -> None:
        """How many accounts wait and how many are being looked at."""
        if self._bar is None and waiting >= MANY and sys.stderr.isatty():
            self._bar = tqdm(total=waiting, desc="回补采集", unit="账号", leave=False)
        elif not waiting and not flying:
            self.close()

    def advance(self) -> None:
        if self._bar is not None:
            self._bar.update()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
