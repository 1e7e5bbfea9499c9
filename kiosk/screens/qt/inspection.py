"""Measures a page as it stands on the screen: targets, gaps, texts, places. What a machine can see of design."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtQuick import QQuickItem

TARGET_MM = 19.0
GAP_MM = 4.0
CAP_OF_PIXEL_SIZE = 0.733
"""Cap height of Noto Sans CJK SC as a share of the font size."""

_SLACK = 1.5
_BOXES = (
    "Card",
    "Line",
    "Figure",
    "TakeItem",
    "NumberCard",
    "SimulationLabel",
    "Facts",
    "TelephoneCard",
    "SheetCard",
)
_AROUND = ("Header", "HeaderActions", "PhaseBar", "Strip")
_UNSAID = ("undefined", "null", "NaN", "{", "}", "[object")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, where: `rule` is target, gap, reach, clipped, overlap, outside, small-text, overfull or text."""

    rule: str
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What a page is measured against, in pixels of the layout."""

    width: float
    height: float
    pixels_per_mm: float
    cap_mm: float
    chrome_cap_mm: float
    """Header, phases and strip grow less than the page (Theme.qml)."""
    reach: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    item: QQuickItem
    rect: QRectF
    """On the screen, cut by what clips it."""
    whole: QRectF
    ancestors: tuple[QQuickItem, ...]
    clipped_by: QRectF


def inspect(root: QQuickItem, rules: Rules) -> list[Finding]:
    """Everything wrong with what `root` shows now. `root` is the item of the layout's size at (0, 0)."""
    modal = _modal(root)
    screen = QRectF(0, 0, rules.width, rules.height)
    seen = list(_visible(modal or root, root, screen, ()))
    targets = [one for one in seen if one.item.property("isTarget") is True]
    texts = [one for one in seen if _is_text(one.item)]
    return [
        *_targets(targets, rules),
        *_gaps(targets, rules),
        *_texts(texts, screen, rules),
        *_overlaps(texts, targets),
        *_places(texts, targets, root),
        *(Finding("overfull", _name(one.item), "a block is higher than any sheet") for one in seen
          if one.item.property("overfull") is True),
    ]  # fmt: skip


def _modal(root: QQuickItem) -> QQuickItem | None:
    for child in _children(root):
        if child.property("isModal") is True and child.isVisible():
            return child
    return None


def _children(item: QQuickItem) -> list[QQuickItem]:
    return item.childItems()


def _visible(item: QQuickItem, root: QQuickItem, clip: QRectF, ancestors: tuple[QQuickItem, ...]) -> Iterator[_Seen]:
    if not item.isVisible() or item.opacity() <= 0.01:
        return
    whole = item.mapRectToItem(root, QRectF(0, 0, item.width(), item.height()))
    rect = whole.intersected(clip)
    if item.width() > 0 and item.height() > 0 and rect.width() > 0.5 and rect.height() > 0.5:
        yield _Seen(item, rect, whole, ancestors, clip)
    inner = clip.intersected(whole) if item.clip() else clip
    for child in _children(item):
        yield from _visible(child, root, inner, (*ancestors, item))


def _kind(item: QQuickItem) -> str:
    return item.metaObject().className().split("_QML")[0]


def _name(item: QQuickItem) -> str:
    return item.objectName() or _kind(item)


def _is_text(item: QQuickItem) -> bool:
    return item.inherits("QQuickText") and bool(item.property("text"))


def _targets(targets: list[_Seen], rules: Rules) -> Iterator[Finding]:
    least = TARGET_MM * rules.pixels_per_mm - _SLACK
    for one in targets:
        width, height = one.rect.width(), one.rect.height()
        if width < least or height < least:
            yield Finding("target", _name(one.item), f"{width:.0f}x{height:.0f} px, at least {least:.0f}")
        if _cut(one):
            yield Finding("clipped", _name(one.item), "a target is cut")
        if rules.reach and one.rect.top() < rules.height / 2 - _SLACK:
            yield Finding("reach", _name(one.item), f"top at {one.rect.top():.0f} of {rules.height:.0f}")


def _cut(one: _Seen) -> bool:
    return one.whole.width() - one.rect.width() > _SLACK or one.whole.height() - one.rect.height() > _SLACK


