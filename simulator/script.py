"""Things that tests and drills make happen in the city by hand; to edit, delete, hide or filter, set the moment on the object."""

from bisect import bisect
from collections.abc import Iterator

from simulator.city import City
from simulator.events import SimAccount, SimComment, SimMention, SimPost
from simulator.mids import MAX_ACCOUNTS, Mint, bundle_day_of, day_of, wechat_message


def add_post(city: City, account: SimAccount, at: float, text: str, title: str = "") -> SimPost:
    """A further post at a moment (an article with a title, for WeChat); it is then like any other."""
    diary = city.diary(account, at)
    if account.platform == "wechat":
        added = sum(day_of(post.at) == day_of(at) for post in diary.posts)
        number, second = wechat_message(city.index(account), day_of(at), 2 + added % 5), int(at)
        post = SimPost(f"{number}_1", number, account, second, text, title=title or text[:20])
    else:
        number, second = diary.mints.setdefault(day_of(at), Mint(city.index(account), day_of(at))).mint(int(at))
        post = SimPost(str(number), number, account, second, text)
    place = bisect(diary.ats, second)
    diary.ats.insert(place, second)
    diary.posts.insert(place, post)
    return post


def add_comment(
    city: City,
    post: SimPost,
    at: float,
    text: str,
    *,
    author: tuple[str, str] = ("9700000001", "路过的市民"),
    parent: SimComment | None = None,
    asks: bool = False,
    app_user: bool = True,
) -> SimComment:
    """A further comment or, when the author is the account itself, official reply; `author` is (id, name).

    An official word below an appeal is its substantive answer, at the top of the thread a general one.
    """
    diary = city.diary(post.account, max(at, post.at))
    official = author[0] == post.account.ext_id
    said = SimComment("", 0, post, int(at), text, *author, parent, official=official, asks=asks, app_user=app_user)
    if post.account.platform == "wechat":
        said.number = max((c.number for c in post.comments), default=0) + 1
    else:
        said.number, said.at = diary.mints[bundle_day_of(post.number)].mint(int(at))
        diary.comments[str(said.number)] = said
    said.key = str(said.number)
    if official:
        said.answers = next((one for one in _up(parent) if one.asks), None)
        said.nature = "substantive" if parent else "general"
    post.comments.append(said)
    post.comments.sort(key=lambda c: (c.at, c.number))
    diary.counted = -1
    return said


def add_mention(city: City, account: SimAccount, at: float, text: str, author: tuple[str, str]) -> SimMention:
    """A citizen's own Weibo post that calls the account by @; `author` is (id, name)."""
    held, mint = city.mentions_of(account, day_of(at)), Mint(MAX_ACCOUNTS - 1 - city.index(account), day_of(at))
    for one in held:  # a mint that is made anew must not give out what is taken
        mint.mint(one.at)
    number, second = mint.mint(int(at))
    said = SimMention(str(number), number, account, second, text, *author, asks=True)
    held.append(said)
    held.sort(key=lambda one: (one.at, one.number))
    return said


def _up(said: SimComment | None) -> Iterator[SimComment]:
    while said is not None:
        yield said
        said = said.parent
