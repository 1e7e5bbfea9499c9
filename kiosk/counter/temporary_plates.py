"""临时号牌 as the counter makes it: printed once against a grant, read back, held out, watched until it is taken."""

from __future__ import annotations

from typing import Any

from kiosk.backend.exchange import Rejected, Unreachable
from kiosk.counter.desk import Desk
from kiosk.counter.filing import digest_of
from kiosk.counter.pages import Conversation
from kiosk.counter.reports import report
from kiosk.counter.watch import Whose
from kiosk.devices.audio.contract import Sound
from kiosk.devices.making import HandOutPermit, Place, Taken, Verdict
from kiosk.devices.plate_printer.contract import Plate
from kiosk.devices.words import DeviceFault
from kiosk.flows.effects import (
    Certainty,
    EffectState,
    MakePlate,
    PlateInDoubt,
    PlateNotMade,
    PlateRetained,
    PlateTaken,
)
from kiosk.flows.performing import At, Evidence, Prepared, Recorder, Settled
from kiosk.people.new_vehicles import PlateText
from kiosk.protocol.messages import Grant, GrantRequest
from kiosk.screens.states import TemporaryPlatePage, TemporaryPlateStage


class MakePlateDesk:
    """制发临时号牌 (rules 7, 11): unknown is never made again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def prepare(self, step: MakePlate, at: At) -> Prepared:
        """What stands in the machine and lies in its bin before; the nonce before the grant is asked for."""
        del step, at
        held = (await self._desk.plate_printer.status()).retained
        retained = "" if held is None else str(held)
        place = await self._where()
        return Prepared({"place": place.value, "retained": retained, "nonce": self._desk.ids.nonce()})

    async def perform(self, step: MakePlate, at: At, before: Evidence, record: Recorder) -> Settled:
        desk = self._desk
        page = desk.pages.conversation(step.phase, at, finishing="finishing-making")
        page.show(TemporaryPlatePage(TemporaryPlateStage.MAKING))
        if before["place"] != Place.NONE.value:
            return _not_made(at, "machine")
        grant = await self._granted(step, at, before)
        if isinstance(grant, str):
            return _not_made(at, grant)
        await record.stage("making", {"grant": grant.grant}, Certainty.SENSED)
        plate = _plate(step.plate)
        try:
            await desk.use_device(desk.plate_printer.write(plate), desk.durations.making)
        except DeviceFault as fault:
            if not fault.acted:
                await record.stage("not-made", {"code": fault.code}, Certainty.SENSED)
                return _not_made(at, fault.code or fault.completion.value, grant.grant)
            return await self._away(at, before, fault.code or fault.completion.value, record)
        except TimeoutError:
            return await self._away(at, before, "silent", record)
        if not await self._reads_well(plate):
            return await self._away(at, before, "spoiled", record)
        return await self._hand_out(page, at, before, grant, record)

    async def _granted(self, step: MakePlate, at: At, before: Evidence) -> Grant | str:
        """The grant, used up on disk; or why there is none."""
        desk = self._desk
        arguments: dict[str, Any] = {"item": step.plate.item, "board": 0, "compartment": 0}
        request = GrantRequest(
            key=at.key, digest=digest_of(arguments), case=at.case, nonce=before["nonce"], **arguments
        )
        try:
            grant = await desk.ask_headquarters(desk.headquarters.grant(request), desk.durations.grant)
        except Rejected as no:
            return f"refused-{no.problem.code}"
        except (Unreachable, TimeoutError):
            return "offline"
        if grant.terminal != desk.place.terminal or grant.expires < desk.clock.now():
            return "grant-not-valid"
        return grant if await desk.grants.use_once(grant.grant, grant.nonce) else "grant-used"

    async def _reads_well(self, plate: Plate) -> bool:
        desk = self._desk
        try:
            verdict = await desk.use_device(desk.plate_printer.verify(plate), desk.durations.maker_move)
        except (DeviceFault, TimeoutError):
            return False
        return verdict is not Verdict.DIFFERENT

    async def _hand_out(
        self, page: Conversation, at: At, before: Evidence, grant: Grant, record: Recorder
    ) -> Settled:
        desk = self._desk
        await record.stage("presented", {}, Certainty.SENSED)
        try:
            await desk.use_device(desk.plate_printer.present(HandOutPermit(grant.grant)), desk.durations.maker_move)
        except (DeviceFault, TimeoutError):
            return await self._away(at, before, "not-presented", record)
        page.machine_rests()
        page.show(TemporaryPlatePage(TemporaryPlateStage.TAKE))
        match await self._watched(page):
            case Taken.TAKEN:
                return _taken(at, Certainty.SENSED)
            case Taken.GONE:
                return _taken(at, Certainty.INFERRED)
            case Taken.RETAINED:
                return _retained(at, "not-taken")
            case Taken.LEFT:
                return await self._away(at, before, "not-taken", record)
            case Taken.UNKNOWN:
                return _in_doubt(at, "unknown")

    async def _watched(self, page: Conversation) -> Taken:
        desk = self._desk
        with desk.watch.waiting_for(Whose.CITIZEN):
            seen = await self._taken(desk.durations.item_exposed)
            if seen is Taken.LEFT:
                page.amend(TemporaryPlatePage(TemporaryPlateStage.STILL_THERE))
                desk.audio.sound(Sound.DOOR_OPEN)
                seen = await self._taken(desk.durations.item_given_up)
                desk.audio.hush(Sound.DOOR_OPEN)
        return seen

    async def _taken(self, seconds: float) -> Taken:
        desk = self._desk
        try:
            return await desk.use_device(
                desk.plate_printer.taken(seconds=seconds), seconds + desk.durations.maker_query
            )
        except (DeviceFault, TimeoutError):
            return Taken.UNKNOWN

    async def _away(self, at: At, before: Evidence, why: str, record: Recorder) -> Settled:
        """What must not reach anybody goes into the bin; where that cannot be, a person settles it."""
        place = await self._where()
        if place is Place.NONE or place is Place.UNKNOWN:
            return _in_doubt(at, why)
        await record.stage("retaining", {"why": why}, Certainty.SENSED)
        return await self._into_bin(at, before, why)

    async def _into_bin(self, at: At, before: Evidence, why: str) -> Settled:
        """By the bin's own motion, else by a reset of the mechanics; it counts as in the bin when the bin says so."""
        desk = self._desk
        try:
            await desk.use_device(desk.plate_printer.retain(), desk.durations.maker_move)
        except (DeviceFault, TimeoutError):
            pass
        else:
            return _retained(at, why)
        try:
            await desk.use_device(desk.plate_printer.clear(), desk.durations.maker_move)
        except (DeviceFault, TimeoutError):
            return _in_doubt(at, why)
        gone = await self._where() is Place.NONE
        return _retained(at, why) if gone and await self._bin_grew(before) else _in_doubt(at, why)

    async def _bin_grew(self, before: Evidence) -> bool:
        held = (await self._desk.plate_printer.status()).retained
        return before["retained"] != "" and held is not None and held > int(before["retained"])

    async def _where(self) -> Place:
        try:
            return await self._desk.use_device(self._desk.plate_printer.where(), self._desk.durations.maker_query)
        except (DeviceFault, TimeoutError):
            return Place.UNKNOWN

    async def settle(self, step: MakePlate, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """Without `making` on disk nothing was printed. Else the machine is asked; nothing is printed or held out."""
        del step
        if "making" not in stages or "not-made" in stages:
            return _not_made(at, "interrupted")
        place = await self._where()
        if place in (Place.TRANSPORT, Place.EXIT, Place.JAMMED):
            return await self._into_bin(at, before, "interrupted")
        if place is Place.UNKNOWN:
            return _in_doubt(at, "interrupted")
        if await self._bin_grew(before):
            return _retained(at, "interrupted")
        return _taken(at, Certainty.INFERRED) if "presented" in stages else _in_doubt(at, "interrupted")


def _plate(text: PlateText) -> Plate:
    return Plate(
        number=text.number,
        vehicle_type=text.vehicle_type,
        model=text.model,
        vin=text.vin,
        engine=text.engine,
        owner=text.owner,
        area=text.area,
        valid_to=text.valid_to,
        authority=text.authority,
        issued_on=text.issued_on,
    )


def _taken(at: At, certainty: Certainty) -> Settled:
    evidence = {"door": "closed", "certainty": certainty.value}
    return report(at, "hand-over", Settled(EffectState.DONE, PlateTaken(certainty), evidence))


def _not_made(at: At, why: str, grant: str = "") -> Settled:
    evidence = {"why": why, **({"grant": grant} if grant else {})}
    return report(at, "hand-over", Settled(EffectState.FAILED, PlateNotMade(why), evidence))


def _retained(at: At, why: str) -> Settled:
    return report(at, "hand-over", Settled(EffectState.FAILED, PlateRetained(why), {"why": why, "place": "bin"}))


def _in_doubt(at: At, why: str) -> Settled:
    return report(at, "hand-over", Settled(EffectState.IN_DOUBT, PlateInDoubt(), {"why": why}))
