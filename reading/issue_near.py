"""Near-duplicates: the same words with small changes, found among thousands of texts without comparing all with all."""

from collections.abc import Sequence

import numpy as np

from reading.issue_rows import Rows, keys, rows, shipped

LIKE = 0.68
"""Cosine of weighed pairs of letters from which on two texts are one text with small changes."""
_CROWD = 30
"""In a crowd of texts with one rare pair each is compared with so many before it: likeness passes on from there."""


def is_near_duplicate(text: str, other: str) -> bool:
    """Whether two texts say the same in nearly the same words; the order of the two never matters."""
    key, second = keys([text, other])
    if not key or not second:
        return key == second and text.strip() == other.strip()
    if key == second:
        return True
    both = rows(sorted((text, other)), shipped(), is_matter=False)
    return bool(_likeness(both, np.array([0]), np.array([1]))[0] >= LIKE)


def near_duplicates(texts: Sequence[str]) -> list[int]:
    """For each text the place of the first text it is a near-duplicate of, directly or by others; its own place for a new one.

    Texts without a letter are like nothing but their exact copies.
    """
    leader = _exact(texts)
    firsts = sorted(set(leader))
    held = rows([texts[place] for place in firsts], shipped(), is_matter=False)
    one, two = _candidates(held)
    alike = _likeness(held, one, two) >= LIKE
    root = list(range(len(firsts)))
    for a, b in zip(one[alike].tolist(), two[alike].tolist(), strict=True):
        a, b = _root(root, a), _root(root, b)
        root[max(a, b)] = min(a, b)
    group = {place: firsts[_root(root, number)] for number, place in enumerate(firsts)}
    return [group[place] for place in leader]


def _exact(texts: Sequence[str]) -> list[int]:
    seen: dict[str, int] = {}
    return [
        seen.setdefault(key or f"\n{text.strip()}", place)
        for place, (key, text) in enumerate(zip(keys(texts), texts, strict=True))
    ]


def _root(root: list[int], at: int) -> int:
    while root[at] != at:
        root[at] = root[root[at]]
        at = root[at]
    return at


def _candidates(held: Rows) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of rows that may be alike: they share one of the rarest columns of both.

    Prefix filtering (Chaudhuri et al. 2006; Bayardo et al. 2007): columns are put in one order, rarest first. If the rest of a
    row behind its first columns is shorter than LIKE, a row that shares none of the first ones cannot be so like it.
    """
    number = held.numbers()
    many = np.bincount(held.columns, minlength=held.width)
    order = np.lexsort((held.columns, many[held.columns], number))
    columns, squares = held.columns[order], held.values[order] ** 2
    before = np.cumsum(squares) - squares
    first = before[np.append(0, held.ends[:-1])[number]] if len(number) else before
    kept = 1 - (before - first) >= LIKE**2 - 1e-9
    columns, number = columns[kept], number[kept]
    order = np.lexsort((number, columns))
    columns, number = columns[order], number[order]
    one, two = [], []
    for step in range(1, _CROWD + 1):
        same = np.flatnonzero(columns[step:] == columns[:-step])
        if not len(same):
            break
        one.append(number[same])
        two.append(number[same + step])
    if not one:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    wide = len(held.ends)
    found = np.unique(np.concatenate(one) * wide + np.concatenate(two))
    return found // wide, found % wide


def _likeness(held: Rows, one: np.ndarray, two: np.ndarray, step: int = 20_000) -> np.ndarray:
    """The cosine of each pair of rows."""
    cell_of = held.numbers() * held.width + held.columns
    size = np.diff(held.ends, prepend=0)
    found = [np.zeros(0)]
    for begin in range(0, len(one), step):
        a, b = one[begin : begin + step], two[begin : begin + step]
        pair = np.repeat(np.arange(len(a)), size[a])
        cells = (
            np.arange(len(pair)) - np.repeat(np.cumsum(size[a]) - size[a], size[a]) + np.repeat(held.ends[a] - size[a], size[a])
        )
        wanted = b[pair] * held.width + held.columns[cells]
        place = np.minimum(np.searchsorted(cell_of, wanted), len(cell_of) - 1)
        product = np.where(cell_of[place] == wanted, held.values[cells] * held.values[place], 0.0)
        found.append(np.bincount(pair, weights=product, minlength=len(a)))
    return np.concatenate(found)
