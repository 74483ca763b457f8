"""What a citizen asks: a comment that wants an answer, of which kind, and how it was recognised."""

from dataclasses import dataclass
from enum import StrEnum


class AppealKind(StrEnum):
    """The kinds of the message boards (人民网领导留言板, 12345); 感谢 is no appeal and waits for nothing."""

    QUESTION = "咨询"
    HELP = "求助"
    ADVICE = "建议"
    COMPLAINT = "投诉"
    REPORT = "举报"
    THANKS = "感谢"


class Addressee(StrEnum):
    """Whom a comment answers."""

    NOBODY = ""
    CITIZEN = "citizen"
    OFFICIAL = "official"


@dataclass(frozen=True, slots=True)
class Words:
    """A citizen's words with the context in which they are read.

    `channel` is that of `CommentKind`; `post` the title and beginning of the post they stand under, empty for messages
    and mentions; `addressee` whom they answer.
    """

    text: str
    channel: str = "comment"
    post: str = ""
    addressee: Addressee = Addressee.NOBODY


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the words are: `score` 0 to 1, `kind` empty when it is no appeal (感谢 may stand there), `markers` strongest first."""

    is_appeal: bool
    score: float
    kind: AppealKind | None
    markers: tuple[str, ...]
