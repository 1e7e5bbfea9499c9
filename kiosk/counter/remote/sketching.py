"""A page as an operator far away is shown it: which messages, which buttons, where a picture is; nobody's data.

Made from what the page's QML is bound to (kiosk.screens.views), with words that are names of messages (naming.py).
Which fields of a view are told stands in one table; a field that is not in it does not leave the terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from kiosk.counter.remote.naming import GAP, Known, Naming
from kiosk.protocol.sight import LARGEST, MOST_BLOCKS, MOST_TERMS, Block, BlockKind, SeenButton, SeenField, SeenPage
from kiosk.screens import views as v
from kiosk.screens.present import present
from kiosk.screens.screen_settings import ScreenSettings
from kiosk.screens.stage import Glass
from kiosk.screens.states import (
    ChartPage,
    FacePage,
    FaceStage,
    FingerPage,
    FormPage,
    HeightPage,
    LoadPage,
    MendPage,
    MovementPage,
    PageState,
    PassPage,
    PlatePage,
    PortraitPage,
    PortraitStage,
    PutInPage,
    ReadCard,
    ScanPage,
    SlotPage,
    StaffCardPage,
    TakePage,
    TemporaryPlatePage,
    TonePage,
    TryOutPage,
    UnloadPage,
    WorkingPage,
    WorkTopic,
)

FIELDS: Mapping[type, tuple[str, ...]] = {
    v.AttractView: ("heading", "open_count", "alarms", "sheets", "touch", "card_door"),
    v.AllServicesView: ("sheets",),
    v.TileSheet: ("title", "tiles"),
    v.WhatToBringView: ("sheets",),
    v.BringSheet: ("rows",),
    v.NoticeView: ("facts",),
    v.ConsentView: ("facts",),
    v.ReadCardView: ("place",),
    v.PassView: ("place",),
    v.TypeNumberView: (),
    v.EnterNameView: (),
    v.FaceView: ("person", "tries", "camera_on"),
    v.FingerView: ("finger_label", "touch_text", "tries"),
    v.ChooseView: ("sheets",),
    v.OptionSheet: ("options", "position"),
    v.ChooseViolationsView: ("sheets",),
    v.RecordSheet: ("records", "position"),
    v.FormPageView: ("position", "check", "sheets"),
    v.RightsView: ("figures", "facts", "rights", "terms"),
    v.DeclarationView: ("text",),
    v.SignView: ("paper", "pad"),
    v.PortraitView: ("camera_on", "taken", "tips", "failed", "shots"),
    v.PayView: ("bill", "amount", "order", "how"),
    v.ScanView: ("place",),
    v.SlotView: ("place",),
    v.TemporaryPlateView: ("place",),
    v.WorkingView: (),
    v.CabinetPageView: ("cabinet", "steps"),
    v.CabinetView: ("door_label",),
    v.TellView: ("parts", "facts"),
    v.ResultView: ("course", "rows"),
    v.ResultRow: ("heading", "fact"),
    v.StageView: ("label",),
    v.QuestionView: ("position", "question"),
    v.HeightView: ("tips",),
    v.ChartView: (),
    v.PlateView: ("position",),
    v.ToneView: ("position", "tips", "sides"),
    v.MovementView: ("camera_on", "position"),
    v.ClosingView: ("number", "facts", "take_heading", "take", "still_here", "unprinted"),
    v.RatingView: ("sheets",),
    v.DoorView: ("telephone", "alarms", "notes"),
    v.WelcomeBackView: ("when", "facts", "number"),
    v.HelpView: ("called", "numbers"),
    v.LeaveView: ("loses_heading", "loses", "stays"),
    v.OutOfServiceView: ("since", "instead"),
    v.StaffCardView: ("service",),
    v.StaffKeyView: (),
    v.OverviewView: ("rows",),
    v.MendView: ("moves",),
    v.MoveView: ("text",),
    v.RecordsView: ("rows",),
    v.TryOutView: ("facts",),
    v.MeasureView: ("camera_on", "facts"),
    v.DisplayView: (),
    v.TouchView: ("sentence",),
    v.LoadView: ("cabinet", "steps"),
}
"""What is told of a page, from top to bottom, and of what it is made of."""

_PICTURES: Mapping[type, int] = {
    v.FaceView: 1,
    v.SignView: 1,
    v.PortraitView: 1,
    v.ChartView: 1,
    v.PlateView: 1,
    v.MovementView: 1,
    v.DisplayView: 1,
}
"""Pages on which something is drawn, seen or written that is not told."""


def sketch(glass: Glass, known: Known, settings: ScreenSettings) -> SeenPage:
    """A page as it stands. `known` are the program's messages, for their names."""
    words = Naming(glass.look.language, known)
    page = present(glass.state, glass.chrome, glass.look, words, settings)
    blocks = [block for block in _blocks(page.page, words) if block.said or block.kind is BlockKind.PICTURE]
    chrome, live = glass.chrome, glass.live
    step = chrome.phases.index(chrome.phase) + 1 if chrome.phase in chrome.phases else 0
    advice = f"advice-{live.advice}" if live.advice else ""
    device = waited_for(glass.state)
    field = _field(glass, page.page, known)
    ready = field is not None and field.characters == field.length if glass.typed is None else glass.typed.ready
    return SeenPage(
        page=page.kind,
        service=chrome.service if known.has(f"service-{chrome.service}") else "",
        step=step,
        steps=len(chrome.phases) if step else 0,
        sentence=words.read(page.sentence),
        hint=words.read(page.hint),
        status=words.read(page.status),
        error=words.read(page.error),
        finishing=words.read(page.chrome.finishing),
        advice=words.read(words.say(advice)) if advice else (),
        blocks=tuple(blocks[:MOST_BLOCKS]),
        left_out=min(LARGEST, max(0, len(blocks) - MOST_BLOCKS)),
        field=field,
        ways=_buttons(page.ways, words, ready),
        actions=_buttons(page.actions, words, ready),
        device=device if known.has(f"device-{device}") else "",
        seconds=_small(live.seconds_left),
        more_time=_small(live.more_time),
    )


