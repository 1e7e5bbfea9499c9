"""What technicians are shown: the sign-in, the overview, a fault's short way, and the machine handed back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kiosk.screens.keypads import (
    bin_count_pad,
    code_pad,
    count_pad,
    enrolment_pad,
    reference_pad,
    secret_pad,
    send,
    staff_number_pad,
)
from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import (
    DeviceRow,
    HandBackPage,
    MendPage,
    OverviewPage,
    StaffAsks,
    StaffCardPage,
    StaffKeyPage,
    StaffStage,
    StaffTry,
    Standing,
    TryOutPage,
)
from kiosk.screens.views import (
    ActionView,
    CabinetView,
    DeviceRowView,
    FactView,
    MendView,
    MoveView,
    OverviewView,
    Picture,
    ResultRow,
    ResultView,
    Role,
    StaffCardView,
    StaffKeyView,
    Tone,
    TryOutView,
)

_TONES = {
    Standing.OUT: Tone.DANGER,
    Standing.LOW: Tone.ATTENTION,
    Standing.CHECKING: Tone.CALM,
    Standing.WORKS: Tone.SUCCESS,
}


def staff_card(state: StaffCardPage, speaker: Speaker) -> Body:
    """The card, and the telephone where the reader is what is broken."""
    away = state.stage is StaffStage.READER_AWAY
    again = state.stage is StaffStage.NOT_READ
    return Body(
        StaffCardView(speaker.say("staff-not-in-service")),
        speaker.speech(f"staff-card-{state.stage.value}"),
        identity=state.stage.value,
        tone=Tone.ATTENTION if away or again else Tone.CALM,
        picture=Picture.DEVICE_AWAY if away else Picture.CARD_AGAIN if again else Picture.CARD_TO_READER,
        ways=(speaker.action("by-code"),) if state.by_code else (),
        row=(speaker.action("give-up", Role.QUIET),),
    )


def staff_key(state: StaffKeyPage, speaker: Speaker) -> Body:
    """Eight digits hidden, a number, or the code for what is read out."""
    match state.asks:
        case StaffAsks.PIN:
            pad = secret_pad(speaker)
        case StaffAsks.NUMBER:
            pad = staff_number_pad(speaker)
        case StaffAsks.CODE:
            pad = code_pad(speaker)
        case StaffAsks.BIN_COUNT:
            pad = bin_count_pad(speaker)
        case StaffAsks.REFERENCE:
            pad = reference_pad(speaker)
        case StaffAsks.ENROLMENT:
            pad = enrolment_pad(speaker)
        case StaffAsks.COUNT:
            pad = count_pad(speaker)
    closed = state.last in (StaffTry.WAIT, StaffTry.CLOSED)
    if closed:
        pad = replace(pad, rows=())
    error = "" if state.last is StaffTry.NONE else speaker.say(f"staff-try-{state.last.value}")
    digits = f"{state.challenge[:4]} {state.challenge[4:]}".strip() if state.asks is StaffAsks.CODE else ""
    speech = speaker.speech(f"staff-{state.asks.value}", who=state.challenge)
    return Body(
        StaffKeyView(pad, digits),
        replace(speech, status=speaker.say("staff-challenge", digits=digits)) if digits else speech,
        identity=f"{state.asks.value}/{state.last.value}/{state.turn}",
        tone=Tone.ATTENTION if error or digits else Tone.CALM,
        error=error,
        row=(speaker.action("give-up", Role.QUIET),),
        main=None if closed else send(speaker, state.asks.value),
    )


def overview(state: OverviewPage, speaker: Speaker) -> Body:
    """What to do first leads; every device has its row."""
    rows = tuple(_row(row, row.device == state.first, state.since, speaker) for row in state.rows)
    speech = speaker.speech(
        "overview-first" if state.first else "overview-well",
        device=speaker.say(f"device-{state.first or 'some'}"),
    )
    hint = speaker.say("overview-since", who="、".join(state.staff), when=speaker.words.moment(state.since))
    tasks = tuple(_task(code, last, speaker) for code, last in _with_last(state.tasks))
    return Body(
        OverviewView(rows),
        replace(speech, hint=hint, status=speaker.say(state.said) if state.said else ""),
        tone=Tone.SUCCESS if state.said in _GOOD else Tone.ATTENTION if state.said else Tone.CALM,
        row=tasks[:-1],
        main=tasks[-1] if tasks else None,
    )


_GOOD = ("task-seen", "task-works", "task-report-sent", "task-report-waits", "task-loaded", "task-unloaded")


def _with_last(codes: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    return tuple((code, index == len(codes) - 1) for index, code in enumerate(codes))


def _task(code: str, last: bool, speaker: Speaker) -> ActionView:
    action = speaker.action("task", Role.PRIMARY if last else Role.SECONDARY, wording=f"task-{code}")
    return replace(action, action=f"task-{code}")


def _row(row: DeviceRow, leads: bool, today: datetime, speaker: Speaker) -> DeviceRowView:
    said = [_since(row.since, today, speaker)] if row.since is not None and row.standing is Standing.OUT else []
    if row.closes:
        said.append(speaker.say("overview-closes", n=len(row.closes)))
    said += [_left(*supply, speaker) for supply in row.left]
    return DeviceRowView(
        id=row.device,
        label=speaker.say(f"device-{row.device}"),
        state=_defect(row, speaker),
        note=speaker.say("overview-between").join(said),
        tone=_TONES[row.standing],
        leads=leads,
    )


def _since(moment: datetime, today: datetime, speaker: Speaker) -> str:
    same = moment.date() == today.date()
    when = speaker.words.time(moment) if same else speaker.words.moment(moment)
    return speaker.say("overview-row-since", when=when)


def _left(supply: str, word: str, days: int | None, speaker: Speaker) -> str:
    name = speaker.say(f"supply-{supply}")
    if days is not None:
        return speaker.say("supply-days", supply=name, n=days)
    return speaker.say("supply-stands", supply=name, state=speaker.say(f"supply-word-{word}"))


def mend(state: MendPage, speaker: Speaker) -> Body:
    """Every move at once; what the device says ends it."""
    moves = tuple(
        MoveView(number, move, _move(state.defect, move, speaker)) for number, move in enumerate(state.moves, start=1)
    )
    speech = speaker.speech(state.defect)
    if state.place:
        speech = speaker.speech("mend-door", defect=speaker.say(state.defect), door=state.place)
    waits = "mend-waits" if state.ends == "works" else f"mend-ends-{state.ends}"
    return Body(
        MendView(state.device, moves, _door_at_hand(state)),
        replace(
            speech,
            hint=speaker.say(state.defect, "technician"),
            status=speaker.say(waits, device=speaker.say(f"device-{state.device}")),
        ),
        identity=f"{state.device}/{state.defect}" + (f"/{state.place}" if state.place else ""),
        tone=Tone.CALM,
        busy=True,
        error=speaker.say("mend-not-yet") if state.asked else "",
        row=(speaker.action("cannot"),),
        main=speaker.action("done", Role.PRIMARY, wording="look-again" if state.ends == "works" else "way-gone"),
    )


def _door_at_hand(state: MendPage) -> CabinetView:
    """The cabinet with the one door marked; without compartments where it is no door, or several."""
    compartments, columns = state.cabinet if state.place.isdigit() else (0, 0)
    door = int(state.place) if compartments else 0
    return CabinetView(compartments, columns, door, "opening", "", "")


def _defect(row: DeviceRow, speaker: Speaker) -> str:
    if not row.defect:
        return speaker.say(f"overview-{row.standing.value}")
    said = speaker.say(row.defect)
    return speaker.say("mend-door", defect=said, door=row.place) if row.place else said


def _move(defect: str, move: str, speaker: Speaker) -> str:
    """The fault's own words for a move, else those for any."""
    return speaker.say(defect, move) if speaker.words.has(defect, move) else speaker.say(f"move-{move}")


