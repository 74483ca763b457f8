"""Which official words answer which appeal: nested, by a sister account, out of order, automatic, pressed and reopened."""

import random

from hypothesis import given
from hypothesis import strategies as st

from matrix.reply import ReplyNature
from matrix.response import MOST_CHILDREN, Matter, Utterance, known_until, match

OWN, SISTER, STRANGER = 1, 2, 9
ANSWER, RECEIPT, AUTOMATIC = ReplyNature.SUBSTANTIVE, ReplyNature.RECEIPT, ReplyNature.AUTOMATIC
NAMES = {OWN: "临江水务", SISTER: "临江供水热线", STRANGER: "邻县发布"}


def cite(
    ext: str, at: int, author: str, text: str = "还没来水吗？", below: str = "", asks: bool = True, root: str = ""
) -> Utterance:
    """What a citizen says; `at` in minutes."""
    number = int("".join(letter for letter in ext if letter.isdigit()) or 0)
    return Utterance(number, ext, below or None, root or None, at * 60, author, author, text, None, asks)


def office(
    ext: str, at: int, below: str = "", nature: ReplyNature = ANSWER, by: int = OWN, text: str = "", root: str = ""
) -> Utterance:
    """What an official account says; `at` in minutes."""
    number = 1000 + int("".join(letter for letter in ext if letter.isdigit()) or 0)
    words = text or "今晚八点恢复。"
    return Utterance(number, ext, below or None, root or None, at * 60, f"o{by}", NAMES[by], words, by, False, nature)


def is_ours(account: int, _at: int) -> bool:
    return account in (OWN, SISTER)


def judged(*said: Utterance) -> list[Matter]:
    return match(said, is_ours)


def test_the_first_reply_below_an_appeal_is_the_answer() -> None:
    (matter,) = judged(cite("c1", 0, "甲"), office("r2", 15, "c1"), office("r3", 20, "c1"))
    assert matter.first is matter.answer
    assert matter.answer is not None
    assert (matter.answer.ext, matter.answer.at - matter.appeal.at) == ("r2", 15 * 60)


def test_a_reply_deeper_in_the_thread_of_an_appeal_answers_it() -> None:
    said = (cite("c1", 0, "甲"), cite("c2", 5, "乙", "同问", "c1", asks=False), office("r3", 9, "c2"))
    assert judged(*said)[0].answer is said[2]


def test_a_reply_to_somebody_beside_or_above_answers_no_nested_appeal() -> None:
    said = (
        cite("c1", 0, "甲", "路过", asks=False),
        cite("c2", 1, "乙", below="c1"),
        cite("c3", 2, "丙", below="c1", asks=False),
        office("r4", 9, "c3"),
        office("r5", 9, "c1"),
    )
    assert judged(*said)[0].first is None


def test_an_interface_that_names_only_the_top_leaves_the_addressee_to_the_words() -> None:
    said = (
        cite("c1", 0, "甲", "路过", asks=False),
        cite("c2", 1, "乙", below="c1", root="c1"),
        cite("c3", 2, "丙", below="c1", root="c1"),
        office("r4", 9, "c1", root="c1", text="回复@丙:今晚八点恢复。"),
    )
    beside, answered = judged(*said)
    assert beside.answer is None
    assert answered.answer is said[3]


def test_a_reply_whose_parent_is_not_held_stands_below_the_top() -> None:
    said = (cite("c1", 0, "甲"), office("r2", 9, "gone", root="c1"))
    assert judged(*said)[0].answer is said[1]


def test_a_receipt_stops_only_the_first_clock() -> None:
    receipt, answer = office("r2", 10, "c1", RECEIPT), office("r3", 300, "c1")
    (matter,) = judged(cite("c1", 0, "甲"), receipt, answer)
    assert (matter.first, matter.answer) == (receipt, answer)
    (open_still,) = judged(cite("c1", 0, "甲"), receipt)
    assert (open_still.first, open_still.answer) == (receipt, None)


def test_an_automatic_reply_stops_no_clock() -> None:
    (matter,) = judged(cite("c1", 0, "甲"), office("r2", 1, "c1", AUTOMATIC))
    assert (matter.first, matter.answer) == (None, None)


def test_a_sister_account_answers_for_the_unit_and_a_stranger_does_not() -> None:
    (matter,) = judged(cite("c1", 0, "甲"), office("r2", 3, "c1", by=STRANGER), office("r3", 5, "c1", by=SISTER))
    assert matter.answer is not None
    assert matter.answer.account_id == SISTER


def test_a_general_word_is_no_answer_and_is_shown_as_elsewhere() -> None:
    before, after = office("r1", 1), office("r3", 30)
    (matter,) = judged(before, cite("c2", 5, "甲"), after)
    assert (matter.answer, matter.first, matter.elsewhere) == (None, None, after)


