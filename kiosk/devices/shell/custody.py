"""Commands of the devices that keep, hand out and take in documents: locker, dispenser, intake."""

from __future__ import annotations

from dataclasses import asdict

from kiosk.devices.dispenser.contract import AtInit, CardPlace, Dispenser, PresentPermit, Taken
from kiosk.devices.intake.contract import Intake
from kiosk.devices.locker.contract import Compartment, ItemState, Locker, OpenPermit
from kiosk.devices.shell.words import Answer, Command, Moves, Options, Usage
from kiosk.devices.words import DeviceFault


def _compartment(options: Options) -> Compartment:
    word = options.words[0] if options.words else str(options.lock)
    if not word.isdecimal() or not int(word):
        raise Usage("a compartment is named by its number from 1: locker open 3 [--board 1]")
    return Compartment(options.board, int(word))


async def _felt(locker: Locker, options: Options) -> str:
    """What the board's light barrier says; most boards have none."""
    try:
        return (await locker.item(_compartment(options))).value
    except DeviceFault:
        # Opening asks the board too, and says what is wrong with it.
        return ItemState.UNKNOWN.value


async def _open(locker: Locker, options: Options) -> Answer:
    place = _compartment(options)
    permit = OpenPermit(f"shell-{place.board}-{place.lock}", place)
    return {"board": place.board, "lock": place.lock, "door": (await locker.open(permit)).value}


async def _door(locker: Locker, options: Options) -> Answer:
    place = _compartment(options)
    return {"board": place.board, "lock": place.lock, "door": (await locker.door(place)).value}


async def _doors(locker: Locker, options: Options) -> Answer:
    doors = await locker.doors(options.board)
    return {"board": options.board, "doors": {str(lock): state.value for lock, state in doors.items()}}


async def _item(locker: Locker, options: Options) -> Answer:
    place = _compartment(options)
    return {"board": place.board, "lock": place.lock, "item": (await locker.item(place)).value}


async def _issue(dispenser: Dispenser, options: Options) -> Answer:
    """A card of the stack at the gate; what is not taken in time goes into the bin."""
    await dispenser.stage()
    await dispenser.present(PresentPermit("shell"))
    taken = await dispenser.taken(seconds=options.seconds)
    if taken is Taken.LEFT:
        await dispenser.retain()
    return {"taken": taken.value}


async def _retain(dispenser: Dispenser, _options: Options) -> Answer:
    await dispenser.retain()
    return {"retained": await dispenser.retained()}


async def _retained(dispenser: Dispenser, _options: Options) -> Answer:
    return {"retained": await dispenser.retained()}


async def _init(dispenser: Dispenser, _options: Options) -> Answer:
    return {"firmware": await dispenser.init(AtInit.LEAVE)}


async def _stage_and_retain(dispenser: Dispenser, _options: Options) -> Answer:
    """A blank card goes from the stack to the reading place and from there into the bin; nobody can reach it."""
    if (await dispenser.status()).card is not CardPlace.NONE:
        return {"tried": False, "why": "a card is in the unit"}
    before = await dispenser.retained()
    await dispenser.stage()
    await dispenser.retain()
    return {"tried": True, "retained_more": await dispenser.retained() - before}


async def _take_in(intake: Intake, options: Options) -> Answer:
    await intake.take_in(seconds=options.seconds)
    return {"card": (await intake.where()).value}


async def _give_back(intake: Intake, options: Options) -> Answer:
    return {"given_back": (await intake.give_back(seconds=options.seconds)).value}


async def _keep(intake: Intake, _options: Options) -> Answer:
    await intake.keep()
    return asdict(await intake.counts())


async def _where(intake: Intake, _options: Options) -> Answer:
    return {"card": (await intake.where()).value}


async def _counts(intake: Intake, _options: Options) -> Answer:
    return asdict(await intake.counts())


LOCKER = {
    "open": Command(_open, Moves.YES, felt=_felt, person=True),
    "door": Command(_door, person=True),
    "doors": Command(_doors),
    "item": Command(_item, person=True),
}
DISPENSER = {
    "issue": Command(_issue, Moves.YES, person=True),
    "capture": Command(_retain, Moves.YES, person=True),
    "init": Command(_init, Moves.YES),
    "retained": Command(_retained),
    "trial": Command(_stage_and_retain, Moves.YES),
}
INTAKE = {
    "take-in": Command(_take_in, Moves.YES, person=True),
    "give-back": Command(_give_back, Moves.YES, person=True),
    "keep": Command(_keep, Moves.YES, person=True),
    "where": Command(_where),
    "counts": Command(_counts),
}
