"""Files for the sets of the proof: texts, a picture, a voice and a model, good ones and one that is not."""

from __future__ import annotations

import hashlib
import io
import math
import os
import struct
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.commands.brought import Files
from kiosk.commands.station import LOCALES, words_of
from kiosk.screens.samples import PICTURES
from kiosk.screens.words import OnMissing
from kiosk.settings import Settings
from kiosk.vision.dlib_parts import DESCRIBER
from kiosk.vision.models import YUNET, dlib_models, installed
from kiosk.vision.settings import models_folder

SAID = "Station by night"
"""In place of the packaged `station` of English."""
NAMED = "Монгол"
"""What the language more calls itself."""
ALT = {"zh-CN": "冬夜里亮着灯的警务站。", "en": "A lit station on a winter night.", "mn": "Гэрэлтэй цагдаагийн байр."}
RECORDED = "欢迎。要办什么，请轻触屏幕。"

_UNKNOWN_FIELD = b"\xa0\x7d\x01"
"""Field 2004 of no message: readers of protobuf pass it over, and the file is another one."""


@dataclass(frozen=True, slots=True)
class Content:
    """The settings of a set, and its files by path."""

    settings: str
    files: Mapping[str, bytes]


def good() -> Content:
    """One of each kind, and a recogniser, which needs several replies; without a model that is not installed here."""
    files = {f"texts/mn/{file.name}": _named(file.read_bytes()) for file in sorted((LOCALES / "en").glob("*.ftl"))}
    files["texts/en/night.ftl"] = f"station = {SAID}\n".encode()
    files["assets/winter-night.png"] = (PICTURES / "winter-night.png").read_bytes()
    files["assets/welcome.wav"] = _voice()
    lines = ["[brought.texts]", 'en = "texts/en"', 'mn = "texts/mn"', "", "[[brought.pictures]]"]
    told = ", ".join(f'{language} = "{alt}"' for language, alt in ALT.items())
    lines += ['file = "assets/winter-night.png"', f"alt = {{ {told} }}"]
    lines += ["[brought.voice.zh-CN]", 'file = "assets/welcome.wav"', f'words = "{RECORDED}"']
    model = installed(models_folder(os.environ), YUNET)
    if model is not None:
        files["models/detector.onnx"] = model.read_bytes() + _UNKNOWN_FIELD
        lines += _model(files["models/detector.onnx"])
    folder = dlib_models()
    if folder is not None:
        files["models/recogniser.dat"] = (folder / DESCRIBER).read_bytes()
        lines += _model(files["models/recogniser.dat"], "face-recogniser-dlib", "models/recogniser.dat")
        digest = hashlib.sha256(files["models/recogniser.dat"]).hexdigest()
        lines += ["[identity.thresholds.dlib]", f'of_model = "{digest}"']
    return Content("\n".join(lines) + "\n", files)


def broken_model() -> Content:
    """A network that is none."""
    files = {"models/detector.onnx": b"no network at all"}
    return Content("\n".join(_model(files["models/detector.onnx"])) + "\n", files)


def missing(settings: Settings, folder: Path) -> list[str]:
    """What of the good set is not as it was pushed, with these settings in force and these files on the disk."""
    files, brought = Files(folder), settings.brought
    words = words_of(settings, files, OnMissing.RAISE)
    lacks: list[str] = []
    if words["en"].say("station") != SAID:
        lacks.append("the text that was said otherwise")
    if settings.languages[-1] != "mn" or words["mn"].say("language-name") != NAMED:
        lacks.append("the language more")
    if [picture.alt for picture in brought.pictures] != [ALT]:
        lacks.append("the picture")
    if [voice.words for voice in brought.voice.values()] != [RECORDED] or not files.recordings(settings):
        lacks.append("the recorded voice")
    for path, file in brought.files.items():
        if hashlib.sha256(files.at(file.sha256).read_bytes()).hexdigest() != file.sha256:
            lacks.append(path)
    return lacks


def _named(source: bytes) -> bytes:
    return source.replace(b"language-name = English", f"language-name = {NAMED}".encode())


def _model(content: bytes, kind: str = "face-detector", file: str = "models/detector.onnx") -> list[str]:
    digest = hashlib.sha256(content).hexdigest()
    return [
        f"[brought.models.{kind}]",
        f'file = "{file}"',
        f'sha256 = "{digest}"',
        f"size = {len(content)}",
    ]


def _voice() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(22_050)
        file.writeframes(
            b"".join(struct.pack("<h", int(9000 * math.sin(2 * math.pi * 330 * n / 22_050))) for n in range(44_100))
        )
    return out.getvalue()
