"""What a frame is worth: each measure a pure function with a native value and 0 to 100.

Names and mappings follow OFIQ, the reference implementation of ISO/IEC 29794-5 (`Measure` of its components): mostly
`q = clamp(round(100 * s))` with the sigmoid `s = 1 / (1 + exp((x0 - x) / w))`. OFIQ's own networks (pose, occlusion,
sharpness forest, compression, unified score) are not used here; where a native value is found in another way, the
function says so. -1 means not measured, never a guess. No measure judges the colour of skin or hair.

Not measured at all, because nothing here could do it honestly: reflections in glasses, coverings of the head, shadows
of a hat, make-up, and whether a face is the citizen's own. The page asks for what the citizen can do about it, and a
person judges what is left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.vision.detection import Face, Mesh
from kiosk.vision.picture import Image, Point, grey

NOT_MEASURED = -1
LEAST_MOTION_SECONDS = 0.2
LEAST_FOCUS = 4.5
"""Sharpness under which a picture is out of focus."""


@dataclass(frozen=True, slots=True)
class Measure:
    """OFIQ's component name, native value, and quality 0-100 (-1: not measured; the native value is then 0)."""

    name: str
    native: float
    quality: int

    @property
    def measured(self) -> bool:
        return self.quality != NOT_MEASURED


def not_measured(name: str) -> Measure:
    return Measure(name, 0.0, NOT_MEASURED)


def sigmoid(x: float, x0: float, w: float) -> float:
    """OFIQ's sigmoid, held inside what exp can take."""
    return 1 / (1 + math.exp(max(-60.0, min(60.0, (x0 - x) / w))))


def clamp(value: float) -> int:
    return max(0, min(100, round(value)))


# Geometry -----------------------------------------------------------------------------------------------------------


def middle(one: Point, other: Point) -> Point:
    return ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)


def single_face(faces: tuple[Face, ...]) -> Measure:
    """SingleFacePresent: area of the second face over that of the largest."""
    if not faces:
        return not_measured("SingleFacePresent")
    share = faces[1].area / faces[0].area if len(faces) > 1 else 0.0
    return Measure("SingleFacePresent", share, clamp(100 * (1 - share)))


def inter_eye_distance(face: Face, yaw: Measure) -> Measure:
    """InterEyeDistance: pixels between the eyes' centres, divided by cos(yaw) where yaw is measured."""
    if face.eyes is None:
        return not_measured("InterEyeDistance")
    distance = math.dist(*face.eyes)
    if yaw.measured:
        distance /= max(0.5, math.cos(math.radians(yaw.native)))
    return Measure("InterEyeDistance", distance, clamp(100 * sigmoid(distance, 70, 20)))


def _angle(name: str, degrees: float) -> Measure:
    return Measure(name, degrees, clamp(100 * max(0.0, math.cos(math.radians(degrees))) ** 2))


def roll(face: Face, mesh: Mesh | None) -> Measure:
    """HeadPoseRoll: angle of the line through the outer eye corners (mesh, error about 1 degree) or the eyes (2, up
    to 5).

    Positive: the picture's right eye is lower.
    """
    if mesh is not None:
        left, right = mesh.points[33], mesh.points[263]
        return _angle("HeadPoseRoll", math.degrees(math.atan2(right[1] - left[1], right[0] - left[0])))
    if face.eyes is None:
        return not_measured("HeadPoseRoll")
    (left_x, left_y), (right_x, right_y) = face.eyes
    return _angle("HeadPoseRoll", math.degrees(math.atan2(right_y - left_y, right_x - left_x)))


