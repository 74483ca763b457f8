"""Regular expressions that people write for a watch: a small, safe part of the language, checked before one is ever run.

Python's `re` knows no time limit, and some expressions take for ever on a text made for them. What is accepted here has a
bounded number of ways to try one start (`MOST_WAYS`), counted over the expression itself: choices add up, parts multiply,
repeats take the power. With at most READ letters of a text looked at, no text whatever takes longer than a fraction of a
second, and usual ones take microseconds. There are no back-references and no look-around, whose cost cannot be bounded so.
"""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 200
READ = 500
"""What an expression looks at of a text, in letters."""
MOST_WAYS = 2000
_CAP = 10**9
_CLASSES = {"d": r"\d", "w": r"\w", "s": r"\s"}
_META = set(".[](){}|?*+^$\\")
USABLE = r". [ ] ( ) | ? * + {m,n} ^ $ \d \w \s"


class PatternError(ValueError):
    """What is wrong with an expression, a Chinese sentence that names the place."""


@dataclass(frozen=True, slots=True)
class Safe:
    """An expression that may be run on folded texts: its own letters are folded too."""

    written: str
    compiled: re.Pattern[str]
    ways: int

    def hits(self, folded: str) -> bool:
        return self.compiled.search(folded[:READ]) is not None


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the expression as it is run, how many ways there are through it, and the fewest letters that it takes."""

    source: str
    ways: int
    shortest: int
    is_varied: bool = False
    """Whether it can match a different number of letters or by different choices."""


def safe(written: str) -> Safe:
    """Check and make ready an expression. Raises PatternError."""
    if len(written) > LONGEST:
        raise PatternError(f"表达式有{len(written)}个字，最长{LONGEST}个；请拆成几个监测方案。")
    part = _Reader(written).read()
    if not part.shortest:
        raise PatternError("这个表达式什么都不写也会命中，等于命中所有文字；请至少写出一个必须出现的字。")
    if part.ways > MOST_WAYS:
        raise PatternError(
            "这个表达式的写法太宽，遇到特别的文字会算很久：请把“*”“+”改成“{0,20}”这样的范围，或少用几个，也不要让一个重复套着另一个重复。"
        )
    try:
        return Safe(written, re.compile(part.source), part.ways)
    except re.error as error:
        raise PatternError(f"表达式写法有误：{error.msg}。") from error


class _Reader:
    """Reads an expression letter by letter; places are counted from 1, as people count."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.at = 0

    def read(self) -> _Part:
        part = self._choices()
        if self.at < len(self.written):
            raise self._wrong(self.at, "多了一个“)”，请检查括号是否成对")
        return part

    def _wrong(self, at: int, words: str) -> PatternError:
        return PatternError(f"表达式第{at + 1}个字处有误：{words}。")

    def _peek(self) -> str:
        return self.written[self.at] if self.at < len(self.written) else ""

    def _choices(self) -> _Part:
        parts = [self._row()]
        while self._peek() == "|":
            self.at += 1
            parts.append(self._row())
        if len(parts) == 1:
            return parts[0]
        ways = min(_CAP, sum(part.ways for part in parts))
        return _Part("|".join(part.source for part in parts), ways, min(part.shortest for part in parts), is_varied=True)

    def _row(self) -> _Part:
        source, ways, shortest, is_varied = "", 1, 0, False
        while self._peek() not in ("", "|", ")"):
            part = self._repeated()
            source += part.source
            ways = min(_CAP, ways * part.ways)
            shortest += part.shortest
            is_varied |= part.is_varied
        return _Part(source, ways, shortest, is_varied)

    def _repeated(self) -> _Part:
        start = self.at
        part = self._one()
        bounds = self._bounds()
        if bounds is None:
            return part
        few, many, source = bounds
        if part.source in ("^", "$"):
            raise self._wrong(start, f"“{part.source}”后面不能写重复次数")
        if self._peek() and self._peek() in "?*+{":
            raise self._wrong(self.at, "一个重复后面不能再写重复")
        most = READ if many is None else many
        steps = most - few + 1
        # A body of one way adds only the choice of how often; any other one multiplies with every repeat.
        ways = steps if part.ways == 1 and not part.is_varied else _power(max(2, part.ways), most) * steps
        return _Part(part.source + source, min(_CAP, ways), part.shortest * few, steps > 1 or part.is_varied)

    def _bounds(self) -> tuple[int, int | None, str] | None:
        sign = self._peek()
        if sign and sign in "?*+":
            self.at += 1
            return {"?": (0, 1, "?"), "*": (0, None, "*"), "+": (1, None, "+")}[sign]
        if sign != "{":
            return None
        found = re.compile(r"\{(\d{1,3})?(,)?(\d{1,3})?\}").match(self.written, self.at)
        if found is None or (found[1] is None and found[3] is None):
            raise self._wrong(self.at, "“{”后面应写次数，例如“{2}”或“{0,20}”；要找“{”本身请写“\\{”")
        few = int(found[1] or 0)
        many = few if found[2] is None else int(found[3]) if found[3] else None
        if many is not None and (few > many or many > READ or not many):
            raise self._wrong(self.at, f"次数应从小到大，最多{READ}次")
        self.at = found.end()
        return few, many, f"{{{few},{'' if many is None else many}}}"

    def _one(self) -> _Part:
        at, sign = self.at, self._peek()
        self.at += 1
        if sign == "(":
            return self._group(at)
        if sign == "[":
            return self._class(at)
        if sign == "\\":
            return self._escaped(at)
        if sign == ".":
            return _Part(".", 1, 1)
        if sign in "^$":
            return _Part(sign, 1, 0)
        if sign in _META:
            hint = {"?": "？", "*": "＊", "+": "＋"}.get(sign, "")
            words = f"“{sign}”前面没有要重复的字" if hint else f"这里不能单独写“{sign}”"
            raise self._wrong(at, f"{words}；要找“{sign}”本身请写“\\{sign}”")
        return self._letter(sign)

    def _letter(self, sign: str) -> _Part:
        letters = folded_letter(sign)
        return _Part(re.escape(letters), 1, len(letters)) if len(letters) < 2 else _Part(f"(?:{re.escape(letters)})", 1, 1)

    def _group(self, at: int) -> _Part:
        if self.written.startswith("?:", self.at):
            self.at += 2
        elif self._peek() == "?":
            raise self._wrong(self.at, "“(?”这类写法不支持，括号里直接写内容")
        part = self._choices()
        if self._peek() != ")":
            raise self._wrong(at, "这个“(”没有对应的“)”")
        self.at += 1
        return _Part(f"(?:{part.source})", part.ways, part.shortest, part.is_varied)

    def _escaped(self, at: int) -> _Part:
        sign = self._peek()
        self.at += 1
        if sign in _CLASSES:
            return _Part(_CLASSES[sign], 1, 1)
        if not sign or sign.isalnum():
            raise self._wrong(at, f"“\\{sign}”不支持，可用的写法有：{USABLE}")
        return self._letter(sign)

    def _class(self, at: int) -> _Part:
        source, members = "[", 0
        if self._peek() == "^":
            self.at, source = self.at + 1, "[^"
        while self._peek() != "]":
            if not self._peek():
                raise self._wrong(at, "这个“[”没有对应的“]”")
            first = self._member(at)
            if self._peek() == "-" and self.written[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                last = self._member(at)
                if len(first) > 1 or len(last) > 1 or first > last:
                    raise self._wrong(self.at - 1, "“-”两边应从小到大，例如“0-9”")
                source += f"{re.escape(first)}-{re.escape(last)}"
            else:
                source += first if first in _CLASSES.values() else re.escape(first)
            members += 1
        self.at += 1
        if not members:
            raise self._wrong(at, "“[]”里面没有写字")
        return _Part(f"{source}]", 1, 1)

    def _member(self, at: int) -> str:
        sign = self._peek()
        self.at += 1
        if sign == "\\":
            sign = self._peek()
            self.at += 1
            if sign in _CLASSES:
                return _CLASSES[sign]
            if not sign or sign.isalnum():
                raise self._wrong(self.at - 2, f"“\\{sign}”不支持，可用的写法有：{USABLE}")
        letters = folded_letter(sign)
        if len(letters) != 1:
            raise self._wrong(at, f"“{sign}”不能写在“[]”里，请用“(…|…)”")
        return letters


def folded_letter(sign: str) -> str:
    """One letter as folded texts have it."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", sign).casefold())


def _power(ways: int, times: int) -> int:
    return _CAP if times * ways.bit_length() > 64 else min(_CAP, ways**times)
