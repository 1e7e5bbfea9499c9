"""发证 by a machine that can read inside: a finished document out of its position, proved, held out, watched.

Nothing is held out that was not proved to be the right document of the right person. What is not, and what nobody
takes, goes into the machine's bin and stays on the books; what nobody can say is never done again (rules 7, 10, 11).
"""

from __future__ import annotations

from typing import Any

from kiosk.backend.exchange import Rejected, Unreachable
from kiosk.counter.desk import Desk
from kiosk.counter.filing import digest_of
from kiosk.counter.new_documents import chip_key, differs
from kiosk.counter.pages import Conversation
from kiosk.counter.ports import CustodyRecord
from kiosk.counter.reports import report
from kiosk.counter.watch import Whose
from kiosk.devices.audio.contract import Sound
from kiosk.devices.dispenser.contract import CardPlace, Held, PresentPermit, Taken
from kiosk.devices.making import EMPTY
from kiosk.devices.words import DeviceFault
from kiosk.flows.effects import (
    Certainty,
    EffectState,
    HandOver,
    HandOverInDoubt,
    NotFetched,
    Retained,
)
from kiosk.flows.effects import Taken as HandedOver
from kiosk.flows.performing import At, Evidence, Prepared, Recorder, Settled
from kiosk.people.records import FinishedCard
from kiosk.people.travel_applications import FinishedTravelDocument
from kiosk.people.travel_document import InvalidMrz
from kiosk.protocol.messages import Grant, GrantRequest
from kiosk.screens.states import SlotPage, SlotStage

BY = "dispenser"
"""How the started row says which machine hands the document over."""
IN_MACHINE, IN_BIN, GIVEN_OUT, IN_DOUBT = "dispenser", "dispenser-bin", "given-out", "in-doubt"
"""Places of a document on the terminal's books, beside its position."""
ACCESS_DENIED = "accessDenied"


