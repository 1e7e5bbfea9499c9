"""Reports of the HLK-LD2410 radar: bytes in, values out, no I/O.

    F4 F3 F2 F1 | length(2) | kind AA state moving(2) energy still(2) energy detection(2) ... 55 00 | F8 F7 F6 F5

Numbers are little endian, distances in centimetres. Kind 02 is the plain report, 01 the engineering one, which says
more behind the same beginning.
"""

from __future__ import annotations

from kiosk.devices.presence.contract import Moving, Presence, Sighting

_HEAD, _TAIL = b"\xf4\xf3\xf2\xf1", b"\xf8\xf7\xf6\xf5"
_SHORTEST, _LONGEST = 13, 64
_MARK, _END = 0xAA, b"\x55\x00"
_KINDS = b"\x01\x02"

_STATES = {0: Moving.NOBODY, 1: Moving.MOVING, 2: Moving.STILL, 3: Moving.BOTH}


class Decoder:
    """Collects bytes and yields sightings; skips what is none."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> tuple[Sighting, ...]:
        """Sightings completed by these bytes, in order."""
        self._pending += data
        found: list[Sighting] = []
        while True:
            start = self._pending.find(_HEAD)
            # All but a possible beginning of a head is garbage.
            del self._pending[: max(0, len(self._pending) - len(_HEAD) + 1) if start < 0 else start]
            if start < 0 or len(self._pending) < 6:
                return tuple(found)
            length = int.from_bytes(self._pending[4:6], "little")
            whole = 6 + length + len(_TAIL)
            if not _SHORTEST <= length <= _LONGEST:
                del self._pending[0]
                continue
            if len(self._pending) < whole:
                return tuple(found)
            seen = _sighting(bytes(self._pending[6 : 6 + length])) if self._pending[:whole].endswith(_TAIL) else None
            del self._pending[: 1 if seen is None else whole]
            if seen is not None:
                found.append(seen)


def _sighting(body: bytes) -> Sighting | None:
    if body[0] not in _KINDS or body[1] != _MARK or not body.endswith(_END):
        return None
    moving = _STATES.get(body[2])
    if moving is None:
        return None
    moving_cm, still_cm = int.from_bytes(body[3:5], "little"), int.from_bytes(body[6:8], "little")
    return Sighting(
        Presence.NOT_PRESENT if moving is Moving.NOBODY else Presence.PRESENT,
        moving,
        moving_cm if moving in (Moving.MOVING, Moving.BOTH) else 0,
        still_cm if moving in (Moving.STILL, Moving.BOTH) else 0,
    )
