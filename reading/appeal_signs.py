"""Which named rules hold for which comment: single rules, rules together, and the context a comment stands in."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from matrix.appeal import Addressee, Words
from reading.appeal_chat import CHAT, MILD, NOTICE, PLAY
from reading.appeal_rules import ASKS, SUBJECTS, TROUBLES, WANTS
from reading.appeal_text import Sheet, lay_out

RULES = (*ASKS, *WANTS, *TROUBLES, *SUBJECTS, *CHAT)

_NO_WORD = re.compile("^[^\\w\n]*$", re.M)
_ONLY_NAMES = re.compile("^(?=[^\n]*\ue001)[^\\w\n]*$", re.M)
_POST_READ = 400
"""What is read of a post, in characters: title and beginning say what it is about."""
_SHARED = 2
"""So many two-letter words in common make a comment one about the matter of its post."""

Found = dict[str, np.ndarray]
"""The lines in which something holds, as booleans, by name."""


@dataclass(frozen=True)
class Signs:
    """What was found in a batch: `fired[line, number]` for the rules `NAMES[number]`."""

    sheet: Sheet
    fired: np.ndarray


def _any(found: Found, *groups: str) -> np.ndarray:
    return np.logical_or.reduce([found[name] for name in groups])


TOGETHER: tuple[tuple[str, float, Callable[[Found], np.ndarray]], ...] = (
    ("只有表情", -2.0, lambda f: f["_no_word"] & ~f["_only_names"]),
    ("只@好友", -2.0, lambda f: f["_only_names"]),
    ("就事提问", 0.7, lambda f: f["_asks"] & f["_matter"]),
    ("就事提要求", 0.6, lambda f: f["_wants"] & f["_matter"]),
    ("就事诉苦", 0.5, lambda f: f["_troubles"] & _any(f, "受影响的人", "斥责", "时长", "具体地点", "机关单位", "办事领域")),
    ("没说是什么事", -0.7, lambda f: f["_asks"] & ~f["_matter"] & ~f["_wants"]),
    ("闲聊提问", -0.8, lambda f: (f["_asks"] | f["_wants"]) & f["_chats"] & ~f["_troubles"]),
    ("只有时长", -0.5, lambda f: f["时长"] & ~f["_asks"] & ~f["_wants"] & ~f["_troubles"]),
    ("只是道谢", -0.9, lambda f: (f["致谢"] | f["称赞"]) & ~f["_asks"] & ~f["_wants"] & ~f["_troubles"] & ~f["投诉用语"]),
    ("一句都不沾", -0.5, lambda f: ~(f["_asks"] | f["_wants"] | f["_troubles"] | f["_subjects"])),
    ("报道口吻", -1.2, lambda f: f["媒体通稿"] & ~_any(f, "恳请处理", "反问质疑", "投诉用语", "问号", "询问是否", "建议用语")),
    ("点名来问", 0.5, lambda f: f["点名公号"] & (f["_asks"] | f["_troubles"]) & ~f["新闻标题"]),
    ("公告下提问", 1.0, lambda f: f["_notice"] & f["_asks"] & ~f["_chats"] & ~f["随口附和"]),
    (
        "公告下催问",
        1.1,
        lambda f: (
            f["_notice"]
            & _any(f, "迟迟未办", "仍未", "时限质疑", "一再发生", "追问缺失", "催促", "斥责")
            & ~f["情况好转"]
            & ~f["称赞"]
        ),
    ),
    ("公告下提要求", 0.6, lambda f: f["_notice"] & f["_wants"] & ~f["_chats"]),
    ("说的是帖中之事", 0.5, lambda f: f["_about_post"] & (f["_asks"] | f["_wants"] | f["_troubles"]) & ~f["_play"]),
    ("抽奖帖下", -2.6, lambda f: f["_play"] & ~f["_troubles"] & ~f["投诉用语"]),
    ("闲情帖下", -0.5, lambda f: f["_mild"] & ~f["_troubles"] & ~f["投诉用语"]),
    ("网友之间", -1.6, lambda f: f["_to_citizen"] & ~f["点名公号"] & ~f["投诉用语"]),
    ("追问官方", 0.8, lambda f: f["_to_office"] & (f["_asks"] | f["_wants"] | f["_troubles"]) & ~f["致谢"]),
    ("不认答复", 0.8, lambda f: f["_to_office"] & ~_any(f, "致谢", "称赞", "情况好转", "随口附和", "戏谑") & ~f["_no_word"]),
    ("私信来问", 1.2, lambda f: f["_message"] & (f["_asks"] | f["_wants"] | f["_troubles"] | f["_subjects"]) & ~f["随口附和"]),
    ("@本号", 0.4, lambda f: f["_mention"] & (f["_asks"] | f["_wants"] | f["_troubles"])),
)
"""Rules on rules; the names with an underscore are the groups below."""

NAMES = (*(rule.name for rule in RULES), *(name for name, _, _ in TOGETHER))
PRIOR = np.array([*(rule.weight for rule in RULES), *(weight for _, weight, _ in TOGETHER)])
"""What the people who wrote the rules would give, in log-odds; where fitting starts from."""


def read_signs(words: Sequence[Words]) -> Signs:
    """Every rule on every comment."""
    sheet = lay_out([one.text for one in words])
    found: Found = {}
    for rule in RULES:
        found[rule.name] = _lines(sheet, rule.pattern)
    _group(found, sheet, words)
    fired = np.empty((len(words), len(NAMES)), dtype=bool)
    for number, rule in enumerate(RULES):
        fired[:, number] = found[rule.name]
    for number, (_, _, holds) in enumerate(TOGETHER, len(RULES)):
        fired[:, number] = holds(found)
    return Signs(sheet, fired)


def _lines(sheet: Sheet, pattern: re.Pattern[str]) -> np.ndarray:
    hit = np.zeros(len(sheet.ends), dtype=bool)
    hit[sheet.lines_with(pattern)] = True
    return hit


def _group(found: Found, sheet: Sheet, words: Sequence[Words]) -> None:
    found["_no_word"], found["_only_names"] = _lines(sheet, _NO_WORD), _lines(sheet, _ONLY_NAMES)
    for name, rules in (("_asks", ASKS), ("_wants", WANTS), ("_troubles", TROUBLES), ("_subjects", SUBJECTS)):
        found[name] = _any(found, *(rule.name for rule in rules if rule.name not in ("时长", "点名公号", "仍未", "冲着机关说")))
    found["_matter"] = _any(
        found,
        "报告故障",
        "扰民与环境",
        "违规与侵权",
        "迟迟未办",
        "办事领域",
        "机关单位",
        "具体地点",
        "索要说法",
        "时限质疑",
        "投诉用语",
    )
    found["_chats"] = _any(found, "抽奖", "追星闲聊", "求链接", "戏谑", "招揽广告")
    nobody = Addressee.NOBODY
    said = [one.addressee or sheet.addressees.get(line, nobody) for line, one in enumerate(words)]
    found["_to_citizen"] = np.array([who == Addressee.CITIZEN for who in said], dtype=bool)
    found["_to_office"] = np.array([who == Addressee.OFFICIAL for who in said], dtype=bool)
    found["_message"] = np.array([one.channel == "message" for one in words], dtype=bool)
    found["_mention"] = np.array([one.channel == "mention" for one in words], dtype=bool)
    _read_posts(found, sheet, words)


def _read_posts(found: Found, sheet: Sheet, words: Sequence[Words]) -> None:
    """What the posts above are; each is read once, whatever number of comments stands below it."""
    posts = list(dict.fromkeys(one.post for one in words))
    nature: dict[str, tuple[bool, bool, bool, frozenset[str]]] = {}
    for post, text in zip(posts, lay_out([post[:_POST_READ] for post in posts]).blob.split("\n"), strict=True):
        play = bool(PLAY.search(text))
        pairs = frozenset(a + b for a, b in pairwise(text) if a.isalpha() and b.isalpha())
        nature[post] = bool(NOTICE.search(text)) and not play, play, bool(MILD.search(text)), pairs
    lines = sheet.blob.split("\n") if any(posts) else []
    table = np.zeros((len(words), 4), dtype=bool)
    for number, one in enumerate(words):
        if one.post:
            notice, play, mild, pairs = nature[one.post]
            shared = len(pairs.intersection(a + b for a, b in pairwise(lines[number][:_POST_READ])))
            table[number] = notice, play, mild and not notice, shared >= _SHARED
    for column, name in enumerate(("_notice", "_play", "_mild", "_about_post")):
        found[name] = table[:, column]
