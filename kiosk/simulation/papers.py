"""Papers that came out: kept as files under papers/, or as text alone in memory."""

from __future__ import annotations

import asyncio
import shutil
from functools import lru_cache
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

from kiosk.simulation.escpos import Align, Feed, LineEnd, Operation, QrCode, Raster, Run, Style
from kiosk.simulation.scene import Scene
from kiosk.simulation.state import Device, Job, Paper

WIDTH_DOTS = 576
_CELL = 24
_LEADING = 6
_FONTS = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc"),
)
_SIMPLIFIED_CHINESE = 2
"""Index of "Noto Sans CJK SC" in the collection."""

_PDFTOPPM_SECONDS = 30.0


def text_of(operations: tuple[Operation, ...]) -> str:
    """The readable part of a receipt: lines of text, pictures and codes by name."""
    lines: list[str] = []
    line = ""
    for operation in operations:
        match operation:
            case Run(text, _):
                line += text
            case LineEnd():
                lines.append(line)
                line = ""
            case Raster(width_bytes, height, _, _):
                lines.append(f"[picture {width_bytes * 8}x{height}]")
            case QrCode(data, _, _, _):
                lines.append(f"[code {data.decode('utf-8', 'replace')}]")
            case _:
                continue
    return "\n".join([*lines, line]).rstrip() + "\n"


