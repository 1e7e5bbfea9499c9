"""No bytes make a codec raise anything but its own error, hang, or keep more than a frame needs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.proofs.codecs import feed, frame
from kiosk.proofs.fuzzed import CODECS, Codec


@st.composite
def streams(draw: st.DrawFn, codec: Codec) -> list[bytes]:
    """Pieces of sound frames, of frames with bytes altered, cut short or spliced, and noise."""
    sound = st.sampled_from(codec.samples)
    pieces: list[bytes] = []
    for _ in range(draw(st.integers(1, 6))):
        data = bytearray(draw(st.one_of(sound, st.binary(max_size=40))))
        for at, value in draw(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=3)):
            if data:
                data[at % len(data)] = value
        cut = draw(st.integers(0, len(data)))
        pieces += [bytes(data[:cut]), bytes(data[cut:])] if draw(st.booleans()) else [bytes(data[:cut] or data)]
    return pieces


@pytest.mark.parametrize("name", CODECS)
def test_nothing_is_raised_but_the_codecs_own_error_and_little_is_kept(name: str) -> None:
    codec = CODECS[name]

    @settings(max_examples=100, deadline=None)
    @given(streams(codec))
    def fed(pieces: list[bytes]) -> None:
        decoder = codec.fresh()
        for piece in pieces:
            try:
                decoder.feed(piece)
            except codec.errors:
                continue
            finally:
                assert decoder.held() <= codec.most

    fed()


@pytest.mark.parametrize("name", CODECS)
def test_every_sample_is_a_sound_frame(name: str) -> None:
    for sample in CODECS[name].samples:
        CODECS[name].fresh().feed(sample)


def test_a_seed_makes_the_same_frames_and_other_errors_are_told() -> None:
    import random

    samples = (b"one", b"another")
    made = [[frame(random.Random(7), samples) for _ in range(50)] for _ in range(2)]
    assert made[0] == made[1]

    def break_at(data: bytes) -> object:
        raise KeyError(len(data))

    codec = CODECS["ipp"]
    broken = Codec(lambda: type(codec.fresh())(break_at, lambda: 9), samples, (ValueError,), most=3)
    figures = feed("broken", broken, 10, 1)
    assert "KeyError" in figures.broken[0]
    assert "kept 9 bytes, may keep 3" in figures.broken[-1]


def test_one_codec_is_fed_by_a_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.proofs.codecs", "ld2410", "--frames", "500"], capture_output=True, check=True
    )
    made = json.loads(done.stdout)
    assert (made["frames"], made["broken"]) == (500, [])
