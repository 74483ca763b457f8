"""What is said under a post: citizens' comments and appeals, what they answer each other, and the office's replies."""

from dataclasses import dataclass
from random import Random

from simulator.events import SimAccount, SimComment, SimPost
from simulator.incident import Incident
from simulator.mids import LONGEST_LIFE_DAYS, Mint
from simulator.people import Citizens, openid
from simulator.rhythm import in_office_hours, when_awake
from simulator.texts import TOPICS, comment_text, incident_comment, reply_text

_MOST = 400
_INCIDENT_TOPIC = "突发事件"
_ASKING = ("？", "?", "吗", "怎么办", "谁管", "多久", "几点", "哪里", "求助")


@dataclass(frozen=True, slots=True)
class Talk:
    """What all threads of one day share."""

    citizens: Citizens
    rates: dict[str, float]
    mint: Mint
    sister: str = ""  # the name of the account that citizens call in by @ under this one's posts


def comment_on(rng: Random, post: SimPost, talk: Talk, incident: Incident | None, weight: float) -> None:
    """Fill `post.comments`, in order of time."""
    if post.account.route in ("feed", "none"):
        return
    mean = post.account.popularity / (1 + (post.idx - 1) * 2)
    many = min(_MOST, int(rng.lognormvariate(0.0, 1.1) * mean / 1.83 + rng.random()))
    last = post.at + (LONGEST_LIFE_DAYS - 1) * 86_400
    thread: list[SimComment] = []
    for _ in range(many):
        at = when_awake(rng, post.at + 25 + int(rng.lognormvariate(8.6, 1.5)))
        asks = rng.random() < 0.24
        topic = rng.choice(TOPICS)
        _root(rng, post, talk, at, comment_text(rng, topic, asks, post.account.name), topic, asks, thread)
    for at in incident.burst(rng, post, weight) if incident else ():
        said = incident_comment(rng)
        _root(rng, post, talk, at, said, _INCIDENT_TOPIC, any(word in said for word in _ASKING), thread)
    thread = sorted((c for c in thread if c.at <= last), key=lambda c: c.at)
    kept: set[int] = set()
    for place, comment in enumerate(thread):
        if comment.parent is None or id(comment.parent) in kept:
            kept.add(id(comment))
            number(post, comment, talk, place + 1)
    post.comments = sorted((c for c in thread if id(c) in kept), key=lambda c: (c.at, c.number))


def number(post: SimPost, comment: SimComment, talk: Talk, place: int) -> None:
    """Give a comment its id: on Weibo from its moment, on WeChat its place below the article."""
    if post.account.platform == "weibo":
        comment.number, comment.at = talk.mint.mint(comment.at)
    else:
        comment.number = place
    comment.key = str(comment.number)


def _root(rng: Random, post: SimPost, talk: Talk, at: int, text: str, topic: str, asks: bool, thread: list[SimComment]) -> None:
    root = _by_citizen(rng, post, talk, at, text, None)
    root.topic, root.asks = topic, asks
    thread.append(root)
    if asks and rng.random() < 0.5:
        _official(rng, post, talk, root, thread)
    if post.account.platform != "weibo" or rng.random() >= 0.16:
        return
    above = root
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
        later = when_awake(rng, above.at + 40 + int(rng.lognormvariate(7.6, 1.3)))
        answered = _by_citizen(rng, post, talk, later, comment_text(rng, topic, False), above)
        thread.append(answered)
        above = answered if rng.random() < 0.6 else root


def _official(rng: Random, post: SimPost, talk: Talk, root: SimComment, thread: list[SimComment]) -> None:
    """A receipt or an answer, mostly in office hours; a receipt is followed by an answer more often than not."""
    at = root.at + 90 + int(rng.lognormvariate(9.6, 1.3))
    if rng.random() < 0.88:
        at = in_office_hours(rng, at)
    kind = "receipt" if rng.random() < 0.35 else "substantive"
    topic = root.topic if root.topic in TOPICS else rng.choice(TOPICS)
    text = reply_text(rng, topic, kind, at)
    if post.account.platform == "wechat":
        if at < post.at + LONGEST_LIFE_DAYS * 86_400:
            root.reply_text, root.reply_at, root.reply_nature = text, at, kind
        return
    reply = by_office(post.account, at, text, root, root, kind)
    thread.append(reply)
    if kind == "receipt" and rng.random() < 0.6:
        more = in_office_hours(rng, at + 1800 + int(rng.lognormvariate(10.4, 0.9)))
        words = reply_text(rng, topic, "substantive", more)
        thread.append(by_office(post.account, more, words, root, root, "substantive"))
    if rng.random() < 0.3:
        back = when_awake(rng, at + 60 + int(rng.lognormvariate(7.8, 1.2)))
        thread.append(_by_citizen(rng, post, talk, back, comment_text(rng, topic, False), reply))


def by_office(
    who: SimAccount, at: int, text: str, parent: SimComment, answers: SimComment | None, nature: str, official: bool = True
) -> SimComment:
    """An office's word below somebody's comment; `answers` is the appeal that is meant."""
    said = f"回复@{parent.author_name}:{text}"
    made = SimComment("", 0, parent.post, at, said, who.ext_id, who.name, parent, official=official, region="云江")
    made.topic, made.answers, made.nature = parent.topic, answers, nature
    return made


def _by_citizen(rng: Random, post: SimPost, talk: Talk, at: int, text: str, parent: SimComment | None) -> SimComment:
    who = talk.citizens.pick(rng)
    ends = [rng.random(), rng.random()]
    delay = 120 + int(rng.lognormvariate(8.8, 1.2))
    if talk.sister and rng.random() < 0.02:
        text = f"{text} @{talk.sister}"
    if parent is not None:
        text = f"回复@{parent.author_name}:{text}"
    uid = who.uid if post.account.platform == "weibo" else openid(post.account, who)
    likes = int(rng.lognormvariate(0.0, 1.3))
    said = SimComment("", 0, post, at, text, uid, who.name, parent, app_user=who.app_user, likes=likes, region=who.region)
    if ends[0] < talk.rates["deleted_comments"]:
        said.deleted_at = at + delay
    elif ends[1] < talk.rates["filtered_comments"]:
        said.filtered_at = at + delay // 8
    if ends[1] > 1 - talk.rates["lone_surrogates"]:
        said.text += "🙏\ud83d"
    return said
