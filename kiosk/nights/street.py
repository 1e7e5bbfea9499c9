"""The way from the terminal to everything outside it: lines, headquarters, telephone, camera, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from central.agencies.contract import Match
from central.handle import Headquarters
from kiosk.backend.direct import DirectExchange, Weather
from kiosk.backend.exchange import Arrival, Cause, Reply, Unreachable
from kiosk.clock import Clock
from kiosk.devices.camera.contract import Advice, Move
from kiosk.devices.page_printer.posting import IppPost, PostFailed
from kiosk.devices.words import Completion, DeviceFault
from kiosk.simulation.scene import Impossible, Scene
from kiosk.simulation.state import Device, FaultKind, Network, Payment
from kiosk.simulation.virtual import VirtualWorld
from kiosk.vision.scripted import ScriptedCamera, ScriptedPerson, number_in

T = TypeVar("T")

SLOW_SECONDS = 3.0
ADVICE = {
    FaultKind.DARK: Advice.TOO_DARK,
    FaultKind.FAR: Advice.COME_CLOSER,
    FaultKind.TWO_PEOPLE: Advice.SEVERAL_FACES,
    FaultKind.TURNED: Advice.TURN_STRAIGHT,
    FaultKind.FROZEN: Advice.HOLD_STILL,
}
"""What the coach says for ever while a fault of the camera is planted; a black picture shows it nobody."""
DARK = 0.12
"""Share of the usual light while the lamps are out."""

Trouble = Callable[[int, str, str], Weather | None]
"""What befalls request number n (from 1), by method and path; None leaves it to the world's network."""


class Owed:
    """Seconds that somebody let pass where waiting was not possible; whoever can wait pays them."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        """Owe some more."""
        self.seconds += seconds

    def take(self) -> float:
        """All that is owed, to be waited for now."""
        seconds, self.seconds = self.seconds, 0.0
        return seconds


class OwingWorker:
    """Calls at once, and afterwards waits as long as the call would have taken."""

    def __init__(self, owed: Owed) -> None:
        self._owed = owed

    async def run(self, call: Callable[[], T]) -> T:
        try:
            return call()
        finally:
            await asyncio.sleep(self._owed.take())

    async def close(self) -> None:
        return None


class Wire:
    """The wire to headquarters: one for all exchanges of a terminal; the world's network and `trouble` spoil it."""

    def __init__(
        self, headquarters: Headquarters, terminal: str, clock: Clock, world: VirtualWorld, owed: Owed
    ) -> None:
        self._direct = DirectExchange(headquarters.exchange, terminal, clock, self._weather)
        self._world = world
        self._owed = owed
        self._next = Weather.FAIR
        self.requests = 0
        self.trouble: Trouble = no_trouble

    def _weather(self, method: str, path: str) -> Weather:
        del method, path
        return self._next

    async def exchange(self, method: str, path: str, body: bytes, *, content_type: str, seconds: float) -> Reply:
        """See Exchange."""
        self.requests += 1
        left = seconds
        weather = self.trouble(self.requests, method, path)
        if weather is None:
            match self._world.network:
                case Network.UP:
                    weather = Weather.FAIR
                case Network.DOWN:
                    weather = Weather.DOWN
                case Network.DROP_AFTER_REQUEST:
                    weather = Weather.CUT_AFTER_REQUEST
                case Network.SLOW:
                    weather, left = Weather.FAIR, await self._let_pass(SLOW_SECONDS, left)
                case Network.WRONG_CERTIFICATE | Network.GARBAGE:
                    raise Unreachable(Cause.TLS, Arrival.SURELY_NOT)
        self._next = weather
        reply = await self._direct.exchange(method, path, body, content_type=content_type, seconds=left)
        await self._let_pass(self._owed.take(), left)
        return reply

    async def _let_pass(self, seconds: float, left: float) -> float:
        await asyncio.sleep(min(seconds, left))
        if seconds >= left:
            raise Unreachable(Cause.TIME_OUT, Arrival.PERHAPS)
        return left - seconds


