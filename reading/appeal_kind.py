"""Which kind of appeal a comment is: named rules give points to kinds, the most points win; offered as a suggestion to people."""

import numpy as np

from matrix.appeal import AppealKind
from reading.appeal_rules import rule
from reading.appeal_signs import NAMES, Signs

KINDS = (AppealKind.COMPLAINT, AppealKind.QUESTION, AppealKind.HELP, AppealKind.ADVICE, AppealKind.REPORT)
"""In order of frequency on the message boards: of equal points the earlier wins."""

WORDS = (
    rule(
        "举报用语",
        0.0,
        "举报|检举|[实匿]名反映|偷[排采税倒]|盗采|无证|非法(?!行医所)|涉嫌|黑(?:车|作坊|中介|诊所|网吧)|贩卖|假(?:药|货|证|酒|烟)|三无|传销|赌博|聚众|贪污|受贿|回扣|偷工减料|豆腐渣|亲戚|求查|严查|虐待|缺斤|过期(?:食品|奶)|骗老人",
    ),
    rule("投诉字样", 0.0, "投诉|太差|态度|扰民|乱收费|不作为|凭什么|踢皮球"),
    rule(
        "求助字样",
        0.0,
        "求助|帮(?:帮|我(?!们?(?:问|查一下进))|忙|查)|救|急需|丢了|落在|忘在|走失|寻人|怎么办|没办法|求(?:调解|通融|介入|学位|到货|安排|快来|来人)|快不行|[^\n]{0,4}婴儿|没钱治|联系不上|急急",
    ),
    rule(
        "建议字样",
        0.0,
        "建议|提议|能不能(?:把|给|开|加|增|让|换|设|改|晚|早|提前|统一|多|建|装|便宜)|可不可以|可以(?:考虑|把|给)|希望(?:能|可以|增|加|多)|不如|应该(?:给|把|加|增)|最好",
    ),
    rule(
        "问讯字样",
        0.0,
        "请问|咨询|想[问了]|是否|需要(?:什么|哪些)|怎么(?:办理|申请|交|缴|领|查|补|算)|什么时候|几点|多少钱|电话是|在哪|吗[?。!]*$",
    ),
    rule("要个结果", 0.0, "特此|望[^\n,。]{0,8}(?:处理|解决|整改)|请[^\n,。]{0,12}(?:处理|解决|整改|制止|查处|治理)"),
)

POINTS: dict[str, dict[AppealKind, float]] = {
    "请问": {AppealKind.QUESTION: 1.2},
    "询问时间": {AppealKind.QUESTION: 0.8},
    "询问原因": {AppealKind.QUESTION: 0.5},
    "询问办法": {AppealKind.QUESTION: 1.1},
    "询问是否": {AppealKind.QUESTION: 0.5},
    "问号": {AppealKind.QUESTION: 0.3},
    "反问质疑": {AppealKind.COMPLAINT: 1.0},
    "恳请处理": {AppealKind.COMPLAINT: 0.5, AppealKind.HELP: 0.3},
    "催促": {AppealKind.COMPLAINT: 0.5, AppealKind.HELP: 0.3},
    "索要说法": {AppealKind.COMPLAINT: 0.7},
    "建议用语": {AppealKind.ADVICE: 1.0},
    "报告故障": {AppealKind.COMPLAINT: 0.9},
    "扰民与环境": {AppealKind.COMPLAINT: 1.3},
    "违规与侵权": {AppealKind.COMPLAINT: 1.1, AppealKind.REPORT: 0.6},
    "迟迟未办": {AppealKind.COMPLAINT: 1.1},
    "仍未": {AppealKind.COMPLAINT: 0.6},
    "时限质疑": {AppealKind.COMPLAINT: 0.9},
    "一再发生": {AppealKind.COMPLAINT: 0.8},
    "时长": {AppealKind.COMPLAINT: 0.3},
    "斥责": {AppealKind.COMPLAINT: 0.9},
    "求救": {AppealKind.HELP: 1.6},
    "投诉用语": {AppealKind.COMPLAINT: 0.6},
    "举报用语": {AppealKind.REPORT: 1.2},
    "投诉字样": {AppealKind.COMPLAINT: 1.2},
    "求助字样": {AppealKind.HELP: 1.3},
    "建议字样": {AppealKind.ADVICE: 1.3},
    "问讯字样": {AppealKind.QUESTION: 0.9},
    "要个结果": {AppealKind.COMPLAINT: 0.8},
}

_OPENINGS = tuple(
    (rule("", 0.0, f"^[^\n]{{0,6}}(?:{words})"), kind)
    for words, kind in (
        ("举报|检举", AppealKind.REPORT),
        ("(?:我要)?投诉", AppealKind.COMPLAINT),
        ("建议|提议", AppealKind.ADVICE),
        ("咨询|请问|想问", AppealKind.QUESTION),
        ("求助|求救|寻人|紧急", AppealKind.HELP),
    )
)
"""Who opens with the word has said himself which kind it is."""
_OPENING_POINTS = 2.0

_BY_RULE = np.array([[POINTS.get(name, {}).get(kind, 0.0) for kind in KINDS] for name in NAMES])
_BY_WORD = np.array([[POINTS[one.name].get(kind, 0.0) for kind in KINDS] for one in WORDS])
_UNIT = 1000
"""Points are added as whole thousandths, so that no order of adding gives another winner."""


def kinds(signs: Signs, wanted: np.ndarray) -> list[AppealKind]:
    """The likeliest kind of each wanted line of a batch, as if it were an appeal; COMPLAINT when nothing speaks."""
    points = signs.fired.astype(np.int64) @ np.rint(_BY_RULE * _UNIT).astype(np.int64)
    for number, one in enumerate(WORDS):
        points[_hit(signs, one.pattern)] += np.rint(_BY_WORD[number] * _UNIT).astype(np.int64)
    for one, kind in _OPENINGS:
        points[_hit(signs, one.pattern), KINDS.index(kind)] += round(_OPENING_POINTS * _UNIT)
    return [KINDS[at] for at in points[wanted].argmax(axis=1).tolist()]


def _hit(signs: Signs, pattern) -> np.ndarray:
    return np.unique(signs.sheet.lines_with(pattern))
