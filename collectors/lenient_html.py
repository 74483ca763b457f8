"""The parser of the standard library, which falls over a few broken declarations that every browser reads past."""

from html.parser import HTMLParser


class LenientHTMLParser(HTMLParser):
    """Takes `<![` and whatever follows as a comment where it is no marked section, as the HTML standard says."""

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)
