"""A network camera: motion JPEG over HTTP on loopback."""

from __future__ import annotations

import asyncio
import contextlib

from kiosk.people.synthetic import CAST
from kiosk.simulation.faces import FRAMES_PER_SECOND, MOVE_FRAMES, SWAY_FRAMES, Pose, View, frame_jpeg
from kiosk.simulation.scene import Scene
from kiosk.simulation.state import Device, FaultKind, Move

PATH = "/camera.mjpg"
_BOUNDARY = "frame"
_DARK_GAIN = 0.12
_REQUEST_SECONDS = 5.0
_SEND_SECONDS = 5.0


class Camera:
    """What the lens sees, frame by frame."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._number = 0
        self._move = Move.NONE
        self._moving = 0
        self._frozen: View | None = None

    def next_view(self) -> View:
        """What the next frame shows."""
        has = self._has
        if not has(FaultKind.FROZEN):
            self._number = (self._number + 1) % SWAY_FRAMES
            self._frozen = None
            self._moving = self._moving + 1 if self._scene.state.move is self._move else 0
            self._move = self._scene.state.move
        visitor = self._scene.visitor
        face = None if visitor is None else visitor.face
        other = CAST[(CAST.index(face) + 1) % len(CAST)] if face else CAST[0]
        pose, stance = Pose.FRONT, self._scene.state.stance
        if has(FaultKind.FAR):
            pose = Pose.FAR
        elif has(FaultKind.TWO_PEOPLE):
            pose = Pose.WITH_COMPANY
        elif has(FaultKind.TURNED):
            pose = Pose.TURNED
        gain = 0.0 if has(FaultKind.BLACK) else _DARK_GAIN if has(FaultKind.DARK) else 1.0
        if has(FaultKind.FROZEN):
            # A frozen camera repeats what it saw when it froze, whoever stands there now.
            if self._frozen is None:
                self._frozen = View(face, other, pose, gain, self._number, stance.up, stance.nearer)
            return self._frozen
        move = Move.NONE if face is None or pose is not Pose.FRONT else self._move
        step = 0 if move is Move.NONE else self._moving % MOVE_FRAMES
        return View(face, other, pose, gain, self._number, stance.up, stance.nearer, move, step)

    def _has(self, kind: FaultKind) -> bool:
        return self._scene.has(Device.CAMERA, kind)


class CameraServer:
    """Sends every viewer the same frames."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._camera = Camera(scene)
        self._drawing = asyncio.Lock()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One viewer, until it leaves."""
        with contextlib.suppress(ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            async with asyncio.timeout(_REQUEST_SECONDS):
                request = await reader.readuntil(b"\r\n\r\n")
            if request.split(b" ")[1:2] != [PATH.encode()]:
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                await writer.drain()
                return
            writer.write(
                b"HTTP/1.0 200 OK\r\nCache-Control: no-store\r\nConnection: close\r\n"
                b"Content-Type: multipart/x-mixed-replace; boundary=" + _BOUNDARY.encode() + b"\r\n\r\n"
            )
            await self._stream(writer)

    async def _stream(self, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            if not self._scene.has(Device.CAMERA, FaultKind.SILENT):
                async with self._drawing:
                    jpeg = await asyncio.to_thread(frame_jpeg, self._camera.next_view())
                writer.write(
                    f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n".encode()
                    + jpeg
                    + b"\r\n"
                )
                async with asyncio.timeout(_SEND_SECONDS):
                    await writer.drain()
            due = max(due + 1 / FRAMES_PER_SECOND, loop.time())
            await asyncio.sleep(due - loop.time())
