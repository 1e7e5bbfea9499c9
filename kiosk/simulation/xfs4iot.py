"""An XFS4IoT service that shows one machine: `python -m kiosk.simulation.xfs4iot KIND [--state FILE] [--port N]`.

JSON over a WebSocket, CardReader, Printer and Storage classes as the machine has them, and a service publisher beside
it. Prints its URIs as one line of JSON; then reads commands from standard input, one word a line: offer, offer-other,
take, draw-back, or the name of a fault.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import json
import logging
import ssl
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from kiosk.simulation.makers import LOW_BLANKS, LOW_PRINTS, Chip, Fault, Jammed, Kind, Maker, Spot
from kiosk.simulation.wires import Wire, WireGone

PUBLISHER = "/xfs4iot/v1.0"
SERVICE = f"{PUBLISHER}/maker"
SERIAL = "SIM-0001"
ATR = bytes.fromhex("3B8F80018031B86404B0ECC1739401808290000E")
FORMS = ("endorsements", "endorsementsErase", "drivingLicence", "temporaryId", "temporaryPlate")
_WAITING = frozenset({"CardReader.ReadRawData"})
_MEDIA = {Spot.EMPTY: "notPresent", Spot.TRANSPORT: "present", Spot.EXIT: "entering", Spot.JAMMED: "jammed"}
_QUIET = logging.getLogger("kiosk.simulation.xfs4iot.frames")
_QUIET.disabled = True

Payload = dict[str, Any]


class Refusal(Exception):
    """A command's completion other than success."""

    def __init__(self, code: str, word: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.word = word


class Died(Exception):
    """The service process is gone; the machine stands as it stood."""


@dataclass(eq=False)
class Session:
    """One client's WebSocket."""

    wire: Wire
    protocol: ServerProtocol
    path: str = ""
    gone: bool = False
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self, header: Payload, payload: Payload | None = None) -> None:
        """A message; to a client that has gone, none."""
        message = {"header": {"version": "2.0", **header}} | ({} if payload is None else {"payload": payload})
        await self.say(json.dumps(message, ensure_ascii=False))

    async def say(self, text: str) -> None:
        """Any text."""
        if self.gone:
            return
        self.protocol.send_text(text.encode())
        await self.flush()

    async def flush(self) -> None:
        """What the protocol has to send."""
        async with self.writing:
            data = b"".join(self.protocol.data_to_send())
            try:
                if data:
                    await self.wire.write(data)
            except WireGone:
                self.gone = True


