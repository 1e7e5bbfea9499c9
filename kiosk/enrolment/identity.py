"""From settings: what proves this terminal on its lines, and its way to certificates."""

from __future__ import annotations

from kiosk.backend.https import Credentials, HttpsExchange
from kiosk.backend.proof import Proof
from kiosk.clock import Worker
from kiosk.enrolment.enrolling import Enrolment
from kiosk.enrolment.keys import Generations, KeyStore
from kiosk.enrolment.module import ModuleSpec, module_key
from kiosk.settings.model import Headquarters, KeyModule


def credentials_of(given: Headquarters) -> Credentials:
    """What proves this terminal. Lines that share one of these share its nonce."""
    module = _module(given)
    return Credentials(
        given.file(given.authority),
        given.file(given.certificate),
        given.file(given.key),
        None if module is None else Proof(module),
    )


def enrolment_of(given: Headquarters, name: str, worker: Worker) -> Enrolment | None:
    """How this terminal gets certificates; None where the settings name nobody to ask."""
    if not given.enrolment:
        return None
    return Enrolment(
        name,
        HttpsExchange(given.enrolment, Credentials(given.file(given.authority)), worker),
        Generations(given.file(given.certificate), given.file(given.key)),
        _module(given),
        given.file(given.grant_key),
        worker,
    )


def _module(given: Headquarters) -> KeyStore | None:
    wanted: KeyModule | None = given.module
    if wanted is None:
        return None
    return module_key(ModuleSpec(wanted.library, wanted.token, wanted.key, given.file(wanted.pin)))