def yaw(face: Face, mesh: Mesh | None) -> Measure:
    """HeadPoseYaw: depth between the cheeks (mesh, 1-3 degrees), else the nose's offset (coarse: 3-6 degrees).

    Positive: the face is turned to the picture's right. Not measured where no nose is known.
    """
    if mesh is not None:
        left, right = mesh.points[234], mesh.points[454]
        return _angle("HeadPoseYaw", math.degrees(math.atan2(right[2] - left[2], right[0] - left[0])))
    if face.eyes is None or face.nose is None:
        return not_measured("HeadPoseYaw")
    (left_x, left_y), (right_x, right_y) = face.eyes
    distance = math.dist(*face.eyes)
    along = ((right_x - left_x) / distance, (right_y - left_y) / distance)
    between = middle(*face.eyes)
    offset = ((face.nose[0] - between[0]) * along[0] + (face.nose[1] - between[1]) * along[1]) / distance
    return _angle("HeadPoseYaw", math.degrees(math.atan(offset / face.nose_depth)))


def pitch(mesh: Mesh | None) -> Measure:
    """HeadPosePitch: tilt of the line from forehead to chin in depth. Mesh only.

    Coarse: it follows the head but stands about 11 degrees off on drawn heads, and people differ by 5. Recorded and
    compared with the same person's other frames; never a reason by itself.
    """
    if mesh is None:
        return not_measured("HeadPosePitch")
    high, low = mesh.points[10], mesh.points[152]
    return _angle("HeadPosePitch", math.degrees(math.atan2(high[2] - low[2], low[1] - high[1])))


def position(face: Face, width: float, height: float) -> tuple[Measure, Measure]:
    """HeadPositionAcross and -Down (ours): the middle of the eyes as fractions of the frame, best at 0.5 and 0.4.

    Where the head stands before the camera, not in the product: the cut follows the head.
    """
    if face.eyes is None:
        return not_measured("HeadPositionAcross"), not_measured("HeadPositionDown")
    x, y = middle(*face.eyes)
    across, down = x / width, y / height
    return (
        Measure("HeadPositionAcross", across, clamp(100 * (1 - 2 * abs(across - 0.5)))),
        Measure("HeadPositionDown", down, clamp(100 * (1 - 2 * abs(down - 0.4)))),
    )


def motion(before: tuple[float, Point] | None, now: tuple[float, Point] | None, eye_distance: float) -> Measure:
    """Motion (ours): eye distances a second between two moments (seconds, middle of the eyes).

    It sees the head as a whole move, not a blink and not lips. Not measured within a fifth of a second: the
    detector's own trembling would be taken for movement.
    """
    if before is None or now is None or now[0] - before[0] < LEAST_MOTION_SECONDS or eye_distance <= 0:
        return not_measured("Motion")
    speed = math.dist(before[1], now[1]) / eye_distance / (now[0] - before[0])
    return Measure("Motion", speed, clamp(100 * (1 - sigmoid(speed, 1.0, 0.2))))


def face_width(face: Face, mesh: Mesh | None) -> float:
    """Pixels between the outer cheeks: by the mesh, else the detector's box or its estimate from the eyes."""
    return face.width if mesh is None else math.dist(mesh.points[234][:2], mesh.points[454][:2])


def face_width_measure(face: Face, mesh: Mesh | None) -> Measure:
    """FaceWidth in frame pixels (ours; GA/T 461 asks for it). Not measured where it is only an estimate."""
    if mesh is None and not face.width_measured:
        return not_measured("FaceWidth")
    width = face_width(face, mesh)
    return Measure("FaceWidth", width, clamp(100 * sigmoid(width, 150, 20)))


def eye_to_chin(mesh: Mesh) -> float:
    """OFIQ's T: from the eyes' midpoint to the chin, pixels."""
    return math.dist(middle(*mesh.eyes), mesh.points[152][:2])


def head_size(mesh: Mesh | None, picture_height: float) -> Measure:
    """HeadSize: T over the picture's height (both in the same pixels); best at 0.45. Mesh only."""
    if mesh is None:
        return not_measured("HeadSize")
    share = eye_to_chin(mesh) / picture_height
    return Measure("HeadSize", share, clamp(200 * (1 - sigmoid(abs(share - 0.45), 0, 0.05))))


