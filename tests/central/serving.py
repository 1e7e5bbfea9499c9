"""The server as a process, for tests."""

from __future__ import annotations

import json
import select
import socket
import subprocess
import sys
import time
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
    def log(self) -> Path:
        """What it says on standard error."""
        return self.state / "serve.log"

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


class Nginx:
    """A real one, by the example under deploy/, in a folder of its own."""

    def __init__(self, folder: Path, served: Served, proxy: Path) -> None:
        self.folder = folder
        folder.mkdir()
        free = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        ports = [each.getsockname()[1] for each in free]
        for each in free:
            each.close()
        self.terminals, self.people = (f"https://127.0.0.1:{port}" for port in ports)
        text = (ROOT / "deploy" / "nginx" / "headquarters.conf").read_text("utf-8")
        central = served.state / "central"
        for before, now in (
            ("127.0.0.1:9443", served.address["terminals"].removeprefix("https://")),
            ("127.0.0.1:9444", served.address["people"].removeprefix("https://")),
            ("listen 8443", f"listen 127.0.0.1:{ports[0]}"),
            ("listen 8444", f"listen 127.0.0.1:{ports[1]}"),
            ("/etc/kiosk/proxy", str(proxy)),
            ("/etc/kiosk/server", str(central / "server")),
            ("/etc/kiosk/public", str(central / "server")),
            ("/etc/kiosk/authority", str(central / "authority")),
        ):
            assert before in text
            text = text.replace(before, now)
        paths = "".join(
            f"{kind}_temp_path {folder / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {folder / 'pid'}; error_log stderr warn;\n"
            f"events {{ worker_connections 64; }}\nhttp {{ access_log off;\n{paths}{text} }}\n",
            "utf-8",
        )

    @contextmanager
    def running(self) -> Generator[Nginx]:
        words = ["/usr/sbin/nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        try:
            until = time.monotonic() + STARTED
            while not (self.folder / "pid").is_file() and time.monotonic() < until:
                assert process.poll() is None, "nginx did not begin"
                time.sleep(0.02)
            yield self
        finally:
            process.kill()
            _ = process.wait(10)


@contextmanager
def running(state: Path, *more: str) -> Generator[Served]:
    state.mkdir(parents=True, exist_ok=True)
    with (state / "serve.log").open("a", encoding="utf-8") as log:
        words = command("serve", "--port", "0", "--state", str(state), *more)
        process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    with process.stdout:
        try:
            ready, _, _ = select.select([process.stdout], [], [], STARTED)
            assert ready, "the server did not say that it is ready"
            yield Served(process, state, json.loads(process.stdout.readline()))
        finally:
            process.kill()
            _ = process.wait(10)
