"""Ids as text: cleaned, never rounded, with the short and the long form of a Weibo post brought together."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from collectors.files.rows import Cell, RowError

EXACT_FLOAT = 2**53
ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE]\+?\d+")
EXCEL_DIGITS = 15
ROUNDED = "被Excel改成了近似值：Excel只保留15位有效数字，请用原始文件导入，或把该列设为“文本”后重新导出"


def clean_id(value: Cell, what: str, *, rounded_column: bool = False) -> str:
    """The id as text, without the tab and quote marks that exports add to keep Excel off; "" when there is none.

    Raises RowError for an id that a spreadsheet has rounded: it names another post, or none.
    """
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        if value != value:  # an empty cell of a data frame
            return ""
        if not value.is_integer() or abs(value) >= EXACT_FLOAT or (abs(value) >= 10**EXCEL_DIGITS and value % 10 == 0):
            raise RowError(f"{what}“{value:.15g}”{ROUNDED}")
        return str(int(value))
    text = str(value).strip().strip("\u200b\ufeff").strip("'\"`").strip()
    if text.lower() in ("nan", "none", "null"):
        return ""
    if SCIENTIFIC.fullmatch(text):
        raise RowError(f"{what}“{text}”{ROUNDED}")
    if match := re.fullmatch(r"(\d{15,})\.0+", text):
        text = match[1]
        if int(text) >= EXACT_FLOAT:
            raise RowError(f"{what}“{text}”{ROUNDED}")
    if isinstance(value, int) and abs(value) >= EXACT_FLOAT and _ends_rounded(text):
        raise RowError(f"{what}“{text}”{ROUNDED}")
    if rounded_column and _ends_rounded(text):
        raise RowError(f"{what}“{text}”{ROUNDED}")
    if len(text) > 200:
        raise RowError(f"{what}过长，不像编号")
    return text


def _ends_rounded(text: str) -> bool:
    return text.isdigit() and len(text) > EXCEL_DIGITS and not text[EXCEL_DIGITS:].strip("0")


def rounded_columns(rows: Iterable[Mapping[str, Cell]]) -> frozenset[str]:
    """Columns whose long numbers all end in zeros where Excel cuts (after 15 digits): judged on the first rows of a file.

    One id in ten ends in a zero by itself, so text needs five of them without a counter-example; a number cell that Excel
    wrote needs two, because there the cut is what Excel always does.
    """
    long: Counter[str] = Counter()
    cut: Counter[str] = Counter()
    numbers: set[str] = set()
    for row in rows:
        for column, value in row.items():
            if isinstance(value, bool) or not isinstance(value, int | str):
                continue
            text = str(value).strip()
            if len(text) > EXCEL_DIGITS and text.isdigit():
                long[column] += 1
                cut[column] += _ends_rounded(text)
                if isinstance(value, int):
                    numbers.add(column)
    return frozenset(c for c in long if cut[c] == long[c] and long[c] >= (2 if c in numbers else 5))


def mid_of(short: str) -> str:
    """The long id of a Weibo post from its short one (base 62, groups of four characters to seven digits); "" if it is none."""
    if not 5 <= len(short) <= 10 or not short.isascii() or not short.isalnum() or short.isdigit():
        return ""
    groups = [short[max(0, end - 4) : end] for end in range(len(short), 0, -4)][::-1]
    digits = []
    for group in groups:
        number = 0
        for char in group:
            number = number * 62 + ALPHABET.index(char)
        if number >= 10**7:
            return ""
        digits.append(f"{number:07d}")
    mid = "".join(digits).lstrip("0")
    moment = (int(mid or 0) >> 22) + 515483463  # a post id holds the second in which it was written
    return mid if 1230768000 <= moment <= 4102444800 else ""


def weibo_post_id(text: str) -> str:
    """A Weibo post's id in its long form; an own name for it is left alone. Raises RowError for what looks like a row number."""
    if text.isdigit() and len(text) < 9:
        raise RowError(f"内容ID“{text}”像是行号，不是微博的编号(16位数字或9位短号)；文件里没有真正的编号时请不要对应“内容ID”")
    return mid_of(text) or text


def weibo_id_in(url: str) -> tuple[str, str]:
    """(uid, post id in its long form) from a link to a post; "" for what the link does not hold."""
    match = re.search(r"weibo\.c(?:om|n)/(?:u/)?(\d{5,})/(\w{6,})", url) or re.search(
        r"m\.weibo\.cn/(?:detail|status)/()(\w{6,})", url
    )
    if not match:
        return "", ""
    return match[1], match[2] if match[2].isdigit() else mid_of(match[2])


def wechat_id_in(url: str) -> str:
    """`<mid>_<idx>` from the long link of a WeChat article, as the platform's own interfaces key it; "" for a short link."""
    mid, idx = re.search(r"[?&;](?:mid|appmsgid)=(\d+)", url), re.search(r"[?&;](?:idx|itemidx)=(\d+)", url)
    return f"{mid[1]}_{idx[1]}" if mid and idx else ""
