"""One frame looked at once: faces, mesh, measures and, for a portrait, the cut."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from kiosk.people.portrait import PortraitStandard
from kiosk.vision import measures
from kiosk.vision.detection import Face, FaceFinder, Mesh, MeshFinder, face_finder, mesh_finder
from kiosk.vision.measures import Measure
from kiosk.vision.models import BroughtModel
from kiosk.vision.picture import Image
from kiosk.vision.portrait import Cut, Side, beyond, crown_row, plan, sketch


@dataclass(frozen=True, slots=True)
class Seen:
    """What a frame shows. `measures` by OFIQ name; `cut` and `product` only for a portrait whose cut is known.

    `product` is present only when the cut lies inside the frame; it is a sketch for looking at, not for keeping.
    """

    width: int
    height: int
    faces: tuple[Face, ...]
    mesh: Mesh | None
    face_width: float
    measures: dict[str, Measure]
    cut: Cut | None
    crossed: tuple[Side, ...]
    product: Image | None

    @property
    def face(self) -> Face | None:
        return self.faces[0] if self.faces else None

    @property
    def area(self) -> tuple[float, float, float, float] | None:
        """The largest face as fractions of the frame, held inside it."""
        if self.face is None:
            return None
        x, y, width, height = self.face.box
        left, top = max(0.0, x / self.width), max(0.0, y / self.height)
        return (
            round(left, 4),
            round(top, 4),
            round(min(1.0, (x + width) / self.width) - left, 4),
            round(min(1.0, (y + height) / self.height) - top, 4),
        )

    def listed(self) -> tuple[tuple[str, float, int], ...]:
        """As a `Shot` carries them."""
        return tuple((found.name, round(found.native, 4), found.quality) for found in self.measures.values())


DETECT_EVERY = 3
"""Frames from one look of the detector to the next while the mesh is followed."""
FOLLOWED_PRESENCE = 6.0
"""A mesh less sure than this is not followed (faces give 10 to 29)."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a detector's box lies about the mesh of the same face: its middle and size over the mesh's own."""

    right: float
    down: float
    wide: float
    high: float

    @staticmethod
    def of(face: Face, mesh: Mesh) -> Fit:
        x, y, width, height = _extent(mesh)
        left, top, wide, high = face.box
        return Fit((left + wide / 2 - x) / width, (top + high / 2 - y) / height, wide / width, high / height)

    def moved(self, face: Face, mesh: Mesh) -> Face:
        """The face where this mesh was found."""
        x, y, width, height = _extent(mesh)
        wide, high = self.wide * width, self.high * height
        box = (x + self.right * width - wide / 2, y + self.down * height - high / 2, wide, high)
        return replace(face, box=box, eyes=mesh.eyes)


def _extent(mesh: Mesh) -> tuple[float, float, float, float]:
    """Middle and size of the mesh, pixels."""
    low, high = mesh.points[:, :2].min(axis=0), mesh.points[:, :2].max(axis=0)
    (x, y), (width, height) = (low + high) / 2, np.maximum(high - low, 1.0)
    return float(x), float(y), float(width), float(height)


@dataclass(frozen=True, slots=True)
class Followed:
    """What a frame showed, how many frames ago the detector looked, and how its box lay; None: nothing to follow."""

    seen: Seen
    frames: int
    fit: Fit | None


