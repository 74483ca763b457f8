"""One account's one day: its posts and all that ever happens to them; depends on the seed, the day and the account only."""

from dataclasses import dataclass, field
from random import Random

from simulator.answering import ANSWERING, answer_further
from simulator.events import SimAccount, SimPost, Unit
from simulator.incident import Incident
from simulator.mids import Mint, day_start, wechat_message
from simulator.people import Citizens
from simulator.rhythm import activity, office_second
from simulator.talk import Talk, comment_on
from simulator.texts import article_text, post_text
from simulator.turns import Around

HAPPENINGS = {
    "deleted_posts": 0.008,
    "hidden_posts": 0.004,
    "edited_posts": 0.03,
    "filtered_comments": 0.02,
    "deleted_comments": 0.01,
    "lone_surrogates": 0.0,
    "reposts": 0.12,
    **ANSWERING,
}
BROKEN = " 👨‍👩‍👧🇨🇳\u200b\ud83d"  # a family of joined emoji, a flag, a zero-width space and half a surrogate pair


@dataclass(slots=True)
class Life:
    """What the days of one city have in common. `hubs` are account indexes that never repost, `incidents` its bad afternoons.

    `sisters` are called in by @ under an account's posts, `accounts` are all that may answer in each other's threads.
    """

    seed: int
    citizens: Citizens
    rates: dict[str, float] = field(default_factory=lambda: dict(HAPPENINGS))
    hubs: frozenset[int] = frozenset()
    incidents: tuple[Incident, ...] = ()
    sisters: dict[int, SimAccount] = field(default_factory=dict)
    accounts: list[SimAccount] = field(default_factory=list)

    def day(self, index: int, account: SimAccount, unit: Unit, day: int, mint: Mint) -> list[SimPost]:
        """The posts of a day in order, with their comments, edits and ends."""
        rng = Random(f"{self.seed}/{day}/{index}")
        posts = self._articles(rng, index, account, unit, day) if account.platform == "wechat" else []
        if account.platform == "weibo":
            posts = [self._weibo(rng, index, account, unit, at, mint) for at in self._moments(rng, account, day)]
        for incident in self.incidents:
            if incident.day == day and index in incident.share:
                incident.posts(rng, account, mint, posts, index, day)
        for post in posts:
            self._happen(rng, post)
        sister = self.sisters.get(index)
        talk = Talk(self.citizens, self.rates, mint, sister.name if sister else "")
        for post in posts:
            extra = next((i for i in self.incidents if i.day == day and index in i.share), None)
            comment_on(rng, post, talk, extra, extra.share[index] if extra else 0.0)
        around = Around(self.seed, index, *self._offices(index, account))
        for post in posts:
            answer_further(post, talk, around)
        return sorted(posts, key=lambda post: (post.at, post.number, post.idx))

    def _offices(self, index: int, account: SimAccount) -> tuple[tuple[SimAccount, ...], tuple[SimAccount, ...]]:
        """Other accounts of the same unit, and some of other units, on the account's platform."""
        near = self.accounts[max(0, index - 3) : index + 4]  # the accounts of a unit stand side by side
        fellows = [one for one in near if one.platform == account.platform and one is not account]
        kin = tuple(one for one in fellows if one.unit == account.unit)
        return kin, tuple(one for one in fellows if one.unit != account.unit)

    @staticmethod
    def _moments(rng: Random, account: SimAccount, day: int) -> list[int]:
        mean = account.posts_a_day * activity(day)
        limit, product, times = 2.718281828**-mean, rng.random(), []
        while product > limit:  # Knuth's way to a Poisson number
            times.append(day_start(day) + office_second(rng))
            product *= rng.random()
        return sorted(times)

    def _weibo(self, rng: Random, index: int, account: SimAccount, unit: Unit, at: int, mint: Mint) -> SimPost:
        number, at = mint.mint(at)
        original = rng.random() >= self.rates["reposts"] or index in self.hubs
        text = post_text(rng, account, unit, at)
        return SimPost(str(number), number, account, at, text if original else f"转发微博 {text[:40]}".strip(), original=original)

    @staticmethod
    def _articles(rng: Random, index: int, account: SimAccount, unit: Unit, day: int) -> list[SimPost]:
        """At most two messages a day, of one to four articles each."""
        posts = []
        for turn, at in enumerate(Life._moments(rng, account, day)[:2]):
            number = wechat_message(index, day, turn)
            for idx in range(1, rng.choice((1, 1, 1, 2, 2, 3, 4)) + 1):
                title, _digest, html = article_text(rng, account, unit, at)
                posts.append(SimPost(f"{number}_{idx}", number, account, at, html, title=title, idx=idx))
        return posts

    def _happen(self, rng: Random, post: SimPost) -> None:
        """Likes and the like, and for a few posts a correction, a removal or a change to private."""
        dice = [rng.random() for _ in range(4)]
        delays = [int(rng.lognormvariate(mu, 1.0)) for mu in (8.2, 9.6, 10.2)]
        fame = post.account.popularity * rng.lognormvariate(0.0, 0.8)
        post.final_reads = max(post.final_reads, int(fame * 160 + rng.random() * 90))
        post.final_likes = max(post.final_likes, int(fame * 2.2))
        post.final_shares = max(post.final_shares, int(fame * 0.7))
        if dice[0] < self.rates["lone_surrogates"]:
            post.text += BROKEN
        if dice[1] < self.rates["edited_posts"]:
            post.edits.append((post.at + 60 + delays[0], post.text + "（更正：相关时间和地点以本条为准）"))
        if dice[2] < self.rates["deleted_posts"]:
            post.deleted_at = post.at + 120 + min(delays[1], 13 * 86_400)
        elif dice[3] < self.rates["hidden_posts"]:
            post.hidden_at = post.at + 300 + min(delays[2], 13 * 86_400)
