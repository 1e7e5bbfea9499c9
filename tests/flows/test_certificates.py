"""HZ06 户籍证明打印 and HZ07 无犯罪记录证明, as tables of step -> answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.flows.effects import Certainty, Filed, NotFiled, NotPrinted, PaperKind, Pending, Printed
from kiosk.flows.household.household_certificate import household_certificate
from kiosk.flows.household.no_record_certificate import no_record_certificate
from kiosk.flows.outcome import Ending
from kiosk.flows.play import Flow
from kiosk.flows.steps import (
    Acknowledged,
    CardPresented,
    ConsentAnswer,
    Declared,
    FactorResult,
    FormAnswers,
    NotSigned,
    Signature,
)
from kiosk.people.household import CertificateKind, CertificatesOnOffer, CertificateSubject, CertificateText, Eligible
from kiosk.people.records import Refusal, RefusalCode
from tests.flows.tables import NUMBER, Table, blob, card, opening

WIFE = CertificateSubject("kinship-1", CertificateKind.KINSHIP, "李*", "wife")
FATHER = CertificateSubject("kinship-2", CertificateKind.KINSHIP, "测**", "father")
RENAMED = CertificateSubject("change-0", CertificateKind.CHANGE, "测*甲", "head")
ISSUED = Filed("Z2611220000017")
TEXT = CertificateText(
    (("name", "测试甲"), ("id_number", NUMBER), ("statement", "以上一致。"), ("verify_url", "https://h/v/Z1"))
)
IN_REVIEW = Filed("W2611220000017", (("due", "2026-11-25"), ("place", "大厅"), ("verify_url", "https://h/v/W1")))


def visit(**answers: object) -> Table:
    """Anything not given goes well."""
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "certificates": CertificatesOnOffer((WIFE, FATHER, RENAMED)),
        "kind": CertificateKind.KINSHIP,
        "subject": WIFE,
        "may-ask": Eligible(),
        "form": FormAnswers(
            (("certificate_purpose", "notary"), ("record_purpose", "work"), ("record_recipient", "employer"))
        ),
        "declaration": Declared.AGREED,
        "signature": Signature(blob("s"), blob("p")),
        "household-certificate": ISSUED,
        "record-query": ISSUED,
        "certificate-text": TEXT,
        "certificate": Printed(Certainty.SENSED),
        "record-receipt": Printed(Certainty.SENSED),
        "pending-slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def expired() -> CardPresented:
    shown = card()
    return replace(shown, card=replace(shown.card, valid_to=date(2026, 1, 1)))


def test_the_register_is_asked_before_anything_is_chosen() -> None:
    table = visit()
    outcome = table.run(household_certificate, opening("HZ06"))
    order = ["card", "finger", "certificates", "kind", "subject", "form", "signature", "household-certificate"]
    assert [k for k in table.keys if k in order] == order
    assert (outcome.ending, outcome.number, outcome.take) == (Ending.DONE, ISSUED.number, ("page", "id-card"))


def test_only_the_kinds_that_can_be_had_are_offered() -> None:
    table = visit()
    table.run(household_certificate, opening("HZ06"))
    assert table.step("kind").options == (CertificateKind.KINSHIP, CertificateKind.CHANGE)
    assert table.step("subject").options == (WIFE, FATHER)


def test_whom_it_is_about_is_not_asked_where_there_is_no_choice() -> None:
    table = visit(kind=CertificateKind.CHANGE)
    table.run(household_certificate, opening("HZ06"))
    assert "subject" not in table.keys
    payload = dict(table.step("household-certificate").payload)
    assert (payload["kind"], payload["subject"], payload["purpose"]) == ("change", "change-0", "notary")


def test_the_certificate_carries_headquarters_words() -> None:
    table = visit()
    table.run(household_certificate, opening("HZ06"))
    paper = table.step("certificate")
    assert paper.paper is PaperKind.HOUSEHOLD_CERTIFICATE
    assert {("number", ISSUED.number), ("kind", "kinship"), *TEXT.values} <= set(paper.values)


@pytest.mark.parametrize(
    ("flow", "query"), [(household_certificate, "certificates"), (no_record_certificate, "may-ask")]
)
@pytest.mark.parametrize("code", [RefusalCode.MANUAL_REVIEW, RefusalCode.OUT_OF_JURISDICTION, RefusalCode.TOO_OFTEN])
def test_a_no_comes_before_any_question(flow: Flow, query: str, code: RefusalCode) -> None:
    table = visit(**{query.replace("-", "_"): Refusal(code)})
    outcome = table.run(flow, opening("HZ06"))
    assert outcome.refusal == Refusal(code)
    assert "form" not in table.keys and "kind" not in table.keys


@pytest.mark.parametrize("flow", [household_certificate, no_record_certificate])
def test_a_card_past_its_date_is_told_before_a_face_is_compared(flow: Flow) -> None:
    table = visit(card=expired())
    outcome = table.run(flow, opening("HZ06"))
    assert outcome.refusal == Refusal(RefusalCode.CARD_EXPIRED)
    assert "face" not in table.keys


@pytest.mark.parametrize(
    ("flow", "filing"), [(household_certificate, "household-certificate"), (no_record_certificate, "record-query")]
)
def test_who_does_not_sign_files_nothing(flow: Flow, filing: str) -> None:
    table = visit(signature=NotSigned())
    assert table.run(flow, opening("HZ06")).ending is Ending.NOT_NOW
    assert filing not in table.keys


@pytest.mark.parametrize(
    ("flow", "filing"), [(household_certificate, "household-certificate"), (no_record_certificate, "record-query")]
)
def test_what_is_not_confirmed_is_no_certificate(flow: Flow, filing: str) -> None:
    table = visit(**{filing.replace("-", "_"): Pending("K-1")})
    outcome = table.run(flow, opening("HZ06"))
    assert (outcome.ending, "certificate" in table.keys) == (Ending.PENDING, False)
    table = visit(**{filing.replace("-", "_"): NotFiled(Refusal.other())})
    assert table.run(flow, opening("HZ06")).ending is Ending.REFUSED


def test_a_certificate_that_did_not_come_out_was_issued_all_the_same() -> None:
    table = visit(certificate=NotPrinted("media-empty"))
    assert table.run(household_certificate, opening("HZ06")).ending is Ending.DONE


def test_nothing_against_it_prints_the_certificate() -> None:
    table = visit()
    outcome = table.run(no_record_certificate, opening("HZ07"))
    assert table.step("certificate").paper is PaperKind.NO_RECORD_CERTIFICATE
    assert (outcome.topic, outcome.take) == ("closing-certificate", ("page", "id-card"))
    assert dict(table.step("record-query").payload)["recipient"] == "employer"


def test_where_a_person_looks_there_is_a_receipt_and_no_reason() -> None:
    table = visit(record_query=IN_REVIEW)
    outcome = table.run(no_record_certificate, opening("HZ07"))
    assert (outcome.ending, outcome.topic, outcome.number) == (
        Ending.DONE,
        "closing-record-accepted",
        IN_REVIEW.number,
    )
    receipt = dict(table.step("record-receipt").values)
    assert set(receipt) == {"number", "name_masked", "id_masked", "record_purpose", "due", "place", "verify_url"}
    assert "certificate" not in table.keys
