"""The rows behind a figure: in Chinese, masked, without what is only an identity inside the database."""

import pandas as pd

from matrix.account import Platform
from reports.report_behind import readable


def test_rows_are_told_in_words_and_citizens_are_masked() -> None:
    frame = pd.DataFrame(
        {
            "comment_id": [7],
            "platform": [int(Platform.WEIBO)],
            "asked_at": [1_772_780_400],
            "day": [20518],
            "wait": [3720.0],
            "author_name": ["王小明爱钓鱼"],
            "text": ["停水两天，电话13812345678"],
            "account": ["青山发布"],
            "share": [0.5],
            "due_at": [float("nan")],
        }
    )
    (row,) = readable(frame).to_dict("records")
    assert row == {
        "平台": "微博",
        "提出时间": "2026-03-06 15:00",
        "日期": "2026-03-06",
        "等待": "1小时2分钟",
        "网民": "王**",
        "内容": "停水两天，电话138****5678",
        "账号": "青山发布",
        "期限": "",
    }


def test_the_course_and_the_numbers_of_an_incident_tell_who_said_what() -> None:
    told = pd.DataFrame({"at": [1_772_780_400], "kind": ["线索"], "who": ["抖音"], "words": ["打13812345678"], "link": [""]})
    (row,) = readable(told).to_dict("records")
    assert row == {"时间": "2026-03-06 15:00", "类别": "线索", "来源": "抖音", "内容": "打138****5678"}
    counted = pd.DataFrame({"name": ["死亡"], "bound": ["至少"], "value": [3], "unit": ["人"], "source": ["公安局"]})
    (row,) = readable(counted).to_dict("records")
    assert row == {"项目": "死亡", "范围": "至少", "数值": 3, "单位": "人", "来源": "公安局"}
    (row,) = readable(pd.DataFrame({"platform": ["抖音"], "highest": [3]})).to_dict("records")
    assert row == {"平台": "抖音", "最高级别": "红色"}


def test_a_table_that_is_chinese_already_stays_and_is_masked() -> None:
    frame = pd.DataFrame({"单位": ["青山县"], "说明": ["请打13812345678"], "条数": [3.0]})
    assert readable(frame).to_dict("records") == [{"单位": "青山县", "说明": "请打138****5678", "条数": 3}]
    assert readable(pd.DataFrame()).empty
