"""Where a text holds numbers that point at a person: telephones, identity numbers, bank cards, plates, mail, QQ and WeChat."""

import re
from collections.abc import Iterator
from string import ascii_letters

Spot = tuple[int, int, str]
"""From, to, and what stands there instead."""

APART = r"[ \t\u00a0\u3000\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufe0f\u20e3\u00ad\-‐‑‒–—―−－.·•_]{0,3}"
"""What people put between the digits of a number, invisible signs included."""

PLAIN = "0123456789"
FOLD = str.maketrans(
    {
        **{chr(ord(sign) + 0xFEE0): sign for sign in f"{ascii_letters}{PLAIN}@+-.#_"},  # full-width; not the marks of sentences
        **{
            chr(first + place): PLAIN[place]
            for first in (0x660, 0x6F0, 0x2080, *range(0x1D7CE, 0x1D7FF, 10))
            for place in range(10)
        },
        **{
            chr(first + place): PLAIN[place + 1]
            for first in (0x2460, 0x2474, 0x2488, 0x2776, 0x2780, 0x278A)
            for place in range(9)
        },
        **dict(zip("⓪⁰¹²³⁴⁵⁶⁷⁸⁹", "00123456789", strict=True)),
    }
)
FOLDED = re.compile("[" + "".join(map(chr, sorted(FOLD))).replace("\\", r"\\").replace("]", r"\]") + "]")
SPOKEN = dict(zip("零〇○一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖", "00012234567891123456789", strict=True))
SPOKEN_RUN = re.compile(rf"(?<![\d{''.join(SPOKEN)}])(?:[\d{''.join(SPOKEN)}]{APART}){{9,18}}(?![\d{''.join(SPOKEN)}])")
SPOKEN_SIGN = re.compile(f"[{''.join(SPOKEN)}]")

ENOUGH = re.compile(rf"\d(?:{APART}\d){{4}}")
"""Five digits: with fewer there is no number of a person, and a text without them is not looked through again and again."""

START, END = r"(?<!\d)(?<!\d\.)(?<![A-Za-z0-9_]{9})", r"(?!\d)(?![A-Za-z0-9_]{6}|\.\d|[ ]?[元块万亿])"
MOBILE = re.compile(rf"{START}(?:(?:\+|00)?86{APART})?(1{APART}[3-9](?:{APART}\d){{9}}){END}")
DATED = re.compile(r"1[89]\d\d\D\d{1,2}\D")
LANDLINE = re.compile(
    rf"{START}[(（]?(010|02[0-57-9]|0[3-9]\d\d)[)）]?{APART}([2-8]\d{{2,3}}{APART}\d{{4}}){END}",
)
LOCAL = re.compile(
    r"(?:电话|座机|固话|宅电|家电|致电|联系方式|手机|TEL|Tel|tel)[^\d，。；！？,;!?\n]{0,4}([2-8]\d{6,7})(?![\d.年元])"
)
OFFICE = re.compile(
    r"(?:热线|咨询|监督|举报|投诉|服务|值班|办公|客服|总机|公开|便民|报修|维修|抢修|窗口|应急|预约|报名|详询|详情|请拨|可拨|请致|可致|致电|"
    r"中心|[局处科站委办队所](?!有|在|以)|政府|法院|医院|学校|银行|社区|村委|居委|物业|公司)[^，。；！？,;!?\n]{0,9}$"
)
"""Before a landline: that of an office, which everybody may have."""

DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
IDENTITY = re.compile(rf"(?<!\d)([1-9](?:{APART}\d){{16}}{APART}[\dXx])(?!\d)")
BORN = re.compile(rf"\d{{6}}(?:18|19|20)\d\d{DAY}\d{{3}}[\dXx]")
OLD_IDENTITY = re.compile(rf"(?<!\d)([1-9]\d{{5}}\d\d{DAY}\d{{3}})(?!\d)")
PROVINCES = frozenset(
    f"{number}"
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (81, 83))
    for number in range(first, last + 1)
) | {"71"}
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"

