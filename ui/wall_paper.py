"""What the wall is drawn with: one sheet over everything, dark in every theme, sized by the screen so that nothing scrolls."""

from collections.abc import Iterable
from html import escape

STALE_SECONDS = 60
"""After so long without a new drawing the sheet says by itself that it stands still: the server may be out of reach."""

STYLE = """
.wall{--u:min(1vw,1.7778vh);position:fixed;inset:0;z-index:1000100;display:grid;box-sizing:border-box;overflow:hidden;
grid-template:auto auto minmax(0,1fr) auto/minmax(0,1fr) minmax(0,1fr);gap:calc(var(--u)*.7);
padding:calc(var(--u)*.6) calc(var(--u)*1.2) calc(var(--u)*.8);background:#0b1118;color:#eef3f8;color-scheme:dark;
line-height:1.25;
font-size:calc(var(--u)*1.6)}
.wall *{box-sizing:border-box;margin:0}
.wall header,.wall .day{grid-column:1/-1}
.wall header{display:flex;align-items:baseline;gap:calc(var(--u)*2);white-space:nowrap}
.wall header .name{font-size:calc(var(--u)*2.3);font-weight:650;overflow:hidden;text-overflow:ellipsis}
.wall header .duty{font-size:calc(var(--u)*1.9);color:#c3d0de;flex:1;overflow:hidden;text-overflow:ellipsis}
.wall header .date{font-size:calc(var(--u)*1.9);color:#c3d0de}
.wall header .time{font-size:calc(var(--u)*3.6);font-weight:650;font-variant-numeric:tabular-nums}
.wall header a{font-size:calc(var(--u)*1.1);color:#8fa0b3;align-self:center}
.wall section{background:#151d27;border-radius:calc(var(--u)*.5);padding:calc(var(--u)*.6) calc(var(--u)*1.1);overflow:hidden;
display:flex;flex-direction:column;gap:calc(var(--u)*.5);min-height:0}
.wall h3{padding:0;font-size:calc(var(--u)*1.7);line-height:1.25;font-weight:600;color:#9fb2c6;letter-spacing:0}
.wall h3 b{font-size:calc(var(--u)*2.3);color:#fff;padding-left:calc(var(--u)*.5)}
.wall h3 i{font-style:normal;font-weight:400;font-size:calc(var(--u)*1.5);padding-left:calc(var(--u)*.8)}
.wall .figures{display:flex;flex-wrap:wrap;justify-content:space-between;gap:calc(var(--u)*.6) calc(var(--u)*1.5)}
.wall .figure{white-space:nowrap}
.wall .figure b{display:block;font-size:calc(var(--u)*3.4);line-height:1.15;font-weight:650;font-variant-numeric:tabular-nums}
.wall .figure i{font-style:normal;font-size:calc(var(--u)*1.5);color:#9fb2c6}
.wall .figure.bad b{background:#eef3f8;color:#0b1118;padding:0 calc(var(--u)*.4);border-radius:calc(var(--u)*.3);
width:fit-content}
.wall .item{display:flex;flex-direction:column;gap:calc(var(--u)*.2);border-top:1px solid #2c3a4a;padding-top:calc(var(--u)*.5)}
.wall .item .head{display:flex;gap:calc(var(--u)*.7);align-items:center;font-size:calc(var(--u)*2.1);font-weight:650;
white-space:nowrap}
.wall .item .head .what{flex:1;overflow:hidden;text-overflow:ellipsis}
.wall .item .head .side{font-size:calc(var(--u)*1.5);font-weight:400;color:#9fb2c6}
.wall .item p{font-size:calc(var(--u)*1.65);color:#dbe4ee;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;
overflow:hidden}
.wall .item .clock{font-size:calc(var(--u)*2.1);font-weight:600;font-variant-numeric:tabular-nums;-webkit-line-clamp:1}
.wall .tag{flex:none;font-size:calc(var(--u)*1.7);line-height:1.35;padding:0 calc(var(--u)*.5);border-radius:calc(var(--u)*.25);
background:#2f3d4d;color:#fff}
.wall .late{background:#eef3f8;color:#0b1118;padding:0 calc(var(--u)*.4);border-radius:calc(var(--u)*.25)}
.wall .red{background:#d3222e;color:#fff}
.wall .orange{background:#f08a24;color:#141414}
.wall .yellow{background:#f5cf33;color:#141414}
.wall .blind{background:repeating-linear-gradient(45deg,#151d27 0 calc(var(--u)*.5),#1e2732 0 calc(var(--u)*1))}
.wall .day{flex-direction:row;align-items:center;gap:calc(var(--u)*3)}
.wall .day .figures{flex:1}
.wall .day h3 i{display:block;padding:0}
.wall .zero{font-size:calc(var(--u)*2.3);font-weight:600}
.wall .note{font-size:calc(var(--u)*1.5);color:#9fb2c6;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.wall .drill{grid-column:1/-1;text-align:center;font-size:calc(var(--u)*1.7);font-weight:650;letter-spacing:.3em;
background:#6b4bb8;color:#fff}
.wall .still{position:absolute;inset:auto 0 0;padding:calc(var(--u)*.6);text-align:center;font-size:calc(var(--u)*2.3);
font-weight:650;background:#eef3f8;color:#0b1118;visibility:hidden;animation:still 0s STALEs forwards}
@keyframes still{to{visibility:visible}}
@media(max-width:800px){.wall{--u:2.6vw;display:flex;flex-direction:column;overflow-y:auto}
.wall header{flex-wrap:wrap;gap:8px 16px}
.wall header .duty{flex-basis:100%}.wall section{flex:none}.wall .note{white-space:normal}}
""".replace("STALE", str(STALE_SECONDS))

