"""The drawn cast in frames as a camera would give them, and a stream of such frames."""

from __future__ import annotations

import functools
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import pytest

from kiosk.vision.picture import Image

CAST = ("1027", "1031", "1122", "1129", "1181", "1244", "1263", "1270", "1278", "1314", "1317", "1328")
WIDTH, HEIGHT = 1280, 720


def folder() -> Path:
    """Where the drawn faces lie; skips the test where they are not present."""
    found = Path(__file__).resolve().parents[2] / "assets" / "simulation" / "faces"
    if not found.is_dir():
        pytest.skip("the drawn faces are not installed")
    return found


def portrait(number: str) -> Image:
    return cast(Image, cv2.imread(str(folder() / f"cast_{number}.jpg")))


def chip(number: str) -> bytes:
    return (folder() / f"chip_{number}.jpg").read_bytes()


def in_frame(person: Image, *, scale: float = 1.2, right: int = 0, down: int = 0) -> Image:
    """A person before the backdrop of a 1280 x 720 frame, moved by pixels; the backdrop goes on beyond the
    picture.
    """
    size = (round(person.shape[1] * scale), round(person.shape[0] * scale))
    scaled = cv2.resize(person, size, interpolation=cv2.INTER_CUBIC)
    pad = 900
    wide = cv2.copyMakeBorder(scaled, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    left = pad + size[0] // 2 - WIDTH // 2 - right
    top = pad + size[1] - HEIGHT - down
    return cast(Image, np.ascontiguousarray(wide[top : top + HEIGHT, left : left + WIDTH]))


@functools.cache
def frame_of(number: str) -> Image:
    """Shared between tests: copy it before drawing on it."""
    frame = in_frame(portrait(number))
    frame.flags.writeable = False
    return frame


def empty_room() -> Image:
    return np.full((HEIGHT, WIDTH, 3), 195, np.uint8)


class Projector:
    """An HTTP server that shows one picture as an MJPEG stream, each frame with noise of its own."""

    RATE = 20.0

    def __init__(self, picture: Image) -> None:
        self._lock = threading.Lock()
        self._noise = np.random.default_rng(1)
        self._jpegs: list[bytes] = []
        self.gone = threading.Event()
        self.sent = 0
        self.show(picture)
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None
        self.port = 0
        self.open()

    def show(self, picture: Image) -> None:
        """Change what is before the camera."""
        jpegs: list[bytes] = []
        for _ in range(4):
            noise = self._noise.integers(-3, 4, (picture.shape[0] // 4, picture.shape[1] // 4, 1), dtype=np.int16)
            grain = np.repeat(np.repeat(noise, 4, axis=0), 4, axis=1)
            noisy = np.clip(picture.astype(np.int16) + grain, 0, 255).astype(np.uint8)
            jpegs.append(cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes())
        with self._lock:
            self._jpegs = jpegs

    def show_without_noise(self, picture: Image) -> None:
        """As a drawn camera might: every frame the same bytes."""
        self.show(picture)
        with self._lock:
            self._jpegs = [cv2.imencode(".jpg", picture)[1].tobytes()]

    def freeze(self) -> None:
        """Repeat one frame from now on."""
        with self._lock:
            self._jpegs = self._jpegs[:1]

    def open(self) -> None:
        projector = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                try:
                    while not projector.gone.wait(1 / projector.RATE):
                        with projector._lock:
                            data = projector._jpegs[projector.sent % len(projector._jpegs)]
                            projector.sent += 1
                        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
                        self.wfile.write(head.encode() + data + b"\r\n")
                except OSError:
                    pass

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                return

        self.gone.clear()
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """The stream is gone, and so is who answers."""
        self.gone.set()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(5)
            self._server = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/camera"
