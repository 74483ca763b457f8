"""Many comments as one plain text for the reading of feelings: emoticons and what was passed on stay, names and links go."""

import re
import unicodedata
from collections.abc import Sequence

import numpy as np

from reading.appeal_text import CONTROL, HEAD, INVISIBLE, LINK, MARGIN, TAIL, Sheet

_NAME = re.compile(r"@[\w·.-]{1,30}:?")
_NUMBER = re.compile(r"\d+")
_REPEATED = re.compile(r"([^\n])\1{2,}")


def lay_out(texts: Sequence[str]) -> Sheet:
    """Normalise comments and put them below one another; what a batch holds never changes how one of its texts is read."""
    flat = [text.replace("\n", " ") for text in texts]
    blob = "\n".join(text if len(text) <= HEAD + TAIL else f"{text[:HEAD]} {text[-TAIL:]}" for text in flat)
    blob = unicodedata.normalize("NFKC", INVISIBLE.sub("", blob)).lower()
    blob = LINK.sub(" ", CONTROL.sub(" ", blob))
    blob = _NUMBER.sub("0", _NAME.sub("@", blob))
    blob = _REPEATED.sub(r"\1\1", MARGIN.sub("", re.sub("  +", " ", blob)))
    codes = np.frombuffer((blob + "\n").encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return Sheet(blob, codes, np.flatnonzero(codes == 10), {})
