"""The make-believe city: units, accounts and everything they publish and hear, made day by day when first asked for."""

from bisect import bisect_left, bisect_right
from random import Random
from threading import RLock

from simulator.events import SimAccount, SimComment, SimMention, SimPost, Unit
from simulator.incident import Incident
from simulator.life import HAPPENINGS, Life
from simulator.mids import MAX_ACCOUNTS, Mint, account_of, day_of, day_start, second_of, wechat_account_of
from simulator.people import MIX, Citizens, spread_accounts
from simulator.rhythm import activity, when_awake
from simulator.seeing import is_post_shown
from simulator.texts import TOPICS, comment_text
from simulator.units import every_unit

DAY = 86_400


class _Diary:
    """What is already made of one account: posts in order of time, and how far."""

    __slots__ = ("ats", "comments", "counted", "first", "made", "mints", "posts", "received")

    def __init__(self, first: int) -> None:
        self.first = self.made = first
        self.posts: list[SimPost] = []
        self.ats: list[int] = []
        self.mints: dict[int, Mint] = {}
        self.comments: dict[str, SimComment] = {}
        self.received: list[SimComment] = []
        self.counted = -1


class City:
    """A city from a seed. The past reaches `history_days` back from `start` (Unix seconds), the future `horizon_days` on.

    `happenings` overrides rates of `life.HAPPENINGS`; `mix` is the cycle of routes that accounts get; `incident_day` counts
    from start; `busy` multiplies how many comment.
    Any day of any account is the same whatever was asked before. Raises ValueError for more accounts than mids can tell apart.
    """

    def __init__(
        self,
        seed: int,
        accounts: int = 60,
        start: float = 1_772_409_600,
        *,
        history_days: int = 30,
        horizon_days: int = 400,
        happenings: dict[str, float] | None = None,
        mix: tuple[str, ...] | None = None,
        incident_day: int = -2,
        busy: float = 1.0,
    ) -> None:
        if accounts > MAX_ACCOUNTS // 2:  # the upper half of the numbers is for the citizens' own posts
            raise ValueError(f"模拟城市最多 {MAX_ACCOUNTS // 2} 个账号")
        self.seed, self.start = seed, float(start)
        self.history_days = history_days
        self.first_day = day_of(start - history_days * DAY)
        self.last_day = day_of(start + horizon_days * DAY)
        self.begin = day_start(self.first_day)
        self.units, self.accounts = spread_accounts(seed, every_unit(), accounts, mix or MIX, busy)
        self._unit = {unit.code: unit for unit in self.units}
        self._index = {account.ext_id: n for n, account in enumerate(self.accounts)}
        self._by_token = {account.token: account for account in self.accounts if account.token}
        weibo = [n for n, account in enumerate(self.accounts) if account.platform == "weibo"]
        self.hub = self.accounts[weibo[0]] if weibo else None
        speaking = [
            n for n, account in enumerate(self.accounts) if account.route.startswith("weibo_c") or account.route == "wechat"
        ]
        share = dict(zip(speaking, (1.0, 0.3, 0.6, 0.25, 0.15), strict=False))
        place = next((unit.name for unit in self.units if unit.level == "市级"), "").removesuffix("人民政府")
        self.incident = Incident(day_of(start) + max(incident_day, -history_days), share, place)
        self.quiet = self._fall_silent(start)
        self.life = Life(
            seed,
            Citizens(seed, 3000 + accounts * 60),
            {**HAPPENINGS, **(happenings or {})},
            frozenset(weibo[:1]),
            (self.incident,),
            {n: self.accounts[after] for n, after in zip(weibo, weibo[1:] + weibo[:1], strict=True) if n != after},
            self.accounts,
        )
        self._calls_at = {account.ext_id: n for n, account in self.life.sisters.items()}
        self._mentions: dict[tuple[int, int], list[SimMention]] = {}
        self._followers: dict[str, list[int]] = {}
        self._diaries: dict[int, _Diary] = {}
        self._lock = RLock()

    def _fall_silent(self, start: float) -> dict[str, int]:
        """Accounts that stopped: about one in twelve 15 to 40 days ago, one in twenty 11 to 13 days ago; never the incident's."""
        quiet = {}
        for n, account in enumerate(self.accounts):
            rng = Random(f"{self.seed}/silent/{n}")
            dice = rng.random()
            if n in self.incident.share or account.route == "none" or len(self.accounts) < 12:
                continue
            if n % 14 == 9 or dice < 0.02:
                quiet[account.ext_id] = int(start - rng.uniform(15, 40) * DAY)
            elif n % 23 == 18:
                quiet[account.ext_id] = int(start - rng.uniform(11, 13) * DAY)
        return quiet

    def account(self, ext_id: str) -> SimAccount | None:
        """The account with this platform id."""
        at = self._index.get(ext_id)
        return None if at is None else self.accounts[at]

    def account_by_token(self, token: str) -> SimAccount | None:
        """The Weibo account that gave out this token."""
        return self._by_token.get(token)

    def index(self, account: SimAccount) -> int:
        """The place of an account in `accounts`, which its mids carry."""
        return self._index[account.ext_id]

    def unit(self, account: SimAccount) -> Unit:
        """The unit that an account speaks for."""
        return self._unit[account.unit]

    def diary(self, account: SimAccount, until: float) -> _Diary:
        """Everything of an account up to the end of the day of `until`; for this package's own use."""
        index = self._index[account.ext_id]
        last = min(day_of(until), self.last_day)
        diary = self._diaries.get(index)
        if diary is not None and diary.made > last:
            return diary
        with self._lock:
            silent = self.quiet.get(account.ext_id)
            diary = self._diaries.setdefault(
                index, _Diary(self.first_day if silent is None else min(self.first_day, day_of(silent) - 4))
            )
            unit = self._unit[account.unit]
            while diary.made <= last:
                day = diary.made
                diary.mints[day] = mint = Mint(index, day)
                posts = [] if account.route == "none" else self.life.day(index, account, unit, day, mint)
                if silent is not None:
                    posts = [post for post in posts if post.at <= silent]
                    if day == day_of(silent) and not posts:
                        posts = self._last_word(index, account, unit, day, mint)
                self._enter(diary, posts)
                diary.made = day + 1
            return diary

    def _last_word(self, index: int, account: SimAccount, unit: Unit, day: int, mint: Mint) -> list[SimPost]:
        """The first post of the next busy day's dice, moved to the day on which the account fell silent."""
        for salt in range(1, 60):
            life = Life(self.seed + salt * 7919, self.life.citizens, self.life.rates)
            if posts := life.day(index, account, unit, day, mint):
                return posts[:1]
        return []

    @staticmethod
    def _enter(diary: _Diary, posts: list[SimPost]) -> None:
        for post in posts:
            diary.posts.append(post)
            diary.ats.append(post.at)
            if post.account.platform == "weibo":
                diary.comments.update((comment.key, comment) for comment in post.comments)

    def posts(self, account: SimAccount, t0: float, t1: float) -> list[SimPost]:
        """What the account posted in [t0, t1], in order of time, gone or not, each with all its comments."""
        diary = self.diary(account, t1)
        return diary.posts[bisect_left(diary.ats, t0) : bisect_right(diary.ats, t1)]

    def visible_posts(self, account: SimAccount, t: float) -> list[SimPost]:
        """All posts that the platform shows at t, oldest first."""
        return [post for post in self.posts(account, 0, t) if is_post_shown(post, t)]

    def received(self, account: SimAccount, t: float) -> list[SimComment]:
        """Every comment made until t under an account's posts, in order of time, shown or not."""
        diary = self.diary(account, t)
        with self._lock:
            if diary.counted != len(diary.posts):
                diary.received = sorted((c for p in diary.posts for c in p.comments), key=lambda c: (c.at, c.number))
                diary.counted = len(diary.posts)
        return diary.received[: bisect_right(diary.received, t, key=lambda c: c.at)]

    def post(self, key: str) -> SimPost | None:
        """The post with this mid or `<message>_<idx>`, whatever became of it."""
        number, _, idx = key.partition("_")
        if not number.isdigit() or (idx and not idx.isdigit()):
            return None
        index, day = wechat_account_of(int(number)) if idx else (account_of(int(number)), day_of(second_of(int(number))))
        if not (0 <= index < len(self.accounts) and self.first_day - 60 <= day <= self.last_day):
            return None
        account = self.accounts[index]
        begin = day_start(day)
        return next((post for post in self.posts(account, begin, begin + DAY + 60) if post.key == key), None)

    def comment(self, key: str) -> SimComment | None:
        """The Weibo comment with this mid (WeChat comment ids are only unique below their article: look there)."""
        if not key.isdigit():
            return None
        index, at = account_of(int(key)), second_of(int(key))
        if not (index < len(self.accounts) and day_of(at) <= self.last_day):
            return None
        return self.diary(self.accounts[index], at).comments.get(key)

    def original_of(self, post: SimPost) -> SimPost | None:
        """What a repost repeats: one of the hub's posts of the day before; None when there was none (a deleted original)."""
        earlier = self.posts(self.hub, post.at - DAY, post.at - 60) if self.hub else []
        return earlier[post.number % len(earlier)] if earlier else None

    def mentions(self, account: SimAccount, t0: float, t1: float) -> list[SimMention]:
        """Citizens' own posts in [t0, t1] that call the account by @, in order of time."""
        first, last = max(day_of(t0), self.first_day), min(day_of(t1), self.last_day)
        days = [m for day in range(first, last + 1) for m in self.mentions_of(account, day)]
        return [m for m in days if t0 <= m.at <= t1]

    def mentions_of(self, account: SimAccount, day: int) -> list[SimMention]:
        index = self._index[account.ext_id]
        if (index, day) not in self._mentions:
            rng, mint = Random(f"{self.seed}/mentions/{day}/{index}"), Mint(MAX_ACCOUNTS - 1 - index, day)
            made = []
            for _ in range(int(rng.expovariate(1 / (account.popularity * 0.12 * (0.5 + activity(day) / 2))))):
                number, at = mint.mint(when_awake(rng, day_start(day) + rng.randrange(DAY - 4 * 3600)))
                asks, topic, who = rng.random() < 0.6, rng.choice(TOPICS), self.life.citizens.pick(rng)
                text = f"@{account.name} {comment_text(rng, topic, asks)}"
                deleted = at + 4000 if rng.random() < 0.02 else None
                made.append(
                    SimMention(
                        str(number), number, account, at, text, who.uid, who.name, asks, topic, who.app_user, who.region, deleted
                    )
                )
            self._mentions[index, day] = sorted(made, key=lambda m: (m.at, m.number))
        return self._mentions[index, day]

    def comment_mentions(self, account: SimAccount, t: float) -> list[SimComment]:
        """Comments made until t under a sister account's posts that call this account by @, in order of time."""
        at = self._calls_at.get(account.ext_id)
        return [] if at is None else [c for c in self.received(self.accounts[at], t) if c.text.endswith(f" @{account.name}")]

    def followers_at(self, account: SimAccount, t: float) -> int:
        """How many follow the account at t."""
        held = self._followers.setdefault(account.ext_id, [account.followers])
        wanted = max(0, min(day_of(t), self.last_day) - self.first_day)
        with self._lock:
            while len(held) <= wanted:
                new, lost = self.follower_moves(account, self.first_day + len(held) - 1)
                held.append(held[-1] + new - lost)
        return held[wanted]

    def follower_moves(self, account: SimAccount, day: int) -> tuple[int, int]:
        """(new, lost) followers of one day (days since 1970)."""
        rng = Random(f"{self.seed}/followers/{day}/{account.ext_id}")
        pace = account.followers * (0.004 if day == self.incident.day else 0.0011)
        return int(rng.expovariate(1 / pace) * 0.5 + pace * 0.6), int(rng.random() * pace * 0.8)
