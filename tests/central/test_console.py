"""The operators' pages in a real browser, against a server that runs: one browser, one server."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import io
import re
import secrets
import shlex
import sys
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright
from pydantic import TypeAdapter
from sqlalchemy import update
from sqlalchemy.orm import Session

from central import cli
from central.console.accounts import code_now, hashed
from central.console.web import COOKIE
from central.database import open_database, sqlite_url, transaction
from central.model_console import ConsoleSession, ConsoleUser, Stage
from central.state import State
from kiosk.backend.headquarters import Headquarters
from kiosk.backend.https import Credentials, HttpsExchange
from kiosk.devices.audio import contract as audio
from kiosk.devices.audio.player import Player, PlayerSettings
from kiosk.times import SystemClock as MachineClock
from tests.backend.world import ThreadWorker
from tests.central.serving import Served, read, running

OWN = "an evening in october"
"""A password of their own, for everybody here."""
BROWSER = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
"""Its microphone hears a tone of its own, once a second."""
PATIENT = 20_000
"""Milliseconds a page may take where other tests have the processors."""


@dataclass
class Site:
    """A server and a browser."""

    served: Served
    browser: Browser
    codes: dict[str, str]

    @property
    def address(self) -> str:
        return f"{self.served.address['people']}/console"

    def visitor(self) -> tuple[BrowserContext, Page]:
        context = self.browser.new_context(ignore_https_errors=True, locale="en", color_scheme="light")
        context.set_default_timeout(PATIENT)
        page = context.new_page()
        page.goto(f"{self.address}/")
        return context, page

    def code(self, name: str) -> str:
        return code_now(self.codes[name], datetime.now(UTC))

    @contextlib.contextmanager
    def books(self) -> Generator[Session]:
        """What the server keeps, beside it."""
        engine = open_database(sqlite_url(State(self.served.state).database))
        with transaction(engine) as db:
            yield db
        engine.dispose()

    def enter(self, name: str, language: str = "en") -> tuple[BrowserContext, Page]:
        """Somebody who signed in before, on the first page."""
        cookie, now = secrets.token_hex(32), datetime.now(UTC)
        digest = hashlib.sha256(cookie.encode()).hexdigest()
        with self.books() as db:
            row = ConsoleSession(id=digest, user=name, stage=Stage.IN, token="0" * 64, began_at=now, seen_at=now)
            db.add(row)
        context = self.browser.new_context(ignore_https_errors=True, locale=language, color_scheme="light")
        context.set_default_timeout(PATIENT)
        context.add_cookies([{"name": COOKIE, "value": cookie, "url": self.served.address["people"], "secure": True}])
        page = context.new_page()
        page.goto(f"{self.address}/")
        return context, page


ROLES = {
    "wang": "operator",
    "chen": "viewer",
    "zhao": "security-auditor",
    "li": "configurator",
    "sun": "approver",
    "new": "viewer",
}


def said_by(*words: str) -> dict[str, str]:
    """What a command printed."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert cli.main(list(words)) == 0
    return TypeAdapter(dict[str, str]).validate_json(said.getvalue())


def people(state: Path) -> dict[str, str]:
    """Everybody of this file, by the command: the secrets of their codes. All but `new` have been in before."""
    codes: dict[str, str] = {}
    for name, roles in ROLES.items():
        told = said_by("user", "add", name, "--roles", roles, "--state", str(state))
        codes[name] = parse_qs(urlsplit(told["otpauth"]).query)["secret"][0]
        codes[f"{name}'s first"] = told["password"]
    engine = open_database(sqlite_url(State(state).database))
    with transaction(engine) as db:
        known = update(ConsoleUser).where(ConsoleUser.name != "new")
        db.execute(known.values(password=hashed(OWN), to_change=False))
    engine.dispose()
    return codes


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    state = tmp_path_factory.mktemp("state")
    with running(state) as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=BROWSER)
        yield Site(served, browser, people(state))
        browser.close()


