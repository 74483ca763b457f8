"""What identifies a citizen does not leave the house, and nothing else is hidden."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.masking_plant import MAKERS, NUMBERS, is_hidden, plant
from matrix.masking import LETTERS, mask_name, mask_text, pseudonym


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话１３８ 1234 5678,急", "电话138****5678,急"),
        ("一三八幺二三四五六七八找我", "138****5678找我"),
        ("1 3 8 1 2 3 4 5 6 7 8", "138****5678"),
        ("138\u200b1234\u200b5678", "138****5678"),
        ("家里（0591）87654321", "家里0591-****4321"),
        ("身份证350102 19900307 8512", "身份证35*************512"),
        ("身份证350102900307851", "身份证35**********851"),
        ("卡6222 0212 3456 7890 123", "卡6222****0123"),
        ("闽AD12345和闽B1234挂", "闽A***45和闽B***4挂"),
        ("粤Z1234港", "粤Z***4港"),
        ("QQ123456789，微信wx_887766", "QQ12***，微信wx***"),
        ("家住鼓楼区洪山镇江边村三组12号", "家住鼓楼区洪山镇***"),
        ("仓山区金山街道金祥路8号碧水家园12栋3单元502室漏水", "仓山区金山街道***漏水"),
        ("碧水家园12栋3单元电梯坏了", "碧水家园***电梯坏了"),
        ("住址：长沙县石门镇新屋村5组", "住址：长沙县石门镇***"),
        ("我叫陈建国，联系人：林丽。", "我叫陈**，联系人：林**。"),
        ("欧阳秀兰女士说", "欧阳**女士说"),
    ],
)
def test_what_points_at_a_person_is_hidden_however_it_is_written(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "请拨打12345、110或400-123-4567",
        "咨询电话：0591-87654321",
        "请写信到office@example.gov.cn",
        "工单号13812345678，订单编号2020122912345678",
        "拨款15000000000元，比13,800,000,000多",
        "2019-08-01 08:30至2019-08-02 17:00，第3页",
        "https://example.cn/13812345678",
        "解放路88号的公厕没人打扫",
        "3号楼楼下堆着垃圾，小区共18栋1200户",
        "本人于昨天向贵局反映，我是高中老师",
        "王局长和李老师都来过，何先生也在",
        "感谢谢老师！向老师反映过，联系人不在",
        "全长3-6个月，面积75-130平方",
        "依据《条例》第12条第3款，闽政办〔2020〕15号",
        "１００万＋、Ａ座、①②③都照原样",
    ],
)
def test_what_is_public_or_no_persons_stays_sign_for_sign(text: str) -> None:
    assert mask_text(text) == text


@pytest.mark.parametrize("kind", MAKERS)
def test_made_up_data_in_many_writings_do_not_get_through(kind: str) -> None:
    rng = Random(20)
    plants = [plant(kind, rng, is_judged=True) for _ in range(150)]
    hidden = sum(is_hidden(one, mask_text(f"情况属实。{one.written}。请尽快"), one.secrets) for one in plants)
    assert hidden / 150 >= (0.99 if kind in NUMBERS else 0.85)


@given(st.text(st.characters(exclude_categories=()), max_size=60), st.integers(0, 99))
def test_any_text_may_be_masked_twice_and_changes_once(text: str, seed: int) -> None:
    rng = Random(seed)
    masked = mask_text(f"{text}，{plant(rng.choice(NUMBERS), rng, is_judged=False).written}")
    assert mask_text(masked) == masked


def test_a_long_text_takes_no_long_time() -> None:
    for piece in ("1", "1-", "一", "村", "a@", "号", "家住", "闽A", "王", "栋1"):
        assert isinstance(mask_text(piece * 20_000), str)


def test_a_citizen_has_one_name_that_leads_nowhere() -> None:
    key = "u0123456789abcdef01234567"
    name = pseudonym(key)
    assert name == pseudonym(key) == "网民FZRSM4"
    assert name.startswith("网民")
    assert set(name[2:]) <= set(LETTERS)
    assert key[1:7].upper() not in name
    assert pseudonym("") == mask_name(" ") == "匿名"


def test_many_citizens_have_many_names() -> None:
    assert len({pseudonym(f"u{number:024x}") for number in range(20_000)}) >= 19_995
