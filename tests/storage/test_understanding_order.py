"""Whatever order looks, edits and readings come in, the facts are the same."""

import random
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.comment import Comment
from storage import rollups
from tests.storage.reading_desk import answer, ask, post, read_all, responses, save
from tests.storage.small_city import a_city

WORDS = ("什么时候来水？", "举报！有人偷水？", "谢谢", "还没来？", "好的")


@st.composite
def looks(draw: st.DrawFn) -> list[tuple[int, float, list[Comment]]]:
    """Looks at a thread, or at talk below no post of ours, whose comments answer each other in every way and are edited."""
    said: list[Comment] = []
    post_ext, is_edited = draw(st.sampled_from(("p0", ""))), draw(st.booleans())
    for place in range(draw(st.integers(2, 12))):
        roots = [one for one in said if one.parent_ext is None]
        above = draw(st.sampled_from([None, *said]))
        root = None if above is None else above.root_ext or above.ext_id
        at = draw(st.integers(1, 60))
        if draw(st.booleans()) or not roots:
            made = ask(f"c{place}", at, draw(st.sampled_from(WORDS)), by=draw(st.sampled_from("甲乙")), post=post_ext)
        else:
            text = draw(st.sampled_from(("来信收悉", "今晚八点恢复。")))
            made = answer(f"r{place}", at, text=text, by=draw(st.sampled_from((0, 1, 2))), post=post_ext)
        said.append(replace(made, parent_ext=above and above.ext_id, root_ext=root))
    edited = [one for one in said if is_edited and one.author_is_official]
    for one in edited:
        text = draw(st.sampled_from(("来信收悉，请稍候", "明早八点恢复。")))
        at = draw(st.sampled_from((one.published_at, one.published_at + timedelta(minutes=90))))
        said.append(replace(one, text=text, published_at=at))
    liked = [replace(one, likes=place) for place, one in enumerate(said) if is_edited and draw(st.booleans())]
    said += draw(st.permutations(liked))
    owners = {one.ext_id: 0 if post_ext else draw(st.integers(0, 1)) for one in said}
    return [(owners[one.ext_id], 100 + place, [one]) for place, one in enumerate(said)]


@settings(max_examples=40, deadline=None)
@given(seen=looks(), rng=st.randoms(use_true_random=False))
def test_facts_and_sums_do_not_depend_on_the_order_of_arrival_or_of_reading(
    seen: list[tuple[int, float, list[Comment]]], rng: random.Random
) -> None:
    found = []
    for is_torn in (False, True):
        db, ids = a_city()
        order = list(seen)
        if is_torn:
            rng.shuffle(order)
            order += rng.choices(order, k=2)
        for place, (owner, at, said) in enumerate(order):
            save(db, ids[owner], at, *said, posts=(post(),) if place == len(order) // 2 else (), cause=None)
            if is_torn and rng.random() < 0.5:
                read_all(db, limit=rng.choice((1, 2000)))
        save(db, ids[0], 500)
        read_all(db)
        facts = responses(db)
        for fact in facts.values():
            for name in ("seen_at", "first_seen_at", "answer_seen_at"):
                fact.pop(name)
        links = db.execute(
            "SELECT c.ext_id, a.kind, p.ext_id, q.ext_id FROM appeals a JOIN comments c ON c.id = a.comment_id "
            "LEFT JOIN comments p ON p.id = a.presses LEFT JOIN comments q ON q.id = a.reopens ORDER BY 1"
        ).fetchall()
        kinds = db.execute(
            "SELECT c.ext_id, c.kind, r.day, r.nature, r.since_at FROM comments c "
            "LEFT JOIN replies r ON r.comment_id = c.id ORDER BY 1"
        ).fetchall()
        found.append((dict(sorted(facts.items())), links, kinds))
        assert set(rollups.differences(db).values()) == {0}
        db.close()
    assert found[0] == found[1]