def _small(seconds: int | None) -> int | None:
    return None if seconds is None else min(LARGEST, max(0, seconds))


def _buttons(actions: tuple[v.ActionView, ...], words: Naming, ready: bool) -> tuple[SeenButton, ...]:
    """A button that waits for what the view keeps to itself is open once there is something to send."""
    return tuple(
        SeenButton(
            said=words.read(each.label),
            enabled=each.enabled and (ready or not each.from_view),
            leads=each.role is v.Role.PRIMARY,
        )
        for each in actions[:MOST_TERMS]
    )


def _blocks(value: object, words: Naming) -> Iterator[Block]:
    """The parts of a page or of a part of one. A kind of part that stands in no table is a gap."""
    if isinstance(value, str):
        yield Block(kind=BlockKind.TEXT, said=words.read(value))
        return
    if isinstance(value, tuple):
        for each in cast("tuple[object, ...]", value):
            yield from _blocks(each, words)
        return
    leaf = LEAVES.get(type(value))
    if leaf is not None:
        yield leaf(value, words)
        return
    fields = FIELDS.get(type(value))
    if fields is None:
        yield Block(kind=BlockKind.RECORD, said=(GAP,))
        return
    for _ in range(_PICTURES.get(type(value), 0)):
        yield Block(kind=BlockKind.PICTURE)
    if isinstance(value, v.NoticeView | v.ConsentView):
        yield from (_printed(fact, words) for fact in value.facts)
        return
    for name in fields:
        yield from _blocks(getattr(value, name), words)


def _hidden(text: str) -> tuple[Any, ...]:
    return (GAP,) if text else ()


def _fact(fact: v.FactView, words: Naming) -> Block:
    """The value of a fact is never told, whichever page it stands on: it may be somebody's."""
    return Block(kind=BlockKind.FACT, said=words.read(fact.label), more=_hidden(fact.value))


def _printed(fact: v.FactView, words: Naming) -> Block:
    """A row that says the same to everybody who uses this service."""
    return Block(kind=BlockKind.FACT, said=words.read(fact.label), more=words.read(fact.value))


def _figure(figure: v.FigureView, words: Naming) -> Block:
    return Block(kind=BlockKind.FACT, said=words.read(figure.label), more=_hidden(figure.value))


def _option(option: v.OptionView, words: Naming) -> Block:
    return Block(kind=BlockKind.OPTION, said=words.read(option.label), more=words.read(option.note))


