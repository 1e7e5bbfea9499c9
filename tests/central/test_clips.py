"""What the staff say aloud: a short clip in one form, for one terminal alone, kept while the call is open."""

from __future__ import annotations

import hashlib
import io
import math
import struct
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from central.desks import clips, tickets
from central.model_help import TicketClip, TicketLine
from central.problems import Declined
from kiosk.protocol.clips import LARGEST, LONGEST_SECONDS, RATE, clip_of, milliseconds_of
from tests.central.office import Office


def tone(seconds: float, hertz: float = 440.0) -> bytes:
    """A clip with something in it."""
    count = int(RATE * seconds)
    samples = (round(9000 * math.sin(2 * math.pi * hertz * n / RATE)) for n in range(count))
    return clip_of(b"".join(struct.pack("<h", one) for one in samples))


def called(office: Office, voice: bool = True) -> tuple[str, str]:
    key = office.fresh()
    payload = {"page": "PayPage", "service": "HZ01", "language": "en", "voice": voice}
    return key, office.file("help-call", payload, key=key)["number"]


def test_a_clip_is_what_every_player_of_wave_files_reads() -> None:
    with wave.open(io.BytesIO(tone(0.5)), "rb") as heard:
        assert (heard.getframerate(), heard.getnchannels(), heard.getsampwidth()) == (RATE, 1, 2)
        assert heard.getnframes() == RATE // 2
    assert milliseconds_of(tone(0.5)) == 500
    assert milliseconds_of(clip_of(bytes(LONGEST_SECONDS * RATE * 2))) == LONGEST_SECONDS * 1000


@given(st.binary(max_size=200) | st.builds(clip_of, st.binary(max_size=200)))
def test_what_is_no_clip_is_none_whatever_it_is(content: bytes) -> None:
    with pytest.raises(ValueError, match="not "):
        _ = milliseconds_of(content)


def test_one_bit_more_or_less_in_its_header_makes_it_none() -> None:
    clip = tone(0.4)
    for bit in range(44 * 8):
        other = bytearray(clip)
        other[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ValueError, match="not "):
            _ = milliseconds_of(bytes(other))
    with pytest.raises(ValueError, match="large"):
        _ = milliseconds_of(clip_of(bytes(LARGEST)))
    with pytest.raises(ValueError, match="long"):
        _ = milliseconds_of(tone(0.2))


def test_it_is_heard_at_the_callers_terminal_and_when_the_call_is_closed_nobody_has_it(office: Office) -> None:
    key, number = called(office)
    by, clip = office.headquarters.by_a_person, tone(0.5)
    assert by(lambda desk: clips.speak(desk, number, "wang", clip)) == 500
    name = hashlib.sha256(clip).hexdigest()
    answer = office.post("/v1/help", {"key": key})
    assert (answer["state"], answer["said"]) == ("answered", [])
    assert answer["spoken"] == [{"sha256": name, "milliseconds": 500}]
    path = f"/v1/help/clips/{name}"
    assert office.send("GET", path) == (200, clip)
    assert office.send("GET", path, terminal="KDL-006")[0] == 404
    assert office.send("GET", "/v1/help/clips/" + "0" * 64)[0] == 404
    by(lambda desk: tickets.close(desk, number, "wang"))
    assert office.send("GET", path)[0] == 404
    assert by(lambda desk: desk.db.scalars(select(TicketClip)).all()) == []
    # That it was said stays: who, when, how long.
    (line,) = by(lambda desk: desk.db.scalars(select(TicketLine).where(TicketLine.number == number)).all())
    assert (line.by, line.text, line.spoken_ms) == ("wang", "", 500)
    with pytest.raises(Declined):
        by(lambda desk: clips.speak(desk, number, "wang", clip))


def test_nothing_is_said_where_nobody_could_hear_it(office: Office) -> None:
    _, number = called(office, voice=False)
    with pytest.raises(Declined) as refused:
        office.headquarters.by_a_person(lambda desk: clips.speak(desk, number, "wang", tone(0.5)))
    assert refused.value.problem.code == "no-voice"


def test_what_nobody_fetched_is_not_kept(office: Office) -> None:
    _, number = called(office)
    clip = tone(0.5)
    _ = office.headquarters.by_a_person(lambda desk: clips.speak(desk, number, "wang", clip))
    office.clock.forward(seconds=clips.FORGOTTEN.total_seconds())
    office.headquarters.look_at_the_clock()
    assert office.send("GET", f"/v1/help/clips/{hashlib.sha256(clip).hexdigest()}")[0] == 404
