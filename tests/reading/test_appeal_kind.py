"""The kind of an appeal, in our own sentences."""

import pytest

from matrix.appeal import AppealKind, Words
from reading.appeal import judge

SAID = {
    AppealKind.QUESTION: (
        "请问二孩的生育登记在哪里办，需要什么材料",
        "想咨询一下，外地车进城要办通行证吗",
        "驾校学员补贴什么时候开始申请",
        "你好，医保断缴三个月怎么补",
        "图书馆周一开放吗",
    ),
    AppealKind.COMPLAINT: (
        "投诉3路公交司机拒载老人，态度恶劣",
        "物业收了费不打扫，楼道垃圾堆了半个月没人管",
        "楼上装修每天早上六点开始敲，吵得睡不着",
        "反映了五次，每次都说已转办，路还是坑坑洼洼",
        "交了供暖费家里还是十三度，太差了",
    ),
    AppealKind.HELP: (
        "求助！老人被困在河心小岛上，水还在涨",
        "紧急求助，孩子急需B型血，市医院血库没有了",
        "我把身份证落在高铁站安检口了，能帮我联系一下吗",
    ),
    AppealKind.ADVICE: (
        "建议把公园的开放时间延长到晚上十点",
        "能不能把校门口的停车线改成临时停车五分钟",
        "希望增加一趟通往开发区的早班车",
    ),
    AppealKind.REPORT: (
        "举报河东砂场半夜偷采河砂",
        "实名举报村会计贪污低保款",
        "有人在城中村贩卖假烟，无证经营，求查",
    ),
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SAID.items() for text in texts])
def test_an_appeal_is_of_the_kind_that_it_says(kind: AppealKind, text: str) -> None:
    (said,) = judge([Words(text)])
    assert (said.is_appeal, said.kind) == (True, kind)


@pytest.mark.parametrize(
    "text", ["感谢窗口的小李，半小时就办好了", "灯修好了，谢谢你们", "谢谢，已经解决了", "真快，昨天反映今天就修好了，点赞"]
)
def test_thanks_are_thanks(text: str) -> None:
    (said,) = judge([Words(text)])
    assert (said.is_appeal, said.kind) == (False, AppealKind.THANKS)


@pytest.mark.parametrize("text", ["这风景真美", "感谢我的哥哥带来好听的新歌", "哈哈哈", "转发抽奖，谢谢老板"])
def test_talk_has_no_kind(text: str) -> None:
    (said,) = judge([Words(text)])
    assert (said.is_appeal, said.kind) == (False, None)