def try_out(state: TryOutPage, speaker: Speaker) -> Body:
    """What to do at the device, then what was seen of it."""
    key = f"try-out-{state.device}" if state.asks else f"do-{state.device}"
    facts = tuple(FactView(speaker.say(label), _fact(text, speaker)) for label, text in state.facts)
    waits = "" if state.asks else speaker.say("do-waits", device=speaker.say(f"device-{state.device}"))
    return Body(
        TryOutView(state.device, facts),
        replace(speaker.speech(key), status=waits),
        identity=key,
        busy=not state.asks,
        ways=(speaker.action("no", wording="saw-nothing" if state.asks else "nothing-happens"),),
        row=(speaker.action("skip", Role.QUIET, wording="skip-device"),),
        main=speaker.action("yes", Role.PRIMARY, wording="saw-it") if state.asks else None,
    )


def _fact(text: str, speaker: Speaker) -> str:
    """A key where there is one, else what the device said."""
    return speaker.say(text) if speaker.words.has(text) else text


def hand_back(state: HandBackPage, speaker: Speaker) -> Body:
    """What fails comes first; whoever leaves says yes to it."""
    rows = [ResultRow("", _finding(one, speaker)) for one in state.findings]
    if state.closes:
        names = speaker.say("overview-between").join(speaker.say(f"service-{code}") for code in state.closes)
        rows.insert(0, ResultRow("", FactView(speaker.say("hand-back-closes"), names, strong=True)))
    out = any(verdict == "fails" for _, verdict, _ in state.findings)
    key = "hand-back-some-out" if out else "hand-back-all-well"
    speech = speaker.speech(key, seconds=f"{state.seconds:.1f}")
    return Body(
        ResultView((), tuple(rows)),
        speech,
        identity=key,
        tone=Tone.ATTENTION if out else Tone.SUCCESS,
        row=(speaker.action("go-on"),),
        main=speaker.action("hand-back", Role.PRIMARY),
    )


def _finding(finding: tuple[str, str, str], speaker: Speaker) -> FactView:
    what, verdict, word = finding
    name = speaker.say(f"device-{what}") if speaker.words.has(f"device-{what}") else speaker.say(f"finding-{what}")
    said = speaker.wording(word) if word else speaker.say(f"verdict-{verdict}")
    return FactView(name, said, strong=verdict == "fails")
