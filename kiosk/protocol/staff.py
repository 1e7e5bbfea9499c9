"""How a terminal knows its technicians without the network: verifiers of PINs, and one-time codes by telephone.

A verifier is argon2id (RFC 9106) over the PIN and the card it belongs to, both keyed by the station's own pepper: a
stolen list of verifiers is worth nothing without the station, and nothing for another. A one-time code is
HMAC-SHA-256 of what the terminal asks, cut to digits as RFC 4226 section 5.3 cuts it.

Both sides import this; neither keeps a PIN.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from argon2 import extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from argon2.low_level import Type, hash_secret, verify_secret
from argon2.profiles import RFC_9106_LOW_MEMORY

from kiosk.people.staff import CODE_DIGITS, PIN_DIGITS, poor_pin

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try costs: passes, memory in KiB, lanes. The default is RFC 9106's second recommendation."""

    passes: int = RFC_9106_LOW_MEMORY.time_cost
    memory_kib: int = RFC_9106_LOW_MEMORY.memory_cost
    lanes: int = RFC_9106_LOW_MEMORY.parallelism


class PoorPin(ValueError):
    """A PIN that people try first, or one of the wrong length. Never quotes it."""


def card_mark(pepper: bytes, number: str) -> str:
    """What stands in the configuration for the card with this identity number: 128 bits, this station's alone."""
    return hmac.digest(pepper, b"card\n" + number.encode(), "sha256")[:16].hex()


def verifier(pin: str, mark: str, pepper: bytes, salt: bytes, cost: Cost) -> str:
    """The PHC string of a PIN that belongs to the card with this mark. Raises PoorPin."""
    if poor_pin(pin):
        raise PoorPin(f"a PIN has {PIN_DIGITS} digits, and is neither a run, a repetition nor a day")
    return hash_secret(
        _keyed(pin, mark, pepper),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=32,
        type=Type.ID,
    ).decode("ascii")


def verifies(kept: str, pin: str, mark: str, pepper: bytes) -> bool:
    """Whether this is the PIN that a verifier was made of; False too for a verifier that is none."""
    try:
        return verify_secret(kept.encode("ascii"), _keyed(pin, mark, pepper), Type.ID)
    except VerifyMismatchError:
        return False
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


def weaker(kept: str, least: Cost) -> bool:
    """Whether a verifier is no argon2id, or cheaper to try than `least` asks for."""
    try:
        found = extract_parameters(kept)
    except InvalidHashError:
        return True
    cheap = found.time_cost < least.passes or found.memory_cost < least.memory_kib
    return found.type is not Type.ID or cheap


def _keyed(pin: str, mark: str, pepper: bytes) -> bytes:
    return hmac.digest(pepper, f"pin\n{mark}\n{pin}".encode(), "sha256")


def challenge(nonce: str) -> str:
    """The digits that are read out over the telephone, of a nonce in hexadecimal."""
    return f"{int(nonce, 16) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def response(secret: bytes, terminal: str, asked: str, staff: str) -> str:
    """The one-time code for what a terminal asks, for one member of the staff."""
    mac = hmac.digest(secret, f"code 1\n{terminal}\n{asked}\n{staff}".encode(), "sha256")
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 8], "big") & 0x7FFF_FFFF_FFFF_FFFF
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
