"""How an inspection counts: how many accounts were checked, how many of them failed, and what was left out and why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from matrix.inspection import Verdict

CHECKED = frozenset({Verdict.NORMAL, Verdict.SOON, Verdict.OVERDUE})
"""Verdicts of accounts whose update could be judged; only these stand in the rate."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Accounts by what became of them. Blind, limited and exempt ones are counted beside the rate, never inside."""

    checked: int = 0
    failed: int = 0
    blind: int = 0
    limited: int = 0
    exempt: int = 0

    @property
    def accounts(self) -> int:
        return self.checked + self.blind + self.limited + self.exempt

    @property
    def passed(self) -> int:
        return self.checked - self.failed

    @property
    def rate(self) -> float | None:
        """合格率, 0 to 1; None where nothing was checked."""
        return pass_rate(self.checked, self.failed)

    @property
    def share(self) -> float | None:
        """检查覆盖率: accounts checked of those on the ledger, 0 to 1; None for an empty ledger."""
        return self.checked / self.accounts if self.accounts else None


def pass_rate(checked: int, failed: int) -> float | None:
    """合格率 = (checked - failed) / checked, by account, as the inspection notices of provinces compute it; 0 to 1."""
    return (checked - failed) / checked if checked else None


def tally(verdicts: Iterable[str]) -> Tally:
    """Count the verdicts of one inspection, or of one platform or level of it."""
    counts = Counter({Verdict(verdict): count for verdict, count in Counter(verdicts).items()})
    return Tally(
        checked=sum(counts[verdict] for verdict in CHECKED),
        failed=counts[Verdict.OVERDUE],
        blind=counts[Verdict.BLIND],
        limited=counts[Verdict.LIMITED],
        exempt=counts[Verdict.EXEMPT],
    )


def rate_words(tally: Tally) -> str:
    """The rate in its one form: 95.77%(566/591); 100% only where nobody failed."""
    if tally.rate is None:
        return "无可检查账号"
    words = f"{tally.rate * 100:.2f}".rstrip("0").rstrip(".")
    if words == "100" and tally.failed:
        words = "99.99"
    return f"{words}%({tally.passed}/{tally.checked})"