def _tile(tile: v.TileView, words: Naming) -> Block:
    more = words.read(tile.state_text) if not tile.enabled else ()
    return Block(kind=BlockKind.TILE, said=words.read(tile.title), more=more, enabled=tile.enabled)


def _bring(row: v.BringView, words: Naming) -> Block:
    return Block(kind=BlockKind.TILE, said=words.read(row.title), more=words.read(row.bring))


def _part(part: v.PartView, words: Naming) -> Block:
    return Block(kind=BlockKind.FACT, said=words.read(part.heading), more=words.read(part.text))


def _take(item: v.TakeItemView, words: Naming) -> Block:
    return Block(kind=BlockKind.FACT, said=words.read(item.label), more=words.read(item.place))


def _text(text: v.TextView, words: Naming) -> Block:
    paragraphs = " ".join(text.paragraphs)
    return Block(kind=BlockKind.FACT, said=words.read(text.heading), more=words.read(paragraphs))


def _device_row(row: v.DeviceRowView, words: Naming) -> Block:
    return Block(kind=BlockKind.FACT, said=words.read(row.label), more=words.read(row.state))


def _record(row: object, words: Naming) -> Block:
    del row, words
    return Block(kind=BlockKind.RECORD, said=(GAP,))


def _shot(shot: v.ShotView, words: Naming) -> Block:
    del shot, words
    return Block(kind=BlockKind.PICTURE)


LEAVES: Mapping[type, Callable[[Any, Naming], Block]] = {
    v.FactView: _fact,
    v.FigureView: _figure,
    v.OptionView: _option,
    v.TileView: _tile,
    v.BringView: _bring,
    v.PartView: _part,
    v.TakeItemView: _take,
    v.TextView: _text,
    v.DeviceRowView: _device_row,
    v.RecordView: _record,
    v.RecordRowView: _record,
    v.ShotView: _shot,
}


def _field(glass: Glass, page: v.AnyPage, known: Known) -> SeenField | None:
    """The field that has the focus. Until the view has said otherwise it holds what was typed before."""
    match page:
        case v.EnterNameView():
            name, length, draft = "name", page.longest, len(page.draft)
        case v.TypeNumberView(keypad=pad) | v.StaffKeyView(keypad=pad) | v.FormPageView(keypad=pad) if pad.length:
            name, length, draft = pad.kind.value, pad.length, len(pad.draft)
        case _:
            return None
    if isinstance(glass.state, FormPage):
        own = f"field-{glass.state.field.name.replace('_', '-')}"
        name = own.removeprefix("field-") if known.has(own) else name
    typed = draft if glass.typed is None else glass.typed.characters
    return SeenField(name=name, characters=min(length, max(0, typed)), length=length)


def waited_for(state: PageState) -> str:
    """The class of the device that the page waits for, or ""."""
    match state:
        case ReadCard(new_card=new, document=document):
            return "document-reader" if new and document != "id-card" else "id-reader"
        case StaffCardPage():
            return "id-reader"
        case FacePage(stage=stage):
            return "" if stage is FaceStage.COMPARING else "camera"
        case PortraitPage(stage=stage):
            return "" if stage is PortraitStage.CHOOSE else "camera"
        case MovementPage():
            return "camera"
        case FingerPage():
            return "fingerprint"
        case TakePage() | PutInPage() | LoadPage() | UnloadPage():
            return "locker"
        case PassPage():
            return "endorsement-writer"
        case ScanPage():
            return "scanner"
        case SlotPage():
            return "dispenser"
        case TemporaryPlatePage():
            return "plate-printer"
        case HeightPage() | ChartPage() | PlatePage():
            return "exam-booth"
        case TonePage():
            return "audio"
        case WorkingPage(topic=WorkTopic.PRINTING_RECEIPT):
            return "receipt-printer"
        case WorkingPage(topic=WorkTopic.PRINTING_PAGE):
            return "page-printer"
        case WorkingPage(topic=WorkTopic.OPENING):
            return "locker"
        case WorkingPage(topic=WorkTopic.LOOKING_AT_BOOTH):
            return "exam-booth"
        case WorkingPage(topic=WorkTopic.WRITING | WorkTopic.WRITING_LONG | WorkTopic.RETURNING_PASS):
            return "endorsement-writer"
        case TryOutPage(device=device) | MendPage(device=device):
            return device
        case _:
            return ""
