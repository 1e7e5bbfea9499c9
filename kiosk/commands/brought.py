"""What a signed set brought, handed to the rooms that use it: texts, the attract page's recordings, models."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kiosk.clock import Worker
from kiosk.devices.audio.speech import recording_name
from kiosk.parts.asking import Wanted, judged
from kiosk.settings import Settings
from kiosk.vision.models import BroughtModel, ModelUse


class PartsInspector:
    """The keeper's Inspector: has files judged in a process of their own, for which the worker waits."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def complaints(self, settings: Settings, parts: Mapping[str, bytes]) -> tuple[str, ...]:
        """See Inspector."""
        wanted = Wanted(*settings.brought.uses())
        held = {path: parts[path] for path in settings.brought.files}
        return await self._worker.run(lambda: judged(wanted, held))


class Files:
    """The files of sets on this machine's disk, by their SHA-256 (kiosk.configuration.shelf)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def at(self, sha256: str) -> Path:
        """Where it lies; it was there, whole, when the settings that name it came into force."""
        return self.folder / sha256

    def models(self, settings: Settings) -> tuple[BroughtModel, ...]:
        """For the camera's process."""
        return tuple(
            BroughtModel(ModelUse(kind.value), self.at(model.sha256), model.sha256)
            for kind, model in settings.brought.models.items()
        )

    def recordings(self, settings: Settings) -> dict[str, Path]:
        """What was recorded, by the name under which the loudspeaker looks for a line."""
        brought = settings.brought
        return {
            recording_name(voice.words, language): self.at(brought.files[voice.file].sha256)
            for language, voice in brought.voice.items()
        }

    def texts(self, settings: Settings) -> dict[str, tuple[str, ...]]:
        """The sources of each language that a set says anything in. Raises OSError, UnicodeDecodeError."""
        return {
            language: tuple(self.at(sha256).read_text("utf-8") for sha256 in settings.brought.texts_of(language))
            for language in settings.brought.texts
        }
