"""Options to choose from, worded and cut into sheets."""

from __future__ import annotations

import re

from kiosk.screens.speaking import Speaker
from kiosk.screens.views import OptionSheet, OptionView

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
"""A day is put into words like everywhere else."""

NOTE_SUFFIX = "-note"
"""An explanation's key may be given as the wording's key with this ending: it is the wording's `.note`."""


def option(speaker: Speaker, id_: str, wording: str, note: str, draft: str) -> OptionView:
    """One answer; the citizen's earlier one is marked."""
    label_key = wording
    explanation = ""
    if note == f"{label_key}{NOTE_SUFFIX}" or not note:
        if speaker.words.has(label_key, "note"):
            explanation = speaker.say(label_key, "note")
    else:
        explanation = speaker.wording(note)
    return OptionView(
        id_,
        speaker.value("", wording) if _DAY.fullmatch(wording) else speaker.wording(wording),
        explanation,
        chosen=bool(draft) and id_ == draft,
    )


def option_sheets(speaker: Speaker, options: tuple[OptionView, ...]) -> tuple[OptionSheet, ...]:
    """At most eight at once, four in elder mode."""
    return tuple(OptionSheet(shown, position) for shown, position in speaker.sheets(options, speaker.most_choices))
