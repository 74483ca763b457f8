"""The words of the ledger table: its columns and their variants, and what may stand in them."""

from collections.abc import Mapping

from matrix.account import LEVELS, PLATFORM_NAMES, Filing, Nature, Platform, Route, Status

COLUMNS: dict[str, tuple[str, ...]] = {
    "单位编码": ("机构编码", "组织编码", "单位代码", "编码"),
    "单位名称": ("单位", "机构名称", "主办单位", "开设单位", "部门名称"),
    "上级单位编码": ("上级编码", "父级编码", "上级单位代码", "主管单位编码"),
    "上级单位名称": ("上级单位", "主管单位", "主管单位名称", "父级单位"),
    "层级": ("单位层级", "行政层级", "级别"),
    "条线": ("所属条线", "系统", "行业条线", "领域"),
    "地区": ("所属地区", "行政区划", "区域", "属地"),
    "平台": ("平台名称", "账号平台", "平台类型", "新媒体平台", "开设平台"),
    "平台账号ID": ("账号ID", "账号id", "平台ID", "UID", "uid", "原始ID", "平台账号id"),
    "账号名称": ("账号", "账号名", "新媒体名称", "政务新媒体名称", "昵称"),
    "账号性质": ("性质", "账号类别", "账号类型"),
    "责任人": ("负责人", "账号负责人", "管理员", "联系人"),
    "联系电话": ("电话", "手机", "手机号", "联系方式", "责任人电话"),
    "备案状态": ("备案", "备案情况", "是否备案"),
    "运行状态": ("状态", "账号状态", "运维状态"),
    "豁免说明": ("豁免", "豁免原因", "不考核说明"),
    "采集方式": ("采集", "数据来源", "接入方式"),
    "订阅地址": ("RSS", "rss", "订阅源", "订阅链接", "feed"),
}
FIELDS = {"level": "层级", "line": "条线", "region": "地区"}
CLEARED = ("无", "-", "—", "/")
"""Written into a cell, these empty what is known; an empty cell leaves it alone."""

WORDS: dict[str, tuple[str, Mapping[str, str]]] = {
    "账号性质": (
        "nature",
        dict.fromkeys(("机构", "单位", "机构账号", "政务机构", "官方", "部门"), Nature.INSTITUTION)
        | dict.fromkeys(("公职人员", "个人", "公务人员", "公职人员账号", "领导干部", "干警个人"), Nature.OFFICIAL_PERSON),
    ),
    "备案状态": (
        "filing",
        dict.fromkeys(("已备案", "备案", "是", "已报备", "已完成"), Filing.FILED)
        | dict.fromkeys(("备案中", "申请中", "审核中", "正在备案"), Filing.PENDING)
        | dict.fromkeys(("未备案", "否", "没有", "无", "未报备"), Filing.UNFILED),
    ),
    "运行状态": (
        "status",
        dict.fromkeys(("正常运行", "正常", "运行", "启用", "在用", "运行中", "开通"), Status.ACTIVE)
        | dict.fromkeys(("暂停", "暂停运行", "停用", "停更", "暂停更新", "暂停使用"), Status.SUSPENDED)
        | dict.fromkeys(("已关停", "关停", "注销", "已注销", "关闭", "已关闭", "停止运行"), Status.CLOSED),
    ),
}
LEVEL_WORDS = {
    "省": "省级",
    "自治区": "省级",
    "直辖市": "省级",
    "市": "市级",
    "地市级": "市级",
    "设区市": "市级",
    "地级市": "市级",
    "县": "县级",
    "区": "县级",
    "区县": "县级",
    "区县级": "县级",
    "县区级": "县级",
    "区级": "县级",
    "县(市、区)": "县级",
    "乡镇": "乡镇街道",
    "街道": "乡镇街道",
    "镇街": "乡镇街道",
    "乡镇级": "乡镇街道",
    "乡镇(街道)": "乡镇街道",
    "局": "部门",
    "委办局": "部门",
    "直属部门": "部门",
    "站": "站所",
    "所": "站所",
    "基层站所": "站所",
}
OWN_ROUTES = {
    Route.WEIBO_FREE: Platform.WEIBO,
    Route.WEIBO_COMMERCIAL: Platform.WEIBO,
    Route.WECHAT: Platform.WECHAT,
}
"""Routes that serve one platform only; feeds and files serve any."""


def level_named(text: str) -> str:
    """One of our levels where the word is known; any other word is kept, for trees that are cut otherwise."""
    word = text.replace(" ", "")
    return word if word in LEVELS else LEVEL_WORDS.get(word, word)


def default_route(platform: Platform, feed_url: str) -> str:
    """The route of a row that names none: the feed whose address it gives, else registered only where nothing collects.

    "" where there is a collector: a known account keeps its route, and a new one starts as registered only until somebody
    chooses, because each interface needs an authorisation of its own.
    """
    if feed_url:
        return Route.FEED
    return "" if platform in (Platform.WEIBO, Platform.WECHAT) else Route.NONE


def route_fault(platform: Platform, route: Route, feed_url: str) -> str:
    """Why a route does not fit an account, in Chinese; "" when it does."""
    wanted = OWN_ROUTES.get(route)
    if wanted and wanted != platform:
        return f"采集方式与平台不符：{PLATFORM_NAMES[platform]}不能用{PLATFORM_NAMES[wanted]}的接口"
    if route == Route.FEED and not feed_url:
        return "采集方式是订阅源，但没有填写订阅地址"
    return ""
