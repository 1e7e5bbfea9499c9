"""How a terminal comes to its certificate and to the next one: messages, and the texts that its keys sign for them.

Both requests can be repeated as they are: the same request gets the same certificate again.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from pydantic import Field

from kiosk.protocol.messages import Message

ENROLMENT_PATH = "/enrolments"
RENEWAL_PATH = "/enrolments/renewals"
"""Both on the people's listener: who enrols has no certificate yet, who was offline for long has none left."""

CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing in it is taken for something else when read out or typed."""

CODE_LENGTH = 24
"""120 bits: nobody finds one by trying, and a plain digest of it can lie in the books."""

_HEARD_AS = str.maketrans("OIL", "011")
_LONGEST_REQUEST = 4000


def written(code: str) -> str:
    """A code in groups of four, as it is shown."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def read_code(text: str) -> str:
    """What somebody typed, as it was given out: without spaces and hyphens, with letters that look alike settled."""
    return re.sub(r"[\s-]", "", text).upper().translate(_HEARD_AS)


class EnrolmentRequest(Message):
    """A new terminal asks for its first certificate, or one that was set up anew for another.

    `request` is a PKCS#10 request (RFC 2986, PEM) whose common name is the terminal's. `hardware` is the public key
    of its key module (SubjectPublicKeyInfo, base64), "" where its key lies in a file; `proof` is the module's
    signature over `enrolment_text`.
    """

    code: str = Field(min_length=1, max_length=80)
    terminal: str = Field(min_length=1, max_length=20)
    request: str = Field(min_length=1, max_length=_LONGEST_REQUEST)
    hardware: str = Field(default="", max_length=400)
    proof: str = Field(default="", max_length=200)


class RenewalRequest(Message):
    """A terminal asks for its next certificate, with a new key.

    `certificate` is the SHA-256 of the one it has; `signature` is that one's over `renewal_text`, and `proof` the key
    module's over the same text, "" where there is none.
    """

    certificate: str = Field(pattern=r"^[0-9a-f]{64}$")
    request: str = Field(min_length=1, max_length=_LONGEST_REQUEST)
    signature: str = Field(min_length=1, max_length=200)
    proof: str = Field(default="", max_length=200)


class IssuedCertificate(Message):
    """A certificate (PEM), until when it holds, and headquarters' public key for grants (PEM)."""

    certificate: str
    not_after: datetime
    grant_key: str


def request_digest(request: str) -> str:
    """What names a request: SHA-256 of its text, in hexadecimal."""
    return hashlib.sha256(request.encode()).hexdigest()


def enrolment_text(terminal: str, request: str) -> bytes:
    """What a key module signs when its terminal enrols. Bound to the very key that is to be certified."""
    return f"kiosk-enrolment-1\n{terminal}\n{request_digest(request)}\n".encode()


def renewal_text(certificate: str, request: str) -> bytes:
    """What the old key, and a key module, sign for a new certificate."""
    return f"kiosk-renewal-1\n{certificate}\n{request_digest(request)}\n".encode()