def margins(
    face: Face, mesh: Mesh | None, picture: tuple[float, float, float, float]
) -> tuple[Measure, Measure, Measure, Measure]:
    """MarginAbove and -Below (eyes to the edges over T; mesh only), Leftward- and RightwardCrop (over eye distance).

    `picture` is x, y, width, height of the picture judged, in frame pixels.
    """
    x, y, width, height = picture
    above = not_measured("MarginAboveOfTheFaceImage")
    below = not_measured("MarginBelowOfTheFaceImage")
    left = not_measured("LeftwardCropOfTheFaceImage")
    right = not_measured("RightwardCropOfTheFaceImage")
    if mesh is not None:
        eyes, unit = middle(*mesh.eyes), eye_to_chin(mesh)
        up, down = (eyes[1] - y) / unit, (y + height - eyes[1]) / unit
        above = Measure(above.name, up, clamp(100 * sigmoid(up, 1.4, 0.1)))
        below = Measure(below.name, down, clamp(100 * sigmoid(down, 1.8, 0.1)))
    if face.eyes is not None:
        distance = math.dist(*face.eyes)
        (left_x, _), (right_x, _) = face.eyes
        to_left, to_right = (left_x - x) / distance, (x + width - right_x) / distance
        left = Measure(left.name, to_left, clamp(100 * sigmoid(to_left, 0.9, 0.1)))
        right = Measure(right.name, to_right, clamp(100 * sigmoid(to_right, 0.9, 0.1)))
    return above, below, left, right


def eyes_open(mesh: Mesh | None) -> Measure:
    """EyesOpen: the smaller lid distance over T. Mesh only.

    Ranges of open and shut eyes overlap between people with this mesh: it catches a clear blink, no more.
    """
    if mesh is None:
        return not_measured("EyesOpen")
    unit = eye_to_chin(mesh)
    share = min(
        math.dist(mesh.points[159][:2], mesh.points[145][:2]), math.dist(mesh.points[386][:2], mesh.points[374][:2])
    )
    return Measure("EyesOpen", share / unit, clamp(100 * sigmoid(share / unit, 0.02, 0.01)))


def mouth_closed(mesh: Mesh | None) -> Measure:
    """MouthClosed: the largest inner-lip opening over T. Mesh only; openings of a few millimetres may be missed."""
    if mesh is None:
        return not_measured("MouthClosed")
    pairs = ((13, 14), (82, 87), (312, 317))
    share = max(math.dist(mesh.points[up][:2], mesh.points[low][:2]) for up, low in pairs) / eye_to_chin(mesh)
    return Measure("MouthClosed", share, clamp(100 * (1 - sigmoid(share, 0.2, 0.06))))


# Eyes as they look, each laid level between its corners -----------------------------------------------------------

_STRIP_WIDTH, _STRIP_HEIGHT, _STRIP_EDGE = 72, 48, 12
_LEAST_EYE_WIDTH = 14.0
"""Frame pixels: in fewer, a lid and an iris are one."""
_EYE_CORNERS = ((33, 133), (362, 263))


def eye_strips(frame: Image, mesh: Mesh | None) -> tuple[NDArray[np.float64], ...]:
    """Each eye's brightness with its corners at fixed places; empty where there is no mesh or too few pixels."""
    if mesh is None:
        return ()
    strips: list[NDArray[np.float64]] = []
    for inner, outer in _EYE_CORNERS:
        a, b = mesh.points[inner][:2], mesh.points[outer][:2]
        along = b - a
        if float(np.hypot(along[0], along[1])) < _LEAST_EYE_WIDTH:
            return ()
        source = np.asarray([a, b, (a + b) / 2 + np.asarray([-along[1], along[0]]) / 2], dtype=np.float32)
        left, right, row = _STRIP_EDGE, _STRIP_WIDTH - _STRIP_EDGE, _STRIP_HEIGHT / 2
        target = np.asarray(
            [(left, row), (right, row), (_STRIP_WIDTH / 2, row + (right - left) / 2)], dtype=np.float32
        )
        level = cv2.warpAffine(frame, cv2.getAffineTransform(source, target), (_STRIP_WIDTH, _STRIP_HEIGHT))
        strips.append(cv2.GaussianBlur(grey(cast(Image, level)), (0, 0), 1.0).astype(np.float64))
    return tuple(strips)


