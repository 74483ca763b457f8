"""What becomes of appeals beyond the plain answer, at rates of its own dice, and the truth about who answered whom."""

from random import Random

from simulator.events import SimComment, SimPost
from simulator.mids import LONGEST_LIFE_DAYS
from simulator.seeing import root_of
from simulator.talk import Talk, number
from simulator.texts import TOPICS, reply_text
from simulator.turns import ANSWER, AUTOMATIC, RECEIPT, Around, Turns

ANSWERING = {
    "pressed_appeals": 0.0,
    "deep_answers": 0.0,
    "sister_answers": 0.0,
    "night_answers": 0.0,
    "automatic_days": 0.0,
    "edited_replies": 0.0,
    "deleted_replies": 0.0,
    "general_words": 0.0,
    "foreign_replies": 0.0,
    "misaddressed_replies": 0.0,
    "moods": 0.0,
    "reopened_appeals": 0.0,
    "crowded_threads": 0.0,
}
"""Shares of what each one names: of appeals (those without a plain answer, where another one is found), of an account's days
(automatic), of replies (edited, deleted), of posts (general, crowded), of sub-threads (misaddressed)."""

LIVELY = {
    "pressed_appeals": 0.25,
    "deep_answers": 0.35,
    "sister_answers": 0.4,
    "night_answers": 0.12,
    "automatic_days": 0.08,
    "edited_replies": 0.06,
    "deleted_replies": 0.04,
    "general_words": 0.12,
    "foreign_replies": 0.05,
    "misaddressed_replies": 0.05,
    "moods": 0.25,
    "reopened_appeals": 0.15,
    "crowded_threads": 0.004,
}
"""A city in which everything hard about answers happens every day."""


def answer_further(post: SimPost, talk: Talk, around: Around) -> None:
    """Add to a finished thread what else offices and citizens do about its appeals; changes nothing while all rates are 0."""
    if post.account.route in ("feed", "none") or not any(talk.rates.get(name) for name in ANSWERING):
        return
    turns = Turns(Random(f"{around.seed}/answers/{post.key}"), post, talk, around)
    if post.account.platform == "wechat":
        _on_wechat(turns)
        return
    below: dict[int, list[SimComment]] = {}
    for said in post.comments:
        if said.official and said.parent is not None:
            below.setdefault(id(said.parent), []).append(said)
    for root in [said for said in post.comments if said.parent is None]:
        if root.asks:
            turns.appeal(root, below.get(id(root), []))
        else:
            turns.chat(root)
    if turns.hits("general_words"):
        turns.general()
    if turns.hits("crowded_threads") and (root := next((c for c in post.comments if c.asks and id(c) not in below), None)):
        turns.crowd(root)
    _enter(turns)
    for reply in [said for said in post.comments if said.official and said.nature in (RECEIPT, ANSWER)]:
        _edit(turns, reply)
    relate(post)


def _enter(turns: Turns) -> None:
    """Give ids to what is new, above first, and put it into the thread; what is too late for the post's life never happens."""
    post, kept = turns.post, {id(said) for said in turns.post.comments}
    last = post.at + (LONGEST_LIFE_DAYS - 1) * 86_400
    for said in sorted(turns.new, key=lambda one: one.at):
        if said.at <= last and (said.parent is None or id(said.parent) in kept):
            kept.add(id(said))
            number(post, said, turns.talk, len(post.comments) + 1)
            post.comments.append(said)
    post.comments.sort(key=lambda one: (one.at, one.number))


def _edit(turns: Turns, reply: SimComment) -> None:
    """A few replies are worded anew, a receipt often into an answer; a few are taken down."""
    rng = turns.rng
    if turns.hits("edited_replies"):
        at = reply.at + 900 + int(rng.lognormvariate(8.6, 1.1))
        if reply.nature == RECEIPT and rng.random() < 0.6:
            head = reply.text.partition(":")[0]
            topic = reply.topic if reply.topic in TOPICS else rng.choice(TOPICS)
            reply.edits.append((at, f"{head}:{reply_text(rng, topic, ANSWER, at)}", ANSWER))
        else:
            reply.edits.append((at, f"{reply.text}（个别字词已更正）", reply.nature))
    if turns.hits("deleted_replies") and not any(said.parent is reply for said in turns.post.comments):
        reply.deleted_at = reply.at + 1200 + int(rng.lognormvariate(9.3, 1.2))


def _on_wechat(turns: Turns) -> None:
    """One reply a comment at most: a robot's, one that is taken back and given anew, one that is taken back for good."""
    rng, last = turns.rng, turns.post.at + (LONGEST_LIFE_DAYS - 1) * 86_400
    for said in [one for one in turns.post.comments if one.asks]:
        if said.reply_at is None:
            if robot := turns.robot_words(said.at):
                said.reply_text, said.reply_at, said.reply_nature = robot, said.at + rng.randint(3, 40), AUTOMATIC
            continue
        at = said.reply_at + 900 + int(rng.lognormvariate(8.8, 1.1))
        if turns.hits("edited_replies") and at <= last:
            if said.reply_nature == RECEIPT and rng.random() < 0.7:
                topic = said.topic if said.topic in TOPICS else rng.choice(TOPICS)
                said.edits.append((at, reply_text(rng, topic, ANSWER, at), ANSWER))
            else:
                said.edits.append((at, f"{said.reply_text}（个别字词已更正）", said.reply_nature))
        elif turns.hits("deleted_replies") and at <= last:
            said.edits.append((at, "", ""))


def answers_since(reply: SimComment) -> int | None:
    """From when on an official comment is a substantive answer: its own moment, that of an edit, or never."""
    if reply.nature == ANSWER:
        return reply.at
    return next((at for at, _, nature in reply.edits if nature == ANSWER), None)


def relate(post: SimPost) -> None:
    """Write into a Weibo thread which appeal presses or reopens which, and let replies name the matter that they answer."""
    heads: dict[tuple[str, str], SimComment] = {}
    replies = [said for said in post.comments if said.official and said.answers is not None]
    for said in post.comments:
        if not said.asks:
            continue
        key = (root_of(said).key, said.author_id)
        head = heads.get(key)
        if head is not None:
            since = (answers_since(reply) for reply in replies if reply.answers is head)
            if not any(at is not None and at < said.at for at in since):
                said.presses = head
                for reply in replies:
                    if reply.answers is said:
                        reply.answers = head
                continue
        said.reopens, heads[key] = head, said