def test_the_first_time_somebody_comes_in(site: Site) -> None:
    """By keyboard alone: the first password, the code, a password of their own; nothing is shown before."""
    context, page = site.visitor()
    expect(page).to_have_url(re.compile("/sign-in$"))
    page.keyboard.type("new")
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    page.keyboard.type("new")
    page.keyboard.press("Tab")
    page.keyboard.type(site.codes["new's first"])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/code$"))
    page.goto(f"{site.address}/people")
    expect(page).to_have_url(re.compile("/code$"))
    page.keyboard.type(site.code("new"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/password$"))
    page.goto(f"{site.address}/")
    expect(page).to_have_url(re.compile("/password$"))
    for words in (site.codes["new's first"], OWN, OWN):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.address}/")
    (cookie,) = [c for c in context.cookies() if c.get("name") == COOKIE]
    assert cookie.get("httpOnly") and cookie.get("secure") and cookie.get("sameSite") == "Strict"
    page.click("text=Sign out")
    expect(page).to_have_url(re.compile("/sign-in$"))
    context.close()


def test_a_role_opens_its_own_pages_only(site: Site) -> None:
    context, page = site.enter("chen")
    expect(page.get_by_role("navigation")).not_to_contain_text("Record")
    for path in ("people", "record"):
        answer = page.goto(f"{site.address}/{path}")
        assert answer is not None and answer.status == 403
    context.close()


def test_a_form_of_another_page_does_nothing(site: Site) -> None:
    context, _ = site.enter("zhao")
    address = f"{site.address}/people/chen/disable"
    tries: tuple[tuple[dict[str, str], dict[str, str | float | bool]], ...] = (
        ({"origin": "https://elsewhere.invalid"}, {"token": "x"}),
        ({"sec-fetch-site": "cross-site"}, {}),
        ({}, {"token": "1" * 64}),
        ({}, {}),
    )
    for headers, form in tries:
        assert context.request.post(address, headers=headers, form=form).status == 403
    context.close()


def test_the_auditor_sees_the_record_and_puts_somebody_out(site: Site) -> None:
    somebody, there = site.enter("chen")
    context, page = site.enter("zhao")
    page.goto(f"{site.address}/people")
    page.get_by_role("row", name="chen").get_by_role("button", name="End sessions").click()
    there.goto(f"{site.address}/")
    expect(there).to_have_url(re.compile("/sign-in$"))
    answer = page.goto(f"{site.address}/record")
    assert answer is not None
    expect(page.get_by_role("main")).to_contain_text("The chain holds")
    expect(page.get_by_role("row", name="zhao Sessions ended chen")).to_be_visible()
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store" and answer.headers["x-frame-options"] == "DENY"
    somebody.close()
    context.close()


def beat(served: Served, **said: object) -> None:
    message = {
        "at": datetime.now(UTC).isoformat(),
        "version": "0.1.0",
        "settings_version": "3",
        "devices": [{"device": "locker", "state": "online"}],
        "services_open": ["HZ01", "HZ02"],
        "outbox_waiting": 0,
        "audit_rows": 0,
        "audit_head": "",
        **said,
    }
    assert served.post("/v1/heartbeats", message).status_code == 200


def test_what_happens_at_a_terminal_is_on_the_page_without_reloading_and_an_alarm_is_worked_on(site: Site) -> None:
    beat(site.served)
    context, page = site.enter("wang")
    expect(page.get_by_role("row", name="KDL-001")).to_contain_text("All 2 open")
    mark = page.evaluate("window.mark = 1")
    closed = {"HZ02": "closed-locker-door-open"}
    beat(site.served, services_open=["HZ01"], closed=closed, alarms=["alarm-door-open:7"], visiting=True)
    row = page.get_by_role("row", name="KDL-001")
    expect(row).to_contain_text("1 open, 1 closed", timeout=PATIENT)
    expect(row).to_contain_text("A cabinet door is open")
    expect(page.locator("#count-alarms")).to_have_text("1")
    assert page.evaluate("window.mark") == mark
    page.get_by_role("link", name="KDL-001").click()
    expect(page.locator("#events")).to_contain_text("Somebody begins")
    page.get_by_role("link", name="A cabinet door stands open").click()
    expect(page.get_by_role("main")).to_contain_text("compare what lies inside first")
    page.get_by_role("button", name="I take it").click()
    expect(page.locator("#lines")).to_contain_text("wang took it")
    page.get_by_label("What was found and done").fill("shut; nothing inside")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator("#closed")).to_contain_text("A cabinet door stands open")
    context.close()