def _eye_core(strip: NDArray[np.float64]) -> NDArray[np.float64]:
    return strip[_STRIP_EDGE:-_STRIP_EDGE, _STRIP_EDGE + 2 : -_STRIP_EDGE - 2]


def eye_contrast(strips: tuple[NDArray[np.float64], ...]) -> Measure:
    """EyeContrast (ours): the strongest change along a row across the eye, over the eye's own brightness; weaker eye.

    White, iris and white again make an open eye; a lid is even. It halves when the same person shuts the eyes, but
    people differ by a factor of two: only its fall against the same person's earlier frames says anything. Frames of
    glasses, and eyes that are nearly shut always, hide that fall.
    """
    if not strips:
        return not_measured("EyeContrast")
    values = [float(_eye_core(strip).std(axis=1).max() / (np.median(strip) + 8)) for strip in strips]
    value = min(values)
    return Measure("EyeContrast", value, clamp(100 * sigmoid(value, 0.12, 0.03)))


def gaze(strips: tuple[NDArray[np.float64], ...]) -> Measure:
    """Gaze (ours): middle of what is darkest between the corners, from the eye's middle, over its width; both eyes.

    Positive: towards the picture's right. Sees a look to the side, not one up or down; a shadow, made-up lashes or a
    lens shift it by up to 0.1, so that it is recorded and never a reason.
    """
    if not strips:
        return not_measured("Gaze")
    offsets: list[float] = []
    for strip in strips:
        core = _eye_core(strip)
        dark = np.clip(np.percentile(core, 20) - core, 0, None)
        total = float(dark.sum())
        if total <= 0:
            return not_measured("Gaze")
        columns = np.arange(core.shape[1], dtype=np.float64)
        middle_column = float(np.dot(np.asarray(dark.sum(axis=0), dtype=np.float64), columns)) / total
        offsets.append(middle_column / (core.shape[1] - 1) - 0.5)
    value = sum(offsets) / len(offsets)
    return Measure("Gaze", value, clamp(100 * (1 - sigmoid(abs(value), 0.25, 0.04))))


# Light and sharpness, on a patch that every face fills alike --------------------------------------------------------

PATCH = 192
PATCH_EYES: tuple[Point, Point] = ((64.0, 72.0), (128.0, 72.0))
"""The patch is level and holds the eyes 64 pixels apart, whatever their distance in the frame."""

_FACE = (slice(52, 148), slice(44, 148))
_LEFT_CHEEK = (slice(98, 126), slice(48, 80))
_RIGHT_CHEEK = (slice(98, 126), slice(112, 144))


