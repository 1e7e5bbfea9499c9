"""Who becomes a terminal of the fleet, for how long, and who does not: in process."""

from __future__ import annotations

import asyncio
import json
import math
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from central.api.gate import Pretended, caller
from central.api.peer import Peer
from central.database import transaction
from central.desks.settling import Reason
from central.fleet import enrolling
from central.fleet.authority import Authority
from central.limits import CODE_LIFETIME, RENEWAL_GRACE, TERMINAL_LIFETIME
from central.model_enrolment import EnrolmentCode, KeyWanted
from central.problems import Declined
from central.terminals import table
from kiosk.backend.exchange import Arrival, Cause, Reply, Unreachable
from kiosk.enrolment.enrolling import Enrolment
from kiosk.enrolment.keys import Generations
from kiosk.enrolment.renewing import Renewing
from kiosk.protocol import possession
from kiosk.protocol.enrolment import (
    ENROLMENT_PATH,
    RENEWAL_PATH,
    enrolment_text,
    read_code,
    renewal_text,
)
from tests.central.office import Filled, Office, SeededIds

T = TypeVar("T")
LOOKS = 6
"""Hours between two looks at the certificate's age."""

NAME, OTHER = "KDL-006", "KDL-001"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), datetime(2026, 11, 22, tzinfo=UTC))


