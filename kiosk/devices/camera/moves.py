"""Which moves a challenge asks for, drawn anew each time."""

from __future__ import annotations

import random

from kiosk.devices.camera.contract import Move


def draw_moves(chance: random.Random) -> tuple[Move, ...]:
    """One turn, the mouth, and one other move, in any order: one of 30 challenges.

    A turn tells a body from a picture, an opening mouth a face from a stiff mask; the third is for chance's sake.
    """
    turn, other_turn = chance.sample([Move.TURN_LEFT, Move.TURN_RIGHT], 2)
    moves = [turn, Move.OPEN_MOUTH, chance.choice([Move.BLINK, Move.COME_NEARER, other_turn])]
    chance.shuffle(moves)
    return tuple(moves)
