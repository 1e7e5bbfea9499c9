"""A visit under the engine: answers, Back, leaving, effects, and what must never happen."""

from __future__ import annotations

import asyncio
import enum
from typing import Any

import pytest

from kiosk.flows.effects import (
    Bill,
    Certainty,
    EffectState,
    Filed,
    GivenBack,
    NotFiled,
    NotPrinted,
    Paid,
    PaperKind,
    Pay,
    Pending,
    Print,
    Printed,
    PrintInDoubt,
    Submit,
    TakeIn,
    TakenIn,
)
from kiosk.flows.ending import Ended, Finished, InDoubt, Left, VisitBroken, VisitEnd
from kiosk.flows.engine import Engine
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.performing import At, Back, Leave, Settled, VisitEnds
from kiosk.flows.queries import WhoIs
from kiosk.flows.steps import Choose, Consent, ConsentAnswer, LookUp, Phase, StepKind
from kiosk.people.id_number import IdNumber
from kiosk.people.money import Money
from kiosk.people.records import CitizenKnown, PersonOnFile, Refusal, RefusalCode
from kiosk.virtual import run_virtual
from tests.flows.memory_book import MemoryBook, PlainLetters
from tests.flows.toys import OPENING, START, Answers, Does, Ids, Table

NUMBER = IdNumber("150203199003070017")
PERSON = PersonOnFile(CitizenKnown.FACE_ONLY, "王*")
DONE = Outcome(Ending.DONE, "done")


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"

    @property
    def option_id(self) -> str:
        return self.value


def choose(key: str = "colour", *options: Colour) -> Choose[Colour]:
    return Choose(key=key, phase=Phase.DETAILS, topic="colour", options=options or tuple(Colour))


def agree(key: str = "agree") -> Consent:
    return Consent(key=key, phase=Phase.IDENTITY, topic="face")


def print_slip(key: str = "slip", text: str = "1") -> Print:
    return Print(key=key, phase=Phase.FINISH, paper=PaperKind.COLLECTION_SLIP, values=(("number", text),))


def file(key: str = "file", orders: tuple[str, ...] = ()) -> Submit:
    return Submit(key=key, phase=Phase.FINISH, filing="toy", payload=(("number", NUMBER.text),), undo_orders=orders)


def take_in(key: str = "old") -> TakeIn:
    return TakeIn(key=key, phase=Phase.DETAILS, number=NUMBER, document="id-card")


def pay(key: str = "fee") -> Pay:
    return Pay(key=key, phase=Phase.PAY, bill=Bill("fee-1", NUMBER, Money(2000)))


def printed(step: Any, at: At) -> Settled:
    return Settled(EffectState.DONE, Printed(Certainty.SENSED))


def run(flow: Any, table: Table, book: MemoryBook | None = None) -> VisitEnd:
    engine = Engine(table, book or MemoryBook(), Ids(), PlainLetters())
    return run_virtual(engine.run(flow, OPENING), START)


