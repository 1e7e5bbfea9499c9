"""Asking headquarters for certificates: with a code the first time, by the one we have from then on."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256

from kiosk.backend.exchange import Cause, Exchange
from kiosk.backend.headquarters import ask, read
from kiosk.backend.proof import Signing
from kiosk.clock import Worker
from kiosk.enrolment.keys import FileKey, Generations, KeyStore, write_whole
from kiosk.protocol import possession
from kiosk.protocol.enrolment import (
    ENROLMENT_PATH,
    RENEWAL_PATH,
    EnrolmentRequest,
    IssuedCertificate,
    RenewalRequest,
    enrolment_text,
    renewal_text,
)

__all__ = ["Cause", "Enrolment", "NothingToRenew"]

SECONDS = 20.0
"""For one request for a certificate."""


class NothingToRenew(Exception):
    """There is no certificate here, or one that somebody else laid there."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """This terminal's way to its certificates.

    `exchange` goes to the people's listener, where nobody needs one; `module` is the key that cannot leave its
    hardware, None where this machine has none; `worker` does what blocks.
    """

    name: str
    exchange: Exchange
    generations: Generations
    module: KeyStore | None
    grant_key: Path
    worker: Worker

    async def enrol(self, code: str) -> datetime:
        """Become the terminal this code was given out for, from now on; until when the certificate holds.

        What an installer's command does, and a technician's page for a machine that was put out or set up anew: the
        lines to headquarters use the new certificate with their next request, nothing has to be started again. The
        same code may be tried again after Unreachable: the same certificate comes back.

        Raises Rejected where headquarters says no (problem codes "code", "hardware", "proof", "blocked", "request"),
        Unreachable where it cannot be asked, NoKey where our own key cannot be made or used, NotOurs where a
        certificate came for another key, OSError where the disk does not take it, NothingToRenew where the pair here
        is somebody else's to lay.
        """
        if not self.generations.ours:
            raise NothingToRenew
        asked = await self.worker.run(lambda: self._enrolling(code))
        return await self._issued(ENROLMENT_PATH, asked)

    async def renew(self) -> datetime:
        """The next certificate for the one in use, with a new key; until when it holds. Raises as `enrol`."""
        asked = await self.worker.run(self._renewing)
        return await self._issued(RENEWAL_PATH, asked)

    async def _issued(self, path: str, asked: EnrolmentRequest | RenewalRequest) -> datetime:
        body = await ask(self.exchange, "POST", path, asked.model_dump_json().encode(), seconds=SECONDS)
        issued = read(IssuedCertificate, body)
        await self.worker.run(lambda: self._keep(issued))
        return issued.not_after

    def _enrolling(self, code: str) -> EnrolmentRequest:
        request = self.generations.asking(self.name)
        asked = EnrolmentRequest(code=code, terminal=self.name, request=request)
        if self.module is None:
            return asked
        self.module.make()
        hardware = possession.in_writing(possession.spki(self.module.public()))
        proof = _signed(self.module, enrolment_text(self.name, request))
        return asked.model_copy(update={"hardware": hardware, "proof": proof})

    def _renewing(self) -> RenewalRequest:
        certificate = self.generations.certificate()
        if certificate is None or not self.generations.ours:
            raise NothingToRenew
        fingerprint = certificate.fingerprint(SHA256()).hex()
        request = self.generations.asking(self.name)
        text = renewal_text(fingerprint, request)
        key: FileKey = self.generations.key()
        proof = "" if self.module is None else _signed(self.module, text)
        return RenewalRequest(certificate=fingerprint, request=request, signature=_signed(key, text), proof=proof)

    def _keep(self, issued: IssuedCertificate) -> None:
        # The key for grants first: a pair without it would open nothing.
        grant_key = issued.grant_key.encode()
        with contextlib.suppress(FileNotFoundError):
            if self.grant_key.read_bytes() == grant_key:
                self.generations.adopt(issued.certificate)
                return
        write_whole(self.grant_key, grant_key, 0o644)
        self.generations.adopt(issued.certificate)


def _signed(key: Signing, text: bytes) -> str:
    return possession.in_writing(key.sign(text))
