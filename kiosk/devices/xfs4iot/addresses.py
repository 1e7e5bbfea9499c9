"""Where a service is: its own URI, or its name at a service publisher's (XFS4IoT, service endpoint discovery)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote, urlsplit

from kiosk.devices.xfs4iot.messages import Message, word

_DEFAULT_PORTS = {"ws": 80, "wss": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """`uri` of the service, or of the publisher when `service` names one there. `ca`: a PEM file to trust instead of
    the system's. Without TLS only this very machine is spoken to: whoever is on the network could answer for it."""

    uri: str
    service: str = ""
    ca: str = ""

    def __post_init__(self) -> None:
        _ = self.port_of(self.uri)

    def port_of(self, uri: str) -> str:
        """The line's port setting: tcp://host:port, or tls://host:port?ca=FILE. Raises ValueError."""
        parts = urlsplit(uri)
        if (
            parts.scheme not in _DEFAULT_PORTS
            or not parts.hostname
            or parts.username
            or parts.query
            or parts.fragment
        ):
            raise ValueError("a service is written ws://host:port/path or wss://host:port/path")
        host, port = parts.hostname, parts.port or _DEFAULT_PORTS[parts.scheme]
        if parts.scheme == "wss":
            return f"tls://{host}:{port}" + (f"?ca={quote(self.ca)}" if self.ca else "")
        if not _loopback(host):
            raise ValueError("a service on another machine is spoken to with wss:// only")
        return f"tcp://{host}:{port}"

    def found_in(self, published: Message) -> str:
        """The service's URI among those a publisher names. Raises LookupError."""
        listed: object = published.payload.get("services")
        for entry in cast("list[object]", listed) if isinstance(listed, list) else []:
            uri = word(cast("dict[str, object]", entry), "serviceURI") if isinstance(entry, dict) else ""
            if uri.rstrip("/").rpartition("/")[2] == self.service:
                try:
                    _ = self.port_of(uri)
                except ValueError as wrong:
                    raise LookupError(str(wrong)) from None
                return uri
        raise LookupError("no service of that name")


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
