"""Which words are the official answer: matches the replies of a unit with the appeals of one thread."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from matrix.reply import ReplyNature

SAME_TEXT_A_DAY = 5
"""The same wording by one account more often than this within a Beijing day is an automatic reply."""

WHOLE = ("", "filtered", "app_users_only")
"""Ends of a look at a thread after which an official reply would be held: it was read to its end. What the platform filters
are citizens' comments, and the free interface always shows what the account itself wrote."""

MOST_CHILDREN = 200
"""As many replies below one comment as an interface shows at most; a sub-thread that holds fewer was not cut."""

ANSWERED_BY_NAME = re.compile(r"^\s*回复\s*@(?P<name>[^\s:：]{1,40})\s*[:：]")


@dataclass(frozen=True, slots=True)
class Utterance:
    """One comment of a thread. `at` is Unix seconds; `account_id` the ledger's account that wrote it, None for everybody else;
    `nature` is set on words of ledger accounts only; `author` is empty where the writer is not known."""

    id: int
    ext: str
    parent: str | None
    root: str | None
    at: int
    author: str
    name: str
    text: str
    account_id: int | None = None
    is_appeal: bool = False
    nature: ReplyNature | None = None
    since: int | None = None
    """From when edited words were a substantive answer, where they were none from the start."""

    @property
    def answered_at(self) -> int:
        return self.at if self.since is None else max(self.at, self.since)


@dataclass(slots=True)
class Matter:
    """One appeal with all that belongs to it. `pressed` are later appeals of the same citizen in the same sub-thread before a
    substantive answer; `reopens` is the answered matter that the citizen takes up again."""

    appeal: Utterance
    root: str
    pressed: list[Utterance] = field(default_factory=list)
    reopens: int | None = None
    first: Utterance | None = None
    answer: Utterance | None = None
    elsewhere: Utterance | None = None
    followup: Utterance | None = None
    below: int = 0
    """How many comments of the sub-thread are held below its root."""


def match(thread: Sequence[Utterance], is_own: Callable[[int, int], bool]) -> list[Matter]:
    """The matters of one thread with their answers; the order of the rows is of no importance.

    `is_own(account_id, at)` says whether that account spoke for the thread's unit at that moment. An answer to an appeal is
    the first word of such an account that stands below the appeal (or below the citizen's own pressing): directly or deeper in
    its sub-thread. Words at the top of the thread answer nobody by name: they are `elsewhere`. Automatic replies stop nothing.
    """
    ordered = sorted(thread, key=lambda said: (said.at, len(said.ext), said.ext))
    tree = Tree(ordered)
    official = [said for said in ordered if said.account_id is not None and is_own(said.account_id, said.at)]
    answers: dict[str, list[Utterance]] = {}
    general = []
    for said in official:
        if said.nature is ReplyNature.AUTOMATIC:
            continue
        above = list(tree.above(said))
        if not above and said.parent is None and said.root is None:
            general.append(said)
        for one in above:
            answers.setdefault(one.ext, []).append(said)
    matters = group(ordered, tree, answers)
    for matter in matters:
        conclude(matter, tree, general, answers)
    return matters