def no_trouble(number: int, method: str, path: str) -> Weather | None:
    """The world's network alone decides."""
    del number, method, path
    return None


class PrinterPost:
    """The page printer's posts, to the simulator in memory; a `Poster`."""

    def __init__(self, world: VirtualWorld, owed: Owed, heard: Callable[[str, bytes], None]) -> None:
        self._world = world
        self._owed = owed
        self._heard = heard

    def __call__(self, order: IppPost) -> bytes:
        scene = self._world.scene
        if not scene.plugged(Device.PAGE_PRINTER):
            raise PostFailed("refused", sent=False)
        if scene.strike(Device.PAGE_PRINTER, FaultKind.SILENT):
            self._owed.add(order.seconds)
            raise PostFailed("no answer in time", sent=True)
        self._heard("page-printer>", order.body)
        reply = self._world.ipp_now(order.body)
        if scene.strike(Device.PAGE_PRINTER, FaultKind.DROP_ANSWER):
            raise PostFailed("cut", sent=True)
        self._heard("page-printer<", reply)
        return reply


class Onlookers:
    """Keeps the scripted camera in step with who stands there and what is wrong with the lens."""

    def __init__(self, scene: Scene, camera: ScriptedCamera) -> None:
        self._scene = scene
        self._camera = camera
        self._faces: dict[str, str] = {}
        self.look()
        self.stop = scene.listen(self.look)

    def look(self) -> None:
        """See what has changed."""
        scene = self._scene
        away = not scene.plugged(Device.CAMERA) or scene.has(Device.CAMERA, FaultKind.SILENT)
        self._camera.fail(DeviceFault(Completion.DEVICE_NOT_READY, "sourceLost") if away else None)
        visitor = scene.visitor
        still = frozenset(move for move in Move if move.value != scene.state.move.value)
        wrong = next((advice for kind, advice in ADVICE.items() if scene.has(Device.CAMERA, kind)), None)
        if visitor is None or scene.has(Device.CAMERA, FaultKind.BLACK):
            self._camera.place(None)
        else:
            light = DARK if scene.has(Device.CAMERA, FaultKind.DARK) else 1.0
            self._camera.place(ScriptedPerson(visitor.face, never_right=wrong, cannot=still, light=light))


class NumberedFaces:
    """Headquarters' face comparison for the scripted camera's pictures: numbers are compared, and labelled so."""

    def compare(self, live: bytes, face: str, chip_photo: bytes) -> Match:
        """See FaceMatching."""
        del chip_photo
        number = number_in(live)
        if number is None:
            return Match("no-face", "scripted", -1.0, 0.55, sandbox=True)
        same = number == face
        return Match("same" if same else "different", "scripted", 0.2 if same else 0.7, 0.55, sandbox=True)


class Street:
    """What a citizen does off the glass; a kiosk.simulation.citizen.World. The telephone reaches headquarters."""

    def __init__(self, world: VirtualWorld, headquarters: Headquarters) -> None:
        self._world = world
        self._headquarters = headquarters

    def call(self, do: str, **arguments: Any) -> dict[str, Any]:
        """One command. Raises Impossible."""
        match do:
            case "pay":
                return self._press(str(arguments["url"]), b"answer=confirm")
            case "pay-decline":
                return self._press(str(arguments["url"]), b"answer=decline")
            case _:
                return self._world.call(do, **arguments)

    def _press(self, url: str, form: bytes) -> dict[str, Any]:
        answer = self._headquarters.people("POST", urlsplit(url).path, form)
        button = form.partition(b"=")[2].decode("ascii")
        outcome = button if answer.status < 400 else f"failed: {answer.status}"
        self._world.scene.paid(Payment(url=url, outcome=outcome))
        if answer.status >= 400:
            raise Impossible(f"the payment page answered {answer.status}")
        return {"status": str(answer.status)}
