"""The commercial interface: whole timelines of any account, comment trees, batches."""

from simulator.events import SimAccount, SimComment, SimPost
from simulator.seeing import counted_until, root_of, shown_until, stated_comments
from simulator.weibo_call import Call, RefusalError, turn_page
from simulator.weibo_free import envelope, find_post, find_user
from simulator.weibo_shapes import Json, View, account_user, comment, deleted_status, posts_ever, status


def _existing(call: Call, account: SimAccount) -> list[SimPost]:
    """Posts that are not deleted; hidden ones are among them until the page is cut."""
    posts = call.world.city.posts(account, 0, call.now)
    return [post for post in posts if post.deleted_at is None or call.now < post.deleted_at]


def _is_open(call: Call, post: SimPost) -> bool:
    return post.hidden_at is None or call.now < post.hidden_at


def _wanted(call: Call, posts: list[SimPost]) -> list[SimPost]:
    """feature 1 is originals, 8 (of /biz) reposts; the kinds with pictures, video or music have none here."""
    feature = call.number("feature")
    begin, end = call.number("start_time"), call.number("end_time")
    posts = [post for post in posts if begin <= post.at and (not end or post.at <= end)]
    if feature in (0, 7):
        return posts
    return [post for post in posts if post.original == (feature == 1)] if feature in (1, 8) else []


def _timeline(call: Call, account: SimAccount, most: int) -> Json:
    page = turn_page(call, _wanted(call, _existing(call, account)), lambda post: _is_open(call, post), 20, most)
    view = call.view()
    return envelope("statuses", [status(view, post) for post in page.items], page, posts_ever(view, account))


def own_timeline(call: Call) -> Json:
    """statuses/user_timeline/biz."""
    account = find_user(call)
    if account is not call.owner:
        raise RefusalError(10014)
    return _timeline(call, account, 100)


def other_timeline(call: Call) -> Json:
    """statuses/user_timeline/other: any account, at most 25 a page."""
    if not call.params.get("uid"):
        raise RefusalError(10016, "uid")
    return _timeline(call, find_user(call), 25)


def many_timelines(call: Call) -> Json:
    """statuses/user_timeline_batch: the posts of up to 20 accounts in one list."""
    found = [a for a in map(call.world.city.account, call.ids("uids", 20)) if a and a.platform == "weibo"]
    merged = sorted((p for a in found for p in _wanted(call, _existing(call, a))), key=lambda post: post.number)
    page = turn_page(call, merged, lambda post: _is_open(call, post), 20, 100)
    view = call.view()
    total = sum(posts_ever(view, account) for account in found)
    return envelope("statuses", [status(view, post) for post in page.items], page, total)


def show_many(call: Call) -> Json:
    """statuses/show_batch/biz: deleted posts as a sentence, hidden and unknown ones left out; an error only if all fail."""
    view, made, refusal = call.view(), [], RefusalError(20101)
    for word in call.ids("ids", 50):
        post = call.world.city.post(word)
        if post is None or post.account.platform != "weibo" or post.at > call.now:
            continue
        if post.deleted_at is not None and post.deleted_at <= call.now:
            made.append(deleted_status(post.number))
        elif _is_open(call, post):
            made.append(status(view, post))
        else:
            refusal = RefusalError(20112)
    if not made:
        raise refusal
    return {"statuses": made}


def comment_tree(call: Call) -> Json:
    """comments/tree/root_list: roots with their first `child_count` children, oldest first.

    The envelope's total_number states all comments of the post, a root's total_number its children; both still count
    filtered ones.
    """
    post = find_post(call, call.params.get("id", ""))
    counted = [c for c in post.comments if c.at <= call.now < counted_until(c)]
    below: dict[str, list[SimComment]] = {}
    for said in counted:
        if said.parent is not None:
            below.setdefault(root_of(said).key, []).append(said)
    ascending = call.params.get("is_asc") == "1"
    roots = [c for c in counted if c.parent is None]
    page = turn_page(call, roots, lambda c: call.now < shown_until(c), 5, 200, ascending)
    view, children = call.view(), call.number("child_count", 5, 200)
    made = [_branch(view, root, below.get(root.key, []), children) for root in page.items]
    return envelope("root_comments", made, page, stated_comments(post, call.now))


def _branch(view: View, root: SimComment, below: list[SimComment], most: int) -> Json:
    shown = [c for c in below if view.now < shown_until(c)][:most]
    return {**comment(view, root), "total_number": len(below), "comments": [comment(view, c, with_status=False) for c in shown]}


def show_users(call: Call) -> Json:
    """users/show_batch/other: those that exist."""
    found = map(call.world.city.account, call.ids("uids", 50))
    view = call.view()
    return {"users": [account_user(view, account) for account in found if account and account.platform == "weibo"]}
