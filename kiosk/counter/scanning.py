"""扫码: the code on one paper, until it has the form that was asked for."""

from __future__ import annotations

import asyncio

from kiosk.counter.desk import Desk
from kiosk.devices.scanner.contract import Code
from kiosk.devices.words import Completion, DeviceFault
from kiosk.flows.performing import At
from kiosk.flows.steps import NotScanned, Scan, ScannedCode
from kiosk.screens.stage import Intent
from kiosk.screens.states import ScanPage, ScanStage


class ScanDesk:
    """What was shown before it was asked for is not taken (see Scanner)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: Scan, at: At) -> ScannedCode | NotScanned:
        page = self._desk.pages.conversation(step.phase, at)
        page.show(ScanPage(step.topic, ScanStage.WAITING))
        while True:
            try:
                got = await page.alongside(self._look(), "cannot")
            except DeviceFault as fault:
                if fault.completion is Completion.TIME_OUT:
                    continue
                bad = fault.completion is Completion.COMMAND_ERROR
                page.amend(ScanPage(step.topic, ScanStage.UNREADABLE if bad else ScanStage.AWAY))
                # A scanner that is away says so at once, however often it is asked.
                pause = asyncio.sleep(self._desk.durations.reader_pause)
                if await page.alongside(pause, "cannot") is not None:
                    return NotScanned()
                continue
            if isinstance(got, Intent):
                return NotScanned()
            if step.shape.fits(got.text):
                return ScannedCode(got.text)
            page.amend(ScanPage(step.topic, ScanStage.ANOTHER))

    async def _look(self) -> Code:
        return await self._desk.scanner.scan(seconds=self._desk.durations.scan)
