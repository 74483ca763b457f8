"""The update limits of subtrees: who may be silent for how many days, and by which rule."""

import argparse
import sys
from contextlib import closing

from settings import load
from storage import journal, limits, organizations
from storage.database import create_database, writing
from storage.moments import BEIJING, from_seconds

ABOUT = "查看或设定单位的更新期限(含下级，默认14个自然日)"


def main(argv: list[str]) -> int:
    """Exit code 0, or 1 with a Chinese sentence."""
    parser = argparse.ArgumentParser(prog="run.py limits", description=ABOUT)
    parser.add_argument("unit", nargs="?", help="单位编码或名称；不写则列出已设定的期限")
    parser.add_argument("days", nargs="?", type=int, help="自然日数")
    parser.add_argument("--basis", default="", help="依据，例如文件名称和文号")
    options = parser.parse_args(argv)
    settings = load()
    with closing(create_database(settings.database.path)) as db:
        if options.unit is None or options.days is None:
            found = limits.every_limit(db, organizations.roots(db))
            for row in found.to_dict("records"):
                since = f"{from_seconds(row['valid_from']).astimezone(BEIJING):%Y-%m-%d %H:%M}"
                print(
                    f"{row['organization']}(编码 {row['code']})：{row['days']}天，自{since}起，依据：{row['basis'] or '未填写'}"
                )
            print(f"其余单位按默认 {settings.inspection.limit_days} 天。")
            return 0
        try:
            with writing(db):
                now = settings.clock().now()
                name = limits.set_limit(db, options.unit, options.days, options.basis, "命令行", now)
                detail = f"{options.days}天；{options.basis}"
                journal.note(db, at=now, actor="命令行", act="设定更新期限", subject=name, detail=detail)
        except ValueError as error:
            print(error, file=sys.stderr)
            return 1
    print(f"已设定：{name}及其下级的更新期限为 {options.days} 天，自现在起生效。")
    return 0
