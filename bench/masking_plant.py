"""Made-up telephones, identity numbers, cards, plates, addresses and names, written the many ways in which people write them."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bench.masking_words import CITIES, COUNTIES, ESTATES, FAMILIES, FIT, GIVENS, JUDGE, ROADS, TOWNS, VILLAGES
from matrix.masking_numbers import CHECKS, SPOKEN, WEIGHTS, fold

CHINESE, UPPER = "零一二三四五六七八九", "〇幺二三四五六七八九"
WIDE = str.maketrans("0123456789XABCDEFGHJKLMNPQRSTUVWYZ", "０１２３４５６７８９ＸＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＳＴＵＶＷＹＺ")
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Plant:
    """`written` goes into a text; `secrets` must not be readable afterwards, nor `street` in the strict reading."""

    kind: str
    written: str
    secrets: tuple[str, ...]
    street: tuple[str, ...] = ()


def plant(kind: str, rng: Random, is_judged: bool) -> Plant:
    made = MAKERS[kind](rng)
    frames = (JUDGE if is_judged else FIT)[kind]
    return Plant(kind, rng.choice(frames).format(made.written), made.secrets, made.street)


def is_hidden(plant: Plant, masked: str, secrets: tuple[str, ...]) -> bool:
    """Whether no secret can be read any more: numbers in any writing, of which no more than five signs in a row may be left."""
    if plant.kind in ("住址", "姓名"):
        flat = fold(masked).replace(" ", "")
        return not any(secret in flat for secret in secrets)
    flat = "".join(SPOKEN.get(sign, sign) for sign in fold(masked) if sign.isalnum() or sign in "@_*").lower()
    for secret in secrets:
        longest = min(6, len(secret))
        if any(secret[place : place + longest].lower() in flat for place in range(len(secret) - longest + 1)):
            return False
    return True


def digits(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def mobile(rng: Random) -> Plant:
    number = "1" + rng.choice(
        [
            "30",
            "31",
            "35",
            "36",
            "38",
            "39",
            "47",
            "50",
            "52",
            "57",
            "58",
            "59",
            "66",
            "77",
            "80",
            "86",
            "87",
            "89",
            "91",
            "98",
            "99",
        ]
    )
    number += digits(rng, 8)
    a, b, c = number[:3], number[3:7], number[7:]
    form = rng.choice([*range(16), 0, 0, 0, 0, 0, 0, 0, 0])
    written = (
        number,
        f"{a} {b} {c}",
        f"{a}-{b}-{c}",
        number.translate(WIDE),
        f"+86{number}",
        f"+86 {a} {b} {c}",
        f"86-{number}",
        "".join(CHINESE[int(sign)] for sign in number),
        "".join(UPPER[int(sign)] for sign in number),
        " ".join(number),
        f"{number[:4]} {number[4:7]} {c}",
        f"{a}.{b}.{c}",
        f"{a}－{b}－{c}".translate(WIDE),
        f"{a}—{b}—{c}",
        "\u200b".join((a, b, c)),
        f"0086{number}",
    )[form]
    return Plant("手机", written, (number,))


def landline(rng: Random) -> Plant:
    area = rng.choice(["010", "021", "028", "0591", "0731", "0791", "0531", "0871", "0371", "0773"])
    number = rng.choice("2345678") + digits(rng, 7 if len(area) == 3 or rng.random() < 0.7 else 6)
    written = rng.choice(
        [
            f"{area}-{number}",
            f"{area}{number}",
            f"({area}){number}",
            f"（{area}）{number}",
            f"{area} {number}",
            f"{area}－{number}".translate(WIDE),
        ]
    )
    return Plant("座机", written, (number,))


def identity(rng: Random) -> Plant:
    head = rng.choice(["350102", "430102", "110105", "360111", "420583", "513021", "440306", "620102", "370102", "410303"])
    day = f"{rng.randint(1940, 2015)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    if rng.random() < 0.12:
        number = head + day[2:] + digits(rng, 3)
        return Plant("身份证", number, (number,))
    body = head + day + digits(rng, 3)
    number = body + CHECKS[sum(int(sign) * weight for sign, weight in zip(body, WEIGHTS, strict=True)) % 11]
    written = rng.choice(
        [
            number,
            number,
            number,
            number.lower(),
            number.translate(WIDE),
            f"{number[:6]} {number[6:14]} {number[14:]}",
            f"{number[:6]}-{number[6:14]}-{number[14:]}",
        ]
    )
    return Plant("身份证", written, (number[:-1],))


def card(rng: Random) -> Plant:
    head = rng.choice(
        ["622202", "622848", "621700", "621661", "623059", "622908", "436742", "955880", "524094", "356827", "603367"]
    )
    body = head + digits(rng, (16 if head[0] in "453" else rng.choice([16, 19, 19])) - 7)
    for last in "0123456789":
        number = body + last
        doubled = [int(sign) * (2 if place % 2 else 1) for place, sign in enumerate(reversed(number))]
        if sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0:
            break
    four = [number[place : place + 4] for place in range(0, len(number), 4)]
    return Plant("银行卡", rng.choice([number, number, " ".join(four), "-".join(four), number.translate(WIDE)]), (number,))


def plate(rng: Random) -> Plant:
    head = rng.choice(PROVINCES) + rng.choice(LETTERS)
    kind = rng.randrange(7)
    if kind < 3:
        tail = "".join(rng.choice("0123456789" if rng.random() < 0.75 else LETTERS) for _ in range(5))
        if sum(sign.isdigit() for sign in tail) < 3:  # no plate has more than two letters here
            tail = rng.choice(LETTERS) + digits(rng, 4)
    elif kind == 3:
        tail = rng.choice("DF") + rng.choice(LETTERS + "0123456789") + digits(rng, 4)
    elif kind == 4:
        tail = digits(rng, 5) + rng.choice("DF")
    else:
        tail = digits(rng, 4) + rng.choice("挂学警")
    if kind == 6:
        head, tail = "粤Z", digits(rng, 4) + rng.choice("港澳")
    written = rng.choice(
        [
            head + tail,
            head + tail,
            f"{head}·{tail}",
            f"{head} {tail}",
            (head + tail).lower(),
            (head + tail).translate(WIDE),
            f"{head}-{tail}",
        ]
    )
    return Plant("车牌", written, (tail,))


def mail(rng: Random) -> Plant:
    name = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(4, 8))) + digits(
        rng, rng.choice([0, 2, 4])
    )
    written = (
        f"{name}@{rng.choice(['qq.com', '163.com', '126.com', 'sina.com', 'outlook.com', 'foxmail.com', 'mail.example.cn'])}"
    )
    return Plant("邮箱", rng.choice([written, written, written.replace("@", "＠")]), (name,))


def qq(rng: Random) -> Plant:
    number = rng.choice("123456789") + digits(rng, rng.randint(5, 9))
    return Plant("QQ", rng.choice([number, number, number.translate(WIDE)]), (number,))


def wechat(rng: Random) -> Plant:
    name = rng.choice(["wx_" + digits(rng, 6), "li" + digits(rng, 7), "zhang_" + digits(rng, 4), "xiaomei" + digits(rng, 3)])
    return Plant("微信", name, (name[2:],))


def address(rng: Random) -> Plant:
    """From the whole address down to the room to an estate with building and room; houses of villages too."""
    city, county, town = rng.choice(CITIES), rng.choice(COUNTIES), rng.choice(TOWNS)
    kind = rng.randrange(9)
    head = rng.choice([f"{city}{county}{town}", f"{county}{town}", f"{city}{county}", county])
    if kind == 0:
        village, group, number = rng.choice(VILLAGES), rng.choice(["", "三组", "5组"]), rng.randint(1, 300)
        return Plant("住址", f"{county}{town}{village}{group}{number}号", (f"{number}号",), (village,))
    road, estate = rng.choice(ROADS), rng.choice(ESTATES)
    door, house, unit, floor = rng.randint(1, 999), rng.randint(1, 60), rng.randint(1, 6), rng.randint(1, 33)
    room = f"{floor}0{rng.randint(1, 4)}"
    block = rng.choice(["栋", "幢", "号楼", "座"])
    spoken = CHINESE[unit]
    inside = (
        f"{house}{block}{unit}单元{room}室",
        f"{house}{block}{room}",
        f"{house}{block}{room}室",
        f"{house}-{unit}-{room}",
        f"{house}{block}{spoken}单元{room}",
        f"{house}#{room}",
        f"{house}{block}{unit}单元{floor}楼{room}室",
        f"{house}{block} {unit}单元 {room}号房",
    )[kind - 1]
    if rng.random() < 0.5:
        return Plant("住址", f"{head}{road}{door}号{estate}{inside}", (f"{door}号", inside, room), (road, estate))
    return Plant("住址", f"{rng.choice(['', head])}{estate}{inside}", (inside, room))


def name(rng: Random) -> Plant:
    family, given = rng.choice(FAMILIES), rng.choice(GIVENS)
    return Plant("姓名", family + given, (family + given,))


MAKERS: dict[str, Callable[[Random], Plant]] = {
    "手机": mobile,
    "座机": landline,
    "身份证": identity,
    "银行卡": card,
    "车牌": plate,
    "邮箱": mail,
    "QQ": qq,
    "微信": wechat,
    "住址": address,
    "姓名": name,
}
NUMBERS = ("手机", "座机", "身份证", "银行卡", "车牌")