class Tree:
    """Who answers whom in a thread."""

    def __init__(self, ordered: Sequence[Utterance]) -> None:
        self.by_ext = {said.ext: said for said in ordered}
        self._spoken: dict[tuple[str, str], list[Utterance]] = {}
        self._tops: dict[str, str] = {}
        for said in ordered:
            self._spoken.setdefault((self.top(said), said.name), []).append(said)
        self._parents = {said.ext: self._parent(said) for said in ordered}
        self.sizes: dict[str, int] = {}
        self._written: dict[tuple[str, str], list[Utterance]] = {}
        for said in ordered:
            top = self.top(said)
            self.sizes[top] = self.sizes.get(top, 0) + (said.ext != top)
            self._written.setdefault((top, said.author), []).append(said)

    def top(self, said: Utterance) -> str:
        """The id of the comment at the top of the sub-thread; it need not be held."""
        found = self._tops.get(said.ext)
        if found is None:
            seen, at = {said.ext}, said
            while at.root is None and at.parent is not None and at.parent in self.by_ext and at.parent not in seen:
                seen.add(at.parent)
                at = self.by_ext[at.parent]
            found = self._tops[said.ext] = at.root or (at.parent if at.parent not in (None, *seen) else at.ext) or at.ext
        return found

    def _parent(self, said: Utterance) -> str | None:
        """The comment that is answered. Interfaces that name only the top leave it to the text to say whom it answers."""
        top = self.top(said)
        if said.ext == top:
            return None
        named = said.parent if said.parent in self.by_ext and said.parent != said.ext else None
        if named is not None and named != top:
            return named
        found = ANSWERED_BY_NAME.match(said.text)
        if found:
            if named is not None and self.by_ext[named].name == found["name"]:
                return named
            earlier = [one for one in self._spoken.get((top, found["name"]), ()) if before(one, said)]
            if earlier:
                return earlier[-1].ext
        return named or (top if top in self.by_ext else None)

    def above(self, said: Utterance) -> Iterator[Utterance]:
        """What an utterance answers, what that answers, and so on; a circle ends where it closes."""
        seen, at = {said.ext}, self._parents.get(said.ext)
        while at is not None and at not in seen:
            seen.add(at)
            yield self.by_ext[at]
            at = self._parents.get(at)

    def next_word(self, author: str, top: str, after: Utterance) -> Utterance | None:
        """What the same writer says next in the sub-thread, once the words after which it comes stood as they count."""
        later = (said for said in self._written.get((top, author), ()) if before(after, said))
        return next((said for said in later if said.at >= after.answered_at), None)


def before(one: Utterance, other: Utterance) -> bool:
    """Whether one was said before the other; what bears the same minute is ordered by its id."""
    return (one.at, len(one.ext), one.ext) < (other.at, len(other.ext), other.ext)


def group(ordered: Sequence[Utterance], tree: Tree, answers: dict[str, list[Utterance]]) -> list[Matter]:
    """Appeals as matters: whoever asks again before an answer presses, whoever asks again after it opens a new matter."""
    matters: list[Matter] = []
    latest: dict[tuple[str, str], Matter] = {}
    for said in ordered:
        if not said.is_appeal:
            continue
        top = tree.top(said)
        held = latest.get((top, said.author)) if said.author else None
        if held is not None and not is_answered(held, said, answers):
            held.pressed.append(said)
            continue
        matter = Matter(said, top, reopens=held.appeal.id if held else None)
        matters.append(matter)
        latest[(top, said.author)] = matter
    return matters


def is_answered(matter: Matter, by: Utterance, answers: dict[str, list[Utterance]]) -> bool:
    """Whether a substantive answer to the matter had come when this was said."""
    return any(
        is_answer(reply, matter) and before(reply, by) and reply.answered_at <= by.at
        for one in (matter.appeal, *matter.pressed)
        for reply in answers.get(one.ext, ())
    )


def is_answer(reply: Utterance, matter: Matter) -> bool:
    return reply.nature is ReplyNature.SUBSTANTIVE and reply.at >= matter.appeal.at


def conclude(matter: Matter, tree: Tree, general: Sequence[Utterance], answers: dict[str, list[Utterance]]) -> None:
    """Fill in the answers of a matter and what the citizen said to them."""
    asked = matter.appeal.at
    found = {
        reply.ext: reply for one in (matter.appeal, *matter.pressed) for reply in answers.get(one.ext, ()) if reply.at >= asked
    }
    replies = sorted(found.values(), key=lambda said: (said.at, len(said.ext), said.ext))
    matter.first = next(iter(replies), None)
    substantive = [reply for reply in replies if is_answer(reply, matter)]
    matter.answer = min(substantive, key=lambda said: (said.answered_at, said.at, len(said.ext), said.ext), default=None)
    matter.below = tree.sizes.get(matter.root, 0)
    if matter.answer is None:
        matter.elsewhere = next((said for said in general if said.at >= asked), None)
    last = matter.answer or matter.first
    if last is not None and matter.appeal.author:
        matter.followup = tree.next_word(matter.appeal.author, matter.root, last)


def known_until(matter: Matter, cause: str | None, looked_at: int | None, whole_at: int | None) -> int | None:
    """Up to when an answer to the matter would be held (Unix seconds); None when that part of the thread is not held.

    `cause` and `looked_at` are of the thread's last look, `whole_at` of the last one that read it to its end.
    """
    is_uncut = cause == "nested" and matter.below < MOST_CHILDREN
    until = max((at for at in (whole_at, looked_at if is_uncut else None) if at is not None), default=None)
    return until if until is not None and until >= matter.appeal.at else None
