"""What may be exported: the kinds of rows, their columns, and which of them point at a citizen."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from matrix.people import Right


class ExportState(StrEnum):
    """Where a long export stands."""

    WAITING = "排队"
    MAKING = "生成中"
    DONE = "完成"
    FAILED = "未完成"
    CANCELLED = "已取消"
    DROPPED = "已清除"


CSV, XLSX = "csv", "xlsx"
FORMS = {CSV: "CSV", XLSX: "Excel"}
DIRECT = 5_000
"""Up to so many rows are handed out at once; more are made by the worker."""

MOST = 2_000_000
KEPT_DAYS = 7
"""So long a file is kept."""

SHORTEST_WHY = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of rows. `columns` in order, those in `usual` are chosen at first; `right` is needed beside that of exporting."""

    name: str
    columns: tuple[str, ...]
    left_out: frozenset[str]
    right: Right

    @property
    def usual(self) -> tuple[str, ...]:
        return tuple(name for name in self.columns if name not in self.left_out)


def _kind(name: str, right: Right, columns: str, left_out: str = "") -> Kind:
    return Kind(name, tuple(columns.split()), frozenset(left_out.split()), right)


KINDS = {
    kind.name: kind
    for kind in (
        _kind(
            "评论",
            Right.DUTY,
            "编号 时间 平台 账号 单位 网民 网民名称 属地 渠道 内容 主题 细分主题 情绪 是否诉求 诉求类别 点赞 身份 "
            "所评内容 链接 采集时间 平台编号",
            "网民名称 细分主题 身份 采集时间 平台编号",
        ),
        _kind(
            "发布",
            Right.MATRIX,
            "编号 发布时间 平台 账号 单位 体裁 标题 正文 链接 阅读 点赞 转发 评论 撤下 数据时间 采集时间 平台编号",
            "撤下 数据时间 采集时间 平台编号",
        ),
        _kind(
            "诉求",
            Right.CASES_VIEW,
            "编号 提出时间 平台 账号 单位 网民 网民名称 类别 内容 主题 细分主题 情绪 首次响应时间 首次响应用时(秒) 实质答复时间 "
            "实质答复用时(秒) 工作时间用时(秒) 时限 是否超时 状态 追评态度 链接 采集时间",
            "网民名称 细分主题 工作时间用时(秒) 采集时间",
        ),
        _kind(
            "回复",
            Right.TIMELINESS,
            "编号 回复时间 平台 账号 单位 回复内容 性质 判断依据 所答评论 所答网民 所答内容 所答时间 链接",
            "判断依据 链接",
        ),
        _kind(
            "账号",
            Right.MATRIX,
            "编号 平台 平台编号 账号 单位 层级 条线 地区 性质 备案 状态 粉丝 最近发布 最近采集 采集异常",
            "平台编号 采集异常",
        ),
        _kind(
            "预警",
            Right.ALERTS_VIEW,
            "编号 标题 级别 状态 单位 发生时间 最近高位 结束时间 得分 说明 主题 是否演练",
            "最近高位 是否演练",
        ),
        _kind(
            "事件",
            Right.INCIDENTS_VIEW,
            "编号 标题 类别 事件分级 预警级别 响应级别 状态 单位 发生时间 发现时间 立案时间 办结时间 小结 是否演练",
            "是否演练",
        ),
    )
}
CITIZEN_KINDS = frozenset({"评论", "诉求", "回复"})
"""Kinds that hold what citizens wrote; only these can be exported unmasked, by a right and with a reason."""

READ_KINDS = frozenset({"评论", "诉求"})
"""Kinds that have a topic and a feeling to filter by."""


def kept_columns(kind: str, wanted: Iterable[str]) -> tuple[str, ...]:
    """The wanted columns that this kind has, in the kind's order; its usual ones when none is left."""
    chosen = frozenset(wanted)
    return tuple(name for name in KINDS[kind].columns if name in chosen) or KINDS[kind].usual


def judge_why(why: str) -> str:
    """What is wrong with a reason for seeing what is masked, as a sentence; empty when nothing is."""
    return "" if len(why.strip()) >= SHORTEST_WHY else f"请写明查看未脱敏内容的事由，至少{SHORTEST_WHY}个字。"