class Script:
    """Answers in order, whatever is asked; exceptions in it are raised."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    def __call__(self, step: Any, at: At) -> Any:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_a_flow_is_told_what_the_citizen_answered() -> None:
    async def flow(opening: Opening) -> Outcome:
        colour = await choose()
        return Outcome(Ending.DONE, colour.value)

    end = run(flow, {StepKind.CHOOSE: Answers(Script(Colour.BLUE))})

    assert end.how == Finished(Outcome(Ending.DONE, "blue"))
    assert end.effects == ()


def test_back_drops_later_answers_keeps_them_as_drafts_and_asks_headquarters_once() -> None:
    async def flow(opening: Opening) -> Outcome:
        colour = await choose("first")
        person = await LookUp(key="who", phase=Phase.IDENTITY, query=WhoIs(NUMBER))
        answer = await agree()
        assert person == PERSON
        return Outcome(Ending.DONE, f"{colour.value} {answer.value}")

    lookups = Answers(lambda step, at: PERSON)
    choosing = Answers(Script(Colour.RED, Colour.BLUE))
    agreeing = Answers(Script(Back(), ConsentAnswer.DECLINE))
    end = run(flow, {StepKind.CHOOSE: choosing, StepKind.CONSENT: agreeing, StepKind.LOOK_UP: lookups})

    assert end.how == Finished(Outcome(Ending.DONE, "blue decline"))
    assert len(lookups.asked) == 1
    assert [at.draft for _, at in choosing.asked] == [None, Colour.RED]
    assert [at.can_go_back for _, at in agreeing.asked] == [True, True]
    assert [at.key for _, at in choosing.asked] == ["case-1/first/1", "case-1/first/1"]


def test_leaving_before_the_first_effect_leaves_nothing() -> None:
    book = MemoryBook()

    async def flow(opening: Opening) -> Outcome:
        await choose()
        await print_slip()
        return DONE

    end = run(flow, {StepKind.CHOOSE: Answers(Script(Leave("timed-out")))}, book)

    assert end.how == Left("timed-out")
    assert (book.rows, book.cases, book.forgotten) == ({}, {}, ["case-1"])


def test_headquarters_unreachable_ends_the_visit_in_one_place() -> None:
    async def flow(opening: Opening) -> Outcome:
        await agree()
        return DONE

    end = run(flow, {StepKind.CONSENT: Answers(Script(VisitEnds(RefusalCode.OFFLINE, (("place", "x"),))))})

    assert end.how == Ended(RefusalCode.OFFLINE, (("place", "x"),))


def test_an_effect_is_on_disk_as_started_before_it_is_performed() -> None:
    book = MemoryBook()
    seen: list[str] = []

    async def flow(opening: Opening) -> Outcome:
        await choose()
        await print_slip()
        return DONE

    async def look() -> None:
        seen.extend(row.state for row in book.rows.values())

    printer = Does(printed, stages=("bytes-sent",), during=look)
    end = run(flow, {StepKind.CHOOSE: Answers(Script(Colour.RED)), StepKind.PRINT: printer}, book)

    assert seen == ["started"]
    assert book.rows["case-1/slip/1"].stages == ("bytes-sent",)
    assert [(effect.state, effect.answer) for effect in end.effects] == [
        (EffectState.DONE, Printed(Certainty.SENSED))
    ]
    assert book.closed == {"case-1": "finished"}


def test_after_an_effect_leaving_is_answered_by_what_each_step_says_when_nobody_is_there() -> None:
    async def flow(opening: Opening) -> Outcome:
        assert await print_slip("one") == Printed(Certainty.SENSED)
        assert await print_slip("two") == NotPrinted("nobody-there")
        assert await file() == Filed("N1")
        return DONE

    def prepare(step: Any, at: At) -> Any:
        if step.key == "two":
            raise Leave
        return Does(printed).before(step, at)

    filing = Does(lambda step, at: Settled(EffectState.DONE, Filed("N1")))
    printer = Does(printed, before=prepare)
    end = run(flow, {StepKind.PRINT: printer, StepKind.SUBMIT: filing})

    assert end.how == Left("left", DONE)
    assert printer.count("perform") == 1
    assert [effect.number for effect in end.effects] == ["", "N1"]


def test_a_flow_that_must_not_go_on_alone_stops_and_is_reported() -> None:
    book = MemoryBook()

    async def flow(opening: Opening) -> Outcome:
        await print_slip()
        await agree()
        raise AssertionError

    end = run(flow, {StepKind.PRINT: Does(printed), StepKind.CONSENT: Answers(Script(Leave()))}, book)

    assert end.how == Left("left")
    assert book.closed == {"case-1": "stopped"}
    assert [item.body for item in book.sent] == ["done"]


def test_nothing_goes_back_past_an_effect() -> None:
    async def flow(opening: Opening) -> Outcome:
        await choose()
        await print_slip()
        await agree()
        return DONE

    agreeing = Answers(Script(Back(), ConsentAnswer.AGREE))
    printer = Does(printed)
    table: Table = {
        StepKind.CHOOSE: Answers(Script(Colour.RED)),
        StepKind.PRINT: printer,
        StepKind.CONSENT: agreeing,
    }
    end = run(flow, table)

    assert end.how == Finished(DONE)
    assert printer.count("perform") == 1
    assert [(at.can_go_back, at.past_barrier) for _, at in agreeing.asked] == [(False, True), (False, True)]


def test_a_document_given_back_can_be_gone_back_past_and_taken_in_again_under_a_new_key() -> None:
    async def flow(opening: Opening) -> Outcome:
        await choose()
        await take_in()
        await agree()
        return DONE

    taking = Does(
        Script(
            Settled(EffectState.FAILED, GivenBack()),
            Settled(EffectState.DONE, TakenIn("C1", 1, 2)),
        )
    )
    end = run(
        flow,
        {
            StepKind.CHOOSE: Answers(Script(Colour.RED, Colour.BLUE)),
            StepKind.TAKE_IN: taking,
            StepKind.CONSENT: Answers(Script(Back(), ConsentAnswer.AGREE)),
        },
    )

    assert [(effect.key, effect.state) for effect in end.effects] == [
        ("case-1/old/1", EffectState.FAILED),
        ("case-1/old/2", EffectState.DONE),
    ]


def test_a_crash_inside_an_effect_is_in_doubt_and_never_repeated() -> None:
    book = MemoryBook()

    async def flow(opening: Opening) -> Outcome:
        await print_slip()
        return DONE

    def crash(step: Any, at: At) -> Any:
        raise KeyError("a value that must not be seen")

    printer = Does(crash)
    end = run(flow, {StepKind.PRINT: printer}, book)

    assert isinstance(end.how, InDoubt)
    assert "must not be seen" not in end.how.trouble
    assert "KeyError" in end.how.trouble
    assert [row.state for row in book.rows.values()] == ["in_doubt"]
    assert list(book.cases) == ["case-1"]
    assert printer.count("perform") == 1


def test_an_effect_in_doubt_keeps_others_of_its_kind_from_starting() -> None:
    async def flow(opening: Opening) -> Outcome:
        assert await print_slip("one") == PrintInDoubt()
        assert await print_slip("two") == NotPrinted("earlier-in-doubt")
        return DONE

    printer = Does(
        lambda step, at: Settled(EffectState.IN_DOUBT, PrintInDoubt()),
        settled=lambda step, at: Settled(EffectState.IN_DOUBT),
    )
    book = MemoryBook()
    end = run(flow, {StepKind.PRINT: printer}, book)

    assert printer.count("perform") == 1
    assert printer.count("settle") == 1
    assert end.how == Finished(DONE)
    assert book.closed == {"case-1": "in-doubt"}


def test_an_effect_in_doubt_that_can_be_settled_blocks_no_longer() -> None:
    async def flow(opening: Opening) -> Outcome:
        await print_slip("one")
        assert await print_slip("two") == Printed(Certainty.SENSED)
        return DONE

    printer = Does(
        Script(Settled(EffectState.IN_DOUBT, PrintInDoubt()), Settled(EffectState.DONE, Printed(Certainty.SENSED))),
        settled=lambda step, at: Settled(EffectState.DONE),
    )
    end = run(flow, {StepKind.PRINT: printer})

    assert [effect.state for effect in end.effects] == [EffectState.DONE, EffectState.DONE]


def test_a_filing_that_waits_in_the_queue_does_not_block_the_next() -> None:
    async def flow(opening: Opening) -> Outcome:
        await file("one")
        await file("two")
        return DONE

    filing = Does(lambda step, at: Settled(EffectState.IN_DOUBT, Pending(at.key)))
    end = run(flow, {StepKind.SUBMIT: filing})

    assert filing.count("perform") == 2
    assert [effect.number for effect in end.effects] == ["case-1/one/1", "case-1/two/1"]


def test_money_is_asked_back_only_when_the_filing_it_paid_for_surely_failed() -> None:
    async def flow(opening: Opening) -> Outcome:
        await pay()
        await file(orders=("O1", "O2"))
        return DONE

    book = MemoryBook()
    refused = NotFiled(Refusal(RefusalCode.OTHER))
    end = run(
        flow,
        {
            StepKind.PAY: Does(lambda step, at: Settled(EffectState.DONE, Paid("O1", Money(2000), "R1"))),
            StepKind.SUBMIT: Does(lambda step, at: Settled(EffectState.FAILED, refused)),
        },
        book,
    )

    assert end.how == Finished(DONE)
    assert [(item.path, item.body) for item in book.sent] == [("/refund", "O1")]


async def _sleeps(opening: Opening) -> Outcome:
    await agree()
    await asyncio.sleep(1)
    return DONE


async def _yields(opening: Opening) -> Outcome:
    await asyncio.sleep(0)
    return DONE


async def _returns_nothing(opening: Opening) -> Any:
    await agree()


async def _awaits_while_closing(opening: Opening) -> Outcome:
    try:
        await agree()
        await choose()
    finally:
        await agree()
    return DONE


@pytest.mark.parametrize(
    ("flow", "says"),
    [
        (_sleeps, "in _sleeps"),
        (_yields, "in _yields"),
        (_returns_nothing, "NoneType instead of an outcome"),
        (_awaits_while_closing, "cannot be closed"),
    ],
)
def test_a_flow_that_does_anything_but_steps_is_an_error_that_names_the_place(flow: Any, says: str) -> None:
    table: Table = {
        StepKind.CONSENT: Answers(lambda step, at: ConsentAnswer.AGREE),
        StepKind.CHOOSE: Answers(Script(Leave())),
    }
    with pytest.raises(VisitBroken, match=says):
        run(flow, table)
