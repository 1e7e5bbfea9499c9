"""Whether a password is easy to guess, judged here: nothing of it leaves the process.

zxcvbn (Wheeler, USENIX Security 2016) counts the guesses of somebody who knows the thirty thousand most used
passwords, words, names, dates, keyboard walks and repetitions; ten thousand million and more is its best class.
"""

from __future__ import annotations

import re
from typing import Any, cast

import zxcvbn

ENOUGH = 10**10
"""Guesses (its class 4: safe even where somebody stole the hashes)."""
LETTERS_OF_ITS_OWN = 6
"""So many letters have to be left besides the words below."""
CONTEXT = (
    "headquarters",
    "kiosk",
    "terminal",
    "console",
    "police",
    "station",
    "sandbox",
    "operator",
    "configurator",
    "approver",
    "auditor",
    "viewer",
    "security",
    "password",
    "admin",
    "jingcha",
    "gongan",
    "paichusuo",
    "zizhu",
    "zhongduan",
    "mima",
    "公安",
    "警察",
    "派出所",
    "自助",
    "终端",
    "指挥中心",
    "密码",
)
"""What whoever knows this place tries first; docs/security/limits.md names them."""
_READ = 72
"""Characters it looks at: its time grows with their square, and nobody needs more to be safe."""


def easy(password: str, name: str) -> bool:
    """Whether somebody who knows this place and this person's name finds it before long."""
    own = password.lower()
    for word in sorted((*CONTEXT, name), key=len, reverse=True):
        own = own.replace(word, " ")
    if len(re.sub(r"[\W\d_]", "", own)) < LETTERS_OF_ITS_OWN and own != password.lower():
        return True
    found = cast("dict[str, Any]", zxcvbn.zxcvbn(password[:_READ], user_inputs=[*CONTEXT, name]))
    return int(found["guesses"]) < ENOUGH
