"""Pictures of camera records that show nobody: a drawn road, a car's shape, the time and place stamped on it.

The plate is a white bar without characters: the picture of a record must not tell whose it is.
"""

from __future__ import annotations

import io
import random
from datetime import timedelta, timezone

from PIL import Image, ImageDraw, ImageFont

from central.agencies.contract import CameraRecord

WIDTH, HEIGHT = 960, 540
_BEIJING = timezone(timedelta(hours=8))
_COLOURS = ((180, 40, 40), (40, 70, 150), (230, 230, 230), (60, 60, 65), (150, 150, 155))


def draw_scene(record: CameraRecord) -> bytes:
    """A JPEG of 960x540; equal records give equal bytes."""
    rng = random.Random(record.record)
    image = Image.new("RGB", (WIDTH, HEIGHT), (150, 180, 205))
    draw = ImageDraw.Draw(image)
    horizon = 190 + rng.randrange(30)
    draw.rectangle((0, horizon, WIDTH, HEIGHT), fill=(88, 90, 94))
    for x in range(0, WIDTH, 60):
        top = horizon - 20 - rng.randrange(90)
        draw.rectangle((x, top, x + 48, horizon), fill=(120 + rng.randrange(40),) * 3)
    for lane in (-1, 0, 1, 2):
        for step in range(6):
            y0, y1 = horizon + step * 60, horizon + step * 60 + 30
            x0 = WIDTH / 2 + (lane - 0.5) * (60 + step * 55)
            x1 = WIDTH / 2 + (lane - 0.5) * (87 + step * 55)
            draw.line((x0, y0, x1, y1), fill=(225, 225, 220), width=3 + step)
    x, y = 330 + rng.randrange(200), 290 + rng.randrange(50)
    colour = _COLOURS[rng.randrange(len(_COLOURS))]
    draw.polygon(((x + 50, y), (x + 70, y - 65), (x + 190, y - 65), (x + 210, y)), fill=colour)
    draw.polygon(((x + 68, y - 8), (x + 82, y - 55), (x + 178, y - 55), (x + 192, y - 8)), fill=(35, 45, 55))
    draw.rounded_rectangle((x, y, x + 260, y + 100), 18, fill=colour)
    for lamp in (x + 12, x + 212):
        draw.rounded_rectangle((lamp, y + 22, lamp + 36, y + 46), 6, fill=(200, 30, 30))
    draw.rectangle((x + 90, y + 56, x + 170, y + 78), fill=(240, 240, 240), outline=(20, 20, 20))
    for tyre in (x + 16, x + 200):
        draw.rounded_rectangle((tyre, y + 92, tyre + 44, y + 124), 8, fill=(18, 18, 18))
    stamp = f"{record.at.astimezone(_BEIJING):%Y-%m-%d %H:%M:%S}   {record.code}   SANDBOX"
    draw.rectangle((0, 0, WIDTH, 34), fill=(0, 0, 0))
    draw.text((12, 6), stamp, fill=(255, 230, 90), font=ImageFont.load_default(20))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()