def test_a_dispute_is_answered_from_one_page_and_the_look_is_on_record(site: Site) -> None:
    case = "01JC0000000000000000000042"
    call = {"key": f"{case}/loss/1", "digest": "d", "case": case, "at": "2026-11-22T10:00:00+08:00"}
    call |= {"kind": "help-call"}
    filed = site.served.post("/v1/filings", {**call, "payload": {"page": "ReadCard"}}).json()["number"]
    context, page = site.enter("wang")
    page.get_by_role("link", name="What happened").click()
    page.get_by_label("Case, or the number").fill(filed)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.address}/visits/{case}")
    expect(page.get_by_role("main")).to_contain_text("Called for help")
    for path, words in (("money", "Both sides say the same"), ("reports", "Visits by hour of day")):
        page.goto(f"{site.address}/{path}")
        expect(page.get_by_role("main")).to_contain_text(words)
    context.close()
    looks = [row for row in read("record", site.served.state)["rows"] if row["act"] == "looked-at-visit"]
    assert [(row["user"], row["subject"]) for row in looks] == [("wang", case)]


def test_help_rings_and_what_the_operator_writes_reaches_the_terminal(site: Site) -> None:
    context, page = site.enter("wang")
    streams: list[Route] = []

    def hold(stream: Route) -> None:
        streams.append(stream)

    page.route("**/live?*", hold)
    with page.expect_request("**/live?*"):
        page.reload()
    call = {"key": "help/5f0c", "digest": "d", "case": "", "kind": "help-call", "at": "2026-11-22T10:00:00+08:00"}
    payload = {"page": "PayPage", "service": "HZ01", "language": "en"}
    number = site.served.post("/v1/filings", {**call, "payload": payload}).json()["number"]
    # Whoever calls between the page and its stream is heard.
    page.unroute("**/live?*")
    for stream in streams:
        stream.continue_()
    expect(page.locator("#ring")).to_contain_text(number, timeout=PATIENT)
    page.locator("#ring").get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text("Payment")
    expect(page.locator("#seen")).to_contain_text("Their page is not told now")
    seen: dict[str, Any] = {"page": "PayPage", "sentence": [{"key": "pay-code"}], "seconds": 48}
    sight = {"version": 1, "key": "help/5f0c", "turn": 0, "language": "en", "page": seen}
    assert site.served.post("/v1/help/sights", sight).json() == {"state": "open"}
    expect(page.locator("#seen")).to_contain_text("Scan with your phone and pay ••• yuan", timeout=PATIENT)
    seen["seconds"] = 47
    assert site.served.post("/v1/help/sights", sight | {"turn": 1}).status_code == 200
    expect(page.locator("#seen")).to_contain_text("47 s", timeout=PATIENT)
    page.get_by_role("button", name="One moment, please").click()
    expect(page.locator("#text")).to_be_focused()
    page.get_by_role("button", name="Send to the screen").click()
    expect(page.locator("#thread")).to_contain_text("The machine will not keep your document")
    answer = site.served.post("/v1/help", {"key": "help/5f0c"}).json()
    assert answer["state"] == "answered" and answer["said"][0].startswith("One moment")
    page.get_by_label("What it is about").fill("the card is refused")
    page.get_by_role("button", name="Hand over, with a number").click()
    handed = site.served.post("/v1/help", {"key": "help/5f0c"}).json()["handed"]
    expect(page.locator("#handed")).to_contain_text(handed)
    page.get_by_role("button", name="Close the call").click()
    expect(page.locator("#done")).to_contain_text(number)
    page.goto(f"{site.address}/help/{number}")
    expect(page.locator("#seen")).to_be_hidden()
    looks = [row for row in read("record", site.served.state)["rows"] if row["act"] == "looked-at-ticket"]
    assert {(row["user"], row["subject"]) for row in looks} == {("wang", number)}
    page.goto(f"{site.address}/desk")
    expect(page.locator("#count-desk")).to_have_text("1")
    matter = page.get_by_role("row", name=handed)
    expect(matter).to_contain_text(re.compile(r"by \d{4}-\d\d-\d\d"))
    matter.get_by_role("button", name="I take it").click()
    page.get_by_label("What was found and done").fill("a new card was ordered")
    page.get_by_role("button", name="Settled").click()
    expect(page.locator("#done")).to_contain_text("a new card was ordered")
    context.close()


