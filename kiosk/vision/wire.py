"""JSON lines between the terminal and its vision process; pictures travel in them as base64."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from kiosk.devices.camera.contract import (
    Advice,
    Asked,
    Challenged,
    Comparison,
    FaceScore,
    Guidance,
    Move,
    Presence,
    Shot,
    Standing,
)
from kiosk.people.portrait import PortraitStandard
from kiosk.vision.models import BroughtModel, ModelUse
from kiosk.vision.settings import CameraSettings, Deadlines, DecoderChoice, EngineChoice

Fields = Mapping[str, Any]
LONGEST_LINE = 32 * 1024 * 1024

NOT_COMPARED = 99.0
"""Distance of a comparison that did not take place: beyond any threshold, so that nobody passes by it."""


def line(fields: Fields) -> bytes:
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=True).encode("ascii") + b"\n"


def parse(data: bytes) -> dict[str, Any]:
    """Raises ValueError for anything but one JSON object."""
    value: Any = json.loads(data)
    if not isinstance(value, dict):
        raise ValueError("a line holds one object")
    return cast(dict[str, Any], value)


def pack(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def unpack(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def settings_out(settings: CameraSettings) -> dict[str, Any]:
    fields = asdict(settings)
    fields["models"] = str(settings.models)
    fields["brought"] = [[each.use.value, str(each.path), each.sha256] for each in settings.brought]
    fields["engine"] = settings.engine.value
    return fields


def settings_in(fields: Fields) -> CameraSettings:
    rest = dict(fields)
    rest["models"] = Path(rest["models"])
    rest["brought"] = tuple(BroughtModel(ModelUse(use), Path(path), sha256) for use, path, sha256 in rest["brought"])
    rest["engine"] = EngineChoice(rest["engine"])
    rest["deadlines"] = Deadlines(**rest["deadlines"])
    rest["decoders"] = tuple(
        DecoderChoice(choice["name"], tuple((key, value) for key, value in choice["options"]))
        for choice in rest["decoders"]
    )
    return CameraSettings(**rest)


def standard_out(standard: PortraitStandard | None) -> dict[str, Any] | None:
    return None if standard is None else asdict(standard)


def standard_in(fields: Fields | None) -> PortraitStandard | None:
    return None if fields is None else PortraitStandard(**fields)


def guidance_out(watch: int, guidance: Guidance) -> dict[str, Any]:
    return {
        "say": "guidance",
        "watch": watch,
        "frame": guidance.frame,
        "advice": guidance.advice.value,
        "face": guidance.face,
        "held": guidance.held_seconds,
    }


def guidance_in(fields: Fields) -> Guidance:
    face: Any = fields["face"]
    return Guidance(
        frame=fields["frame"],
        advice=Advice(fields["advice"]),
        face=None if face is None else (face[0], face[1], face[2], face[3]),
        held_seconds=fields["held"],
    )


def shot_out(request: int, shot: Shot) -> dict[str, Any]:
    return {
        "say": "shot",
        "id": request,
        "frame": shot.frame,
        "frame_jpeg": pack(shot.frame_jpeg),
        "product_jpeg": pack(shot.product_jpeg),
        "measures": shot.measures,
        "acceptable": shot.acceptable,
    }


def shot_in(fields: Fields) -> Shot:
    return Shot(
        frame=fields["frame"],
        frame_jpeg=unpack(fields["frame_jpeg"]),
        product_jpeg=unpack(fields["product_jpeg"]),
        measures=tuple((name, native, quality) for name, native, quality in fields["measures"]),
        acceptable=fields["acceptable"],
    )


def asked_out(request: int, asked: Asked) -> dict[str, Any]:
    move = None if asked.move is None else asked.move.value
    return {"say": "asked", "id": request, "move": move, "done": asked.done, "of": asked.of}


def asked_in(fields: Fields) -> Asked:
    move: Any = fields["move"]
    return Asked(None if move is None else Move(move), fields["done"], fields["of"])


def challenged_out(request: int, found: Challenged) -> dict[str, Any]:
    return {
        "say": "challenged",
        "id": request,
        "presence": found.presence.value,
        "reasons": found.reasons,
        "engine": found.engine,
        "standing": found.standing.value,
        "evidence": found.evidence,
        "straight": pack(found.straight_jpeg),
    }


def challenged_in(fields: Fields) -> Challenged:
    return Challenged(
        presence=Presence(fields["presence"]),
        reasons=tuple(fields["reasons"]),
        engine=fields["engine"],
        standing=Standing(fields["standing"]),
        evidence=tuple((name, value) for name, value in fields["evidence"]),
        straight_jpeg=unpack(fields["straight"]),
    )


def score_out(request: int, score: FaceScore) -> dict[str, Any]:
    return {
        "say": "score",
        "id": request,
        "verdict": score.verdict.value,
        "engine": score.engine,
        "distance": score.distance,
        "threshold": score.threshold,
        "evidence": score.evidence,
    }


def score_in(fields: Fields) -> FaceScore:
    return FaceScore(
        Comparison(fields["verdict"]),
        fields["engine"],
        fields["distance"],
        fields["threshold"],
        tuple((name, value) for name, value in fields["evidence"]),
    )


def not_compared(threshold: float) -> FaceScore:
    """No engine, no decoder, or no answer in time: headquarters compares."""
    return FaceScore(Comparison.NOT_AVAILABLE, "none", NOT_COMPARED, threshold)
