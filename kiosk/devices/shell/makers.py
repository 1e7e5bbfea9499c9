"""Commands of the machines that make an item or rewrite one."""

from __future__ import annotations

from kiosk.devices.making import HandsOut, MakesItems, Place
from kiosk.devices.shell.words import Answer, Command, Moves, Options


async def _where(maker: HandsOut, _options: Options) -> Answer:
    return {"place": (await maker.where()).value}


async def _retain(maker: HandsOut, _options: Options) -> Answer:
    await maker.retain()
    return {"retained": (await maker.status()).retained}


async def _clear(maker: HandsOut, _options: Options) -> Answer:
    await maker.clear()
    return {"place": (await maker.where()).value}


async def _stage_and_retain(maker: MakesItems, _options: Options) -> Answer:
    """A blank goes from the stack into the path and from there into the bin; nobody can reach it."""
    if await maker.where() is not Place.NONE:
        return {"tried": False, "why": "something is in the path"}
    before = (await maker.status()).retained
    await maker.stage()
    await maker.retain()
    after = (await maker.status()).retained
    return {"tried": True, "retained_more": None if before is None or after is None else after - before}


HANDS_OUT = {
    "where": Command(_where),
    "retain": Command(_retain, Moves.YES, person=True),
    "clear": Command(_clear, Moves.YES, person=True),
}
MAKES_ITEMS = {**HANDS_OUT, "trial": Command(_stage_and_retain, Moves.YES)}
