"""How well groups of messages agree with events that a person found, and near-duplicates that were planted."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from random import Random

from bench.issues_rows import IGNORED


def b_cubed(event_of: Mapping[str, str], group_of: Mapping[str, str], everybody: Sequence[str]) -> dict[str, float]:
    """Precision, recall, F (Bagga & Baldwin 1998) over the labelled messages, and the part of events that were recovered.

    Every message that is in a group with a labelled one but not of its event counts against precision, labelled or not; IGNORE
    ones count nowhere. Recovered: one group has 80 % of an event, and the event is 80 % of that group.
    """
    gold = {key: event for key, event in event_of.items() if event != IGNORED}
    members: dict[str, list[str]] = defaultdict(list)
    for key in everybody:
        if event_of.get(key) != IGNORED:
            members[group_of.get(key, key)].append(key)
    events: dict[str, list[str]] = defaultdict(list)
    for key, event in gold.items():
        events[event].append(key)
    precision = recall = 0.0
    for key, event in gold.items():
        group = members[group_of.get(key, key)]
        same = sum(gold.get(other) == event for other in group)
        precision += same / len(group) / len(gold)
        recall += same / len(events[event]) / len(gold)
    recovered = 0
    for keys in events.values():
        group, shared = Counter(group_of.get(key, key) for key in keys).most_common(1)[0]
        recovered += shared >= 0.8 * len(keys) and shared >= 0.8 * len(members[group])
    return {
        "precision": precision,
        "recall": recall,
        "f": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        "recovered": recovered / max(1, len(events)),
    }


def planted(texts: Sequence[str], many: int, rng: Random) -> list[tuple[int, str]]:
    """(place of the original, changed text): each with one small change as people make them when they copy.

    Only texts of at least 12 signs without emoticon, link or @name, where a changed sign is a changed letter.
    """
    fit = [place for place, text in enumerate(texts) if len(text) >= 12 and not _MARKUP.search(text)]
    found = []
    for place in rng.sample(fit, min(many, len(fit))):
        found.append((place, rng.choice(_CHANGES)(texts[place], rng)))
    return found


_MARKUP = re.compile(r"[\[\]@#]|http")


def _dropped(text: str, rng: Random) -> str:
    at = rng.randrange(len(text))
    return text[:at] + text[at + 1 :]


def _swapped(text: str, rng: Random) -> str:
    at = rng.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _added(text: str, rng: Random) -> str:
    return text + rng.choice(("！！", "[怒]", "……", "。", "@好友 ", "转"))


def _opened(text: str, rng: Random) -> str:
    return rng.choice(("转：", "求扩散 ", "【转】", "同问，")) + text


def _replaced(text: str, rng: Random) -> str:
    at = rng.randrange(len(text))
    return text[:at] + rng.choice("的了是在个") + text[at + 1 :]


_CHANGES = (_dropped, _swapped, _added, _opened, _replaced)
