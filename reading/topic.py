"""What is a text about? Two levels: a linear model names the topic, names and keywords the part of it."""

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

import numpy as np

from matrix.appeal import Words
from matrix.topic import OTHER, TopicJudgement, TopicShare
from reading import heads, topic_names
from reading.appeal_text import Sheet, lay_out
from reading.topic_names import Hit, Names, parts_of

WEIGHTS = Path(__file__).with_name("topic_model.npz")

_BATCH = 2000
_POST_READ = 400
"""What is read of a post, in characters: title and beginning say what it is about."""
_PER_POINT, _MOST_POINTS = 0.5, 8
"""What a keyword adds to the log-odds of its topic for every letter after the first, and how many letters count at most."""
_UNLEARNT, _PER_POINT_UNLEARNT = -2.5, 0.9
"""A topic that the model never learnt starts so far behind the best one, and lives by its keywords alone."""
_NEVER = -20.0
_CALM = 0.8
"""Keywords make sure of what the letters already say; so much of the log-odds is meant. Fitted on letters kept out."""
_DOUBTFUL = 0.5
"""Words less sure than that, or about nothing, are half of what the post above them is about."""
_MOST_WORDS = 5


@cache
def model(path: Path = WEIGHTS) -> heads.Head:
    """The weights that lie beside this file."""
    return heads.load(path)


def _sources() -> list[Path]:
    here = Path(__file__).parent
    shared = [here / name for name in ("heads.py", "appeal_text.py", "appeal_model.py")]
    return [*here.glob("topic*.py"), *shared, topic_names.FILE]


VERSION = heads.version("主题判读", model(), _sources())
"""Changes with the weights, the rules and the topics of the file: what another version has read must be read again."""


def judge(words: Sequence[Words], *, tells_words: bool = True) -> list[TopicJudgement]:
    """One judgement for each of the words, in their order; what else stands in the batch changes nothing.

    The shares of all topics sum to 1; `first` and `second` are the two largest. Any text is read, also an empty or a broken one.
    Raises ValueError with a Chinese sentence when topics.toml cannot be read. Without `tells_words` the words by which a topic
    was recognised are left out, which takes half the time.
    """
    return judge_by(words, model(), topic_names.shipped(), tells_words=tells_words)


judge_bare = partial(judge, tells_words=False)
"""For whoever keeps no words."""


def judge_by(words: Sequence[Words], head: heads.Head, names: Names, *, tells_words: bool = True) -> list[TopicJudgement]:
    """As `judge`, by other weights and other topics."""
    judged: list[TopicJudgement] = []
    for begin in range(0, len(words), _BATCH):
        judged += _judge(words[begin : begin + _BATCH], head, names, tells_words)
    return judged


def shares(texts: Sequence[str], head: heads.Head, names: Names) -> np.ndarray:
    """The share of every topic (columns in the order of the file) in each text, read without any context."""
    parts = [_read(texts[begin : begin + _BATCH], head, names)[0] for begin in range(0, len(texts), _BATCH)]
    return np.concatenate(parts) if parts else np.zeros((0, len(names.topics)))


def _read(texts: Sequence[str], head: heads.Head, names: Names) -> tuple[np.ndarray, dict[int, list[Hit]], Sheet]:
    sheet = lay_out(texts)
    counts = heads.counted(sheet, head.longest)
    scored = heads.scores(heads.cells(counts, len(texts), head), head) * head.cooling
    hits = names.found(sheet, counts[0], counts[1])
    points = np.zeros((len(texts), len(names.topics)))
    for line, some in hits.items():
        for hit in some:
            for topic in {home for home, _ in hit.named.homes}:
                points[line, topic] += hit.points
    points = np.minimum(points, _MOST_POINTS)
    odds = np.full(points.shape, -np.inf)
    for column, answer in enumerate(head.answers):
        number = names.number(answer)
        if number >= 0:
            odds[:, number] = np.maximum(odds[:, number], scored[:, column])
    learnt = np.isfinite(odds[:1]).any(axis=0)
    best = odds.max(axis=1, keepdims=True) if learnt.any() else np.zeros((len(texts), 1))
    named = np.where(points > 0, _UNLEARNT + _PER_POINT_UNLEARNT * points, _NEVER)
    return heads.shares(np.where(learnt, odds + _PER_POINT * points, best + named), _CALM), hits, sheet


def _judge(words: Sequence[Words], head: heads.Head, names: Names, tells_words: bool) -> list[TopicJudgement]:
    own, hits, sheet = _read([one.text for one in words], head, names)
    mixed, above = _with_posts(words, own, head, names)
    order = np.argsort(-mixed, axis=1, kind="stable")[:, :2]
    column = {names.number(answer): place for place, answer in enumerate(head.answers)}
    answers = np.array([column.get(number, 0) for number in order[:, 0].tolist()], dtype=np.int64)
    told = heads.spoken(sheet, head, answers) if tells_words else []
    rounded = np.round(mixed, 4)
    judged = []
    for line, (first, second) in enumerate(order.tolist()):
        some = hits.get(line, [])
        pieces = told[line] if told and first in column else ()
        judged.append(
            TopicJudgement(
                TopicShare(names.topics[first].name, float(rounded[line, first]), _part(first, some, above.get(line, []))),
                TopicShare(names.topics[second].name, float(rounded[line, second]), _part(second, some, [])),
                _words(first, some, pieces) if tells_words else (),
            )
        )
    return judged


def _with_posts(
    words: Sequence[Words], own: np.ndarray, head: heads.Head, names: Names
) -> tuple[np.ndarray, dict[int, list[Hit]]]:
    """The shares with those of the post above where the words alone are doubtful, and the keywords of that post."""
    nothing = names.number(OTHER)
    doubtful = (own.max(axis=1, initial=0) < _DOUBTFUL) | (own.argmax(axis=1) == nothing)
    lines = [line for line in np.flatnonzero(doubtful).tolist() if words[line].post]
    if not lines:
        return own, {}
    posts = list(dict.fromkeys(words[line].post for line in lines))
    number = {post: place for place, post in enumerate(posts)}
    read, hits, _ = _read([post[:_POST_READ] for post in posts], head, names)
    mixed, above = own.copy(), {}
    for line in lines:
        place = number[words[line].post]
        mixed[line] = (own[line] + read[place]) / 2
        above[line] = hits.get(place, [])
    return mixed, above


def _part(topic: int, own: Sequence[Hit], above: Sequence[Hit]) -> str:
    """The part with the most points, by the words themselves or else by the post; of equal ones the first found."""
    for hits in (own, above):
        points = parts_of(hits, topic)
        if points:
            return max(points, key=lambda part: points[part])
    return ""


def _words(topic: int, hits: Sequence[Hit], pieces: Sequence[str]) -> tuple[str, ...]:
    named = [hit.named.letters for hit in hits if any(home == topic for home, _ in hit.named.homes)]
    pieces = [piece for piece in pieces if not any(piece in word for word in named)]
    return (*named, *pieces)[:_MOST_WORDS]
