"""The server as a process: TLS on loopback, two listeners, who is let in, how it ends."""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
import signal
import socket
import sqlite3
import time
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pkcs11
import pytest
import requests

from central import cli
from central.database import sqlite_url
from central.fleet.authority import Authority, Pair
from central.state import State
from central.system import SystemClock
from kiosk.backend.bells import Bells
from kiosk.backend.configuration import ConfigurationLine
from kiosk.backend.events import EventLine
from kiosk.backend.exchange import JSON, Rejected, Unreachable
from kiosk.backend.https import Credentials, HttpsExchange
from kiosk.backend.outbox import Outbox
from kiosk.backend.path import PathCheck, Sockets, Step, broken
from kiosk.commands import enrol
from kiosk.commands.enrol import enrolled
from kiosk.commands.made_up import MadeBook, MadeRow
from kiosk.commands.measuring.amounts import Amounts, Visit
from kiosk.commands.measuring.load import Serving, carried
from kiosk.commands.simulated_staff import of_role
from kiosk.commands.surroundings import identity_of
from kiosk.configuration import keeper
from kiosk.enrolment.identity import credentials_of, enrolment_of
from kiosk.enrolment.module import module_key
from kiosk.nights.night import Night, nightfall
from kiosk.people.staff import Role
from kiosk.people.synthetic import PopulationKey, Situation, population
from kiosk.protocol.events import EventKind
from kiosk.protocol.messages import Problem
from kiosk.screens.states import RecordsPage
from kiosk.settings import load_settings
from kiosk.settings.model import Settings
from kiosk.simulation.citizen import Expect, tap
from kiosk.simulation.orders import NoCode, last_code
from kiosk.simulation.scripts.technician import typed
from kiosk.store.running_log import RunningLog
from kiosk.times import InlineWorker
from kiosk.times import SystemClock as MachineClock
from kiosk.times import SystemIds as MachineIds
from kiosk.virtual import run_virtual
from tests.backend.world import ThreadWorker, issue, make_authority
from tests.central.serving import Nginx, Served, read, running
from tests.enrolment.test_keys import make_token
from tests.maintenance.evening import ScriptedKey, Somebody, shown, trail, until_page


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two processes behind its ports: what one of them is told, the other knows."""
    folder = tmp_path_factory.mktemp("state")
    with running(folder, "--workers", "2", "--proxy", str(folder / "proxy")) as made:
        yield made
        made.process.terminate()
        assert made.process.wait(30) == 0


HELP = {
    "key": "CASE00001/help/1",
    "digest": "d",
    "case": "CASE00001",
    "kind": "help-call",
    "payload": {"page": "attract"},
    "at": "2026-11-22T10:00:00+08:00",
}


def test_a_terminal_with_its_certificate_is_served(served: Served) -> None:
    first = served.post("/v1/filings", HELP)
    assert first.status_code == 200 and first.json()["status"] == "accepted"
    assert float(first.headers["x-handling-seconds"]) >= 0
    assert served.post("/v1/filings", HELP).json()["duplicate"]


def test_without_a_certificate_nothing_is_answered(served: Served) -> None:
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.post(served.address["terminals"] + "/v1/filings", json=HELP, verify=served.address["ca"], timeout=5)


def test_a_certificate_of_another_authority_is_refused(served: Served, tmp_path: Path) -> None:
    stranger = Pair(tmp_path / "cert.pem", tmp_path / "key.pem")
    Authority(tmp_path / "ca", datetime.now(UTC)).terminal(stranger, "KDL-001")
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.post(
            served.address["terminals"] + "/v1/filings",
            json=HELP,
            verify=served.address["ca"],
            cert=(str(stranger.certificate), str(stranger.key)),
            timeout=5,
        )


@pytest.mark.parametrize("name", ["KDL-999", "KDL-001"])
def test_a_certificate_that_is_not_the_fleets_is_403(served: Served, tmp_path: Path, name: str) -> None:
    """Signed by the right authority, yet unknown by name, or known by name with another key."""
    pair = Pair(tmp_path / "cert.pem", tmp_path / "key.pem")
    Authority(served.state / "central" / "authority", datetime.now(UTC)).terminal(pair, name)
    reply = requests.post(
        served.address["terminals"] + "/v1/filings",
        json=HELP,
        verify=served.address["ca"],
        cert=(str(pair.certificate), str(pair.key)),
        timeout=5,
    )
    assert reply.status_code == 403
    assert Problem.model_validate(reply.json()).code == "certificate"


def test_a_server_certificate_does_not_pass_as_a_terminals(served: Served) -> None:
    folder = served.state / "central" / "server"
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.post(
            served.address["terminals"] + "/v1/filings",
            json=HELP,
            verify=served.address["ca"],
            cert=(str(folder / "cert.pem"), str(folder / "key.pem")),
            timeout=5,
        )


def test_the_people_need_no_certificate_and_get_no_filings(served: Served) -> None:
    health = served.people("GET", "/healthz")
    assert health.json() == {"status": "ok", "sandbox": True}
    refused = served.people("POST", "/v1/filings", json=HELP)
    assert refused.status_code == 404 and "x-handling-seconds" in refused.headers


def test_plain_http_is_not_spoken(served: Served) -> None:
    port = int(served.address["people"].rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.settimeout(5)
        assert b"200" not in connection.recv(100)


def test_a_phone_pays(served: Served) -> None:
    key = PopulationKey.from_json((served.state / "population.json").read_text())
    person = population(key).find(Situation.RENEWAL_DUE)
    request = {
        "key": "CASE00002/pay/1",
        "digest": "d",
        "case": "CASE00002",
        "bill": "fee:id-card-renewal:2004-01-01",
        "payer": person.number,
        "expected_fen": 2000,
    }
    order = served.post("/v1/orders", request).json()
    assert last_code(served.state) == order["url"]
    page = served.people("GET", order["url"])
    assert page.headers["content-type"].startswith("text/html")
    assert "确认支付" in page.text and "¥ 20" in page.text and order["number"] in page.text
    assert person.number not in page.text and person.card.name not in page.text
    assert "缴费成功" in served.people("POST", order["url"], data={"answer": "confirm"}).text
    paid = requests.get(
        f"{served.address['terminals']}/v1/orders/{order['number']}",
        cert=served.pair,
        verify=served.address["ca"],
        timeout=5,
    )
    assert paid.json()["state"] == "captured"
    with pytest.raises(NoCode):
        last_code(served.state)
    assert served.people("GET", "/pay/unknown").status_code == 404


def test_a_body_too_large_is_413(served: Served) -> None:
    reply = served.people("POST", "/sandbox/faults", data=b"x" * (9 * 1024 * 1024))
    assert reply.status_code == 413


def test_the_books_are_read_while_the_server_runs(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    books = read("ledger", served.state)
    assert set(books) == {"documents", "payments", "cases", "grants", "settlements"}
    assert {d["place"].split(":")[0] for d in books["documents"]} == {"cabinet", "depot", "production"}
    assert cli.main(["cases", "--state", str(served.state), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cases"]


def test_a_second_server_in_the_same_folder_is_refused(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve", "--port", "0", "--state", str(served.state)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and "holds this folder" in said.err


def test_killed_it_starts_as_it_was_and_told_to_end_it_waits_for_no_request(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        assert first.post("/v1/filings", HELP).json()["duplicate"] is False
        key = (first.terminal / "grant-key.pub").read_bytes()
        first.process.send_signal(signal.SIGKILL)
        _ = first.process.wait(10)
    with running(tmp_path) as second:
        assert (second.terminal / "grant-key.pub").read_bytes() == key
        assert second.post("/v1/filings", HELP).json()["duplicate"] is True
        fault = {"agency": "headquarters", "fault": "slow", "seconds": 60}
        assert second.people("POST", "/sandbox/faults", json=fault).status_code == 200
        with ThreadPoolExecutor(1) as pool:
            under_way = pool.submit(second.post, "/v1/filings", HELP)
            with pytest.raises(TimeoutError):
                _ = under_way.result(0.5)
            began = time.monotonic()
            second.process.send_signal(signal.SIGTERM)
            assert second.process.wait(60) == 0
            # The request would be answered after a minute; ending takes two seconds, and what a busy machine adds.
            assert time.monotonic() - began < 20.0
        assert not (tmp_path / "central" / "address.json").exists()
    os.close(State(tmp_path).lock())


def test_no_database_is_said_and_none_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ledger", "--state", str(tmp_path), "--json"]) == 1
    assert capsys.readouterr().out == "" and list(tmp_path.iterdir()) == []


class _Idle:
    """A terminal that nobody uses and that is always well."""

    def __init__(self) -> None:
        self.in_force: list[Settings] = []

    @asynccontextmanager
    async def between_visits(self) -> AsyncGenerator[None]:
        yield

    async def put_in_force(self, settings: Settings) -> None:
        self.in_force.append(settings)

    def troubles(self) -> frozenset[str]:
        return frozenset()

    async def rehearse(self) -> tuple[str, ...]:
        return ()


def test_a_signed_set_travels_to_a_terminal_and_is_taken_back(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By commands beside the running server, over real TLS, to one terminal's keeper; and reverted."""

    def config(*words: str) -> Any:
        assert cli.main(["config", *words, "--state", str(served.state)]) == 0
        return json.loads(capsys.readouterr().out)

    content = tmp_path / "content"
    content.mkdir()
    (content / "settings.toml").write_text("[services.HZ10]\nenabled = false\n", "utf-8")
    assert config("publish", str(content)) == {"set": 1}
    (name,) = config("rollout", "1", "--by", "ann")["stages"][0]
    monkeypatch.setattr(keeper, "WATCHED_SECONDS", 0.0)
    station = tmp_path / "station.toml"
    station.write_text(f'[terminal]\nname = "{name}"\n', "utf-8")
    files = served.state / "central" / "terminals" / name
    credentials = Credentials(files / "ca.pem", files / "cert.pem", files / "key.pem")

    async def night() -> _Idle:
        worker, idle, bells = ThreadWorker(), _Idle(), Bells()
        events = EventLine(served.address["terminals"], credentials, bells, lambda: 0.0)
        holding = asyncio.create_task(events.run())
        _ = await asyncio.wait_for(events.held.wait(), 30)
        assert await bells.heard(EventKind.CONFIGURATION, 0), "whoever comes back looks for what they missed"
        line = ConfigurationLine(HttpsExchange(served.address["terminals"], credentials, worker))
        shelf = keeper.Shelf(tmp_path / "configuration")
        trust = keeper.Trust(
            shelf.metadata, (files / "root.json").read_bytes(), line.file, ThreadWorker(), gather=line.bundle
        )
        kept = keeper.Keeper(shelf, trust, keeper.Judge(name, station), idle, line, SystemClock())
        kept.start()
        await kept.once()
        assert kept.standing.in_force == 1
        config("revert", "1", "--by", "bob")
        assert await bells.heard(EventKind.CONFIGURATION, 30), "told over the held connection"
        await kept.once()
        assert kept.standing.in_force == 2
        _ = holding.cancel()
        return idle

    idle = asyncio.run(night())
    assert [settings.service("HZ10").enabled for settings in idle.in_force] == [False, True]
    rollouts = config("status")["rollouts"]
    assert [(each["set"], each["progress"]) for each in rollouts] == [(2, "running"), (1, "reverted")]