def heard_at_the_terminal(served: Served, sha256: str, folder: Path) -> dict[str, Any]:
    """What a terminal's own client fetches over its line, and its own player plays: seconds, and whether silence."""

    async def story() -> None:
        worker, clock = ThreadWorker(), MachineClock()
        credentials = Credentials(
            served.terminal / "ca.pem", served.terminal / "cert.pem", served.terminal / "key.pem"
        )
        line = HttpsExchange(served.address["terminals"], credentials, worker)
        key = Ed25519PrivateKey.generate().public_key()
        clip = await Headquarters(line, terminal="KDL-001", grant_key=key, clock=clock).clip(sha256)
        speaker = [sys.executable, "-m", "kiosk.simulation.speaker", str(folder / "heard")]
        player = Player(PlayerSettings(command=shlex.join(speaker), officer=True))
        assert await player.play(clip, audio.Route.PUBLIC) is audio.Played.PLAYED
        await worker.close()

    # The browser's own loop runs in this thread.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, story()).result(timeout=60)
    return TypeAdapter(dict[str, Any]).validate_json((folder / "heard").read_text("utf-8"))


def test_what_an_officer_says_into_the_browser_is_heard_at_the_terminal(site: Site, tmp_path: Path) -> None:
    context, page = site.enter("wang")
    numbers: list[str] = []
    for key, voice in (("help/quiet", False), ("help/aloud", True)):
        call = {"key": key, "digest": "d", "case": "", "kind": "help-call", "at": "2026-11-22T10:00:00+08:00"}
        payload = {"page": "FormPage", "service": "HZ01", "language": "en", "voice": voice}
        numbers.append(site.served.post("/v1/filings", {**call, "payload": payload}).json()["number"])
    page.goto(f"{site.address}/help/{numbers[0]}")
    expect(page.locator("#thread")).to_be_visible()
    expect(page.locator("#talk")).to_have_count(0)
    answer = page.goto(f"{site.address}/help/{numbers[1]}")
    assert answer is not None and "microphone=(self)" in answer.headers["permissions-policy"]
    talk = page.locator("#talk")
    box = talk.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    expect(talk).to_have_attribute("data-state", "recording")
    # The fake microphone hears its tone once a second.
    page.wait_for_function("from => performance.now() - from > 1300", arg=page.evaluate("performance.now()"))
    page.mouse.up()
    expect(talk).to_have_attribute("data-state", "said", timeout=PATIENT)
    expect(page.locator("#thread")).to_contain_text("Spoke for")
    (spoken,) = site.served.post("/v1/help", {"key": "help/aloud"}).json()["spoken"]
    heard = heard_at_the_terminal(site.served, spoken["sha256"], tmp_path)
    assert heard["silent"] is False and heard["seconds"] > 0.8
    assert abs(heard["seconds"] * 1000 - spoken["milliseconds"]) <= 1
    page.get_by_role("button", name="Close the call").click()
    expect(page.locator("#done")).to_contain_text(numbers[1])
    assert site.served.get(f"/v1/help/clips/{spoken['sha256']}").status_code == 404
    looks = [row for row in read("record", site.served.state)["rows"] if row["act"] == "spoke-to-ticket"]
    assert [(row["user"], row["subject"], row["because"]) for row in looks] == [
        ("wang", numbers[1], f"{spoken['milliseconds']} ms")
    ]
    context.close()


