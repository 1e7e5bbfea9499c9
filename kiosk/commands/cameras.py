"""The camera as the settings describe it."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.settings import Settings
from kiosk.vision.settings import CameraSettings, DecoderChoice, EngineChoice, models_folder


def camera_settings(settings: Settings, environment: Mapping[str, str], *, simulated: bool) -> CameraSettings:
    """Of the terminal's own camera. Simulated citizens' cards hold photographs of their own kind."""
    engine = engine_of(settings)
    plain = CameraSettings(
        source=settings.devices["camera"].settings["source"],
        models=models_folder(environment) if settings.models.folder is None else settings.models.folder,
        engine=engine,
        decoders=(DecoderChoice("kiosk.vision.simulated_photos:decoder"),) if simulated else (),
    )
    match engine:
        case EngineChoice.NONE:
            return plain
        case EngineChoice.DLIB:
            line = settings.identity.thresholds["dlib"]
        case EngineChoice.SFACE:
            line = settings.identity.thresholds["sface"]
    return CameraSettings(
        source=plain.source,
        models=plain.models,
        engine=engine,
        decoders=plain.decoders,
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
