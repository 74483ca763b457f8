"""A word that is said more often than usual."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HotWord:
    """`said` of how many texts (or citizens, where those are known) have the word, `usual` of how many in the background.

    `strength` is the signed root of its log-likelihood ratio against the background, to be read like a z-score: how sure it is
    that the word is said more often than usual.
    """

    word: str
    said: int
    usual: int
    strength: float
