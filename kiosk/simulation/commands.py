"""What dock, journeys and tests may ask of the world: one request object in, one reply object out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from kiosk.people.exit_entry import TravelDocumentKind
from kiosk.people.synthetic import Finger, Situation, SyntheticPerson
from kiosk.people.synthetic_purchases import purchase_of
from kiosk.people.synthetic_residence import residence_of
from kiosk.simulation.makers import Fault as MakerFault
from kiosk.simulation.passes import NoSuchPass
from kiosk.simulation.scene import OWN, Impossible, Scene
from kiosk.simulation.state import (
    MAKERS,
    Device,
    Fault,
    FaultKind,
    HelpHeld,
    KeyTurned,
    MadeCard,
    Move,
    Network,
    PlaceKind,
)

Arguments = Mapping[str, Any]
Reply = dict[str, Any]

_FINGERS = {finger.name.lower().replace("_", "-"): finger for finger in Finger}


class Commands:
    """The commands that need nothing but the scene."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._table: dict[str, Callable[[Arguments], Reply]] = {
            "state": self._state,
            "find": self._find,
            "people": self._people,
            "person-arrives": self._person_arrives,
            "person-leaves": self._person_leaves,
            "move": self._move,
            "lay-card": self._lay_card,
            "take-card": self._take_card,
            "stand": self._stand,
            "calibrate-booth": self._calibrate_booth,
            "stand-gauge": self._stand_gauge,
            "touch-finger": self._touch_finger,
            "load-card": self._load_card,
            "deliver": self._deliver,
            "door-close": self._door_close,
            "put-in": self._put_in,
            "take-out": self._take_out,
            "push-entrance": self._push_entrance,
            "leave-by-entrance": self._leave_by_entrance,
            "shut-entrance": self._shut_entrance,
            "turn-key": self._turn_key,
            "help-button": self._help_button,
            "papers": self._papers,
            "take-paper": self._take_paper,
            "fault": self._fault,
            "clear": self._clear,
            "unplug": self._unplug,
            "plug": self._plug,
            "network": self._network,
            "upstream": self._upstream,
            "clock": self._clock,
            "phone": self._phone,
            "insert-pass": self._insert_pass,
            "leave-pass": self._leave_pass,
            "take-pass": self._take_pass,
            "withdraw-pass": self._withdraw_pass,
            "writer-fault": self._writer_fault,
            "show-code": self._show_code,
            "take-plate": self._take_plate,
            "plate-fault": self._plate_fault,
            "take-document": self._take_document,
            "dispenser-fault": self._dispenser_fault,
            "swap-documents": self._swap_documents,
        }

    @property
    def names(self) -> tuple[str, ...]:
        """Every command there is."""
        return tuple(self._table)

    def call(self, do: str, arguments: Arguments) -> Reply:
        """Carry out one command. Raises Impossible with a sentence for the caller."""
        command = self._table.get(do)
        if command is None:
            raise Impossible(f"there is no command {do}")
        try:
            return command(arguments)
        except KeyError as missing:
            raise Impossible(f"{do} needs {missing.args[0]}") from None
        except ValidationError as wrong:
            first = wrong.errors()[0]
            raise Impossible(f"{do}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
        except (ValueError, TypeError) as wrong:
            raise Impossible(f"{do}: {wrong}") from None

    # -- answers ---------------------------------------------------------------------------------------------------

    def _state(self, _: Arguments) -> Reply:
        scene, state = self._scene, self._scene.state
        chip = scene.card_on_reader()
        visitor = scene.visitor
        compartments = [
            {
                "board": board.address,
                "compartment": lock,
                "door": "open" if scene.is_open(board.address, lock) else "closed",
                "contents": list(scene.contents(board.address, lock)),
                "pulses": state.pulses.get(f"{board.address}:{lock}", 0),
            }
            for board in state.boards
            for lock in range(1, board.ways + 1)
        ]
        return {
            "seed": state.seed,
            "as_of": state.as_of.isoformat(),
            "person": None if visitor is None else _describe(visitor),
            "reader": None
            if chip is None
            else {"card": chip.card_id, "kind": chip.kind, "read": state.card_was_read},
            "permit": None if visitor is None else self._permit(visitor),
            "hand": [] if visitor is None else self._hand(visitor),
            "finger": None if state.finger is None else int(state.finger.finger),
            "compartments": compartments,
            "entrance": {"free": state.entrance_free, "open": state.entrance_open},
            "papers": [paper.model_dump(mode="json") for paper in state.papers],
            "jobs": [job.model_dump(mode="json") for job in state.jobs],
            "devices": {
                device.value: {
                    "plugged": scene.plugged(device),
                    "faults": [fault.model_dump(mode="json") for fault in state.faults.get(device, [])],
                }
                for device in Device
            },
            "roll_mm": round(state.roll_mm, 1),
            "network": state.network.value,
            "plates": {
                "spot": scene.plates.inside.spot.value,
                "blanks": scene.plates.inside.blanks,
                "bin": len(scene.plates.inside.bin),
                "hands": len(scene.plates.inside.hands),
            },
            "clock_offset_seconds": state.clock_offset,
            "tones": list(state.tones),
            "writer": scene.passes.describe(),
            "dispenser": scene.dispenser.describe(),
            "payments": [payment.model_dump(mode="json") for payment in state.payments],
        }

    def _permit(self, visitor: SyntheticPerson) -> str | None:
        """The day of issue printed on the visitor's residence permit: no reader here reads such a card, eyes do."""
        file = residence_of(self._scene.people, visitor)
        return None if file is None or file.issued_on is None else file.issued_on.isoformat()

    def _hand(self, visitor: SyntheticPerson) -> list[str]:
        ids = {f"{OWN}-{visitor.index:04d}", *self._scene.state.cards}
        mine = (PlaceKind.HAND, visitor.index)
        return sorted(i for i in ids if ((place := self._scene.place(i)).kind, place.person) == mine)

    def _find(self, arguments: Arguments) -> Reply:
        situation = Situation(arguments["situation"])
        return {"person": _describe(self._scene.find(situation, int(arguments.get("nth", 0))))}

    def _people(self, arguments: Arguments) -> Reply:
        wanted = Situation(arguments["situation"]) if "situation" in arguments else None
        return {"people": [_describe(p) for p in self._scene.people.people if wanted in (None, p.situation)]}

    def _person_arrives(self, arguments: Arguments) -> Reply:
        if "situation" in arguments:
            situation = Situation(arguments["situation"])
            person = self._scene.find(situation, int(arguments.get("nth", 0)))
        else:
            person = self._scene.person(arguments["citizen"])
        self._scene.person_arrives(person)
        return {"person": _describe(person)}

    def _person_leaves(self, _: Arguments) -> Reply:
        self._scene.person_leaves()
        return {}

    def _move(self, arguments: Arguments) -> Reply:
        self._scene.move(Move(arguments["move"]))
        return {}

    def _lay_card(self, arguments: Arguments) -> Reply:
        return {"card": self._scene.lay_card(str(arguments.get("card", OWN)))}

    def _take_card(self, _: Arguments) -> Reply:
        return {"card": self._scene.take_card()}

    def _stand(self, arguments: Arguments) -> Reply:
        stance = self._scene.stand(up=float(arguments.get("up", 0)), nearer=float(arguments.get("nearer", 0)))
        return {"stance": stance.model_dump()}

    def _calibrate_booth(self, arguments: Arguments) -> Reply:
        on = date.fromisoformat(str(arguments["on"]))
        self._scene.calibrate_booth(on)
        return {"on": on.isoformat()}

    def _stand_gauge(self, arguments: Arguments) -> Reply:
        millimetres = int(arguments["mm"]) if "mm" in arguments else None
        self._scene.stand_gauge(millimetres)
        return {"mm": millimetres}

    def _touch_finger(self, arguments: Arguments) -> Reply:
        finger = _finger(arguments.get("finger", "right-thumb"))
        owner = self._scene.require_visitor()
        if "of" in arguments:
            owner = self._scene.person(arguments["of"])
        self._scene.touch_finger(finger, owner)
        return {"finger": int(finger)}

    def _load_card(self, arguments: Arguments) -> Reply:
        fields = {key: value for key, value in arguments.items() if key not in ("board", "compartment")}
        self._scene.load_card(MadeCard.model_validate(fields), *_compartment(arguments))
        return {}

    def _deliver(self, arguments: Arguments) -> Reply:
        return {"card": self._scene.deliver(str(arguments["card"]))}

    def _door_close(self, arguments: Arguments) -> Reply:
        self._scene.door_close(*_compartment(arguments))
        return {}

    def _put_in(self, arguments: Arguments) -> Reply:
        return {"card": self._scene.put_in(*_compartment(arguments), str(arguments.get("item", OWN)))}

    def _take_out(self, arguments: Arguments) -> Reply:
        return {"cards": list(self._scene.take_out(*_compartment(arguments)))}

    def _turn_key(self, given: Arguments) -> Reply:
        self._scene.turn_key(KeyTurned(given["to"]))
        return {}

    def _help_button(self, given: Arguments) -> Reply:
        self._scene.hold_help(HelpHeld(given["to"]))
        return {}

    def _push_entrance(self, _: Arguments) -> Reply:
        self._scene.push_entrance()
        return {}

    def _leave_by_entrance(self, _: Arguments) -> Reply:
        self._scene.leave_by_entrance()
        return {}

    def _shut_entrance(self, _: Arguments) -> Reply:
        self._scene.shut_entrance()
        return {}

    def _papers(self, _: Arguments) -> Reply:
        return {"papers": [paper.model_dump(mode="json") for paper in self._scene.state.papers]}

    def _take_paper(self, arguments: Arguments) -> Reply:
        number = arguments.get("number")
        return {"papers": list(self._scene.take_paper(None if number is None else int(number)))}

    def _fault(self, arguments: Arguments) -> Reply:
        fields = {key: value for key, value in arguments.items() if key not in ("device", "fault")}
        device = Device(arguments["device"])
        maker = self._scene.maker(device)
        if maker is not None and arguments["fault"] != FaultKind.UNPLUG.value:
            maker.faults.append(MakerFault(arguments["fault"]))
            return {}
        fault = Fault.model_validate({**fields, "kind": FaultKind(arguments["fault"])})
        if fault.kind is FaultKind.UNPLUG and device in (Device.CAMERA, Device.PAGE_PRINTER, *MAKERS):
            self._scene.unplug(device)
        else:
            self._scene.add_fault(device, fault)
        return {}

    def _clear(self, arguments: Arguments) -> Reply:
        self._scene.clear(Device(arguments["device"]))
        return {}

    def _unplug(self, arguments: Arguments) -> Reply:
        self._scene.unplug(Device(arguments["device"]))
        return {}

    def _plug(self, arguments: Arguments) -> Reply:
        self._scene.plug(Device(arguments["device"]))
        return {}

    def _network(self, arguments: Arguments) -> Reply:
        self._scene.set_network(Network(arguments["state"]))
        return {}

    def _upstream(self, arguments: Arguments) -> Reply:
        self._scene.set_upstream(str(arguments["address"]))
        return {}

    def _clock(self, arguments: Arguments) -> Reply:
        self._scene.set_clock(float(arguments["offset_seconds"]))
        return {}

    def _phone(self, _: Arguments) -> Reply:
        return {"payments": [payment.model_dump(mode="json") for payment in self._scene.state.payments]}

    def _insert_pass(self, arguments: Arguments) -> Reply:
        visitor = self._scene.visitor
        if visitor is None:
            raise Impossible("nobody stands there")
        kind = TravelDocumentKind(arguments.get("kind", TravelDocumentKind.HK_MACAO_PASS.value))
        try:
            return {"document": self._scene.passes.insert(visitor, kind)}
        except NoSuchPass:
            raise Impossible("this person has no such pass in the hand") from None

    def _leave_pass(self, arguments: Arguments) -> Reply:
        owner = self._scene.find(Situation(arguments["situation"]), int(arguments.get("nth", 0)))
        kind = TravelDocumentKind(arguments.get("kind", TravelDocumentKind.HK_MACAO_PASS.value))
        try:
            return {"document": self._scene.passes.leave_inside(owner, kind)}
        except NoSuchPass:
            raise Impossible("there is no such pass, or one stands in the machine already") from None

    def _take_pass(self, _: Arguments) -> Reply:
        try:
            return {"document": self._scene.passes.take()}
        except LookupError:
            raise Impossible("no pass stands at the exit") from None

    def _withdraw_pass(self, _: Arguments) -> Reply:
        self._scene.passes.withdraw()
        return {}

    def _writer_fault(self, arguments: Arguments) -> Reply:
        self._scene.passes.fault(arguments["fault"])
        return {}

    def _show_code(self, arguments: Arguments) -> Reply:
        """`text` as it is, or the code on one of the visitor's papers: invoice, certificate, policy."""
        scene = self._scene
        text = str(arguments.get("text", ""))
        if not text:
            bought = purchase_of(scene.require_visitor(), scene.state.as_of)
            if bought is None:
                raise Impossible("this person has bought nothing")
            text = str(getattr(bought.papers, str(arguments["paper"])))
        scene.state.code = text
        scene.changed()
        return {}

    def _take_plate(self, _: Arguments) -> Reply:
        try:
            return {"item": self._scene.plates.take().number}
        except LookupError:
            raise Impossible("no plate stands at the exit") from None

    def _plate_fault(self, arguments: Arguments) -> Reply:
        self._scene.plates.faults.append(MakerFault(arguments["fault"]))
        return {}

    def _take_document(self, _: Arguments) -> Reply:
        try:
            return {"document": self._scene.dispenser.take_out()}
        except LookupError:
            raise Impossible("no document stands at the exit") from None

    def _dispenser_fault(self, arguments: Arguments) -> Reply:
        self._scene.dispenser.fault(arguments["fault"])
        return {}

    def _swap_documents(self, arguments: Arguments) -> Reply:
        self._scene.swap(int(arguments["one"]), int(arguments["other"]))
        return {}


def _describe(person: SyntheticPerson) -> Reply:
    new = person.new_card
    return {
        "index": person.index,
        "situation": person.situation.value,
        "number": person.number,
        "name": person.card.name,
        "face": person.face,
        "phone": person.phone,
        "new_card": None
        if new is None
        else {"item": new.record.item, "board": new.record.board, "compartment": new.record.compartment},
    }


def _compartment(arguments: Arguments) -> tuple[int, int]:
    return int(arguments.get("board", 1)), int(arguments["compartment"])


def _finger(value: object) -> Finger:
    text = str(value)
    if text in _FINGERS:
        return _FINGERS[text]
    return Finger(int(text))
