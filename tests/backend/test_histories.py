"""The checker of histories: it holds with the servers as they are, and finds every way in which they could lie."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from kiosk.proofs.histories import Killed, Serve, Servers, check
from kiosk.protocol.messages import BatchReply, FilingReply

SAMPLE = 12


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    made = Servers(tmp_path_factory.mktemp("servers"))
    yield made
    made.close()


def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(servers: Servers) -> None:
    checked = check(servers, 1, SAMPLE)
    assert checked.broken == [] and checked.histories == SAMPLE
    assert checked.deaths and checked.requests["batches"] and checked.lines["ok"] > SAMPLE


def test_the_same_seed_is_the_same_history(servers: Servers) -> None:
    first, second = check(servers, 3, 2), check(servers, 3, 2)
    assert (first.lines, first.requests, first.reasons) == (second.lines, second.requests, second.reasons)


def forgetful(serve: Serve) -> Serve:
    """Says that it was done, and dies before it is."""

    def lies(server: int, terminal: str, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        if path == "/v1/filings" and b'"page":"attract"' in body:
            return 200, FilingReply(status="accepted", number="1").model_dump_json().encode()
        return serve(server, terminal, method, path, body)

    return lies


def doubling(serve: Serve) -> Serve:
    """Takes each message of one kind for two."""

    def lies(server: int, terminal: str, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        if path == "/v1/filings" and b'"kind":"effect-report"' in body:
            _ = serve(server, terminal, method, path, body.replace(b"/step/1", b"/step/2"))
        return serve(server, terminal, method, path, body)

    return lies


def refusing(serve: Serve) -> Serve:
    """Does it, and says no."""

    def lies(server: int, terminal: str, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        status, answer = serve(server, terminal, method, path, body)
        if path == "/v1/filings" and status == 200:
            reply = FilingReply.model_validate_json(answer).model_copy(update={"status": "refused"})
            return status, reply.model_dump_json().encode()
        return status, answer

    return lies


def mixing(serve: Serve) -> Serve:
    """Gives one number to all that come together."""

    def lies(server: int, terminal: str, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        status, answer = serve(server, terminal, method, path, body)
        if path == "/v1/batches" and status == 200:
            said = json.loads(answer)
            for item in said["items"]:
                if item["reply"]:
                    item["reply"]["number"] = "7"
            return status, BatchReply.model_validate(said).model_dump_json().encode()
        return status, answer

    return lies


def deaf(serve: Serve) -> Serve:
    """Never answers one terminal."""

    def lies(server: int, terminal: str, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        if terminal == "KDL-001":
            raise Killed
        return serve(server, terminal, method, path, body)

    return lies


@pytest.mark.parametrize(
    ("lying", "found"),
    [
        (forgetful, "an acknowledged help-call is lost"),
        (doubling, "something was done that nobody began"),
        (refusing, "a good help-call was refused"),
        (mixing, "what was acknowledged is not on the books"),
        (deaf, "waits for ever"),
    ],
)
def test_servers_that_lie_are_found_out(servers: Servers, lying: Callable[[Serve], Serve], found: str) -> None:
    checked = check(servers, 1, 8 if lying is mixing else 3, lying)
    assert any(found in said for one in checked.broken for said in one["broken"])
