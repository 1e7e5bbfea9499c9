"""A technician has every device show what it does, and the machine's signed report goes home."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from central.database import transaction
from central.model import FilingRow
from kiosk.commands.simulated_staff import of_role
from kiosk.flows.effects import Filed, NotFiled, PaperKind, Pending, Print, Submit
from kiosk.flows.opening import Opening, SecondFactor
from kiosk.flows.outcome import Ending, Outcome
from kiosk.maintenance.steps import (
    ChooseAdjusted,
    Chosen,
    Finding,
    Findings,
    Seen,
    SelfTest,
    Signed,
    SignReport,
    TryOut,
    Unsigned,
)
from kiosk.maintenance.tasks import EXERCISED, prove_readiness
from kiosk.nights.night import Night, nightfall
from kiosk.people.records import Refusal
from kiosk.people.staff import Role
from kiosk.protocol.messages import FilingKind
from kiosk.protocol.readiness import NotProved, canonical, fingerprint_that_signed, report_of, sign
from kiosk.simulation.scripts.technician import HAND_BACK, TRIED, readiness
from kiosk.virtual import run_virtual
from kiosk.workshop import heat_verdict, memory_verdict
from tests.maintenance.evening import ScriptedKey, Somebody, until_page

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
TECHNICIAN = of_role(Role.TECHNICIAN)
WELL = Findings((Finding("clock", "works"),), 0.4)


# -- the procedure -------------------------------------------------------------------------------------------------


def answered(
    seen: dict[str, Seen], findings: Findings, signed: Signed | Unsigned, filed: object
) -> tuple[Outcome, list[Any]]:
    """The flow played by a table; its outcome and the steps it took."""
    opening = Opening(
        service="MT04",
        now=NOW,
        settings_version="1",
        terminal="KDL-001",
        site="site",
        language="en",
        second_factor=SecondFactor.NOT_REQUIRED,
        staff=("004170",),
        about="",
    )
    taken: list[Any] = []
    flow = prove_readiness(opening).__await__()
    answer: Any = None
    try:
        while True:
            step = flow.send(answer)
            taken.append(step)
            match step:
                case TryOut(device=device):
                    answer = seen.get(device, Seen.YES)
                case ChooseAdjusted():
                    answer = Chosen(None)
                case SelfTest():
                    answer = findings
                case SignReport():
                    answer = signed
                case Submit():
                    answer = filed
                case _:
                    answer = None
    except StopIteration as over:
        return over.value, taken


SIGNED = Signed("{}", "ecdsa-sha256", "PEM", "c2ln")
OUT = Findings((Finding("page-printer", "fails"),), 0.4)


@pytest.mark.parametrize(
    ("seen", "findings", "signed", "filed", "ending", "topic"),
    [
        ({}, WELL, SIGNED, Filed("Z1"), Ending.DONE, "task-report-sent"),
        ({"scanner": Seen.NOT_TRIED}, WELL, SIGNED, Filed("Z1"), Ending.DONE, "task-report-sent"),
        ({}, WELL, SIGNED, Pending("A-1"), Ending.DONE, "task-report-waits"),
        ({"scanner": Seen.NO}, WELL, SIGNED, Filed("Z1"), Ending.NEEDS_A_PERSON, "task-report-open"),
        ({}, OUT, SIGNED, Filed("Z1"), Ending.NEEDS_A_PERSON, "task-report-open"),
        ({}, WELL, SIGNED, NotFiled(Refusal.other()), Ending.NEEDS_A_PERSON, "task-report-refused"),
        ({}, WELL, Unsigned(), None, Ending.NEEDS_A_PERSON, "task-report-unsigned"),
    ],
)
def test_it_ends_well_only_when_all_works_was_seen_and_went_home(
    seen: dict[str, Seen],
    findings: Findings,
    signed: Signed | Unsigned,
    filed: object,
    ending: Ending,
    topic: str,
) -> None:
    outcome, taken = answered(seen, findings, signed, filed)
    assert (outcome.ending, outcome.topic) == (ending, topic)
    assert [step.device for step in taken if isinstance(step, TryOut)] == list(EXERCISED)
    papers = [step for step in taken if isinstance(step, Print)]
    assert [paper.paper for paper in papers] == [PaperKind.MAINTENANCE_SLIP]
    assert "scanner: " in dict(papers[0].values)["findings"]


def test_a_receipt_printer_that_is_out_prints_no_report_and_it_is_sent_all_the_same() -> None:
    outcome, taken = answered({}, Findings((Finding("receipt-printer", "fails"),), 0.4), SIGNED, Filed("Z1"))
    assert [step for step in taken if isinstance(step, Print)] == []
    assert dict(outcome.details)["open"] == "receipt-printer"


# -- the signature -------------------------------------------------------------------------------------------------


def machine(folder: Path) -> str:
    """Key and certificate of a terminal, as headquarters gave them; the certificate's fingerprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "KDL-001")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=365))
        .sign(key, SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "cert.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    return certificate.fingerprint(SHA256()).hex()


def test_a_report_names_its_signer_and_a_changed_one_has_none(tmp_path: Path) -> None:
    known = machine(tmp_path)
    certificate = (tmp_path / "cert.pem").read_text("ascii")
    text = canonical(report_of(terminal="KDL-001", at=NOW, settings_version="1", findings=[]))
    algorithm, signature = sign(text, (tmp_path / "key.pem").read_bytes())
    assert fingerprint_that_signed(text, algorithm, certificate, signature) == known
    _ = machine(tmp_path / "other")
    other = (tmp_path / "other" / "cert.pem").read_text("ascii")
    for wrong in (
        (text.replace("true", "false"), algorithm, certificate, signature),
        (text, "ed25519", certificate, signature),
        (text, algorithm, other, signature),
        (text, algorithm, "no certificate", signature),
        (text, algorithm, certificate, "no base64"),
    ):
        with pytest.raises(NotProved):
            _ = fingerprint_that_signed(*wrong)


@pytest.mark.parametrize(("available", "verdict"), [(50_000, "works"), (9_000, "note"), (4_000, "fails")])
def test_memory_is_judged_by_the_share_that_is_available(available: int, verdict: str) -> None:
    assert memory_verdict(f"MemTotal: 100000 kB\nMemAvailable: {available} kB\n") == verdict
    assert memory_verdict("") == "note"


def test_the_hottest_zone_decides_and_a_machine_without_any_is_not_judged() -> None:
    assert [heat_verdict(zones) for zones in ([], ["41000\n", "83500\n"], ["96000"], ["", "x"])] == [
        "works",
        "note",
        "fails",
        "works",
    ]


# -- a night with it -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Nothing is wrong; a technician tries everything and hands the machine back."""
    told: dict[str, Any] = {}

    async def main(folder: Path) -> None:
        key = ScriptedKey()
        _ = machine(folder / "papers")
        async with Night(folder, 7, DAY, key=key) as night:
            kept = night.settings.headquarters.model_copy(update={"folder": folder / "papers"})
            night.settings = night.settings.model_copy(update={"headquarters": kept})
            _ = await night.start()
            somebody = Somebody(night, TECHNICIAN)
            await somebody.comes_in(key)
            await somebody.does(*readiness(*TRIED))
            await until_page(night, "OverviewPage")
            await somebody.does(*HAND_BACK)
            await night.ready()
            await night.empty_outbox()
            await asyncio.sleep(5.0)
            with transaction(night.headquarters.engine) as db:
                rows = db.query(FilingRow).all()
                told["filed"] = [
                    (json.loads(r.payload), json.loads(r.reply)["status"])
                    for r in rows
                    if r.kind is FilingKind.READINESS
                ]
            told["papers"] = [paper["text"] for paper in night.street.call("papers")["papers"]]
            told["reports"] = [(r.service, r.ending, r.topic) for r in night.reports]
            told["troubles"] = (night.troubles.seen, night.dead_ends)
            told["pages"] = somebody.pages

    run_virtual(main(tmp_path_factory.mktemp("readiness")), nightfall(DAY))
    return told


def test_each_device_is_shown_and_confirmed(night: dict[str, Any]) -> None:
    assert night["troubles"] == ([], [])
    assert night["reports"] == [("MT04", "done", "task-report-sent"), ("MT06", "done", "task-handed-back")]
    ((payload, _),) = night["filed"]
    tried = json.loads(payload["text"])["tried"]
    assert {name for name, seen in tried.items() if seen == "yes"} == set(TRIED)
    assert "no" not in tried.values()


def test_the_signed_report_is_at_headquarters_and_on_paper(night: dict[str, Any]) -> None:
    ((payload, status),) = night["filed"]
    assert status == "accepted"
    told = json.loads(payload["text"])
    assert told["adjusted"]["display-size"] == "holds 2027-11-22"
    assert (told["terminal"], told["works"], told["staff"]) == ("KDL-001", True, ["004170"])
    assert fingerprint_that_signed(**payload)
    slip = night["papers"][-2]
    assert "fingerprint: yes" in slip and "004170" in slip
