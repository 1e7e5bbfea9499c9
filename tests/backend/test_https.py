"""The line over real TLS, with a headquarters of bad manners."""

from __future__ import annotations

import asyncio
import errno
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from kiosk.backend.exchange import JSON, Arrival, Cause, Reply, Unreachable
from kiosk.backend.https import Credentials, HttpsExchange, cause_of
from kiosk.backend.patience import Patience
from tests.backend.world import Manner, Papers, Server, ThreadWorker, issue, make_authority

QUICK = Patience(connect=1.0, gap=1.0, grace=0.5)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return Papers.make(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def server(papers: Papers) -> Iterator[Server]:
    certificate = issue(papers.authority, "headquarters", papers.folder)
    with Server(certificate, papers.credentials.authority) as running:
        yield running


def ask(address: str, credentials: Credentials, seconds: float = 2.0, largest: int = 100_000) -> Reply:
    async def main() -> Reply:
        worker = ThreadWorker()
        try:
            exchange = HttpsExchange(address, credentials, worker, QUICK, largest)
            return await exchange.exchange("POST", "/v1/lookups", b'{"a": 1}', content_type=JSON, seconds=seconds)
        finally:
            await worker.close()

    return asyncio.run(main())


def failure(address: str, credentials: Credentials, seconds: float = 2.0, largest: int = 100_000) -> Unreachable:
    with pytest.raises(Unreachable) as caught:
        ask(address, credentials, seconds, largest)
    return caught.value


def test_a_reply_carries_status_body_handling_time_and_date(server: Server, papers: Papers) -> None:
    server.status, server.body = 409, b'{"code": "digest", "detail": ""}'
    reply = ask(server.address, papers.credentials)
    assert reply == Reply(409, server.body, 0.0125, datetime(2026, 11, 22, 12, tzinfo=UTC))
    assert server.requests == [("POST /v1/lookups HTTP/1.1", b'{"a": 1}')]


@pytest.mark.parametrize(("said", "understood"), [("30", 30.0), ("999999", 3600.0), ("Sun, 22 Nov 2026", 0.0)])
def test_a_reply_carries_how_long_to_leave_headquarters_alone(
    server: Server, papers: Papers, said: str, understood: float
) -> None:
    server.status, server.more = 429, f"Retry-After: {said}\r\n"
    assert ask(server.address, papers.credentials).retry_after == understood


def test_each_request_has_a_connection_of_its_own(server: Server, papers: Papers) -> None:
    for _ in range(3):
        assert ask(server.address, papers.credentials).status == 200
    assert server.connections == 3


def test_a_redirect_is_not_followed(server: Server, papers: Papers) -> None:
    server.status = 307
    assert ask(server.address, papers.credentials).status == 307
    assert len(server.requests) == 1


def test_nobody_listening_is_refused_and_surely_not_sent(papers: Papers) -> None:
    error = failure("https://127.0.0.1:9", papers.credentials)
    assert (error.cause, error.arrival) == (Cause.REFUSED, Arrival.SURELY_NOT)


def test_silence_is_a_time_out_and_the_request_may_have_arrived(server: Server, papers: Papers) -> None:
    server.manner = Manner.SILENT
    error = failure(server.address, papers.credentials, seconds=0.3)
    assert (error.cause, error.arrival) == (Cause.TIME_OUT, Arrival.PERHAPS)


@pytest.mark.parametrize("manner", [Manner.DRIP, Manner.DRIP_BODY])
def test_a_slow_drip_ends_at_the_overall_deadline(manner: Manner, server: Server, papers: Papers) -> None:
    server.manner, server.body = manner, b'{"drop": "by drop"}' * 20
    began = time.monotonic()
    error = failure(server.address, papers.credentials, seconds=0.4)
    assert time.monotonic() - began < 1.5
    assert (error.cause, error.arrival) == (Cause.TIME_OUT, Arrival.PERHAPS)


def test_a_drip_does_not_keep_the_worker_from_the_next_request(server: Server, papers: Papers) -> None:
    server.manner, server.body = Manner.DRIP, b"x" * 4000

    async def main() -> Reply:
        worker = ThreadWorker()
        exchange = HttpsExchange(server.address, papers.credentials, worker, QUICK)
        with pytest.raises(Unreachable):
            await exchange.exchange("GET", "/v1/orders/1", b"", content_type=JSON, seconds=0.3)
        server.manner, server.body = Manner.ANSWER, b"{}"
        reply = await exchange.exchange("GET", "/v1/orders/1", b"", content_type=JSON, seconds=1.0)
        await worker.close()
        return reply

    assert asyncio.run(main()).body == b"{}"


def test_a_request_given_up_while_waiting_for_the_worker_is_never_sent(server: Server, papers: Papers) -> None:
    async def main() -> Unreachable:
        worker = ThreadWorker()
        busy = asyncio.ensure_future(worker.run(lambda: time.sleep(0.6)))
        await asyncio.sleep(0)
        exchange = HttpsExchange(server.address, papers.credentials, worker, QUICK)
        with pytest.raises(Unreachable) as caught:
            await exchange.exchange("POST", "/v1/orders", b"{}", content_type=JSON, seconds=0.1)
        await busy
        await worker.close()
        return caught.value

    error = asyncio.run(main())
    assert (error.cause, error.arrival) == (Cause.TIME_OUT, Arrival.SURELY_NOT)
    assert server.requests == []


@pytest.mark.parametrize("manner", [Manner.CUT, Manner.CUT_IN_BODY])
def test_a_cut_after_the_request_may_have_arrived(manner: Manner, server: Server, papers: Papers) -> None:
    server.manner = manner
    error = failure(server.address, papers.credentials)
    assert (error.cause, error.arrival) == (Cause.CUT, Arrival.PERHAPS)
    assert len(server.requests) == 1


def test_something_that_does_not_speak_http_is_no_answer(server: Server, papers: Papers) -> None:
    server.manner = Manner.NOT_HTTP
    error = failure(server.address, papers.credentials)
    assert error.arrival is Arrival.PERHAPS


def test_a_reply_beyond_the_cap_is_not_read_to_its_end(server: Server, papers: Papers) -> None:
    server.body = b"x" * 200_000
    assert failure(server.address, papers.credentials, largest=1000).cause is Cause.TOO_LARGE


def test_a_headquarters_of_another_authority_gets_nothing(papers: Papers, tmp_path: Path) -> None:
    certificate = issue(make_authority("stranger"), "headquarters", tmp_path)
    with Server(certificate, papers.credentials.authority) as stranger:
        error = failure(stranger.address, papers.credentials)
        assert (error.cause, error.arrival) == (Cause.TLS, Arrival.SURELY_NOT)
        assert stranger.requests == []


@pytest.mark.parametrize(
    ("begins", "ends", "cause"),
    [(1, 2, Cause.CERTIFICATE_NOT_YET_VALID), (-2, -1, Cause.CERTIFICATE_EXPIRED)],
)
def test_a_certificate_out_of_its_time_is_told_apart(
    begins: int, ends: int, cause: Cause, papers: Papers, tmp_path: Path
) -> None:
    certificate = issue(papers.authority, "headquarters", tmp_path, begins, ends)
    with Server(certificate, papers.credentials.authority) as server:
        error = failure(server.address, papers.credentials)
    assert (error.cause, error.arrival) == (cause, Arrival.SURELY_NOT)


def test_a_stranger_as_client_is_not_let_in(server: Server, papers: Papers, tmp_path: Path) -> None:
    certificate, key = issue(make_authority("stranger"), "terminal", tmp_path)
    error = failure(server.address, replace(papers.credentials, certificate=certificate, key=key))
    assert error.cause in (Cause.TLS, Cause.CUT)
    assert server.requests == []


def test_missing_certificate_files_are_named_as_such(server: Server, papers: Papers, tmp_path: Path) -> None:
    error = failure(server.address, replace(papers.credentials, key=tmp_path / "none"))
    assert (error.cause, error.arrival) == (Cause.CREDENTIALS, Arrival.SURELY_NOT)


def test_an_address_without_tls_is_refused_at_once(papers: Papers) -> None:
    with pytest.raises(ValueError, match="https"):
        HttpsExchange("http://127.0.0.1", papers.credentials, ThreadWorker())


@pytest.mark.parametrize(("said", "seconds"), [("0.25", 0.25), ("2", 2.0), ("soon", 0.0), ("1e99", 0.0), ("", 0.0)])
def test_headquarters_own_time_is_read_with_care(said: str, seconds: float, server: Server, papers: Papers) -> None:
    server.handling = said
    assert ask(server.address, papers.credentials).handling_seconds == seconds


def test_a_wrong_date_is_no_date(server: Server, papers: Papers) -> None:
    server.date = "yesterday"
    assert ask(server.address, papers.credentials).date is None


@pytest.mark.parametrize(
    ("failure", "arrival", "cause"),
    [
        (requests.ConnectionError(TimeoutError()), Arrival.SURELY_NOT, Cause.TIME_OUT),
        (requests.ConnectionError(OSError(errno.ETIMEDOUT, "")), Arrival.SURELY_NOT, Cause.TIME_OUT),
        (requests.ConnectionError(OSError(errno.EHOSTUNREACH, "")), Arrival.SURELY_NOT, Cause.REFUSED),
        (requests.ConnectionError(ConnectionResetError()), Arrival.PERHAPS, Cause.CUT),
        (requests.ConnectionError(ssl.SSLEOFError()), Arrival.PERHAPS, Cause.CUT),
        (requests.exceptions.ChunkedEncodingError(), Arrival.PERHAPS, Cause.CUT),
    ],
)
def test_every_failure_of_the_library_has_a_cause(failure: Exception, arrival: Arrival, cause: Cause) -> None:
    assert cause_of(failure, arrival) is cause
