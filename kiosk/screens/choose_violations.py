"""Records of traffic violations, each with its picture, to be picked."""

from __future__ import annotations

from dataclasses import replace

from kiosk.people.vehicle import Violation
from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import ChooseViolations
from kiosk.screens.views import ChooseViolationsView, RecordSheet, RecordView, Role

RECORDS_A_SHEET = 4
"""A record is tall: place, behaviour, fine and points, and its picture."""


def choose_violations(state: ChooseViolations, speaker: Speaker) -> Body:
    """The view says which are chosen; how many that makes is worded here for every count."""
    pictures = dict(state.pictures)
    records = tuple(
        _record(speaker, v, pictures.get(v.record, ""), v.record in state.draft) for v in state.violations
    )
    page = ChooseViolationsView(
        sheets=tuple(RecordSheet(shown, position) for shown, position in speaker.sheets(records, RECORDS_A_SHEET)),
        chosen_texts=tuple(speaker.say("choose-violations", "chosen", n=n) for n in range(len(records) + 1)),
        look_label=speaker.say("choose-violations", "look"),
    )
    send = replace(speaker.action("choose", Role.PRIMARY, wording="next"), payload_key="ids", from_view="ids")
    return Body(page, speaker.speech("choose-violations"), main=send, calm=speaker.say("calm"))


def _record(speaker: Speaker, violation: Violation, picture: str, chosen: bool) -> RecordView:
    plate = violation.plate.spaced
    label = (
        speaker.say("choose-violations", "picture", plate=plate)
        if picture
        else speaker.say("choose-violations", "no-picture")
    )
    return RecordView(
        id=violation.record,
        plate=plate,
        when=speaker.words.moment(violation.at),
        place=violation.place,
        behaviour=violation.behaviour,
        fine=_fine(speaker, violation),
        points=speaker.say("points-mark", n=violation.points),
        picture=picture,
        picture_label=label,
        chosen=chosen,
    )


def _fine(speaker: Speaker, violation: Violation) -> str:
    if violation.fine.fen == 0:
        return speaker.say("rights", "warning")
    return speaker.say("amount", value=violation.fine.yuan)
