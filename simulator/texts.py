"""What offices and citizens of the city write: posts, articles, comments, appeals, official replies and an angry afternoon."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random

from simulator.events import SimAccount, Unit
from simulator.patterns import book, fill, in_season

TOPICS: tuple[str, ...] = (
    "供水", "供电", "供暖", "燃气", "公交", "道路", "停车", "噪声", "物业", "教育", "医疗",
    "社保", "户籍", "环卫", "违建", "市场", "拆迁", "工资", "网络", "绿化", "路灯", "排水",
)  # fmt: skip

# Which kinds of post a line of work writes most; everybody else writes a bit of everything.
_LINES = (
    (("供水", "水务", "水利"), ("停水", "停水", "民生实事")),
    (("供电", "电力"), ("停电", "停电", "应急")),
    (("气象",), ("天气预警", "天气预警", "节气")),
    (("公安", "交警", "警"), ("交通", "防诈骗", "辟谣")),
    (("交通", "公交"), ("交通", "便民")),
    (("人社", "人力", "社保"), ("招聘", "政策解读", "便民")),
    (("应急", "消防"), ("应急", "天气预警")),
    (("文旅", "文化", "旅游"), ("活动", "节气", "日常")),
    (("教育", "卫健", "医保", "民政"), ("政策解读", "便民", "民生实事")),
    (("城管", "住建", "环境", "市政"), ("民生实事", "文明创建", "停水")),
)
_TYPOS = (
    ("怎么", "咋"), ("没有", "木有"), ("什么", "啥"), ("知道", "造"), ("再", "在"), ("的", "滴"), ("是不是", "是8是"),
    ("垃圾", "拉圾"), ("喜欢", "稀饭"), ("领导", "领道"), ("回复", "回覆"), ("已经", "以经"),
    ("小区", "小曲"), ("真的", "真滴"), ("能不能", "能不能能不能"),
)  # fmt: skip
_THEMES = {"停水施工": "供水", "道路施工": "道路", "政策办事": "社保", "民意回应": "路灯"}
_BREAK = "\x1e"
_BURST = ("怒", "怒", "怒", "问", "问", "问", "传", "传", "评", "评", "谢", "杂")


def post_text(rng: Random, account: SimAccount, unit: Unit, at: int) -> str:
    """One Weibo post of a government account."""
    known = _known(account, unit)
    service, civic = book("posts_service"), book("posts_civic")
    every = {**service, **civic}
    kinds = _favourites(account, unit) if rng.random() < 0.5 else tuple(every)
    kind = rng.choice(kinds)
    if kind == "党建" and rng.random() < 0.5:
        kind = "日常"
    patterns = in_season(every[kind], _month(at))
    text = fill(rng, rng.choice(patterns), at, {**known, "nick": citizen_name(rng), "topic": rng.choice(TOPICS)})
    if rng.random() < 0.18 and not text.startswith("#"):
        text = rng.choice(("#{region}身边事#", "#{region}发布#", "#民生服务#", "#便民提醒#", "#{topic}早知道#")) + text
    if rng.random() < 0.14 and "http" not in text:
        text += rng.choice((" {link}", " 详情请看{link}", "\n{link}", "（图源：{account}）", " @{account}"))
    if rng.random() < 0.1:
        text += rng.choice(("[心]", "[抱拳]", "[鲜花]", "[话筒]", "\u200b", "❤️", "🌞", "👨‍👩‍👧"))
    return fill(rng, text, at, {**known, "topic": rng.choice(TOPICS)})


def article_text(rng: Random, account: SimAccount, unit: Unit, at: int) -> tuple[str, str, str]:
    """Title, digest and HTML content of one WeChat article; one theme and the same places all through it."""
    parts, topic = book("articles"), rng.choice(TOPICS)
    theme = rng.choice([section.removesuffix(" title") for section in parts if section.endswith(" title")])
    body = sorted(rng.sample(parts[f"{theme} body"], rng.randint(3, 6)), key=parts[f"{theme} body"].index)
    rows = rng.sample(parts["item"], rng.randint(2, 4)) if rng.random() < 0.3 else []
    patterns = [rng.choice(parts[f"{theme} title"]), rng.choice(parts["digest"]), rng.choice(parts[f"{theme} lead"]), *body]
    patterns += [*rows, rng.choice(parts["tail"])]
    known = {**_known(account, unit), "topic": topic, "dept": _dept(rng, _THEMES.get(theme, topic))}
    title, digest, *lines = fill(rng, _BREAK.join(patterns), at, known).split(_BREAK)
    told = [_paragraph(line) for line in lines]
    if rows:
        cells = "".join(f"<tr><td>{n + 1}</td><td>{row}</td></tr>" for n, row in enumerate(lines[-1 - len(rows) : -1]))
        told[-1 - len(rows) : -1] = [f'<table style="border:1px solid #ccc" width=100%><tbody>{cells}</tbody></table>']
    if rng.random() < 0.7:
        picture = f"https://mmbiz.qpic.cn/mmbiz_jpg/{rng.randrange(1 << 60):015x}/640?wx_fmt=jpeg&amp;from=appmsg"
        told.insert(1, f'<p style="text-align:center"><img data-src="{picture}" data-ratio="0.66" /></p>')
    return title, digest if rng.random() < 0.8 else "", f'<section data-role="outer" label="edit">{"".join(told)}</section>'


def comment_text(rng: Random, topic: str, asks: bool, account: str = "") -> str:
    """What a citizen writes below a post: an appeal of a topic if it asks, else talk; `account` is who may be called by name."""
    if not asks:
        return _chat(rng, topic, account)
    asked = book("comments_asks")
    text = fill(
        rng, rng.choice(asked.get(topic) or rng.choice(tuple(asked.values()))), None, {"today_h": str(rng.randint(7, 22))}
    )
    bits, known = book("comments_bits"), {"account": account} if account else {}
    if rng.random() < 0.3:
        head = rng.choice(bits["head"])
        if "{account}" not in head or account:
            text = fill(rng, head, None, known) + text
    if rng.random() < 0.4:
        text += fill(rng, rng.choice(("，{tail}", " {tail}", "{tail}")).replace("{tail}", rng.choice(bits["tail"])), None, known)
    return _careless(rng, text)


def reply_text(rng: Random, topic: str, kind: str, at: int | None = None) -> str:
    """An official reply: a "receipt" passes on and says nothing, a "substantive" one is dated and names who does what."""
    known = {
        "topic": topic,
        "dept": _dept(rng, topic),
        "account2": rng.choice(("民生直通车", "百姓点单台", "随手报", "问政平台")),
    }
    if kind == "receipt":
        return fill(rng, rng.choice(book("replies_receipt")["通用"]), at, known)
    patterns = book("replies_substantive")
    text = fill(rng, rng.choice(patterns.get(topic) or rng.choice(tuple(patterns.values()))), at, known)
    if rng.random() < 0.3 and not text.startswith("您好"):
        text = rng.choice(("您好，", "网友您好：", "您好！经核实，", "回复如下：")) + text
    if rng.random() < 0.2:
        text += fill(
            rng, rng.choice(("如有疑问请拨{phone}。", "感谢监督！", "联系人：{surname}同志，{phone}。", "谢谢您的提醒。")), at
        )
    return text


def incident_comment(rng: Random) -> str:
    """A comment on the bad afternoon: a burst water main and a bus that slid into the hole."""
    patterns = book("incident")[rng.choice(_BURST)]
    text = fill(rng, rng.choice(patterns))
    if rng.random() < 0.4:
        text += rng.choice(("，", "。", "！", " ", "……")) + fill(rng, rng.choice(patterns))
    if rng.random() < 0.25:
        text += fill(
            rng, rng.choice(("{face}", "{face}{face}", "！！", "？？？", "。。。", "{emoji}", "，求扩散", "，转", "，@有人管吗"))
        )
    return _careless(rng, text)


def citizen_name(rng: Random) -> str:
    """A net nickname, invented but typical."""
    names = book("nicknames")
    if rng.random() < 0.35:
        return fill(rng, rng.choice(names["whole"]))
    name = rng.choice(names["first"])
    if rng.random() < 0.6:
        name += fill(rng, rng.choice(names["last"]))
    return name


def _chat(rng: Random, topic: str, account: str) -> str:
    talk = book("comments_chat")
    draw = rng.random()
    section = talk[topic] if draw < 0.3 and topic in talk else talk["方言"] if draw > 0.95 else talk["通用"]
    known = {"nick": citizen_name(rng), **({"account": account} if account else {})}
    text = fill(rng, rng.choice(section), None, known)
    if rng.random() < 0.15:
        text += rng.choice(("，", "。", " ", "~")) + fill(rng, rng.choice(section), None, known)
    if rng.random() < 0.22:
        text += fill(rng, rng.choice(("{face}", "{emoji}", "{face}{face}", "！", "~", "。", "…", "哈哈")))
    if rng.random() < 0.06:
        text = (
            fill(
                rng,
                rng.choice(("@{nick} 来看", "回复@{nick}:", "@{nick} @{nick2} ")),
                None,
                {**known, "nick2": citizen_name(rng)},
            )
            + text
        )
    return _careless(rng, text)


def _careless(rng: Random, text: str) -> str:
    """Haste: a typo, a lost full stop, a hidden character."""
    if rng.random() < 0.1:
        wrong = [(a, b) for a, b in _TYPOS if a in text]
        if wrong:
            text = text.replace(*rng.choice(wrong), 1)
    if rng.random() < 0.08:
        text = text.replace("，", rng.choice((" ", ",", "、", "。。")))
    if rng.random() < 0.04:
        text += rng.choice(("\u200b", " ", "\ufeff", "\n"))
    return text


def _dept(rng: Random, topic: str) -> str:
    slots = book("slots")
    return rng.choice(slots.get("dept_" + topic, slots["dept"]))


def _paragraph(text: str) -> str:
    return f'<p style="line-height:1.75em"><span style="font-size: 16px;">{text}</span></p>'


def _known(account: SimAccount, unit: Unit) -> Mapping[str, str]:
    return {"account": account.name, "unit": unit.name, "region": unit.region.rpartition("/")[2] or "本地"}


def _month(at: int) -> int:
    return (datetime.fromtimestamp(at, UTC) + timedelta(hours=8)).month


def _favourites(account: SimAccount, unit: Unit) -> tuple[str, ...]:
    for words, kinds in _LINES:
        if any(word in unit.line + unit.name + account.name for word in words):
            return kinds
    return ("便民", "民生实事", "日常", "政策解读", "文明创建")
