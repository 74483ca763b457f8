"""Turns portions of a file into batches of single accounts with final ids, and saves them."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from collectors.collect_owners import Owners
from collectors.files.rows import CommentRow, FileBatch, PostRow, RowFault
from matrix.account import Account, Platform, Route
from matrix.comment import Comment, Coverage, Followers
from matrix.post import Post
from matrix.run import Batch
from storage import batches, imports, sight
from storage.batches import Saved
from storage.database import writing
from storage.keyring import Keyring

HOUR = 3600
NICKNAME = "昵称："


@dataclass(slots=True)
class _Group:
    """What one account showed within one hour; no id twice, so that two observations in one file are two batches."""

    observed_at: datetime
    posts: dict[str, Post] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    followers: list[Followers] = field(default_factory=list)


@dataclass(slots=True)
class Portions:
    """Saves what a file brings. `is_stated` says that the user, not the file system, told when the file was made."""

    db: sqlite3.Connection
    owners: Owners
    keyring: Keyring
    now: datetime
    observed_at: datetime
    is_stated: bool = False
    is_rehearsal: bool = False
    rows: int = 0
    saved: Saved = field(default_factory=Saved)
    by_account: Counter[int] = field(default_factory=Counter)
    saved_by_account: dict[int, Saved] = field(default_factory=dict)
    looked_at: dict[int, datetime] = field(default_factory=dict)
    looked_from: dict[int, datetime] = field(default_factory=dict)
    """From which post on the file shows an account, and up to when."""
    messages: dict[int, list[str]] = field(default_factory=dict)
    """Messages whose file tells their answer or that there is none yet, by account."""

    newest: dict[int, datetime] = field(default_factory=dict)

    def save(self, batch: FileBatch) -> list[RowFault]:
        """Save one portion; gives the rows that found no account through their post."""
        groups: dict[tuple[int, int], list[_Group]] = {}
        faults: list[RowFault] = []
        for row in batch.posts:
            if account := self.owners.owner(row.account, row.line):
                post = with_post_id(row, account)
                self._group(groups, account, row.observed_at, post.published_at, "posts", post.ext_id).posts[post.ext_id] = post
        # Posts of this portion go in before its comments look for them.
        self._save_groups(groups)
        groups = {}
        threads = self._threads(batch.comments)
        for row in batch.comments:
            account = self._owner_of(row, threads, faults)
            if account:
                said = self._official(with_comment_ids(row, account), account.platform)
                group = self._group(groups, account, row.observed_at, said.published_at, "comments", said.ext_id)
                group.comments[said.ext_id] = said
                if row.reply is not None:
                    self._answer(row, said, account, group)
        for row in batch.followers:
            if account := self.owners.owner(row.account, row.line):
                seen = row.followers.observed_at
                self._group(groups, account, seen, seen, "", "").followers.append(row.followers)
        self._save_groups(groups)
        return faults

    def _answer(self, row: CommentRow, said: Comment, account: Account, group: _Group) -> None:
        """The account's answer out of the row of the message that it answers; a message without one waits."""
        text, at = row.reply or ("", None)
        self.messages.setdefault(account.id, []).append(said.ext_id)
        if at is not None:
            ext_id = f"{said.ext_id}:reply"
            group.comments[ext_id] = Comment(
                ext_id, said.post_ext, at, text, account.ext_id, account.name, True, said.ext_id, said.root_ext or said.ext_id
            )
        is_told = self.is_stated or row.observed_at != self.observed_at
        look = row.observed_at if is_told else at or said.published_at
        self.newest[account.id] = max(look, self.newest.get(account.id, look))

    def note_messages(self) -> None:
        """What a file does not tell had not come when it was made: at the newest thing in it, if nobody says when."""
        with writing(self.db):
            for account_id, ext_ids in self.messages.items():
                sight.save_alone(self.db, self.owners.by_id[account_id].platform, ext_ids, self.newest[account_id])

    def _group(
        self,
        groups: dict[tuple[int, int], list[_Group]],
        account: Account,
        observed_at: datetime,
        published_at: datetime,
        kind: str,
        ext_id: str,
    ) -> _Group:
        """The group that takes this row; counts it, and notes up to when the file shows the account.

        A file's own time says when it was written, not until when its maker looked: without the user's word or a time on the
        row, all that is known is the newest thing in it. So no account is called silent for want of a newer file.
        """
        is_known = self.is_stated or observed_at != self.observed_at
        look = observed_at if is_known else min(observed_at, published_at)
        if kind == "posts":  # a file of comments says nothing about what the account published
            self.looked_at[account.id] = max(look, self.looked_at.get(account.id, look))
            self.looked_from[account.id] = min(published_at, self.looked_from.get(account.id, published_at))
        self.rows += 1
        self.by_account[account.id] += 1
        stack = groups.setdefault((account.id, int(observed_at.timestamp()) // HOUR), [])
        if not stack or (kind and ext_id in getattr(stack[-1], kind)):
            stack.append(_Group(observed_at))
        group = stack[-1]
        group.observed_at = min(group.observed_at, observed_at)
        return group

    def _save_groups(self, groups: dict[tuple[int, int], list[_Group]]) -> None:
        if self.is_rehearsal:
            return
        for (account_id, _), stack in sorted(groups.items(), key=lambda item: item[0][::-1]):
            account = self.owners.by_id[account_id]
            for group in stack:
                batch = Batch(
                    group.observed_at,
                    posts=tuple(group.posts.values()),
                    comments=tuple(group.comments.values()),
                    followers=tuple(group.followers),
                    coverages=self._coverages(account, group.comments.values()),
                )
                saved = batches.save(self.db, account_id, account.platform, batch, self.keyring, self.now)
                self.saved += saved
                self.saved_by_account[account_id] = self.saved_by_account.get(account_id, Saved()) + saved

    def _coverages(self, account: Account, comments: Iterable[Comment]) -> tuple[Coverage, ...]:
        """Threads that only files tell of: what the platform was last said to hold, and that a file is all we have."""
        if account.route not in (Route.FILES, Route.NONE):
            return ()
        threads = sorted({comment.post_ext for comment in comments if comment.post_ext})
        stated = imports.stated_comments(self.db, account.platform, threads)
        return tuple(Coverage(post_ext, stated[post_ext], "file") for post_ext in threads if post_ext in stated)

    def _threads(self, rows: Iterable[CommentRow]) -> dict[tuple[Platform, str], Account]:
        wanted: dict[Platform, set[str]] = {}
        for row in rows:
            if row.thread:
                wanted.setdefault(row.account.platform, set()).add(row.thread)
        return {
            (platform, post_ext): account
            for platform, threads in wanted.items()
            for post_ext, account in self.owners.of_posts(platform, threads).items()
        }

    def _owner_of(self, row: CommentRow, threads: dict[tuple[Platform, str], Account], faults: list[RowFault]) -> Account | None:
        owner = threads.get((row.account.platform, row.thread))
        if owner or row.account.ext_id or row.account.name:
            return owner or self.owners.owner(row.account, row.line)
        if not row.thread:
            return self.owners.owner(row.account, row.line)
        reason = f"所属内容“{row.thread}”不在库中：请先导入该内容，或指定账号"
        faults.append(RowFault(row.line, reason, row.comment.text[:60]))
        return None

    def _official(self, comment: Comment, platform: Platform) -> Comment:
        """An account of the ledger is known by its name where the file has no ids; a citizen's name stands in for his id.

        Only Weibo keeps names unique; elsewhere the file itself must say that the writer is official.
        """
        if comment.author_id or not comment.author_name:
            return comment
        if platform == Platform.WEIBO or comment.author_is_official:
            account = self.owners.officials(platform, comment.author_name)
            if account:
                return replace(comment, author_id=account.ext_id, author_is_official=True)
        return replace(comment, author_id=NICKNAME + comment.author_name)


def digest(*parts: object) -> str:
    text = "\x1f".join(str(part) for part in parts)
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=9).hexdigest()


def with_post_id(row: PostRow, account: Account) -> Post:
    """The post under its final id: WeChat's are kept with their account; where the file has none, account, time and link or
    text stand for it, so that the same row is the same post whenever it comes."""
    post = row.post
    if not post.ext_id:
        said = (post.url,) if post.url else (post.title, post.text)
        return replace(post, ext_id=f"file-{account.id}-{digest(int(post.published_at.timestamp()), *said)}")
    return replace(post, ext_id=thread_id(post.ext_id, account))


def thread_id(post_ext: str, account: Account) -> str:
    """A post's id as the tables keep it."""
    if account.platform == Platform.WECHAT and ":" not in post_ext and not post_ext.startswith("file-"):
        return f"{account.ext_id}:{post_ext}"
    return post_ext


def with_comment_ids(row: CommentRow, account: Account) -> Comment:
    """The comment under final ids: numbers that are only unique within a thread are kept with their thread."""
    comment = row.comment
    post_ext = thread_id(comment.post_ext, account) if comment.post_ext else ""
    place = post_ext or (f"file-{account.id}:{row.thread}" if row.thread else f"file-{account.id}")

    def scoped(ext_id: str) -> str:
        is_global = account.platform != Platform.WECHAT and ext_id.isdigit() and len(ext_id) >= 9
        return ext_id if is_global else f"{place}:{ext_id}"

    own = digest(int(comment.published_at.timestamp()), comment.author_id or comment.author_name, comment.text)
    return replace(
        comment,
        ext_id=scoped(comment.ext_id) if comment.ext_id else f"{place}:{own}",
        post_ext=post_ext,
        parent_ext=scoped(comment.parent_ext) if comment.parent_ext else None,
        root_ext=scoped(comment.root_ext) if comment.root_ext else None,
    )