# -- enrolled terminals, and a proxy before them ---------------------------------------------------------------------

ENROLLED = "KDL-006"


def central(served: Served, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """What `central terminal` prints."""
    assert cli.main(["terminal", *words, "--state", str(served.state)]) == 0
    return json.loads(capsys.readouterr().out)


def invited(served: Served, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    return central(served, capsys, "invite", ENROLLED, "--by", "100001", *words)["code"]


def listed(served: Served, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    rows = central(served, capsys, "list", "--json")["terminals"]
    return next(row for row in rows if row["terminal"] == ENROLLED)


def machine(folder: Path, address: str, people: str, authority: Path, module: str = "") -> Settings:
    """The settings of a machine that is to be enrolled."""
    folder.mkdir(exist_ok=True)
    (folder / "ca.pem").write_bytes(authority.read_bytes())
    file = folder / "station.toml"
    file.write_text(
        f"""[terminal]
name = "{ENROLLED}"
[headquarters]
address = "{address}"
enrolment = "{people}"
folder = "{folder}"
authority = "ca.pem"
certificate = "identity/terminal.crt"
key = "identity/terminal.key"
grant_key = "grants.pub"
{module}""",
        "utf-8",
    )
    return load_settings(file)


def asked(settings: Settings, credentials: Credentials | None = None) -> tuple[int, str]:
    """Status and problem code of one of its requests."""

    async def once() -> tuple[int, str]:
        worker = ThreadWorker()
        hq = settings.headquarters
        exchange = HttpsExchange(hq.address, credentials or credentials_of(hq), worker)
        try:
            reply = await exchange.exchange("GET", "/v1/configuration", b"", content_type=JSON, seconds=20)
        finally:
            await worker.close()
        return reply.status, "" if reply.status == 200 else Problem.model_validate_json(reply.body).code

    return asyncio.run(once())


def test_enrolled_with_a_code_it_is_served_and_revoked_it_is_out_at_once_held_connection_and_all(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = served.state / "central" / "authority" / "ca.pem"
    settings = machine(tmp_path / "m", served.address["terminals"], served.address["people"], authority)
    monkeypatch.setattr("sys.stdin", io.StringIO(invited(served, capsys) + "\n"))
    assert enrol.run(["--station", str(tmp_path / "m" / "station.toml")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["terminal"], told["key"]) == (ENROLLED, "file")
    assert asked(settings) == (200, "")
    assert (listed(served, capsys)["status"], listed(served, capsys)["certificate_until"]) == (
        "enrolled",
        told["until"],
    )

    async def held_until_revoked() -> dict[str, Any]:
        hq = settings.headquarters
        line = EventLine(hq.address, credentials_of(hq), Bells(), lambda: 0.0)
        running = asyncio.create_task(line.run())
        async with asyncio.timeout(30):
            _ = await line.held.wait()
            central(served, capsys, "revoke", ENROLLED, "--by", "100001", "--because", "stolen")
            while line.held.is_set():
                await asyncio.sleep(0.02)
        assert await walked(hq.address, credentials_of(hq)) == (Step.SIGN_ON, "not-let-in")
        assert listed(served, capsys)["status"] == "revoked"
        code = invited(served, capsys)
        told = await asyncio.to_thread(technician_enrols, tmp_path / "night", settings, code)
        line.again()
        async with asyncio.timeout(30):
            _ = await line.held.wait()
        assert await walked(hq.address, credentials_of(hq)) is None
        _ = running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return told

    told = asyncio.run(held_until_revoked())
    assert asked(settings) == (200, "")
    row = listed(served, capsys)
    assert row["status"] == "enrolled"
    assert [(r["who"], r["outcome"]) for r in told["trail"]] == [("004170", "code"), ("004170", "enrolled")]
    assert datetime.fromisoformat(told["trail"][1]["until"]) == datetime.fromisoformat(row["certificate_until"])
    assert (told["page"], told["used"]) == ("enrol-code", 1)
    assert told["reports"] == [("MT22", "done", "task-enrolled-anew")]


REFUSED = {True: "not-let-in", False: "certificate-refused"}
"""By a proxy that answers, and by a handshake that ends."""


async def walked(address: str, credentials: Credentials) -> tuple[Step, str] | None:
    """The step at which the way to headquarters ends, and why; None: it is whole."""
    worker = ThreadWorker()
    try:
        exchange = HttpsExchange(address, credentials, worker)
        failing = broken(await PathCheck(address, credentials, exchange, Sockets(worker), SystemClock()).walk())
    finally:
        await worker.close()
    return None if failing is None else (failing.step, failing.why)


def technician_enrols(folder: Path, settings: Settings, code: str) -> dict[str, Any]:
    """On the terminal's own pages, with real headquarters at the far end: a wrong code, then the right one."""
    told: dict[str, Any] = {"used": 0}
    plain = code.replace("-", "")
    wrong = ("1" if plain[0] == "0" else "0") + plain[1:]

    def used() -> None:
        told["used"] += 1

    async def main() -> None:
        key = ScriptedKey()
        identity = identity_of(settings, InlineWorker())
        async with Night(folder, 7, date(2026, 11, 22), key=key, identity=identity, another_identity=used) as night:
            _ = await night.start()
            technician = Somebody(night, of_role(Role.TECHNICIAN))
            await technician.comes_in(key)
            await technician.does(
                Expect("OverviewPage", tap("task-more")),
                Expect("RecordsPage", tap("open:MT22")),
                Expect("StaffKeyPage", typed(wrong, "enrolment")),
            )
            await until_page(night, "RecordsPage")
            page = shown(night)
            assert isinstance(page, RecordsPage)
            told["page"] = page.topic
            await technician.does(
                Expect("RecordsPage", tap("try-again")),
                Expect("StaffKeyPage", typed(plain, "enrolment")),
                Expect("RecordsPage", tap("enough-seen")),
            )
            await until_page(night, "OverviewPage")
            told["trail"] = [r["details"] for r in await trail(night) if r["event"] == "enrolment-ended"]
            told["reports"] = [(r.service, r.ending, r.topic) for r in night.reports]

    run_virtual(main(), nightfall(date(2026, 11, 22)))
    return told


def test_behind_nginx_the_terminal_is_known_by_its_certificate_and_by_nothing_it_says(
    served: Served, tmp_path: Path
) -> None:
    shown = quote((served.terminal / "cert.pem").read_text())
    door = served.state / "central" / "terminals" / ENROLLED
    its_own = (str(door / "cert.pem"), str(door / "key.pem"))

    def post(address: str, cert: tuple[str, str] | None, **headers: str) -> int:
        url, ca = address + "/v1/grants", str(served.address["ca"])
        return requests.post(url, json={}, cert=cert, headers=headers, verify=ca, timeout=(5, 20)).status_code

    with Nginx(tmp_path / "nginx", served, served.state / "proxy").running() as nginx:
        help_call = {**HELP, "key": "CASE00003/help/1", "case": "CASE00003"}
        reply = requests.post(
            nginx.terminals + "/v1/filings",
            json=help_call,
            cert=served.pair,
            verify=served.address["ca"],
            timeout=(5, 20),
        )
        assert reply.json()["status"] == "accepted"
        assert served.post("/v1/filings", help_call).json()["duplicate"], "the same terminal, known the same"
        assert post(nginx.terminals, served.pair) == 422
        strange = issue(make_authority("stranger"), "terminal", tmp_path)
        for address in (nginx.terminals, served.address["terminals"]):
            outside = Credentials(Path(served.address["ca"]), *strange)
            assert asyncio.run(walked(address, outside)) == (Step.SIGN_ON, REFUSED[address == nginx.terminals])
        assert post(nginx.terminals, None) == 403
        pretending = {"Kiosk-Client-Certificate": shown}
        assert post(nginx.terminals, its_own, **pretending) == 400
        assert post(served.address["terminals"], its_own, **pretending) == 403
        assert post(served.address["terminals"], served.pair, **pretending) == 403
        assert requests.get(nginx.people + "/healthz", verify=served.address["ca"], timeout=20).status_code == 200
        form = {"name": "nobody", "password": "nothing"}
        signing_in = requests.post(
            nginx.people + "/console/sign-in",
            data=form,
            headers={"Origin": nginx.people},
            verify=served.address["ca"],
            timeout=20,
        )
        assert signing_in.status_code == 401, "a form of the console's own page, at a port of its own"
        payers = {"Host": "pay.hq.example"}
        for path, of_staff, of_payers in (
            ("/v/none", False, True),
            ("/pay/none", False, True),
            ("/sandbox/state", False, False),
            ("/console/sign-in", True, False),
            ("/openapi.json", True, False),
        ):
            for headers, served_there in (({}, of_staff), (payers, of_payers)):
                answer = requests.get(nginx.people + path, headers=headers, verify=served.address["ca"], timeout=20)
                assert ("content-security-policy" in answer.headers) is served_there, (path, headers)
    proxy = (str(served.state / "proxy" / "cert.pem"), str(served.state / "proxy" / "key.pem"))
    assert post(served.address["terminals"], proxy) == 403, "it has nothing to ask for itself"


def test_a_copy_of_the_disk_on_other_hardware_does_not_get_in(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two modules, alike but for the key inside: that of the machine, and that of whoever copied its disk."""
    original, _ = make_token(tmp_path / "module"), make_token(tmp_path / "others")
    authority = served.state / "central" / "authority" / "ca.pem"
    module = f"""[headquarters.module]
library = "{original.library}"
token = "{original.token}"
key = "{original.key}"
pin = "{original.pin}"
"""
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "module" / "conf"))
    settings = machine(tmp_path / "m", served.address["terminals"], served.address["people"], authority, module)
    code = invited(served, capsys, "--key", "hardware")
    try:
        status, told = asyncio.run(enrolled(settings, code))
        assert (status, told["key"]) == (0, "module")
        assert asked(settings) == (200, "") and listed(served, capsys)["key"] == "hardware"
        module_key(original).let_go()
        pkcs11.unload(str(original.library))

        shutil.copytree(tmp_path / "m", tmp_path / "copy", symlinks=True)
        monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "others" / "conf"))
        copy = machine(tmp_path / "copy", served.address["terminals"], served.address["people"], authority, module)
        with pytest.raises(Unreachable, match="key module"):
            _ = asked(copy)
        module_key(original).make()
        assert asked(copy) == (403, "proof"), "its own module's signature is not the one"
        files = credentials_of(copy.headquarters)
        assert asked(copy, Credentials(files.authority, files.certificate, files.key)) == (403, "proof")
        with pytest.raises(Rejected) as no:
            asyncio.run(renewed(copy))
        assert no.value.problem.code == "proof"
    finally:
        module_key(original).let_go()
        pkcs11.unload(str(original.library))
    with sqlite3.connect(served.state / "central" / "central.sqlite3") as books:
        rung = books.execute("SELECT code FROM incident WHERE terminal = ?", (ENROLLED,)).fetchall()
    books.close()
    assert ("identity-refused",) in rung


async def renewed(settings: Settings) -> None:
    worker = ThreadWorker()
    enrolment = enrolment_of(settings.headquarters, ENROLLED, worker)
    assert enrolment is not None
    try:
        _ = await enrolment.renew()
    finally:
        await worker.close()


# -- how much it carries ---------------------------------------------------------------------------------------------


def test_load_is_measured_on_a_real_server_and_everything_of_it_is_taken(served: Served) -> None:
    state = State(served.state)
    server = Serving(served.process.pid, state, sqlite_url(state.database), served.address)
    amounts = Amounts(terminals=2, share=0.02, filings=3, beats=3, callers=2, seconds=0.05)
    told = carried(amounts, Visit(2.0, 60.0, 8.0), server, None, limit=100.0)
    assert told["ingest"]["n"] == told["heartbeat"]["n"] == 3
    drained = told["backlog"]
    assert (drained["terminals"], drained["filings"], drained["audit_rows"]) == (2, 2 * 7, 2 * 216)
    assert drained["hours"] == 1.44
    assert drained["stored_mib"] > 0 and told["memory_mib"]["server"] > told["memory_mib"]["database"] == 0
    # A handshake with both certificates, and a filing of some hundred bytes.
    assert 2_000 < told["ingest"]["on_line_bytes"]["up"] < 10_000
    assert drained["meanwhile_ms"]["help"]["n"] == drained["meanwhile_ms"]["page"]["n"] >= 1
    with sqlite3.connect(state.database) as books:
        reports = books.execute("SELECT count(*) FROM effect_report WHERE terminal LIKE 'DEMO-%'").fetchone()
        lines = books.execute("SELECT terminal, max(row) FROM audit_line GROUP BY terminal").fetchall()
    books.close()
    assert reports == (3 + 1 + 2 * 7,)
    assert {(name, 216) for name in ("DEMO-002", "DEMO-003")} <= set(lines)


def test_a_touch_is_found_on_the_terminals_lines_on_headquarters_lines_and_in_its_books(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, served: Served
) -> None:
    caplog.set_level("INFO", logger="kiosk.backend.https")

    async def visit() -> str:
        clock = MachineClock()
        case = MachineIds(clock).case_id()
        worker = ThreadWorker()
        folder = served.terminal
        credentials = Credentials(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
        exchange = HttpsExchange(served.address["terminals"], credentials, worker)
        key = f"{case}/help/1"
        book = MadeBook()
        book.add(MadeRow(key, json.dumps({**HELP, "case": case, "key": key, "digest": case})))
        assert await Outbox(exchange, book, clock, MachineIds(clock)).send_due() is None and not book.waiting
        await worker.close()
        return case

    case = asyncio.run(visit())
    running = RunningLog(tmp_path, MachineClock())
    (told,) = [json.loads(running.format(r)) for r in caplog.records if getattr(r, "visit", "") == case]
    running.close()
    assert "POST /v1/filings 200" in told["text"]
    lines = [json.loads(line) for line in served.log.read_text("utf-8").splitlines() if line.startswith("{")]
    of_it = {line["text"]: line for line in lines if line.get("visit") == case}
    assert of_it["filed"]["key"] == f"{case}/help/1" and of_it["filed"]["outcome"] == "accepted"
    answered = of_it["answered"]
    assert (answered["route"], answered["status"]) == ("/v1/filings", 200)
    assert (answered["trace"], answered["span"]) == (told["trace"], told["span"])
    with sqlite3.connect(State(served.state).database) as books:
        rows = books.execute("SELECT key FROM filing WHERE visit = ?", (case,)).fetchall()
    books.close()
    assert rows == [(f"{case}/help/1",)]
