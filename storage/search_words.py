"""What counts as an occurrence of a word, how a typed line becomes words, and the letters and pairs that the index holds.

The rule of the whole search: a text is folded by NFKC and case folding (Unicode 3.13, "toNFKC_Casefold": compatible
forms are one, 投诉ＡＢＣ is 投诉abc, signs without a shape are dropped), white space becomes one space, and a word occurs where
its folded letters stand one after the other in the folded title or in the folded text. The index only proposes rows;
whether a row is a hit is decided here.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

SHAPELESS = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
"""Default_Ignorable_Code_Point of Unicode: joiners, variation signs and the like, also used to hide words from filters."""

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
BORDER = "\n"
"""Between a folded title and a folded text; no folded word holds it, so nothing is found across the two."""

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if not chr(code).isalnum()} | {0x20: 0x3000}
"""Signs that the tokenizer of the index would cut at, as the full-width twins that no folded text can hold."""

POSTS_ONLY = "post"
"""What the index holds of every post; longer than two letters, as is that of an account, so that no text can hold it."""

TYPED = re.compile(r"""([-－−])?(?:["＂“”]([^"＂“”]*)["＂“”]?|「([^」]*)」?|(\S+))""")
MOST_WORDS, LONGEST_WORD, MOST_PAIRS = 10, 100, 16
LONGEST_LINE = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Folded words: all of `words` must occur, none of `without` may. Without any word nothing is wanted."""

    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


def fold(text: str) -> str:
    """The form in which texts and words are compared; folding twice changes nothing."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        if SHAPELESS.search(text):
            text = SHAPELESS.sub("", text)
    text = CONTROL.sub(" ", text).casefold()
    if not text.isascii() and not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.split())


def searchable(title: str, text: str) -> str:
    """Title and text of one row, folded, as words are looked for in them."""
    return f"{fold(title)}{BORDER}{fold(text)}" if title else fold(text)


def parse(typed: str) -> Wanted:
    """Words out of a typed line: several are all wanted, "a phrase" is one word, -word is not wanted.

    What is empty after folding falls away; of very long lines the first ten words count.
    """
    words: dict[str, None] = {}
    without: dict[str, None] = {}
    for minus, phrase, corner, bare in TYPED.findall(typed[:LONGEST_LINE]):
        word = fold(phrase or corner or bare)[:LONGEST_WORD].strip()
        if word:
            (without if minus else words)[word] = None
    return Wanted(tuple(words)[:MOST_WORDS], tuple(without)[:MOST_WORDS])


def is_hit(wanted: Wanted, folded: str) -> bool:
    """The definition of a hit, on `searchable()` of a row."""
    return all(word in folded for word in wanted.words) and not any(word in folded for word in wanted.without)


def tokens(folded: str) -> set[str]:
    """Every letter and every pair of neighbouring letters, as the index holds them."""
    found: set[str] = set()
    for line in folded.translate(WIDE).split(BORDER):
        found.update(line)
        found.update(map("".join, pairwise(line)))
    return found


def account_token(account_id: int) -> str:
    """What the index holds of every row of an account."""
    return f"acc{account_id}"


def tokens_of_word(word: str) -> list[str]:
    """What a row must hold to be worth looking at: of one or two letters this is the word itself, of more its pairs.

    A long word needs no more than its first pairs: the row is read anyway before it counts as a hit.
    """
    wide = word.translate(WIDE)
    if len(wide) < 3:
        return [wide]
    return list(dict.fromkeys(wide[place : place + 2] for place in range(len(wide) - 1)))[:MOST_PAIRS]


def is_exact(word: str) -> bool:
    """Whether holding the tokens of the word is the same as holding the word."""
    return len(word) < 3


def marks(text: str, typed: str) -> list[tuple[int, int]]:
    """Where the words of a typed line stand in a text as it is written: (start, end) pairs in order, none overlapping."""
    folded, places = folded_with_places(text)
    spans = []
    for word in parse(typed).words:
        at = folded.find(word)
        while at >= 0:
            spans.append((places[at][0], places[at + len(word) - 1][1]))
            at = folded.find(word, at + 1)
    return joined(spans)


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that touch or overlap made one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def folded_with_places(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The folded text, and for each of its letters the (start, end) of what it was made of."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for start, end in clusters(text):
        piece = folded_piece(text[start:end])
        for letter in piece:
            if letter == " " and (not letters or letters[-1] == " "):
                continue
            letters.append(letter)
            places.append((start, end))
    return "".join(letters), places


def clusters(text: str) -> Iterable[tuple[int, int]]:
    """The text in pieces that fold each by itself: a letter with the accents that melt into it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or stands_alone(text[place]) or not melts(text[start:place], text[place]):
            yield start, place
            start = place


def stands_alone(letter: str) -> bool:
    """Whether nothing before a letter can melt with it; true of nearly all that is written here."""
    return letter.isascii() or "\u3000" <= letter <= "\u3098" or "\u309b" <= letter <= "\u9fff" or "\uff01" <= letter <= "\uff60"


@lru_cache(maxsize=4096)
def melts(before: str, letter: str) -> bool:
    # Accents and signs without a shape go with their letter, whether they melt or not: the next one may reach past them.
    return (
        unicodedata.combining(unicodedata.normalize("NFKC", letter)[0]) > 0
        or SHAPELESS.fullmatch(letter) is not None
        or folded_piece(before + letter) != folded_piece(before) + folded_piece(letter)
    )


@lru_cache(maxsize=4096)
def folded_piece(piece: str) -> str:
    """One piece folded; white space stays one space here, also alone."""
    folded = fold(f"|{piece}|")
    return folded[1:-1]
