"""The camera as the settings describe it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kiosk.settings import Settings
from kiosk.vision.frames import FrameSource
from kiosk.vision.settings import CameraSettings, DecoderChoice, EngineChoice


class Picture:
    """The frames of whichever camera is there now, for a window that outlives it. Read on the window's thread."""

    def __init__(self) -> None:
        self._source: FrameSource | None = None

    def show(self, source: FrameSource) -> None:
        """This camera's from now on."""
        self._source = source

    def latest(self) -> tuple[int, int, int, bytes] | None:
        """As the camera's own."""
        source = self._source
        return None if source is None else source.latest()


def camera_settings(settings: Settings, environment: Mapping[str, str], *, simulated: bool) -> CameraSettings:
    """Of the terminal's own camera. Simulated citizens' cards hold photographs of their own kind."""
    engine = engine_of(settings)
    asked = CameraSettings.of(settings.devices["camera"].settings, environment)
    plain = replace(
        asked,
        models=asked.models if settings.models.folder is None else settings.models.folder,
        engine=engine,
        decoders=(DecoderChoice("kiosk.vision.simulated_photos:decoder"),) if simulated else asked.decoders,
    )
    match engine:
        case EngineChoice.NONE:
            return plain
        case EngineChoice.DLIB:
            line = settings.identity.thresholds["dlib"]
        case EngineChoice.SFACE:
            line = settings.identity.thresholds["sface"]
    return replace(
        plain,
        threshold=line.threshold,
        doubt=line.doubt,
        threshold_set_on=line.set_on.isoformat(),
        threshold_validated=line.validated,
    )


def engine_of(settings: Settings) -> EngineChoice:
    """Which engine compares on this machine; NONE where headquarters does."""
    match settings.identity.face_engine:
        case "headquarters":
            return EngineChoice.NONE
        case "dlib":
            return EngineChoice.DLIB
        case "sface":
            return EngineChoice.SFACE
