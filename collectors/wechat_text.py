"""Plain text out of the HTML of articles and feeds, and strings that survive the way into the database."""

import re
from html import unescape

from collectors.lenient_html import LenientHTMLParser

_BLOCKS = (
    "address article aside blockquote br center dd div dl dt figure figcaption footer h1 h2 h3 h4 h5 h6 header hr li main "
    "mpvoice ol p pre section table td th tr ul"
)
BLOCKS = frozenset(_BLOCKS.split())
SILENT = frozenset({"head", "iframe", "noscript", "script", "style", "svg", "template", "title"})
LONGEST = 200_000
"""Characters of HTML that are read; an article has at most 20,000."""
LOST = "获取全文失败，请重试~"
"""What wewe-rss writes into an article whose text it could not get."""


def mend(value: object) -> str:
    """A platform's string without what no database takes: halves of emoji are joined or replaced, NUL and BOM go.

    Numbers become their text; null and nested things become "".
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value).replace("\0", "").replace("\ufeff", "")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def plain_text(html: object) -> str:
    """Readable text of an HTML fragment, one line per block; never raises, whatever the fragment looks like."""
    reader = _Reader()
    reader.feed(mend(html)[:LONGEST])
    reader.close()
    lines = (re.sub(r"[^\S\n]+", " ", line).strip(" \u200b") for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def plain_line(value: object) -> str:
    """One line of a title or a name: entities resolved, white space collapsed."""
    return " ".join(unescape(mend(value)).replace("\u200b", "").split())


class _Reader(LenientHTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent.append(tag)
        elif tag in BLOCKS:
            self.parts.append("\n")
        elif tag == "img":
            words = dict(attrs).get("alt") or ""
            if re.fullmatch(r"\[[^\[\]]{1,8}\]", words):  # an emoji drawn as a picture
                self.handle_data(words)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            del self._silent[self._silent.index(tag) :]
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)
