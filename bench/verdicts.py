"""What a comparison of the database with the make-believe city found."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Verdicts:
    """What the comparison found; `unexplained`, `doubled`, `invented` and `falsely_gone` must stay empty."""

    posts: int = 0
    comments: int = 0
    missed: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)
    doubled: int = 0
    invented: list[str] = field(default_factory=list)
    falsely_gone: list[str] = field(default_factory=list)
    wrong_text: list[str] = field(default_factory=list)
    uncounted: list[str] = field(default_factory=list)
    ideal: int = 0
    ideal_held: int = 0
    """What a client that looks every half hour and is never refused could have seen, and how much of it is held."""

    @property
    def is_exact(self) -> bool:
        wrong = self.unexplained or self.invented or self.falsely_gone or self.wrong_text or self.uncounted or self.doubled
        return not wrong
