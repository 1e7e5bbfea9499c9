"""What the dock's window shows, made of the world's state; no Qt, nothing asked, nothing remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.people.synthetic import Finger, Situation
from kiosk.simulation import dock_words as words
from kiosk.simulation.state import FAULTS, ONCE, Device, FaultKind

FACES = Path(__file__).resolve().parents[2] / "assets" / "simulation" / "faces"
_PROPS = ("foreign", "damaged", "counterfeit")
_OF_ANY_LINE = FAULTS[Device.ID_READER] & FAULTS[Device.LOCKER] & FAULTS[Device.FINGERPRINT]
_COMPARTMENT_FAULTS = (FaultKind.STUCK, FaultKind.CONTACT_BROKEN)


_NOT_LISTED = (Device.HEADQUARTERS, Device.HELP_BUTTON, Device.PRESENCE)
"""The wire has a panel of its own; nothing can be wrong with the contacts beside the screen but their cables."""


@dataclass(frozen=True, slots=True)
class SituationView:
    """One line of the list on the left. `count` people are in it; `group` is the heading above it, or empty."""

    id: str
    label: str
    count: int
    group: str


@dataclass(frozen=True, slots=True)
class PersonView:
    """Who stands there."""

    name: str
    number: str
    situation: str
    situation_id: str
    face: str
    phone: str
    new_card: str


@dataclass(frozen=True, slots=True)
class CardView:
    """A card that could be laid on the reader."""

    id: str
    label: str
    in_hand: bool


@dataclass(frozen=True, slots=True)
class FaultView:
    """A way to break, and whether it is broken so. `once`: strikes a single time."""

    id: str
    label: str
    on: bool
    once: bool


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One row of the devices."""

    id: str
    label: str
    plugged: bool
    broken: str
    faults: tuple[FaultView, ...]


@dataclass(frozen=True, slots=True)
class CompartmentView:
    """One door of the cabinet."""

    board: int
    number: int
    open: bool
    contents: str
    pulses: int
    faults: tuple[FaultView, ...]


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper that came out. `pictures` are file addresses; `text` stands in where nothing could be drawn."""

    number: int
    label: str
    pictures: tuple[str, ...]
    text: str
    taken: bool


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """One of a row of choices."""

    id: str
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class DockView:
    """The whole window."""

    world: bool
    person: PersonView | None = None
    situations: tuple[SituationView, ...] = ()
    reader: str = ""
    card_there: bool = False
    cards: tuple[CardView, ...] = ()
    finger: str = ""
    fingers: tuple[ChoiceView, ...] = ()
    compartments: tuple[CompartmentView, ...] = ()
    open_doors: int = 0
    papers: tuple[PaperView, ...] = ()
    papers_lying: int = 0
    devices: tuple[DeviceView, ...] = ()
    networks: tuple[ChoiceView, ...] = ()
    clock: str = ""
    clock_offset: float = 0.0
    roll: str = ""
    phone: str = ""
    entrance_free: bool = False
    """The magnet of the zone's door lets go; where it does, or the door stands open, the window shows it."""
    entrance_open: bool = False


def dock_view(state: Mapping[str, Any] | None, people: Iterable[Mapping[str, Any]], papers: Path) -> DockView:
    """`state` and `people` as the world answers; None while there is no world. `papers` is where its papers lie."""
    if state is None:
        return DockView(world=False)
    counts = Counter(person["situation"] for person in people)
    compartments = tuple(_compartment(found, state) for found in state["compartments"])
    shown = tuple(_paper(found, papers) for found in reversed(state["papers"]))
    return DockView(
        world=True,
        person=_person(state["person"]),
        situations=_situations(counts),
        reader=_reader(state),
        card_there=state["reader"] is not None,
        cards=_cards(state),
        finger=_finger(state["finger"]),
        fingers=tuple(ChoiceView(name, label, _lies(state["finger"], name)) for name, label in words.FINGERS.items()),
        compartments=compartments,
        open_doors=sum(one.open for one in compartments),
        papers=shown,
        papers_lying=sum(not one.taken for one in shown),
        devices=tuple(_device(device, state) for device in Device if device not in _NOT_LISTED),
        networks=tuple(
            ChoiceView(network.value, label, state["network"] == network.value)
            for network, label in words.NETWORKS.items()
        ),
        clock=_clock(float(state["clock_offset_seconds"])),
        clock_offset=float(state["clock_offset_seconds"]),
        roll=f"凭条纸余 {float(state['roll_mm']) / 1000:.1f} 米",
        phone=_phone(state["payments"]),
        entrance_free=state["entrance"]["free"],
        entrance_open=state["entrance"]["open"],
    )


def refusal(sentence: str) -> str:
    """The world's sentence in Chinese where it has one."""
    return words.REFUSALS.get(sentence, sentence)