@pytest.fixture(scope="module")
def standing(filled: Filled, tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office") / "central"
    filled.copy(folder)
    made = Office(folder, authority=authority)
    yield made
    made.close()


class Machine:
    """A terminal with its keys, by hand."""

    def __init__(self, office: Office, name: str = NAME, hardware: ec.EllipticCurvePrivateKey | None = None) -> None:
        self.office = office
        self.name = name
        self.hardware = hardware
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.asking = self.request()
        self.certificate: x509.Certificate | None = None

    @property
    def fingerprint(self) -> str:
        assert self.certificate is not None
        return self.certificate.fingerprint(SHA256()).hex()

    def request(self, key: ec.EllipticCurvePrivateKey | None = None, name: str = "") -> str:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name or self.name)])
        made = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key or self.key, SHA256())
        return made.public_bytes(Encoding.PEM).decode()

    def asked(self, code: str, request: str) -> dict[str, Any]:
        asked = {"code": code, "terminal": self.name, "request": request}
        if self.hardware is not None:
            public = possession.spki(self.hardware.public_key())
            signed = possession.sign(self.hardware, enrolment_text(self.name, request))
            asked |= {"hardware": possession.in_writing(public), "proof": possession.in_writing(signed)}
        return asked

    def enrol(self, code: str) -> Any:
        reply = self.send(ENROLMENT_PATH, self.asked(code, self.asking))
        self.certificate = x509.load_pem_x509_certificate(reply["certificate"].encode())
        return reply

    def renewal(self, key: ec.EllipticCurvePrivateKey, old: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
        request = self.request(key)
        text = renewal_text(self.fingerprint, request)
        proof = "" if self.hardware is None else possession.in_writing(possession.sign(self.hardware, text))
        signature = possession.in_writing(possession.sign(old, text))
        return {"certificate": self.fingerprint, "request": request, "signature": signature, "proof": proof}

    def send(self, path: str, message: dict[str, Any]) -> Any:
        answer = self.office.people("POST", path, json.dumps(message).encode())
        body = json.loads(answer.body)
        if answer.status != 200:
            raise AssertionError(f"{answer.status} {body['code']}")
        return body

    def holds(self) -> bool:
        entry = self.office.headquarters.enrolled(self.fingerprint)
        return entry is not None and entry.terminal == self.name


def code_for(
    office: Office, name: str = NAME, wanted: KeyWanted = KeyWanted.ANY, life: timedelta = CODE_LIFETIME
) -> str:
    made = office.headquarters.by_a_person(lambda desk: enrolling.invite(desk, name, "100001", life, wanted))
    return made.as_json()["code"]


def revoke(office: Office, name: str = NAME) -> int:
    reason = Reason("100001", "sold")
    return office.headquarters.by_a_person(lambda desk: enrolling.revoke(desk, name, reason))


def line_of(office: Office, name: str = NAME) -> dict[str, Any]:
    with transaction(office.headquarters.engine) as db:
        found = enrolling.terminals(db, office.headquarters.tables, office.clock.now())
    assert table(found["terminals"]).count("\n") == len(found["terminals"])
    return next(row for row in found["terminals"] if row["terminal"] == name)


def refused(message: str) -> Any:
    return pytest.raises(AssertionError, match=f"^{message}$")


def test_a_code_lets_one_terminal_in_once(standing: Office) -> None:
    code = code_for(standing)
    first = Machine(standing)
    reply = first.enrol(code.lower().replace("-", " "))
    assert first.holds() and "PUBLIC KEY" in reply["grant_key"]
    assert first.enrol(code) == reply, "the same again is answered as before"
    with refused("403 code"):
        Machine(standing).enrol(code)
    with refused("403 code"):
        Machine(standing).enrol("0000-" * 6)


def test_the_certificate_is_short_lived_and_for_that_terminal_alone(standing: Office) -> None:
    machine = Machine(standing)
    machine.enrol(code_for(standing))
    made = machine.certificate
    assert made is not None
    assert made.not_valid_after_utc - standing.clock.now() == TERMINAL_LIFETIME == timedelta(days=7)
    usage = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_a_code_is_over_after_its_time_and_void_after_the_next(standing: Office) -> None:
    late = code_for(standing, life=timedelta(minutes=5))
    standing.clock.forward(minutes=5)
    with refused("403 code"):
        Machine(standing).enrol(late)
    before, _ = code_for(standing), code_for(standing)
    with refused("403 code"):
        Machine(standing).enrol(before)
    with refused("403 code"):
        Machine(standing, OTHER).enrol(code_for(standing))


def test_of_a_code_only_a_digest_is_in_the_books(standing: Office) -> None:
    code = code_for(standing)
    with transaction(standing.headquarters.engine) as db:
        held = repr([vars(row) for row in db.query(EnrolmentCode)])
    assert read_code(code) not in held and code not in held and len(read_code(code)) == 24


@pytest.mark.parametrize("wrong", ["name", "curve", "signature", "text"])
def test_a_request_that_does_not_fit_is_not_signed_and_the_code_is_not_spent(standing: Office, wrong: str) -> None:
    machine, code = Machine(standing), code_for(standing)
    match wrong:
        case "name":
            request = machine.request(name=OTHER)
        case "curve":
            request = machine.request(ec.generate_private_key(ec.SECP384R1()))
        case "signature":
            body = machine.request()
            request = body.replace(body[-60:-50], "AAAAAAAAAA")
        case _:
            request = "no request"
    with refused("422 request"):
        machine.send(ENROLMENT_PATH, machine.asked(code, request))
    machine.enrol(code)
    assert machine.holds()


def test_two_servers_give_one_certificate_for_a_code(standing: Office, authority: Authority) -> None:
    """Both at the same time, over one database; one key gets in."""
    beside = Office(standing.folder, standing.url, SeededIds(random.Random(8)), authority=authority)
    beside.clock.moment = standing.clock.now()
    code = code_for(standing)
    machines = [Machine(office) for office in (standing, beside) * 3]

    def attempt(machine: Machine) -> str:
        try:
            machine.enrol(code)
        except AssertionError as no:
            return str(no)
        return "in"

    with ThreadPoolExecutor(len(machines)) as pool:
        told = sorted(pool.map(attempt, machines))
    beside.close()
    assert told == ["403 code"] * 5 + ["in"]


def test_it_is_renewed_with_a_new_key_and_the_first_use_ends_the_old_one(standing: Office) -> None:
    machine = Machine(standing)
    machine.enrol(code_for(standing))
    old, key = machine.fingerprint, ec.generate_private_key(ec.SECP256R1())
    asked = machine.renewal(key, machine.key)
    reply = machine.send(RENEWAL_PATH, asked)
    assert machine.send(RENEWAL_PATH, asked) == reply, "a lost answer is given again"
    assert machine.holds(), "until the new one is used"
    machine.certificate = x509.load_pem_x509_certificate(reply["certificate"].encode())
    assert machine.holds()
    assert standing.headquarters.enrolled(old) is None
    stolen = {**asked, "request": machine.request(ec.generate_private_key(ec.SECP256R1()))}
    with refused("403 certificate"):
        machine.send(RENEWAL_PATH, stolen)


def test_nobody_renews_with_another_key_nor_long_after_the_end(standing: Office) -> None:
    machine = Machine(standing)
    machine.enrol(code_for(standing))
    key = ec.generate_private_key(ec.SECP256R1())
    with refused("403 certificate"):
        machine.send(RENEWAL_PATH, machine.renewal(key, key))
    standing.clock.forward(days=30)
    assert not machine.holds() and line_of(standing)["status"] == "expired"
    machine.send(RENEWAL_PATH, machine.renewal(key, machine.key))
    standing.clock.moment += RENEWAL_GRACE
    with refused("403 certificate"):
        machine.send(RENEWAL_PATH, machine.renewal(ec.generate_private_key(ec.SECP256R1()), machine.key))


def test_revoked_it_is_out_at_once_and_comes_back_by_a_new_code_only(standing: Office) -> None:
    machine = Machine(standing)
    machine.enrol(code_for(standing))
    assert machine.holds()
    code = code_for(standing)
    assert revoke(standing) == 1
    assert not machine.holds() and line_of(standing)["status"] == "revoked"
    with refused("403 code"):
        Machine(standing).enrol(code)
    with refused("403 certificate"):
        machine.send(RENEWAL_PATH, machine.renewal(ec.generate_private_key(ec.SECP256R1()), machine.key))
    again, key = Machine(standing), code_for(standing)
    assert line_of(standing)["status"] == "invited"
    again.enrol(key)
    assert again.holds() and line_of(standing)["status"] == "enrolled"
    with pytest.raises(Declined):
        revoke(standing, "KDL-999")


def test_a_key_of_one_terminal_is_no_other_terminals(standing: Office) -> None:
    machine, copy = Machine(standing), Machine(standing, OTHER)
    machine.enrol(code_for(standing))
    copy.asking = copy.request(machine.key)
    with refused("409 blocked"):
        copy.enrol(code_for(standing, OTHER))


def test_who_is_invited_with_a_key_module_needs_one_and_it_signs_renewals_too(standing: Office) -> None:
    code = code_for(standing, wanted=KeyWanted.HARDWARE)
    with refused("403 hardware"):
        Machine(standing).enrol(code)
    module, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    machine = Machine(standing, hardware=module)
    pretended = machine.asked(code, machine.request())
    machine.hardware = other
    with refused("403 proof"):
        machine.send(ENROLMENT_PATH, pretended | {"proof": machine.asked(code, pretended["request"])["proof"]})
    machine.hardware = module
    machine.enrol(code)
    assert machine.holds() and line_of(standing)["key"] == "hardware"
    key = ec.generate_private_key(ec.SECP256R1())
    machine.hardware = other
    with refused("403 proof"):
        machine.send(RENEWAL_PATH, machine.renewal(key, machine.key))
    machine.hardware = module
    machine.send(RENEWAL_PATH, machine.renewal(key, machine.key))


def test_only_the_proxy_says_whose_certificate_it_saw(standing: Office) -> None:
    machine = Machine(standing)
    machine.enrol(code_for(standing))
    assert machine.certificate is not None
    shown = quote(machine.certificate.public_bytes(Encoding.PEM).decode())
    terminal, proxy = Peer("KDL-001", "11"), Peer("proxy", "22")
    assert caller(proxy, "22", shown) == Peer(NAME, machine.fingerprint)
    assert caller(terminal, "22", None) == terminal
    for peer, said in ((terminal, shown), (terminal, ""), (proxy, None), (proxy, ""), (proxy, "x"), (None, shown)):
        with pytest.raises(Pretended):
            _ = caller(peer, "22", said)
    with pytest.raises(Pretended):
        _ = caller(proxy, "", shown)


def test_a_server_without_the_authority_enrols_nobody(standing: Office) -> None:
    office = Office(standing.folder, standing.url, SeededIds(random.Random(9)))
    office.clock.moment = standing.clock.now()
    with refused("503 down"):
        Machine(office).enrol(code_for(office))
    office.close()


# -- the terminal's half, over the same desks ------------------------------------------------------------------------


class _Inline:
    """A worker without a thread."""

    async def run(self, call: Callable[[], T]) -> T:
        return call()

    async def close(self) -> None:
        return None


class _Line:
    """To the people's listener, in process; where `lost`, the answer does not come back."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.lost = False

    async def exchange(self, method: str, path: str, body: bytes, *, content_type: str, seconds: float) -> Reply:
        answer = self.office.people(method, path, body)
        if self.lost:
            raise Unreachable(Cause.CUT, Arrival.PERHAPS)
        return Reply(answer.status, answer.body, 0.0, None)


def terminal(office: Office, folder: Path) -> tuple[Enrolment, _Line]:
    pair = Generations(folder / "identity" / "terminal.crt", folder / "identity" / "terminal.key")
    line = _Line(office)
    return Enrolment(NAME, line, pair, None, folder / "grants.pub", _Inline()), line


def test_a_running_terminal_renews_by_itself_well_before_the_end(standing: Office, tmp_path: Path) -> None:
    enrolment, _ = terminal(standing, tmp_path)
    renewing = Renewing(enrolment, standing.clock, lambda: 1.0)

    async def month() -> int:
        assert not await renewing.once(), "nothing to renew yet"
        _ = await enrolment.enrol(code_for(standing))
        assert b"PUBLIC KEY" in (tmp_path / "grants.pub").read_bytes()
        renewed = 0
        for _ in range(30 * 24 // LOOKS):
            standing.clock.forward(hours=LOOKS)
            held = enrolment.generations.certificate()
            assert held is not None and held.not_valid_after_utc - standing.clock.now() > timedelta(days=2)
            assert standing.headquarters.enrolled(held.fingerprint(SHA256()).hex()) is not None
            renewed += await renewing.once()
        return renewed

    life = math.ceil((0.6 * (7 * 24 + 1) - 1) / LOOKS) * LOOKS
    assert asyncio.run(month()) == 30 * 24 // life


def test_a_lost_answer_or_a_line_down_costs_nothing(
    standing: Office, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    enrolment, line = terminal(standing, tmp_path)
    renewing = Renewing(enrolment, standing.clock, lambda: 0.0)
    code = code_for(standing)

    async def act() -> None:
        line.lost = True
        with pytest.raises(Unreachable):
            _ = await enrolment.enrol(code)
        line.lost = False
        until = await enrolment.enrol(code)
        standing.clock.forward(days=4)
        line.lost = True
        assert not await renewing.once() and not await renewing.once()
        standing.clock.forward(days=30)
        line.lost = False
        assert await renewing.once(), "also a month later"
        held = enrolment.generations.certificate()
        assert held is not None and held.not_valid_after_utc > until

    asyncio.run(act())
    assert [record.message for record in caplog.records if "not renewed" in record.message] == [
        "the certificate is not renewed: Unreachable cut"
    ]


def test_a_terminal_that_was_put_out_is_not_renewed_and_comes_back_with_a_code(
    standing: Office, tmp_path: Path
) -> None:
    enrolment, _ = terminal(standing, tmp_path)
    renewing = Renewing(enrolment, standing.clock, lambda: 0.0)

    async def act() -> None:
        _ = await enrolment.enrol(code_for(standing))
        _ = revoke(standing)
        standing.clock.forward(days=4)
        assert not await renewing.once()
        _ = await enrolment.enrol(code_for(standing))
        assert not renewing.due() and line_of(standing)["status"] == "enrolled"

    asyncio.run(act())
