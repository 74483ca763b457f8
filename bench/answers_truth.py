"""What the make-believe city knows about who answered whom, as facts against which the product's matching is held."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from simulator.city import City
from simulator.events import SimComment, SimPost
from simulator.ideal import comment_key
from simulator.mids import day_of
from simulator.rhythm import in_office_hours
from simulator.seeing import root_of, shown_until
from simulator.turns import ANSWER, AUTOMATIC, GENERAL, RECEIPT

FOREVER = float("inf")
SAME_TEXT_A_DAY = 5
"""Said more often than this, words are automatic; written here again so that the product's own number is checked too."""
CHILDREN = 200
FACE = re.compile(r"\[[^\[\]]{1,8}\]")


@dataclass(frozen=True, slots=True)
class Stage:
    """One wording of a reply: from `at` until `until` (Unix seconds) it stood there; `nature` is one of the simulator's."""

    at: int
    until: float
    text: str
    nature: str


@dataclass(slots=True)
class Reply:
    """An official word of the truth. `matter` is the appeal that it was meant for, `deeper` are appeals above that one."""

    key: str
    author: str
    said: SimComment
    stages: list[Stage]
    matter: SimComment | None
    deeper: list[SimComment] = field(default_factory=list)
    robotic: set[str] = field(default_factory=set)
    """Its wordings that are automatic by the definition: said more than SAME_TEXT_A_DAY times within their Beijing day."""

    def shown(self, at: float) -> Stage | None:
        """The wording that the platform shows at a moment, also behind the last reply that an interface names."""
        if at >= shown_until(self.said):
            return None
        return next((stage for stage in self.stages if stage.at <= at < stage.until), None)


@dataclass(slots=True)
class Thread:
    """One post with the appeals and official words below it, in order of time."""

    post: SimPost
    appeals: list[SimComment]
    replies: list[Reply]
    generals: list[SimComment]
    foreign: set[str]
    """Keys of sub-threads in which an office of another unit speaks."""


def threads_of(city: City, end: float) -> list[Thread]:
    """Every thread of every account that can be collected, as far as it had gone at `end`."""
    offices = {account.ext_id for account in city.accounts}
    made = [
        _thread(post, offices, end)
        for account in city.accounts
        if account.route not in ("feed", "none")
        for post in city.posts(account, 0, end)
    ]
    replies = [reply for thread in made for reply in thread.replies]
    said = Counter(mark for reply in replies for mark in marks_of(reply).values())
    for reply in replies:
        reply.robotic = {text for text, mark in marks_of(reply).items() if said[mark] > SAME_TEXT_A_DAY}
    return made


def marks_of(reply: Reply) -> dict[str, tuple[str, int, str]]:
    """By wording what makes words the same: who says them, on which Beijing day, and how, whoever is addressed."""
    day = day_of(reply.stages[0].at)
    return {stage.text: (reply.author, day, spoken(stage.text)) for stage in reply.stages}


def spoken(text: str) -> str:
    """The words of a reply without whom it answers, faces and punctuation."""
    body = text.partition(":")[2] if text.startswith("回复@") else text
    return "".join(letter for letter in FACE.sub("", body) if letter.isalnum())


def _thread(post: SimPost, offices: set[str], end: float) -> Thread:
    thread = Thread(post, [], [], [], set())
    for said in post.comments:
        if said.at > end:
            break
        if said.asks:
            thread.appeals.append(said)
        if said.official and said.nature == GENERAL:
            thread.generals.append(said)
        elif said.official:
            thread.replies.append(_reply(said, end))
        elif said.author_id in offices:
            thread.foreign.add(root_of(said).key)
        if said.reply_at is not None and said.reply_at <= end:
            thread.replies.append(_on_wechat(said, end))
    return thread