@dataclass(eq=False)
class Service:
    """One service. `cut` ends a client's connection; `die` what a crash of the whole process would."""

    maker: Maker
    uri: str = f"ws://127.0.0.1:5846{SERVICE}"
    serial: str = SERIAL
    die: Callable[[], None] = lambda: None
    sessions: list[Session] = field(default_factory=list[Session])
    chip: Chip | None = None
    """Of the card inside, since it was drawn in."""
    heard: list[str] = field(default_factory=list[str])
    """The names of all commands that were carried out, in order."""
    _running: dict[int, asyncio.Task[None]] = field(default_factory=dict[int, "asyncio.Task[None]"])
    _queue: asyncio.Lock = field(default_factory=asyncio.Lock)
    _telling: set[asyncio.Task[None]] = field(default_factory=set["asyncio.Task[None]"])

    def __post_init__(self) -> None:
        self.maker.listeners.append(self._turned)

    async def serve(self, wire: Wire) -> None:
        """One client, until it goes."""
        session = Session(wire, ServerProtocol(logger=_QUIET))
        try:
            while not session.gone:
                session.protocol.receive_data(await wire.read(65_536))
                for event in session.protocol.events_received():
                    if isinstance(event, Request):
                        self._open(session, event)
                    elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                        await self._command(session, json.loads(bytes(event.data)))
                await session.flush()
                if session.protocol.close_expected():
                    return
        except WireGone:
            return
        finally:
            session.gone = True
            if session in self.sessions:
                self.sessions.remove(session)

    async def stop(self) -> None:
        """Give everything up, as a process does that ends."""
        self.maker.listeners.remove(self._turned)
        tasks = [*self._running.values(), *self._telling]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for session in self.sessions:
            session.gone = True

    def _open(self, session: Session, request: Request) -> None:
        session.path = request.path.rstrip("/")
        if session.path not in (PUBLISHER, SERVICE):
            session.protocol.send_response(session.protocol.reject(404, "no such service"))
            return
        session.protocol.send_response(session.protocol.accept(request))
        if session.path == SERVICE:
            self.sessions.append(session)

    # -- commands -------------------------------------------------------------------------------------------------

    async def _command(self, session: Session, message: Payload) -> None:
        header = message["header"]
        name, request = header["name"], header["requestId"]
        moves = not name.startswith(("Common.", "Storage.", "ServicePublisher."))
        status = None
        if request in self._running:
            status = "invalidRequestID"
        elif moves and self.maker.strikes(Fault.REFUSE):
            status = "tooManyRequests"
        if not (moves and self.maker.strikes(Fault.NO_ACKNOWLEDGE)):
            await session.send({"name": name, "requestId": request, "type": "acknowledge", "status": status})
        if status is not None:
            return
        if name == "Common.Cancel":
            await self._cancel(session, request, message.get("payload") or {})
            return
        work = self._carry_out(session, name, request, message.get("payload") or {}, header.get("timeout", 0))
        task = asyncio.get_running_loop().create_task(work)
        self._running[request] = task
        task.add_done_callback(lambda _done: self._running.pop(request, None))

    async def _cancel(self, session: Session, request: int, payload: Payload) -> None:
        """Only waiting for a card can be stopped; what moves comes to its end."""
        for one in payload.get("requestIds") or tuple(self._running):
            if one in self._running and self._waits(self._running[one]):
                self._running[one].cancel()
        await session.send(_done("Common.Cancel", request, "success"), {})

    def _waits(self, task: asyncio.Task[None]) -> bool:
        return task.get_name() in _WAITING and not self.maker.moving

    async def _carry_out(self, session: Session, name: str, request: int, payload: Payload, timeout: int) -> None:
        task = asyncio.current_task()
        assert task is not None
        handler = self._handlers().get(name)
        code, answer = "success", dict[str, Any]()
        try:
            if handler is None:
                raise Refusal("unsupportedCommand")
            if name.startswith(("Common.", "Storage.", "ServicePublisher.")):
                answer = await handler(session, request, payload)
            else:
                answer = await self._in_turn(session, name, request, payload, timeout, handler)
        except Refusal as refusal:
            code, answer = refusal.code, {"errorCode": refusal.word} if refusal.word else {}
        except TimeoutError:
            code = "timeOut"
        except asyncio.CancelledError:
            if not self.sessions:
                raise
            code = "canceled"
        except Died:
            self.die()
            return
        await session.send(_done(name, request, code), answer)
        if self.maker.strikes(Fault.DOUBLE_COMPLETION):
            await session.send(_done(name, request, code), answer)

    async def _in_turn(
        self, session: Session, name: str, request: int, payload: Payload, timeout: int, handler: _Handler
    ) -> Payload:
        maker = self.maker
        async with self._queue:
            if maker.strikes(Fault.HANG):
                await asyncio.Event().wait()
            if maker.strikes(Fault.NONSENSE):
                for nonsense in ("{", "[]", '{"header": {"name": "X.Y", "type": "event"}}', '{"a": 1}'):
                    await session.say(nonsense)
            if maker.strikes(Fault.CUT_BEFORE):
                await self._cut(session)
            if maker.strikes(Fault.CUT_AMID):
                asyncio.get_running_loop().call_soon(self._cut_soon, session)
            self.heard.append(name)
            task = asyncio.current_task()
            if task is not None:
                task.set_name(name)
            async with asyncio.timeout(timeout / 1000 if timeout and name in _WAITING else None):
                try:
                    answer = await handler(session, request, payload)
                except Jammed:
                    jam = "mediaJam" if name.startswith("CardReader.") else "mediaJammed"
                    raise Refusal("commandErrorCode", jam) from None
            if maker.strikes(Fault.DIE_AMID):
                raise Died
            if maker.strikes(Fault.CUT_AFTER):
                await self._cut(session)
            return answer

    def _cut_soon(self, session: Session) -> None:
        task = asyncio.get_running_loop().create_task(self._cut(session))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _cut(self, session: Session) -> None:
        session.gone = True
        if session in self.sessions:
            self.sessions.remove(session)
        closing = getattr(session.wire, "cut", None)
        if closing is not None:
            closing()

    # -- what each command does ----------------------------------------------------------------------------------

    def _handlers(self) -> dict[str, _Handler]:
        common: dict[str, _Handler] = {
            "ServicePublisher.GetServices": self._services,
            "Common.Capabilities": self._capabilities,
            "Common.Status": self._status,
            "Storage.GetStorage": self._storage,
            "Printer.PrintForm": self._print_form,
            "Printer.ReadForm": self._read_form,
        }
        if self.maker.inside.kind is Kind.SHEETS:
            return common | {
                "Printer.ControlMedia": self._control,
                "Printer.RetractMedia": self._retract,
                "Printer.Reset": self._reset,
            }
        if self.maker.inside.kind is Kind.POSITIONS:
            return common | {
                "CardReader.ChipIO": self._chip,
                "CardReader.Move": self._move_a_document,
                "CardReader.Reset": self._reset,
            }
        return common | {
            "CardReader.ReadRawData": self._read_raw,
            "CardReader.ChipIO": self._chip,
            "CardReader.Move": self._move,
            "CardReader.Reset": self._reset,
        }

    async def _services(self, _session: Session, _request: int, _payload: Payload) -> Payload:
        return {"vendorName": "simulated", "services": [{"serviceURI": self.uri}]}

    async def _capabilities(self, _session: Session, _request: int, _payload: Payload) -> Payload:
        names = ["Common", "Printer", "Storage"]
        if self.maker.inside.kind is not Kind.SHEETS:
            names.append("CardReader")
        return {
            "interfaces": [{"name": name, "commands": {}, "events": {}, "maximumRequests": 0} for name in names],
            "common": {
                "serviceVersion": "2.0",
                "deviceInformation": {"modelName": "simulated maker", "serialNumber": self.serial},
            },
        }

    async def _status(self, _session: Session, _request: int, _payload: Payload) -> Payload:
        return {
            "common": {"device": "deviceBusy" if self.maker.moving else "online", "exchange": "inactive"},
            **self._media(),
        }

    def _media(self) -> Payload:
        inside = self.maker.inside
        ink = "out" if inside.prints_left <= 0 else "low" if inside.prints_left <= LOW_PRINTS else "full"
        printer: Payload = {"ink": ink, "media": _MEDIA[inside.spot]}
        if inside.kind is Kind.SHEETS:
            printer["paper"] = {"upper": _paper(inside.blanks)}
            return {"printer": printer}
        return {"printer": printer, "cardReader": {"media": _MEDIA[inside.spot], "chipModule": "ok"}}

    async def _storage(self, _session: Session, _request: int, _payload: Payload) -> Payload:
        inside = self.maker.inside
        full = len(inside.bin) >= inside.bin_capacity
        filled = {"replenishmentStatus": "full" if full else "ok"}
        if inside.kind is Kind.SHEETS:
            unit = {"printer": {"capabilities": {"maxRetracts": 30}, "status": filled | {"in": inside.bin_counted}}}
            return {"storage": {"unit2": {"id": "BIN", "status": "ok", **unit}}}
        count = {"initialCount": 0, "count": inside.bin_counted, "retainCount": 0}
        units: Payload = {
            "unit2": {
                "id": "BIN",
                "status": "ok",
                "card": {"capabilities": {"type": "retain", "hardwareSensors": True}, "status": filled | count},
            }
        }
        if inside.kind is Kind.POSITIONS:
            units |= {f"unitP{n + 1}": self._position(n + 1) for n in range(self.maker.positions)}
        if inside.kind is Kind.STACK:
            stock = "empty" if inside.blanks <= 0 else "low" if inside.blanks <= LOW_BLANKS else "ok"
            units["unit1"] = {
                "id": "STACK",
                "status": "ok",
                "card": {
                    "capabilities": {"type": "dispense", "hardwareSensors": True},
                    "status": {"count": inside.blanks, "replenishmentStatus": stock},
                },
            }
        return {"storage": units}

    def _position(self, number: int) -> Payload:
        count = 1 if self.maker.held(number) else 0
        return {
            "id": f"P{number:03d}",
            "status": "ok",
            "card": {
                "capabilities": {"type": "dispense", "hardwareSensors": True},
                "status": {"count": count, "replenishmentStatus": "ok" if count else "empty"},
            },
        }

    async def _move_a_document(self, session: Session, request: int, payload: Payload) -> Payload:
        """Out of its position; every other movement is a card's."""
        maker, source = self.maker, str(payload.get("from", ""))
        if not source.startswith("unitP"):
            return await self._move(session, request, payload)
        if payload.get("to") != "transport" or not 1 <= int(source.removeprefix("unitP")) <= maker.positions:
            raise Refusal("invalidData")
        if maker.inside.item is not None:
            raise Refusal("commandErrorCode", "occupied")
        self.chip = None
        try:
            await maker.fetch(int(source.removeprefix("unitP")))
        except LookupError:
            raise Refusal("commandErrorCode", "noMedia") from None
        return {}

    async def _read_raw(self, session: Session, request: int, _payload: Payload) -> Payload:
        name, maker = "CardReader.ReadRawData", self.maker
        if maker.inside.item is not None:
            raise Refusal("commandErrorCode", "mediaJam" if maker.inside.spot is Spot.JAMMED else "invalidMedia")
        await session.send({"name": "CardReader.InsertCardEvent", "requestId": request, "type": "event"}, {})
        while True:
            await maker.until(lambda: maker.inside.offered is not None)
            if await maker.swallow():
                self.chip = None if maker.inside.item is None else maker.chip_of(maker.inside.item.document)
                break
            await session.send({"name": "CardReader.InvalidMediaEvent", "requestId": request, "type": "event"}, {})
        await session.send({"name": "CardReader.MediaInsertedEvent", "requestId": request, "type": "event"}, {})
        assert name in _WAITING
        return {"chip": [{"status": None, "data": base64.b64encode(ATR).decode("ascii")}]}

    async def _chip(self, _session: Session, _request: int, payload: Payload) -> Payload:
        if self.maker.inside.item is None:
            raise Refusal("commandErrorCode", "noMedia")
        if payload.get("chipProtocol") != "chipTypeAPart4":
            raise Refusal("commandErrorCode", "protocolNotSupported")
        asked = base64.b64decode(payload["chipData"])
        # A chip that knows one application and answers everything else with "not found" (ISO 7816-4, 6A82).
        known = asked[:4] == bytes.fromhex("00A4040C") and b"\xa0\x00\x00\x02\x47\x10\x01" in asked
        answer = b"\x90\x00" if known else b"\x6a\x82"
        if self.chip is None and self.maker.inside.kind is Kind.POSITIONS:
            # Woken by the first command.
            self.chip = self.maker.chip_of(self.maker.inside.item.document)
        if self.chip is not None:
            answer = self.chip.answer(asked)
        return {"chipProtocol": "chipTypeAPart4", "chipData": base64.b64encode(answer).decode("ascii")}

    async def _move(self, _session: Session, _request: int, payload: Payload) -> Payload:
        inside, maker = self.maker.inside, self.maker
        match payload.get("from"), payload.get("to"):
            case "unit1", "transport":
                if inside.item is not None:
                    raise Refusal("commandErrorCode", "occupied")
                if inside.kind is not Kind.STACK:
                    raise Refusal("invalidData")
                if inside.blanks <= 0:
                    raise Refusal("commandErrorCode", "noMedia")
                await maker.blank()
            case ("transport" | "exit") as place, "exit":
                self._must_stand(place)
                await maker.move(Spot.EXIT)
            case ("transport" | "exit") as place, "unit2":
                self._must_stand(place)
                if len(inside.bin) >= inside.bin_capacity:
                    raise Refusal("commandErrorCode", "full")
                await maker.retain()
            case _:
                raise Refusal("invalidData")
        return {}

    def _must_stand(self, place: str) -> None:
        spot = self.maker.inside.spot
        if spot is Spot.JAMMED:
            raise Refusal("commandErrorCode", "mediaJam")
        if spot.value != place:
            raise Refusal("commandErrorCode", "noMedia")

    async def _print_form(self, _session: Session, _request: int, payload: Payload) -> Payload:
        inside, maker = self.maker.inside, self.maker
        if payload.get("formName") not in FORMS:
            raise Refusal("commandErrorCode", "formNotFound")
        if inside.prints_left <= 0:
            raise Refusal("commandErrorCode", "inkOut")
        if inside.kind is Kind.SHEETS:
            if inside.item is not None:
                raise Refusal("sequenceError")
            if payload.get("paperSource") != "upper":
                raise Refusal("commandErrorCode", "sourceInvalid")
            if inside.blanks <= 0:
                raise Refusal("commandErrorCode", "paperOut")
            await maker.blank()
        if inside.spot is not Spot.TRANSPORT:
            raise Refusal("commandErrorCode", "mediaJammed" if inside.spot is Spot.JAMMED else "sequenceInvalid")
        await maker.print(dict(payload.get("fields") or {}))
        return {}

    async def _read_form(self, _session: Session, _request: int, payload: Payload) -> Payload:
        item = self.maker.inside.item
        if item is None or self.maker.inside.spot is not Spot.TRANSPORT:
            raise Refusal("commandErrorCode", "sequenceInvalid")
        names = payload.get("fieldNames") or tuple(item.face)
        return {"fields": {name: item.face.get(name, "") for name in names}}

    async def _control(self, _session: Session, _request: int, payload: Payload) -> Payload:
        if self.maker.inside.item is None:
            raise Refusal("commandErrorCode", "noMediaPresent")
        if self.maker.inside.spot is Spot.JAMMED:
            raise Refusal("commandErrorCode", "mediaJammed")
        if payload.get("mediaControl") != {"move": "eject"}:
            raise Refusal("invalidData")
        await self.maker.move(Spot.EXIT)
        return {}

    async def _retract(self, _session: Session, _request: int, payload: Payload) -> Payload:
        inside = self.maker.inside
        if inside.item is None:
            raise Refusal("commandErrorCode", "noMediaPresent")
        if inside.spot is Spot.JAMMED:
            raise Refusal("commandErrorCode", "mediaJammed")
        if len(inside.bin) >= inside.bin_capacity:
            raise Refusal("commandErrorCode", "retractBinFull")
        await self.maker.retain()
        return {"result": payload.get("mediaControl", "unit2")}

    async def _reset(self, _session: Session, _request: int, _payload: Payload) -> Payload:
        if len(self.maker.inside.bin) >= self.maker.inside.bin_capacity and self.maker.inside.item is not None:
            raise Refusal("commandErrorCode", "retainBinFull")
        await self.maker.reset()
        return {}

    # -- events -----------------------------------------------------------------------------------------------------

    def _turned(self, what: str) -> None:
        """Tell every client, in the background: the machine does not wait for them."""
        sheets = self.maker.inside.kind is Kind.SHEETS
        told: list[tuple[str, Payload]] = []
        match what:
            case "removed":
                told.append(("Printer.MediaTakenEvent" if sheets else "CardReader.MediaRemovedEvent", {}))
            case "drawn-back" if sheets:
                told.append(("Printer.MediaAutoRetractedEvent", {"result": "unit2"}))
            case "drawn-back":
                told.append(("CardReader.CardActionEvent", {"from": "exit", "to": "unit2"}))
            case "printed" if self.maker.inside.prints_left in (0, LOW_PRINTS):
                state = "out" if self.maker.inside.prints_left <= 0 else "low"
                told.append(("Printer.InkThresholdEvent", {"state": state}))
            case _:
                pass
        if what in ("staged", "retained", "drawn-back"):
            told.append(("Storage.CountsChangedEvent", {}))
        if what not in ("offered", "pushed-back"):
            told.append(("Common.StatusChangedEvent", self._media()))
        task = asyncio.get_running_loop().create_task(self._tell(told))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell(self, told: list[tuple[str, Payload]]) -> None:
        for name, payload in told:
            for session in tuple(self.sessions):
                await session.send({"name": name, "type": "unsolicited"}, payload)