def test_a_set_is_read_sent_stopped_and_let_go_on_by_another_person(site: Site, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[services.JG01]\nenabled = false\n", "utf-8")
    with contextlib.redirect_stdout(io.StringIO()):
        assert cli.main(["config", "publish", str(tmp_path), "--state", str(site.served.state)]) == 0
    context, page = site.enter("li")
    page.goto(f"{site.address}/configuration")
    page.get_by_role("link", name="Set 1").click()
    expect(page.get_by_role("row", name="services.JG01.enabled")).to_contain_text("true as delivered")
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Send it on its way").click()
    expect(page.locator("#title")).to_contain_text("On its way")
    site.served.post("/v1/configuration/reports", {"number": 1, "stage": "refused", "why": "no room"})
    expect(page.locator("#terminals")).to_contain_text("no room", timeout=PATIENT)
    page.get_by_role("button", name="Stop here").click()
    expect(page.locator("#title")).to_contain_text("Paused")
    expect(page.get_by_role("button", name="Approve: go on")).to_have_count(0)
    context.close()
    context, page = site.enter("sun")
    page.goto(f"{site.address}/configuration/1")
    page.get_by_role("button", name="Approve: go on").click()
    expect(page.get_by_role("button", name="Approve: go on")).to_have_count(0)
    context.close()
    deeds = [
        (row["user"], row["act"]) for row in read("record", site.served.state)["rows"] if "rollout" in row["act"]
    ]
    assert deeds == [("li", "started-rollout"), ("li", "paused-rollout"), ("sun", "resumed-rollout")]


def authenticators(context: BrowserContext, page: Page) -> Callable[[str, dict[str, Any]], dict[str, Any]]:
    """The browser's own simulated keys, by its debugging protocol, which knows no types."""
    return cast("Any", context).new_cdp_session(page).send


def test_a_security_key_is_a_second_factor_and_a_copied_one_is_none(site: Site) -> None:
    context, page = site.enter("chen")
    named = site.address.replace("127.0.0.1", "localhost")
    [held_by_browser] = [cookie.get("value", "") for cookie in context.cookies()]
    context.add_cookies([{"name": COOKIE, "value": held_by_browser, "url": named, "secure": True}])
    device = authenticators(context, page)
    device("WebAuthn.enable", {})
    options = {"protocol": "ctap2", "transport": "usb", "isUserVerified": True, "automaticPresenceSimulation": True}
    key = device("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    page.goto(f"{site.address}/keys")
    expect(page.get_by_role("main")).to_contain_text("reached by a bare address")
    page.goto(f"{named}/keys")
    page.get_by_label("Name").fill("blue key")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("row", name="blue key")).to_be_visible()
    page.click("text=Sign out")
    for copied in (False, True):
        page.goto(f"{named}/sign-in")
        page.get_by_label("Name").fill("chen")
        page.get_by_label("Password").fill(OWN)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/code$"))
        page.get_by_role("button", name="Use a security key instead").click()
        if not copied:
            expect(page).to_have_url(f"{named}/")
            page.click("text=Sign out")
            held = device("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"][0]
            device("WebAuthn.removeCredential", {"authenticatorId": key, "credentialId": held["credentialId"]})
            device("WebAuthn.addCredential", {"authenticatorId": key, "credential": {**held, "signCount": 0}})
    expect(page).to_have_url(re.compile("/code$"))
    expect(page.get_by_role("navigation")).to_have_count(0)
    context.close()


def test_a_command_is_told_from_its_page_with_a_reason_and_its_outcome_is_seen(site: Site) -> None:
    beat(site.served)
    context, page = site.enter("wang")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site.address}/terminals/KDL-001/commands")
    page.get_by_label("Text for citizens in Chinese").fill("地面有水")
    page.get_by_label("Text for citizens in English").fill("Water on the floor")
    page.get_by_label("Why").first.fill("a pipe burst")
    page.get_by_role("button", name="Out of service").click()
    expect(page.locator("#told")).to_contain_text("under way")
    (command,) = site.served.get("/v1/commands").json()["commands"]
    assert (command["kind"], command["text_zh"], "pipe" in str(command)) == ("out-of-service", "地面有水", False)
    expect(page.locator("#told")).to_contain_text("the terminal has it", timeout=PATIENT)
    answer = {"key": "command/1", "digest": "d", "case": "", "kind": "command-ended", "at": command["issued"]}
    ended = {"number": command["number"], "outcome": "refused", "code": "visit"}
    assert site.served.post("/v1/filings", {**answer, "payload": ended}).status_code == 200
    expect(page.locator("#told")).to_contain_text("refused somebody is being served", timeout=PATIENT)
    context.close()
    viewer, theirs = site.enter("chen")
    theirs.goto(f"{site.address}/terminals/KDL-001/commands")
    expect(theirs.get_by_role("button", name="Restart the program")).to_have_count(0)
    viewer.close()
    rows = read("record", site.served.state)["rows"]
    told = [(row["user"], row["because"]) for row in rows if row["act"] == "command-out-of-service"]
    assert told == [("wang", "a pipe burst")]
