"""What exists in the make-believe city: its units, accounts, posts, comments and the moments at which they change.

Every moment is Unix seconds (float or int) of virtual time. What a platform shows at a moment is what has happened until then.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Unit:
    """One organization of the tree; `parent` is another unit's code or empty; `level` is 省级 市级 县级 乡镇街道 部门 站所."""

    code: str
    name: str
    parent: str
    level: str
    line: str
    region: str


@dataclass(frozen=True, slots=True)
class SimAccount:
    """One official account. `ext_id` is the Weibo uid (digits) or the WeChat AppID (wx + 16 hex).

    `route` is weibo_free, weibo_commercial, wechat, feed (Atom or JSON feed only) or none (registered only).
    `token` is the Weibo access token; `secret` the WeChat AppSecret; `feed` the feed id for feed accounts.
    `popularity` is the mean number of comments per post; `posts_a_day` the mean number of posts on a working day.
    """

    ext_id: str
    name: str
    unit: str
    platform: str
    route: str
    token: str = ""
    secret: str = ""
    feed: str = ""
    posts_a_day: float = 2.0
    popularity: float = 4.0
    followers: int = 10_000
    verified_type: int = 1


@dataclass(slots=True)
class SimPost:
    """One post or article. `key` is the Weibo mid, or `<mid>_<idx>` with idx from 1 for WeChat; `number` numeric id.

    `edits` are (moment, new text) in order; `final_*` are what the counts tend to, growing by a saturating curve from `at`.
    """

    key: str
    number: int
    account: SimAccount
    at: int
    text: str
    title: str = ""
    idx: int = 1
    original: bool = True
    edits: list[tuple[int, str]] = field(default_factory=list)
    deleted_at: int | None = None
    hidden_at: int | None = None
    final_reads: int = 0
    final_likes: int = 0
    final_shares: int = 0
    comments: list["SimComment"] = field(default_factory=list)


@dataclass(slots=True)
class SimComment:
    """One comment or official reply. `key` is the Weibo comment mid, or the small user_comment_id for WeChat (as text).

    `official` is True when the account of the thread (or a sister account) wrote it; `asks` when it is a citizen's appeal.
    `filtered_at`: from then on the platform no longer shows it although totals still count it. `app_user`: its writer
    authorised the app (the free interface shows only those). WeChat replies are the `reply_text`/`reply_at` of the comment
    they answer, not comments.

    Who answered whom: an official word has its `nature` (receipt, substantive, automatic, general) and the appeal that it
    `answers`: the one that opened the matter, None for a general word. An appeal `presses` an earlier one of the same citizen
    that has no substantive answer yet, or `reopens` one that has. `mood` is what a citizen says to an answer (满意, 不满).
    `edits` are later wordings: (moment, text, nature). On WeChat they are the reply's: taken back and given anew at that
    moment, for good when the text is empty; `reply_nature` is that of the first one.
    """

    key: str
    number: int
    post: SimPost
    at: int
    text: str
    author_id: str
    author_name: str
    parent: "SimComment | None" = None
    official: bool = False
    asks: bool = False
    topic: str = ""
    deleted_at: int | None = None
    filtered_at: int | None = None
    app_user: bool = True
    likes: int = 0
    region: str = ""
    reply_text: str = ""
    reply_at: int | None = None
    reply_nature: str = ""
    nature: str = ""
    answers: "SimComment | None" = None
    presses: "SimComment | None" = None
    reopens: "SimComment | None" = None
    mood: str = ""
    edits: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SimMention:
    """A citizen's own Weibo post that calls an official account by @; `account` is the one that is called."""

    key: str
    number: int
    account: SimAccount
    at: int
    text: str
    author_id: str
    author_name: str
    asks: bool = False
    topic: str = ""
    app_user: bool = True
    region: str = ""
    deleted_at: int | None = None