def _reply(said: SimComment, end: float) -> Reply:
    edits = [edit for edit in said.edits if edit[0] <= end]
    ends = [*(edit[0] for edit in edits), FOREVER]
    told = [(said.at, said.text, said.nature), *edits]
    stages = [Stage(at, until, plain(text), nature) for (at, text, nature), until in zip(told, ends, strict=True)]
    deeper = [one for one in _above(said.answers) if one.asks and one is not said.answers]
    return Reply(said.key, said.author_id, said, stages, said.answers, deeper)


def _on_wechat(said: SimComment, end: float) -> Reply:
    told = [(said.reply_at or 0, said.reply_text, said.reply_nature), *(edit for edit in said.edits if edit[0] <= end)]
    ends = [*(one[0] for one in told[1:]), FOREVER]
    stages = [Stage(at, until, plain(text), nature) for (at, text, nature), until in zip(told, ends, strict=True) if text]
    return Reply(f"{comment_key(said)}:reply", said.post.account.ext_id, said, stages, said if said.asks else None)


def _above(said: SimComment | None) -> Iterator[SimComment]:
    while said is not None:
        yield said
        said = said.parent


def is_cut_off(reply: Reply, at: float) -> bool:
    """Whether so many earlier words stand in its sub-thread that no interface shows it at that moment."""
    said = reply.said
    if said.parent is None:
        return False
    root = root_of(said)
    earlier = (one for one in said.post.comments if one.parent is not None and one.at < said.at and root_of(one) is root)
    return sum(at <= shown_until(one) for one in earlier) >= CHILDREN


def shapes_of(thread: Thread, head: SimComment, replies: list[Reply], texts: Mapping[str, set[str]]) -> list[str]:
    """What is hard about a matter, in words; every matter has its route among them. `texts` are the wordings that are held."""
    account = thread.post.account
    found = [{"weibo_free": "免费接口", "weibo_commercial": "商业接口"}.get(account.route, "公众号")]
    human = [reply for reply in replies if not reply.robotic]
    natures = [stage.nature for reply in human for stage in reply.stages]
    told = {
        "楼中楼": any(reply.said.parent not in (None, head) for reply in human if ":reply" not in reply.key),
        "诉求在楼中": head.parent is not None,
        "同单位账号": any(reply.author != account.ext_id for reply in human),
        "先收悉后答复": len(human) > 1 and natures[0] == RECEIPT and ANSWER in natures,
        "改过": any(len(reply.stages) > 1 for reply in human),
        "改成实质且两版都采到": any(is_turned(reply, texts.get(reply.key, set())) for reply in human),
        "后来删除": any(is_taken_down(reply) for reply in human),
        "自动回复": any(reply.robotic or reply.stages[0].nature == AUTOMATIC for reply in replies),
        "夜间和假日": any(in_office_hours(Random(0), reply.stages[0].at) != reply.stages[0].at for reply in human),
        "追问": any(one.presses is head for one in thread.appeals),
        "重提": head.reopens is not None,
        "答楼中他人": any(reply.matter is not head for reply in human),
        "他单位插话": root_of(head).key in thread.foreign,
        "他处回应": any(said.at > head.at for said in thread.generals),
        "楼中超过上限": any(is_cut_off(reply, FOREVER) for reply in human),
        "楼中有他人": any(
            r.said.answers is None and root_of(r.said) is root_of(head) and r.said.official for r in thread.replies
        ),
    }
    return found + [name for name, holds in told.items() if holds] + ([] if any(told.values()) else ["直接答复或未答"])


def is_turned(reply: Reply, held: set[str]) -> bool:
    """Whether a receipt was edited into an answer and both wordings are held."""
    first, last = reply.stages[0], reply.stages[-1]
    return first.nature == RECEIPT and last.nature == ANSWER and {first.text, last.text} <= held


def is_taken_down(reply: Reply) -> bool:
    return reply.said.deleted_at is not None if reply.said.official else reply.stages[-1].until < FOREVER


def plain(text: str) -> str:
    """Without white space, invisible marks and what cannot be stored as UTF-8."""
    return "".join(c for c in text if not c.isspace() and c not in "\u200b\ufeff\ufffd" and not 0xD800 <= ord(c) < 0xE000)
