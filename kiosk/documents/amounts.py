"""Amounts in words for papers of the law (大写), as Chinese accounting rules write them."""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def _group(number: int) -> str:
    """Four digits, gaps as one 零, none at the end."""
    out, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            out += ("零" if gap and out else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return out


def _whole(yuan: int) -> str:
    out, gap = "", False
    for at in (2, 1, 0):
        part = yuan // 10000**at % 10000
        if part:
            out += ("零" if out and (gap or part < 1000) else "") + _group(part) + _GROUPS[at]
            gap = False
        else:
            gap = bool(out)
    return out


def in_words(yuan: str) -> str:
    """`200` gives 贰佰元整, `19.50` 壹拾玖元伍角, `0` 零元整. At most 999999999999.99."""
    before, _, after = yuan.partition(".")
    whole, cents = int(before), int((after + "00")[:2])
    tens, ones = divmod(cents, 10)
    out = f"{_whole(whole)}元" if whole else ""
    if not cents:
        return f"{out or '零元'}整"
    if tens:
        out += f"{_DIGITS[tens]}角"
    elif out:
        out += "零"
    return out + (f"{_DIGITS[ones]}分" if ones else "")