class Dispensing:
    """What HandOverDesk does where the cabinet is a dispenser."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def prepare(self, step: HandOver) -> Prepared:
        """What stands in the machine and lies in its bin before; the nonce before the grant is asked for."""
        place, retained = await self._where(), await self._retained()
        return Prepared(
            {"by": BY, "place": place.value, "retained": retained, "nonce": self._desk.ids.nonce(), **_position(step)}
        )

    async def perform(self, step: HandOver, at: At, before: Evidence, record: Recorder) -> Settled:
        """See EffectPerformer.perform."""
        desk = self._desk
        page = desk.pages.conversation(step.phase, at, finishing="finishing-fetching")
        page.show(SlotPage(SlotStage.FETCHING, step.card.document))
        if before["place"] != CardPlace.NONE.value:
            return _not_fetched(at, "machine")
        grant = await self._granted(step, at, before)
        if isinstance(grant, str):
            return _not_fetched(at, grant)
        await self._on_the_books(step, at)
        await record.stage("fetching", {"grant": grant.grant, **_position(step)}, Certainty.SENSED)
        try:
            await desk.use_device(desk.dispenser.fetch(grant.compartment), desk.durations.maker_move)
        except DeviceFault as fault:
            why = fault.code or fault.completion.value
            if not fault.acted and fault.code == EMPTY:
                # The books say that it lies there, and it does not: nobody can say where it is.
                await record.stage("empty", _position(step), Certainty.SENSED)
                return await self._in_doubt(step, at, EMPTY)
            if not fault.acted:
                await record.stage("not-fetched", {"code": why}, Certainty.SENSED)
                return _not_fetched(at, why, grant.grant)
            return await self._away(step, at, before, why, record)
        except TimeoutError:
            return await self._away(step, at, before, "silent", record)
        await desk.custody.move(step.card.item, IN_MACHINE)
        await record.stage("inside", {}, Certainty.SENSED)
        wrong = await self._wrong(step)
        await desk.audit.write("document-read-inside", at.case, {"item": step.card.item, "result": wrong or "same"})
        if wrong:
            return await self._away(step, at, before, wrong, record)
        await record.stage("proved", {"document": "same"}, Certainty.SENSED)
        return await self._hand_out(page, step, at, before, grant, record)

    async def settle(self, step: HandOver, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """Without `fetching` on disk nothing moved. Else the machine is asked; nothing is fetched or held out."""
        if "fetching" not in stages or "not-fetched" in stages:
            return _not_fetched(at, "interrupted")
        place = await self._where()
        match place:
            case CardPlace.TRANSPORT | CardPlace.EXIT | CardPlace.JAMMED:
                return await self._into_bin(step, at, before, "interrupted", proved="proved" in stages)
            case CardPlace.UNKNOWN:
                return await self._in_doubt(step, at, "interrupted")
            case CardPlace.NONE:
                pass
        if await self._bin_grew(before):
            return await self._binned(step, at, "interrupted", proved="proved" in stages)
        if "presenting" in stages:
            return await self._taken(step, at, Certainty.INFERRED)
        if "inside" not in stages and await self._holds(step) is Held.PRESENT:
            await self._desk.custody.move(step.card.item, _at_position(step))
            return _not_fetched(at, "interrupted")
        return await self._in_doubt(step, at, "interrupted")

    # -- before it moves ---------------------------------------------------------------------------------------------

    async def _granted(self, step: HandOver, at: At, before: Evidence) -> Grant | str:
        """The grant, used up on disk; or why there is none. It names the position."""
        desk, card = self._desk, step.card
        arguments: dict[str, Any] = {"item": card.item, "board": card.board, "compartment": card.compartment}
        request = GrantRequest(
            key=at.key, digest=digest_of(arguments), case=at.case, nonce=before["nonce"], **arguments
        )
        try:
            grant = await desk.ask_headquarters(desk.headquarters.grant(request), desk.durations.grant)
        except Rejected as no:
            return f"refused-{no.problem.code}"
        except (Unreachable, TimeoutError):
            return "offline"
        named = (grant.item, grant.board, grant.compartment) == (card.item, card.board, card.compartment)
        if grant.terminal != desk.place.terminal or grant.expires < desk.clock.now() or not named:
            return "grant-not-valid"
        return grant if await desk.grants.use_once(grant.grant, grant.nonce) else "grant-used"

    async def _on_the_books(self, step: HandOver, at: At) -> None:
        """From here on the document has a line of its own in the terminal's books."""
        card = step.card
        books = CustodyRecord(card.item, at.case, card.document, card.board, card.compartment, _at_position(step))
        await self._desk.custody.record(books, step.number.text)
        await self._desk.custody.move(card.item, _at_position(step))

    async def _wrong(self, step: HandOver) -> str:
        """What is wrong with the document at the reading place, or "": number, dates and authority by its chip."""
        desk = self._desk
        try:
            match step.card:
                case FinishedCard() as expected:
                    read = await desk.use_device(desk.dispenser.identity_card(), desk.durations.chip)
                    return "another-document" if differs(read.card, step.number, expected) else ""
                case FinishedTravelDocument() as expected:
                    reading = desk.dispenser.chip_number(chip_key(step.number, expected))
                    number = await desk.use_device(reading, desk.durations.chip)
                    return "" if number == expected.printed_number else "another-document"
        except DeviceFault as fault:
            return "another-document" if fault.code == ACCESS_DENIED else "unreadable"
        except (InvalidMrz, TimeoutError):
            return "unreadable"

    # -- out ---------------------------------------------------------------------------------------------------------

    async def _hand_out(
        self, page: Conversation, step: HandOver, at: At, before: Evidence, grant: Grant, record: Recorder
    ) -> Settled:
        desk = self._desk
        await record.stage("presenting", {}, Certainty.SENSED)
        try:
            await desk.use_device(desk.dispenser.present(PresentPermit(grant.grant)), desk.durations.maker_move)
        except (DeviceFault, TimeoutError):
            if await self._where() is not CardPlace.EXIT:
                return await self._away(step, at, before, "not-presented", record)
        await record.stage("presented", {}, Certainty.SENSED)
        page.machine_rests()
        page.show(SlotPage(SlotStage.TAKE, step.card.document))
        match await self._watched(page, step):
            case Taken.TAKEN:
                return await self._taken(step, at, Certainty.SENSED)
            case Taken.GONE:
                return await self._taken(step, at, Certainty.INFERRED)
            case Taken.RETAINED:
                return await self._binned(step, at, "not-taken", proved=True)
            case Taken.LEFT:
                return await self._away(step, at, before, "not-taken", record)
            case Taken.UNKNOWN:
                return await self._in_doubt(step, at, "unknown")

    async def _watched(self, page: Conversation, step: HandOver) -> Taken:
        desk = self._desk
        with desk.watch.waiting_for(Whose.CITIZEN):
            seen = await self._seen(desk.durations.item_exposed)
            if seen is Taken.LEFT:
                page.amend(SlotPage(SlotStage.STILL_THERE, step.card.document))
                desk.audio.sound(Sound.DOOR_OPEN)
                seen = await self._seen(desk.durations.item_given_up)
                desk.audio.hush(Sound.DOOR_OPEN)
        return seen

    async def _seen(self, seconds: float) -> Taken:
        desk = self._desk
        try:
            return await desk.use_device(desk.dispenser.taken(seconds=seconds), seconds + desk.durations.maker_query)
        except (DeviceFault, TimeoutError):
            return Taken.UNKNOWN

    # -- away --------------------------------------------------------------------------------------------------------

    async def _away(self, step: HandOver, at: At, before: Evidence, why: str, record: Recorder) -> Settled:
        """What must not reach anybody goes into the bin; where that cannot be, a person settles it."""
        proved = why in ("not-presented", "not-taken")
        place = await self._where()
        if place in (CardPlace.NONE, CardPlace.UNKNOWN):
            return await self._in_doubt(step, at, why)
        await record.stage("retaining", {"why": why}, Certainty.SENSED)
        return await self._into_bin(step, at, before, why, proved=proved)

    async def _into_bin(self, step: HandOver, at: At, before: Evidence, why: str, *, proved: bool) -> Settled:
        """By the bin's own motion, else by a reset of the mechanics; it lies in the bin when the bin says so."""
        desk = self._desk
        try:
            await desk.use_device(desk.dispenser.retain(), desk.durations.maker_move)
        except (DeviceFault, TimeoutError):
            pass
        else:
            return await self._binned(step, at, why, proved=proved)
        try:
            await desk.use_device(desk.dispenser.clear(), desk.durations.maker_move)
        except (DeviceFault, TimeoutError):
            return await self._in_doubt(step, at, why)
        gone = await self._where() is CardPlace.NONE
        if gone and await self._bin_grew(before):
            return await self._binned(step, at, why, proved=proved)
        return await self._in_doubt(step, at, why)

    # -- what became of it -------------------------------------------------------------------------------------------

    async def _taken(self, step: HandOver, at: At, certainty: Certainty) -> Settled:
        await self._desk.custody.move(step.card.item, GIVEN_OUT)
        evidence = {"door": "closed", "certainty": certainty.value}
        return report(at, "hand-over", Settled(EffectState.DONE, HandedOver(certainty), evidence))

    async def _binned(self, step: HandOver, at: At, why: str, *, proved: bool) -> Settled:
        """A proved document is on the books as lying in the bin; of another, nobody can say which it is."""
        await self._desk.custody.move(step.card.item, IN_BIN if proved else IN_DOUBT)
        evidence = {"why": why, "bin": "retained" if proved else "rejected"}
        return report(at, "hand-over", Settled(EffectState.FAILED, Retained(why), evidence))

    async def _in_doubt(self, step: HandOver, at: At, why: str) -> Settled:
        await self._desk.custody.move(step.card.item, IN_DOUBT)
        evidence = {"why": why, **_position(step)}
        return report(at, "hand-over", Settled(EffectState.IN_DOUBT, HandOverInDoubt(), evidence))

    # -- asking the machine ------------------------------------------------------------------------------------------

    async def _where(self) -> CardPlace:
        try:
            return await self._desk.use_device(self._desk.dispenser.where(), self._desk.durations.maker_query)
        except (DeviceFault, TimeoutError):
            return CardPlace.UNKNOWN

    async def _holds(self, step: HandOver) -> Held:
        asking = self._desk.dispenser.holds(step.card.compartment)
        try:
            return await self._desk.use_device(asking, self._desk.durations.maker_query)
        except (DeviceFault, TimeoutError):
            return Held.UNKNOWN

    async def _retained(self) -> str:
        try:
            return str(await self._desk.use_device(self._desk.dispenser.retained(), self._desk.durations.maker_query))
        except (DeviceFault, TimeoutError):
            return ""

    async def _bin_grew(self, before: Evidence) -> bool:
        now = await self._retained()
        return before["retained"] != "" and now != "" and int(now) > int(before["retained"])


def _position(step: HandOver) -> Evidence:
    return {"position": str(step.card.compartment)}


def _at_position(step: HandOver) -> str:
    return f"position-{step.card.board}-{step.card.compartment}"


def _not_fetched(at: At, why: str, grant: str = "") -> Settled:
    evidence = {"why": why, **({"grant": grant} if grant else {})}
    return report(at, "hand-over", Settled(EffectState.FAILED, NotFetched(why), evidence))
