"""Options to choose from, worded and cut into sheets."""

from __future__ import annotations

from kiosk.screens.speaking import Speaker
from kiosk.screens.views import OptionSheet, OptionView

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
    return OptionView(id_, speaker.wording(wording), explanation, chosen=bool(draft) and id_ == draft)


def option_sheets(speaker: Speaker, options: tuple[OptionView, ...]) -> tuple[OptionSheet, ...]:
    """At most eight at once, four in elder mode."""
    return tuple(OptionSheet(shown, position) for shown, position in speaker.sheets(options, speaker.most_choices))