def _situations(counts: Counter[str]) -> tuple[SituationView, ...]:
    return tuple(
        SituationView(one.value, words.SITUATIONS[one], counts[one.value], title if nth == 0 else "")
        for title, group in words.GROUPS
        for nth, one in enumerate(group)
    )


def _person(found: Mapping[str, Any] | None) -> PersonView | None:
    if found is None:
        return None
    new = found["new_card"]
    where = "无" if new is None else f"第 {new['compartment']} 格" if new["compartment"] else "不在本机"
    face = FACES / f"cast_{found['face']}.jpg"
    return PersonView(
        found["name"],
        found["number"],
        words.SITUATIONS[Situation(found["situation"])],
        found["situation"],
        face.as_uri(),
        found["phone"],
        where,
    )


def _reader(state: Mapping[str, Any]) -> str:
    card: Mapping[str, Any] | None = state["reader"]
    if card is None:
        return "空"
    kind = str(card["kind"])
    return words.CARDS.get(kind, kind) + ("，已读取" if card["read"] else "，还没有读")


def _cards(state: Mapping[str, Any]) -> tuple[CardView, ...]:
    person = state["person"]
    if person is None:
        return tuple(CardView(card, label, False) for card, label in words.CARDS.items())
    index = f"{person['index']:04d}"
    new = person["new_card"]
    hand = set(state["hand"])
    on_reader = None if state["reader"] is None else state["reader"]["card"]
    ids = {"own": f"own-{index}", "new": None if new is None else new["item"]}

    def held(card: str) -> bool:
        # Props are in everybody's hand until they lie somewhere else.
        return f"{card}-{index}" != on_reader if card in _PROPS else ids[card] in hand

    return tuple(CardView(card, label, held(card)) for card, label in words.CARDS.items())


def _finger_name(position: int) -> str:
    return Finger(position).name.lower().replace("_", "-")


def _lies(found: int | None, name: str) -> bool:
    return found is not None and _finger_name(found) == name


def _finger(found: int | None) -> str:
    if found is None:
        return "没有手指"
    name = _finger_name(found)
    return f"{words.FINGERS.get(name, name)}放着"


def _contents(cards: Iterable[str]) -> str:
    """What lies there, as short as a door is wide."""
    return "、".join(
        "旧证" if card.startswith("own-") else "新证" if card.startswith("card-") else "其他" for card in cards
    )


def _compartment(found: Mapping[str, Any], state: Mapping[str, Any]) -> CompartmentView:
    board, number = found["board"], found["compartment"]
    on = {
        fault["kind"]
        for fault in state["devices"][Device.LOCKER.value]["faults"]
        if (fault["board"], fault["compartment"]) == (board, number)
    }
    return CompartmentView(
        board,
        number,
        found["door"] == "open",
        _contents(found["contents"]),
        found["pulses"],
        tuple(FaultView(k.value, words.FAULTS[k], k.value in on, k in ONCE) for k in _COMPARTMENT_FAULTS),
    )


def _device(device: Device, state: Mapping[str, Any]) -> DeviceView:
    found = state["devices"][device.value]
    on = {fault["kind"] for fault in found["faults"]}
    doors = {fault["kind"]: f"（第 {fault['compartment']} 格）" for fault in found["faults"] if fault["compartment"]}
    # What is the device's own first, then what every line can suffer.
    kinds = sorted((kind for kind in FaultKind if kind in FAULTS[device]), key=_OF_ANY_LINE.__contains__)
    return DeviceView(
        device.value,
        words.DEVICES[device],
        found["plugged"],
        "、".join(words.FAULTS[kind] + doors.get(kind.value, "") for kind in kinds if kind.value in on),
        tuple(FaultView(kind.value, words.FAULTS[kind], kind.value in on, kind in ONCE) for kind in kinds),
    )


def _paper(found: Mapping[str, Any], folder: Path) -> PaperView:
    receipt = found["device"] == Device.RECEIPT_PRINTER.value
    return PaperView(
        found["number"],
        f"{found['number']:03d} {'凭条' if receipt else 'A4'}",
        tuple((folder / name).as_uri() for name in found["files"] if name.endswith(".png")),
        found["text"],
        found["taken"],
    )


def _clock(offset: float) -> str:
    if offset == 0:
        return "准"
    seconds = abs(round(offset))
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    parts = ((days, "天"), (hours, "小时"), (minutes, "分"), (left, "秒"))
    return ("快 " if offset > 0 else "慢 ") + " ".join(f"{count} {unit}" for count, unit in parts if count)


def _phone(payments: list[Mapping[str, Any]]) -> str:
    if not payments:
        return "还没有付过款"
    last = str(payments[-1]["outcome"])
    told = {"confirm": "已付款", "decline": "已拒付"}.get(last, "没有成功")
    return f"最近一次：{told}（共 {len(payments)} 次）"
