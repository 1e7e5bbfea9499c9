"""One question with a few answers; a touch on one is the answer."""

from __future__ import annotations

from kiosk.screens.options import option, option_sheets
from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import ChoosePage
from kiosk.screens.views import ChooseView


def choose(state: ChoosePage, speaker: Speaker) -> Body:
    """The topic asks, the options answer."""
    options = tuple(option(speaker, id_, wording, note, state.draft) for id_, wording, note in state.options)
    return Body(
        ChooseView(option_sheets(speaker, options)),
        speaker.speech(state.topic),
        identity=state.topic,
    )
