"""The citizen's telephone: opens the page behind a payment code and presses a button of its form."""

from __future__ import annotations

import enum
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

_SECONDS = (5.0, 20.0)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Press(enum.Enum):
    """Which button: the value it carries in the form."""

    CONFIRM = "confirm"
    DECLINE = "decline"


class CannotPay(Exception):
    """The page could not be opened, or has no such button. Holds no address and no data of the payer."""


class _Form(HTMLParser):
    """The first form with method=post, its hidden fields and its buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.found = False
        self.action = ""
        self.fields: dict[str, str] = {}
        self.buttons: list[tuple[str, str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {key: value or "" for key, value in attrs}
        if tag == "form" and not self.found and attributes.get("method", "").lower() == "post":
            self.found = self._inside = True
            self.action = attributes.get("action", "")
        elif self._inside and tag == "input" and attributes.get("type", "") == "hidden":
            self.fields[attributes.get("name", "")] = attributes.get("value", "")
        elif self._inside and (tag == "button" or (tag == "input" and attributes.get("type") == "submit")):
            self.buttons.append((attributes.get("name", ""), attributes.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


def press(url: str, button: Press) -> str:
    """Open the page, press the button, and say how it ended: the HTTP status of the answer.

    A certificate is checked as a telephone would, except on this very machine, where the sandbox has its own
    authority. Blocks. Raises CannotPay.
    """
    session = requests.Session()
    session.trust_env = False
    session.verify = urlsplit(url).hostname not in _LOOPBACK
    try:
        with session:
            page = session.get(url, timeout=_SECONDS)
            form = _Form()
            form.feed(page.content.decode("utf-8", "replace"))
            chosen = next((b for b in form.buttons if b[1] == button.value), None)
            if page.status_code != 200 or not form.found or chosen is None:
                raise CannotPay(f"the page has no such button (status {page.status_code})")
            answer = session.post(
                urljoin(page.url, form.action) if form.action else page.url,
                data={**form.fields, chosen[0]: chosen[1]},
                timeout=_SECONDS,
            )
    except requests.RequestException as failure:
        raise CannotPay(f"the page could not be reached: {type(failure).__name__}") from None
    return str(answer.status_code)
