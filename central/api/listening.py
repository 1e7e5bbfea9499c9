"""The sockets that headquarters listens on, and where it says that it does."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_BACKLOG = 128

Prepare = Callable[[socket.socket], None]


@dataclass(frozen=True, slots=True)
class Listening:
    """Two bound sockets."""

    terminals: socket.socket
    people: socket.socket

    @staticmethod
    def bind(host: str, port: int) -> Listening:
        """The given port and the next, or any two free ones for 0. Raises OSError."""
        return _pair(host, port, port + 1 if port else 0, _alone)

    @staticmethod
    def shared(host: str, port: int, processes: int) -> tuple[Listening, ...]:
        """A pair for each process, all at the same two ports (SO_REUSEPORT). Raises OSError.

        The first bind is one that shares with nobody: else a second command of the same user would listen here too.
        """
        probe = Listening.bind(host, port)
        first, second = probe.ports
        probe.close()
        made: list[Listening] = []
        try:
            for _ in range(processes):
                made.append(_pair(host, first, second, _sharing))
        except OSError:
            for each in made:
                each.close()
            raise
        return tuple(made)

    @staticmethod
    def inherited(terminals: int, people: int) -> Listening:
        """Of two descriptors that were bound by whoever started this process."""
        return Listening(socket.socket(fileno=terminals), socket.socket(fileno=people))

    @property
    def ports(self) -> tuple[int, int]:
        """Terminals', people's."""
        return self.terminals.getsockname()[1], self.people.getsockname()[1]

    def urls(self, name: str) -> tuple[str, str]:
        """The two base addresses, under a name of this host."""
        host = f"[{name}]" if ":" in name else name
        first, second = (f"https://{host}:{port}" for port in self.ports)
        return first, second

    def close(self) -> None:
        """Listen no more."""
        self.terminals.close()
        self.people.close()


def announce(file: Path, addresses: dict[str, object]) -> str:
    """Write where this server answers, whole or not at all; the JSON line."""
    line = json.dumps({**addresses, "pid": os.getpid()}, ensure_ascii=False)
    part = file.with_suffix(".part")
    _ = part.write_text(line + "\n", encoding="utf-8")
    _ = part.replace(file)
    return line


def _alone(listener: socket.socket) -> None:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def _sharing(listener: socket.socket) -> None:
    _alone(listener)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)


def _pair(host: str, first: int, second: int, prepare: Prepare) -> Listening:
    terminals = _bind(host, first, prepare)
    try:
        return Listening(terminals, _bind(host, second, prepare))
    except OSError:
        terminals.close()
        raise


def _bind(host: str, port: int, prepare: Prepare) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    prepare(listener)
    try:
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
