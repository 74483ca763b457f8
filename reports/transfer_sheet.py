"""转办单 as a page of its own that prints on one A4 sheet, in the style of official papers."""

from collections.abc import Mapping
from html import escape

STYLE = (
    "@page{size:A4;margin:25mm 26mm 25mm 28mm}*{box-sizing:border-box}"
    "body{font:16px/1.75 'FangSong','STFangsong','FangSong_GB2312','Noto Serif CJK SC',serif;color:#000;max-width:160mm;"
    "margin:12mm auto}h1{font:400 30px/1.4 'FZXiaoBiaoSong-B05S','STZhongsong','SimSun','Noto Serif CJK SC',serif;"
    "text-align:center;margin:0 0 8mm;letter-spacing:2px}.line{display:flex;justify-content:space-between;margin:0 0 2mm}"
    "table{border-collapse:collapse;width:100%;table-layout:fixed}th,td{border:1px solid #000;padding:2.2mm 3mm;"
    "vertical-align:top;text-align:left;overflow-wrap:anywhere}th{width:30mm;font:400 16px/1.75 'SimHei','Noto Sans CJK SC',"
    "sans-serif;text-align:center;vertical-align:middle}.words td{height:46mm;white-space:pre-wrap}.open td{height:30mm}"
    ".sign{display:grid;grid-template-columns:1fr 1fr;gap:5mm 10mm;"
    "margin-top:9mm;white-space:nowrap}.foot{font-size:13px;margin-top:6mm}"
    "tr{break-inside:avoid}@media print{body{margin:0 auto}}"
)
FIELDS = ("转出单位", "承办单位", "诉求类别", "来源", "网民", "提出时间", "诉求内容", "原文链接", "办理时限", "依据", "转办意见")
TALL = {"诉求内容": "words"}


def write(sheet: Mapping[str, str]) -> bytes:
    """A UTF-8 page without scripts or anything fetched. Texts come masked; whatever they hold is only text here."""
    rows = "".join(
        f'<tr class="{TALL.get(name, "")}"><th>{escape(name)}</th><td>{escape(sheet.get(name, ""))}</td></tr>' for name in FIELDS
    )
    blank = "".join(f'<tr class="open"><th>{name}</th><td></td></tr>' for name in ("承办意见", "办理结果"))
    number, day = escape(sheet.get("编号", "")), escape(sheet.get("转办日期", ""))
    body = (
        f'<h1>网民诉求转办单</h1><div class="line"><span>编号：{number}</span><span>转办日期：{day}</span></div>'
        f"<table><tbody>{rows}{blank}</tbody></table>"
        f'<div class="sign"><span>经办人：{escape(sheet.get("经办人", "")) or "____________"}</span>'
        "<span>审核人：____________</span><span>签收人：____________</span><span>签收日期：______年____月____日</span></div>"
        '<p class="foot">注：网民姓名、电话、证件号等已按规定遮蔽；请通过原账号公开回复，本系统不代发、不代回复。</p>'
    )
    page = f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>网民诉求转办单 {number}</title>'
    return f"{page}<style>{STYLE}</style></head><body>{body}</body></html>".encode("utf-8", "replace")
