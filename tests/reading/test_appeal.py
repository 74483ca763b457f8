"""What is read as an appeal, in our own sentences: by the words themselves, by the post above, by whom they answer."""

import pytest

from matrix.appeal import Addressee, AppealKind, Words
from reading.appeal import WORDING, judge
from reading.appeal_signs import NAMES

OUTAGE = "【停水通知】因供水主管道抢修，明日8时至16时东城片区停水，请提前储水。"
DELAY = "【运营信息】受信号故障影响，6号线全线列车延误，预计影响15分钟左右。"
POLICY = "灵活就业人员社保补贴申领开始啦，符合条件的居民可在线上办理。"
LOTTERY = "转发抽奖！关注并转发本条，抽10位网友送出文创帆布包，下周一开奖。"
SCENERY = "早安！雨后的古城墙，来看今天的第一缕日出。"


def appeals(*texts: str, post: str = "", channel: str = "comment", addressee: Addressee = Addressee.NOBODY) -> list[str]:
    """Those of the texts that are read as appeals."""
    words = [Words(text, channel, post, addressee) for text in texts]
    return [one.text for one, said in zip(words, judge(words), strict=True) if said.is_appeal]


ASKED = (
    "我们村的水井三天抽不出水了，镇里说会来人，到今天没见着",
    "请问老人换第三代社保卡去哪个网点",
    "桥头那盏信号灯一直闪黄灯，货车抢行太危险，希望尽快修好",
    "楼下洗车店的污水直接流进人行道，冬天结冰摔了好几个人",
    "为什么我家的电费比邻居高一倍，能派人核查吗",
    "孩子的入学通知书一直没收到，电话打了七八次没人接",
    "举报光明路小卖部给未成年人卖烟",
    "建议在体育馆门口增加一个公交站牌，现在要走两公里",
    "公司欠了我四个月工资，劳动仲裁要准备什么材料",
    "小区消防通道被私家车堵死，物业不管，求相关部门介入",
    "爷爷昨晚从养老院走失，穿蓝色外套，看到的请联系我们",
    "你们网站的预约页面一直报错，换了三个浏览器都不行",
    "路边的大树倒了压在电线上，快派人来处理",
    "热线永远占线，到底有没有人管",
    "隔壁工地凌晨两点还在打桩，孩子明天考试",
    "退休金怎么少发了三百，请给个解释",
)
TALKED = (
    "哈哈哈哈这也太可爱了吧",
    "姐姐这条裙子有链接吗",
    "男主好帅，什么时候播啊",
    "祝大家新年快乐，平平安安",
    "为家乡点赞，越来越漂亮了",
    "好美的晚霞[心][心]",
    "第一次坐前排",
    "转发给老同学看看",
    "这是哪部电影的台词",
    "我家猫也是这样的，笑死",
    "加油，看好你们",
    "周末有一起去爬山的吗",
    "楼上说得太对了",
    "又胖了两斤，哭了",
    "师傅们辛苦了，注意安全",
    "[鼓掌][鼓掌]",
    "@小李 @小王 快来看",
    "来自北京",
)


@pytest.mark.parametrize("text", ASKED)
def test_who_asks_complains_reports_or_needs_help_is_heard(text: str) -> None:
    assert appeals(text) == [text]


@pytest.mark.parametrize("text", TALKED)
def test_talk_and_praise_are_no_appeals(text: str) -> None:
    assert appeals(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "怎么还没来水",
        "都下午五点了还停着",
        "说好的四点呢",
        "什么时候恢复啊",
        "高层什么时候有水",
        "通知也不通知清楚，哪几个小区停",
    ],
)
def test_a_terse_word_below_a_notice_presses_the_office(text: str) -> None:
    assert appeals(text, post=OUTAGE) == [text]


@pytest.mark.parametrize("text", ["半小时了，你跟我说十五分钟", "咋还停在这儿", "到底什么原因", "晚点证明在哪里开", "还要等多久"])
def test_who_is_stuck_behind_a_fault_is_heard(text: str) -> None:
    assert appeals(text, post=DELAY) == [text]