_Handler = Callable[[Session, int, Payload], Awaitable[Payload]]


def _done(name: str, request: int, code: str) -> Payload:
    return {"name": name, "requestId": request, "type": "completion", "completionCode": code}


def _paper(sheets: int) -> str:
    return "out" if sheets <= 0 else "low" if sheets <= LOW_BLANKS else "full"


class StreamWire:
    """A TCP connection as a wire."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, most: int) -> bytes:
        try:
            data = await self._reader.read(most)
        except (ConnectionError, ssl.SSLError):
            raise WireGone from None
        if not data:
            raise WireGone
        return data

    async def write(self, data: bytes) -> None:
        try:
            self._writer.write(data)
            await self._writer.drain()
        except (ConnectionError, ssl.SSLError):
            raise WireGone from None

    def cut(self) -> None:
        """As a cable that is pulled."""
        self._writer.transport.abort()


@dataclass(eq=False)
class Running:
    """A service on loopback that can be ended like a process and started again on the same port."""

    maker: Maker
    tls: ssl.SSLContext | None = None
    port: int = 0
    service: Service | None = None
    _server: asyncio.Server | None = None
    _wires: dict[asyncio.Task[None], StreamWire] = field(default_factory=dict["asyncio.Task[None]", StreamWire])

    @property
    def uri(self) -> str:
        """Of the service."""
        return f"{'wss' if self.tls else 'ws'}://localhost:{self.port}{SERVICE}"

    @property
    def publisher(self) -> str:
        """Of the publisher."""
        return self.uri.removesuffix("/maker")

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._client, "localhost", self.port, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        self.service = Service(self.maker, uri=self.uri, die=self.crash)

    def crash(self) -> None:
        """The process is gone: no goodbye, and nobody listens."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for wire in tuple(self._wires.values()):
            wire.cut()

    async def stop(self) -> None:
        """End it."""
        self.crash()
        await asyncio.gather(*self._wires, return_exceptions=True)
        if self.service is not None:
            await self.service.stop()
            self.service = None

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = StreamWire(reader, writer)
        task = asyncio.current_task()
        assert task is not None
        assert self.service is not None
        self._wires[task] = wire
        try:
            await self.service.serve(wire)
        finally:
            del self._wires[task]
            writer.close()


