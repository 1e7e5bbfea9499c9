"""求助: called, and what to do when nobody answers."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import HelpPage
from kiosk.screens.views import FactView, HelpView, Picture, Role, Tone


def help_page(state: HelpPage, speaker: Speaker) -> Body:
    """The telephone numbers are there from the beginning; unanswered, they lead."""
    settings = speaker.settings
    numbers: list[FactView] = []
    if settings.duty_telephone:
        numbers.append(FactView(speaker.say("help-duty"), settings.duty_telephone, strong=True))
    numbers.append(FactView(speaker.say("help-emergency"), settings.emergency_number, strong=True))
    key = "help-waiting"
    if state.unanswered:
        key = "help-unanswered"
    elif state.handed:
        key = "help-handed"
    elif state.said:
        key = "help-answered"
    elif state.spoken:
        key = "help-spoken"
    handed = (speaker.say("help-handed", "number", number=state.handed),) if state.handed else ()
    page = HelpView(
        called=speaker.say("help-called", time=speaker.words.time(state.called_at)),
        numbers=tuple(numbers),
        unanswered=state.unanswered,
        said=(*state.said, *handed),
        # Told when the call begins; later the room belongs to what the officer says.
        seen=speaker.say("help-seen") if key in ("help-waiting", "help-unanswered") else "",
    )
    return Body(
        page,
        speaker.speech(key, number=settings.emergency_number),
        tone=Tone.ATTENTION if state.unanswered else Tone.CALM,
        busy=key == "help-waiting",
        picture=Picture.TELEPHONE if state.unanswered else Picture.OFFICER,
        main=speaker.action("continue", Role.PRIMARY),
    )
