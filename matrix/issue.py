"""Hot issues: what many citizens say about one matter, with an id that stays while new words join."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """What one citizen said: `key` names the comment, message or lead, `at` is Unix seconds.

    `issue` is the key of the issue it was put into before, empty when it is new; `title` only where the words have one.
    """

    key: str
    text: str
    citizen: str
    at: int
    title: str = ""
    likes: int = 0
    issue: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """One matter. `members` are keys in order of time; `central` is the key of the short one that stands for all.

    `title` is the wording of that one, as it was written: mask it before showing. `citizens` counts each person once.
    """

    key: str
    members: tuple[str, ...]
    citizens: int
    likes: int
    first_at: int
    last_at: int
    central: str
    title: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """Issues of at least two members, those of the most distinct citizens first.

    `issue_of` has the issue of every key that is in one, also alone: who hands it in again as `Told.issue` keeps the ids.
    `merged` says into which issue an earlier one went.
    """

    issues: tuple[Issue, ...]
    issue_of: Mapping[str, str]
    merged: Mapping[str, str]
