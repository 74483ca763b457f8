"""Two wordings of one text, with what was taken out and what was put in marked without any colour of a warning."""

from difflib import SequenceMatcher

from ui.words import plain, short

LONGEST = 3000
"""Letters; the comparison takes time that grows with the square of it."""


def marked(before: str, after: str) -> tuple[str, str]:
    """Both texts in Markdown: what is gone is struck out, what is new stands on a grey ground. Mask them first."""
    old, new = short(before, LONGEST), short(after, LONGEST)
    left, right = [], []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = plain_part(old[a:b]), plain_part(new[c:d])
        if what == "equal":
            left.append(gone)
            right.append(come)
            continue
        if gone:
            left.append(f":gray-background[~~{gone}~~]")
        if come:
            right.append(f":gray-background[**{come}**]")
    return "".join(left), "".join(right)


def plain_part(text: str) -> str:
    """Like `plain`, but blanks at the ends stay, because the parts are put together again."""
    words = plain(text)
    if not words:
        return ""
    return f"{' ' if text[:1] == ' ' else ''}{words}{' ' if text[-1:] == ' ' else ''}"
