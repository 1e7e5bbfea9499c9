"""评价: take your documents with you, and say in one touch how it was; silence is an answer too."""

from __future__ import annotations

from kiosk.people.satisfaction import Satisfaction
from kiosk.screens.options import option, option_sheets
from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import RatingPage
from kiosk.screens.views import Picture, RatingView


def rating(state: RatingPage, speaker: Speaker) -> Body:
    """The sentence is what must not be forgotten; the question is the smaller one."""
    options = tuple(option(speaker, one.value, f"rating-{one.value}", "", "") for one in Satisfaction)
    return Body(
        RatingView(option_sheets(speaker, options)),
        speaker.speech("rating-slip" if state.slip else "rating"),
        picture=Picture.NONE,
        row=(speaker.action("skip-rating"),),
    )
