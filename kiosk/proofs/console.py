"""Every page of headquarters' console in a real browser: drawn, and held against WCAG 2.2 AA by axe-core.

Pages are found by following links from the first one, so that a new page is there without being named. Each is drawn
in both languages, by day and by night, and once as narrow as 320 pixels, where nothing may need sideways scrolling
(WCAG 2.2, 1.4.10). What a machine can find is not everything: the pictures are for looking at.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlsplit

import requests

from central import cli
from central.console.accounts import code_now
from kiosk.commands.simulated import TERMINAL, Sandbox, ensure_sandbox
from kiosk.protocol.filings import PreRegistration
from kiosk.protocol.records import sealed_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BROWSER = "/usr/bin/chromium"
LANGUAGES = ("zh-CN", "en")
THEMES = ("light", "dark")
NARROW = 320
WIDE = (1360, 900)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PASSWORD = "a lamp that burns at three"
PATIENT_MS = 30_000
SAMPLES_OF_A_KIND = 2
"""Of pages that differ only by a number or a name so many are looked at."""


@dataclass
class Looked:
    """What was looked at, and what was found: sentences with page, look and rule."""

    pages: list[str] = field(default_factory=list[str])
    pictures: int = 0
    findings: list[str] = field(default_factory=list[str])


def looked(folder: Path, pictures: Path, seed: int) -> Looked:
    """Start headquarters with something to show, sign in, and look at everything. Raises what the browser raises."""
    from playwright.sync_api import sync_playwright

    sandbox = ensure_sandbox(folder / "state", seed)
    try:
        secret, first = _people(sandbox)
        _something_to_show(sandbox, folder)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
            try:
                return _all_of(browser, f"{sandbox.address.people}/console", secret, first, pictures)
            finally:
                browser.close()
    finally:
        sandbox.end()


def _people(sandbox: Sandbox) -> tuple[str, str]:
    """Somebody with every role one person may hold: the secret of their codes, and the first password."""
    said = io.StringIO()
    roles = "viewer,operator,configurator,security-auditor"
    words = ["user", "add", "wang", "--roles", roles, "--shown", "Wang", "--state", str(sandbox.state)]
    with contextlib.redirect_stdout(said):
        if cli.main(words) != 0:
            raise RuntimeError("nobody could be added")
    told: dict[str, str] = json.loads(said.getvalue())
    return parse_qs(urlsplit(told["otpauth"]).query)["secret"][0], told["password"]


def _something_to_show(sandbox: Sandbox, folder: Path) -> None:
    """A heartbeat with an alarm, a call for help, somebody to call back, and a set on its way."""
    pair = sandbox.state / "central" / "terminals" / TERMINAL
    now = datetime.now(UTC).isoformat()
    beat = {
        "at": now,
        "version": "0.1.0",
        "settings_version": "3",
        "devices": [{"device": "locker", "state": "online"}, {"device": "receipt-printer", "state": "offline"}],
        "services_open": ["HZ01", "HZ02"],
        "closed": {"JG01": "closed-locker-door-open"},
        "alarms": ["alarm-door-open:7"],
        "outbox_waiting": 0,
        "audit_rows": 0,
        "audit_head": "",
    }
    case = "01JC0000000000000000000042"
    call = {"key": f"{case}/help/1", "digest": "d", "case": case, "kind": "help-call", "at": now}
    call |= {"payload": {"page": "PayPage", "service": "HZ01", "language": "en", "voice": True}}

    def send(path: str, message: dict[str, Any]) -> dict[str, Any]:
        answer = requests.post(
            sandbox.address.terminals + path,
            json=message,
            cert=(str(pair / "cert.pem"), str(pair / "key.pem")),
            verify=str(pair / "ca.pem"),
            timeout=20,
        )
        answer.raise_for_status()
        return answer.json()

    seal_for = send("/v1/heartbeats", beat)["seal_for"]
    told = PreRegistration(service="CRJ04", number="150203199003070017", name="测试甲", phone="13800000000")
    sealed = base64.b64encode(sealed_for((seal_for,), told.model_dump_json().encode())).decode()
    left = {"key": f"{case}/left/1", "digest": "d", "case": case, "kind": "pre-registration", "at": now}
    _ = send("/v1/filings", call)
    _ = send("/v1/filings", left | {"payload": {"service": "CRJ04", "sealed": sealed}})
    page: dict[str, Any] = {
        "page": "FormPage",
        "service": "HZ01",
        "step": 2,
        "steps": 5,
        "sentence": [{"key": "field-phone"}],
        "blocks": [{"kind": "fact", "said": [{"key": "field-phone", "part": "check"}], "more": [{}]}],
        "field": {"name": "phone", "characters": 7, "length": 11},
        "actions": [{"said": [{"key": "action-next"}], "enabled": False, "leads": True}],
    }
    _ = send("/v1/help/sights", {"version": 1, "key": call["key"], "turn": 0, "language": "en", "page": page})
    settings = folder / "set"
    settings.mkdir()
    _ = (settings / "settings.toml").write_text("[services.JG01]\nenabled = false\n", "utf-8")
    for words in (("publish", str(settings)), ("rollout", "1", "--by", "li")):
        command = [sys.executable, "-m", "central", "config", *words, "--state", str(sandbox.state)]
        _ = subprocess.run(command, check=True, capture_output=True, timeout=60)


def _all_of(browser: Browser, root: str, secret: str, first: str, pictures: Path) -> Looked:
    found = Looked()
    password = first
    for language in LANGUAGES:
        context = browser.new_context(
            ignore_https_errors=True, locale=language, viewport={"width": WIDE[0], "height": WIDE[1]}
        )
        context.set_default_timeout(PATIENT_MS)
        page = context.new_page()
        _audit(page, f"{root}/sign-in", "sign-in", language, pictures, found)
        _enter(page, root, secret, password)
        password = PASSWORD
        if not found.pages:
            found.pages = list(_places(page, root))
        for place in found.pages:
            _audit(page, root + place, place, language, pictures, found)
        page.set_viewport_size({"width": NARROW, "height": WIDE[1]})
        for place in found.pages:
            _ = page.goto(root + place)
            if int(page.evaluate("document.documentElement.scrollWidth")) > NARROW:
                found.findings.append(f"{place} {language}: needs sideways scrolling at {NARROW} pixels")
        _ = page.locator("form[action$='/sign-out'] button").click()
        context.close()
    return found


def _enter(page: Page, root: str, secret: str, password: str) -> None:
    """As a person does it; the first time with a password of their own. A code is taken once, so the next is used."""
    _ = page.goto(f"{root}/sign-in")
    page.fill("#name", "wang")
    page.fill("#password", password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/code$"))
    while page.url.endswith("/code"):
        page.fill("#code", code_now(secret, datetime.now(UTC)))
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        if page.url.endswith("/code"):
            page.wait_for_timeout(2_000)
    if page.url.endswith("/password"):
        page.fill("#old", password)
        page.fill("#new", PASSWORD)
        page.fill("#again", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{root}/")


def _places(page: Page, root: str) -> Iterator[str]:
    """Every page that can be reached by links, each kind a few times."""
    seen, waiting = {""}, ["/", "/password", "/nowhere"]
    kinds: dict[str, int] = {}
    while waiting:
        place = waiting.pop(0)
        kind = re.sub(r"[A-Z0-9][A-Z0-9-]{2,}|\d+", "*", place.partition("?")[0])
        if place in seen or kinds.get(kind, 0) >= SAMPLES_OF_A_KIND:
            continue
        seen.add(place)
        kinds[kind] = kinds.get(kind, 0) + 1
        yield place
        _ = page.goto(root + place)
        links = cast("list[str]", page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)"))
        for link in links:
            path = link.removeprefix(root).partition("#")[0]
            if link.startswith(f"{root}/") and not path.startswith("/look") and ".csv" not in path:
                waiting.append(path)


def _audit(page: Page, address: str, place: str, language: str, pictures: Path, found: Looked) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for theme in THEMES:
        page.emulate_media(color_scheme=cast("Any", theme))
        _ = page.goto(address)
        name = re.sub(r"[^a-z0-9]+", "-", place.lower()).strip("-") or "fleet"
        _ = page.screenshot(path=str(pictures / f"{name}-{language}-{theme}.png"), full_page=True)
        found.pictures += 1
        options = {"runOnly": {"type": "tag", "values": TAGS}}
        response = cast("dict[str, Any]", cast("Any", Axe()).run(page, options=options).response)
        for broken in response["violations"]:
            where = ", ".join(str(node["target"][0]) for node in broken["nodes"][:3])
            found.findings.append(f"{place} {language} {theme}: {broken['id']} ({broken['impact']}) at {where}")