def test_asking_again_before_the_answer_is_the_same_matter_whose_clock_runs_from_the_first_words() -> None:
    said = (cite("c1", 0, "甲"), cite("c2", 60, "甲", "有人吗？", "c1"), office("r3", 90, "c2"))
    (matter,) = judged(*said)
    assert matter.pressed == [said[1]]
    assert matter.answer is said[2]
    assert matter.appeal is said[0]


def test_asking_again_after_a_mere_receipt_presses_too() -> None:
    said = (cite("c1", 0, "甲"), office("r2", 5, "c1", RECEIPT), cite("c3", 60, "甲", "然后呢？", "r2"), office("r4", 70, "c3"))
    (matter,) = judged(*said)
    assert (matter.first, matter.answer) == (said[1], said[3])


def test_asking_again_after_the_answer_is_a_new_matter_with_its_own_clock() -> None:
    said = (
        cite("c1", 0, "甲"),
        office("r2", 10, "c1"),
        cite("c3", 5 * 1440, "甲", "又停了？", "r2"),
        office("r4", 5 * 1440 + 10, "c3"),
    )
    first, second = judged(*said)
    assert first.answer is said[1]
    assert first.followup is said[2]
    assert second.reopens == first.appeal.id
    assert second.answer is said[3]
    assert said[3].at - second.appeal.at == 600


def test_two_citizens_in_one_sub_thread_have_two_matters() -> None:
    said = (cite("c1", 0, "甲"), cite("c2", 4, "乙", below="c1"), office("r3", 9, "c2"))
    first, second = judged(*said)
    assert first.answer is second.answer is said[2]


def test_what_a_citizen_says_to_the_answer_is_kept_with_it() -> None:
    said = (cite("c1", 0, "甲"), office("r2", 5, "c1"), cite("c3", 9, "甲", "谢谢，来水了", "r2", asks=False))
    assert judged(*said)[0].followup is said[2]


def test_comments_that_answer_each_other_in_a_circle_end() -> None:
    said = (cite("c1", 0, "甲", below="c2"), cite("c2", 1, "乙", below="c1"), office("r3", 9, "c1"))
    assert {matter.answer.ext for matter in judged(*said) if matter.answer} == {"r3"}


def test_writers_who_are_not_known_are_never_taken_for_one_person() -> None:
    assert len(judged(cite("c1", 0, ""), cite("c2", 5, "", below="c1"))) == 2


def test_an_answer_is_known_to_be_missing_only_where_the_thread_is_held() -> None:
    (matter,) = judged(cite("c1", 10, "甲"))
    assert known_until(matter, "", 9000, 9000) == 9000
    assert known_until(matter, "budget", 9000, 8000) == 8000, "the look that was not finished adds nothing"
    assert known_until(matter, "interrupted", 9000, None) is None
    assert known_until(matter, "interrupted", 9000, 300) is None, "a look before the question says nothing"
    assert known_until(matter, None, None, None) is None


def test_a_cut_list_of_replies_blinds_only_the_sub_thread_that_was_cut() -> None:
    small = cite("c1", 0, "甲")
    large = cite("d1", 0, "乙")
    below = [cite(f"d{number}", number, "丙", "路过", "d1", asks=False, root="d1") for number in range(2, MOST_CHILDREN + 2)]
    whole, cut = judged(small, large, *below)
    assert known_until(whole, "nested", 90_000, None) == 90_000
    assert known_until(cut, "nested", 90_000, None) is None


@st.composite
def threads(draw: st.DrawFn) -> list[Utterance]:
    """Any thread: who answers whom, when and as what, is free."""
    said: list[Utterance] = []
    for place in range(draw(st.integers(1, 14))):
        above = draw(st.sampled_from(["", *(one.ext for one in said), "gone"]))
        at = draw(st.integers(0, 30))
        if draw(st.booleans()):
            said.append(cite(f"c{place}", at, draw(st.sampled_from("甲乙丙")), below=above, asks=draw(st.booleans())))
        else:
            nature, by = draw(st.sampled_from(list(ReplyNature))), draw(st.sampled_from([OWN, SISTER, STRANGER]))
            said.append(office(f"r{place}", at, above, nature, by))
    return said


@given(threads(), st.randoms(use_true_random=False))
def test_the_order_in_which_words_arrive_changes_nothing(said: list[Utterance], rng: random.Random) -> None:
    shuffled = list(said)
    rng.shuffle(shuffled)
    assert match(said, is_ours) == match(shuffled, is_ours)


@given(threads())
def test_every_appeal_is_in_exactly_one_matter_and_no_answer_comes_before_it(said: list[Utterance]) -> None:
    matters = match(said, is_ours)
    counted = [one.ext for matter in matters for one in (matter.appeal, *matter.pressed)]
    assert sorted(counted) == sorted(one.ext for one in said if one.is_appeal)
    for matter in matters:
        for reply in filter(None, (matter.first, matter.answer, matter.elsewhere)):
            assert reply.at >= matter.appeal.at
            assert reply.account_id in (OWN, SISTER)
            assert reply.nature is not AUTOMATIC
        if matter.answer is not None:
            assert matter.first is not None
            assert matter.first.at <= matter.answer.at
