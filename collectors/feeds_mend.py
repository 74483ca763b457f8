"""Makes a feed readable: finds its encoding, closes what was cut off, repairs what feed tools are known to break."""

import re
from dataclasses import dataclass

ROOTS = {"rss": ("</item>", "</channel></rss>"), "feed": ("</entry>", "</feed>"), "rdf:RDF": ("</item>", "</rdf:RDF>")}
"""Root element: the end of one of its items, and what closes the whole."""
ENCODINGS = frozenset({"gbk", "gb2312", "gb18030", "big5", "utf-16", "utf-16le", "utf-16be", "shift_jis", "euc-kr"})
"""What may be believed when it is declared; Latin-1 reads anything, so it is not among them."""
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#x[0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,30})""")


@dataclass(frozen=True, slots=True)
class Mended:
    """XML of a feed as text; `is_cut` when its end was missing and only whole items were kept."""

    text: str
    is_cut: bool


def decode(body: bytes, content_type: str) -> str:
    """The text of a document whose declared encoding may be wrong: UTF-8 if it is that, what is declared, else GB18030."""
    said = (DECLARED.search(content_type.encode("ascii", "replace")), DECLARED.search(body[:200]))
    declared = [name for found in said if found and (name := found.group(1).decode().lower()) in ENCODINGS]
    for name in ("utf-8-sig", *declared, "gb18030"):
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    return body.decode("utf-8", "replace")


def mend_xml(text: str) -> Mended | None:
    """A feed that a strict parser can take, or None when this is no RSS and no Atom.

    Known damage: control characters, bare ampersands in attributes, CDATA marks that were themselves escaped, a second
    identifier in the RSS items of we-mp-rss (kept as `articleid`), a missing end. Document types are dropped unread.
    """
    text = CONTROLS.sub("", text)
    begin = re.search(r"<(rss|feed|rdf:RDF)[\s>]", text[:3000])
    if begin is None:
        return None
    root, text = begin.group(1), text[begin.start() :]
    text = text.replace("&lt;![CDATA[", "").replace("]]&gt;", "")
    text, is_cut = _close(text, root)
    if root == "rss":
        text = re.sub(r"<(/?)id>", r"<\1articleid>", text)
    return Mended("".join(_outside_cdata(text)), is_cut)


def _close(text: str, root: str) -> tuple[str, bool]:
    """The document with its end; of one that was cut off, what comes up to the end of its last whole item."""
    item_end, end = ROOTS[root]
    if f"</{root}>" in text[-200:]:
        return text, False
    last = text.rfind(item_end)
    return (text[: last + len(item_end)] if last >= 0 else text[: text.find(">") + 1]) + end, True


def _outside_cdata(text: str) -> list[str]:
    """The pieces of a document, bare ampersands escaped except where CDATA allows them."""
    pieces, at = [], 0
    while (start := text.find("<![CDATA[", at)) >= 0:
        end = text.find("]]>", start)
        end = len(text) if end < 0 else end + 3
        pieces += [BARE_AMPERSAND.sub("&amp;", text[at:start]), text[start:end]]
        at = end
    return [*pieces, BARE_AMPERSAND.sub("&amp;", text[at:])]
