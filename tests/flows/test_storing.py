"""Identities, answers and transcripts: equal data, equal bytes, and nothing that would not come back."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.flows import effects as words
from kiosk.flows.codec import NotStorable, decode, encode
from kiosk.flows.effects import (
    Bill,
    HandOver,
    Paid,
    PaperKind,
    Pay,
    PayBySlip,
    PaymentCancelled,
    PaymentExpired,
    Print,
    Submit,
    TakeIn,
    TakeInInDoubt,
    TakeInRefused,
    TakenIn,
    facts_of,
)
from kiosk.flows.identity import NotPlainData, StepIdentity, canonical, identity_of, payload_digest, plain
from kiosk.flows.steps import (
    CardNotRead,
    CardPresented,
    CheckNewCard,
    Choose,
    ChooseMany,
    Consent,
    ConsentAnswer,
    EnrolFingers,
    Enrolment,
    EnterNumber,
    FillForm,
    FormAnswers,
    NewCardCheck,
    NoCardHere,
    NotSigned,
    Phase,
    PresentCard,
    Sign,
    Signature,
    Step,
    StepKind,
    Stop,
    WithoutCard,
)
from kiosk.flows.transcript import AnswerRow, Origin, Transcript, TranscriptDamaged
from kiosk.people.id_number import IdNumber
from kiosk.people.money import Money
from kiosk.people.records import FinishedCard, Ground
from tests.flows.toys import OPENING

NUMBER = IdNumber("150203199003070017")
CARD = FinishedCard("item-1", "case-1", 1, 7, Ground.LOSS, date(2026, 1, 1), None, "authority")
MONEY = Money(2000)


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"

    @property
    def option_id(self) -> str:
        return self.value


CHOOSE = Choose(key="c", phase=Phase.DETAILS, topic="t", options=tuple(Colour))
MANY = ChooseMany(key="c", phase=Phase.DETAILS, topic="t", options=tuple(Colour))
CONSENT = Consent(key="a", phase=Phase.IDENTITY, topic="face")
NUMBERS = EnterNumber(key="n", phase=Phase.IDENTITY)
PAY = Pay(key="p", phase=Phase.PAY, bill=Bill("b", NUMBER, MONEY))
PRINT = Print(key="s", phase=Phase.FINISH, paper=PaperKind.COLLECTION_SLIP, values=(("a", "b"),))
SUBMIT = Submit(key="f", phase=Phase.FINISH, filing="x", payload=(("number", NUMBER.text),))
TAKE = TakeIn(key="t", phase=Phase.DETAILS, number=NUMBER, document="id-card")
HAND = HandOver(key="h", phase=Phase.FINISH, number=NUMBER, card=CARD)

st.register_type_strategy(Money, st.integers(0, 10**9).map(Money))
st.register_type_strategy(str, st.text(st.characters(exclude_categories=("Cs",)), max_size=12))

ANSWERS = st.one_of(
    *[
        st.tuples(st.just(step), st.from_type(cast(Any, kind)))
        for step, kind in (
            (CHOOSE, Colour),
            (CONSENT, ConsentAnswer),
            (PAY, Paid | PaymentCancelled | PaymentExpired | PayBySlip | words.Unsettled),
            (PRINT, words.Printed | words.NotPrinted | words.PrintInDoubt),
            (SUBMIT, words.Filed | words.Pending | words.NotFiled),
            (TAKE, TakenIn | words.GivenBack | TakeInRefused | TakeInInDoubt),
            (HAND, words.Taken | words.NotOpened | words.LeftOpen | words.HandOverInDoubt),
            (Sign(key="s", phase=Phase.CONFIRM, topic="x"), Signature | NotSigned),
            (
                PresentCard(key="s", phase=Phase.IDENTITY, without=WithoutCard.OFFERED),
                CardPresented | NoCardHere | CardNotRead,
            ),
            (EnrolFingers(key="s", phase=Phase.DETAILS), Enrolment),
            (FillForm(key="s", phase=Phase.DETAILS, topic="x", fields=()), FormAnswers),
            (CheckNewCard(key="s", phase=Phase.FINISH, number=NUMBER, expected=CARD), NewCardCheck),
        )
    ]
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(ANSWERS)
def test_every_answer_comes_back_as_it_was(case: tuple[Step[Any], Any]) -> None:
    step, answer = case
    back = decode(step, encode(step, answer))
    assert (back, type(back)) == (answer, type(answer))


def test_chosen_options_are_stored_by_id_and_rebuilt_from_the_step() -> None:
    assert encode(CHOOSE, Colour.RED) == '"red"'
    assert encode(MANY, (Colour.BLUE, Colour.RED)) == '["blue","red"]'
    assert decode(MANY, '["blue","red"]') == (Colour.BLUE, Colour.RED)


A_LIST: Any = [("a", "b")]
"""What a careless performer gives where a tuple is asked for."""


class Special(words.NotPrinted):
    """Equal in every field, and another type."""


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        (CHOOSE, "red"),
        (CHOOSE, Ground.LOSS),
        (MANY, (Colour.RED, "blue")),
        (MANY, 5),
        (CONSENT, "agree"),
        (CONSENT, None),
        (NUMBERS, NUMBER.text),
        (PAY, words.Filed("1")),
        (PAY, Paid("o", MONEY, "\ud800")),
        (PRINT, Special("paper")),
        (SUBMIT, {"number": "1", "tag": "filed"}),
        (SUBMIT, words.Filed("1", A_LIST)),
    ],
)
def test_what_would_not_come_back_is_refused_without_being_told(step: Step[Any], answer: Any) -> None:
    with pytest.raises(NotStorable) as refused:
        encode(step, answer)
    assert NUMBER.text not in str(refused.value)


@pytest.mark.parametrize(("step", "text"), [(CHOOSE, '"green"'), (CHOOSE, "5"), (CONSENT, '"x"'), (PAY, "{}")])
def test_what_is_stored_and_no_answer_is_refused(step: Step[Any], text: str) -> None:
    with pytest.raises(NotStorable):
        decode(step, text)


def test_two_options_of_one_id_are_none() -> None:
    twice = Choose(key="c", phase=Phase.DETAILS, topic="t", options=(Colour.RED, Colour.RED))
    with pytest.raises(NotStorable):
        encode(twice, Colour.RED)


def test_an_identity_leaves_out_what_a_translation_may_change() -> None:
    assert identity_of(replace(CHOOSE, topic="other", options=(), phase=Phase.CONFIRM), 1) == identity_of(CHOOSE, 1)
    assert identity_of(replace(PRINT, phase=Phase.PAY), 2) == identity_of(PRINT, 2)
    assert identity_of(replace(PRINT, values=(("a", "c"),)), 2) != identity_of(PRINT, 2)
    assert identity_of(PRINT, 1).effect_key("C1") == "C1/s/1"
    assert payload_digest(HAND) == payload_digest(replace(HAND, key="other"))


@dataclass(frozen=True)
class Holder:
    value: Any = field(default=None)


def test_plain_data_is_plain() -> None:
    value = Holder((1, "a", None, True, date(2026, 1, 2), Colour.RED, {"b": [1], "a": Holder()}))
    assert canonical(plain(value)) == ('{"value":[1,"a",null,true,"2026-01-02","red",{"a":{"value":null},"b":[1]}]}')


@pytest.mark.parametrize("value", [{1, 2}, 1.5, print, {1: "a"}, b"x", Holder({1})])
def test_what_has_no_lasting_form_is_refused(value: Any) -> None:
    with pytest.raises(NotPlainData):
        plain(value)


def test_facts_to_be_told_later_hold_no_person() -> None:
    told = {
        words.Filed("N1"): {"number": "N1"},
        words.Pending("N2"): {"number": "N2"},
        Paid("O1", MONEY, "R1"): {"number": "O1", "fen": "2000", "receipt": "R1"},
        PayBySlip("O1", "S1", MONEY, "2026-01-01"): {
            "number": "O1",
            "fen": "2000",
            "slip": "S1",
            "due": "2026-01-01",
        },
        PaymentCancelled("O1"): {"number": "O1"},
        TakenIn("K1", 1, 3): {"number": "K1", "board": "1", "compartment": "3"},
        TakeInInDoubt("K1"): {"number": "K1"},
        words.LeftOpen(): {"door": "open"},
    }
    for answer, facts in told.items():
        assert dict(facts_of(answer)) == facts


def test_effects_say_whom_they_concern_and_what_they_answer_when_they_cannot_be_done() -> None:
    assert [step.subject for step in (SUBMIT, PAY, HAND, TAKE, PRINT)] == [NUMBER.text] * 4 + [""]
    assert replace(SUBMIT, payload=()).subject == ""
    assert [type(step.blocked).__name__ for step in (SUBMIT, PAY, HAND, TAKE, PRINT)] == [
        "Stop",
        "Stop",
        "NotOpened",
        "TakeInRefused",
        "NotPrinted",
    ]
    assert [step.absent for step in (SUBMIT, PAY, CHOOSE)] == [Stop.STOP] * 3
    assert [HAND.absent, TAKE.absent] == [words.NotOpened("nobody-there"), words.GivenBack()]
    assert [PAPER.device.value for PAPER in (PaperKind.PENALTY_DECISION, PaperKind.CUSTODY_SLIP)] == [
        "page-printer",
        "receipt-printer",
    ]


def row(key: str, occurrence: int = 1, digest: str = "") -> AnswerRow:
    return AnswerRow(StepIdentity(StepKind.TAKE_IN, key, occurrence, digest), Origin.GIVEN, '"x"')


def test_a_transcript_is_read_back_as_it_stands_after_its_cuts() -> None:
    transcript = Transcript(OPENING)
    lines = [*transcript.unsaved()]
    transcript.saved()
    for one in (row("a"), row("b", 1, "d"), row("c")):
        transcript.record(one)
    assert transcript.cut(1) == (row("b", 1, "d"), row("c"))
    transcript.record(row("e"))
    lines.extend(transcript.unsaved())

    again = Transcript.read(lines)

    assert again.answers == transcript.answers == (row("a"), row("e"))
    assert [again.next_occurrence(key) for key in ("a", "b", "c")] == [2, 2, 1]
    assert again.unsaved() == ()
    assert again.opening == OPENING


def test_what_was_cut_before_anything_was_saved_is_not_written() -> None:
    transcript = Transcript(OPENING)
    transcript.record(row("a"))
    transcript.cut(0)
    assert len(transcript.unsaved()) == 1


OPENING_LINE = Transcript(OPENING).unsaved()[0]


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("nonsense",),
        ('{"row":"cut","to":0}',),
        (OPENING_LINE, OPENING_LINE),
        (OPENING_LINE, '{"row":"cut","to":1}'),
        (OPENING_LINE, '{"row":"cut","to":-1}'),
    ],
)
def test_lines_that_are_no_transcript_are_refused(lines: tuple[str, ...]) -> None:
    with pytest.raises(TranscriptDamaged):
        Transcript.read(lines)
