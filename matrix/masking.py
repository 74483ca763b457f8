"""Hides what identifies a citizen before a text reaches a screen, a file or a report, and names citizens without naming them."""

import hashlib
import re

# The city's notice that is followed: phone 138****1234, identity number 35*************123 (2 + 3 kept).
PHONE = re.compile(r"(?<![\dA-Za-z])(?:\+?86[-\s]?)?(1[3-9]\d)([-\s]?)(\d{4})([-\s]?)(\d{4})(?!\d)")
LANDLINE = re.compile(r"(?<!\d)(0\d{2,3})[-\s]?(\d{3,4})(\d{4})(?!\d)")
IDENTITY = re.compile(r"(?<![\dA-Za-z])([1-9]\d)\d{12}(?:\d(?=\d{2}[\dXx]))(\d{2}[\dXx])(?![\dA-Za-z])")
OLD_IDENTITY = re.compile(r"(?<!\d)([1-9]\d)\d{10}(\d{3})(?!\d)")
CARD = re.compile(r"(?<!\d)(\d{4})[\d\s]{8,14}(\d{4})(?!\d)")
MAIL = re.compile(r"([A-Za-z0-9])[A-Za-z0-9._%+-]*@([A-Za-z0-9.-]+\.[A-Za-z]{2,})")
PLATE = re.compile(
    r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z])[·\s]?[A-Z0-9]{3,4}([A-Z0-9]{2})(?![A-Za-z0-9])"
)
DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs that nobody confuses when reading aloud or copying: no 0, 1, I, O."""

CITIZEN, NOBODY = "网民", "匿名"


def mask_text(text: str) -> str:
    """The text with every number that points at a person shortened to what still lets an officer recognise it."""
    text = text.translate(DIGITS)
    text = IDENTITY.sub(lambda found: f"{found[1]}{'*' * 13}{found[2]}", text)
    text = PHONE.sub(r"\1****\5", text)
    text = CARD.sub(r"\1****\2", text)
    text = OLD_IDENTITY.sub(lambda found: f"{found[1]}{'*' * 10}{found[2]}", text)
    text = LANDLINE.sub(lambda found: f"{found[1]}-{'*' * len(found[2])}{found[3]}", text)
    text = MAIL.sub(r"\1***@\2", text)
    return PLATE.sub(r"\1***\2", text)


def mask_name(name: str) -> str:
    """A citizen's name: the first character and two stars, whatever its length, so that the length tells nothing."""
    name = name.strip()
    return f"{name[0]}**" if name else NOBODY


def mask_phone(phone: str) -> str:
    """A telephone number for those who only look: the first three and the last four digits."""
    masked = mask_text(phone)
    if masked != phone:
        return masked
    return f"{phone[:3]}****{phone[-2:]}" if len(phone) > 6 else "****" if phone else ""


def pseudonym(author_key: str) -> str:
    """What a citizen is called in files and reports: 网民 and six letters, the same wherever he writes on that platform.

    Made of the keyed hash that is kept instead of his platform id (`Keyring.pseudonym`), by BLAKE2b, 30 bits of it: nothing
    leads back, and it changes only when the installation's key gets a new layer. Two citizens share a name by chance:
    among 1,000 the odds are 1 in 2,150 that any two do, among 10,000 they are 1 in 22, among 100,000 some 5 pairs are expected.
    No key, no citizen: 匿名.
    """
    if not author_key:
        return NOBODY
    number = int.from_bytes(hashlib.blake2b(author_key.encode(), digest_size=4).digest()) >> 2
    return CITIZEN + "".join(LETTERS[number >> shift & 31] for shift in range(25, -1, -5))
