"""Which simulator stands at the far end of which driver."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.simulation.alone import makers, small, visitor
from kiosk.simulation.alone.crt_310 import Unit as IntakeUnit
from kiosk.simulation.alone.crt_591 import Unit as DispenserUnit
from kiosk.simulation.alone.kerong import Controller
from kiosk.simulation.alone.visitor import Laid
from kiosk.simulation.camera import PATH as CAMERA_PATH
from kiosk.simulation.exam_booth import Booth
from kiosk.simulation.input_board import InputBoard
from kiosk.simulation.makers import Kind
from kiosk.simulation.wires import Wire

Play = Callable[[Wire], Awaitable[None]]
Listen = Callable[..., Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class OnTheNetwork:
    """A device that speaks TCP only. `play` is given what listens for it; `at` is where drivers find it."""

    at: str
    play: Callable[[Listen], Awaitable[None]]


ON_LINES: Mapping[tuple[str, str], Callable[[], Play]] = {
    ("id-reader", "sam-v"): lambda: visitor.id_reader,
    ("fingerprint", "simulated"): lambda: visitor.fingerprint,
    ("locker", "lock-8a"): lambda: visitor.lock_8a,
    ("locker", "kerong-cu16"): lambda: Controller().run,
    ("receipt-printer", "escpos"): lambda: visitor.receipt_printer,
    ("dispenser", "crt-591"): lambda: DispenserUnit().run,
    ("intake", "crt-310"): lambda: IntakeUnit().run,
    ("scanner", "serial-scanner"): lambda: small.scanner,
    ("door", "relay-lcus"): lambda: small.relays,
    ("lights", "relay-lcus"): lambda: small.relays,
    ("presence", "ld2410"): lambda: small.presence,
    ("ups", "nut"): lambda: small.supply,
    ("help-button", "input-board"): lambda: InputBoard().run,
    ("key-switch", "input-board"): lambda: InputBoard().run,
    ("exam-booth", "simulated"): lambda: Booth(measure_seconds=0.2).run,
    ("dispenser", "xfs4iot"): makers.maker(Kind.POSITIONS),
    ("endorsement-writer", "xfs4iot"): makers.maker(Kind.VISITORS_CARD),
    ("licence-printer", "xfs4iot"): makers.maker(Kind.STACK),
    ("temporary-id-maker", "xfs4iot"): makers.maker(Kind.STACK),
    ("plate-printer", "xfs4iot"): makers.maker(Kind.SHEETS),
}
"""By device class and driver: makes a fresh device, which lasts over reconnections."""

ON_THE_NETWORK: Mapping[tuple[str, str], OnTheNetwork] = {
    ("page-printer", "ipp"): OnTheNetwork("ipp://{host}:{port}/ipp/print", visitor.page_printer),
    ("camera", "opencv"): OnTheNetwork("http://{host}:{port}" + CAMERA_PATH, visitor.camera),
}

ON_A_VIRTUAL_READER: Mapping[tuple[str, str], Callable[[], Laid]] = {
    ("document-reader", "pcsc"): visitor.travel_document,
}
"""What lies on a reader of the smart card service: a connection to vpcd is a card that lies there."""

NO_BYTES: Mapping[tuple[str, str], str] = {
    ("audio", "player"): 'its far end is a program that is given sound: --set \'command=["aplay", "-q", "-"]\'',
    (
        "help-button",
        "modem-lines",
    ): "its far end is an adapter's CTS, DSR, RI and CD; a pseudo-terminal has none",
    ("key-switch", "modem-lines"): "its far end is an adapter's CTS, DSR, RI and CD; a pseudo-terminal has none",
}
"""Drivers at whose far end no bytes are, and what is there instead."""
