"""A piece of a stranger's text around the words that were looked for, with these marked; nothing in it can become markup."""

from storage.search_words import joined, marks
from ui.words import JOINER, plain

AROUND, LONGEST = 40, 220
"""Letters kept before and behind a marked word, and of all pieces together."""


def excerpt(text: str, typed: str) -> str:
    """Markdown of the text, cut to what stands around the words; a text that is masked must be masked before this."""
    flat = " ".join(text.split())
    found = marks(flat, typed)
    shown = ""
    for start, end in pieces(len(flat), found):
        shown += "…" if start else ""
        place = start
        inside = ((max(first, start), min(last, end)) for first, last in found)
        for first, last in ((first, last) for first, last in inside if first < last):
            shown += safe(flat[place:first]) + marked(flat[first:last])
            place = last
        shown += safe(flat[place:end])
    return shown + ("…" if shown and end < len(flat) else "")


def pieces(length: int, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is shown of a text of this length: all of it, or its beginning, or what stands around the first marks."""
    if length <= LONGEST:
        return [(0, length)] if length else []
    chosen: list[tuple[int, int]] = []
    for start, end in found:
        wider = joined([*chosen, (max(0, start - AROUND), min(length, min(end, start + LONGEST) + AROUND))])
        if chosen and total(wider) > LONGEST:
            break
        chosen = wider
    chosen = chosen or [(0, 0)]
    start, end = chosen[-1]
    return [*chosen[:-1], (start, min(length, end + max(0, LONGEST - total(chosen))))]


def total(spans: list[tuple[int, int]]) -> int:
    return sum(end - start for start, end in spans)


def safe(piece: str) -> str:
    """A piece of a text with the spaces at its ends, which would be lost otherwise."""
    before, after = " " * piece.startswith(" "), " " * (piece.endswith(" ") and piece != " ")
    return f"{before}{plain(piece)}{after}"


def marked(piece: str) -> str:
    # Joiners on both sides, so that no sign of the text meets a sign of ours.
    return f"{JOINER}:primary-background[{JOINER}{safe(piece)}{JOINER}]{JOINER}"
