"""The tree of organizations of the make-believe province; every name is invented."""

from collections.abc import Iterator
from itertools import count

from simulator.events import Unit

PROVINCE = ("YJ", "云江省")
CITIES = ("澜宁", "栖川", "霁安", "望屿", "沐州", "岚庆", "汀远", "砚山湖", "青湛", "苍麓", "鹭岭", "云溆")
COUNTIES = ("霁浦", "泠溪", "沅荻", "栎桥", "棠坞", "蘅塘", "漱石", "翠埠", "梧渡", "砚池", "芷江湾", "榆津")
TOWNS = ("听泉", "长荇", "石砚", "柳塘", "望舒", "云栈", "荷汀", "白鹿渡", "双槐", "清徽", "枫林渡", "落霞")
OTHER_HANDS = ("东", "西", "南", "北", "上", "下", "新", "中")
LINES = ("公安", "交通", "教育", "卫健", "城管", "应急", "住建", "水务", "文旅", "气象", "消防", "人社", "市场监管", "生态环境")
GENERAL = "综合"
_BUREAU = {
    "公安": "公安局", "交通": "交通运输局", "教育": "教育局", "卫健": "卫生健康委员会", "城管": "城市管理局",
    "应急": "应急管理局", "住建": "住房和城乡建设局", "水务": "水务局", "文旅": "文化广电和旅游局", "气象": "气象局",
    "消防": "消防救援支队", "人社": "人力资源和社会保障局", "市场监管": "市场监督管理局", "生态环境": "生态环境局",
}  # fmt: skip
_STATION = {
    "公安": "派出所", "交通": "公路养护站", "教育": "中心学校", "卫健": "卫生院", "城管": "城管中队", "应急": "应急站",
    "住建": "房管所", "水务": "供水所", "文旅": "文化站", "气象": "气象站", "消防": "消防救援站", "人社": "人社所",
    "市场监管": "市场监管所", "生态环境": "环保所",
}  # fmt: skip


def name(words: tuple[str, ...], number: int) -> str:
    """The `number`-th name of a list that has no end."""
    turn, at = divmod(number, len(words))
    return words[at] if turn == 0 else f"{words[at]}{OTHER_HANDS[(turn - 1) % len(OTHER_HANDS)]}{'' if turn < 9 else turn}"


def short_name(unit: Unit) -> str:
    """What people call the place of a unit: 霁浦 for 澜宁市霁浦县."""
    return unit.region.rpartition("/")[2].removesuffix("街道").rstrip("省市县区镇乡")


def every_unit() -> Iterator[Unit]:
    """Units without end, each after its parent: the province, then city after city with districts, towns and stations."""
    code, title = PROVINCE
    yield Unit(code, f"{title}人民政府", "", "省级", GENERAL, title)
    for line in ("公安", "应急", "交通"):
        yield Unit(f"{code}-{LINES.index(line) + 1:02d}", f"{title}{_provincial(line)}", code, "部门", line, title)
    for n in count():
        yield from _city(n)


def _provincial(line: str) -> str:
    return {"公安": "公安厅", "应急": "应急管理厅", "交通": "交通运输厅"}[line]


def _city(n: int) -> Iterator[Unit]:
    code, title = f"{PROVINCE[0]}{n + 1:02d}", f"{name(CITIES, n)}市"
    region = f"{PROVINCE[1]}/{title}"
    yield Unit(code, f"{title}人民政府", PROVINCE[0], "市级", GENERAL, region)
    for k in range(4 if n else 5):
        yield _bureau(code, title, region, (k + n * 3) % len(LINES))
    for k in range(2 if n < 3 else 4):
        yield from _county(code, region, n * 4 + k)


def _county(parent: str, above: str, n: int) -> Iterator[Unit]:
    code, title = f"{parent}{n % 4 + 1:02d}", name(COUNTIES, n) + ("区" if n % 4 < 2 else "县")
    region = f"{above}/{title}"
    yield Unit(code, f"{title}人民政府", parent, "县级", GENERAL, region)
    for k in range(3):
        line = (k * 3 + n) % len(LINES)
        bureau = _bureau(code, title, region, line)
        yield bureau
        if k == 0:
            yield Unit(
                f"{bureau.code}-1", f"{title}{bureau.line}第一{_STATION[bureau.line]}", bureau.code, "站所", bureau.line, region
            )
    for k in range(2):
        at = n * 2 + k
        town = name(TOWNS, at) + ("街道" if k == 0 and n % 4 < 2 else "镇")
        below = f"{region}/{town}"
        yield Unit(
            f"{code}{k + 1:02d}", f"{town}{'办事处' if town.endswith('街道') else '人民政府'}", code, "乡镇街道", GENERAL, below
        )
        line = LINES[(at * 5) % len(LINES)]
        yield Unit(f"{code}{k + 1:02d}-1", f"{town}{_STATION[line]}", f"{code}{k + 1:02d}", "站所", line, below)


def _bureau(parent: str, title: str, region: str, line: int) -> Unit:
    return Unit(f"{parent}-{line + 1:02d}", f"{title}{_BUREAU[LINES[line]]}", parent, "部门", LINES[line], region)
