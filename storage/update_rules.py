"""The rules of update inspections that may be chosen: the ones in the rule file of the installation."""

import re
import tomllib
from pathlib import Path

from matrix.inspection_rule import UpdateRule, parse_rules

PRESETS = Path(__file__).resolve().parents[1] / "inspection_rules.toml"


def presets(path: Path = PRESETS) -> list[UpdateRule]:
    """The rules in the order of the file. Raises ValueError, a Chinese sentence that names the place."""
    try:
        return parse_rules(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = f"第{place[1]}行附近" if place else "末尾"
        raise ValueError(f"检查规则文件 {path.name} 的{line}写法有误：请检查引号、等号和方括号是否成对、半角。") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"检查规则文件 {path.name} 不是UTF-8编码：请用记事本另存为UTF-8。") from error
    except OSError as error:
        raise ValueError(f"检查规则文件 {path.name} 无法读取：请从安装包里放回程序目录。") from error
