"""A fault or refusal in four parts: what happened, documents and money, what now, a number to quote."""

from __future__ import annotations

from kiosk.people.records import Refusal, RefusalCode
from kiosk.screens.speaking import Body, Speaker, Speech
from kiosk.screens.states import TellPage
from kiosk.screens.views import FactView, PartKind, PartView, Picture, Role, TellView, Tone

_SHOWN = ("place", "address", "telephone", "hours", "date", "stage", "case", "service")
"""Details a citizen may see, in this order; the rest is for headquarters and technicians."""

_DATES = {
    RefusalCode.TOO_EARLY: "from",
    RefusalCode.NOT_YET_FINISHED: "ready-by",
    RefusalCode.CASE_ALREADY_OPEN: "ready-by",
    RefusalCode.RESIDENCE_TOO_SHORT: "permit-from",
    RefusalCode.ENDORSEMENT_TOO_EARLY: "from",
    RefusalCode.OBJECTION_FILED: "answer-by",
}
"""What a bare date means, by code."""


def tell(state: TellPage, speaker: Speaker) -> Body:
    """The sentence is what happened; each way on is a button of its own, the first one leads."""
    refusal = state.refusal
    key = message_key(refusal.code)
    now = speaker.say(key, "now")
    quote = speaker.say("tell-quote", "text", quote=state.quote or refusal.code.value)
    page = TellView(
        parts=(
            PartView(PartKind.SAFE, speaker.say("tell-safe"), _safe(state, key, speaker)),
            PartView(PartKind.NOW, speaker.say("tell-now"), now),
            PartView(PartKind.QUOTE, speaker.say("tell-quote"), quote),
        ),
        code=refusal.code.value,
        facts=(*_facts(refusal, speaker), *_desk(state, speaker)),
    )
    ways = tuple(
        speaker.action(name, Role.PRIMARY if index == 0 else Role.SECONDARY)
        for index, name in enumerate(state.actions)
    )
    return Body(
        page,
        _happened(refusal, key, speaker),
        identity=f"{refusal.code.value}/{state.quote}",
        tone=Tone.ATTENTION,
        picture=Picture.OFFICER if "help" in state.actions else Picture.NONE,
        ways=ways,
    )


def message_key(code: RefusalCode) -> str:
    """The message a code has its sentences under."""
    return f"refusal-{code.value}"


def _happened(refusal: Refusal, key: str, speaker: Speaker) -> Speech:
    details = dict(refusal.details)
    reason = details.get("reason", "")
    if reason and speaker.words.has(key, reason):
        sentence = speaker.say(key, reason)
        return Speech(sentence, voice=sentence)
    device = f"device-{details.get('device', 'some')}"
    if not speaker.words.has(device):
        device = "device-some"
    return speaker.speech(key, device=speaker.say(device))


def _safe(state: TellPage, key: str, speaker: Speaker) -> str:
    """What the terminal holds, else the code's own sentence: nothing was kept."""
    if not state.holding:
        return speaker.say(key, "safe")
    # Chinese sentences follow each other without a blank.
    between = "" if speaker.words.language.startswith("zh") else " "
    return between.join(speaker.wording(holding) for holding in state.holding)


def _desk(state: TellPage, speaker: Speaker) -> tuple[FactView, ...]:
    return (speaker.fact("unresolved", state.desk, strong=True),) if state.desk else ()


def _facts(refusal: Refusal, speaker: Speaker) -> tuple[FactView, ...]:
    details = dict(refusal.details)
    rows: list[FactView] = []
    for name in _SHOWN:
        value = details.get(name, "")
        if not value:
            continue
        label = _DATES.get(refusal.code, name) if name == "date" else name
        rows.append(speaker.fact(label, value, strong=name in ("place", "telephone")))
    return tuple(rows)
