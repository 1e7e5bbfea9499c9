"""Security keys and passkeys as the second factor (W3C Web Authentication, Level 2), beside the telephone's code.

A key answers only to the site it was made for: a page that looks like this one gets nothing that works here. Each
challenge is a session's, and is taken once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from central.console import accounts
from central.console.accounts import Seated
from central.console.origin import Origin
from central.console.record import record
from central.model_console import ConsoleChallenge, ConsoleKey
from central.ports import Ids
from central.problems import Declined, unknown

MOST = 5
"""Keys of one person: one to use, some to lose."""
LONGEST_NAME = 40
_LONGEST_ANSWER = 16 * 1024
_TIMEOUT_MS = 60_000
_SIGNING = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.ECDSA_SHA_512,
]
"""What keys may sign with: none of RSA's older paddings."""
_CREDENTIAL = TypeAdapter(dict[str, Any])


def keys(db: Session, user: str) -> list[ConsoleKey]:
    """Somebody's keys, the oldest first."""
    return list(db.scalars(select(ConsoleKey).where(ConsoleKey.user == user).order_by(ConsoleKey.made_at)))


def invite(db: Session, ids: Ids, seated: Seated, origin: Origin) -> str:
    """What the browser needs to make a new key, as JSON."""
    options = generate_registration_options(
        rp_id=origin.host,
        rp_name=origin.host,
        user_name=seated.person.name,
        user_id=seated.person.name.encode(),
        user_display_name=seated.person.shown,
        challenge=_fresh(db, ids, seated),
        timeout=_TIMEOUT_MS,
        supported_pub_key_algs=_SIGNING,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_descriptors(db, seated.person.name),
    )
    return options_to_json(options)


def add(db: Session, now: datetime, seated: Seated, origin: Origin, name: str, answer: str) -> None:
    """Keep the key that the browser made. Raises Declined(422): not an answer to our question, or too many keys."""
    challenge = _taken(db, seated)
    if len(keys(db, seated.person.name)) >= MOST:
        raise Declined(422, "keys", "there are enough keys")
    try:
        made = verify_registration_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=origin.host,
            expected_origin=origin.text,
            supported_pub_key_algs=_SIGNING,
        )
    except WebAuthnException:
        raise Declined(422, "key", "the key did not answer this question") from None
    row = ConsoleKey(
        id=bytes_to_base64url(made.credential_id),
        user=seated.person.name,
        name=name.strip()[:LONGEST_NAME] or "1",
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        made_at=now,
    )
    if db.get(ConsoleKey, row.id) is not None:
        raise Declined(422, "key", "this key is somebody's already")
    db.add(row)
    record(db, now, seated.person.name, "key-added", row.name)
    accounts.end_others(db, now, seated)


def remove(db: Session, now: datetime, seated: Seated, key: str) -> None:
    """Take one's own key off. Raises Declined(404)."""
    row = db.get(ConsoleKey, key)
    if row is None or row.user != seated.person.name:
        raise unknown("key")
    db.delete(row)
    record(db, now, seated.person.name, "key-removed", row.name)
    accounts.end_others(db, now, seated)


def ask(db: Session, ids: Ids, seated: Seated, origin: Origin) -> str:
    """What the browser needs to ask for one of somebody's keys, as JSON; "" where there is none to ask for."""
    known = _descriptors(db, seated.person.name)
    if not known or not origin.has_keys:
        return ""
    options = generate_authentication_options(
        rp_id=origin.host,
        challenge=_fresh(db, ids, seated),
        timeout=_TIMEOUT_MS,
        allow_credentials=known,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return options_to_json(options)


def take(
    db: Session, now: datetime, ids: Ids, seated: Seated, origin: Origin, answer: str, known: str = ""
) -> str | None:
    """The second factor by a key: the new session's cookie, or None. A counter that falls back is a copied key."""
    name, challenge = seated.person.name, _taken(db, seated)
    if accounts.locked(db, now, name, known):
        return None
    try:
        credential = _read(answer)
        row = db.get(ConsoleKey, str(credential.get("id", "")), with_for_update=True)
        if row is None or row.user != name:
            accounts.failed(db, now, name, known)
            return None
        proved = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=origin.host,
            expected_origin=origin.text,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
        )
    except WebAuthnException:
        accounts.failed(db, now, name, known)
        return None
    row.sign_count, row.used_at = proved.new_sign_count, now
    return accounts.enter(db, now, ids, seated, known)


def _descriptors(db: Session, user: str) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.id)) for row in keys(db, user)]


def _fresh(db: Session, ids: Ids, seated: Seated) -> bytes:
    challenge = ids.key()
    row = db.get(ConsoleChallenge, seated.id)
    if row is None:
        row = ConsoleChallenge(session=seated.id)
        db.add(row)
    row.challenge = challenge.hex()
    return challenge


def _taken(db: Session, seated: Seated) -> bytes:
    """The session's challenge, which is gone with it. Nobody's answer fits where there is none."""
    row = db.get(ConsoleChallenge, seated.id, with_for_update=True)
    if row is None:
        raise Declined(422, "key", "nothing was asked")
    _ = db.execute(delete(ConsoleChallenge).where(ConsoleChallenge.session == seated.id))
    return bytes.fromhex(row.challenge)


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > _LONGEST_ANSWER:
        raise WebAuthnException("too long")
    try:
        return _CREDENTIAL.validate_json(answer)
    except ValidationError:
        raise WebAuthnException("no credential") from None
