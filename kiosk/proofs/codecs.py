"""Feed one codec frames: `python -m kiosk.proofs.codecs NAME --frames N --seed S`; figures as JSON.

Frames are made from sound ones by chance, the same for a seed: left as they are, altered, cut short, spliced,
repeated, or noise; and come in pieces. Exit status 0 when nothing was raised but the codec's own error, nothing took
longer than `LONGEST_SECONDS`, and no more was kept than the codec may keep.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from kiosk.proofs.fuzzed import CODECS, Codec

LONGEST_SECONDS = 1.0
"""Of processor time, for one piece."""
A_LIFE = 200
"""Frames one decoder lives through before a fresh one takes over."""
NOISE_BYTES = 48
MOST_GROWTH_KIB = 4096
"""By how much the peak of the process's memory may grow after the first tenth of the frames."""


@dataclass
class Figures:
    """What came of it."""

    codec: str
    frames: int = 0
    bytes: int = 0
    raised: dict[str, int] = field(default_factory=dict[str, int])
    """The codec's own error, by its text's first words."""
    most_held: int = 0
    slowest_ms: float = 0.0
    seconds: float = 0.0
    grown_kib: int = 0
    """The process's peak at the end over that after a tenth of the frames."""
    peak_kib: int = 0
    broken: list[str] = field(default_factory=list[str])


def frame(rng: random.Random, samples: Sequence[bytes]) -> bytes:
    """One frame, sound or not."""
    how = rng.random()
    sample = samples[int(rng.random() * len(samples))]
    if how < 0.15:
        return sample
    if how < 0.30:
        return rng.randbytes(int(rng.random() * NOISE_BYTES))
    altered = bytearray(sample)
    if how < 0.75:
        for _ in range(1 + int(rng.random() * 3)):
            altered[int(rng.random() * len(altered))] = int(rng.random() * 256)
        return bytes(altered)
    cut = int(rng.random() * len(altered))
    if how < 0.85:
        return bytes(altered[:cut])
    other = samples[int(rng.random() * len(samples))]
    if how < 0.95:
        return bytes(altered[:cut]) + other
    return sample * (1 + int(rng.random() * 4))


def pieces(rng: random.Random, data: bytes) -> tuple[bytes, ...]:
    """The frame as it arrives."""
    if rng.random() < 0.6 or len(data) < 2:
        return (data,)
    cut = 1 + int(rng.random() * (len(data) - 1))
    return data[:cut], data[cut:]


def feed(name: str, codec: Codec, frames: int, seed: int) -> Figures:
    """Feed so many frames."""
    figures = Figures(name)
    rng = random.Random(f"{name} {seed}")
    raised: Counter[str] = Counter()
    fed = codec.fresh()
    began = time.monotonic()
    settled = 0
    for number in range(frames):
        if number % A_LIFE == 0:
            fed = codec.fresh()
        if number == frames // 10:
            settled = _peak_kib()
        data = frame(rng, codec.samples)
        figures.bytes += len(data)
        for piece in pieces(rng, data):
            before = time.thread_time()
            try:
                _ = fed.feed(piece)
            except codec.errors as error:
                raised[type(error).__name__] += 1
            except Exception as error:  # what a codec must not raise, whatever it is
                figures.broken.append(f"frame {number}: {type(error).__name__} for {piece.hex()}")
                fed = codec.fresh()
            taken = time.thread_time() - before
            if taken * 1000 > figures.slowest_ms:
                figures.slowest_ms = round(taken * 1000, 3)
            held = fed.held()
            if held > figures.most_held:
                figures.most_held = held
        if len(figures.broken) > 20:
            break
        figures.frames += 1
    figures.raised = dict(raised)
    figures.seconds = round(time.monotonic() - began, 1)
    figures.peak_kib = _peak_kib()
    figures.grown_kib = figures.peak_kib - settled
    if figures.most_held > codec.most:
        figures.broken.append(f"kept {figures.most_held} bytes, may keep {codec.most}")
    if figures.grown_kib > MOST_GROWTH_KIB:
        figures.broken.append(f"the process grew by {figures.grown_kib} KiB")
    if figures.slowest_ms > LONGEST_SECONDS * 1000:
        figures.broken.append(f"one piece took {figures.slowest_ms} ms")
    return figures


def _peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(argv: Sequence[str] | None = None) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.proofs.codecs")
    parser.add_argument("codec", choices=sorted(CODECS))
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    figures = feed(options.codec, CODECS[options.codec], options.frames, options.seed)
    print(json.dumps(asdict(figures)))
    return 1 if figures.broken else 0


if __name__ == "__main__":
    sys.exit(main())
