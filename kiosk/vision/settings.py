"""How the camera is set up: source, models, engine, and every wait of this room by name."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kiosk.vision.models import BroughtModel

MODELS_VARIABLE = "KIOSK_MODELS"
REPOSITORY = Path(__file__).resolve().parents[2]


class EngineChoice(enum.Enum):
    """Which engine compares faces on this machine. NONE leaves every comparison to headquarters."""

    DLIB = "dlib"
    SFACE = "sface"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DecoderChoice:
    """A photo decoder to load: a name in the entry-point group `kiosk.photo_decoders`, or `module:attribute`.

    `options` are handed to the decoder's factory as they are.
    """

    name: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds. The child obeys those of the capture, the terminal those of the child."""

    open_source: float = 3.0
    """OpenCV's own limit for opening a stream."""
    read_source: float = 2.0
    """OpenCV's own limit for the next frame of a stream."""
    first_beat: float = 15.0
    """From the start of the child to its first sign of life: imports from a cold disk."""
    beat: float = 6.0
    """Silence after which the child counts as hung and is killed."""
    compare: float = 8.0
    shot_margin: float = 2.0
    """Beyond the seconds given to `shoot`: cutting and searching the JPEG's quality."""
    close: float = 1.0
    """From the end of the pipe to the end of the child; killed after that."""
    restart_first: float = 0.2
    restart_most: float = 5.0
    """Back-off between starts of the child, doubled from the first to the most."""
    reopen_first: float = 0.3
    reopen_most: float = 2.0
    """Back-off of the child between attempts to open a source that is away."""
    healthy_after: float = 10.0
    """A child that lived this long starts its back-off anew."""
    frozen: float = 10.0
    """Identical frames from a live source for this long: the sensor or its driver hangs."""
    stale: float = 1.5
    """A frame older than this is no longer shown."""


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """One camera.

    `source` is a device (`/dev/v4l/by-id/...` or an index), a recording (`visit.avi`, `frames/f%03d.jpg`, one
    picture) or a stream (`http://...`, `rtsp://...`). `models` is the folder of installed model files. `threshold`
    is the largest distance that still counts as the same person; the default is NOT VALIDATED on real people.
    """

    source: str
    models: Path
    brought: tuple[BroughtModel, ...] = ()
    """Models of the signed set in force, in place of the installed ones."""
    width: int = 1280
    height: int = 720
    frames_a_second: int = 25
    device_name: str = ""
    """What the kernel calls this station's camera; "" for any. A challenge fails on a device of another name."""
    engine: EngineChoice = EngineChoice.DLIB
    threshold: float = 0.55
    doubt: float = 0.05
    """Below the threshold by less than this is not decided: 0.50 to 0.55 passes nobody."""
    threshold_set_on: str = ""
    """The day the threshold was set, ISO 8601."""
    threshold_validated: str = ""
    """Where the threshold was measured on real people; empty while it has not been."""
    decoders: tuple[DecoderChoice, ...] = ()
    deadlines: Deadlines = field(default_factory=Deadlines)

    @staticmethod
    def of(options: Mapping[str, str], environment: Mapping[str, str]) -> CameraSettings:
        """From plain `key=value` options, as a command line gives them. Raises ValueError or KeyError naming the
        key.
        """
        settings = CameraSettings(source=options["source"], models=models_folder(environment))
        for key, value in options.items():
            match key:
                case "source":
                    pass
                case "models":
                    settings = replace(settings, models=Path(value))
                case "width":
                    settings = replace(settings, width=int(value))
                case "height":
                    settings = replace(settings, height=int(value))
                case "rate":
                    settings = replace(settings, frames_a_second=int(value))
                case "name":
                    settings = replace(settings, device_name=value)
                case "engine":
                    settings = replace(settings, engine=EngineChoice(value))
                case "threshold":
                    settings = replace(settings, threshold=float(value))
                case "doubt":
                    settings = replace(settings, doubt=float(value))
                case "decoder":
                    settings = replace(settings, decoders=(*settings.decoders, DecoderChoice(value)))
                case _:
                    raise KeyError(key)
        return settings


def models_folder(environment: Mapping[str, str]) -> Path:
    """The folder of model files: `KIOSK_MODELS` of the environment, else `models` beside the package."""
    named = environment.get(MODELS_VARIABLE, "")
    return Path(named) if named else REPOSITORY / "models"
