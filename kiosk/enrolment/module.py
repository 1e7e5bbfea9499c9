"""A key in a module that it cannot leave: PKCS#11 (OASIS, PKCS #11 Cryptographic Token Interface Base Specification
v2.40). A TPM is one through its own PKCS#11 library.

A module belongs to the whole process, so there is one object for each; its calls are made one at a time.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.backend.proof import NoKey
from kiosk.protocol import possession

T = TypeVar("T")

_FORGOTTEN = 2
"""Tries: a session that ended meanwhile, by a module drawn and put back for instance, is opened once more."""


@dataclass(frozen=True, slots=True)
class ModuleSpec:
    """Which library, which token by its label, which key in it by its label, and the file with the user's PIN."""

    library: Path
    token: str
    key: str
    pin: Path


class ModuleKey:
    """See kiosk.enrolment.keys.KeyStore."""

    def __init__(self, spec: ModuleSpec) -> None:
        self._spec = spec
        self._lock = threading.Lock()
        self._session: Any = None

    def make(self) -> None:
        """See KeyStore: on P-256, made inside, never to come out."""
        self._used(self._make)

    def public(self) -> ec.EllipticCurvePublicKey:
        """See Signing."""
        return self._used(self._public)

    def sign(self, text: bytes) -> bytes:
        """See Signing."""
        return self._used(lambda session: self._sign(session, text))

    def let_go(self) -> None:
        """End its session; the next use begins another. Nobody of this process is logged in any more then."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with contextlib.suppress(RuntimeError):
                session.close()

    def _make(self, session: Any) -> None:
        from pkcs11 import Attribute, KeyType, NoSuchKey
        from pkcs11.util.ec import encode_named_curve_parameters

        try:
            _ = self._private(session)
        except NoSuchKey:
            curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
            parameters = session.create_domain_parameters(KeyType.EC, curve, local=True)
            template = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
            _ = parameters.generate_keypair(store=True, label=self._spec.key, private_template=template)

    def _public(self, session: Any) -> ec.EllipticCurvePublicKey:
        from pkcs11 import KeyType, ObjectClass
        from pkcs11.util.ec import encode_ec_public_key

        found = session.get_key(object_class=ObjectClass.PUBLIC_KEY, key_type=KeyType.EC, label=self._spec.key)
        key = possession.read_key(encode_ec_public_key(found))
        if key is None:
            raise NoKey("the module's key is not on P-256")
        return key

    def _sign(self, session: Any, text: bytes) -> bytes:
        from pkcs11 import Mechanism

        digest = hashlib.sha256(text).digest()
        return bytes(self._private(session).sign(digest, mechanism=Mechanism.ECDSA))

    def _private(self, session: Any) -> Any:
        from pkcs11 import KeyType, ObjectClass

        return session.get_key(object_class=ObjectClass.PRIVATE_KEY, key_type=KeyType.EC, label=self._spec.key)

    def _used(self, act: Callable[[Any], T]) -> T:
        from pkcs11 import PKCS11Error

        # Who is not logged in any more does not see private keys: also that is tried with another session.
        with self._lock:
            for tried in range(1, _FORGOTTEN + 1):
                try:
                    if self._session is None:
                        self._session = self._open()
                    return act(self._session)
                except (PKCS11Error, RuntimeError, OSError) as failure:
                    self._drop()
                    if tried == _FORGOTTEN:
                        raise NoKey(f"the key module cannot be used ({type(failure).__name__})") from None
        raise NoKey("the key module cannot be used")

    def _open(self) -> Any:
        from pkcs11 import UserAlreadyLoggedIn, lib

        token = lib(str(self._spec.library)).get_token(token_label=self._spec.token)
        try:
            return token.open(rw=True, user_pin=self._spec.pin.read_text("ascii").strip())
        except UserAlreadyLoggedIn:
            # Who is logged in, is for the whole process (section 5.6 of the specification).
            return token.open(rw=True)


@cache
def module_key(spec: ModuleSpec) -> ModuleKey:
    """The one object for this key in this process: a second session of it could not log in beside the first."""
    return ModuleKey(spec)
