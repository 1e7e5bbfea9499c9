"""What a returning citizen is told of a visit that ended without them (rule 17)."""

from __future__ import annotations

from kiosk.counter.ports import Remembered, RememberedEffect
from kiosk.flows.steps import StepKind
from kiosk.people.money import Money

ASKED_FOR = {"back-not-printed": "back-not-printed-ask", "back-print-in-doubt": "back-print-in-doubt-ask"}
"""What is said of a slip that cannot be printed here again: whom to ask for it."""


def without_reprint(facts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The same facts where no paper can be offered: no sentence promises one."""
    return tuple((ASKED_FOR.get(key, key), value) for key, value in facts)


def told_facts(visit: Remembered) -> tuple[tuple[str, str], ...]:
    """Message key and value, one for each effect that concerns money or a document, in the order they happened."""
    facts = [fact for effect in visit.effects if (fact := _fact(effect, visit)) is not None]
    return tuple(facts) or (("back-nothing", ""),)


def _fact(effect: RememberedEffect, visit: Remembered) -> tuple[str, str] | None:
    state = effect.state
    match StepKind(effect.kind):
        case StepKind.PAY:
            return _payment(effect, _refused_filing(visit))
        case StepKind.TAKE_IN:
            if state == "done":
                return ("back-old-card-held", effect.facts.get("compartment", ""))
            return ("back-old-card-in-doubt", "") if state == "in_doubt" else ("back-old-card-returned", "")
        case StepKind.TAKE_PASS:
            return ("back-pass-in-doubt", effect.number) if state == "in_doubt" else None
        case StepKind.RETURN_PASS:
            if state == "in_doubt":
                return ("back-pass-in-doubt", effect.number)
            return ("back-pass-held", effect.number) if effect.number else ("back-pass-returned", "")
        case StepKind.ENDORSE:
            if state == "in_doubt":
                return ("back-endorse-in-doubt", "")
            return ("back-endorsed", "") if state == "done" else ("back-endorse-not-written", "")
        case StepKind.HAND_OVER:
            if state == "done" and effect.facts.get("door") != "open":
                return ("back-new-card-taken", "")
            if state == "done":
                return ("back-new-card-in-doubt", "")
            if state == "in_doubt":
                return ("back-new-card-in-doubt", "")
            return ("back-new-card-retained" if "bin" in effect.facts else "back-new-card-waiting", "")
        case StepKind.SUBMIT:
            if state == "failed":
                return ("back-not-filed", "")
            return ("back-filed", effect.number) if effect.number else None
        case StepKind.PRINT:
            if state == "done":
                return None
            return ("back-print-in-doubt", "") if state == "in_doubt" else ("back-not-printed", "")
        case _:
            return None


def _refused_filing(visit: Remembered) -> bool:
    return any(e.kind == StepKind.SUBMIT.value and e.state == "failed" for e in visit.effects)


def _payment(effect: RememberedEffect, refused: bool) -> tuple[str, str]:
    fen = effect.facts.get("fen", "")
    amount = f"{Money(int(fen)).yuan} 元" if fen else effect.number
    if effect.state == "in_doubt":
        return ("back-payment-unsettled", effect.number)
    if effect.state == "failed" or "slip" in effect.facts:
        return ("back-not-paid", "")
    return ("back-refunded", amount) if refused else ("back-paid", amount)
