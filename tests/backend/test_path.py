"""The way to headquarters step by step, over real TLS, broken at each step in turn."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from kiosk.backend.exchange import Arrival, Cause, Exchange, Reply, Unreachable
from kiosk.backend.https import Credentials, HttpsExchange
from kiosk.backend.path import (
    SERVER_PATH,
    SIGN_ON_PATH,
    Found,
    Limits,
    PathCheck,
    Sockets,
    Step,
    Verdict,
    broken,
)
from tests.backend.world import Manner, Papers, Server, ThreadWorker, issue, make_authority

QUICK = Limits(name=0.4, time=3.0, tls=3.0, server=3.0, sign_on=3.0, refusal=1.0)


@dataclass
class Now:
    """The real time, which real certificates want, so much ahead."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


class Tampered(Sockets):
    """This machine's network with something wrong about it."""

    def __init__(self, worker: ThreadWorker, source: str | OSError, found: tuple[str, ...] | OSError | None) -> None:
        super().__init__(worker)
        self._said, self._found = source, found

    def source(self, address: str) -> str:
        if isinstance(self._said, OSError):
            raise self._said
        return self._said or super().source(address)

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        if isinstance(self._found, OSError):
            raise self._found
        return await super().resolve(host, port) if self._found is None else self._found


class Losing:
    """An exchange that hears nothing but a cut where `path` is asked for."""

    def __init__(self, real: Exchange, path: str) -> None:
        self._real, self._path = real, path

    async def exchange(self, method: str, path: str, body: bytes, *, content_type: str, seconds: float) -> Reply:
        if path == self._path:
            raise Unreachable(Cause.CUT, Arrival.PERHAPS)
        return await self._real.exchange(method, path, body, content_type=content_type, seconds=seconds)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return Papers.make(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def server(papers: Papers) -> Iterator[Server]:
    with Server(issue(papers.authority, "headquarters", papers.folder), papers.credentials.authority) as running:
        running.date = format_datetime(datetime.now(UTC), usegmt=True)
        yield running


def walk(
    address: str,
    credentials: Credentials,
    *,
    source: str | OSError = "",
    found: tuple[str, ...] | OSError | None = None,
    ahead: timedelta = timedelta(0),
    limits: Limits = QUICK,
    lost: str = "",
) -> tuple[Found, ...]:
    async def main() -> tuple[Found, ...]:
        worker = ThreadWorker()
        try:
            exchange = Losing(HttpsExchange(address, credentials, worker), lost)
            net = Tampered(worker, source, found)
            return await PathCheck(address, credentials, exchange, net, Now(ahead), limits).walk()
        finally:
            await worker.close()

    return asyncio.run(main())


def ends(path: tuple[Found, ...]) -> tuple[Step, str]:
    """The step that fails and why; what went before works, or is a note."""
    last = broken(path)
    assert last is not None and last is path[-1]
    assert [found.step for found in path] == list(Step)[: len(path)]
    return last.step, last.why


def test_a_line_that_works_is_gone_to_its_end(server: Server, papers: Papers) -> None:
    path = walk(server.address, papers.credentials)
    assert [(found.step, found.verdict, found.why) for found in path] == [(s, Verdict.WORKS, "") for s in Step]
    facts = {name: text for found in path for name, text in found.facts}
    assert facts["source"] == facts["host"] == "127.0.0.1"
    assert (facts["server-days"], facts["own-days"], facts["status"]) == ("29", "29", "200")
    assert [line for line, _ in server.requests][-1].startswith("GET /v1/configuration")


def test_without_a_route_or_with_an_address_nobody_gave_it_ends_at_the_address(papers: Papers) -> None:
    def address(source: str | OSError) -> tuple[Step, str]:
        away = socket.gaierror(socket.EAI_AGAIN, "away")
        return ends(walk("https://hq.invalid", papers.credentials, source=source, found=away))

    assert address(OSError(101, "unreachable")) == (Step.ADDRESS, "no-route")
    assert address("169.254.7.9") == (Step.ADDRESS, "self-assigned")
    assert address("10.1.2.3") == (Step.NAME, "name-silent")


@pytest.mark.parametrize(("failure", "why"), [(socket.EAI_NONAME, "name-unknown"), (socket.EAI_AGAIN, "name-silent")])
def test_a_name_nobody_knows_is_told_from_a_name_server_that_is_silent(
    failure: int, why: str, papers: Papers
) -> None:
    path = walk("https://hq.invalid", papers.credentials, source="10.1.2.3", found=socket.gaierror(failure, "no"))
    assert ends(path) == (Step.NAME, why)


def test_a_clock_that_is_years_off_is_told_by_headquarters_although_its_certificate_is_over_by_it(
    server: Server, papers: Papers
) -> None:
    for days in (-400, 400):
        path = walk(server.address, papers.credentials, ahead=timedelta(days=days))
        assert ends(path) == (Step.TIME, "clock-off")
        ((name, text),) = path[-1].facts
        assert name == "offset" and abs(int(text.removesuffix(" s")) - days * 86400) <= 60


def test_what_is_wrong_with_our_own_papers_is_told_before_anybody_is_asked(papers: Papers, tmp_path: Path) -> None:
    good = papers.credentials
    over = issue(papers.authority, "over", tmp_path, -3, -1)
    other = issue(papers.authority, "other", tmp_path)
    no_pem = tmp_path / "empty.crt"
    no_pem.write_text("")
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"https://127.0.0.1:{mute.getsockname()[1]}"
    for credentials, why in (
        (replace(good, authority=tmp_path / "none"), "authority-missing"),
        (replace(good, key=tmp_path / "none"), "own-missing"),
        (replace(good, certificate=no_pem), "own-broken"),
        (replace(good, certificate=other[0]), "own-broken"),
        (replace(good, certificate=over[0], key=over[1]), "own-over"),
        (good, "port-refused"),
    ):
        assert ends(walk(address, credentials)) == (Step.TLS, why), why


def test_a_port_that_takes_and_says_nothing_is_silent(papers: Papers) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"https://127.0.0.1:{mute.getsockname()[1]}"
        path = walk(address, papers.credentials, limits=Limits(time=0.2, tls=0.2))
    assert ends(path) == (Step.TLS, "port-silent")
    assert path[2] == Found(Step.TIME, Verdict.NOTE, "clock-untold")


@pytest.mark.parametrize(("begins", "until", "why"), [(1, 2, "server-early"), (-2, -1, "server-over")])
def test_headquarters_certificate_out_of_its_time(
    begins: int, until: int, why: str, papers: Papers, tmp_path: Path
) -> None:
    with Server(issue(papers.authority, "hq", tmp_path, begins, until), papers.credentials.authority) as running:
        running.date = format_datetime(datetime.now(UTC), usegmt=True)
        path = walk(running.address, papers.credentials)
    assert ends(path) == (Step.TLS, why)
    assert path[2].verdict is Verdict.WORKS, "the time is told all the same"


def test_another_authority_and_another_name_are_told_apart(server: Server, papers: Papers, tmp_path: Path) -> None:
    with Server(issue(make_authority("stranger"), "hq", tmp_path), papers.credentials.authority) as stranger:
        assert ends(walk(stranger.address, papers.credentials)) == (Step.TLS, "server-chain")
        assert stranger.requests == []
    elsewhere = server.address.replace("127.0.0.1", "localhost")
    assert ends(walk(elsewhere, papers.credentials)) == (Step.TLS, "server-name")


def test_certificates_that_are_over_soon_are_a_note(papers: Papers, tmp_path: Path) -> None:
    own = issue(papers.authority, "soon", tmp_path, -30, 3)
    soon = replace(papers.credentials, certificate=own[0], key=own[1])
    with Server(issue(papers.authority, "hq", tmp_path, -300, 5), papers.credentials.authority) as running:
        running.date = format_datetime(datetime.now(UTC), usegmt=True)
        notes = [walk(running.address, given)[3] for given in (soon, papers.credentials)]
    assert [(n.verdict, n.why) for n in notes] == [(Verdict.NOTE, "own-soon"), (Verdict.NOTE, "server-soon")]
    assert dict(notes[0].facts)["own-days"] == "2"


def test_a_server_that_is_ill_or_silent_or_cuts(server: Server, papers: Papers) -> None:
    server.status = 503
    assert ends(walk(server.address, papers.credentials)) == (Step.SERVER, "server-ill")
    server.manner = Manner.CUT
    assert ends(walk(server.address, papers.credentials)) == (Step.SERVER, "server-cut")
    server.manner = Manner.SILENT
    quick = Limits(time=0.2, server=0.2)
    assert ends(walk(server.address, papers.credentials, limits=quick)) == (Step.SERVER, "server-silent")


def test_who_is_not_let_in_is_told_so_and_a_stranger_too(server: Server, papers: Papers, tmp_path: Path) -> None:
    for status in (401, 403):
        server.status = status
        assert ends(walk(server.address, papers.credentials)) == (Step.SIGN_ON, "not-let-in")
    server.status = 200
    certificate, key = issue(make_authority("stranger"), "terminal", tmp_path)
    path = walk(server.address, replace(papers.credentials, certificate=certificate, key=key))
    assert ends(path) == (Step.SIGN_ON, "certificate-refused")


def test_a_refusal_that_is_lost_in_the_cut_after_it_is_asked_for_again(
    server: Server, papers: Papers, tmp_path: Path
) -> None:
    certificate, key = issue(make_authority("stranger"), "terminal", tmp_path)
    strangers = replace(papers.credentials, certificate=certificate, key=key)
    for cut_off in (SERVER_PATH, SIGN_ON_PATH):
        assert ends(walk(server.address, strangers, lost=cut_off)) == (Step.SIGN_ON, "certificate-refused")
    assert ends(walk(server.address, papers.credentials, lost=SIGN_ON_PATH)) == (Step.SIGN_ON, "sign-on-silent")
    assert ends(walk(server.address, papers.credentials, lost=SERVER_PATH)) == (Step.SERVER, "server-cut")