CARD = re.compile(rf"(?<!\d)(?<!\d\.)(\d(?:{APART}\d){{11,22}})(?!\d)")
DOTTED = re.compile(r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d")
OF_BANK = re.compile(
    r"(?:卡|账号|账户|帐号|帐户|户头|银行|工行|农行|建行|中行|农商|邮储|信用社|转账|汇款|打款)[^。！？!?\n\d]{0,10}$"
)
OF_PAPERS = re.compile(
    r"(?:单|编|案|文|受理|流水|件|查询|验证|合同|发票|批|型|条形?|序列|许可证|信用代码|登记证|批准文)号?(?:号码|号)?[^\d，。；！？,;!?\n]{0,4}[A-Za-z]*$"
)
"""Before a long number: that of a paper, not of a person."""

PASS = re.compile(
    r"(?:护照|通行证|回乡证|台胞证|军官证|士兵证|驾驶证|驾照|残疾证|医保卡?|社保卡?|学籍|准考证)(?:号码|编号|号)?"
    r"[:： 是为]{0,3}([A-Za-z]{0,3}\d{6,18})"
)
MAIL = re.compile(r"(?<![A-Za-z0-9._%+-])([A-Za-z0-9])[A-Za-z0-9._%+-]{0,63}@((?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,9})")
PLATE = re.compile(
    r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z])[·•.\-\s]{0,2}"
    r"((?:[A-HJ-NP-Za-hj-np-z0-9]{4,5}[挂学警港澳试超领临]|[A-HJ-NP-Za-hj-np-z0-9]{5,6})(?![A-Za-z0-9]))"
)
CHAT = re.compile(
    r"(?:[Qq][ ]?[Qq]|扣扣|企鹅|球球)(?:号码|号|群号|群)?[:：是为 ]{0,3}([1-9]\d{4,10})(?!\d)"
    r"|(?:微信|薇信|威信|V信|v信|[Ww][Xx]|[Vv][Xx]|[Ww]ei[Xx]in|[Ww]e[Cc]hat)(?:号码|同号|号)?[:：是为加 ]{0,3}"
    r"((?=[A-Za-z0-9_-]*[\d_])[A-Za-z][A-Za-z0-9_-]{5,19}|[1-9]\d{5,10}(?!\d))"
    r"|(?:微信|薇信|威信|V信|v信)(?:号码|号)[:：是为 ]{0,3}([A-Za-z][A-Za-z0-9_-]{5,19})"
)
CHAT_SIGN = re.compile(r"[QqVvXxWw]|扣扣|企鹅|球球|微信|薇信|威信")
PUBLIC = re.compile("官方|公众|关注|官微")
LINK = re.compile(r"(?:https?://|www\.)[\x21-\x7e]+")


def fold(text: str) -> str:
    """The text, sign for sign as long as before, with every kind of digit and full-width letter in its plain form."""
    return text.translate(FOLD) if FOLDED.search(text) else text


def numbers(text: str) -> Iterator[Spot]:
    """Where numbers of persons stand in a folded text; the surer kinds first, a place may be named twice."""
    links = [found.span() for found in LINK.finditer(text)] if "://" in text or "www." in text else []
    for start, end, instead in _numbers(text):
        if not any(first <= start < last for first, last in links):
            yield start, end, instead


def _numbers(text: str) -> Iterator[Spot]:
    if "@" in text:
        for found in MAIL.finditer(text):
            if not found[2].lower().endswith("gov.cn"):
                yield *found.span(), f"{found[1]}***@{found[2]}"
    yield from plates(text)
    if ENOUGH.search(text):
        yield from identities(text)
        yield from telephones(text)
        yield from cards(text)
        for found in PASS.finditer(text):
            yield *found.span(1), f"{found[1][:2]}***{found[1][-2:]}"
    yield from spoken(text)
    if CHAT_SIGN.search(text):
        for found in CHAT.finditer(text):
            name = found.lastindex or 0
            if not PUBLIC.search(before(text, found.start())):
                yield *found.span(name), f"{found[name][:2]}***"


