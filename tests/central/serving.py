"""The server as a process, for tests."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[2]
STARTED = 60.0
SOON = 4.0
"""A second where nothing else runs; tests share their processors."""


@dataclass
class Served:
    """A running server, seen from outside."""

    process: subprocess.Popen[str]
    state: Path
    address: dict[str, Any]

    @property
    def terminal(self) -> Path:
        return self.state / "central" / "terminals" / "KDL-001"

    @property
    def pair(self) -> tuple[str, str]:
        return str(self.terminal / "cert.pem"), str(self.terminal / "key.pem")

    def post(self, path: str, message: Any) -> requests.Response:
        return requests.post(
            self.address["terminals"] + path,
            json=message,
            cert=self.pair,
            verify=str(self.terminal / "ca.pem"),
            timeout=(5, 20),
        )

    def get(self, path: str) -> requests.Response:
        return requests.get(
            self.address["terminals"] + path,
            cert=self.pair,
            verify=str(self.terminal / "ca.pem"),
            timeout=(5, 20),
        )

    def people(self, method: str, path: str, **more: Any) -> requests.Response:
        url = path if path.startswith("https:") else self.address["people"] + path
        return requests.request(method, url, verify=self.address["ca"], timeout=(5, 20), **more)


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "central", *words]


def read(what: str, state: Path) -> Any:
    words = command(what, "--state", str(state), "--json")
    return json.loads(subprocess.run(words, cwd=ROOT, capture_output=True, check=True, timeout=30).stdout)


@contextmanager
def running(state: Path, *more: str) -> Generator[Served]:
    process = subprocess.Popen(
        command("serve", "--port", "0", "--state", str(state), *more), cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        try:
            ready, _, _ = select.select([process.stdout], [], [], STARTED)
            assert ready, "the server did not say that it is ready"
            yield Served(process, state, json.loads(process.stdout.readline()))
        finally:
            process.kill()
            _ = process.wait(10)
