"""What is said to people about a look and about an import: how it ended, its counts, its first faults."""

from collections.abc import Iterable, Iterator

from collectors.collect_files import ImportReport
from matrix.ledger import ABSENT, ADDED, CHANGED, FAULTY, Difference
from matrix.run import Outcome
from storage.runs import Ending

SHOWN = 30
ACCOUNTS_SHOWN = 10


def difference_lines(differences: Iterable[Difference]) -> Iterator[str]:
    """The differences by kind, the first of each in full."""
    everything = list(differences)
    for kind in (FAULTY, CHANGED, ADDED, ABSENT):
        some = [difference for difference in everything if difference.kind == kind]
        if not some:
            continue
        yield f"{kind}({len(some)}):"
        for d in some[:SHOWN]:
            line = f"第{d.line}行 " if d.line else ""
            change = f"：{d.before or '空'} → {d.after or '空'}" if kind == CHANGED else ""
            yield f"  {line}{d.subject}{d.name} {d.detail}{change}".rstrip()
        if len(some) > SHOWN:
            yield f"  ……另有{len(some) - SHOWN}项"


def report_lines(report: ImportReport, *, is_rehearsal: bool = False) -> Iterator[str]:
    """Counts, accounts and the first faults of an import."""
    if report.before:
        yield f"提示：与已导入的“{report.before}”内容完全相同，重复导入不会产生重复数据。"
    words = {"ok": "完成", "partial": "部分完成", "failed": "没有导入"}
    yield f"{'检查' if is_rehearsal else words[report.outcome]}：{report.sentence}。"
    for name, count in report.by_account.most_common(ACCOUNTS_SHOWN):
        yield f"  {name}：{count}行"
    if len(report.by_account) > ACCOUNTS_SHOWN:
        yield f"  ……共{len(report.by_account)}个账号"
    if report.registered:
        yield f"新登记的账号：{'、'.join(report.registered[:10])}{'等' if len(report.registered) > 10 else ''}"
    for fault in report.faults:
        yield f"  第{fault.line}行：{fault.reason}" + (f"({fault.excerpt})" if fault.excerpt else "")
    if report.rows_bad > len(report.faults):
        yield f"  ……共{report.rows_bad}行没有导入"


def outcome_words(ending: Ending) -> str:
    """How a look ended, in one Chinese line."""
    if ending.kind is not None:
        return f"失败，{ending.sentence}"
    words = "部分完成" if ending.outcome == Outcome.PARTIAL else "完成"
    return f"{words}，新增发布{ending.saved.posts_new}条、评论{ending.saved.comments_new}条，调用{ending.calls}次"
