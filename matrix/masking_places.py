"""Where a text holds somebody's home: finer than 乡镇/街道 is hidden; roads and estates that are complained about stay."""

import re
from collections.abc import Iterator

from matrix.masking_numbers import Spot

HIDDEN = "***"

N = r"[0-9A-Za-z零〇一二两三四五六七八九十百]{1,6}"
GAP = r"[ \-—－–]{0,2}"
BUILDING = rf"(?:{N}|[甲乙丙丁东西南北])[ ]?(?:号楼|栋|幢|座|#楼?|号院)"
UNIT = rf"{N}[ ]?(?:单元|门(?=[ ]?\d)|梯(?=[ ]?\d))"
FLOOR = rf"{N}[ ]?(?:层|楼)(?!上|下|梯|道)"
ROOM = (
    r"(?:[A-Za-z]?[0-9]{3,4}[A-Za-z]?|[0-9]{1,2}[0-9A-Za-z]?(?=[ ]?(?:室|房|号房))"
    r"|[一二三四五六七八九][〇零一二三四五六七八九]{2,3})"
    r"[ ]?(?:室|房(?!间|产|价|子|屋)|号房(?!间|产|价|子|屋|型)|号(?!线|楼|门))?"
    r"(?![0-9]|[ ]?(?:年|元|米|人|户|万|余|多|平|%|个|次|块|吨|套|间|m|M|㎡|\.\d))"
)
INSIDE = re.compile(
    rf"{BUILDING}{GAP}{UNIT}(?:{GAP}{FLOOR})?(?:{GAP}(?P<one>{ROOM}))?"
    rf"|{BUILDING}{GAP}(?:{FLOOR}{GAP})?(?P<two>{ROOM})"
    rf"|(?<![0-9A-Za-z]){UNIT}{GAP}(?:{FLOOR}{GAP})?(?P<three>{ROOM})"
    rf"|(?<=[\u4e00-\u9fff])[ ]?[0-9A-Za-z]{{1,2}}[\-—#－][0-9]{{1,2}}[\-—#－]"
    rf"(?P<four>[0-9]{{3,4}})(?![0-9\-年])(?:室|房|号)?"
    rf"|(?<=[\u4e00-\u9fff])[0-9]{{1,2}}#(?P<seven>[0-9]{{3,4}})(?![0-9])(?:室|房|号)?"
    rf"|(?<=[苑园区城府庭湾里寓邸])[ ]?[0-9]{{1,3}}[\-—#－](?P<five>[0-9]{{3,4}})(?![0-9\-])(?:室|房|号)?"
    rf"|(?<=[路街巷弄道号苑园城府庭寓])[ ]?(?P<six>[0-9]{{3,4}}[ ]?(?:室|号房(?![间子屋产价型东])))(?!内)"
)
INSIDE_SIGN = re.compile(r"[栋幢座#室房\-—－]|单元|号楼|号院")

HOUSE = re.compile(
    r"(?P<village>[\u4e00-\u9fff]{1,6}?(?:村|屯|寨|庄|社区))(?:[一二三四五六七八九十0-9]{1,3}(?:社|组|队|村民小组)){0,1}(?:[\u4e00-\u9fff]{1,5}(?:路|街|巷|弄|里))?"
    r"[0-9]{1,4}(?:[\-—之][0-9]{1,3})?号(?:附[0-9]{1,3}号)?(?![线楼门桥路车台井机地院])"
)
"""A house of a village; those are homes far more often than not."""

