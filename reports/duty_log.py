"""值班日志 as a page of its own that prints on A4: head, what was done, what could not be seen, who signs."""

from collections.abc import Mapping, Sequence
from html import escape

STYLE = (
    "@page{size:A4;margin:20mm 18mm}body{font:13px/1.6 'FangSong','STFangsong','Noto Serif CJK SC',serif;color:#000;"
    "max-width:173mm;margin:0 auto}h1{text-align:center;font:600 24px/1.6 'SimHei','Noto Sans CJK SC',sans-serif}"
    "h2{font:600 16px/1.8 'SimHei','Noto Sans CJK SC',sans-serif;margin:6mm 0 2mm}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #444;padding:1mm 2mm;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    ".short{white-space:nowrap}thead{display:table-header-group}tr{break-inside:avoid}h2{break-after:avoid}"
    ".sign{margin-top:12mm;display:flex;justify-content:space-between;break-before:avoid}"
)

SHORT = 16
"""Letters of a moment, 2026-03-02 08:05."""


def write(head: Mapping[str, str], lists: Mapping[str, Sequence[Mapping[str, str]]]) -> bytes:
    """A UTF-8 page without scripts or anything fetched. Texts come masked; whatever they hold is only text here."""
    parts = [f"<h1>值班日志</h1><table>{''.join(_line(name, words) for name, words in head.items())}</table>"]
    for title, rows in lists.items():
        parts.append(f"<h2>{escape(title)}（{len(rows)}）</h2>")
        parts.append(_table(rows) if rows else "<p>无。</p>")
    parts.append('<div class="sign"><span>交班人：________________</span><span>接班人：________________</span></div>')
    body = "\n".join(parts)
    page = f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>值班日志</title><style>{STYLE}</style></head>'
    return f"{page}<body>{body}</body></html>".encode("utf-8", "replace")


def _line(name: str, words: str) -> str:
    return f'<tr><th style="width:24mm">{escape(name)}</th><td>{escape(words)}</td></tr>'


def _table(rows: Sequence[Mapping[str, str]]) -> str:
    head = "".join(f'<th class="short">{escape(name)}</th>' for name in rows[0])
    lines = "".join(f"<tr>{''.join(_cell(str(cell)) for cell in row.values())}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _cell(words: str) -> str:
    """Moments, names and acts stay on one line; sentences take the room that is left."""
    return f'<td class="short">{escape(words)}</td>' if len(words) <= SHORT else f"<td>{escape(words)}</td>"
