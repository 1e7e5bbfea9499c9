"""小动作: a few small moves before the comparison, to tell a person from a picture; short, calm, never a dead end.

While what judges them is not certified they decide nothing: who passes goes on to the comparison and the fingerprint,
and who does not, for whatever reason, to the fingerprint at once.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace

from kiosk.counter.desk import Desk
from kiosk.counter.pages import Conversation
from kiosk.devices.camera.contract import Asked, Challenged, Move, Presence
from kiosk.devices.camera.moves import draw_moves
from kiosk.flows.performing import At
from kiosk.flows.steps import FactorResult
from kiosk.screens.stage import Intent
from kiosk.screens.states import FaceMove, FacePage, FaceStage


async def challenged(desk: Desk, page: Conversation, face: FacePage, at: At) -> bytes | FactorResult:
    """The straight look of whoever passed, for the comparison; DECLINED or UNAVAILABLE of whoever did not.

    Raises DeviceFault and TimeoutError where the camera fails.
    """
    moves = draw_moves(random.Random(desk.ids.nonce()))
    began = desk.clock.monotonic()

    def tell(asked: Asked) -> None:
        if asked.done:
            page.somebody_is_there()
        page.amend(_asking(face, asked.move, asked.done, asked.of))

    page.amend(_asking(face, None, 0, len(moves)))
    found = await page.alongside(_challenge(desk, moves, tell), "other-way")
    if isinstance(found, Intent):
        return FactorResult.DECLINED
    await desk.audit.write(
        "face-challenged",
        at.case,
        {
            "presence": found.presence.value,
            "reasons": " ".join(found.reasons),
            "engine": found.engine,
            "standing": found.standing.value,
            "moves": " ".join(move.value for move in moves),
            "seconds": f"{desk.clock.monotonic() - began:.1f}",
            **dict(found.evidence),
        },
    )
    if found.presence is Presence.LIVE and found.straight_jpeg:
        return found.straight_jpeg
    page.amend(replace(face, stage=FaceStage.CHALLENGE_OVER))
    _ = await page.alongside(asyncio.sleep(desk.durations.face_moves_on), "other-way")
    return FactorResult.UNAVAILABLE


async def _challenge(desk: Desk, moves: tuple[Move, ...], tell: Callable[[Asked], None]) -> Challenged:
    return await desk.camera.challenge(moves, seconds=desk.durations.face_challenge, tell=tell)


def _asking(face: FacePage, move: Move | None, done: int, of: int) -> FacePage:
    wording = FaceMove.LOOK_STRAIGHT if move is None else FaceMove(move.value)
    return replace(face, stage=FaceStage.CHALLENGE, move=wording, done=done, of=of)
