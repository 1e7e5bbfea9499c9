"""Errors a desk answers with, as problem details (RFC 9457)."""

from __future__ import annotations

from kiosk.protocol.messages import Problem

PROBLEM = "application/problem+json"
"""RFC 9457 section 6.1."""

KIND = "tag:kiosk.invalid,2026:problem:"
"""Before a code it is the problem's type: a tag (RFC 4151), since nothing is to be fetched there (section 3.1.1)."""

TITLES: dict[str, str] = {
    "agency-down": "An agency does not answer",
    "agency-error-500": "An agency failed",
    "agency-garbage": "An agency answered with something unreadable",
    "agency-slow": "An agency takes too long",
    "amount": "The amount is not what is due",
    "answer": "An answer is empty or too long",
    "arguments": "The question's arguments do not fit",
    "audit-fork": "The audit chain forks",
    "audit-gap": "The audit chain has a gap",
    "blob-missing": "Something that was to be sent first is not there",
    "blocked": "Something else stands in the way",
    "busy": "Too much at once",
    "certificate": "No certificate of a known terminal",
    "clip": "No clip of the form that is spoken",
    "closed": "It is closed",
    "no-voice": "Nothing is heard at this terminal",
    "too-many": "More than is kept",
    "sealed": "It cannot be opened here",
    "code": "The code does not let this terminal in",
    "colleague": "That colleague cannot take it",
    "compartment": "There is no such compartment",
    "cursor": "That is no place in this list",
    "database": "The database does not answer",
    "device": "There is no such device",
    "digest": "The content is not what its name or key says",
    "document": "The document is not the one expected",
    "down": "Headquarters is down on command",
    "error": "Headquarters failed",
    "gone": "It is not there any more",
    "hardware": "The key has to lie in a module",
    "in-doubt": "What became of it is in doubt",
    "kept-shut": "It is kept shut",
    "key": "The security key did not answer",
    "keys": "There are enough security keys",
    "live-grant": "Another grant is alive",
    "message": "The message does not have its form",
    "method": "Nothing is done here by that method",
    "migrations": "The schema is not this server's",
    "name": "The name cannot be used",
    "no-cabinet": "There is no cabinet",
    "no-door": "There is no such door",
    "no-place": "There is no empty place",
    "nonce": "It was used with another nonce",
    "not-due": "It is not due",
    "not-in-depot": "It is not in the depot",
    "not-in-doubt": "It is not in doubt",
    "not-newest": "Only the newest set is sent on its way",
    "not-now": "That is not possible now",
    "not-wanted": "It is not wanted any more",
    "not-yours": "Not for this role",
    "occupied": "The place is occupied",
    "offset": "Something before it is not there yet",
    "on-its-way": "It is on its way already",
    "ordered": "It was ordered already",
    "outcome": "That outcome is not one of these",
    "paid-already": "It is paid already",
    "payload": "The filing's payload does not fit",
    "place": "That place cannot be",
    "proof": "The key module's signature is missing or not good",
    "rate": "Too many requests",
    "reason": "A reason is needed",
    "request": "The request for a certificate cannot be signed",
    "retained": "It was kept back",
    "roles": "Those roles cannot be given",
    "safety": "That does not serve safety",
    "settled": "It is settled already",
    "size": "The body is too large",
    "stale": "Who does this signed in just now",
    "storage": "What holds the pictures does not answer",
    "terminal": "There is no terminal of this name",
    "text": "The text does not have its form",
    "token": "No token that lets in",
    "two": "Two people are needed",
    "unknown": "There is no such thing",
    "wrong-station": "It belongs to another station",
    "yourself": "Somebody else has to do that",
}
"""A problem's title by its code: the same at every occurrence (section 3.1.3)."""


def problem(status: int, code: str, detail: str) -> Problem:
    """Problem details. Raises KeyError for a code without a title."""
    return Problem(code=code, detail=detail, type=KIND + code, title=TITLES[code], status=status)


class Declined(Exception):
    """The request cannot be served: an HTTP status and a Problem. The transaction is undone."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.problem = problem(status, code, detail)


def digest_differs() -> Declined:
    """The key is known with another digest (rule 8)."""
    return Declined(409, "digest", "this key was used with other arguments")


def unknown(what: str) -> Declined:
    """Nothing by that name."""
    return Declined(404, "unknown", f"no such {what}")
