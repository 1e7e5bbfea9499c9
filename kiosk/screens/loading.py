"""装柜 and 清柜: the reader between two documents, one door of the cabinet while one goes in or comes out."""

from __future__ import annotations

from dataclasses import replace

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import LoadPage, LoadStage, UnloadPage, UnloadStage
from kiosk.screens.views import CabinetView, LoadView, Picture, Role, Tone

_DOOR_OF_LOAD = {
    LoadStage.OPENING: "opening",
    LoadStage.PUT: "open",
    LoadStage.STILL_OPEN: "still-open",
}
_DOOR_OF_UNLOAD = {
    UnloadStage.OPENING: "opening",
    UnloadStage.TAKE: "open",
    UnloadStage.STILL_OPEN: "still-open",
}
_LAST = ("loaded", "")


def load(state: LoadPage, speaker: Speaker) -> Body:
    """What is waited for leads; the counts stand below it, and what became of the document before."""
    document = speaker.say(f"document-{state.document}")
    speech = speaker.speech(f"load-{state.stage.value}", n=state.compartment, document=document)
    left = max(0, state.to_load - state.loaded)
    counts = speaker.say("load-counts", loaded=state.loaded, aside=state.aside, left=left)
    if state.kept:
        counts = speaker.say("overview-between").join((counts, speaker.say("load-kept")))
    last = speaker.say(f"load-last-{state.last}") if state.last else ""
    door = _DOOR_OF_LOAD.get(state.stage, "")
    waits = state.stage in (LoadStage.LAY, LoadStage.READING, LoadStage.AGAIN)
    aside = state.last not in _LAST
    steps = ("load-step-put", "load-step-close") if door in ("open", "still-open") else ()
    return Body(
        LoadView(
            _cabinet(state, door, "empty", speaker),
            bool(door),
            tuple(speaker.say(step, n=state.compartment, document=document) for step in steps),
        ),
        replace(speech, hint=counts, status=last),
        identity=f"{state.stage.value}/{state.compartment}/{state.last}/{state.turn}",
        tone=_tone(state.stage.value, worried=aside and waits),
        picture=Picture.CARD_AGAIN if state.stage is LoadStage.AGAIN else Picture.CARD_TO_READER,
        busy=state.stage in (LoadStage.READING, LoadStage.OPENING),
        row=(speaker.action("keep", wording="load-kept-out"),) if steps else (),
        main=speaker.action("no-more", Role.PRIMARY) if waits else None,
    )


def unload(state: UnloadPage, speaker: Speaker) -> Body:
    """Which of how many, why it leaves, and what to do with it now."""
    document = speaker.say(f"document-{state.document}")
    speech = speaker.speech(f"unload-{state.stage.value}", n=state.compartment, document=document)
    why = speaker.say(f"unload-why-{state.why}")
    hint = speaker.say("unload-counts", nth=state.nth, of=state.of, why=why)
    door = _DOOR_OF_UNLOAD.get(state.stage, "")
    opened = door in ("open", "still-open")
    steps = ("unload-step-take", "unload-step-close") if opened else ()
    outside = state.stage in (UnloadStage.READ, UnloadStage.ANOTHER, UnloadStage.FROM_BIN)
    content = "old-card" if state.document == "old-card" else "new-card"
    return Body(
        LoadView(
            _cabinet(state, door, content, speaker),
            bool(door),
            tuple(speaker.say(step, n=state.compartment, document=document) for step in steps),
        ),
        replace(speech, hint=hint),
        identity=f"{state.stage.value}/{state.compartment}/{state.nth}",
        tone=_tone(state.stage.value, worried=False),
        picture=Picture.CARD_AGAIN if state.stage is UnloadStage.ANOTHER else Picture.CARD_TO_READER,
        busy=state.stage is UnloadStage.OPENING,
        row=(
            (speaker.action("not-there"), speaker.action("leave-inside"))
            if opened
            else (speaker.action("not-there"),)
            if outside
            else ()
        ),
        main=speaker.action("cannot-read", Role.PRIMARY) if outside else None,
    )


def _cabinet(state: LoadPage | UnloadPage, door: str, content: str, speaker: Speaker) -> CabinetView:
    return CabinetView(
        compartments=state.compartments,
        columns=state.columns,
        compartment=state.compartment,
        state=door or "opening",
        door_label=speaker.say("door-label", n=state.compartment) if state.compartment else "",
        content=content,
    )


def _tone(stage: str, *, worried: bool) -> Tone:
    if worried or stage in ("again", "another", "still-open"):
        return Tone.ATTENTION
    return Tone.SUCCESS if stage in ("put", "take") else Tone.CALM