async def _run(arguments: argparse.Namespace) -> None:
    context = None
    if arguments.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(arguments.certificate, arguments.key)
    maker = Maker(Kind(arguments.kind), motion_seconds=arguments.motion_seconds, state=arguments.state)
    running = Running(maker, context, arguments.port)
    await running.start()
    print(json.dumps({"service": running.uri, "publisher": running.publisher}), flush=True)
    reader = asyncio.StreamReader()
    _ = await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        with contextlib.suppress(LookupError, AssertionError, ValueError):
            _act(maker, line.decode("utf-8", "replace").strip())
    await running.stop()


def _act(maker: Maker, word: str) -> None:
    match word:
        case "offer":
            maker.offer()
        case "offer-other":
            maker.offer(genuine=False)
        case "take":
            _ = maker.take()
        case "draw-back":
            maker.draw_back()
        case _:
            maker.faults.append(Fault(word))


def main(argv: list[str]) -> int:
    """Until the input ends."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.simulation.xfs4iot")
    parser.add_argument("kind", choices=[kind.value for kind in Kind])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", type=Path, default=None)
    parser.add_argument("--motion-seconds", type=float, default=0.5)
    parser.add_argument("--certificate", default="")
    parser.add_argument("--key", default="")
    asyncio.run(_run(parser.parse_args(argv)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
