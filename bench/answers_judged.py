"""Holds the response facts of a database against the make-believe city's truth: right reply and right time, by shape."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.answers_held import Held, Matter, Row, matters_of, note_thin, stops
from bench.answers_truth import Reply, Thread, is_cut_off, shapes_of
from matrix.response import WHOLE
from simulator.ideal import comment_key
from simulator.seeing import gone_at, root_of
from simulator.turns import ANSWER

CLOCKS = {"first": "首次响应", "answer": "实质答复"}


@dataclass
class Judged:
    """What the comparison found: counters by clock, by (shape, clock, verdict) or by (what, is right); examples in words."""

    matters: int = 0
    matched: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    shapes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    asides: Counter[tuple[str, bool]] = field(default_factory=Counter)
    by_depth: int = 0
    """First replies that count by depth only: the office meant the appeal of a neighbour further down."""
    thin: int = 0
    """Left out: too few of a robot's words are held to tell it by the definition, or of an edit only the later wording."""
    loose: int = 0
    """Appeals below no post of ours: whether they were answered cannot be seen."""
    unknown: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    robot_stops: list[str] = field(default_factory=list)
    wrongly_unknown: list[str] = field(default_factory=list)

    def __add__(self, other: "Judged") -> "Judged":
        return Judged(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    def precision(self, clock: str) -> float:
        return self.right[clock] / max(1, self.matched[clock])

    def recall(self, clock: str) -> float:
        return self.right[clock] / max(1, self.wanted[clock])


def judge(threads: Sequence[Thread], held: Held, seen: set[str]) -> Judged:
    """Every appeal that is held; `seen` are the keys of words that an ideal client could have seen."""
    found = Judged()
    note_thin(held, threads)
    for thread in threads:
        matters = matters_of(thread, held)
        for matter in matters:
            if matter.is_unclear or any(reply.key in held.thin for reply in matter.replies):
                found.thin += 1
            else:
                _matter(found, thread, matter, held, seen)
        _links(found, thread, matters, held)
        for key in held.loose & {comment_key(said) for said in thread.appeals}:
            found.loose += 1
            if (row := held.facts.get(key)) is not None and row["first"] is None and row["known_until"] is not None:
                found.wrong.append(f"{thread.post.account.name} {key} 没有帖文，不能断定未答")
    return found


def _matter(found: Judged, thread: Thread, matter: Matter, held: Held, seen: set[str]) -> None:
    key, name = comment_key(matter.head), thread.post.account.name
    row = held.facts.get(key, {})
    shapes = shapes_of(thread, matter.head, matter.replies, held.texts)
    found.matters += 1
    for clock, words in CLOCKS.items():
        truth = stops(matter, held, clock)
        said, at = row.get(clock), row.get(f"{clock}_at")
        is_right = bool(truth) and said == truth[0][2].key and at is not None and truth[0][0] <= at <= truth[0][1]
        is_right = is_right and not any(is_earlier(reply, at or 0, clock, held, seen) for reply in matter.replies)
        found.matched[words] += said is not None
        found.wanted[words] += bool(truth)
        found.right[words] += is_right
        verdict = "对" if is_right else "错" if said is not None else "漏" if truth else "未答"
        found.shapes.update((shape, words, verdict) for shape in shapes)
        if verdict in "错漏":
            wanted = f"{truth[0][2].key}@{truth[0][0]}" if truth else "无"
            found.wrong.append(f"{words}{verdict} {name} {key} 得到 {said}@{at} 应为 {wanted} {'、'.join(shapes)}")
        if clock == "first" and is_right:
            found.by_depth += id(truth[0][2].matter) not in {id(one.presses or one) for one in matter.members}
    robots = {reply.key for reply in matter.replies if all(stage.text in reply.robotic for stage in reply.stages)}
    found.robot_stops += [f"{name} {key} {row[clock]}" for clock in CLOCKS if row.get(clock) in robots]
    _sight(found, thread, row, key)
    _asides(found, thread, matter, held, row)


def is_earlier(reply: Reply, at: int, clock: str, held: Held, seen: set[str]) -> bool:
    """Whether the truth has an answer before this moment that an ideal client would have had and we have not."""
    is_such = clock == "first" or reply.stages[0].nature == ANSWER
    return reply.key not in held.texts and reply.key in seen and is_such and not reply.robotic and reply.stages[0].at < at


def _sight(found: Judged, thread: Thread, row: Row, key: str) -> None:
    """Whether what is called unknown is so for a reason."""
    if not row or row["first"] is not None or row["known_until"] is not None:
        return
    cause = row["cause"]
    found.unknown["帖文已不可见" if row["gone_kind"] else "从未看过" if cause is None else cause or "已读到末尾"] += 1
    if cause in WHOLE and not row["gone_kind"] and row["thread_at"] >= row["asked_at"]:
        found.wrongly_unknown.append(f"{thread.post.account.name} {key} {cause}")


def _aside(found: Judged, what: str, key: str, wanted: object, told: object) -> None:
    """Count something that stands beside the match, where either the truth or the product has it."""
    if wanted or told:
        found.asides[what, wanted == told] += 1
        if wanted != told:
            found.beside.append(f"{what} {key} 得到 {told} 应为 {wanted}")


def _asides(found: Judged, thread: Thread, matter: Matter, held: Held, row: Row) -> None:
    """What stands beside the match: the sister, the general word, the mood."""
    if not row:
        return
    key = comment_key(matter.head)
    answers = stops(matter, held, "answer") or stops(matter, held, "first")
    if answers and row["first"] is not None:
        _aside(found, "同单位账号", key, answers[0][2].author != thread.post.account.ext_id, bool(row["is_sister"]))
        later = (
            said
            for said in thread.post.comments
            if said.at > answers[0][0] and said.author_id == matter.head.author_id and root_of(said) is root_of(matter.head)
        )
        mood = next((said.mood for said in later if comment_key(said) in held.texts), "")
        _aside(found, "满意或不满", key, mood, row["mood"])
    if row["answer"] is None:
        general = next((g.key for g in thread.generals if g.at >= matter.head.at and g.key in held.texts), None)
        _aside(found, "他处回应", key, general, row["elsewhere"])


def _links(found: Judged, thread: Thread, matters: list[Matter], held: Held) -> None:
    """Who presses whom and which matter takes up which; a fact about an appeal that only presses is a wrong match."""
    heads = {comment_key(matter.head) for matter in matters}
    for matter in matters:
        for said in matter.members:
            presses = comment_key(matter.head) if said is not matter.head else None
            reopens = comment_key(matter.reopens) if said is matter.head and matter.reopens else None
            told = held.links.get(comment_key(said), (None, None))
            _aside(found, "追问和重提", comment_key(said), paired(presses, reopens), paired(*told))
    for key in {comment_key(said) for said in thread.appeals} - heads - held.loose:
        row = held.facts.get(key, {})
        for clock, words in CLOCKS.items():
            if row.get(clock) is not None:
                found.matched[words] += 1
                found.wrong.append(f"{words}错 {thread.post.account.name} {key} 是追问，不应单独计时")


@dataclass
class Claims:
    """What is called unanswered against what the platform showed at that very moment."""

    made: int = 0
    wrong: list[str] = field(default_factory=list)
    vanished: set[str] = field(default_factory=set)
    """Answers that came and went between two looks; an ideal client might have seen them."""

    def __add__(self, other: "Claims") -> "Claims":
        return Claims(self.made + other.made, self.wrong + other.wrong, self.vanished | other.vanished)


def claims(threads: Sequence[Thread], held: Held) -> Claims:
    """Every appeal without an answer whose sub-thread is said to be known up to a moment."""
    found = Claims()
    note_thin(held, threads)
    for thread in threads:
        gone = gone_at(thread.post) or float("inf")
        for matter in matters_of(thread, held):
            row = held.facts.get(comment_key(matter.head))
            if row is None or row["answer"] is not None or row["known_until"] is None or matter.is_unclear:
                continue
            at = row["known_until"]
            found.made += 1
            for reply in matter.replies:
                if reply.robotic or reply.key in held.thin or not matter.head.at <= reply.stages[0].at <= at:
                    continue
                stage = reply.shown(at) if at < gone else None
                if stage is None:
                    found.vanished |= {reply.key} - held.texts.keys()
                elif row["first"] is None or stage.nature == ANSWER:
                    is_held = "已采到" if reply.key in held.texts else "未采到"
                    cut = "，楼中楼被截断" if is_cut_off(reply, at) else ""
                    where = f"{thread.post.account.name} {thread.post.account.route} {comment_key(matter.head)}"
                    found.wrong.append(f"{where} 称截至 {at} 未答，{reply.key}@{stage.at} {is_held}{cut} {row['cause']}")
                    break
    return found


def paired(presses: str | None, reopens: str | None) -> tuple[str | None, str | None] | None:
    """Both links of an appeal, or None when it has neither."""
    return (presses, reopens) if presses or reopens else None
