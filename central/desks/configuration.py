"""What terminals ask about configuration: files of the repository, which set they are to have; and what they tell."""

from __future__ import annotations

import base64

from central.configuration import books
from central.configuration.keys import Keys
from central.configuration.repository import Repository
from central.configuration.rollout import Outcome
from central.desks.desk import Desk
from central.desks.incidents import tell
from central.model_configuration import RolloutTerminal
from central.problems import Declined, unknown
from kiosk.protocol.configuration import (
    LARGEST_REPLY,
    Assignment,
    Bundle,
    BundleRequest,
    FileRequest,
    SetReport,
    SetStage,
)

_OUTCOMES = {
    SetStage.REFUSED: Outcome.FAILED,
    SetStage.REVERTED: Outcome.FAILED,
    SetStage.IN_FORCE: Outcome.IN_FORCE,
}


def file_of(request: FileRequest, desk: Desk) -> bytes:
    """The bytes of a file from an offset on, as many as one reply has. Raises Declined(404)."""
    content = books.FileRows(desk.db).get(request.path)
    if content is None:
        raise unknown("file")
    return content[request.offset : request.offset + LARGEST_REPLY]


def assigned(desk: Desk) -> Assignment:
    """The newest set that is this terminal's to have now."""
    for number in books.rollouts(desk.db):
        rollout = books.read(desk.db, number, only=desk.terminal)
        assert rollout is not None
        if rollout.gives(desk.terminal):
            return Assignment(number=number)
    return Assignment(number=0)


def bundle(request: BundleRequest, desk: Desk) -> Bundle:
    """What a terminal needs to verify a set, at once. It is believed no more than each file by itself would be."""
    files = Repository(books.FileRows(desk.db), Keys(), desk.now).needed_for(request.number)
    return Bundle(files={path: _text(content) for path, content in files.items()})


def _text(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode("ascii")


def reported(report: SetReport, desk: Desk) -> Assignment:
    """Write down what a terminal tells of a set; which it is to have now.

    Raises Declined(404) for a set that is on its way to nobody, Declined(409) "not-wanted" for a healthy one that is
    paused or taken back by now: the terminal then goes back by itself.
    """
    rollout = books.read(desk.db, report.number, only=desk.terminal)
    if rollout is None:
        raise unknown("rollout")
    rollout = books.joined(desk.db, rollout, desk.terminal)
    row = desk.db.get_one(RolloutTerminal, (report.number, desk.terminal))
    if report.stage is SetStage.HEALTHY and not rollout.gives(desk.terminal):
        raise Declined(409, "not-wanted", "this set is not wanted any more")
    row.told, row.why, row.told_at = report.stage.value, report.why, desk.now
    tell(desk.db, desk.now, desk.terminal, "configuration", report.stage.value, str(report.number))
    outcome = _OUTCOMES.get(report.stage)
    if outcome is not None:
        books.outcome(desk.db, rollout, desk.terminal, outcome)
    if outcome is Outcome.FAILED or report.stage is SetStage.UNTRUSTED:
        desk.alarm("configuration")
    return assigned(desk)
