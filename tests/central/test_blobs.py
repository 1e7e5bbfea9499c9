"""Where pictures lie, on disk and in a bucket alike, and how those come that are cut off on their way."""

from __future__ import annotations

import hashlib
import json
import logging
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from central.blobs import Blobs
from central.cupboards import Cupboard, CupboardFailed, Disk, open_cupboard
from central.limits import UPLOAD_LIMIT
from central.problems import Declined
from kiosk.backend.direct import DirectExchange, Weather
from kiosk.backend.exchange import Unreachable
from kiosk.backend.headquarters import PART, WHOLE, send_blob
from tests.backend.world import LoopClock, run_virtually
from tests.central.office import TERMINAL, Filled, Office

PICTURE = random.Random(5).randbytes(300_000)
NAME = hashlib.sha256(PICTURE).hexdigest()
OTHER = "KDL-006"


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A server of S3 on loopback, as configuration names it."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        environment.setenv("AWS_REGION", "us-east-1")
        environment.setenv("AWS_ACCESS_KEY_ID", "nobody")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
        import requests

        assert requests.put(f"http://{host}:{port}/pictures", timeout=30).status_code == 200
        yield "s3://pictures/headquarters"
    server.stop()


@pytest.fixture(params=["disk", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "disk":
        return str(tmp_path / "blobs")
    return f"{request.getfixturevalue('bucket')}/{tmp_path.name}"


@pytest.fixture
def cupboard(place: str) -> Cupboard:
    return open_cupboard(place)


def test_bytes_are_kept_once_under_their_digest(cupboard: Cupboard) -> None:
    blobs = Blobs(cupboard)
    assert blobs.get(NAME) is None and not blobs.has(NAME)
    assert blobs.put(PICTURE) == NAME == blobs.put(PICTURE)
    assert blobs.has(NAME) and blobs.get(NAME) == PICTURE
    assert [(one.path, one.size) for one in cupboard.under(NAME[:2])] == [(f"{NAME[:2]}/{NAME}", len(PICTURE))]
    for strange in ("", "../setting", NAME.upper(), NAME + "0"):
        assert blobs.get(strange) is None and not blobs.has(strange)
        blobs.drop(strange)
    blobs.drop(NAME)
    blobs.drop(NAME)
    assert blobs.get(NAME) is None and cupboard.under("") == []


def test_what_was_cut_off_goes_on_where_it_was(cupboard: Cupboard) -> None:
    blobs = Blobs(cupboard)
    assert blobs.append(TERMINAL, NAME, 0, PICTURE[:100_000]) == 100_000
    with pytest.raises(Declined, match="409 offset"):
        blobs.append(TERMINAL, NAME, 100_001, b"x")
    assert blobs.append(TERMINAL, NAME, 0, b"another beginning") == 100_000
    assert blobs.assemble(TERMINAL, NAME, len(PICTURE)) == 100_000 and not blobs.has(NAME)
    assert blobs.offset(OTHER, NAME) == 0
    reborn = Blobs(cupboard)
    assert reborn.append(TERMINAL, NAME, 100_000, PICTURE[100_000:]) == len(PICTURE)
    assert reborn.assemble(TERMINAL, NAME, len(PICTURE)) == len(PICTURE)
    assert reborn.get(NAME) == PICTURE and cupboard.under("uploads") == []
    assert reborn.assemble(OTHER, NAME, len(PICTURE)) == len(PICTURE)


def test_what_is_not_what_its_name_says_begins_anew(cupboard: Cupboard) -> None:
    blobs = Blobs(cupboard)
    _ = blobs.append(TERMINAL, NAME, 0, b"x" * 10)
    with pytest.raises(Declined, match="422 digest"):
        blobs.assemble(TERMINAL, NAME, 10)
    assert blobs.offset(TERMINAL, NAME) == 0 and not blobs.has(NAME)


def test_parts_nobody_went_on_with_are_found(cupboard: Cupboard) -> None:
    blobs = Blobs(cupboard)
    _ = blobs.append(TERMINAL, NAME, 0, PICTURE[:10])
    now = datetime.now(UTC)
    assert blobs.abandoned(now - timedelta(days=1)) == []
    (part,) = blobs.abandoned(now + timedelta(days=1))
    blobs.drop_part(part)
    assert blobs.offset(TERMINAL, NAME) == 0


def test_nothing_larger_than_the_limit_comes_in_parts(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    with pytest.raises(Declined, match="413 size"):
        blobs.append(TERMINAL, NAME, 0, b"x" * (UPLOAD_LIMIT + 1))


def test_a_bucket_that_does_not_answer_is_503_and_names_nothing(
    filled: Filled, tmp_path: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    office = filled.office(tmp_path / "c", blobs=bucket)
    status, problem = office.send("GET", f"/v1/blobs/{NAME}")
    assert (status, problem["code"]) == (503, "storage")
    assert "pictures" not in problem["detail"] and "127" not in problem["detail"]
    office.close()


def test_a_disk_without_room_is_said_without_its_place(tmp_path: Path) -> None:
    file = tmp_path / "file"
    _ = file.write_bytes(b"")
    with pytest.raises(CupboardFailed) as caught:
        Disk(file / "blobs")
    assert str(tmp_path) not in str(caught.value)


def test_a_place_that_is_neither_folder_nor_bucket_is_refused() -> None:
    for where in ("ftp://pictures/x", "s3:///x"):
        with pytest.raises(ValueError, match="s3://BUCKET"):
            open_cupboard(where)


# -- a terminal's side ---------------------------------------------------------------------------------------------


class Line:
    """A line to a real headquarters that is cut at the nth request, before or after it arrives."""

    def __init__(self, office: Office, cuts: dict[int, Weather] | None = None) -> None:
        self._office = office
        self._cuts = cuts or {}
        self.asked: list[tuple[str, int]] = []

    def send(self, content: bytes, part: int = PART) -> None:
        def handle(terminal: str, method: str, path: str, body: bytes) -> tuple[int, bytes]:
            self.asked.append((method, len(body)))
            return self._office.headquarters.exchange(terminal, method, path, body)

        def weather(_method: str, _path: str) -> Weather:
            return self._cuts.pop(len(self.asked), Weather.FAIR)

        async def main() -> None:
            exchange = DirectExchange(handle, TERMINAL, LoopClock(), weather)
            await send_blob(exchange, hashlib.sha256(content).hexdigest(), content, 20.0, part)

        run_virtually(main())

    def until_it_is_there(self, content: bytes) -> int:
        """How often it was cut off."""
        for cuts in range(40):
            try:
                self.send(content)
            except Unreachable:
                continue
            return cuts
        raise AssertionError("never")


def test_a_photograph_that_is_cut_off_again_and_again_is_sent_once(
    filled: Filled, tmp_path: Path, place: str
) -> None:
    office = filled.office(tmp_path / "c", blobs=place)
    line = Line(office, {2: Weather.DOWN, 3: Weather.CUT_AFTER_REQUEST, 5: Weather.CUT_AFTER_REQUEST})
    assert line.until_it_is_there(PICTURE) == 3
    assert office.headquarters.blobs.get(NAME) == PICTURE
    sent = [size for method, size in line.asked if method == "PATCH"]
    assert sum(sent) == len(PICTURE) and len(sent) == 5
    again = Line(office)
    again.send(PICTURE)
    assert [method for method, _ in again.asked] == ["POST"]
    office.close()


def test_wherever_it_is_cut_it_arrives(filled: Filled, tmp_path: Path) -> None:
    office = filled.office(tmp_path / "c")
    for at in range(7):
        for weather in (Weather.DOWN, Weather.CUT_AFTER_REQUEST):
            content = PICTURE + bytes([at]) + weather.value.encode()
            line = Line(office, {at: weather})
            assert line.until_it_is_there(content) == 1
            assert office.headquarters.blobs.has(hashlib.sha256(content).hexdigest())
    assert office.headquarters.blobs.abandoned(datetime.now(UTC) + timedelta(days=1)) == []
    office.close()


def test_a_small_one_goes_in_one_request_while_the_line_is_good(office: Office) -> None:
    line = Line(office)
    line.send(PICTURE, WHOLE)
    assert line.asked == [("PUT", len(PICTURE))]


def test_a_server_that_never_has_enough_is_left(office: Office) -> None:
    for said in ({"offset": 0}, {"offset": 10**9}, {"offset": -1}):

        def handle(_terminal: str, _method: str, _path: str, _body: bytes, said: Any = said) -> tuple[int, bytes]:
            return 200, json.dumps(said).encode()

        async def main(handle: Any = handle) -> None:
            await send_blob(DirectExchange(handle, TERMINAL, LoopClock()), NAME, PICTURE, 20.0, PART)

        with pytest.raises(Unreachable):
            run_virtually(main())
    del office


def test_a_strange_upload_is_declined(office: Office) -> None:
    for path, status in (
        (f"/v1/uploads/{NAME}/x", 422),
        ("/v1/uploads/..%2Fx/0", 422),
        (f"/v1/uploads/{NAME}/7", 409),
    ):
        assert office.headquarters.exchange(TERMINAL, "PATCH", path, b"x")[0] == status