def aligned(frame: Image, face: Face) -> Image | None:
    """The patch about a face whose eyes are known. Shrunk by halves first, so that detail is averaged, not
    skipped.
    """
    if face.eyes is None:
        return None
    (left_x, left_y), (right_x, right_y) = face.eyes
    distance = math.dist(*face.eyes)
    if distance < 8:
        return None
    x, y = middle(*face.eyes)
    reach = distance * 2.4
    x0, y0 = max(0, int(x - reach)), max(0, int(y - reach))
    part = frame[y0 : int(y + reach), x0 : int(x + reach)]
    if min(part.shape[:2]) < 16:
        return None
    halved = 1.0
    while distance * halved > 128:
        part = cast(Image, cv2.pyrDown(part))
        halved /= 2
    scale = 64 / (distance * halved)
    angle = math.degrees(math.atan2(right_y - left_y, right_x - left_x))
    centre = ((x - x0) * halved, (y - y0) * halved)
    turn = np.asarray(cv2.getRotationMatrix2D(centre, angle, scale), dtype=np.float64)
    turn[:, 2] += (96 - centre[0], 72 - centre[1])
    return cast(
        Image, cv2.warpAffine(part, turn, (PATCH, PATCH), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    )


def sharpness(patch: Image | None) -> Measure:
    """Sharpness: variance of the Laplacian after a light blur, in the patch, so that distance does not count.

    Ours, not OFIQ's forest; catches gross blur and movement only (people differ by a factor of 2.5 when equally
    sharp).
    """
    if patch is None:
        return not_measured("Sharpness")
    face = cv2.GaussianBlur(grey(patch), (0, 0), 1.0)[40:170, 24:168]
    value = float(cv2.Laplacian(face, cv2.CV_64F).var())
    return Measure("Sharpness", value, clamp(100 * sigmoid(value, 6, 2.5)))


def illumination_uniformity(patch: Image | None) -> Measure:
    """IlluminationUniformity: overlap of the brightness histograms of both cheeks."""
    if patch is None:
        return not_measured("IlluminationUniformity")
    tone = grey(patch)
    left, right = (
        np.histogram(tone[cheek], bins=64, range=(0, 256))[0] / tone[cheek].size
        for cheek in (_LEFT_CHEEK, _RIGHT_CHEEK)
    )
    share = float(np.minimum(left, right).sum())
    return Measure("IlluminationUniformity", share, clamp(100 * share**0.3))


def cheek_ratio(patch: Image | None) -> Measure:
    """CheekRatio (ours): the darker cheek's mean over the brighter one's; side light falls under 0.76."""
    if patch is None:
        return not_measured("CheekRatio")
    tone = grey(patch)
    left, right = float(tone[_LEFT_CHEEK].mean()) + 1, float(tone[_RIGHT_CHEEK].mean()) + 1
    ratio = min(left, right) / max(left, right)
    return Measure("CheekRatio", ratio, clamp(100 * sigmoid(ratio, 0.7, 0.05)))


def luminance_mean(patch: Image | None) -> Measure:
    """LuminanceMean: mean brightness of the face, 0 to 1. Follows the tone of skin: never a reason by itself."""
    if patch is None:
        return not_measured("LuminanceMean")
    value = float(grey(patch)[_FACE].mean()) / 255
    return Measure("LuminanceMean", value, clamp(100 * sigmoid(value, 0.2, 0.05) * (1 - sigmoid(value, 0.8, 0.05))))


def dynamic_range(patch: Image | None) -> Measure:
    """DynamicRange: entropy of the face's brightness, bits."""
    if patch is None:
        return not_measured("DynamicRange")
    counts = np.bincount(grey(patch)[_FACE].ravel(), minlength=256)
    shares = counts[counts > 0] / counts.sum()
    bits = float(-(shares * np.log2(shares)).sum())
    return Measure("DynamicRange", bits, clamp(12.5 * bits))


def over_exposure(patch: Image | None) -> Measure:
    """OverExposurePrevention: share of the face's pixels at 247 or more."""
    if patch is None:
        return not_measured("OverExposurePrevention")
    share = float((grey(patch)[_FACE] >= 247).mean())
    return Measure("OverExposurePrevention", share, clamp(1 / (share + 0.01)))


def under_exposure(patch: Image | None) -> Measure:
    """UnderExposurePrevention: share of the face's pixels at 25 or less."""
    if patch is None:
        return not_measured("UnderExposurePrevention")
    share = float((grey(patch)[_FACE] <= 25).mean())
    return Measure("UnderExposurePrevention", share, clamp(120 * (0.832 - sigmoid(share, 0.92, 0.05))))


def noise(frame: Image, face: Face) -> Measure:
    """Noise (ours): standard deviation of the sensor's grain in grey levels, by Immerkaer's mask, on the face.

    J. Immerkaer, Fast Noise Variance Estimation, 1996. Beards, freckles and sharp cloth raise it, JPEG lowers it to
    nearly nothing: recorded, and a hint to whoever sets up the camera.
    """
    x, y, width, height = face.box
    left, top = max(0, round(x + 0.2 * width)), max(0, round(y + 0.1 * height))
    part = frame[top : round(y + 0.6 * height), left : round(x + 0.8 * width)]
    if min(part.shape[:2]) < 16:
        return not_measured("Noise")
    mask = np.asarray([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float64)
    answer = cv2.filter2D(grey(np.ascontiguousarray(part)), cv2.CV_64F, mask)[1:-1, 1:-1]
    # The median instead of Immerkaer's mean, so that the few pixels on an edge do not count: of a normal distribution
    # it is 0.6745 deviations, and the mask multiplies the deviation by 6.
    value = float(np.median(np.abs(answer)) / 0.6745 / 6)
    return Measure("Noise", value, clamp(100 * (1 - sigmoid(value, 12, 3))))


def scene_brightness(frame: Image) -> Measure:
    """SceneBrightness (ours): 95th percentile of the whole frame, 0 to 255; tells a dark room from dark skin."""
    value = float(np.percentile(grey(frame[::8, ::8]), 95))
    return Measure("SceneBrightness", value, clamp(100 * sigmoid(value, 100, 15)))


def _background(product: Image) -> tuple[Image, tuple[Image, ...]]:
    """The pixels of both upper corners of a finished portrait, narrow enough to stay clear of wide hair."""
    height, width = product.shape[:2]
    rows, columns = round(height * 0.26), round(width * 0.08)
    areas = (product[:rows, :columns], product[:rows, width - columns :])
    return np.concatenate([area.reshape(-1, 3) for area in areas]), areas


def background_uniformity(product: Image | None) -> Measure:
    """BackgroundUniformity: mean Sobel gradient beside the head.

    OFIQ segments the background; here it is the two upper corners of the finished portrait, so that very wide hair
    raises the value and what stands lower beside the head is not seen.
    """
    if product is None:
        return not_measured("BackgroundUniformity")
    _, areas = _background(product)
    gradients: list[float] = []
    for area in areas:
        tone = grey(np.ascontiguousarray(area))
        across = cv2.Sobel(tone, cv2.CV_64F, 1, 0)
        down = cv2.Sobel(tone, cv2.CV_64F, 0, 1)
        gradients.append(float(np.hypot(across, down).mean()))
    value = sum(gradients) / len(gradients)
    return Measure("BackgroundUniformity", value, clamp(190 * (1 - sigmoid(value, 10, 100))))


def background_spread(product: Image | None) -> Measure:
    """BackgroundSpread (ours): robust Lab deviation in the upper corners; plain walls stay under 10, rooms do not.

    From the median, so that hair reaching into less than half of the corners does not count.
    """
    if product is None:
        return not_measured("BackgroundSpread")
    pixels, _ = _background(product)
    lab = cv2.cvtColor(pixels.reshape(1, -1, 3), cv2.COLOR_BGR2LAB).reshape(-1, 3).astype(np.float64)
    deviation = 1.4826 * np.median(np.abs(lab - np.median(lab, axis=0)), axis=0)
    value = float(np.sqrt((deviation**2).sum()))
    return Measure("BackgroundSpread", value, clamp(100 * (1 - sigmoid(value, 14, 3))))


def background_white(product: Image | None) -> Measure:
    """BackgroundWhite (ours): the weakest colour channel's mean beside the head; a white card photo has 240 or more.

    Recorded, not judged: the background is never replaced here.
    """
    if product is None:
        return not_measured("BackgroundWhite")
    pixels, _ = _background(product)
    value = float(pixels.astype(np.float64).mean(axis=0).min())
    return Measure("BackgroundWhite", value, clamp(100 * sigmoid(value, 225, 8)))
