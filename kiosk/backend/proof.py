"""Our key module's signature under each request, with the newest nonce headquarters gave (protocol/possession)."""

from __future__ import annotations

import threading
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.backend.exchange import Reply
from kiosk.protocol.messages import Problem
from kiosk.protocol.possession import WANTED, Asked, headers, key_name, signature_base


class NoKey(Exception):
    """The key cannot be used now; a word for a technician, nothing of the key."""


class Signing(Protocol):
    """A key that signs where it lies. Both raise NoKey; both may be called from any thread."""

    def public(self) -> ec.EllipticCurvePublicKey:
        """Its public half, on P-256."""
        ...

    def sign(self, text: bytes) -> bytes:
        """ECDSA with SHA-256: two numbers of 32 bytes."""
        ...


class Proof:
    """Of one terminal, for all its lines: they share the nonce. Used from several threads."""

    def __init__(self, key: Signing) -> None:
        self._key = key
        self._lock = threading.Lock()
        self._nonce = ""
        self._name = ""

    def fields(self, method: str, path: str, body: bytes) -> dict[str, str]:
        """Header fields for a request; none before the first nonce. Raises NoKey."""
        with self._lock:
            nonce = self._nonce
            if not nonce:
                return {}
            if not self._name:
                self._name = key_name(self._key.public())
        plain, _, query = path.partition("?")
        asked = Asked(method, plain, query, body)
        return headers(asked, nonce, self._name, self._key.sign(signature_base(asked, nonce, self._name)))

    def told(self, nonce: str) -> None:
        """Headquarters gave the nonce for what comes next; "" for none."""
        if nonce:
            with self._lock:
                self._nonce = nonce

    def wanted(self, reply: Reply, nonce: str) -> bool:
        """Whether headquarters did nothing and asks for a signature, with a nonce that is ready now."""
        if reply.status != 403 or not nonce:
            return False
        try:
            asked = Problem.model_validate_json(reply.body).code == WANTED
        except ValueError:
            return False
        self.told(nonce)
        return asked