@pytest.mark.parametrize("text", ["已储水", "我家没停", "来水了，谢谢师傅", "收到", "已经到站了", "还好我今天骑车"])
def test_who_tells_that_all_is_well_asks_nothing(text: str) -> None:
    assert appeals(text, post=OUTAGE) == []


@pytest.mark.parametrize("text", ["什么时候公布结果", "怎么参加", "几点开始", "在哪里领"])
def test_the_same_question_is_an_appeal_below_a_notice_and_play_below_a_lottery(text: str) -> None:
    assert appeals(text, post=POLICY) == [text]
    assert appeals(text, post=LOTTERY) == []


def test_a_complaint_below_a_lottery_or_a_sunrise_is_still_a_complaint() -> None:
    text = "我们小区停电两天没人修，打热线一直占线"
    assert appeals(text, post=LOTTERY) == appeals(text, post=SCENERY) == [text]


def test_a_question_to_a_pretty_picture_is_talk() -> None:
    assert appeals("在哪拍的呀", "用什么相机拍的", "几点去合适", post=SCENERY) == []


def test_citizens_who_ask_and_scold_each_other_do_not_ask_the_office() -> None:
    quarrel = ("你住几号楼啊", "你家来水了吗", "关你什么事", "你自己去过吗", "不是这样的，我昨天刚办完")
    assert appeals(*quarrel, post=OUTAGE, addressee=Addressee.CITIZEN) == []


def test_the_beginning_of_a_text_tells_whom_it_answers_when_nobody_else_does() -> None:
    plain, named = judge([Words("门开了吗", post=DELAY), Words("回复@路人甲:门开了吗", post=DELAY)])
    assert plain.score > named.score
    assert "网友之间" in named.markers


def test_who_answers_back_to_the_office_presses_and_who_thanks_does_not() -> None:
    back = ("链接打不开啊", "电话是空号", "上次也这么说，还是没解决", "这个答复我不认可")
    assert appeals(*back, addressee=Addressee.OFFICIAL) == list(back)
    assert appeals("好的，谢谢", "收到，已经解决了", "明白了", addressee=Addressee.OFFICIAL) == []


def test_a_message_to_the_office_is_read_with_less_words() -> None:
    assert appeals("落户需要的材料", "水管爆了，在建设路", channel="message") == ["落户需要的材料", "水管爆了，在建设路"]
    assert appeals("你好", "在吗", "[微笑]", channel="message") == []


def test_a_report_in_the_press_about_a_complaint_is_none() -> None:
    press = (
        "【多部门联合整治夜间施工噪声】记者从市生态环境局获悉，本月已检查工地四十处，责令整改六处。",
        "【小区停水五天 官方回应】据本地媒体报道，受影响居民已全部恢复供水。",
    )
    assert appeals(*press) == []


def test_thanks_are_named_and_are_no_appeal() -> None:
    (thanks,) = judge([Words("感谢社区的同志，路灯当天就修好了")])
    assert (thanks.is_appeal, thanks.kind) == (False, AppealKind.THANKS)


def test_thanks_at_the_end_of_a_request_do_not_silence_it() -> None:
    text = "东门的井盖松了，车一压就响，麻烦派人修一下，谢谢"
    assert appeals(text) == [text]


def test_links_forwarded_words_and_hidden_letters_do_not_change_what_is_read() -> None:
    plain = "请问居住证怎么续签"
    dressed = "\u200b请问居住证\u202e怎么续签 http://t.cn/A6abcdef //@路人:哈哈哈 //@路人乙:笑死"
    one, other = judge([Words(plain), Words(dressed)])
    assert (one.is_appeal, one.kind, one.markers) == (other.is_appeal, other.kind, other.markers)


def test_every_appeal_says_by_what_it_was_recognised() -> None:
    for said in judge([Words(text) for text in ASKED]):
        assert said.markers
        assert set(said.markers) <= {*NAMES, WORDING}


def test_a_question_is_marked_as_one_and_a_lottery_as_one() -> None:
    asked, played = judge([Words("请问身份证几天能办好"), Words("抽中我吧，转发了")])
    assert {"请问", "就事提问"} & set(asked.markers)
    assert played.markers[0] in {"抽奖", WORDING}
    assert "抽奖" in played.markers
