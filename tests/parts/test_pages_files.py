"""Pictures and recorded voice of a set: what is wrong is told with its file and what to do."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest
from PIL import Image

from kiosk.parts.asking import NOT_JUDGED, Wanted, judged
from kiosk.parts.pictures import judge_picture
from kiosk.parts.voices import judge_voice
from kiosk.screens.samples import PICTURES

GOOD = (PICTURES / "winter-night.png").read_bytes()


def drawn(width: int, height: int, form: str = "PNG", mode: str = "RGB", **how: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, form, **how)
    return out.getvalue()


def moving() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (1500, 600), colour) for colour in ("navy", "white")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def photographed() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    return drawn(1500, 600, "JPEG", exif=exif.tobytes())


def test_a_whole_picture_of_the_format_of_its_place_is_good() -> None:
    assert judge_picture("assets/winter-night.png", GOOD) == ()
    assert judge_picture("assets/a.jpg", drawn(1500, 600, "JPEG")) == ()


@pytest.mark.parametrize(
    ("path", "content", "complaint"),
    [
        ("assets/a.png", GOOD[:-2000], "cannot be decoded to its end"),
        ("assets/a.png", GOOD[:-12], "a.png: "),
        ("assets/a.jpg", drawn(1500, 600, "JPEG")[:-2], "Save it again, whole"),
        ("assets/a.png", b"<svg/>", "Save it as PNG or JPEG"),
        ("assets/a.png", drawn(1500, 600, "GIF"), "Save it as PNG or JPEG"),
        ("assets/a.jpg", GOOD, "is PNG. Name it .png"),
        ("assets/a.png", drawn(1500, 1500), "save it with 1500 x 600"),
        ("assets/a.png", drawn(250, 100), "save it with 1500 x 600"),
        ("assets/a.png", drawn(10_000, 4000, mode="1"), "save it with 1500 x 600"),
        ("assets/a.png", moving(), "moves"),
        ("assets/a.jpg", photographed(), "EXIF"),
        ("assets/a.jpg", drawn(1500, 600, "JPEG", "CMYK"), "has colours as CMYK"),
        ("assets/a.png", b"x" * (2 * 1024 * 1024 + 1), "Save it smaller"),
    ],
)
def test_what_is_wrong_with_a_picture(path: str, content: bytes, complaint: str) -> None:
    found = judge_picture(path, content)
    assert any(complaint in each for each in found), found


def spoken(seconds: float, rate: int = 22_050, width: int = 2, loud: float = 0.3) -> bytes:
    count = int(seconds * rate)
    tone = np.sin(np.arange(count) * 2 * np.pi * 220 / rate) * loud
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes((np.clip(tone, -1, 1) * 32767).astype("<i2").tobytes()[: count * width])
    return out.getvalue()


def test_a_voice_that_can_be_heard_is_good() -> None:
    assert judge_voice("assets/a.wav", spoken(2.0)) == ()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"OggS", "is no WAV file"),
        (spoken(2.0)[:-400], "is cut off"),
        (spoken(0.1), "lasts 0.1 s"),
        (spoken(31.0, 16_000), "lasts 31.0 s"),
        (spoken(2.0, 8_000), "8000 Hz"),
        (spoken(2.0, width=1), "has 8 bits"),
        (spoken(2.0, loud=0.001), "too quiet"),
        (spoken(2.0, loud=9.0), "too loud"),
    ],
)
def test_what_is_wrong_with_a_voice(content: bytes, complaint: str) -> None:
    found = judge_voice("assets/a.wav", content)
    assert any(complaint in each for each in found), found


def test_files_are_judged_in_a_process_of_their_own_which_may_fall() -> None:
    files = {"assets/a.png": GOOD, "assets/b.png": b"no"}
    told = judged(Wanted(pictures=tuple(files)), files)
    assert len(told) == 1 and told[0].startswith("assets/b.png: is no picture")
    assert judged(Wanted(pictures=("assets/missing.png",)), files) == (NOT_JUDGED,)
    assert judged(Wanted(), files) == ()
