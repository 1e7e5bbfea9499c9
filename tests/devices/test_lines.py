"""Lines: what is written arrives in order, what vanishes says so, what comes back is found again."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from kiosk.devices.lines import MOST_UNREAD, MemoryLine, SerialLine, TcpLine, line_at, memory_pair
from kiosk.devices.link import Link
from kiosk.devices.transport import Transport, TransportLost
from tests.devices.farends import Pty, pty_played, read_exactly
from tests.devices.virtual import run_virtual

DEADLINE = 5.0


async def echo(far: Transport) -> None:
    while True:
        await far.write(await far.read(4096))


def real(main: Coroutine[Any, Any, None]) -> None:
    async def within() -> None:
        async with asyncio.timeout(DEADLINE):
            await main

    asyncio.run(within())


def test_a_serial_line_carries_bytes_both_ways_and_drops_what_is_unread(tmp_path: Path) -> None:
    async def main() -> None:
        async with pty_played(tmp_path / "port", echo):
            port = await SerialLine(str(tmp_path / "port"), 115200).open()
            sent = bytes(range(256)) * 16
            sending = asyncio.get_running_loop().create_task(port.write(sent))
            assert await read_exactly(port, len(sent)) == sent
            await sending
            await port.write(b"late")
            await port.read(1)
            assert port.drop_input() == 3
            await port.close()
            with pytest.raises(TransportLost):
                await port.read(1)

    real(main())


def test_a_serial_line_is_taken_exclusively(tmp_path: Path) -> None:
    async def main() -> None:
        async with pty_played(tmp_path / "port", echo):
            line = SerialLine(str(tmp_path / "port"), 9600)
            first = await line.open()
            with pytest.raises(TransportLost):
                await line.open()
            await first.close()
            await (await line.open()).close()

    real(main())


def test_a_pulled_serial_port_is_lost_while_reading_and_found_again_by_its_path(tmp_path: Path) -> None:
    async def main() -> None:
        pty = Pty(tmp_path / "port")
        line = SerialLine(str(tmp_path / "port"), 115200)
        port = await line.open()
        reading = asyncio.get_running_loop().create_task(port.read(1))
        await asyncio.sleep(0)
        pty.unplug()
        with pytest.raises(TransportLost):
            await reading
        with pytest.raises(TransportLost):
            await port.write(b"x")
        assert port.drop_input() == 0
        await port.close()
        with pytest.raises(TransportLost):
            await line.open()
        pty.plug()
        again = await line.open()
        await again.write(b"hello")
        assert await read_exactly(pty.far, 5) == b"hello"
        await again.close()
        pty.close()

    real(main())


def test_a_full_serial_line_waits_until_somebody_reads(tmp_path: Path) -> None:
    async def main() -> None:
        pty = Pty(tmp_path / "port")
        port = await SerialLine(str(tmp_path / "port"), 115200).open()
        data = b"z" * 300_000
        writing = asyncio.get_running_loop().create_task(port.write(data))
        assert await read_exactly(pty.far, len(data)) == data
        await writing
        await port.close()
        pty.close()

    real(main())


def test_a_tcp_line_carries_bytes_and_tells_when_the_server_goes() -> None:
    async def main() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write((await reader.readexactly(4)).upper())
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port: int = server.sockets[0].getsockname()[1]
        line = TcpLine("127.0.0.1", port)
        assert line.name == f"tcp://127.0.0.1:{port}"
        transport = await line.open()
        await transport.write(b"abcd")
        assert await read_exactly(transport, 4) == b"ABCD"
        with pytest.raises(TransportLost):
            await transport.read(1)
        with pytest.raises(TransportLost):
            await transport.write(b"x")
        assert transport.drop_input() == 0
        await transport.close()
        server.close()
        await server.wait_closed()
        with pytest.raises(TransportLost):
            await line.open()

    real(main())


def test_a_tcp_line_holds_back_a_writer_whose_server_does_not_read() -> None:
    async def main() -> None:
        go, gone = asyncio.Event(), asyncio.Event()
        received = bytearray()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await go.wait()
            with suppress(ConnectionError):
                while data := await reader.read(1 << 16):
                    received.extend(data)
            writer.close()
            gone.set()

        server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 12)
        transport = await TcpLine("127.0.0.1", server.sockets[0].getsockname()[1]).open()
        big = b"q" * (16 << 20)
        writing = asyncio.get_running_loop().create_task(transport.write(big))
        await asyncio.sleep(0.05)
        assert not writing.done()
        go.set()
        await writing
        while len(received) < len(big):
            await asyncio.sleep(0.01)
        await transport.close()
        await gone.wait()
        server.close()
        await server.wait_closed()

    real(main())


def test_memory_ends_are_tied_and_cut_together() -> None:
    async def main() -> None:
        near, far = memory_pair()
        await near.write(b"abc")
        assert await far.read(2) == b"ab"
        assert far.drop_input() == 1
        await far.write(b"last")
        await far.close()
        assert await near.read(10) == b"last"
        with pytest.raises(TransportLost):
            await near.read(1)
        with pytest.raises(TransportLost):
            await near.write(b"x")

    run_virtual(main())


def test_a_memory_line_that_floods_counts_as_broken() -> None:
    async def main() -> None:
        near, far = memory_pair()
        await far.write(b"\0" * (MOST_UNREAD + 1))
        await near.read(MOST_UNREAD + 1)
        with pytest.raises(TransportLost):
            await near.read(1)

    run_virtual(main())


def test_an_unplugged_memory_line_cuts_what_is_open_and_opens_again_when_plugged() -> None:
    async def main() -> None:
        ends: list[Transport] = []
        line = MemoryLine("memory", ends.append)
        link = Link(line)
        await link.write(b"1")
        line.unplug()
        with pytest.raises(TransportLost):
            await link.read(1)
        with pytest.raises(TransportLost):
            await link.transport()
        line.plug()
        await link.write(b"2")
        assert (await ends[1].read(9), link.openings, link.name) == (b"2", 2, "memory")
        assert link.drop_input() == 0
        line.unplug()
        with pytest.raises(TransportLost):
            await link.write(b"3")
        await link.drop()
        assert link.drop_input() == 0

    run_virtual(main())


def test_ports_are_named_by_path_or_address() -> None:
    assert line_at("/dev/ttyS9", 9600).name == "/dev/ttyS9"
    assert line_at("tcp://10.0.0.9:5000", 9600).name == "tcp://10.0.0.9:5000"
    for wrong in ("", "tcp://nowhere", "tcp://:1", "tcp://host:x"):
        with pytest.raises(ValueError, match="line"):
            line_at(wrong, 9600)


def test_a_path_that_is_no_serial_port_is_a_lost_transport(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(TransportLost):
        asyncio.run(SerialLine(str(tmp_path / "file"), 9600).open())
