"""Quality of replies in words: what each reason means and what would be better, and figures in the one form of the console."""

from collections.abc import Mapping
from typing import Any

from matrix.percent import percent_words, whole_percent
from matrix.reply import Reason, ReplyNature
from matrix.waiting import FLOOR

SCARCE = "样本不足"
HINT = "程序提示，以人工认定为准；用于改进答复，不作为对单位和个人的考核依据，也不统计任何工作人员个人。"

MEANINGS: dict[Reason, tuple[str, str]] = {
    Reason.HANDED_OVER: ("只说已转给别的部门，没有结果", "办出结果后，请在原处再答复一次"),
    Reason.CALL: ("只请对方来电、私信或补充信息", "能公开说明的先说明，需要核实的写清缺什么"),
    Reason.ELSEWHERE: ("只请对方去别处咨询或反映", "写明去哪里、带什么、怎么联系，或代为转办"),
    Reason.RECEIVED: ("只说已收到、已登记", "写明由谁办、何时答复，办结后补上结果"),
    Reason.PROMISE: ("只有重视、研究、加强一类的表态", "写明做了什么、还要做什么"),
    Reason.COURTESY: ("只有问候、致谢或落款", "请补上对问题的答复"),
    Reason.WORDLESS: ("只有表情或图片", "请用文字答复"),
    Reason.CURT: ("用语生硬，像在推脱或责怪", "请换一种说法，先说能帮到什么"),
    Reason.ASIDE: ("与所问的没有一个词相同，也没有具体内容", "请针对所问的事情答复"),
    Reason.CITED: ("只引了文件或条款，没有说明对方的情况怎么办", "请说明该规定对这件事意味着什么"),
    Reason.LINK: ("只给了链接，没有说明内容", "请写一句链接里是什么、怎么用"),
    Reason.NO_DEED: ("要求处理的事，没有说做了什么、查明什么", "请写明查看、处理的情况"),
    Reason.NO_TIME: ("问何时，或说了要办，却没有日期或期限", "请写明日期；定不下来的，写明何时再答复"),
    Reason.COPIED: ("同一段话用在不同的发布之下", "确属同一问题的可以不改；否则请按各自的问题答复"),
}
"""What the rule saw, and what would be better; in the order of the tables."""

DEFINITIONS = {
    "官方回复": "台账账号对公众评论、@提及和私信的公开回复，按回复的日期统计；没有指名回复任何人的统一说明不在其中。",
    "程式化回复": "去掉称呼、致谢和落款之后，只告知收悉、转办、请来电或表态，没有别的内容。只停首次响应的计时。",
    "自动回复": "同一账号同一天同样的话超过5次。不停任何计时。",
    "实质答复": "其余的回复，不论长短。可能仍有不足，见“待完善的答复”。",
    "待完善的答复": "实质答复中至少有一处不足的：未答所问、只引述规定、只给链接、没有措施、没有时间、语气生硬。",
    "复制粘贴": "同一账号在时段内把同一段话(不少于10个字，不计标点、表情和称呼)用在不同的发布之下。",
    "样本不足": f"不足{FLOOR}条的，不给比例，只给条数。",
}


def rate(part: int, whole: int) -> str:
    """12%(26/214), 样本不足(7条), — where there is nothing."""
    if not whole:
        return "—"
    return percent_words(part, whole) if whole >= FLOOR else f"{SCARCE}({whole}条)"


def share(part: int, whole: int) -> float | None:
    """The same for files; None below the floor."""
    return whole_percent(part, whole) / 100 if whole >= FLOOR else None


def covered(held: float, stated: float) -> str:
    """采集完整度92%, never 100% while something is missing."""
    if not stated or stated != stated or held != held:
        return "采集完整度：平台未提供总数"
    return f"采集完整度{whole_percent(min(int(held), int(stated)), int(stated))}%"


def finding(row: Mapping[str, Any]) -> str:
    """The nature of one reply and why, as a sentence."""
    reasons = [Reason(word) for word in str(row["reasons"]).split("、") if word]
    if row["nature"] == ReplyNature.AUTOMATIC:
        return "自动回复：同一天同样的话超过5次"
    if not reasons:
        return f"{row['nature']}" + ("：人工认定" if row["is_corrected"] else "")
    told = "；".join(f"{reason}({MEANINGS[reason][0]})" for reason in reasons)
    return f"{row['nature']}：{told}"
