"""Pages for a phone: plain HTML without script, nothing personal on them."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from kiosk.people.bills import bill_topic
from kiosk.people.money import Money
from kiosk.protocol.messages import OrderState

_STYLE = """
*{box-sizing:border-box}body{margin:0;font:17px/1.6 system-ui,"PingFang SC","Noto Sans CJK SC",sans-serif;
background:#eef1f5;color:#14202e}main{max-width:26rem;margin:0 auto;padding:1.25rem}
.sandbox{background:#7a4b00;color:#fff;text-align:center;padding:.35rem;font-size:.9rem}
h1{font-size:1.25rem;margin:.5rem 0 1rem}.card{background:#fff;border-radius:14px;padding:1.25rem;
box-shadow:0 1px 4px #0002}.sum{font-size:2.6rem;font-weight:700;margin:.25rem 0}
dl{display:grid;grid-template-columns:auto 1fr;gap:.35rem 1rem;margin:1rem 0}dt{color:#50606f}dd{margin:0;
text-align:right;overflow-wrap:anywhere}button,.again{display:block;width:100%;min-height:3.2rem;font:inherit;font-weight:600;
border-radius:12px;border:2px solid #0b57a4;margin-top:.8rem;text-align:center;line-height:3rem;text-decoration:none}
.yes{background:#0b57a4;color:#fff}.no,.again{background:#fff;color:#0b57a4}.state{font-size:1.15rem;font-weight:600}
.ok{color:#0a6b35}.bad{color:#a3261d}
@media(prefers-color-scheme:dark){body{background:#10161d;color:#eef3f8}.card{background:#1b242e}dt{color:#a9b7c5}
.no,.again{background:#1b242e;color:#8cc2ff;border-color:#8cc2ff}.ok{color:#6fdc9a}.bad{color:#ff9d94}}
"""

STYLE_DIGEST = "sha256-" + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
"""By which a content security policy names the one style these pages have."""

BILL_WORDS = {
    "bill-fee": "居民身份证工本费",
    "bill-temporary-id-card": "临时居民身份证工本费",
    "bill-endorsement": "签注费",
    "bill-fine": "道路交通安全违法罚款",
    "bill-driving-licence": "机动车驾驶证工本费",
    "bill-vehicle-licence": "机动车行驶证工本费",
    "bill-passport": "普通护照工本费",
    "bill-hk-macao-pass": "往来港澳通行证工本费",
    "bill-taiwan-pass": "往来台湾通行证工本费",
    "bill-temporary-plate": "临时行驶车号牌工本费",
}

_STATE_WORDS = {
    OrderState.CAPTURED: ("ok", "缴费成功，请回到终端继续办理。"),
    OrderState.CLOSED: ("bad", "该缴费码已关闭，未扣款。"),
    OrderState.EXPIRED: ("bad", "该缴费码已过期，未扣款。"),
    OrderState.REFUNDED: ("bad", "款项已原路退回。"),
}


def page(title: str, content: str) -> bytes:
    """A whole page."""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f'<body><div class="sandbox">沙箱环境 · 不产生真实扣款</div><main><h1>{escape(title)}</h1>{content}</main>'
        "</body></html>"
    ).encode()


def _facts(number: str, bill: str) -> str:
    words = BILL_WORDS[bill_topic(bill)]
    return f"<dl><dt>项目</dt><dd>{words}</dd><dt>订单号</dt><dd>{escape(number)}</dd></dl>"


def open_order(number: str, bill: str, fen: int, until: str, notice: str = "") -> bytes:
    """The page a code leads to: what, how much, yes or no."""
    told = f'<p class="state bad">{escape(notice)}</p>' if notice else ""
    return page(
        "自助终端缴费",
        f'<div class="card">{told}<div class="sum">¥ {Money(fen).yuan}</div>{_facts(number, bill)}'
        f"<p>请在 {escape(until)} 前完成。</p>"
        '<form method="post"><button class="yes" name="answer" value="confirm">确认支付</button>'
        '<button class="no" name="answer" value="decline">暂不支付</button></form></div>',
    )


def finished_order(number: str, bill: str, fen: int, state: OrderState) -> bytes:
    """What became of it."""
    kind, words = _STATE_WORDS[state]
    return page(
        "自助终端缴费",
        f'<div class="card"><p class="state {kind}">{words}</p><div class="sum">¥ {Money(fen).yuan}</div>'
        f"{_facts(number, bill)}</div>",
    )


def waiting_order(number: str, bill: str, fen: int) -> bytes:
    """The provider has the yes and not yet the money."""
    return page(
        "自助终端缴费",
        f'<div class="card"><p class="state">支付处理中，请勿重复支付。</p><div class="sum">¥ {Money(fen).yuan}</div>'
        f'{_facts(number, bill)}<a class="again" href="">刷新</a></div>',
    )


def verified(number: str, facts: tuple[tuple[str, str], ...]) -> bytes:
    """A paper's number is ours: what the paper must say."""
    rows = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in facts)
    return page(
        "文书核验",
        f'<div class="card"><p class="state ok">该编号真实有效。</p><dl><dt>编号</dt>'
        f"<dd>{escape(number)}</dd>{rows}</dl>"
        "<p>请核对以上内容与纸质文书是否一致。</p></div>",
    )


def told(title: str, words: str) -> bytes:
    """One sentence."""
    return page(title, f'<div class="card"><p class="state bad">{escape(words)}</p></div>')