def _gaps(targets: list[_Seen], rules: Rules) -> Iterator[Finding]:
    least = GAP_MM * rules.pixels_per_mm - 1
    for index, one in enumerate(targets):
        for other in targets[index + 1 :]:
            across = max(one.rect.left(), other.rect.left()) - min(one.rect.right(), other.rect.right())
            down = max(one.rect.top(), other.rect.top()) - min(one.rect.bottom(), other.rect.bottom())
            if max(across, down) < least:
                yield Finding("gap", f"{_name(one.item)} / {_name(other.item)}", f"{max(across, down):.0f} px")


def _content(one: _Seen) -> QRectF:
    item = one.item
    width = float(item.property("contentWidth"))
    height = float(item.property("contentHeight"))
    align = int(item.property("align") or 0)
    room = item.width()
    x = 0.0
    if align == int(Qt.AlignmentFlag.AlignHCenter.value):
        x = (room - width) / 2
    elif align == int(Qt.AlignmentFlag.AlignRight.value):
        x = room - width
    y = 0.0
    origin = one.whole.topLeft() + QPointF(x, y)
    scale = one.whole.width() / room if room else 1.0
    return QRectF(origin.x(), origin.y(), width * scale, height * scale)


def _texts(texts: list[_Seen], screen: QRectF, rules: Rules) -> Iterator[Finding]:
    for one in texts:
        around = any(_kind(holder) in _AROUND for holder in one.ancestors)
        cap = rules.chrome_cap_mm if around else rules.cap_mm
        least = cap * rules.pixels_per_mm - 0.5
        text = str(one.item.property("text"))
        name = text[:24]
        content = _content(one)
        if one.item.property("truncated") is True:
            yield Finding("clipped", name, "truncated")
        if content.width() > one.whole.width() + _SLACK or content.height() > one.whole.height() + 2 * _SLACK:
            yield Finding(
                "clipped",
                name,
                f"{content.width():.0f}x{content.height():.0f} in {one.whole.width():.0f}x{one.whole.height():.0f}",
            )
        if not screen.adjusted(-1, -1, 1, 1).contains(content) and not _paged(one):
            yield Finding("outside", name, "beyond the screen")
        if _cut(one) and not _paged(one):
            yield Finding("clipped", name, "cut by what holds it")
        pixels = one.item.property("font").pixelSize()
        if pixels * CAP_OF_PIXEL_SIZE < least:
            yield Finding("small-text", name, f"{pixels} px, cap height below {cap} mm")
        if any(mark in text for mark in _UNSAID):
            yield Finding("text", name, "a value was not said")
        for box in one.ancestors:
            if box.property("isTarget") is True or _kind(box) in _BOXES:
                frame = box.mapRectToItem(_top(box), QRectF(0, 0, box.width(), box.height()))
                shown = content.intersected(one.clipped_by)
                if not frame.adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK).contains(shown):
                    yield Finding("outside", name, f"beyond its {_kind(box)}")
                    break


def _top(item: QQuickItem) -> QQuickItem:
    top = item
    while top.parentItem() is not None and top.property("isLayout") is not True:  # pyright: ignore
        top = top.parentItem()
    return top


def _paged(one: _Seen) -> bool:
    """A text that goes on on the next sheet is cut between two lines there."""
    step = one.item.property("lineStep")
    if not step:
        return False
    visible = one.rect.height() / float(step)
    return abs(visible - round(visible)) < 0.1


def _overlaps(texts: list[_Seen], targets: list[_Seen]) -> Iterator[Finding]:
    contents = [(one, _content(one).intersected(one.clipped_by).adjusted(2, 3, -2, -3)) for one in texts]
    for index, (one, rect) in enumerate(contents):
        for other, more in contents[index + 1 :]:
            if rect.intersects(more):
                yield Finding("overlap", str(one.item.property("text"))[:24], str(other.item.property("text"))[:24])
        for target in targets:
            if target.item not in one.ancestors and rect.intersects(target.rect):
                yield Finding("overlap", str(one.item.property("text"))[:24], _name(target.item))


def _places(texts: list[_Seen], targets: list[_Seen], root: QQuickItem) -> Iterator[Finding]:
    """What belongs to the page stays between header and footer."""
    for one in (*texts, *targets):
        for holder in one.ancestors:
            if holder.property("isMiddle") is True:
                frame = holder.mapRectToItem(root, QRectF(0, 0, holder.width(), holder.height()))
                rect = _content(one).intersected(one.clipped_by) if _is_text(one.item) else one.rect
                if not frame.adjusted(-1, -1, 1, 1).contains(rect):
                    yield Finding(
                        "outside", str(one.item.property("text") or _name(one.item))[:24], "beyond the page"
                    )
