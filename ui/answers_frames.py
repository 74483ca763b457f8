"""The table of accounts on 回复质量: on the screen with its numbers in brackets, in a file with numbers to calculate with."""

from collections import Counter
from typing import Any

import pandas as pd

from matrix.account import Nature
from matrix.reply import Reason
from storage.answers import ANSWER_REASONS, RECEIPT_REASONS
from ui.answers_window import WEAK
from ui.answers_words import rate, share
from ui.records import records
from ui.words import platform_name, ratio

ORDER = (*RECEIPT_REASONS[1:], RECEIPT_REASONS[0], *ANSWER_REASONS, Reason.CURT, Reason.COPIED)
"""What is most frequent stands first."""


def labels(frame: pd.DataFrame) -> dict[int, str]:
    """Names that tell the accounts apart: with the platform, and with the number where that is not enough."""
    named = {int(row["account_id"]): f"{row['account']}({platform_name(int(row['platform']))})" for row in records(frame)}
    twice = {name for name, count in Counter(named.values()).items() if count > 1}
    return {account: f"{name}编号{account}" if name in twice else name for account, name in named.items()}


def seen(row: dict[str, Any], name: str, shown: list[Reason]) -> dict[str, Any]:
    """One row of the table on the screen."""
    n = int(row["n"])
    return {
        "账号": name + ("(公职人员)" if row["nature"] == Nature.OFFICIAL_PERSON else ""),
        "回复": n,
        "程式化回复": rate(int(row["receipt"]), n),
        "待完善": rate(int(row["weak"]), int(row["substantive"])),
        "自动": int(row["automatic"]),
        **{str(reason): int(row[str(reason)]) for reason in shown},
        "采集完整度": ratio(row["held"], row["stated"]),
        "单位": row["organization"],
    }


def table(frame: pd.DataFrame) -> pd.DataFrame:
    """The same for a file, with every column and with numbers that can be calculated with."""
    rows = []
    for row in records(frame):
        n, good = int(row["n"]), int(row["substantive"])
        rows.append(
            {
                "账号": row["account"],
                "平台": platform_name(int(row["platform"])),
                "单位": row["organization"],
                "层级": row["level"],
                "性质": row["nature"],
                "官方回复": n,
                "实质答复": good,
                "程式化回复": int(row["receipt"]),
                "程式化回复占比": share(int(row["receipt"]), n),
                "自动回复": int(row["automatic"]),
                WEAK: int(row["weak"]),
                "待完善占比": share(int(row["weak"]), good),
                **{str(reason): int(row[str(reason)]) for reason in ORDER},
                "已采评论": None if row["held"] != row["held"] else int(row["held"]),
                "平台所称评论": None if row["stated"] != row["stated"] else int(row["stated"]),
            }
        )
    return pd.DataFrame(rows, dtype=object)
