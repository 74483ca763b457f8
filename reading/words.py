"""Which words do these texts say more often than usual? Whole phrases, names of places and units kept whole."""

from collections.abc import Sequence

import numpy as np

from matrix.hot_word import HotWord
from reading.appeal_model import hashed
from reading.appeal_text import Sheet
from reading.words_edges import is_word, rates
from reading.words_pieces import Pieces, pieces

FEWEST = 3
"""A word said by fewer is nobody else's business: it may be a name or an address."""
SURE = 3.0
"""The strength from which on a word is hot; about one in a thousand words is so by chance."""
_PRIOR = 200.0
"""The weight of what is usual in general, in texts."""
_TRIED = 600
"""So many of the strongest phrases are looked at letter by letter."""
_SWALLOWS = 0.75
"""A longer phrase that has so much of a shorter one stands for it."""


def hot(
    texts: Sequence[str],
    background: Sequence[str],
    most: int = 30,
    by: Sequence[str] = (),
    names: Sequence[str] = (),
) -> list[HotWord]:
    """The words that these texts say more often than the background does, surest first.

    Signed root of the log-likelihood ratio of the two shares (Dunning 1993) over texts, or over citizens when `by` names the
    citizen of each text. The background is smoothed by how common the letters of a word are in general (an informative prior
    as in Monroe, Colaresi & Quinn 2008), so that with little or no background everyday words do not come up. `names` of places
    and units are kept whole, other phrases have 2 to 8 letters. Names and numbers of persons are masked or left out; a word of
    fewer than FEWEST is left out. The order of texts changes nothing. Raises ValueError when `by` is not as long as `texts`.
    """
    if by and len(by) != len(texts):
        raise ValueError("每条文字要对应一个发言人。")
    said = pieces(texts, by, names)
    kept = np.flatnonzero(said.heard >= FEWEST)
    if not len(kept):
        return []
    usual = pieces(background, (), names)
    before = _usual(said.hashes[kept], usual)
    general = _general(said, kept)
    strength = _strength(said.heard[kept], said.speakers, before, usual.speakers, general)
    order = np.lexsort((-said.sizes[kept], -said.heard[kept], -strength))
    order = order[strength[order] >= SURE][:_TRIED]
    found = [
        HotWord(said.text(kept[place]), int(said.heard[kept[place]]), int(before[place]), round(float(strength[place]), 2))
        for place in order.tolist()
    ]
    whole = set(said.names)
    return _closed([one for one in found if one.word in whole or is_word(one.word)], whole)[:most]


def _usual(hashes: np.ndarray, usual: Pieces) -> np.ndarray:
    if not len(usual.hashes):
        return np.zeros(len(hashes), dtype=np.int64)
    place = np.minimum(np.searchsorted(usual.hashes, hashes), len(usual.hashes) - 1)
    return np.where(usual.hashes[place] == hashes, usual.heard[place], 0)


def _strength(said: np.ndarray, speakers: int, usual: np.ndarray, texts: int, general: np.ndarray) -> np.ndarray:
    prior = np.minimum(_PRIOR * np.maximum(general, 1e-5), _PRIOR / 2)
    y, n, b, m = said.astype(float), float(speakers), usual + prior, texts + _PRIOR
    shared = (y + b) / (n + m)
    grown = _told(y, n * shared) + _told(n - y, n * (1 - shared)) + _told(b, m * shared) + _told(m - b, m * (1 - shared))
    return np.sign(y / n - b / m) * np.sqrt(np.maximum(2 * grown, 0))


def _told(seen: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return np.where(seen > 0, seen * np.log(np.maximum(seen, 1e-300) / np.maximum(expected, 1e-300)), 0.0)


def _general(said: Pieces, kept: np.ndarray) -> np.ndarray:
    """The share of texts in general that may have a phrase: no more than have the rarest of its pairs of letters."""
    codes = np.frombuffer((said.blob + "\n").encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    pair = np.ones(len(codes))
    slots, _ = hashed(Sheet(said.blob, codes, np.flatnonzero(codes == 10), {}), 2)
    inside = codes != 10
    pair[np.flatnonzero(inside[:-1] & inside[1:])] = rates(slots[int(inside.sum()) :])
    begins, sizes = said.begins[kept], said.sizes[kept]
    least = np.ones(len(kept))
    for step in range(int(sizes.max(initial=1)) - 1):
        reach = sizes - 1 > step
        least[reach] = np.minimum(least[reach], pair[begins[reach] + step])
    return np.where(sizes == 1, 0.0001, least)


def _closed(found: Sequence[HotWord], whole: set[str]) -> list[HotWord]:
    """Without parts of longer words that are as good as always said whole; names that were handed in always stay."""
    kept = []
    for one in found:
        swallowed = any(
            one.word != other.word and one.word in other.word and other.said >= _SWALLOWS * one.said for other in found
        )
        if one.word in whole or not swallowed:
            kept.append(one)
    return kept
