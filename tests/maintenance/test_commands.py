"""What a shell offers: an entry for a technician, the chain verified, a report that the terminal signed."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import sqlite3
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kiosk.commands.audit import run as audit
from kiosk.commands.maintenance import readiness, signed
from kiosk.commands.maintenance import run as maintenance
from kiosk.protocol.staff import card_mark, verifies
from kiosk.settings import Settings, load_settings
from kiosk.settings.model import StaffEntry
from kiosk.store.keys import staff_pepper
from kiosk.store.opening import open_store
from kiosk.store.words import text_of
from kiosk.times import BEIJING, InlineWorker, SeededIds, VirtualClock
from kiosk.virtual import run_virtual

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=BEIJING)
NUMBER, PIN = "11010519491231002X", "70418362"


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """A state directory with a few rows."""

    async def main() -> None:
        clock = VirtualClock()
        worker = InlineWorker()
        store = await open_store(
            tmp_path / "terminal", writer=worker, reader=worker, clock=clock, ids=SeededIds(1, clock)
        )
        for number in range(5):
            await store.audit.write("maintenance-asked", "", {"way": str(number)})
        await store.close()

    run_virtual(main(), NOW)
    return tmp_path


def verified(state: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, dict[str, Any]]:
    status = audit(["verify", "--state", str(state), *more])
    return status, json.loads(capsys.readouterr().out)


def test_a_whole_chain_is_whole(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = verified(books, capsys)
    assert (status, told["whole"], told["rows"]) == (0, True, 5)
    assert verified(books, capsys, "--rows", "5", "--head", told["head"])[0] == 0


def test_a_changed_row_a_cut_tail_and_another_chain_are_found(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verified(books, capsys, "--rows", "6")[1]["wrong"] == "cut off: headquarters saw 6 rows"
    assert verified(books, capsys, "--rows", "3", "--head", "0" * 64)[1]["wrong"].startswith("row 3 is not the one")
    with sqlite3.connect(books / "terminal" / "terminal.db") as database:
        database.execute("UPDATE audit SET text = replace(text, '\"2\"', '\"9\"') WHERE row = 3")
    database.close()
    assert verified(books, capsys) == (
        1,
        {"whole": False, "rows": 2, "head": verified(books, capsys)[1]["head"], "wrong": "broken at row 3"},
    )


def test_an_entry_is_made_for_this_station_and_quotes_neither_number_nor_pin(
    books: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NUMBER}\n{PIN}\n"))
    wanted = ["--number", "004170", "--role", "technician", "--since", "2026-11-23", "--until", "2027-11-22"]
    assert maintenance(["--state", str(books), "enrol", *wanted]) == 0
    printed = capsys.readouterr().out
    entry = StaffEntry.model_validate(tomllib.loads(printed)["maintenance"]["staff"][0])
    pepper = staff_pepper((books / "terminal" / "station.key").read_bytes())
    assert entry.card == card_mark(pepper, NUMBER)
    assert verifies(entry.verifier, PIN, entry.card, pepper)
    assert entry.verifier.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert NUMBER not in printed and PIN not in printed


def test_a_poor_pin_makes_no_entry(
    books: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NUMBER}\n12345678\n"))
    wanted = ["--number", "004170", "--role", "technician", "--since", "2026-11-23", "--until", "2027-11-22"]
    assert maintenance(["--state", str(books), "enrol", *wanted]) == 1
    told = capsys.readouterr()
    assert told.out == "" and "12345678" not in told.err


def machine(folder: Path) -> tuple[Settings, ec.EllipticCurvePublicKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "terminal.key").write_bytes(pem)
    settings = load_settings(None, {"headquarters": {"folder": str(folder)}})
    return settings, key.public_key()


def test_a_report_is_signed_by_the_terminal_and_a_changed_one_is_not(tmp_path: Path) -> None:
    settings, public = machine(tmp_path)

    async def main() -> dict[str, Any]:
        await asyncio.sleep(0)
        return readiness(settings, [{"name": "clock", "verdict": "fails", "text": "", "remedy": ""}], VirtualClock())

    made = signed(run_virtual(main(), NOW), settings)
    assert (made["report"]["works"], made["report"]["terminal"]) == (False, settings.terminal.name)
    signature = base64.b64decode(made["signature"])
    public.verify(signature, text_of(made["report"]).encode(), ec.ECDSA(SHA256()))
    with pytest.raises(InvalidSignature):
        public.verify(signature, text_of(made["report"] | {"works": True}).encode(), ec.ECDSA(SHA256()))
