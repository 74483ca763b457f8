"""Which numbers of a text are figures: all but dates, times of day, ordinals and the numbers of documents."""

import re

ALLOWED = re.compile(
    r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|(?<!\d)\d{1,2}日(?!内)"
    r"|\d{1,2}时\d{1,2}分|\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
    r"|第\s*\d+\s*[期号条款项章节页]|(?:表|图|附件|附录|附)\s*\d+|[〔\[(（]\d{4}[〕\])）]\s*\d+号|\[A\d+\]|^\s*[(（]?\d{1,2}(?:[、)）]|\.(?!\d))"
)
"""Dates, times of day, ordinals, numbers of tables, pictures, annexes and documents, the number that begins a paragraph."""

NUMBER = re.compile(
    r"[0-9０-９][0-9０-９.,，．%％‰]*|[零〇一二三四五六七八九十百千万两]+分之[零〇一二三四五六七八九十百千万两点]+"
    r"|[零〇一二三四五六七八九十百千万亿两]+(?=[余多]?[条件起次篇宗例])|[零〇一二三四五六七八九十百千万亿两]{2,}(?=[余多]?[人个家名户项])"
    r"|[一二三四五六七八九两]成(?![都功为长员立果交熟分])"
)
"""Digits of either width, shares and counts in Chinese numerals."""


def numbers_of(text: str) -> list[str]:
    """The numbers of a text that have to come from a figure, as they are written."""
    return [found[0].rstrip(".,，．") for found in NUMBER.finditer(ALLOWED.sub(" ", text))]
