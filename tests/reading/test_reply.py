"""An official reply is a receipt or an answer, whatever its length, and each flaw is found by a rule that can be told."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.reply import Reason, ReplyNature, Said
from reading.reply import judge, mood, wording
from simulator import texts

TEXTS = st.text(
    st.sampled_from(
        "您好已转交收悉今晚8点恢复供水请拨打12345谢谢，。！：？@#[]【】《》“” \n路灯修abAZ🙏网友回复链接可以不能第条规定"
    ),
    max_size=60,
) | st.text(max_size=40)


def nature(reply: str, question: str = "") -> ReplyNature:
    return judge([Said(reply, question)])[0].nature


def reasons(reply: str, question: str = "") -> tuple[str, ...]:
    return tuple(str(reason) for reason in judge([Said(reply, question)])[0].reasons)


@pytest.mark.parametrize(
    "reply",
    [
        "今晚8点恢复供水",
        "可以，带身份证到一楼",
        "您好，延误证明请点击链接领取：网页链接",
        "办事指南：https://www.example.cn/guide/3",
        "头班车6点，末班车23点半",
        "不限号。",
        "有的",
        "5号窗口",
        "在北门右手边",
        "谣言，没有的事",
        "泵房跳闸了，电工已在路上",
        "去年就通车了",
        "只收工本费十元",
        "网友您好：已修好，给您带来不便敬请谅解！",
        "回复@小河流水:楼道灯已换新",
        "您好，您反映的渣土车问题，昨晚查扣两辆，司机已罚款。感谢监督！",
        "已转供水公司，抢修队到场，预计今晚9点来水",
    ],
)
def test_a_short_answer_is_an_answer(reply: str) -> None:
    assert nature(reply) is ReplyNature.SUBSTANTIVE


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("收到", Reason.RECEIVED),
        ("您好！您的留言已收悉，感谢您的关注与支持！2026年3月2日", Reason.RECEIVED),
        ("网友“河边的树”：您好！您反映的问题已转交市交通局核实处理，请您耐心等待。", Reason.HANDED_OVER),
        ("您好，已将情况反馈给辖区街道。", Reason.HANDED_OVER),
        ("您的问题小编已经@相关部门啦，稍等一下下~", Reason.HANDED_OVER),
        ("亲，请私信小编您的电话和地址哦", Reason.CALL),
        ("您好，请拨打客服热线咨询，谢谢。", Reason.CALL),
        ("因信息不全，请补充时间、地点后再次反映。", Reason.CALL),
        ("该问题不属于我局职责范围，建议向市教育局反映。", Reason.ELSEWHERE),
        ("我们高度重视，将进一步加强管理，提升服务质量。", Reason.PROMISE),
        ("正在处理中，请耐心等待", Reason.PROMISE),
        ("谢谢您的支持与理解！", Reason.COURTESY),
        ("网友您好！", Reason.COURTESY),
        ("[抱拳][抱拳]", Reason.WORDLESS),
        ("", Reason.WORDLESS),
    ],
)
def test_a_receipt_is_a_receipt_and_says_of_which_kind(reply: str, reason: Reason) -> None:
    for question in ("", "路灯坏了三天没人修"):
        judged = judge([Said(reply, question)])[0]
        assert (judged.nature, judged.reasons[0]) == (ReplyNature.RECEIPT, reason)
        assert judged.score < 0.5


@pytest.mark.parametrize(
    ("question", "reply", "expected"),
    [
        ("老桥什么时候修好？", "老桥正在改造，施工单位已进场。", ("没有时间",)),
        ("老桥什么时候修好？", "老桥正在改造，5月底完工。", ()),
        ("操场晚上太吵，求助！", "操场归学校，声音由体育组说了算。", ("没有措施",)),
        ("操场晚上太吵，求助！", "已要求学校晚上9点关灯锁门。", ()),
        ("孩子上小学要带什么材料", "文明创建要靠每一位朋友共同参与", ("未答所问",)),
        ("孩子上小学要带什么材料", "上小学的材料，学校会逐一电话告知家长", ()),
        ("能在阳台封玻璃吗", "依照《城市市容管理条例》第二十条规定执行。", ("只引述规定",)),
        ("能在阳台封玻璃吗", "依照《城市市容管理条例》第二十条规定，临街的不能封。", ()),
        ("居住证怎么办", "详见 https://www.example.cn/a/1", ("只给链接",)),
        ("居住证怎么办", "居住证到派出所办理，材料见 https://www.example.cn/a/1", ()),
        ("怎么查成绩", "自己上网查吧，说过多少遍了", ("语气生硬",)),
    ],
)
def test_each_flaw_has_its_rule(question: str, reply: str, expected: tuple[str, ...]) -> None:
    assert reasons(reply, question) == expected


def test_without_the_question_nothing_is_said_that_only_the_question_can_tell() -> None:
    assert reasons("操场归学校，声音由体育组说了算。") == ()
    assert reasons("文明创建要靠每一位朋友共同参与") == ()


@pytest.mark.parametrize(("kind", "wanted"), [("receipt", ReplyNature.RECEIPT), ("substantive", ReplyNature.SUBSTANTIVE)])
def test_replies_of_the_make_believe_city_are_told_apart(kind: str, wanted: ReplyNature) -> None:
    dice = random.Random(11)
    said = [
        Said(
            texts.reply_text(dice, dice.choice(texts.TOPICS), kind, 1_772_600_000 + number * 4000),
            texts.comment_text(dice, dice.choice(texts.TOPICS), asks=True) if number % 2 else "",
        )
        for number in range(2000)
    ]
    wrong = {one.reply for one, judged in zip(said, judge(said), strict=True) if judged.nature is not wanted}
    assert len([one for one in said if one.reply in wrong]) <= 0.03 * len(said), wrong


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
@settings(max_examples=60)
def test_every_text_is_judged_alone_within_bounds(pairs: list[tuple[str, str]]) -> None:
    said = [Said(*pair) for pair in pairs]
    judged = judge(said)
    assert judged == [judge([one])[0] for one in said]
    for one in judged:
        assert one.nature is not ReplyNature.AUTOMATIC
        assert (0 <= one.score < 0.5) if one.nature is ReplyNature.RECEIPT else (0.5 <= one.score <= 1)
        assert len(set(one.reasons)) == len(one.reasons)
        assert set(one.reasons) <= set(Reason) - {Reason.COPIED}


@given(TEXTS)
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    assert wording(wording(text)) == wording(text)


def test_the_same_words_are_the_same_whoever_is_addressed_and_another_date_is_another_answer() -> None:
    first = wording("回复@小王:您好，今晚8点恢复供水！[抱拳] https://www.example.cn/1")
    assert first == wording("回复@老李:您好,今晚8点恢复供水。") == "您好今晚8点恢复供水"
    assert first != wording("您好，今晚9点恢复供水")
    assert wording("“阿明”：您好，已修好") == wording("“小美”：您好，已修好")
    assert wording("🙏🙏") == ""


@pytest.mark.parametrize(
    "text", ["谢谢", "来水了，辛苦啦！", "已经解决了，感谢", "处理真快👍", "[赞][赞]", "退款收到了", "回复@临江水务:谢谢你们"]
)
def test_a_content_citizen(text: str) -> None:
    assert mood(text) == "满意"


@pytest.mark.parametrize(
    "text",
    [
        "没解决",
        "又是这套话，敷衍",
        "怎么还没人来修",
        "还是老样子",
        "谢谢，但问题没解决",
        "都一周了还在漏",
        "等于没说",
        "打了三次电话都没人接，失望",
    ],
)
def test_a_discontented_citizen(text: str) -> None:
    assert mood(text) == "不满"


@pytest.mark.parametrize(
    "text",
    ["好的", "请问周末开门吗，谢谢", "希望尽快修好，谢谢", "等你们消息", "解决了吗？", "先谢谢了，还请快点", "我家在3栋", ""],
)
def test_where_in_doubt_neither(text: str) -> None:
    assert mood(text) == ""


@pytest.mark.parametrize("sign", [" ", "\u3000\n", "将", "0", "“", "@", "您反映的", "a.cn/", "已转"])
def test_a_hostile_text_does_not_hold_up_the_others(sign: str) -> None:
    text = sign * 20_000
    assert len(judge([Said(text, text)])) == 1
    assert mood(text) in ("", "满意", "不满")
    assert wording(wording(text)) == wording(text)