def identities(text: str) -> Iterator[Spot]:
    for found in IDENTITY.finditer(text):
        digits = bare(found[1])
        if BORN.fullmatch(digits) and (digits[:2] in PROVINCES or is_checked(digits)):
            yield *found.span(1), f"{digits[:2]}{'*' * 13}{digits[-3:].upper()}"
    for found in OLD_IDENTITY.finditer(text):
        if found[1][:2] in PROVINCES:
            yield *found.span(1), f"{found[1][:2]}{'*' * 10}{found[1][-3:]}"


def telephones(text: str) -> Iterator[Spot]:
    for found in MOBILE.finditer(text):
        if not OF_PAPERS.search(before(text, found.start())) and not DATED.match(found[1]):
            digits = bare(found[1])
            yield *found.span(), f"{digits[:3]}****{digits[-4:]}"
    for found in LANDLINE.finditer(text):
        digits = bare(found[2])
        if (len(digits) == 8 or len(found[1]) == 4) and not OFFICE.search(before(text, found.start())):
            yield *found.span(), f"{found[1]}-****{digits[-4:]}"
    for found in LOCAL.finditer(text):
        if not OFFICE.search(before(text, found.start(1))):
            yield *found.span(1), f"****{found[1][-4:]}"


def cards(text: str) -> Iterator[Spot]:
    """Bank cards: 16 to 19 digits that begin like a UnionPay card, pass Luhn's check, or stand after a word of banking."""
    for found in CARD.finditer(text):
        if DOTTED.match(found[1]) or len(set(bare(found[1]))) < 3:
            continue
        digits, left = bare(found[1]), before(text, found.start())
        is_paper = bool(OF_PAPERS.search(left))
        if OF_BANK.search(left):
            is_card = True
        elif is_paper or not 16 <= len(digits) <= 19:
            is_card = False
        else:
            is_card = digits.startswith("62") or (digits[0] in "34569" and passes_luhn(digits))
        if is_card:
            yield *found.span(1), f"{digits[:4]}****{digits[-4:]}"


def plates(text: str) -> Iterator[Spot]:
    for found in PLATE.finditer(text):
        if sum(sign in PLAIN for sign in found[2]) >= 3:
            yield *found.span(), f"{found[1]}***{found[2][-2:]}"


def spoken(text: str) -> Iterator[Spot]:
    """Numbers in Chinese digits, or in these and plain ones mixed: telephones and identity numbers only."""
    for found in SPOKEN_RUN.finditer(text):
        run = found[0].rstrip(" \t-.·")
        if SPOKEN_SIGN.search(run):
            digits = "".join(SPOKEN.get(sign, sign) for sign in run if sign in SPOKEN or sign in PLAIN)
            if re.fullmatch(r"(?:86)?1[3-9]\d{9}", digits):
                yield found.start(), found.start() + len(run), f"{digits[-11:-8]}****{digits[-4:]}"
            elif BORN.fullmatch(digits):
                yield found.start(), found.start() + len(run), f"{digits[:2]}{'*' * 13}{digits[-3:]}"
            elif re.fullmatch(r"(?:010|02[0-57-9])[2-8]\d{7}|0[3-9]\d\d[2-8]\d{6,7}", digits):
                yield found.start(), found.start() + len(run), f"****{digits[-4:]}"


def before(text: str, place: int) -> str:
    return text[max(0, place - 16) : place]


def bare(number: str) -> str:
    return "".join(sign for sign in number if sign in PLAIN or sign in "Xx")


def is_checked(digits: str) -> bool:
    """The last sign of an identity number by GB 11643 (ISO 7064, MOD 11-2)."""
    total = sum(int(sign) * weight for sign, weight in zip(digits[:17], WEIGHTS, strict=True))
    return CHECKS[total % 11] == digits[-1].upper()


def passes_luhn(digits: str) -> bool:
    """The check of payment cards, ISO/IEC 7812-1."""
    twice = (int(sign) * 2 for sign in digits[-2::-2])
    return (sum(int(sign) for sign in digits[-1::-2]) + sum(number - 9 if number > 9 else number for number in twice)) % 10 == 0
