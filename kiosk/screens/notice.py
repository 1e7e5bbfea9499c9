"""办事须知: who, what to bring, fee, time, what comes after."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import NoticePage
from kiosk.screens.views import FactView, NoticeView, Role

_ROWS = ("who", "bring", "fee", "steps", "after", "limit")
_STEPS_LABEL = "notice-steps"


def notice(state: NoticePage, speaker: Speaker) -> Body:
    """The catalogue's facts win over the topic's own rows of the same name; others follow."""
    chinese = speaker.words.language != "en"
    given = {key.removeprefix("fact-"): zh if chinese else en for key, zh, en in state.facts}
    rows: list[FactView] = []
    for name in _ROWS:
        text = given.pop(name, "") or speaker.words.part(state.topic, name)
        if text:
            rows.append(_row(speaker, name, text))
    rows.extend(_row(speaker, name, text) for name, text in given.items())
    return Body(
        NoticeView(tuple(rows)),
        speaker.speech(state.topic),
        identity=state.topic,
        main=speaker.action("continue", Role.PRIMARY, wording="read"),
        calm=speaker.say("calm"),
    )


def _row(speaker: Speaker, name: str, text: str) -> FactView:
    if name == "steps":
        return FactView(speaker.say(_STEPS_LABEL), text)
    return speaker.fact(name, text)
