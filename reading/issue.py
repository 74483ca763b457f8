"""Which matters do many citizens speak of? Groups what was said, keeps the ids of issues, ranks them by distinct citizens."""

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from matrix.issue import Grouping, Issue, Told
from reading.issue_near import is_near_duplicate, near_duplicates
from reading.issue_rows import Rows, keys, rows, shipped
from reading.issue_stream import grow, merge

__all__ = ["VERSION", "group", "is_near_duplicate", "near_duplicates"]

READ = 200
"""What is read of a text beside its title, in characters: the matter stands at the beginning."""
LEAST = 3
"""Words of fewer telling pairs of letters are put into no issue: they would be like anything."""
_SHORT, _LONG = 6, 60
"""A wording that can stand for an issue has so many letters."""


def _version() -> str:
    mark = shipped().mark
    here = Path(__file__).parent
    for source in sorted([*here.glob("issue*.py"), here / "appeal_text.py", here / "appeal_model.py", here / "heads.py"]):
        mark = zlib.crc32(source.read_bytes().replace(b"\r", b""), mark)
    return f"热点归并-{mark:08x}"


VERSION = _version()
"""Changes with the rules: from another version on, ids of held issues stay, but other words may join them."""


def group(told: Sequence[Told]) -> Grouping:
    """Issues among what was said in a window; the order in which it is handed in changes nothing.

    What carries the key of an issue stays in it, the rest joins the most like one or opens a new one, in order of time; issues
    that have become alike are joined, and the older key stays. Hand in what is worth grouping: appeals, complaints, leads, not
    every "加油". The same words of many citizens are one issue, of one citizen one voice. Keys must be unique (ValueError).
    """
    ordered = sorted(told, key=lambda one: (one.at, one.key))
    if len({one.key for one in ordered}) != len(ordered):
        raise ValueError("分组时同一条留言出现了两次，请先去掉重复的编号。")
    texts = [_matter(one) for one in ordered]
    copies = _copies(texts)
    held = rows([texts[places[0]] for places in copies], shipped(), is_matter=True)
    names: dict[str, int] = {}
    for one in ordered:
        if one.issue:
            names.setdefault(one.issue, len(names))
    known = [next((names[ordered[place].issue] for place in places if ordered[place].issue), -1) for places in copies]
    size = np.diff(held.ends, prepend=0)
    read = [row for row in range(len(copies)) if size[row] >= LEAST or known[row] >= 0]
    cluster_of = grow(held, read, known, len(names))
    keys_of = list(names)
    for row in read:
        if cluster_of[row] == len(keys_of):
            keys_of.append(_key(ordered[copies[row][0]].key))
    into = merge(held, cluster_of, len(keys_of))
    members: dict[int, list[int]] = defaultdict(list)
    for row in read:
        members[into.get(int(cluster_of[row]), int(cluster_of[row]))].append(row)
    issue_of, issues = {}, []
    for cluster, some in members.items():
        places = sorted(place for row in some for place in copies[row])
        issue_of |= {ordered[place].key: keys_of[cluster] for place in places}
        if len(places) > 1:
            issues.append(_issue(keys_of[cluster], [ordered[place] for place in places], _central(held, some, copies, ordered)))
    ranked = sorted(issues, key=lambda one: (-one.citizens, -one.likes, -one.last_at, one.key))
    merged = {keys_of[young]: keys_of[old] for young, old in into.items() if young < len(names)}
    return Grouping(tuple(ranked), issue_of, merged)


def _key(first: str) -> str:
    """The key of a new issue, by the key of its first member: computed anew from the same words it is the same."""
    return f"i{hashlib.blake2s(first.encode('utf-8', 'surrogatepass'), digest_size=6).hexdigest()}"


def _issue(key: str, some: Sequence[Told], central: Told) -> Issue:
    return Issue(
        key,
        tuple(one.key for one in some),
        len({one.citizen for one in some}),
        sum(one.likes for one in some),
        some[0].at,
        some[-1].at,
        central.key,
        central.title or central.text,
    )


def _central(held: Rows, some: Sequence[int], copies: Sequence[Sequence[int]], ordered: Sequence[Told]) -> Told:
    """The short wording most like all the others; of equal ones the earliest."""
    first = [ordered[copies[row][0]] for row in some]
    whole = np.zeros(held.width)
    for row in some:
        columns, values = held.row(row)
        whole[columns] += values * len(copies[row])
    like = [round(float(held.row(row)[1] @ whole[held.row(row)[0]]), 9) for row in some]
    is_short = [_SHORT <= len(one.title or one.text) <= _LONG for one in first]
    return first[min(range(len(some)), key=lambda place: (not is_short[place], -like[place], place))]


def _matter(one: Told) -> str:
    return f"{one.title}。{one.title}。{one.text[:READ]}" if one.title else one.text[:READ]


def _copies(texts: Sequence[str]) -> list[list[int]]:
    """The places of every wording, copies together, in order of their first."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(keys(texts)):
        found[key].append(place)
    return list(found.values())
