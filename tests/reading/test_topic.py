"""Topics: two levels, the top two shown, any text judged, the post above asked only in doubt."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.appeal import Words
from matrix.topic import OTHER, parse_topics
from reading import heads, topic, topic_names
from reading.topic import judge, judge_by
from reading.topic_names import names_of

PIECES = (
    "停水",
    "公交",
    "吗",
    "？",
    "@路人甲 ",
    "//@路人:",
    "[doge]",
    "😀",
    "\n",
    "\ud83d",
    "\u202e",
    "谢谢",
    " ",
    "3天",
    "\x00",
    "学校",
)
texts = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
words = st.builds(Words, texts, st.just("comment"), st.one_of(st.just(""), st.just("停水通知：东街今天停水"), texts))
HOSTILE = {
    "empty": "",
    "blank": " \t\u3000",
    "long": "路灯坏了没人修，" * 1500,
    "letter": "啊" * 10_000,
    "faces": "😀👍🏻❤️",
    "half": "\ud83d" * 40,
}


@pytest.mark.parametrize(
    ("text", "name", "part"),
    [
        ("小区物业三个月没修电梯，业委会也不管", "城乡建设", "物业管理"),
        ("地铁二号线早高峰能不能加密班次", "交通运输", "轨道交通"),
        ("工地夜间施工噪音太大，根本睡不着", "生态环境", "噪声与油烟"),
        ("幼儿园招生划片是怎么定的", "教育文体", "学前教育"),
        ("医院挂号要等半个月，急诊也没有医生", "卫生健康", "看病就医"),
        ("工厂拖欠工资四个月，农民工讨薪无门", "劳动社保", "欠薪"),
        ("身份证丢了，补办要不要回户籍地派出所", "公安司法", "户籍证件"),
        ("低保突然停发，临时救助也批不下来", "民政救助", "低保救助"),
    ],
)
def test_a_matter_is_named_on_two_levels(text: str, name: str, part: str) -> None:
    (said,) = judge([Words(text)])
    assert (said.topic, said.first.part) == (name, part)
    assert str(said.first) == f"{name}/{part}"
    assert said.words


@pytest.mark.parametrize("text", ["哈哈哈太可爱了", "早安，大家加油", "前排", "喜欢"])
def test_talk_is_about_nothing_in_particular(text: str) -> None:
    assert judge([Words(text)])[0].topic == OTHER


def test_doubtful_words_take_half_from_the_post_above_them() -> None:
    post = "停水通知：因管网抢修，东街一带自来水今天停水"
    (alone, below) = judge([Words("什么时候恢复"), Words("什么时候恢复", post=post)])
    assert "城乡建设" in (below.first.name, below.second.name)
    assert (below.topic, below.first.part) == ("城乡建设", "供水排水")
    assert alone.topic != "城乡建设" or alone.first.share < below.first.share


def test_words_that_speak_for_themselves_do_not_ask_the_post() -> None:
    text = "公交车一小时一班，公交站台连个座位都没有"
    assert judge([Words(text)]) == judge([Words(text, post="停水通知：东街今天停水")])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_is_read_and_disturbs_no_neighbour(text: str) -> None:
    before, after = Words("请问公积金怎么提取"), Words("哈哈哈好可爱")
    alone = judge([before]) + judge([Words(text, post=text)]) + judge([after])
    assert judge([before, Words(text, post=text), after]) == alone


@settings(max_examples=40, deadline=None)
@given(st.lists(words, max_size=6), st.randoms(use_true_random=False))
def test_neither_order_nor_batch_changes_a_topic(some: list[Words], rng) -> None:
    alone = [judge([one])[0] for one in some]
    order = list(range(len(some)))
    rng.shuffle(order)
    assert [judge(some)[place] for place in order] == judge([some[place] for place in order])
    assert judge(some) == alone


@settings(max_examples=40, deadline=None)
@given(words)
def test_a_topic_is_whole(one: Words) -> None:
    (said,) = judge([one])
    names = [known.name for known in topic_names.shipped().topics]
    assert said.first.name in names
    assert said.second.name in names
    assert said.first.name != said.second.name
    assert said.first.share + said.second.share <= 1.001
    assert said.first.share >= said.second.share >= 0
    for shown in (said.first, said.second):
        assert not shown.part or shown.part in next(
            known.parts for known in topic_names.shipped().topics if known.name == shown.name
        )


def test_a_topic_that_an_operator_adds_lives_by_its_keywords() -> None:
    added = parse_topics({"topics": [*_written(), {"name": "大运会", "parts": {"场馆": "体育中心、闭环通道"}}]})
    names = names_of(added)
    read = lambda text: judge_by([Words(text)], topic.model(), names)[0]  # noqa: E731
    assert read("大运会期间闭环通道和体育中心怎么进").first.name == "大运会"
    assert read("小区物业不管事，业委会也不管").first.name == "城乡建设"
    assert "大运会" not in (read("哈哈哈").first.name, read("哈哈哈").second.name)


def test_a_topic_that_an_operator_renames_keeps_its_weights_by_its_label() -> None:
    renamed = [{**one, "name": "路与车", "labels": ["交通运输"]} if one["name"] == "交通运输" else one for one in _written()]
    (said,) = judge_by([Words("末班车提前收车，公交站的人都在等")], topic.model(), names_of(parse_topics({"topics": renamed})))
    assert said.first.name == "路与车"


def test_a_topic_that_an_operator_drops_is_never_named() -> None:
    left = [one for one in _written() if one["name"] != "交通运输"]
    (said,) = judge_by([Words("末班车提前收车，公交站的人都在等")], topic.model(), names_of(parse_topics({"topics": left})))
    assert "交通运输" not in (said.first.name, said.second.name)


def test_the_version_names_weights_rules_and_topics() -> None:
    assert re.fullmatch("主题判读-[0-9a-f]{8}", topic.VERSION)
    assert heads.version("主题判读", topic.model(), topic._sources()) == topic.VERSION
    assert topic_names.FILE in topic._sources()
    assert {"topic.py", "topic_names.py", "heads.py", "appeal_text.py", "appeal_model.py"} <= {
        source.name for source in topic._sources()
    }


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(tmp_path) -> None:
    (tmp_path / "topics.toml").write_text('[[topics]]\nname = "甲', encoding="utf-8")
    with pytest.raises(ValueError, match="读不出来"):
        topic_names.shipped(tmp_path / "topics.toml")


def test_no_words_give_no_topics() -> None:
    assert judge([]) == []


def _written() -> list[dict]:
    return [
        {"name": one.name, "labels": list(one.labels), "parts": {part: "、".join(some) for part, some in one.parts.items()}}
        for one in topic_names.shipped().topics
    ]


def test_two_topics_that_an_operator_makes_one_are_read_as_that_one() -> None:
    left = [one for one in _written() if one["name"] not in ("教育文体", "卫生健康")]
    joined = parse_topics({"topics": [*left, {"name": "教科卫", "labels": ["教育文体", "卫生健康"]}]})
    for text in ("幼儿园招生划片是怎么定的", "医院挂号要等半个月，急诊也没有医生"):
        assert judge_by([Words(text)], topic.model(), names_of(joined))[0].first.name == "教科卫"


def test_without_the_words_the_judgement_is_the_same() -> None:
    words = [Words(text, "comment") for text in ("小区停水三天了", "公交车一直不来", "加油")]
    told, untold = judge(words), judge(words, tells_words=False)
    assert [(one.first, one.second) for one in untold] == [(one.first, one.second) for one in told]
    assert not any(one.words for one in untold)
