"""Hides what identifies a citizen before a text reaches a screen, a file or a report, and names citizens without naming them."""

import hashlib

from matrix.masking_names import names
from matrix.masking_numbers import Spot, fold, numbers
from matrix.masking_places import places

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs that nobody confuses when reading aloud or copying: no 0, 1, I, O."""

CITIZEN, NOBODY = "网民", "匿名"


def mask_text(text: str) -> str:
    """The text with everything hidden that points at a person: numbers shortened to what still lets an officer recognise
    them (138****5678, 35*************512), homes cut to 乡镇/街道, given names of citizens.

    The form of phones and identity numbers follows a city's published notice (永安 2022Q4). What is public stays: hotlines,
    telephones of offices, mail of offices, holders of an office, roads and estates that somebody complains about. All else
    stays sign for sign. What this finds and what it takes for a person's by mistake is measured by `bench masking`.
    """
    folded = fold(text)
    spots = [*numbers(folded), *places(folded), *names(text)]
    return hide(text, spots) if spots else text


def hide(text: str, spots: list[Spot]) -> str:
    """The text with each spot put in place of what stood there; where two overlap, the longer one holds."""
    kept: list[Spot] = []
    for spot in sorted(spots, key=lambda one: (one[0] - one[1], one[0])):
        if all(spot[1] <= start or end <= spot[0] for start, end, _ in kept):
            kept.append(spot)
    pieces, place = [], 0
    for start, end, instead in sorted(kept):
        pieces += [text[place:start], instead]
        place = end
    return "".join(pieces) + text[place:]


def mask_name(name: str) -> str:
    """A citizen's name: the first character and two stars, whatever its length, so that the length tells nothing."""
    name = name.strip()
    return f"{name[0]}**" if name else NOBODY


def mask_phone(phone: str) -> str:
    """A telephone number for those who only look: the first three and the last four digits."""
    masked = mask_text(phone)
    if masked != phone:
        return masked
    return f"{phone[:3]}****{phone[-2:]}" if len(phone) > 6 else "****" if phone else ""


def pseudonym(author_key: str) -> str:
    """What a citizen is called in files and reports: 网民 and six letters, the same wherever he writes on that platform.

    Made of the keyed hash that is kept instead of his platform id (`Keyring.pseudonym`), by BLAKE2b, 30 bits of it: nothing
    leads back, and it changes only when the installation's key gets a new layer. Two citizens share a name by chance:
    among 1,000 the odds are 1 in 2,150 that any two do, among 10,000 they are 1 in 22, among 100,000 some 5 pairs are expected.
    No key, no citizen: 匿名.
    """
    if not author_key:
        return NOBODY
    number = int.from_bytes(hashlib.blake2b(author_key.encode(), digest_size=4).digest()) >> 2
    return CITIZEN + "".join(LETTERS[number >> shift & 31] for shift in range(25, -1, -5))
