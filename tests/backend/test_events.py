"""The held connection, against servers of good and bad manners."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from kiosk.backend import events
from kiosk.backend.bells import Bells
from kiosk.backend.events import EventLine
from kiosk.protocol.events import EventKind
from tests.backend.world import Papers, issue

Speak = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
SOON = 30.0


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return Papers.make(tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="module")
def server(papers: Papers) -> ssl.SSLContext:
    certificate, key = issue(papers.authority, "headquarters", papers.folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(papers.credentials.authority))
    context.load_cert_chain(certificate, key)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def chunk(text: str) -> bytes:
    return f"{len(text):x}\r\n{text}\r\n".encode()


def meet(
    server: ssl.SSLContext, papers: Papers, speak: list[Speak], act: Callable[[EventLine, Bells], Awaitable[None]]
) -> int:
    """Each connection is answered by the next of `speak`; how many came."""
    came: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(1)
        _ = await reader.readuntil(b"\r\n\r\n")
        if len(came) <= len(speak):
            await speak[len(came) - 1](reader, writer)
        writer.transport.abort()

    async def main() -> None:
        listener = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server)
        port = listener.sockets[0].getsockname()[1]
        bells = Bells()
        line = EventLine(f"https://127.0.0.1:{port}", papers.credentials, bells, lambda: 0.5)
        holding = asyncio.create_task(line.run())
        try:
            async with asyncio.timeout(SOON):
                await act(line, bells)
        finally:
            _ = holding.cancel()
            _ = await asyncio.wait({holding})
            listener.close()

    asyncio.run(main())
    return len(came)


async def rung(bells: Bells) -> set[EventKind]:
    return {kind for kind in EventKind if await bells.heard(kind, 0)}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "FIRST_RETRY_SECONDS", 0.01)


def test_a_kind_rings_its_bell_however_it_is_cut_and_others_ring_none(server: ssl.SSLContext, papers: Papers) -> None:
    go_on = asyncio.Event()

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + chunk("retry: 2000\r\n\n"))
        _ = await go_on.wait()
        text = ": a comment\nevent: no-such-kind\ndata: x\n\nevent: comm"
        writer.write(chunk(text))
        await writer.drain()
        for letter in "and\ndata:\n\n":
            writer.write(chunk(letter))
            await writer.drain()
        _ = await reader.read()

    async def act(line: EventLine, bells: Bells) -> None:
        _ = await line.held.wait()
        assert await rung(bells) == set(EventKind), "something may have been missed"
        go_on.set()
        assert await bells.heard(EventKind.COMMAND, SOON)
        assert await rung(bells) == set() and line.held.is_set()

    assert meet(server, papers, [speak], act) == 1


async def _no(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    del reader
    writer.write(b"HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n")
    await writer.drain()


async def _noise(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    del reader
    writer.write(b"\x00\xff" * 100 + b"\r\n\r\n")
    await writer.drain()


async def _endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + chunk("x" * 9000))
    _ = await reader.read()


async def _over(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    del reader
    writer.write(HEAD + b"0\r\n\r\n")
    await writer.drain()


@pytest.mark.parametrize("bad", [_no, _noise, _endless, _over])
def test_after_bad_manners_it_comes_again(server: ssl.SSLContext, papers: Papers, bad: Speak) -> None:
    async def good(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + chunk(":\n\n"))
        _ = await reader.read()

    async def act(line: EventLine, bells: Bells) -> None:
        _ = await line.held.wait()

    assert meet(server, papers, [bad, good], act) == 2


def test_silence_is_a_dead_line(server: ssl.SSLContext, papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "SILENT_SECONDS", 0.1)
    again = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD)
        _ = await reader.read()

    async def back(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        again.set()
        _ = await reader.read()

    async def act(line: EventLine, bells: Bells) -> None:
        _ = await again.wait()

    assert meet(server, papers, [silent, back], act) >= 2


def test_a_server_that_our_authority_did_not_sign_is_told_nothing(
    server: ssl.SSLContext, papers: Papers, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="https"):
        _ = EventLine("http://127.0.0.1:1", papers.credentials, Bells(), lambda: 0.5)
    others = Papers.make(tmp_path)
    asked: list[bytes] = []

    async def main() -> None:
        tries = asyncio.Semaphore(0)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(OSError, ssl.SSLError):
                await writer.start_tls(server)
                asked.append(await reader.read())
            tries.release()
            writer.transport.abort()

        listener = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        line = EventLine(f"https://127.0.0.1:{port}", others.credentials, Bells(), lambda: 0.5)
        holding = asyncio.create_task(line.run())
        async with asyncio.timeout(SOON):
            for _ in range(2):
                _ = await tries.acquire()
        assert not line.held.is_set() and not holding.done()
        _ = holding.cancel()
        _ = await asyncio.wait({holding})
        listener.close()

    asyncio.run(main())
    assert not any(asked)