LEVELS = {1: "yellow", 2: "orange", 3: "red"}


def sheet(head: str, sections: Iterable[str], drill: str = "") -> str:
    """The whole wall from parts that are already safe."""
    above = f'<div class="drill">{escape(drill)}</div>' if drill else ""
    rows = "grid-template-rows:auto auto auto minmax(0,1fr) auto" if drill else ""
    return (
        f'<style>{STYLE}</style><div class="wall" style="{rows}">{above}{head}{"".join(sections)}'
        '<div class="still">画面已停止更新，以上不是现状：请检查网络，或重新登录</div></div>'
    )


def head(name: str, duty: str, date: str, time: str, back: str, drawn: str) -> str:
    """The first line: whose wall, who is on duty, the time, the way out. `drawn` makes each drawing another one, so that the
    browser begins anew to wait for the next."""
    return (
        f'<header><span class="name">{escape(name)}</span><span class="duty">{escape(duty)}</span>'
        f'<span class="date">{escape(date)}</span><span class="time">{escape(time)}</span>'
        f'<a href="{escape(back)}" target="_self">退出大屏<br>更新于 {escape(drawn)}</a></header>'
    )


def section(title: str, body: str, count: str = "", kind: str = "", beside: str = "") -> str:
    """One part with its title; `count` stands large beside it, `beside` small."""
    number = f"<b>{escape(count)}</b>" if count else ""
    more = f"<i>{escape(beside)}</i>" if beside else ""
    return f'<section class="{kind}"><h3>{escape(title)}{number}{more}</h3>{body}</section>'


def figures(found: Iterable[tuple[str, str, bool]]) -> str:
    """Plain numbers with their words below; what is late stands inverted."""
    parts = [
        f'<div class="figure{" bad" if is_bad else ""}"><b>{escape(number)}</b><i>{escape(words)}</i></div>'
        for number, words, is_bad in found
    ]
    return f'<div class="figures">{"".join(parts)}</div>'


def item(tags: Iterable[tuple[str, str]], title: str, lines: Iterable[str], side: str = "") -> str:
    """One thing of a list; `tags` are (words, colour class), `lines` already safe, `side` small words at the right end."""
    marks = "".join(f'<span class="tag {kind}">{escape(words)}</span>' for words, kind in tags)
    first = f'{marks}<span class="what">{escape(title)}</span><span class="side">{escape(side)}</span>'
    return f'<div class="item"><div class="head">{first}</div>{"".join(lines)}</div>'


def line(words: str, kind: str = "", is_late: bool = False) -> str:
    """A line of an item; what is late is inverted, because colours belong to the levels of alerts."""
    inside = f'<span class="late">{escape(words)}</span>' if is_late else escape(words)
    return f'<p class="{kind}">{inside}</p>'


def zero(words: str) -> str:
    return f'<div class="zero">{escape(words)}</div>'


def note(words: str) -> str:
    return f'<div class="note">{escape(words)}</div>'
