"""Numbers as the platforms give them: Weibo mids that carry their second and the city's account and day, WeChat message ids."""

ERA = 515483463
ACCOUNT_BITS, DAY_BITS, TURN_BITS = 15, 4, 3
MAX_ACCOUNTS = 1 << ACCOUNT_BITS
LONGEST_LIFE_DAYS = 14  # nothing happens to a post later than this, so the four day bits stay unambiguous
WECHAT_ERA_DAY = 18262  # 2020-01-01
WECHAT_FIRST = 2_650_000_000
BEIJING = 28_800


def day_of(at: float) -> int:
    """Days since 1970 of the Beijing date of a moment."""
    return int((at + BEIJING) // 86_400)


def day_start(day: int) -> int:
    """Unix seconds of 00:00 in Beijing of a day."""
    return day * 86_400 - BEIJING


def second_of(mid: int) -> int:
    """The creation second inside a Weibo mid."""
    return (mid >> 22) + ERA


def account_of(mid: int) -> int:
    """The index in the city of the account in whose threads a mid was made."""
    return (mid >> (DAY_BITS + TURN_BITS)) & (MAX_ACCOUNTS - 1)


def bundle_day_of(mid: int) -> int:
    """The day of the post to which a mid (of the post or of a comment below it) belongs."""
    mark = (mid >> TURN_BITS) & ((1 << DAY_BITS) - 1)
    day = day_of(second_of(mid))
    return day - ((day - mark) % (1 << DAY_BITS))


class Mint:
    """Makes the mids of everything below one account's posts of one day, never the same twice."""

    def __init__(self, account: int, day: int) -> None:
        self._low = (account << (DAY_BITS + TURN_BITS)) | ((day % (1 << DAY_BITS)) << TURN_BITS)
        self._used: dict[int, int] = {}

    def mint(self, at: int) -> tuple[int, int]:
        """(mid, second); a second that is full moves on to the next one."""
        while True:
            turn = self._used.get(at, 0)
            if turn < (1 << TURN_BITS):
                self._used[at] = turn + 1
                return ((at - ERA) << 22) | self._low | turn, at
            at += 1


def wechat_message(account: int, day: int, turn: int) -> int:
    """The number of the `turn`-th message that an account sent on a day; unique in the whole city."""
    return WECHAT_FIRST + account * 100_000 + (day - WECHAT_ERA_DAY) * 8 + turn


def wechat_account_of(message: int) -> tuple[int, int]:
    """(account index, day) of a message number."""
    account, rest = divmod(message - WECHAT_FIRST, 100_000)
    return account, WECHAT_ERA_DAY + rest // 8
