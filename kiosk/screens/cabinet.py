"""请取走 and 请放入旧证: one door of the cabinet."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import DoorStage, PutInPage, TakePage
from kiosk.screens.views import ActionView, CabinetPageView, CabinetView, Role, Tone


def take(state: TakePage, speaker: Speaker) -> Body:
    """A document is to be taken out: the new card, or the old one back."""
    prefix = "take-old" if state.content == "old-card" else "take"
    steps = (f"{prefix}-step-take", "take-step-close")
    closed = state.stage in (DoorStage.OPENING, DoorStage.DID_NOT_OPEN)
    row = () if closed else (speaker.action("did-not-open"),)
    main = None if closed else speaker.action("taken", Role.PRIMARY)
    return _door(state, prefix, steps, state.content, row, main, speaker)


def put_in(state: PutInPage, speaker: Speaker) -> Body:
    """The old card is to be put in, or kept."""
    closed = state.stage in (DoorStage.OPENING, DoorStage.DID_NOT_OPEN)
    row = () if closed else (speaker.action("did-not-open"), speaker.action("keep"))
    return _door(state, "put-in", ("put-in-step-put", "put-in-step-close"), "empty", row, None, speaker)


def _door(
    state: TakePage | PutInPage,
    prefix: str,
    steps: tuple[str, ...],
    content: str,
    row: tuple[ActionView, ...],
    main: ActionView | None,
    speaker: Speaker,
) -> Body:
    door, document = state.compartment, speaker.say(f"document-{state.document}")
    view = CabinetView(
        compartments=state.compartments,
        columns=state.columns,
        compartment=door,
        state=state.stage.value,
        door_label=speaker.say("door-label", n=door),
        content=content,
    )
    shown = steps if state.stage in (DoorStage.OPEN, DoorStage.STILL_OPEN) else ()
    return Body(
        CabinetPageView(view, tuple(speaker.say(step, n=door, document=document) for step in shown)),
        speaker.speech(f"{prefix}-{state.stage.value}", n=door, document=document),
        identity=f"{prefix}/{door}",
        tone=_tone(state.stage),
        busy=state.stage is DoorStage.OPENING,
        row=row,
        main=main,
    )


def _tone(stage: DoorStage) -> Tone:
    match stage:
        case DoorStage.OPENING:
            return Tone.CALM
        case DoorStage.OPEN:
            return Tone.SUCCESS
        case DoorStage.STILL_OPEN | DoorStage.DID_NOT_OPEN:
            return Tone.ATTENTION
