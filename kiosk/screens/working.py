"""Something takes more than a moment: what, and that it goes on."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import WorkingPage, WorkTopic
from kiosk.screens.views import Picture, WorkingView


def working(state: WorkingPage, speaker: Speaker) -> Body:
    """Printing shows where the paper comes out."""
    return Body(
        WorkingView(state.topic.value),
        speaker.speech(f"working-{state.topic.value}"),
        identity=state.topic.value,
        busy=True,
        picture=_picture(state.topic),
    )


def _picture(topic: WorkTopic) -> Picture:
    match topic:
        case WorkTopic.PRINTING_RECEIPT:
            return Picture.PAPER_RECEIPT
        case WorkTopic.PRINTING_PAGE:
            return Picture.PAPER_PAGE
        case (
            WorkTopic.ASKING_HEADQUARTERS
            | WorkTopic.FILING
            | WorkTopic.OPENING
            | WorkTopic.LOOKING_AT_BOOTH
            | WorkTopic.ONE_MOMENT
        ):
            return Picture.WAIT
        case WorkTopic.APPROVAL | WorkTopic.WRITING | WorkTopic.WRITING_LONG | WorkTopic.RETURNING_PASS:
            return Picture.WAIT
