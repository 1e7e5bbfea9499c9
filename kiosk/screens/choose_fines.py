"""Decided fines, each as it stands today, to be picked."""

from __future__ import annotations

from dataclasses import replace

from kiosk.people.vehicle import Fine
from kiosk.screens.choose_violations import RECORDS_A_SHEET
from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import ChooseFines
from kiosk.screens.views import ChooseViolationsView, RecordSheet, RecordView, Role


def choose_fines(state: ChooseFines, speaker: Speaker) -> Body:
    """What is to be paid leads; what lateness added and what was paid already are said beside it."""
    records = tuple(_record(speaker, fine, fine.decision in state.draft) for fine in state.fines)
    page = ChooseViolationsView(
        sheets=tuple(RecordSheet(shown, position) for shown, position in speaker.sheets(records, RECORDS_A_SHEET)),
        chosen_texts=tuple(speaker.say("choose-fines", "chosen", n=n) for n in range(len(records) + 1)),
        look_label="",
    )
    send = replace(speaker.action("choose", Role.PRIMARY, wording="next"), payload_key="ids", from_view="ids")
    return Body(page, speaker.speech("choose-fines"), main=send, calm=speaker.say("calm"))


def _record(speaker: Speaker, fine: Fine, chosen: bool) -> RecordView:
    return RecordView(
        id=fine.decision,
        plate=fine.plate.spaced,
        when=speaker.say("choose-fines", "decision", number=fine.decision),
        place=_term(speaker, fine),
        behaviour=fine.behaviour,
        fine=speaker.say("choose-fines", "due", amount=fine.due.yuan),
        points="",
        picture="",
        picture_label="",
        chosen=chosen,
    )


def _term(speaker: Speaker, fine: Fine) -> str:
    """Until when, or how late and what that added; then what was paid already."""
    if fine.days_late:
        term = speaker.say(
            "choose-fines", "late", days=fine.days_late, fine=fine.fine.yuan, surcharge=fine.surcharge.yuan
        )
    else:
        term = speaker.say("choose-fines", "pay-by", date=speaker.words.date(fine.pay_by))
    if not fine.paid.fen:
        return term
    return speaker.say("choose-fines", "paid", term=term, paid=fine.paid.yuan)
