"""The few plain pages that stand before the console: sign-in, password, and a sentence with a way on."""

import base64
import hashlib
from html import escape

PRODUCT = "政务新媒体矩阵管理台"

STYLE = """
:root{color-scheme:light dark;--back:#eef2f7;--card:#fff;--text:#1c2733;--soft:#5b6673;--line:#cfd8e3;--main:#1f5fae;
--on:#fff}
@media(prefers-color-scheme:dark){:root{--back:#12181f;--card:#1b242e;--text:#e4eaf1;--soft:#a3b0be;--line:#3a4858;
--main:#3377c9;--on:#fff}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;justify-content:center;padding:24px 16px;
background:var(--back);color:var(--text);font:16px/1.6 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Source Han Sans SC',
'WenQuanYi Micro Hei',sans-serif}
main{width:100%;max-width:400px;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:32px 28px;
box-shadow:0 8px 28px rgba(15,35,60,.08)}
.mark{width:44px;height:44px;display:block;margin:0 0 16px}
h1{font-size:21px;line-height:1.35;margin:0 0 4px;font-weight:650}
h2{font-size:16px;margin:0 0 22px;font-weight:400;color:var(--soft)}
label{display:block;margin:0 0 6px;font-size:14px;color:var(--soft)}
input{width:100%;padding:10px 12px;margin:0 0 16px;font:inherit;color:inherit;background:transparent;border:1px solid var(--line);
border-radius:6px}
input:focus{outline:2px solid var(--main);outline-offset:1px;border-color:var(--main)}
button,.go{display:block;width:100%;padding:11px 12px;font:inherit;font-weight:600;color:var(--on);background:var(--main);
border:0;border-radius:6px;cursor:pointer;text-align:center;text-decoration:none}
button:hover,.go:hover{filter:brightness(1.08)}
button:focus-visible,.go:focus-visible{outline:2px solid var(--text);outline-offset:2px}
.fault{margin:0 0 16px;padding:10px 12px;border-radius:6px;border-left:4px solid var(--text);
background:var(--back);font-size:14px;
font-weight:600}
.hint{margin:16px 0 0;font-size:13px;color:var(--soft)}
.hint a{color:inherit}
footer{margin:20px 0 0;font-size:13px;color:var(--soft)}
"""

MARK = (
    '<svg class="mark" viewBox="0 0 44 44" role="img" aria-label="标志"><rect width="44" height="44" rx="10" fill="#1f5fae"/>'
    '<g fill="#fff"><rect x="10" y="10" width="10" height="10" rx="2"/><rect x="24" y="10" width="10" height="10" rx="2" '
    'opacity=".55"/><rect x="10" y="24" width="10" height="10" rx="2" opacity=".55"/><rect x="24" y="24" width="10" '
    'height="10" rx="2"/></g></svg>'
)

POLICY = (
    "default-src 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    + "'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""What these pages may load: their own style and nothing else."""


def page(title: str, body: str) -> str:
    """A whole document around a body that is already safe."""
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)} · {PRODUCT}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head><body><main>{MARK}<h1>{PRODUCT}</h1>'
        f"<h2>{escape(title)}</h2>{body}</main><footer>仅限授权人员使用，登录和操作均有记录</footer></body></html>"
    )


def fault_line(fault: str) -> str:
    return f'<p class="fault" role="alert">{escape(fault)}</p>' if fault else ""


def hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value, quote=True)}">'


def sign_in(form: str, where: str, fault: str = "", login: str = "") -> str:
    """The sign-in; `form` is the token that proves the form came from here, `where` the address to go on to."""
    focus = ("", " autofocus") if login else (" autofocus", "")
    return page(
        "登录",
        f'{fault_line(fault)}<form method="post" action="/signin">{hidden("form", form)}{hidden("where", where)}'
        '<label for="login">用户名</label><input id="login" name="login" autocomplete="username" autocapitalize="none" '
        f'spellcheck="false" required maxlength="64" value="{escape(login, quote=True)}"{focus[0]}>'
        '<label for="password">密码</label><input id="password" name="password" type="password" '
        f'autocomplete="current-password" required maxlength="256"{focus[1]}><button type="submit">登录</button></form>'
        '<p class="hint">忘记密码或被锁定，请联系本单位的安全管理员或系统管理员。</p>',
    )


def password(form: str, login: str, why: str, fault: str = "") -> str:
    """The page on which a person changes his own password; `why` says what brought him here."""
    rows = "".join(
        f'<label for="{name}">{words}</label><input id="{name}" name="{name}" type="password" autocomplete="{fill}" required '
        f'maxlength="256">'
        for name, words, fill in (
            ("before", "原密码", "current-password"),
            ("after", "新密码", "new-password"),
            ("again", "再输一次新密码", "new-password"),
        )
    )
    return page(
        "修改密码",
        f'{fault_line(fault)}<p>{escape(why)}</p><form method="post" action="/password">{hidden("form", form)}'
        f'<input type="hidden" name="login" autocomplete="username" value="{escape(login, quote=True)}">{rows}'
        '<button type="submit">保存新密码</button></form>'
        '<p class="hint">至少8位，大写字母、小写字母、数字、符号中至少三类。保存后，其他地方的登录全部结束。 '
        '<a href="/signout">退出登录</a></p>',
    )


def sign_out(form: str) -> str:
    """Asked for from another site: the person says himself whether to leave."""
    return page(
        "退出登录",
        f'<p>确定退出登录吗？</p><form method="post" action="/signout">{hidden("form", form)}'
        '<button type="submit">退出登录</button></form>',
    )


def sentence(title: str, words: str, way: str = "", address: str = "/") -> str:
    """One sentence, and the way on where there is one."""
    link = f'<a class="go" href="{escape(address, quote=True)}">{escape(way)}</a>' if way else ""
    return page(title, f"<p>{escape(words)}</p>{link}")
