"""An alert in words: its title and the one sentence that explains it."""

from matrix.surge_evidence import Evidence

DAY = 1440
RECORD_DAYS = 7
"""A record of fewer days is not worth a word."""
LONGEST_TITLE = 24
TITLES = {
    "账号": "{name}评论突增",
    "单位": "{name}各账号评论突增",
    "平台": "{name}评论突增",
    "主题": "“{name}”评论突增",
    "方案": "监测方案“{name}”命中突增",
    "负面诉求": "{name}突增",
    "线索": "{name}突增",
}


def title(kind: str, name: str, accounts: int = 0) -> str:
    """What happened to which series; `accounts` of a group that together stand higher than usual."""
    if accounts:
        return f"{name}{accounts}个账号评论同时增多"
    return TITLES.get(kind, "{name}突增").format(name=name)


def span(minutes: int) -> str:
    """5 分钟, 3 小时."""
    return f"{minutes // 60} 小时" if minutes >= 60 and minutes % 60 == 0 else f"{minutes} 分钟"


def about(value: float) -> str:
    """An expected count: whole, or to one place below ten; 不到 1 where it is less."""
    if value < 1:
        return "不到 1"
    return f"约 {value:.0f}" if value >= 10 or abs(value - round(value)) < 0.05 else f"约 {value:.1f}"


def sentence(found: Evidence, post: str = "", minutes_since: int | None = None) -> str:
    """「5 分钟 48 条，平时同一时段约 3 条（通常不超过 8 条），约为平时的 16 倍；近 30 天最高；发布《…》后 20 分钟」.

    What cannot be said is left out: a multiple of next to nothing, a record that is none, a post that is not known or a day
    old. Expected and multiple include the bumps of known posts; where these are most of it, that is said.
    """
    parts = [f"{span(found.minutes)} {found.seen} 条"]
    if found.citizens < found.seen:
        parts[0] += f"（{found.citizens} 位网民）"
    parts.append(f"平时同一时段{about(found.usual)} 条（通常不超过 {found.usual_most} 条）")
    if found.expected >= 1.5 * found.usual and found.expected - found.usual >= 1:
        parts.append(f"算上新发内容带来的应{about(found.expected)} 条")
    if found.ratio is not None:
        base = "平时" if found.expected < 1.5 * found.usual else "应有"
        parts.append(f"约为{base}的 {times(found.ratio)} 倍")
    words = ["，".join(parts)]
    if found.highest_days >= RECORD_DAYS:
        words.append(f"近 {found.highest_days} 天最高")
    if post and minutes_since is not None and minutes_since < DAY:
        words.append(f"发布《{shortened(post)}》后 {lapse(minutes_since)}")
    return "；".join(words)


def times(ratio: float) -> str:
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}".removesuffix(".0")


def lapse(minutes: int) -> str:
    """20 分钟, 3 小时, 3 小时 20 分钟."""
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} 小时"] * bool(hours) + [f"{rest} 分钟"] * bool(rest or not hours))


def shortened(text: str) -> str:
    """The title of a post, or how it begins."""
    line = " ".join(text.split()).removeprefix("【").split("】")[0]
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def group_sentence(accounts: int, all_accounts: int, minutes: int, seen: int, expected: float, names: list[str]) -> str:
    """A group in one sentence: how many of its accounts stand higher than usual, and the loudest of them."""
    told = "、".join(names)
    return (
        f"{all_accounts} 个账号中有 {accounts} 个同时高于平时，{span(minutes)}共 {seen} 条，平时同一时段{about(expected)} 条；"
        f"较多的是{told}"
    )


def notice_body(sentence_: str, members: list[str], level: str) -> str:
    """What is told to people outside of the console: the sentence and who belongs to it; no words of citizens."""
    some = members[:6]
    rest = f"等 {len(members)} 个" if len(members) > len(some) else ""
    told = f"涉及：{'、'.join(some)}{rest}。" if len(members) > 1 else ""
    return f"{level}预警：{sentence_}。{told}"
