"""读证 and 试读: the card on the reader."""

from __future__ import annotations

from dataclasses import replace

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import ReadCard, ReaderStage
from kiosk.screens.views import ActionView, Picture, ReadCardView, Tone

ID_CARD = "id-card"


def read_card(state: ReadCard, speaker: Speaker) -> Body:
    """The verbatim sentence leads while the reader waits; each other stage says what to do next."""
    key = f"read-card-{state.stage.value}"
    news = (f"new-document-{state.stage.value}",) if state.document != ID_CARD else ()
    if state.new_card:
        key = next((k for k in (*news, f"new-card-{state.stage.value}") if speaker.words.has(k)), key)
    document = {} if state.document == ID_CARD else {"document": speaker.say(f"document-{state.document}")}
    speech = speaker.speech(key, **document)
    if state.may_go_without and speaker.words.has(key, "hint-without"):
        speech = replace(speech, hint=speaker.say(key, "hint-without"))
    place = "new-card-waiting" if state.new_card else "read-card-waiting"
    if state.document != ID_CARD:
        place = "new-document-waiting"
    return Body(
        ReadCardView(state.stage.value, speaker.say(place, "place")),
        speech,
        identity="new-card" if state.new_card else "card",
        tone=_tone(state.stage),
        busy=state.stage not in (ReaderStage.READ,),
        picture=_picture(state),
        row=_row(state, speaker),
    )


def _row(state: ReadCard, speaker: Speaker) -> tuple[ActionView, ...]:
    if state.stage is ReaderStage.READ:
        return ()
    if state.new_card:
        return (speaker.action("skip"),)
    return (speaker.action("without-card"),)


def _tone(stage: ReaderStage) -> Tone:
    match stage:
        case ReaderStage.WAITING | ReaderStage.READING:
            return Tone.CALM
        case ReaderStage.READ:
            return Tone.SUCCESS
        case (
            ReaderStage.TAKEN_TOO_SOON
            | ReaderStage.UNREADABLE
            | ReaderStage.NOT_AUTHENTIC
            | ReaderStage.FOREIGN
            | ReaderStage.NONSENSE
            | ReaderStage.READER_AWAY
            | ReaderStage.OLD_CARD
            | ReaderStage.OTHER_CARD
        ):
            return Tone.ATTENTION


def _picture(state: ReadCard) -> Picture:
    match state.stage:
        case ReaderStage.WAITING:
            return Picture.NEW_CARD_TO_READER if state.new_card else Picture.CARD_TO_READER
        case ReaderStage.READING:
            return Picture.CARD_STAYS
        case ReaderStage.READ:
            return Picture.CARD_READ
        case ReaderStage.TAKEN_TOO_SOON | ReaderStage.UNREADABLE | ReaderStage.NONSENSE:
            return Picture.CARD_AGAIN
        case ReaderStage.NOT_AUTHENTIC | ReaderStage.FOREIGN | ReaderStage.OLD_CARD | ReaderStage.OTHER_CARD:
            return Picture.CARD_NOT_TAKEN
        case ReaderStage.READER_AWAY:
            return Picture.DEVICE_AWAY