class Looker:
    """The detectors of one process. Not thread-safe: one thread looks."""

    def __init__(self, models: Path, pushed: tuple[BroughtModel, ...] = ()) -> None:
        self.finder: FaceFinder = face_finder(models, pushed)
        self.meshes: MeshFinder | None = mesh_finder(models, pushed)

    @property
    def described(self) -> str:
        """For a technician: which detector works, and whether the mesh is there."""
        return f"detector {self.finder.name}, mesh {'present' if self.meshes is not None else 'absent'}"

    def look(self, frame: Image, standard: PortraitStandard | None) -> Seen:
        """One frame by itself."""
        faces = self.finder.find(frame)
        mesh = self.meshes.find(frame, faces[0]) if self.meshes is not None and faces else None
        return self._measure(frame, standard, faces, mesh)

    def follow(self, frame: Image, standard: PortraitStandard | None, before: Followed | None) -> Followed:
        """One frame of many: a mesh found in the one before is looked for where it stood, and the detector looks
        again at every third frame, and at once when the mesh is lost.
        """
        followed = None if before is None else self._followed(frame, before)
        if before is not None and followed is not None:
            face, mesh = followed
            faces = (face, *before.seen.faces[1:])
            return Followed(self._measure(frame, standard, faces, mesh), before.frames + 1, before.fit)
        seen = self.look(frame, standard)
        fit = None if seen.face is None or seen.mesh is None else Fit.of(seen.face, seen.mesh)
        return Followed(seen, 0, fit)

    def _followed(self, frame: Image, before: Followed) -> tuple[Face, Mesh] | None:
        face, mesh, fit = before.seen.face, before.seen.mesh, before.fit
        if self.meshes is None or face is None or mesh is None or fit is None or before.frames >= DETECT_EVERY - 1:
            return None
        found = self.meshes.find(frame, fit.moved(face, mesh))
        if found is None or found.presence < FOLLOWED_PRESENCE:
            return None
        return fit.moved(face, found), found

    def _measure(
        self, frame: Image, standard: PortraitStandard | None, faces: tuple[Face, ...], mesh: Mesh | None
    ) -> Seen:
        height, width = frame.shape[:2]
        if not faces:
            return Seen(width, height, (), None, 0.0, {}, None, (), None)
        face = faces[0]
        face = replace(face, eyes=mesh.eyes) if mesh is not None else self.finder.refine(frame, face)
        faces = (face, *faces[1:])
        patch = measures.aligned(frame, face)
        sharpness = measures.sharpness(patch)
        # In a picture out of focus every eye looks shut and every mouth open: that is not measured then.
        clear = mesh if not sharpness.measured or sharpness.native >= measures.LEAST_FOCUS else None
        yaw = measures.yaw(face, mesh)
        strips = measures.eye_strips(frame, clear)
        found = [
            measures.single_face(faces),
            measures.inter_eye_distance(face, yaw),
            measures.face_width_measure(face, mesh),
            yaw,
            measures.pitch(mesh),
            measures.roll(face, mesh),
            *measures.position(face, width, height),
            measures.eyes_open(clear),
            measures.eye_contrast(strips),
            measures.gaze(strips),
            measures.mouth_closed(clear),
            measures.illumination_uniformity(patch),
            measures.cheek_ratio(patch),
            measures.luminance_mean(patch),
            measures.dynamic_range(patch),
            measures.over_exposure(patch),
            measures.under_exposure(patch),
            measures.scene_brightness(frame),
            sharpness,
            measures.noise(frame, face),
        ]
        cut: Cut | None = None
        crossed: tuple[Side, ...] = ()
        product: Image | None = None
        picture = (0.0, 0.0, float(width), float(height))
        if standard is not None:
            cut = plan(standard, face, mesh, crown_row(frame, face, mesh))
            if cut is not None:
                crossed = beyond(cut, width, height)
                product = None if crossed else sketch(frame, cut, standard)
                picture = (cut.x, cut.y, cut.width, cut.height)
            found += [
                measures.background_uniformity(product),
                measures.background_spread(product),
                measures.background_white(product),
            ]
        found.append(measures.head_size(mesh, picture[3]))
        found += measures.margins(face, mesh, picture)
        return Seen(
            width=width,
            height=height,
            faces=faces,
            mesh=mesh,
            face_width=measures.face_width(face, mesh),
            measures={measure.name: measure for measure in found},
            cut=cut,
            crossed=crossed,
            product=product,
        )
