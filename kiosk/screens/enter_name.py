"""A name: its characters are found by their sound, common ones first; nothing else in Chinese is typed here."""

from __future__ import annotations

from kiosk.people.names import DOT, LONGEST, SHORTEST
from kiosk.screens.keypads import send
from kiosk.screens.pinyin import SURNAMES, syllables
from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import EnterNamePage
from kiosk.screens.views import EnterNameView, SyllableView, Tone

_ROWS = (tuple("qwertyuiop"), (*"asdfghjkl", "dot"), (*"zxcvbnm", "clear", "erase"))


def enter_name(state: EnterNamePage, speaker: Speaker) -> Body:
    """Each way a name can be wrong has its own sentence."""
    error = speaker.say(f"fault-name-{state.fault.value}") if state.fault else ""
    page = EnterNameView(
        rows=_ROWS,
        syllables=tuple(SyllableView(syllable, characters) for syllable, characters in syllables()),
        surnames=SURNAMES,
        dot=DOT,
        placeholder=speaker.say("enter-name-placeholder"),
        longest=LONGEST,
        shortest=SHORTEST,
        draft=state.draft,
    )
    return Body(
        page,
        speaker.speech(state.topic),
        identity=state.topic,
        tone=Tone.ATTENTION if error else Tone.CALM,
        error=error,
        main=send(speaker, "name"),
        calm=speaker.say("calm"),
    )
