"""HZ08 居住登记/居住证申领, as a table of step -> answer."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.flows.effects import Certainty, Filed, NotFiled, NotPrinted, Pending, Printed
from kiosk.flows.household.register_residence import register_residence
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import (
    Acknowledged,
    AfterReading,
    ConsentAnswer,
    Declared,
    FactorResult,
    FormAnswers,
    NotSigned,
    Portrait,
    PortraitForReview,
    Signature,
    WithoutCard,
)
from kiosk.people.portrait import RESIDENCE_PERMIT_PORTRAIT
from kiosk.people.records import Refusal, RefusalCode
from kiosk.people.residence import Proof, ResidenceMatter, ResidenceOffer, StillThere, Street
from tests.flows.tables import Table, blob, card, opening

STREETS = (Street("a", "甲街道", (("a-1", "一社区"),)), Street("b", "乙街道", (("b-1", "二社区"), ("b-2", "三社区"))))
LEASE = Proof("lease-1", "lease", date(2026, 3, 1))
PERMIT = ResidenceOffer(ResidenceMatter.PERMIT, date(2026, 9, 22), "甲街道一社区", (LEASE,), STREETS, 15)
FIRST = ResidenceOffer(ResidenceMatter.REGISTRATION, date(2027, 5, 22), "", (), STREETS, 15)
DONE = Filed("D26112200000017", (("community", "甲街道一社区"), ("verify_url", "https://v/D1")))


def visit(**answers: object) -> Table:
    """A permit after half a year; anything not given goes well."""
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "offer": PERMIT,
        "first": AfterReading.ENOUGH,
        "on-file": AfterReading.ENOUGH,
        "proof": LEASE,
        "still-there": StillThere.SAME,
        "street": FormAnswers((("residence_street", "b"),)),
        "address": FormAnswers((("residence_community", "b-2"), ("residence_house", "012-03-0401"))),
        "portrait": Portrait(blob("portrait"), ()),
        "declaration": Declared.AGREED,
        "signature": Signature(blob("s"), blob("p")),
        "residence": DONE,
        "residence-slip": Printed(Certainty.SENSED),
        "pending-slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def test_a_permit_is_applied_for_with_a_proof_on_file_and_a_portrait() -> None:
    table = visit()
    outcome = table.run(register_residence, opening("HZ08"))
    order = ["offer", "proof", "on-file", "still-there", "portrait", "declaration", "signature", "residence"]
    assert [key for key in table.keys if key in order] == order
    assert (outcome.ending, outcome.topic) == (Ending.DONE, "closing-residence-permit")
    payload = dict(table.step("residence").payload)
    assert (payload["matter"], payload["proof"], payload["community"]) == ("permit", "lease-1", "")
    assert payload["portrait"] in table.step("residence").blobs
    assert table.step("portrait").standard is RESIDENCE_PERMIT_PORTRAIT
    assert table.step("card").without is WithoutCard.NOT_OFFERED


def test_who_has_moved_says_where_by_choosing() -> None:
    table = visit(still_there=StillThere.MOVED)
    table.run(register_residence, opening("HZ08"))
    payload = dict(table.step("residence").payload)
    assert (payload["community"], payload["house"]) == ("b-2", "012-03-0401")
    communities = next(f for f in table.step("address").fields if f.name == "residence_community")
    assert communities.options == STREETS[1].communities


def test_a_newcomer_is_told_first_that_it_is_a_registration_only_and_until_when() -> None:
    table = visit(offer=FIRST)
    outcome = table.run(register_residence, opening("HZ08"))
    assert table.keys.index("first") < table.keys.index("street")
    assert table.step("first").sections[0].facts == (("permit_from", "2027-05-22"),)
    assert not {"portrait", "proof", "still-there"} & set(table.keys)
    payload = dict(table.step("residence").payload)
    assert (payload["matter"], payload["proof"], payload["portrait"]) == ("registration", "", "")
    assert outcome.topic == "closing-residence-registration"
    assert dict(table.step("residence-slip").values)["residence_matter"] == "registration"


@pytest.mark.parametrize(
    "code",
    [
        RefusalCode.RESIDENCE_LOCAL,
        RefusalCode.PERMIT_HELD,
        RefusalCode.RESIDENCE_TOO_SHORT,
        RefusalCode.NO_PROOF,
        RefusalCode.CASE_ALREADY_OPEN,
        RefusalCode.MANUAL_REVIEW,
    ],
)
def test_a_no_comes_before_any_form_or_portrait(code: RefusalCode) -> None:
    table = visit(offer=Refusal(code))
    assert table.run(register_residence, opening("HZ08")).refusal == Refusal(code)
    assert not {"first", "proof", "street", "portrait", "declaration"} & set(table.keys)


def test_who_does_not_sign_files_nothing() -> None:
    table = visit(signature=NotSigned())
    assert table.run(register_residence, opening("HZ08")).ending is Ending.NOT_NOW
    assert "residence" not in table.keys


def test_a_filing_on_its_way_ends_with_a_slip_that_says_so() -> None:
    table = visit(residence=Pending("K-1"))
    assert table.run(register_residence, opening("HZ08")).ending is Ending.PENDING
    assert dict(table.step("pending-slip").values)["filing"] == "residence"


def test_a_filing_headquarters_refuses_is_told() -> None:
    refused = NotFiled(Refusal(RefusalCode.NO_PROOF))
    assert visit(residence=refused).run(register_residence, opening("HZ08")).ending is Ending.REFUSED


def test_a_portrait_for_a_person_to_judge_is_said_so_and_paper_that_fails_changes_nothing() -> None:
    table = visit(portrait=PortraitForReview(blob("portrait"), ()), residence_slip=NotPrinted("paper"))
    assert table.run(register_residence, opening("HZ08")).ending is Ending.DONE
    assert dict(table.step("residence").payload)["portrait_review"] is True


@pytest.mark.parametrize("factor", ["face", "finger"])
def test_a_machine_that_cannot_compare_is_told_or_gone_around(factor: str) -> None:
    table = visit(**{factor: FactorResult.UNAVAILABLE})
    ending = table.run(register_residence, opening("HZ08")).ending
    assert ending is (Ending.DONE if factor == "face" else Ending.REFUSED)
