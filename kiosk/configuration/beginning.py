"""With what a terminal starts: the last good set, whatever was being tried when it went down."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass

from kiosk.configuration.judging import Judge
from kiosk.configuration.shelf import Shelf
from kiosk.configuration.standing import Standing
from kiosk.protocol.configuration import SetReport, SetStage
from kiosk.settings.loading import SettingsError
from kiosk.settings.model import Settings

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Beginning:
    """Settings to start with, where sets stand, and what headquarters is to hear of it.

    `damaged`: what was last written down could not be read any more.
    """

    settings: Settings
    standing: Standing
    untold: tuple[SetReport, ...] = ()
    damaged: bool = False


def begin(shelf: Shelf, judge: Judge) -> Beginning:
    """Before anything else: a set whose trial was cut short is taken back.

    A set that cannot be read or judged any more gives way to the station's own settings; it may come again. Needs no
    loop, so that what has to be known before there is one can be. Raises SettingsError, OSError.
    """
    found = shelf.find()
    standing = found.standing.after_start()
    untold: list[SetReport] = []
    if standing != found.standing:
        untold.append(_cut_short(found.standing.trial, standing))
    if standing != found.standing or found.damaged:
        shelf.write(standing)
    if standing.in_force:
        document = shelf.take(standing.in_force)
        with contextlib.suppress(SettingsError):
            if document is not None:
                return Beginning(judge.with_set(document), standing, tuple(untold), found.damaged)
        _log.error("set %s cannot be used any more: the station's own settings are in force", standing.in_force)
        untold.append(SetReport(number=standing.in_force, stage=SetStage.REVERTED, why="unreadable"))
        standing = Standing(latest=standing.latest, refused=standing.refused)
        shelf.write(standing)
    return Beginning(judge.own(), standing, tuple(untold), found.damaged)


def _cut_short(trial: int, standing: Standing) -> SetReport:
    for each in standing.refused:
        if each.number == trial:
            return SetReport(number=trial, stage=SetStage.REVERTED, why=each.why)
    return SetReport(number=trial, stage=SetStage.CUT_SHORT)
