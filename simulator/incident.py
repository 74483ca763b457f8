"""One bad afternoon: a burst pipe, five offices that speak about it and a city that asks."""

from dataclasses import dataclass
from random import Random

from simulator.events import SimAccount, SimPost
from simulator.mids import Mint, day_start, wechat_message

_NOTICES = (
    "【情况通报】今日14时10分许，{place}青砚路与柳塘街交叉口一处供水主管道爆裂，路面塌陷，一辆公交车前轮陷入，车上乘客已全部安全转移。"
    "公安、消防、水务、交通等部门已到场处置，周边部分小区供水受影响，请过往车辆绕行。后续情况将及时发布。",
    "【最新通报】青砚路供水管道抢修正在进行。截至目前，3名乘客擦伤送医，均无大碍；受影响的6个小区已安排送水车。"
    "预计今日22时前恢复供水，给您带来不便，敬请谅解。",
)


@dataclass(frozen=True, slots=True)
class Incident:
    """What happened on `day` (days since 1970) at 14:10; `share` maps account indexes to how much of the storm each one gets."""

    day: int
    share: dict[int, float]
    place: str = ""
    size: int = 420

    @property
    def begins(self) -> int:
        """The second of the accident."""
        return day_start(self.day) + 14 * 3600 + 600

    def posts(self, rng: Random, account: SimAccount, mint: Mint, posts: list[SimPost], index: int, day: int) -> None:
        """Add what an office says about it: first words within the hour, more in the evening."""
        weight = self.share[index]
        for turn, notice in enumerate(_NOTICES):
            at = self.begins + 1500 + turn * 11_000 + rng.randrange(1500)
            text = notice.format(place=self.place)
            if account.platform == "weibo":
                number, at = mint.mint(at)
                posts.append(SimPost(str(number), number, account, at, text))
            elif turn == 0:
                number = wechat_message(index, day, 7)
                title = "情况通报：青砚路供水管道爆裂处置进展"
                posts.append(SimPost(f"{number}_1", number, account, at, f"<p>{text}</p>", title=title))
        for post in posts:
            if post.at > self.begins:
                post.final_likes, post.final_shares = int(326_400 * weight), int(12_700 * weight)
                post.final_reads = int(1_180_000 * weight)

    def burst(self, rng: Random, post: SimPost, weight: float) -> list[int]:
        """The moments at which citizens comment on a post because of it."""
        own = post.at > self.begins
        many = int(self.size * weight * (rng.lognormvariate(0.0, 0.25) if own else 0.08))
        first = max(post.at + 30, self.begins + 240)
        return sorted(first + int(rng.lognormvariate(8.0, 1.0)) for _ in range(many))
