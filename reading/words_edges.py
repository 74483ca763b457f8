"""Which runs of letters may stand alone as a word: no loose ends, no numbers, no names of persons."""

import re

import numpy as np

from reading.appeal_model import hashed
from reading.appeal_text import Sheet
from reading.issue_rows import shipped

_LOOSE = (
    "的了吗呢啊吧呀哦嘛着过们也都就还又再很太更最和与或把被让给对从向在是到这那哪我你他她它您咱谁什怎么一"
    "两几之其而但因所如则以为于及能会要想说并且将该此各每个些已才却只请"
)
"""Letters that tie words together: a run of letters that begins or ends with one is no word, except in these."""
_NO_END = "不没无未有去来"
_TIED = frozenset(
    re.findall(
        "..",
        "会员会议会计要求给水给排对策个税个人一卡一中一小两会和平和谐更新更换再生还款还贷想法说明说法过期"
        "过户过敏过滤着火能源能耗最低在建到期到账以旧以租如厕请假机会社会开会协会工会议会学会发言和解目的"
        "行为供给补给着急太阳也门都市首都就业就医就诊就近还建再就每户将军对接对象被困被盗被骗与会从业从教"
        "向阳为民于都及时及格能力能效各村各县每年人才口才些许政府",
    )
)
_PLACE = re.compile(
    r"(?:小区|花园|家园|大道|[路街巷村镇乡县区市省苑桥站江河湖山城局院校厂园场店楼]|小学|中学|号线|公司|集团|银行|政府|街道|社区|广场)$"
)
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "庞樊"
)
_WRITTEN = re.compile(r"\d+[^\W\d]{1,6}|[^\W\d]+\d{0,4}[^\W\d]+|12345|1[12][09]|12315|12306")
_EVERYDAY = 0.0015
"""Two or three letters that begin with a family name are a word when the first two are so common; else they may be a person."""
_UNHEARD = 0.001
"""A pair of letters of no more texts in general is as good as unheard of."""


def is_word(word: str) -> bool:
    """Whether a run of letters may be shown as a word."""
    if not _WRITTEN.fullmatch(word) or "的" in word[1:-1]:
        return False
    if word[0] in _LOOSE and word[:2] not in _TIED:
        return False
    if (word[-1] in _LOOSE or word[-1] in _NO_END) and word[-2:] not in _TIED:
        return False
    return not _may_name(word)


def _may_name(word: str) -> bool:
    """Whether a family name stands in a word, followed by letters that are no everyday word and end in no place or unit."""
    if len(word) <= 3:
        return word[0] in _SURNAMES and not _PLACE.search(word) and general_rate(word[:2]) <= _EVERYDAY
    return any(
        word[at] in _SURNAMES
        and general_rate(word[at : at + 2]) <= _UNHEARD
        and general_rate(word[at + 1 : at + 3]) <= _UNHEARD
        and not any(_PLACE.search(word[at:end]) for end in range(at + 2, at + 7))
        for at in range(len(word) - 2)
    )


def general_rate(pair: str) -> float:
    """The share of texts in general that have a pair of letters; of rare ones the most that it may be."""
    codes = np.frombuffer((pair + "\n").encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    slots, _ = hashed(Sheet(pair, codes, np.array([len(pair)]), {}), 2)
    return float(rates(slots[-1:])[0])


def rates(slots: np.ndarray) -> np.ndarray:
    """The share of texts in general that have the pair of letters of each of these slots."""
    return _RATE_OF[shipped().of[slots]]


_RATE_OF = np.exp(1 - np.arange(256) / 16)
