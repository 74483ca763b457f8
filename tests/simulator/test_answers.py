"""Threads in which offices answer in every hard way: told true, shown by the interfaces, the same for everybody."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from simulator.answering import ANSWERING, LIVELY, answers_since
from simulator.city import DAY, City
from simulator.events import SimAccount, SimComment, SimPost
from simulator.ideal import comment_key, ideal
from simulator.mids import day_of
from simulator.seeing import reply_at, root_of, said_at, shown_until
from simulator.truth import happened
from simulator.turns import CROWD
from tests.simulator.conftest import START

TREE, FLAT = "/weibo-commercial/2/comments/tree/root_list.json", "/weibo-free/2/comments/show.json"


@pytest.fixture(scope="module")
def city() -> City:
    return City(23, 24, START, history_days=6, happenings=LIVELY, busy=1.5)


def threads(city: City, platform: str = "weibo") -> Iterator[tuple[SimAccount, SimPost]]:
    for account in city.accounts:
        if account.platform == platform:
            for post in city.posts(account, 0, START):
                yield account, post


def officials(city: City) -> Iterator[tuple[SimAccount, SimComment]]:
    for account, post in threads(city):
        for said in post.comments:
            if said.official:
                yield account, said


def test_without_a_rate_nothing_is_added_and_with_one_nothing_is_taken_away() -> None:
    plain, lively = City(7, 15, START, history_days=4), City(7, 15, START, history_days=4, happenings=LIVELY)
    for account in plain.accounts:
        for before, after in zip(plain.posts(account, 0, START), lively.posts(account, 0, START), strict=True):
            was = [(c.key, c.at, c.text, c.author_id) for c in before.comments]
            now = {(c.key, c.at, c.text, c.author_id) for c in after.comments}
            assert set(was) <= now
            assert not any(c.edits or c.mood or c.presses or c.reopens or c.nature == "automatic" for c in before.comments)
    assert all(rate == 0 for rate in ANSWERING.values())
    assert set(LIVELY) == set(ANSWERING)


def test_the_same_seed_gives_the_same_answers_whatever_was_asked_before() -> None:
    def told(city: City, backwards: bool) -> list[dict[str, object]]:
        for account in reversed(city.accounts) if backwards else ():
            city.posts(account, START - DAY, START)
        return [line for account in city.accounts for line in happened(city, account, 0, START)]

    one, other = (City(11, 12, START, history_days=3, happenings=LIVELY) for _ in range(2))
    assert told(one, False) == told(other, True)


def test_every_shape_happens(city: City) -> None:
    found: Counter[str] = Counter()
    for account, said in officials(city):
        found[said.nature] += 1
        found["sister"] += said.author_id != account.ext_id
        found["deep"] += said.answers is not None and said.parent is not said.answers
        found["beside an appeal"] += said.answers is None and said.parent is not None
        found["edited"] += bool(said.edits)
        found["became an answer"] += said.nature == "receipt" and answers_since(said) is not None
        found["taken down"] += said.deleted_at is not None
    for _, post in threads(city):
        for said in post.comments:
            found[f"mood {said.mood}"] += bool(said.mood)
            found["pressed"] += said.presses is not None
            found["reopened"] += said.reopens is not None
            found["stranger"] += not said.official and city.account(said.author_id) is not None
    for _, post in threads(city, "wechat"):
        for said in post.comments:
            found["given anew"] += any(text for _, text, _ in said.edits)
    wanted = "receipt substantive automatic general sister deep edited pressed reopened stranger"
    for name in (*wanted.split(), "beside an appeal", "became an answer", "taken down", "mood 满意", "mood 不满", "given anew"):
        assert found[name] >= 3, (name, found)


def test_an_official_word_names_the_matter_of_the_one_it_speaks_to_and_comes_after_it(city: City) -> None:
    for account, said in officials(city):
        if said.nature == "general":
            assert said.parent is None and said.answers is None
        if said.author_id != account.ext_id:
            sister = city.account(said.author_id)
            assert sister is not None and sister.unit == account.unit and sister.platform == account.platform
        if said.answers is not None:
            assert said.answers.asks and said.answers.presses is None and said.answers.at < said.at
            assert root_of(said.answers) is root_of(said)
            above = said.parent
            spoken_to: set[str] = set()
            while above is not None:
                spoken_to.add(above.author_id)
                above = above.parent
            assert said.answers.author_id in spoken_to


def test_whoever_presses_has_no_answer_yet_and_whoever_reopens_has_one(city: City) -> None:
    answers: dict[str, list[int]] = {}
    for _, said in officials(city):
        if said.answers is not None and (since := answers_since(said)) is not None:
            answers.setdefault(said.answers.key, []).append(since)
    for _, post in threads(city):
        for said in (c for c in post.comments if c.asks):
            before = said.presses or said.reopens
            if before is None:
                continue
            assert before.author_id == said.author_id and root_of(before) is root_of(said) and before.at < said.at
            is_answered = any(at < said.at for at in answers.get(before.key, ()))
            assert is_answered == (said.reopens is not None)


def test_a_robot_says_the_same_to_everybody_of_a_day(city: City) -> None:
    said: dict[tuple[str, int], set[str]] = {}
    for account, word in officials(city):
        if word.nature == "automatic":
            assert word.parent is not None and 0 < word.at - word.parent.at <= 60
            said.setdefault((account.ext_id, day_of(word.parent.at)), set()).add(word.text.partition(":")[2])
    assert said and all(len(texts) == 1 for texts in said.values())


def test_a_crowded_sub_thread_hides_the_answer_behind_its_end() -> None:
    full = City(7, 15, START, history_days=3, happenings={**LIVELY, "crowded_threads": 1.0}, mix=("weibo_commercial",))
    account = full.accounts[0]
    seen = ideal(full, account, 3600, full.begin, START)
    for post in full.posts(account, START - 3 * DAY, START - 2 * DAY):
        sizes = Counter(root_of(c).key for c in post.comments if c.parent is not None and not c.official)
        key, size = sizes.most_common(1)[0] if sizes else ("", 0)
        if size >= CROWD:
            hidden = [c.key for c in post.comments if c.official and root_of(c).key == key and c.parent and c.parent.key == key]
            assert seen.missed[hidden[-1]] == "beyond_children"
            return
    raise AssertionError("no sub-thread was crowded")


def test_the_interfaces_show_what_the_truth_tells(serve) -> None:
    served = serve(accounts=12, happenings={**LIVELY, "crowded_threads": 0.0}, busy=2.0, mix=("weibo_commercial", "weibo_free"))
    compared = edited = 0
    for account in served.world.city.accounts:
        for post in served.world.city.visible_posts(account, START):
            if account.route == "weibo_free":
                page = served.get(FLAT, account, id=post.key, count=200)
                shown = page["comments"]
            else:
                page = served.get(TREE, account, id=post.key, count=200, child_count=200)
                shown = [one for root in page["root_comments"] for one in (root, *root["comments"])]
            if page["next_cursor"]:
                continue
            wanted = {
                c.key: (said_at(c, START), c.author_id, root_of(c).key, c.parent.key if c.parent else "")
                for c in post.comments
                if c.at <= START < shown_until(c) and (c.app_user or account.route != "weibo_free")
            }
            told = {
                one["idstr"]: (one["text"], one["user"]["idstr"], one["rootidstr"], one.get("reply_comment", {}).get("idstr", ""))
                for one in shown
            }
            assert told == wanted
            compared += len(told)
            edited += sum(bool(c.edits) and c.edits[0][0] <= START and c.key in told for c in post.comments)
    assert compared > 500 and edited > 3


def test_the_truth_tells_natures_links_and_edits_as_lines(city: City) -> None:
    lines = [line for account in city.accounts for line in happened(city, account, 0, START)]
    json.dumps(lines)
    by_key = {line["key"]: line for line in lines if line["what"] in ("comment", "reply")}
    kinds = Counter(line["what"] for line in lines)
    assert kinds["comment_edit"] > 3 and kinds["reply_edit"] > 0
    for line in by_key.values():
        if line.get("nature") and line.get("answers"):
            assert by_key[line["answers"]]["asks"]
        for name in ("presses", "reopens"):
            if line.get(name):
                assert by_key[line[name]]["author"] == line["author"]
    assert sum(bool(line.get("presses")) for line in by_key.values()) > 20
    assert sum(bool(line.get("mood")) for line in by_key.values()) > 5


def test_a_reply_on_wechat_that_is_given_anew_has_a_new_moment(city: City) -> None:
    anew = [c for _, post in threads(city, "wechat") for c in post.comments if c.edits and c.edits[0][1]]
    gone = [c for _, post in threads(city, "wechat") for c in post.comments if c.edits and not c.edits[0][1]]
    assert anew
    for said in anew:
        at, text, _ = said.edits[0]
        assert said.reply_at is not None and said.reply_at < at
        assert reply_at(said, at - 1) == (said.reply_at, said.reply_text)
        assert reply_at(said, at) == (at, text)
    for said in gone:
        assert reply_at(said, said.edits[0][0]) is None
        assert comment_key(said)
