"""The simulated makers in memory, with the drivers against them, and an authority of one's own for TLS."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kiosk.devices.endorsement_writer.contract import Endorsement, Endorsements
from kiosk.devices.licence_printer.contract import Licence
from kiosk.devices.lines import MemoryLine
from kiosk.devices.plate_printer.contract import Plate
from kiosk.devices.temporary_id_maker.contract import TemporaryId
from kiosk.devices.transport import Transport, TransportLost
from kiosk.simulation.makers import Kind, Maker
from kiosk.simulation.wires import WireGone
from kiosk.simulation.xfs4iot import Service

URL = "ws://localhost:5846/xfs4iot/v1.0/maker"

LICENCE = Licence(
    number="150102199003071234",
    name="王小芳",
    sex="女",
    nationality="中国",
    address="海拉尔区某街1号",
    birth="1990-03-07",
    first_issue="2016-05-01",
    classes="C1",
    valid_from="2026-05-01",
    valid_to="2036-05-01",
    authority="某市公安局交通警察支队",
    file_number="150700000001",
    record="",
    portrait=b"\x89PNG synthetic",
)
TEMPORARY = TemporaryId(
    name="王小芳",
    sex="女",
    ethnicity="汉",
    birth="1990-03-07",
    address="海拉尔区某街1号",
    number="150102199003071234",
    authority="某市公安局",
    valid_from="2026-11-22",
    valid_to="2027-02-22",
    portrait=b"\x89PNG synthetic",
)
PLATE = Plate(
    number="蒙E00001",
    vehicle_type="小型轿车",
    model="某牌",
    vin="LSYNTHETIC0000001",
    engine="E1",
    owner="王小芳",
    area="内蒙古自治区",
    valid_to="2026-12-20",
    authority="某市公安局交通警察支队",
    issued_on="2026-11-22",
)
ENDORSEMENTS = Endorsements(
    (
        Endorsement("香港 G", "一次", "2027-02-21", "7天", "内蒙古", "2026-11-22"),
        Endorsement("澳门 L", "二次", "2027-11-21", "7天", "内蒙古", "2026-11-22"),
    )
)


class FarWire:
    """A memory line's far end as the simulator's wire."""

    def __init__(self, far: Transport) -> None:
        self._far = far

    async def read(self, most: int) -> bytes:
        try:
            return await self._far.read(most)
        except TransportLost:
            raise WireGone from None

    async def write(self, data: bytes) -> None:
        try:
            await self._far.write(data)
        except TransportLost:
            raise WireGone from None

    def cut(self) -> None:
        """As a cable that is pulled."""
        closing = getattr(self._far, "cut", None)
        assert closing is not None
        closing()


@dataclass
class House:
    """A machine, the service in front of it, and the line to it."""

    maker: Maker
    service: Service | None = None
    serial: str = "SIM-0001"
    serving: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    def __post_init__(self) -> None:
        self.line = MemoryLine("maker", self._answer)
        self.start()

    def start(self) -> None:
        """A fresh process that knows nothing but what its machine shows."""
        self.service = Service(self.maker, serial=self.serial, die=self.die)
        self.line.plug()

    def die(self) -> None:
        """The service process ends."""
        self.line.unplug()
        service, self.service = self.service, None
        if service is not None:
            self.serving.append(asyncio.get_running_loop().create_task(service.stop()))

    def _answer(self, far: Transport) -> None:
        if self.service is not None:
            self.serving.append(asyncio.get_running_loop().create_task(self.service.serve(FarWire(far))))


@asynccontextmanager
async def house(kind: Kind, *, motion_seconds: float = 1.0, **changes: Any) -> AsyncGenerator[House]:
    """For one test."""
    there = House(Maker(kind, motion_seconds=motion_seconds), **changes)
    yield there
    if there.service is not None:
        await there.service.stop()
    for task in there.serving:
        task.cancel()
    outcomes = await asyncio.gather(*there.serving, return_exceptions=True)
    assert [one for one in outcomes if isinstance(one, Exception)] == []


def player(kind: Kind, prepared: Callable[[Maker], None] = lambda _maker: None) -> Callable[[Transport], Any]:
    """One machine for the conformance suite, lasting over reconnections."""
    maker = Maker(kind, motion_seconds=0.2)
    prepared(maker)
    made: list[Service] = []

    async def play(far: Transport) -> None:
        if not made:
            made.append(Service(maker))
        await made[0].serve(_Plain(far))

    return play


class _Plain:
    def __init__(self, far: Transport) -> None:
        self._wire = FarWire(far)

    async def read(self, most: int) -> bytes:
        return await self._wire.read(most)

    async def write(self, data: bytes) -> None:
        await self._wire.write(data)


@dataclass(frozen=True)
class Authority:
    """Files for a service on localhost."""

    ca: Path
    certificate: Path
    key: Path


def authority(folder: Path) -> Authority:
    """A certificate authority that has signed for localhost alone."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)

    def built(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(ca_name).public_key(public)
        builder = builder.serial_number(x509.random_serial_number())
        return builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))

    ca = built(ca_name, ca_key.public_key()).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    ca = ca.add_extension(usage, True).add_extension(
        x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), False
    )
    mine = built(name, key.public_key()).add_extension(
        x509.SubjectAlternativeName([x509.DNSName("localhost")]), False
    )
    mine = mine.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), False)
    pem = serialization.Encoding.PEM
    files = Authority(folder / "ca.pem", folder / "service.pem", folder / "service.key")
    _ = files.ca.write_bytes(ca.sign(ca_key, hashes.SHA256()).public_bytes(pem))
    _ = files.certificate.write_bytes(mine.sign(ca_key, hashes.SHA256()).public_bytes(pem))
    plain = serialization.NoEncryption()
    _ = files.key.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return files