DOOR = re.compile(
    r"(?:[\u4e00-\u9fff]{1,8}?(?:路|街|巷|弄|道|里|胡同|坊|坪|新村|组)|村[一二三四五六七八九十0-9]{1,3}组)[ ]?"
    r"(?:[0-9]{1,4}弄)?[0-9]{1,4}(?:[\-—之][0-9]{1,3})?号(?:附[0-9]{1,3}号|之[一二三四五六七八九十0-9]{1,2})?(?![线桥路车台井机])"
)
AT_HOME = re.compile(
    r"(?:家住|现住|家在"
    r"|(?:家庭|居住|现居|常住|户籍|身份证|收货|收件|邮寄|寄件|联系|通讯|详细|本人)?(?:住址|地址)(?:[:： ]|是|为|在)"
    r"|现居|户籍(?:所在地|地)?[:：是为在]|(?:我|本人|租|户|居|我家|我们家|他|她)住(?:在|于|址)?|住(?:在|于)|租住"
    r"|户口(?:在|所在地[:：]?))"
)
OFFICES = re.compile(r"中心|大厦|广场|SOHO|写字楼|商城|市场|大院|医院|学校|酒店|宾馆|公司|[市县区省]政府|局$|法院")
SHOP = re.compile(r"[^，。；！？,;\n]{0,4}(?:门面|快递|麻将|公司|超市|店|馆|商铺|机构|培训|办公|售楼|餐|工作室)")
AT_WORK = re.compile(
    r"公司|局|中心|大厅|医院|学校|中学|小学|幼儿园|店|酒店|宾馆|政府|机关|报名|展|培训|办公|窗口|服务|单位|网点|营业|餐|市场|广场|法院|"
    r"检察院|派出所|超市|商场|门诊|银行|工地|厂|馆|剧院|影城|俱乐部|KTV|酒吧|会所|车站|门面|商铺|写字楼|活动"
)
TO = re.compile(r"(?![的了着过进不此这那满得宿院房户校宅处所建证哪有民，,])[^。；！？!?;：:（(\[【\n]{0,60}")
DETAIL = re.compile(
    rf"(?:(?<![这那几多两哪])(?!两){N}(?:栋|幢|座|号楼|单元|室|#)|(?<!月)[0-9]{{1,4}}(?:[\-—之][0-9]{{1,3}})?号(?![线院])"
    r"|[0-9一二三四五六七八九十]{1,3}(?:组|社(?!区)|队)"
    r"|(?<=[\u4e00-\u9fff])[0-9]{1,2}[\-—#][0-9]{1,2}[\-—#][0-9]{3,4}(?![0-9年])|(?<=[\u4e00-\u9fff])[0-9]{1,2}#[0-9]{3,4}(?![0-9])"
    r"|(?<=[苑园区城府庭湾里寓厦居院邸村号楼栋])[ ]?[0-9]{1,3}[\-—#][0-9]{1,4}(?:[\-—#][0-9]{1,4})?(?![0-9]|个|年|月|平|㎡)"
    r"|(?<=[栋幢座楼元])[ ]?[0-9]{3,4}(?:室|房|号|户)?(?![0-9年]))"
)
BLOCK = re.compile(r"(?:栋|幢|座|号楼)$")
CLOSE = 12
"""Signs between two parts of one address at most."""
ADMIN = re.compile(
    r"街道(?:办事处)?|镇(?!江市|[海平远安][区县])|(?<![老家城回返故下])乡(?!村|下|镇)|(?<![小社校园景辖片库灾厂院新老住地山林])区|[A-Z][0-9]{1,2}区|县(?!城)|(?<![超城菜都门夜集股房])市(?!场|政|民|中心)"
)
CUT = re.compile(r"[，。；！？!?;：:\n（）()【】“”\"、]")


def places(text: str) -> Iterator[Spot]:
    """Where homes stand in a folded text: house, building, unit and room; the road and the estate too where it is an address.

    What is written out to the room, or comes after a word of living there, is hidden from 乡镇/街道 (or 区/县) on. A building
    and a unit without a room are hidden alone: the estate that a complaint is about must stay readable.
    """
    if "住" in text or "址" in text or "户" in text or "居" in text or "家在" in text:
        yield from homes(text)
    if INSIDE_SIGN.search(text):
        for found in INSIDE.finditer(text):
            if SHOP.match(text, found.end()):
                continue
            if found.lastgroup is None:
                yield *found.span(), HIDDEN
            elif found.lastgroup != "two" or not OFFICES.search(text[clause(text, found.start(), 14) : found.start()]):
                yield from upwards(text, *found.span())
    if "号" in text:
        for found in HOUSE.finditer(text):
            yield from upwards(text, found.end("village"), found.end())
        for found in DOOR.finditer(text):
            start = administration(text, found.start(), deep=True)
            if start is not None and not AT_WORK.search(re.split("[，。；！？,;\n]", text[found.end() : found.end() + 12])[0]):
                yield start, found.end(), HIDDEN


def homes(text: str) -> Iterator[Spot]:
    for found in AT_HOME.finditer(text):
        rest = TO.match(text, found.end())
        details = list(DETAIL.finditer(re.split("[，,]", rest[0])[0])) if rest else []
        if not details or details[0].start() > 2 * CLOSE or all(BLOCK.search(detail[0]) for detail in details):
            continue
        last = details[0]
        for detail in details[1:]:
            if detail.start() - last.end() > CLOSE:
                break
            last = detail
        end = found.end() + last.end()
        inside = text[found.end() : end]
        starts = list(ADMIN.finditer(inside[: details[0].start()]))
        if found[0].startswith("地址"):
            is_deep = any(admin[0][0] in "街镇乡" for admin in starts)
            if not is_deep or AT_WORK.search(text[max(0, found.start() - 12) : end + 10]):
                continue
        yield found.end() + (starts[-1].end() if starts else 0), end, HIDDEN


def upwards(text: str, start: int, end: int) -> Iterator[Spot]:
    """From the unit of administration before `start` on; from `start` when none is named, and the house number before it."""
    place = administration(text, start)
    if place is not None:
        yield place, end, HIDDEN
        return
    yield start, end, HIDDEN
    left = clause(text, start)
    for found in re.finditer(r"(?<=[路街巷弄道里村])[0-9]{1,4}(?:[\-—之][0-9]{1,3})?号", text[left:start]):
        yield left + found.start(), left + found.end(), HIDDEN


def administration(text: str, start: int, deep: bool = False) -> int | None:
    """Where the last 区, 县, 镇, 乡 or 街道 before `start` in the same clause ends; `deep` asks for 镇, 乡 or 街道."""
    left = clause(text, start)
    ends = [found.end() for found in ADMIN.finditer(text, left, start) if not deep or found[0][0] in "街镇乡"]
    return ends[-1] if ends else None


def clause(text: str, place: int, most: int = 40) -> int:
    left = max(0, place - most)
    cuts = [found.end() for found in CUT.finditer(text, left, place)]
    return cuts[-1] if cuts else left
