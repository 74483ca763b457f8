"""Many comments as one plain text, one a line, so that each rule reads them all at once."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matrix.appeal import Addressee

FACE, FRIEND, OFFICE, JOKE, FORWARD = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
"""Stand for an emoticon, a private @name, an official @name, a joking emoticon and words that were only passed on."""

HEAD, TAIL = 1200, 400
"""What is read of a long text, in characters: the matter stands at its beginning, the wish at its end."""

OFFICIAL_NAME = (
    r"发布|公安|警方|交警|交通|地铁|公交|铁路|政府|政务|民生|市长|书记|12345|环保|生态|城管|消防|应急|气象|水务|水利|供电|电力|电网"
    r"|燃气|热力|供热|卫健|医保|人社|社保|教育|住建|市监|市场监管|民政|文旅|信访|网信|检察|法院|街道|新闻|日报|晚报|广播|微博客服"
)

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+"
)
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u3000 ]+")
LINK = re.compile(r"(?:https?:/+|www\.|t\.cn/)[\x21-\x7e]+|网页链接|的微博视频")
_ANSWERS = re.compile(r"^[ ]*回复[ ]*@([^:\n]{0,40}):[ ]*", re.M)
_PASSED_ON = re.compile(r"^[ ]*(?://[ ]*@[^:\n]{0,40}(?::[ ]*|$))+", re.M)
_CHAIN = re.compile(r"//[ ]*@.*$|//[ ]*回复@.*$", re.M)
_JOKE = re.compile(
    r"\[(?:doge|二哈|允悲|偷笑|笑cry|吃瓜|酷|坏笑|馋嘴|色|舔屏|污|挤眼|嘻嘻|哈哈|笑哈哈|阴险|喵喵|兔子|打call)\]|[🐶😂🤣😁😆😏🍉😍🥰]"
)
_FACE = re.compile(
    r"\[[^\[\]\n\x20]{1,8}\]|"
    r"[\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\u20e3\u3030\u303d]"
)
_MANY_FACES = re.compile(f"{FACE}{{2,}}")
_OFFICE = re.compile(rf"@[\w·.-]{{0,12}}?(?:{OFFICIAL_NAME})[\w·.-]{{0,12}}")
_FRIEND = re.compile(r"@[\w·.-]{1,30}:?")
_REPEATED = re.compile(r"([^\n\d])\1{2,}")
MARGIN = re.compile(r"^ +| +$", re.M)
_OLD_FORMS = str.maketrans(
    "請問為麼嗎還沒時個這們會電燈車線號門開關裡國點樣說給讓應來對處辦證費學醫導舉報訴聲區縣鎮樓橋",
    "请问为么吗还没时个这们会电灯车线号门开关里国点样说给让应来对处办证费学医导举报诉声区县镇楼桥",
)
_OFFICIAL = re.compile(OFFICIAL_NAME)


@dataclass(frozen=True)
class Sheet:
    """The comments of one batch: `blob` holds one a line, `codes` its code points, `ends` where each line ends."""

    blob: str
    codes: np.ndarray
    ends: np.ndarray
    addressees: dict[int, Addressee]
    """Whom a line answers by its own beginning "回复@name:", by line number."""

    def lines_with(self, pattern: re.Pattern[str]) -> np.ndarray:
        """The numbers of the lines in which a pattern is found, doubled if found twice."""
        at = [found.start() for found in pattern.finditer(self.blob)]
        return np.searchsorted(self.ends, np.array(at, dtype=np.int64))


def lay_out(texts: Sequence[str]) -> Sheet:
    """Normalise comments and put them below one another; what a batch holds never changes how one of its texts is read."""
    blob = "\n".join(text if len(text) <= HEAD + TAIL else f"{text[:HEAD]} {text[-TAIL:]}" for text in _flat(texts))
    blob = unicodedata.normalize("NFKC", INVISIBLE.sub("", blob)).lower().translate(_OLD_FORMS)
    blob = CONTROL.sub(" ", blob).replace("🆘", "sos")
    blob = _PASSED_ON.sub(FORWARD, blob)
    blob = _CHAIN.sub("", blob)
    addressees = _who_is_answered(blob)
    blob = LINK.sub(" ", _ANSWERS.sub("", blob))
    blob = _FACE.sub(FACE, _JOKE.sub(JOKE, blob))
    blob = _FRIEND.sub(FRIEND, _OFFICE.sub(OFFICE, blob))
    blob = MARGIN.sub("", re.sub("  +", " ", blob))
    blob = _REPEATED.sub(r"\1\1", _MANY_FACES.sub(FACE, blob))
    codes = np.frombuffer((blob + "\n").encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return Sheet(blob, codes, np.flatnonzero(codes == 10), addressees)


def _flat(texts: Sequence[str]) -> list[str]:
    return [text.replace("\n", " ") if "\n" in text else text for text in texts]


def _who_is_answered(blob: str) -> dict[int, Addressee]:
    found = list(_ANSWERS.finditer(blob))
    if not found:
        return {}
    ends = np.flatnonzero(np.frombuffer((blob + "\n").encode("utf-32-le", "surrogatepass"), dtype=np.uint32) == 10)
    lines = np.searchsorted(ends, [one.start() for one in found])
    return {
        int(line): Addressee.OFFICIAL if _OFFICIAL.search(one.group(1)) else Addressee.CITIZEN
        for line, one in zip(lines, found, strict=True)
    }
