"""WCI and BCI, the published indices of spread; shown as 传播分析, never a measure of units or persons."""

from collections.abc import Callable
from dataclasses import dataclass
from math import log

RED_LINE = (
    "本页指数只用于传播分析，不作为对单位和个人的考核评价、评比评选依据，也不要求任何人转发、点赞、评论"
    "（中央网信委2023年12月《关于防治“指尖上的形式主义”的若干意见》；国办发〔2018〕123号）。"
)
MOST_READS = 100_001
"""A platform that says "100,000+" is stored as this number, as the formula's publisher does."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Sums or maxima over articles; None means that the platform does not tell, which is never the same as 0.

    `reads` R, `looks` Z (在看), `likes` L, `shares` RE of the published formula.
    """

    reads: int | None
    looks: int | None
    likes: int | None
    shares: int | None


@dataclass(frozen=True, slots=True)
class Articles:
    """What WCI rests on: `days` of the period (week 7, month 30, year 365, else actual), `number` of articles, the sums over
    all of them, over the headline articles only, and the maxima of single articles."""

    days: int
    number: int
    total: Counts
    headline: Counts
    most: Counts


@dataclass(frozen=True, slots=True)
class Spread:
    """What BCI rests on: posts X1, originals X2, reposts X3, comments X4, both of originals X5 X6, likes X7."""

    posts: int
    originals: int
    reposts: int | None
    comments: int | None
    original_reposts: int | None
    original_comments: int | None
    likes: int | None


@dataclass(frozen=True, slots=True)
class Index:
    """A value with the name of its set of coefficients. Where inputs are `missing` the value is a lower bound (all terms are
    rising and none is below 0) and must be shown as one, with their names; None where nothing can be said at all."""

    value: float | None
    set_name: str
    missing: tuple[str, ...] = ()

    @property
    def is_floor(self) -> bool:
        return bool(self.missing)


WCI_SETS = {
    "WCI V14.2（A，含转发）": (0.70, 0.09, 0.06, 0.15),
    "WCI V14.2（B，不含转发）": (0.85, 0.09, 0.06, 0.0),
}
"""Two sets circulate under one version: A on copies of 清博's own page, B in public re-implementations."""

WITH_SHARES, WITHOUT_SHARES = tuple(WCI_SETS)
BCI_SET = "BCI（清博）"
NAMES = {"reads": "阅读数", "looks": "在看数", "likes": "点赞数", "shares": "转发数"}


def wci(articles: Articles, set_name: str = "") -> Index:
    """WCI = (0.6·O + 0.2·A + 0.1·H + 0.1·P)² × 1.2 × 10 with natural logarithms (清博, V14.2).

    O per day, A per article, H of headlines per day, P of maxima; each f = a·ln(R+1) + b·ln(10Z+1) + c·ln(10L+1) + d·ln(10RE+1).
    Without a set: A where shares are told, else B. No article gives 0.
    """
    name = set_name or (WITH_SHARES if articles.total.shares is not None else WITHOUT_SHARES)
    if not articles.number:
        return Index(0.0, name)
    weights = WCI_SETS[name]
    fields = ("reads", "looks", "likes", "shares")
    parts = (articles.total, articles.headline, articles.most)
    wanted = [field for field, weight in zip(fields, weights, strict=True) if weight]
    missing = tuple(NAMES[field] for field in wanted if any(getattr(part, field) is None for part in parts))
    if articles.total.reads is None:
        return Index(None, name, missing)

    def second(counts: Counts, scale: Callable[[int], float]) -> float:
        terms = (getattr(counts, field) for field in fields)
        factors = (1, 10, 10, 10)
        return sum(
            weight * log(factor * scale(term or 0) + 1) for weight, factor, term in zip(weights, factors, terms, strict=True)
        )

    whole = second(articles.total, lambda n: n / articles.days)
    mean = second(articles.total, lambda n: n / articles.number)
    head = second(articles.headline, lambda n: n / articles.days)
    peak = second(articles.most, float)
    return Index((0.6 * whole + 0.2 * mean + 0.1 * head + 0.1 * peak) ** 2 * 12, name, missing)


def bci(spread: Spread) -> Index:
    """BCI = (0.2·W1 + 0.8·W2) × 160; W1 = 0.3·ln(X1+1) + 0.7·ln(X2+1); W2 = 0.2·ln(X3+1) + 0.2·ln(X4+1) + 0.25·ln(X5+1)
    + 0.25·ln(X6+1) + 0.1·ln(X7+1) (清博; outer weights by several registrations, inner split by one public implementation)."""
    terms = {
        "转发数": (0.2, spread.reposts),
        "评论数": (0.2, spread.comments),
        "原创转发数": (0.25, spread.original_reposts),
        "原创评论数": (0.25, spread.original_comments),
        "点赞数": (0.1, spread.likes),
    }
    missing = tuple(name for name, (_, count) in terms.items() if count is None)
    active = 0.3 * log(spread.posts + 1) + 0.7 * log(spread.originals + 1)
    heard = sum(weight * log((count or 0) + 1) for weight, count in terms.values())
    if len(missing) == len(terms):
        return Index(None, BCI_SET, missing)
    return Index((0.2 * active + 0.8 * heard) * 160, BCI_SET, missing)
