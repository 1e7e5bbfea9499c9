"""What an officer says to somebody at a terminal: one short clip, in the one form that terminals play.

    GET  /v1/help/clips/{sha256}    -> WAV bytes | 404 (no clip of an open call of this terminal)

RIFF/WAVE (Multimedia Programming Interface and Data Specifications 1.0, 1991, "WAVE form"), linear PCM, 16 bits, one
channel, 16 kHz: the header in its plain form of 44 bytes and nothing after the samples, so that nothing else fits in.
"""

from __future__ import annotations

import struct

MEDIA_TYPE = "audio/wav"
RATE = 16_000
"""Samples a second: wideband speech (ITU-T G.722)."""
LONGEST_SECONDS = 15
SHORTEST_MILLISECONDS = 300
"""A button that was brushed is no word."""
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
LARGEST = _HEADER.size + LONGEST_SECONDS * RATE * 2
"""Bytes of one clip at most."""


def milliseconds_of(clip: bytes) -> int:
    """How long it is. Raises ValueError for anything that is not such a clip, longer or shorter than one may be."""
    if not _HEADER.size <= len(clip) <= LARGEST:
        raise ValueError("not as large as a clip")
    said = _HEADER.unpack_from(clip)
    samples = len(clip) - _HEADER.size
    if said != (b"RIFF", len(clip) - 8, b"WAVE", b"fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16, b"data", samples):
        raise ValueError("not a clip's header")
    milliseconds = samples // 2 * 1000 // RATE
    if samples % 2 or milliseconds < SHORTEST_MILLISECONDS:
        raise ValueError("not as long as a clip")
    return milliseconds


def clip_of(samples: bytes) -> bytes:
    """Samples (16 bits, little end first) with their header. Not checked: see `milliseconds_of`."""
    size, count = _HEADER.size, len(samples)
    return (
        _HEADER.pack(b"RIFF", size + count - 8, b"WAVE", b"fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16, b"data", count)
        + samples
    )
