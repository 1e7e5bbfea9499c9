"""One post to a printer: whatever the far side does, one attempt, one word about what was sent."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

import pytest

from kiosk.devices.page_printer.posting import IppPost, PostFailed, http_url, poster

Serve = Callable[[socket.socket], None]


@contextmanager
def server(serve: Serve) -> Generator[tuple[str, list[int]]]:
    """A TCP server on loopback; `serve` gets each connection. Counts connections."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)
    count: list[int] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                plug, _ = listener.accept()
                count.append(1)
                with plug, suppress(OSError):
                    serve(plug)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/ipp", count
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def received(plug: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += plug.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += plug.recv(65536)
    return body


def ok(plug: socket.socket) -> None:
    body = received(plug)
    plug.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def post(url: str, *, seconds: float = 5.0, gap: float = 1.0) -> bytes:
    return poster(time.monotonic)(IppPost(url, b"body", gap, seconds, ""))


def failure(serve: Serve, *, seconds: float = 5.0, gap: float = 1.0) -> PostFailed:
    with server(serve) as (url, count):
        with pytest.raises(PostFailed) as caught:
            post(url, seconds=seconds, gap=gap)
        assert count == [1]
    return caught.value


def test_a_post_is_answered() -> None:
    with server(ok) as (url, _):
        assert post(url) == b"body"


def test_nobody_listening_is_surely_unsent() -> None:
    with server(ok) as (url, _):
        pass
    with pytest.raises(PostFailed) as caught:
        post(url)
    assert not caught.value.sent


def test_an_http_error_is_no_answer() -> None:
    def serve(plug: socket.socket) -> None:
        received(plug)
        plug.sendall(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")

    assert str(failure(serve)) == "HTTP 500"


def test_a_redirect_is_not_followed() -> None:
    def serve(plug: socket.socket) -> None:
        received(plug)
        plug.sendall(b"HTTP/1.1 302 There\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")

    assert str(failure(serve)) == "HTTP 302"


def test_a_connection_closed_after_the_request_may_have_sent_it_and_is_not_repeated() -> None:
    def serve(plug: socket.socket) -> None:
        received(plug)

    assert failure(serve).sent


def test_silence_ends_at_the_gap() -> None:
    waiting = threading.Event()

    def serve(plug: socket.socket) -> None:
        received(plug)
        waiting.wait(1)

    assert failure(serve, gap=0.2).sent
    waiting.set()


def test_a_drip_ends_at_the_deadline() -> None:
    def serve(plug: socket.socket) -> None:
        received(plug)
        plug.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(100):
            plug.sendall(b"1\r\nx\r\n")
            threading.Event().wait(0.02)

    assert str(failure(serve, seconds=0.3)) == "answer too slow"


def test_an_endless_answer_is_cut_off() -> None:
    def serve(plug: socket.socket) -> None:
        received(plug)
        plug.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n")
        plug.sendall(bytes(9_000_000))

    assert str(failure(serve)) == "answer too large"


def test_a_server_that_speaks_no_tls_got_nothing() -> None:
    def serve(plug: socket.socket) -> None:
        plug.recv(10)
        plug.sendall(b"220 hello, this is no TLS\r\n")

    with server(serve) as (url, _), pytest.raises(PostFailed) as caught:
        post(url.replace("http:", "https:"))
    assert not caught.value.sent


def test_a_post_shows_nothing_of_its_body() -> None:
    assert repr(IppPost("http://x", b"personal", 1, 1, "")) == "IppPost(8 bytes)"


def test_printers_addresses() -> None:
    assert http_url("ipp://printer/ipp/print") == "http://printer:631/ipp/print"
    assert http_url("ipps://[fd00::1]:8631") == "https://[fd00::1]:8631/"
    assert http_url("http://10.0.0.7/p") == "http://10.0.0.7:631/p"
