"""Lists for technicians: what happened, what is in force, what waits for a decision."""

from __future__ import annotations

import re

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import RecordRow, RecordsPage, RowMark
from kiosk.screens.views import RecordRowView, RecordsView, Role, Tone

_TONES = {
    RowMark.PLAIN: Tone.CALM,
    RowMark.GOOD: Tone.SUCCESS,
    RowMark.NOTE: Tone.ATTENTION,
    RowMark.BAD: Tone.DANGER,
}
_WORD = re.compile(r"[a-z][A-Za-z0-9]*([-_][A-Za-z0-9]+)*")


def records(state: RecordsPage, speaker: Speaker) -> Body:
    """The topic leads, rows follow; words that nobody put into a text stand as the machine has them."""
    *row, main = state.actions
    about = {name: _known(speaker, value) for name, value in state.about}
    return Body(
        RecordsView(tuple(_row(one, speaker) for one in state.rows)),
        speaker.speech(state.topic, **about),
        identity=f"{state.topic}/{state.turn}",
        row=tuple(speaker.action(name) for name in row),
        main=speaker.action(main, Role.PRIMARY),
    )


def _row(row: RecordRow, speaker: Speaker) -> RecordRowView:
    said = [f"{_name(speaker, name)} {_value(speaker, name, value)}" for name, value in row.said]
    # Evidence stands by the machine's own name for it where nobody gave it another.
    label = _known(speaker, row.label)
    if row.at is not None:
        when = speaker.say("record-when", date=speaker.words.date(row.at.date()), time=f"{row.at:%H:%M:%S}")
        label = f"{when} {label}"
    return RecordRowView(
        id=row.id,
        label=label,
        state=_known(speaker, row.state) if row.state else "",
        note=speaker.say("overview-between").join(said),
        tone=_TONES[row.mark],
    )


def _known(speaker: Speaker, word: str) -> str:
    """A key's text; a word no text is written for, or words of their own, as they are."""
    if _WORD.fullmatch(word) and speaker.words.has(word):
        return speaker.say(word)
    return _name(speaker, word.removeprefix("detail-")) if word.startswith("detail-") else word


def _value(speaker: Speaker, name: str, value: str) -> str:
    """The word for a value where records have one, else as on any page."""
    own = f"detail-value-{value.replace('_', '-')}"
    return speaker.say(own) if _WORD.fullmatch(own) and speaker.words.has(own) else speaker.value(name, value)


def _name(speaker: Speaker, name: str) -> str:
    """What a detail is called: in the words of records, else as on any page, else as the machine has it."""
    plain = name.replace("_", "-")
    for key in (f"detail-{plain}", f"fact-{plain}"):
        if speaker.words.has(key):
            return speaker.say(key)
    return name
