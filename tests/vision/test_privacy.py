"""The vision process writes nothing down."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from kiosk.people.portrait import ID_CARD_PORTRAIT
from kiosk.vision.camera import VisionCamera
from kiosk.vision.settings import CameraSettings
from tests.vision.people import Projector, chip


def written_to(process: int) -> set[str]:
    """What a process has open for writing that outlives it: no pipes, no memory without a name, no devices."""
    found: set[str] = set()
    for entry in Path(f"/proc/{process}/fd").iterdir():
        try:
            target = str(entry.readlink())
            info = Path(f"/proc/{process}/fdinfo/{entry.name}").read_text("ascii")
        except OSError:
            continue
        flags = next(int(line.split()[1], 8) for line in info.splitlines() if line.startswith("flags:"))
        lasting = target.startswith("/") and not target.startswith(("/memfd:", "/dev/", "/proc/"))
        if lasting and flags & (os.O_WRONLY | os.O_RDWR):
            found.add(target)
    return found


def test_no_frame_and_no_template_goes_to_disk(models: Path, projector: Projector) -> None:
    async def scene() -> None:
        camera = VisionCamera(CameraSettings(projector.url, models))
        seen: set[str] = set()
        try:
            ours = written_to(os.getpid())
            await camera.watch(ID_CARD_PORTRAIT, lambda _: None)
            shot = await camera.shoot(seconds=30)
            child = camera.child_id
            assert child is not None
            seen |= written_to(child)
            _ = await camera.compare(shot.frame_jpeg, chip("1031"))
            seen |= written_to(child)
            await camera.rest()
            # What the test run itself writes to is inherited as standard error.
            assert seen <= ours
            assert camera.frames.latest() is None
        finally:
            await camera.close()

    asyncio.run(scene())
