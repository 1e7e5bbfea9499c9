"""After a restart, on a book in memory: what was begun is settled, and nothing is begun."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.flows.effects import EffectState, Filed, NotPrinted, Paid, Printed, PrintInDoubt
from kiosk.flows.ending import InDoubt
from kiosk.flows.engine import Engine
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Outcome
from kiosk.flows.performing import At, Back, Settled, VisitEnds
from kiosk.flows.queries import WhoIs
from kiosk.flows.recovery import RecoveredCase, Recovery
from kiosk.flows.steps import Choose, ConsentAnswer, LookUp, Phase, StepKind
from kiosk.people.money import Money
from kiosk.people.records import RefusalCode
from kiosk.virtual import run_virtual
from tests.flows.memory_book import MemoryBook, PlainLetters
from tests.flows.test_engine import (
    DONE,
    NUMBER,
    Colour,
    Script,
    agree,
    choose,
    file,
    pay,
    print_slip,
    printed,
    run,
)
from tests.flows.toys import OPENING, START, Answers, Does, Table
from tests.flows.world import PowerCut

IN_DOUBT = Settled(EffectState.IN_DOUBT)


def cut(step: Any, at: At) -> Any:
    raise PowerCut


def killed(flow: Any, table: Table) -> MemoryBook:
    """The book of a visit that a power cut ended."""
    book = MemoryBook()
    with pytest.raises(PowerCut):
        run(flow, table, book)
    return book


def recover(flow: Any, table: Table, book: MemoryBook) -> tuple[RecoveredCase, ...]:
    return run_virtual(Recovery({"TOY": flow}, table, book, PlainLetters()).run(), START)


async def slip_then_consent(opening: Opening) -> Outcome:
    await choose()
    answer = await print_slip()
    assert isinstance(answer, Printed | NotPrinted | PrintInDoubt)
    await file()
    await agree()
    return DONE


CHOOSING: Table = {StepKind.CHOOSE: Answers(lambda step, at: Colour.RED)}


def test_a_started_effect_is_asked_about_and_what_was_agreed_to_is_still_filed() -> None:
    book = killed(slip_then_consent, {**CHOOSING, StepKind.PRINT: Does(cut)})
    printer = Does(cut, settled=printed)
    filing = Does(lambda step, at: Settled(EffectState.DONE, Filed("N1")))

    (case,) = recover(slip_then_consent, {StepKind.PRINT: printer, StepKind.SUBMIT: filing}, book)

    assert [(effect.was, effect.now, effect.number) for effect in case.effects] == [
        (EffectState.STARTED, EffectState.DONE, ""),
        (EffectState.PLANNED, EffectState.DONE, "N1"),
    ]
    assert [name for name, _ in printer.calls] == ["settle"]
    assert (case.closed, case.trouble) == (True, "")
    assert book.closed == {"case-1": "stopped"}
    assert recover(slip_then_consent, {}, book) == ()


@pytest.mark.parametrize("end", [Back(), VisitEnds(RefusalCode.OFFLINE)])
def test_a_filing_that_cannot_be_made_without_the_citizen_stops_the_case(end: Exception) -> None:
    book = killed(slip_then_consent, {**CHOOSING, StepKind.PRINT: Does(cut)})
    tries = [end, VisitEnds(RefusalCode.OFFLINE)]

    def prepare(step: Any, at: At) -> Any:
        raise tries.pop(0)

    table: Table = {StepKind.PRINT: Does(cut, settled=printed), StepKind.SUBMIT: Does(cut, before=prepare)}
    (case,) = recover(slip_then_consent, table, book)

    assert [effect.now for effect in case.effects] == [EffectState.DONE]
    assert book.closed == {"case-1": "stopped"}


def test_an_effect_nobody_can_tell_of_is_tried_three_times_and_then_left_to_a_person() -> None:
    book = killed(slip_then_consent, {**CHOOSING, StepKind.PRINT: Does(cut)})
    table: Table = {StepKind.PRINT: Does(cut, settled=lambda step, at: IN_DOUBT)}

    tries = [recover(slip_then_consent, table, book)[0] for _ in range(3)]

    assert [case.closed for case in tries] == [False, False, True]
    assert {effect.now for case in tries for effect in case.effects} == {EffectState.IN_DOUBT}
    assert "still in doubt" in tries[0].trouble
    assert book.closed == {"case-1": "in-doubt"}
    assert [item.body for item in book.sent] == ["in_doubt"]


def test_at_the_last_try_the_flow_goes_on_with_the_doubt() -> None:
    book = killed(slip_then_consent, {**CHOOSING, StepKind.PRINT: Does(cut)})
    book.cases["case-1"] = replace(book.cases["case-1"], tries=2)
    filing = Does(lambda step, at: Settled(EffectState.DONE, Filed("N1")))
    doubt = Settled(EffectState.IN_DOUBT, PrintInDoubt())
    table: Table = {StepKind.PRINT: Does(cut, settled=lambda step, at: doubt), StepKind.SUBMIT: filing}

    (case,) = recover(slip_then_consent, table, book)

    assert [effect.now for effect in case.effects] == [EffectState.IN_DOUBT, EffectState.DONE]
    assert filing.count("perform") == 1


def test_a_recovery_that_never_ends_is_given_up() -> None:
    book = killed(slip_then_consent, {**CHOOSING, StepKind.PRINT: Does(cut)})
    table: Table = {StepKind.PRINT: Does(cut, settled=cut)}
    for _ in range(3):
        with pytest.raises(PowerCut):
            recover(slip_then_consent, table, book)

    (case,) = recover(slip_then_consent, table, book)

    assert (case.closed, book.closed) == (True, {"case-1": "in-doubt"})
    assert "3 recoveries" in case.trouble


def test_a_settled_effect_without_an_answer_stops_the_flow_there() -> None:
    book = killed(slip_then_consent, {**CHOOSING, StepKind.PRINT: Does(cut)})
    table: Table = {StepKind.PRINT: Does(cut, settled=lambda step, at: Settled(EffectState.DONE))}
    (case,) = recover(slip_then_consent, table, book)

    assert [effect.now for effect in case.effects] == [EffectState.DONE]
    assert book.closed == {"case-1": "stopped"}


def test_an_effect_that_was_done_without_an_answer_is_not_asked_about_again() -> None:
    book = killed(slip_then_consent, {**CHOOSING, StepKind.PRINT: Does(cut)})
    (row,) = book.cases["case-1"].effects
    book.cases["case-1"] = replace(book.cases["case-1"], rows={row.key: replace(row, state="done")})

    (case,) = recover(slip_then_consent, {}, book)

    assert [(effect.was, effect.now) for effect in case.effects] == [(EffectState.DONE, EffectState.DONE)]


def test_what_the_flow_was_told_is_in_doubt_may_be_known_after_the_restart() -> None:
    async def flow(opening: Opening) -> Outcome:
        assert await print_slip("one") == PrintInDoubt()
        await pay()
        return DONE

    doubt = Settled(EffectState.IN_DOUBT, PrintInDoubt())
    book = killed(flow, {StepKind.PRINT: Does(lambda step, at: doubt), StepKind.PAY: Does(cut)})
    table: Table = {
        StepKind.PRINT: Does(cut, settled=lambda step, at: Settled(EffectState.DONE, evidence={"counter": "8"})),
        StepKind.PAY: Does(cut, settled=lambda step, at: Settled(EffectState.DONE, Paid("O1", Money(2000), "R1"))),
    }
    (case,) = recover(flow, table, book)

    assert [(effect.was, effect.now) for effect in case.effects] == [
        (EffectState.IN_DOUBT, EffectState.DONE),
        (EffectState.STARTED, EffectState.DONE),
    ]
    assert [item.key for item in book.sent] == ["case-1/one/1/report"]
    assert book.closed == {"case-1": "finished"}


def test_a_filing_in_doubt_that_the_flow_no_longer_asks_for_lets_no_other_start() -> None:
    async def flow(opening: Opening) -> Outcome:
        await choose()
        await file("another")
        return DONE

    async def before(opening: Opening) -> Outcome:
        await choose()
        await file()
        return DONE

    book = killed(before, {**CHOOSING, StepKind.SUBMIT: Does(cut)})
    (row,) = book.cases["case-1"].effects
    book.cases["case-1"] = replace(book.cases["case-1"], rows={row.key: replace(row, state="in_doubt")})

    (case,) = recover(flow, {StepKind.SUBMIT: Does(cut)}, book)

    assert [effect.now for effect in case.effects] == [EffectState.IN_DOUBT]
    assert "nothing in the flow asks for" in case.trouble


async def another_step(opening: Opening) -> Outcome:
    await agree()
    return DONE


async def other_payload(opening: Opening) -> Outcome:
    await choose()
    await print_slip(text="2")
    return DONE


async def ends_early(opening: Opening) -> Outcome:
    return DONE


async def without_the_slip(opening: Opening) -> Outcome:
    await choose()
    return DONE


async def other_options(opening: Opening) -> Outcome:
    await Choose(key="colour", phase=Phase.DETAILS, topic="colour", options=(Colour.BLUE,))
    return DONE


@pytest.mark.parametrize(
    ("flow", "says"),
    [
        (another_step, "of another step"),
        (other_payload, "another payload"),
        (ends_early, "ended where answer 0"),
        (without_the_slip, "never came to print"),
        (other_options, "not one of the options"),
    ],
)
def test_a_flow_that_goes_another_way_puts_the_case_in_doubt_loudly(flow: Any, says: str) -> None:
    book = killed(slip_then_consent, {**CHOOSING, StepKind.PRINT: Does(cut)})
    printer = Does(cut, settled=printed)

    (case,) = recover(flow, {StepKind.PRINT: printer}, book)

    assert says in case.trouble
    assert [effect.now for effect in case.effects] == [EffectState.IN_DOUBT]
    assert book.closed == {"case-1": "in-doubt"}
    assert [item.body for item in book.sent] == ["in_doubt"]
    assert printer.calls == []


def test_a_case_of_a_service_nobody_knows_is_left_to_a_person() -> None:
    book = killed(slip_then_consent, {**CHOOSING, StepKind.PRINT: Does(cut)})
    (case,) = run_virtual(Recovery({}, {}, book, PlainLetters()).run(), START)
    assert "TOY" in case.trouble


def test_a_transcript_that_cannot_be_read_leaves_the_case_to_a_person() -> None:
    book = killed(slip_then_consent, {**CHOOSING, StepKind.PRINT: Does(cut)})
    book.cases["case-1"] = replace(book.cases["case-1"], lines=())
    (case,) = recover(slip_then_consent, {}, book)
    assert [effect.now for effect in case.effects] == [EffectState.IN_DOUBT]


# -- mistakes of our own in a live visit ---------------------------------------------------------------------------


def test_an_effect_whose_performer_gives_no_final_state_is_in_doubt() -> None:
    for wrong in (Settled(EffectState.STARTED), None):
        end = run(slip_then_consent, {**CHOOSING, StepKind.PRINT: Does(lambda step, at, wrong=wrong: wrong)})
        assert [effect.state for effect in end.effects] == [EffectState.IN_DOUBT]


def test_an_effect_that_answers_what_its_step_cannot_mean_keeps_its_state() -> None:
    printer = Does(lambda step, at: Settled(EffectState.DONE, "printed"))
    book = MemoryBook()
    end = run(slip_then_consent, {**CHOOSING, StepKind.PRINT: printer}, book)
    assert [(effect.state, effect.answer) for effect in end.effects] == [(EffectState.DONE, None)]
    assert list(book.cases) == ["case-1"]


def test_a_payment_in_doubt_stops_another_payment() -> None:
    async def flow(opening: Opening) -> Outcome:
        await pay("one")
        await pay("two")
        return DONE

    from kiosk.flows.effects import Unsettled

    doubt = Settled(EffectState.IN_DOUBT, Unsettled("O1"))
    paying = Does(lambda step, at: doubt, settled=lambda step, at: IN_DOUBT)
    end = run(flow, {StepKind.PAY: paying})

    assert isinstance(end.how, InDoubt)
    assert "waits for another pay" in end.how.trouble
    assert paying.count("perform") == 1


def broken(step: Any, at: At) -> Any:
    raise KeyError("x")


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({}, "nobody carries out choose"),
        ({StepKind.CHOOSE: Answers(Script(KeyError("150203199003070017")))}, "KeyError"),
        ({StepKind.CHOOSE: Answers(lambda step, at: "red")}, "is no option"),
        ({**CHOOSING, StepKind.PRINT: Does(cut, before=broken)}, "KeyError"),
    ],
)
def test_a_performer_that_breaks_ends_the_visit_without_telling_a_value(table: Table, says: str) -> None:
    from kiosk.flows.ending import VisitBroken

    book = MemoryBook()
    with pytest.raises(VisitBroken, match=says) as broken:
        run(slip_then_consent, table, book)
    assert "150203199003070017" not in str(broken.value)
    assert (book.rows, book.forgotten) == ({}, ["case-1"])


def test_a_break_after_an_effect_leaves_the_case_to_a_person() -> None:
    from kiosk.flows.ending import VisitBroken

    async def flow(opening: Opening) -> Outcome:
        await print_slip()
        raise KeyError(NUMBER.text)

    book = MemoryBook()
    with pytest.raises(VisitBroken, match="in flow") as broken:
        run(flow, {StepKind.PRINT: Does(printed)}, book)
    assert NUMBER.text not in str(broken.value)
    assert [effect.state for effect in broken.value.end.effects] == [EffectState.DONE]
    assert book.closed == {"case-1": "in-doubt"}


def test_steps_that_are_no_plain_data_are_errors() -> None:
    from kiosk.flows.ending import VisitBroken

    async def a_float(opening: Opening) -> Outcome:
        await replace(file(), payload=(("number", 1.5),))
        return DONE

    no_number: Any = {1}

    async def a_set(opening: Opening) -> Outcome:
        await LookUp(key="q", phase=Phase.DETAILS, query=WhoIs(no_number))
        return DONE

    for flow in (a_float, a_set):
        with pytest.raises(VisitBroken, match="no plain data"):
            run(flow, {})


def test_a_key_that_is_on_disk_already_is_not_performed_again() -> None:
    from kiosk.flows.ending import VisitBroken

    class Same:
        def case_id(self) -> str:
            return "case-1"

    book = MemoryBook()
    printer = Does(printed)
    filing = Does(lambda step, at: Settled(EffectState.DONE, Filed("N1")))
    table: Table = {
        **CHOOSING,
        StepKind.PRINT: printer,
        StepKind.SUBMIT: filing,
        StepKind.CONSENT: Answers(lambda step, at: ConsentAnswer.AGREE),
    }
    engine = Engine(table, book, Same(), PlainLetters())
    run_virtual(engine.run(slip_then_consent, OPENING), START)
    with pytest.raises(VisitBroken, match="known"):
        run_virtual(engine.run(slip_then_consent, OPENING), START)
    assert printer.count("perform") == 1