class _Canvas:
    """Draws downwards on a strip that grows."""

    def __init__(self) -> None:
        self._strip = Image.new("L", (WIDTH_DOTS, 4000), 255)
        self._y = 8
        self._line: list[Run] = []

    def draw(self, operation: Operation) -> None:
        match operation:
            case Run():
                self._line.append(operation)
            case LineEnd(align):
                self._print_line(align)
            case Feed(dots):
                self._room(dots)
                self._y += dots
            case Raster():
                self._picture(operation)
            case QrCode():
                self._code(operation)
            case _:
                return

    def finished(self) -> Image.Image:
        if self._line:
            self._print_line(self._line[-1].style.align)
        return self._strip.crop((0, 0, WIDTH_DOTS, self._y + 40))

    def _room(self, dots: int) -> None:
        if self._y + dots + 100 > self._strip.height:
            longer = Image.new("L", (WIDTH_DOTS, self._strip.height + dots + 4000), 255)
            longer.paste(self._strip, (0, 0))
            self._strip = longer

    def _print_line(self, align: Align) -> None:
        line, self._line = self._line, []
        rows: list[list[tuple[Image.Image, int]]] = [[]]
        used = 0
        for run in line:
            for character in run.text:
                cell = _glyph(character, run.style)
                if used + cell.width > WIDTH_DOTS:
                    rows.append([])
                    used = 0
                rows[-1].append((cell, used))
                used += cell.width
        for row in rows:
            height = max((cell.height for cell, _ in row), default=_CELL)
            width = sum(cell.width for cell, _ in row)
            left = _left(width, align)
            self._room(height + _LEADING)
            for cell, x in row:
                self._strip.paste(cell, (left + x, self._y + height - cell.height))
            self._y += height + _LEADING

    def _picture(self, raster: Raster) -> None:
        width = raster.width_bytes * 8
        self._room(raster.height)
        if raster.height and width:
            inverted = bytes(byte ^ 0xFF for byte in raster.data)
            picture = Image.frombytes("1", (width, raster.height), inverted).convert("L")
            self._strip.paste(picture, (_left(width, raster.align), self._y))
        self._y += raster.height

    def _code(self, code: QrCode) -> None:
        matrix = segno.make_qr(code.data, error=code.level, boost_error=False).matrix
        side = len(matrix)
        picture = Image.new("L", (side, side), 255)
        for y, row in enumerate(matrix):
            for x, dark in enumerate(row):
                if dark:
                    picture.putpixel((x, y), 0)
        picture = picture.resize((side * code.module, side * code.module), Image.Resampling.NEAREST)
        self._room(picture.height + 2 * _CELL)
        self._strip.paste(picture, (_left(picture.width, code.align), self._y + _CELL // 2))
        self._y += picture.height + _CELL


def _left(width: int, align: Align) -> int:
    match align:
        case Align.LEFT:
            return 0
        case Align.CENTRE:
            return max(0, (WIDTH_DOTS - width) // 2)
        case Align.RIGHT:
            return max(0, WIDTH_DOTS - width)


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for path in _FONTS:
        if path.exists():
            return ImageFont.truetype(str(path), 22, index=_SIMPLIFIED_CHINESE)
    return ImageFont.load_default()


def _glyph(character: str, style: Style) -> Image.Image:
    """One character cell: 12x24 dots, or 24x24 for anything wide, then stretched by its style."""
    width = _CELL // 2 if ord(character) < 0x80 else _CELL
    cell = Image.new("L", (width, _CELL), 255)
    drawing = ImageDraw.Draw(cell)
    drawing.text((0, -5), character, fill=0, font=_font())
    if style.bold:
        drawing.text((1, -5), character, fill=0, font=_font())
    if style.underline:
        drawing.line((0, _CELL - 1, width, _CELL - 1), fill=0)
    if style.inverse:
        cell = cell.point([255 - value for value in range(256)])
    return cell.resize((width * style.wide, _CELL * style.high), Image.Resampling.NEAREST)


def render(operations: tuple[Operation, ...]) -> Image.Image:
    """The receipt as a picture, 576 dots wide."""
    canvas = _Canvas()
    for operation in operations:
        canvas.draw(operation)
    return canvas.finished()


class FilePapers:
    """Numbered files: NNN-receipt.png and .txt, NNN-page.pdf and, where pdftoppm is installed, NNN-page-N.png."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        self._scene = scene
        self._folder = folder
        self._one_at_a_time = asyncio.Lock()

    async def receipt(self, operations: tuple[Operation, ...]) -> None:
        """One cut receipt."""
        async with self._one_at_a_time:
            number = self._scene.next_paper_number()
            name = f"{number:03d}-receipt"
            text = text_of(operations)
            (self._folder / f"{name}.txt").write_text(text, "utf-8")
            picture = await asyncio.to_thread(render, operations)
            await asyncio.to_thread(picture.save, self._folder / f"{name}.png")
            files = (f"{name}.png", f"{name}.txt")
            self._scene.add_paper(Paper(number=number, device=Device.RECEIPT_PRINTER, files=files, text=text))

    async def page(self, pdf: bytes, job: Job) -> None:
        """One finished job of the page printer."""
        async with self._one_at_a_time:
            number = self._scene.next_paper_number()
            stem = f"{number:03d}-page"
            (self._folder / f"{stem}.pdf").write_bytes(pdf)
            files = (f"{stem}.pdf", *await self._pictures(stem))
            self._scene.add_paper(
                Paper(number=number, device=Device.PAGE_PRINTER, files=files, name=job.name, job=job.id)
            )

    async def _pictures(self, stem: str) -> tuple[str, ...]:
        tool = shutil.which("pdftoppm")
        if tool is None:
            return ()
        process = await asyncio.create_subprocess_exec(
            tool, "-r", "100", "-png", str(self._folder / f"{stem}.pdf"), str(self._folder / stem)
        )
        try:
            async with asyncio.timeout(_PDFTOPPM_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        return tuple(sorted(path.name for path in self._folder.glob(f"{stem}-*.png")))


class MemoryPapers:
    """Text and bytes alone; nothing is drawn."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.pages: dict[int, bytes] = {}

    async def receipt(self, operations: tuple[Operation, ...]) -> None:
        """One cut receipt."""
        number = self._scene.next_paper_number()
        self._scene.add_paper(Paper(number=number, device=Device.RECEIPT_PRINTER, text=text_of(operations)))

    async def page(self, pdf: bytes, job: Job) -> None:
        """One finished job of the page printer."""
        number = self._scene.next_paper_number()
        self.pages[number] = pdf
        self._scene.add_paper(Paper(number=number, device=Device.PAGE_PRINTER, name=job.name, job=job.id))
