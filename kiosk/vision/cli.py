"""Commands of this room: a portrait laid open from a picture file, and the camera tried by hand."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.devices.camera.contract import Guidance
from kiosk.devices.words import DeviceState
from kiosk.people.portrait import PORTRAITS, PortraitStandard
from kiosk.vision.camera import VisionCamera
from kiosk.vision.settings import CameraSettings, models_folder

if TYPE_CHECKING:
    from kiosk.vision.sheet import Sheet

SHOT_SECONDS = 15.0
SETTLE_SECONDS = 3.0
"""How long `health` waits for the first sign of the source."""

_STANDARDS: Mapping[str, PortraitStandard | None] = {**{one.code: one for one in PORTRAITS}, "none": None}


def run(argv: list[str]) -> int:
    """`sheet IMAGE --out DIR [--models DIR]`: writes a JPEG for each product and sheet.png, prints JSON.

    0: the identity card's portrait could be cut, and no product breaks a rule of its office.
    """
    parser = argparse.ArgumentParser(prog="kiosk portrait")
    commands = parser.add_subparsers(dest="command", required=True)
    sheet = commands.add_parser("sheet", help="cut the product from a picture and lay it open")
    sheet.add_argument("image", type=Path)
    sheet.add_argument("--out", type=Path, required=True)
    sheet.add_argument("--models", type=Path, default=models_folder(os.environ))
    asked = parser.parse_args(argv)
    return _sheet(asked.image, asked.out, asked.models)


def _sheet(image: Path, out: Path, models: Path) -> int:
    # OpenCV is a matter of this command alone: the terminal's own imports stay light.
    from kiosk.vision.look import Looker
    from kiosk.vision.picture import decode, encode_png
    from kiosk.vision.sheet import draw, lay_open

    try:
        frame = decode(image.read_bytes())
    except OSError as missing:
        print(f"cannot read the picture: {missing.strerror}", file=sys.stderr)
        return 2
    if frame is None:
        print("this is not a picture", file=sys.stderr)
        return 2
    looker = Looker(models)
    sheets = [(standard, lay_open(looker, frame, standard)) for standard in PORTRAITS]
    out.mkdir(parents=True, exist_ok=True)
    for standard, found in sheets:
        if found.product:
            (out / f"{standard.code}.jpg").write_bytes(found.product)
    (out / "sheet.png").write_bytes(encode_png(draw(sheets)))
    first = sheets[0][1]
    answer = {
        "detection": looker.described,
        "products": {standard.code: _product(standard, found) for standard, found in sheets},
        "measures": _measures(first.seen.listed()),
    }
    print(json.dumps(answer, indent=2))
    return 0 if first.product and not any(found.product and found.broken for _, found in sheets) else 1


def _product(standard: PortraitStandard, found: Sheet) -> dict[str, Any]:
    """What came of one product; without one, `breaks` says which edge of the frame was in the way."""
    told: dict[str, Any] = {
        "advice": found.advice,
        "bytes": len(found.product),
        "breaks": found.broken,
        "confirmed": standard.confirmed,
    }
    if found.measured is not None:
        told["crown"] = "seen" if found.measured.hair_top is not None else "inferred"
        told["geometry"] = {name: value for name, value, _ in found.measured.listed()}
    return told


def _measures(listed: tuple[tuple[str, float, int], ...]) -> dict[str, Any]:
    return {
        name: {"value": native, "quality": quality} if quality >= 0 else "not measured"
        for name, native, quality in listed
    }


def camera_command(command: str, settings: Mapping[str, str]) -> dict[str, Any]:
    """Try the camera by hand: `shoot` or `health`.

    `settings` are those of `CameraSettings.of` (source, models, width, height, engine, threshold, decoder) and
    `standard` (id-card, none), `seconds`, `out` (a folder for frame.jpg and product.jpg). Raises ValueError for a
    command or setting that is unknown, DeviceFault when the camera cannot do it.
    """
    rest = dict(settings)
    standard = rest.pop("standard", "id-card")
    seconds = float(rest.pop("seconds", SHOT_SECONDS))
    out = rest.pop("out", "")
    try:
        known = CameraSettings.of(rest, os.environ)
        purpose = _STANDARDS[standard]
    except KeyError as missing:
        raise ValueError(f"unknown or missing setting {missing}") from None
    match command:
        case "shoot":
            return asyncio.run(_shoot(known, purpose, seconds, out))
        case "health":
            return asyncio.run(_health(known))
        case _:
            raise ValueError(f"unknown command {command}")


async def _shoot(
    settings: CameraSettings, purpose: PortraitStandard | None, seconds: float, out: str
) -> dict[str, Any]:
    camera = VisionCamera(settings)
    said: list[str] = []

    def tell(guidance: Guidance) -> None:
        if said[-1:] != [guidance.advice.value]:
            said.append(guidance.advice.value)

    try:
        await camera.watch(purpose, tell)
        shot = await camera.shoot(seconds=seconds)
        health = await camera.health()
    finally:
        await camera.close()
    files: list[str] = []
    for name, data in (("frame.jpg", shot.frame_jpeg), ("product.jpg", shot.product_jpeg)):
        if out and data:
            folder = Path(out)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
            files.append(str(folder / name))
    return {
        "frame": shot.frame,
        "acceptable": shot.acceptable,
        "frame_bytes": len(shot.frame_jpeg),
        "product_bytes": len(shot.product_jpeg),
        "advice": said,
        "measures": _measures(shot.measures),
        "detail": health.detail,
        "files": files,
    }


async def _health(settings: CameraSettings) -> dict[str, Any]:
    camera = VisionCamera(settings)
    loop = asyncio.get_running_loop()
    until = loop.time() + SETTLE_SECONDS
    try:
        camera.start()
        while True:
            health = await camera.health()
            if health.state is not DeviceState.STARTING or loop.time() >= until:
                return {"state": health.state.value, "code": health.code, "detail": health.detail}
            await asyncio.sleep(0.05)
    finally:
        await camera.close()
