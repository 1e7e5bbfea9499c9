"""请看清楚：拟对您作出以下处罚. Facts, law, fine, points and rights, then three ways on.

Administrative Penalty Law art. 44, 45, 62; points are told together with the penalty (order 163 art. 13).
"""

from __future__ import annotations

from kiosk.people.vehicle import Violation
from kiosk.screens.speaking import Body, Speaker, Speech, paragraphs
from kiosk.screens.states import RightsPage
from kiosk.screens.views import FigureView, RightsView, Role, TextView, Tone


def rights(state: RightsPage, speaker: Speaker) -> Body:
    """Nothing is decided by looking; no answer is hurried."""
    violation, notice = state.violation, state.notice
    articles = paragraphs(violation.articles_text)
    page = RightsView(
        facts=(
            speaker.fact("plate", violation.plate.spaced, strong=True),
            speaker.fact("at", violation.at.isoformat()),
            speaker.fact("place", violation.place),
            speaker.fact("behaviour", violation.behaviour, strong=True),
            speaker.fact("code", violation.code),
            speaker.fact("articles-broken", violation.articles_broken),
            speaker.fact("articles-basis", violation.articles_basis),
        ),
        figures=(
            _fine(violation, speaker),
            FigureView(
                speaker.say("rights", "points"),
                str(violation.points),
                speaker.say("points-unit", n=violation.points),
                Tone.ATTENTION,
            ),
            FigureView(
                speaker.say("rights", "total"),
                speaker.say("rights", "total-value", after=str(notice.points_after), limit=str(notice.points_limit)),
                "",
            ),
        ),
        rights=speaker.law(speaker.say("rights", "your-rights"), notice.rights),
        terms=speaker.law(speaker.say("rights", "terms"), notice.payment_terms),
        articles_label=speaker.say("rights", "articles") if articles else "",
        articles=TextView(speaker.say("rights", "articles-heading"), articles) if articles else TextView("", ()),
        picture=state.picture,
        picture_label=speaker.say("rights", "picture") if state.picture else "",
    )
    return Body(
        page,
        _speech(violation, speaker),
        identity=violation.record,
        tone=Tone.ATTENTION,
        ways=(
            speaker.legal("no-objection", Role.PRIMARY),
            speaker.legal("state-and-defend"),
            speaker.legal("not-now"),
        ),
        calm=speaker.say("calm"),
    )


def _speech(violation: Violation, speaker: Speaker) -> Speech:
    part = "voice" if violation.fine.fen else "voice-warning"
    voice = speaker.say("rights", part, fine=violation.fine.yuan, points=str(violation.points))
    return Speech(speaker.say("rights"), speaker.say("rights", "hint"), voice=voice)


def _fine(violation: Violation, speaker: Speaker) -> FigureView:
    label = speaker.say("rights", "fine")
    if violation.fine.fen == 0:
        return FigureView(label, speaker.say("rights", "warning"), "", Tone.ATTENTION)
    return FigureView(label, violation.fine.yuan, speaker.say("yuan"), Tone.ATTENTION)
