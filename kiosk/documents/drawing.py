"""Receipts as dots: lines a printer's own font cannot set, and pictures of whole receipts to look at."""

from __future__ import annotations

import segno
from PIL import Image, ImageDraw

from kiosk.documents.fonts import face
from kiosk.documents.layout import DOTS, Align, Code, Gap, Ink, Item, Line, Rule, columns

_CELL = 24
LEADING = 6
"""White below each line, in dots."""
MODULE = 6
"""Dots of one module of a QR code."""
_WHITE, _BLACK = 255, 0
_THRESHOLD = [_BLACK] * 128 + [_WHITE] * 128


def line_picture(line: Line) -> Image.Image:
    """One line as a picture of the roll's width, on the same grid as the printer's font; black is 0."""
    cell = _CELL * line.size.value
    ground, ink = (_BLACK, _WHITE) if line.ink is Ink.REVERSED else (_WHITE, _BLACK)
    picture = Image.new("L", (DOTS, cell + LEADING), _WHITE)
    width = columns(line.text) * cell // 2
    x = (DOTS - width) // 2 if line.align is Align.CENTER else 0
    draw = ImageDraw.Draw(picture)
    if line.ink is Ink.REVERSED:
        draw.rectangle((x, 0, x + width - 1, cell + LEADING - 1), fill=ground)
    fonts = face(cell, line.ink is not Ink.PLAIN)
    for character in line.text:
        own = fonts.font_for(character)
        draw.text((x, cell * 0.88 + LEADING / 2), character, font=own, fill=ink, anchor="ls")
        x += cell // 2 if character.isascii() else cell
    return picture.point(_THRESHOLD).convert("1")


def code_picture(code: Code) -> Image.Image:
    """A QR code with its quiet zone."""
    made = segno.make(code.content, error="m", micro=False)
    rows = [bytes(row) for row in made.matrix_iter(scale=1, border=4)]
    picture = Image.new("1", (len(rows[0]), len(rows)), 1)
    picture.putdata([0 if module else 1 for row in rows for module in row])
    return picture.resize((len(rows[0]) * MODULE, len(rows) * MODULE), Image.Resampling.NEAREST)


def receipt_picture(items: tuple[Item, ...]) -> Image.Image:
    """The whole receipt as it comes out, with a margin."""
    pieces = [_picture(item) for item in items]
    margin = 24
    sheet = Image.new("1", (DOTS + 2 * margin, sum(piece.height for piece in pieces) + 2 * margin), 1)
    y = margin
    for piece in pieces:
        sheet.paste(piece, (margin + (DOTS - piece.width) // 2, y))
        y += piece.height
    return sheet


def _picture(item: Item) -> Image.Image:
    match item:
        case Line():
            return line_picture(item)
        case Code():
            return code_picture(item)
        case Gap(dots=dots):
            return Image.new("1", (DOTS, dots), 1)
        case Rule():
            return rule_picture()


def rule_picture() -> Image.Image:
    """A thin line across with white around it."""
    picture = Image.new("1", (DOTS, 14), 1)
    ImageDraw.Draw(picture).line((0, 6, DOTS, 6), fill=0, width=2)
    return picture
