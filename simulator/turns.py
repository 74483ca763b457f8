"""The turns that the talk about one Weibo appeal can take: pressed, answered deeper or by a sister account, thanked, reopened."""

from dataclasses import dataclass, field
from random import Random

from simulator.events import SimAccount, SimComment, SimPost
from simulator.mids import day_of, day_start
from simulator.patterns import book, fill
from simulator.rhythm import in_office_hours, is_working_day, when_awake
from simulator.talk import Talk, by_office
from simulator.texts import TOPICS, comment_text, reply_text

RECEIPT, ANSWER, AUTOMATIC, GENERAL = "receipt", "substantive", "automatic", "general"
CROWD = 240  # more replies below one comment than an interface shows


@dataclass(frozen=True, slots=True)
class Around:
    """Who else may speak in an account's threads: `kin` of its own unit and platform, `others` of other units.

    `index` is the account's place in the city, `seed` the city's.
    """

    seed: int
    index: int
    kin: tuple[SimAccount, ...] = ()
    others: tuple[SimAccount, ...] = ()


@dataclass(slots=True)
class Turns:
    """What is added to one thread; `new` holds it without ids and in no order."""

    rng: Random
    post: SimPost
    talk: Talk
    around: Around
    new: list[SimComment] = field(default_factory=list)

    def hits(self, name: str) -> bool:
        """One throw at a rate."""
        return self.rng.random() < self.talk.rates.get(name, 0.0)

    def words(self, section: str) -> str:
        """A sentence of the phrase book `afterwards`."""
        return fill(self.rng, self.rng.choice(book("afterwards")[section]), None, {"topic": self.rng.choice(TOPICS)})

    def robot_words(self, at: int) -> str:
        """What the account answers by itself to everybody on the day of `at`; empty on most days."""
        own = Random(f"{self.around.seed}/robot/{self.around.index}/{day_of(at)}")
        if own.random() >= self.talk.rates.get("automatic_days", 0.0):
            return ""
        return Random(f"{self.around.seed}/robot/{self.around.index}").choice(book("afterwards")["自动"])

    def cites(self, above: SimComment, at: int, text: str, like: SimComment | None = None, asks: bool = False) -> SimComment:
        """A citizen below a comment: the writer of `like`, or somebody who has not spoken in what stands above."""
        said = f"回复@{above.author_name}:{text}"
        at = when_awake(self.rng, at)
        if like is not None:
            made = SimComment("", 0, self.post, at, said, like.author_id, like.author_name, above, app_user=like.app_user)
            made.region = like.region
        else:
            spoken, one = set(), above
            while one is not None:
                spoken.add(one.author_id)
                one = one.parent
            who = self.talk.citizens.pick(self.rng)
            while who.uid in spoken:
                who = self.talk.citizens.pick(self.rng)
            made = SimComment("", 0, self.post, at, said, who.uid, who.name, above, app_user=who.app_user, region=who.region)
        made.asks, made.topic, made.likes = asks, above.topic, int(self.rng.lognormvariate(0.0, 1.0))
        dice, delay = self.rng.random(), 120 + int(self.rng.lognormvariate(8.8, 1.2))
        if dice < self.talk.rates["deleted_comments"]:
            made.deleted_at = made.at + delay
        elif dice > 1 - self.talk.rates["filtered_comments"]:
            made.filtered_at = made.at + delay // 8
        self.new.append(made)
        return made

    def answers(
        self, to: SimComment, appeal: SimComment | None, at: int, nature: str, by: SimAccount | None = None
    ) -> SimComment:
        """An official word below `to`; `appeal` is what it answers."""
        topic = to.topic if to.topic in TOPICS else self.rng.choice(TOPICS)
        made = by_office(by or self.post.account, at, reply_text(self.rng, topic, nature, at), to, appeal, nature)
        self.new.append(made)
        return made

    def answered(self, to: SimComment, appeal: SimComment, at: int, by: SimAccount | None = None) -> list[SimComment]:
        """An answer at once, or a receipt that is followed by one more often than not."""
        if self.rng.random() < 0.65:
            return [self.answers(to, appeal, at, ANSWER, by)]
        told = [self.answers(to, appeal, at, RECEIPT, by)]
        if self.rng.random() < 0.6:
            later = in_office_hours(self.rng, at + 1800 + int(self.rng.lognormvariate(9.8, 0.9)))
            told.append(self.answers(to, appeal, later, ANSWER, by))
        return told

    def in_office(self, after: int) -> int:
        """A moment of office hours some while later."""
        return in_office_hours(self.rng, after + 300 + int(self.rng.lognormvariate(9.0, 1.1)))

    def off_hours(self, after: int) -> int:
        """A moment of one of the next nights, or of the next day off."""
        day = day_of(after) + 1
        if self.rng.random() < 0.5:
            return day_start(day) + self.rng.randrange(6 * 3600)
        while is_working_day(day):
            day += 1
        return day_start(day) + 9 * 3600 + self.rng.randrange(8 * 3600)

    def appeal(self, root: SimComment, replies: list[SimComment]) -> None:
        """All that can come of an appeal that has these plain replies."""
        if robot := self.robot_words(root.at):
            at = root.at + self.rng.randint(3, 40)
            self.new.append(by_office(self.post.account, at, robot, root, root, AUTOMATIC))
        answer = next((reply for reply in replies if reply.nature == ANSWER), None)
        pressed = self._press(root, replies, answer)
        if not replies:
            told = self._late(root, pressed)
            answer = next((reply for reply in told if reply.nature == ANSWER), None)
            if not told and not pressed and self.hits("misaddressed_replies"):
                other = comment_text(self.rng, self.rng.choice(TOPICS), True)
                asker = self.cites(root, root.at + 60 + int(self.rng.lognormvariate(8.0, 1.0)), other, asks=True)
                self.answers(asker, asker, self.in_office(asker.at), ANSWER)
        if answer is not None:
            self._afterwards(root, answer)
        if self.around.others and self.hits("foreign_replies"):
            stranger = self.rng.choice(self.around.others)
            at = root.at + 120 + int(self.rng.lognormvariate(8.5, 1.2))
            self.new.append(by_office(stranger, at, self.words("同感"), root, None, "", official=False))

    def _press(self, root: SimComment, replies: list[SimComment], answer: SimComment | None) -> list[SimComment]:
        """The citizen asks again, once or twice, while there is no answer yet."""
        pressed: list[SimComment] = []
        at = root.at
        while len(pressed) < 2 and (self.hits("pressed_appeals") if not pressed else self.rng.random() < 0.3):
            at += 3600 + int(self.rng.lognormvariate(9.2, 1.0))
            if answer is not None and at > answer.at - 4 * 3600:
                break
            below = next((r for r in replies if r.nature == RECEIPT and r.at < at - 60), root)
            pressed.append(self.cites(below, at, self.words("追问"), root, asks=True))
            at = pressed[-1].at
        return pressed

    def _late(self, root: SimComment, pressed: list[SimComment]) -> list[SimComment]:
        """An answer where the plain talk has none: deeper in the sub-thread, by a sister account, or at night."""
        sister = self.rng.choice(self.around.kin) if self.around.kin else None
        to = pressed[-1] if pressed else root
        if self.hits("deep_answers"):
            return self._deep(root, pressed, sister if self.rng.random() < 0.2 else None)
        if sister is not None and self.hits("sister_answers"):
            return self.answered(to, root, self.in_office(to.at), sister)
        if self.hits("night_answers"):
            return [self.answers(to, root, self.off_hours(to.at), ANSWER)]
        if pressed and self.rng.random() < 0.5:
            return self.answered(to, root, self.in_office(to.at))
        return []

    def _deep(self, root: SimComment, pressed: list[SimComment], by: SimAccount | None) -> list[SimComment]:
        """The office takes the matter up further down: below the citizen's own words or below what somebody added."""
        soon = 60 + int(self.rng.lognormvariate(7.5, 1.0))
        if pressed and self.rng.random() < 0.6:
            to = pressed[-1]
        elif self.rng.random() < 0.4:
            to = self.cites(root, root.at + soon, self.words("补充"), root)
        else:
            to = self.cites(root, root.at + soon, self.words("同感"))
            if self.rng.random() < 0.4:
                to = self.cites(to, to.at + soon, self.words("应声"), root)
        return self.answered(to, root, self.in_office(max(to.at, root.at)), by)

    def _afterwards(self, root: SimComment, answer: SimComment) -> None:
        """What the citizen says to an answer, and whether the matter is taken up again."""
        at = answer.at + 120 + int(self.rng.lognormvariate(8.4, 1.2))
        if self.hits("moods"):
            mood = "满意" if self.rng.random() < 0.6 else "不满"
            self.cites(answer, at, self.words(mood), root).mood = mood
        elif self.hits("reopened_appeals"):
            again = self.cites(answer, at + 7200, self.words("再问"), root, asks=True)
            if self.rng.random() < 0.6:
                self.answered(again, again, self.in_office(again.at))

    def chat(self, root: SimComment) -> None:
        """A sub-thread that begins with talk: somebody asks inside it, and the office answers a neighbour there first."""
        if not self.hits("misaddressed_replies"):
            return
        topic = self.rng.choice(TOPICS)
        at = root.at + 60 + int(self.rng.lognormvariate(7.6, 1.0))
        asker = self.cites(root, at, comment_text(self.rng, topic, True), asks=True)
        asker.topic = topic
        neighbour = self.cites(root, asker.at + 40 + int(self.rng.lognormvariate(6.5, 1.0)), self.words("同感"))
        at = self.in_office(neighbour.at)
        self.answers(neighbour, None, at, RECEIPT)
        if self.rng.random() < 0.5:
            self.answered(asker, asker, self.in_office(at))

    def general(self) -> None:
        """The office speaks to everybody at the top of its own thread."""
        account = self.post.account
        at = self.in_office(self.post.at + int(self.rng.lognormvariate(9.5, 1.0)))
        said = SimComment("", 0, self.post, at, self.words("总述"), account.ext_id, account.name, official=True, region="云江")
        said.nature = GENERAL
        self.new.append(said)

    def crowd(self, root: SimComment) -> None:
        """A sub-thread that is longer than any interface shows; the office answers behind the end of what is shown."""
        at = root.at
        for _ in range(CROWD):
            at += self.rng.randint(5, 25)
            self.cites(root, at, self.words("同感")).at = at  # they come in one rush, whatever the hour
        self.answers(root, root, at + self.rng.randint(600, 7200), ANSWER)
