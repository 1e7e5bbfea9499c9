"""Which code a telephone would see on the screen: the world is blind, the sandbox of headquarters knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import requests

_SECONDS = (5.0, 10.0)


class NoCode(Exception):
    """There is no code to pay, or headquarters cannot be asked. The text says what to do."""


def last_code(state: Path) -> str:
    """The address behind the youngest payment code that is still open. Blocks. Raises NoCode."""
    try:
        address = json.loads((state / "central" / "address.json").read_text("utf-8"))
        people, ca = str(address["people"]), str(address["ca"])
    except (OSError, ValueError, KeyError):
        raise NoCode(f"headquarters of {state} does not run; start it with: kiosk run --state {state}") from None
    session = requests.Session()
    session.trust_env = False
    try:
        with session:
            answer = session.get(f"{people}/sandbox/state", verify=ca, timeout=_SECONDS)
            answer.raise_for_status()
            orders: list[dict[str, Any]] = answer.json()["open_orders"]
    except (requests.RequestException, ValueError, KeyError) as failure:
        raise NoCode(f"headquarters at {people} cannot be asked ({type(failure).__name__}); give url=URL") from None
    if not orders:
        raise NoCode("no payment code is open; go on at the terminal until its screen shows one")
    return str(orders[0]["url"])
