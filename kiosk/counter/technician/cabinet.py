"""装柜 and 清柜 at the machine: the list, both readers, one door at a time, and books before every door."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from kiosk.backend.exchange import Rejected, Unreachable
from kiosk.counter.compartments import Doors, Watched
from kiosk.counter.desk import Desk, FinishedIn
from kiosk.counter.filing import FILINGS, digest_of
from kiosk.counter.pages import Conversation
from kiosk.counter.technician.listed import (
    Candidate,
    candidates,
    card_by_list,
    document_by_list,
    mark_of,
    turned_to,
)
from kiosk.counter.technician.truth import Truth
from kiosk.counter.technician.upkeep import place_of
from kiosk.counter.watch import Whose
from kiosk.devices.document_reader.contract import ACCESS_DENIED
from kiosk.devices.id_reader.contract import CardRead
from kiosk.devices.locker.contract import Compartment, DoorState, ItemState
from kiosk.devices.words import Completion, DeviceFault
from kiosk.flows.effects import Certainty, EffectState
from kiosk.flows.performing import At, Evidence, Leave, OutboxItem, Prepared, Recorder, Settled
from kiosk.maintenance.cabinet_steps import (
    CountLeft,
    Differs,
    FetchList,
    Fits,
    LeftOver,
    ListFor,
    ListReady,
    LoadDocument,
    Loaded,
    LoadInDoubt,
    Missing,
    NextDocument,
    NoList,
    NoMore,
    NotCounted,
    NotLoaded,
    NotUnloaded,
    OnTheWayOut,
    SetAside,
    UnloadDocument,
    Unloaded,
    UnloadInDoubt,
)
from kiosk.protocol.loading import (
    OPENINGS,
    DocumentLoaded,
    DocumentUnloaded,
    LoadingList,
    ToUnload,
    holder_mark,
)
from kiosk.protocol.messages import Filing, FilingKind, Grant
from kiosk.screens.stage import Intent
from kiosk.screens.states import (
    ChoosePage,
    LoadPage,
    LoadStage,
    StaffAsks,
    StaffKeyPage,
    StaffTry,
    UnloadPage,
    UnloadStage,
    WorkingPage,
    WorkTopic,
)
from kiosk.store.failures import StoreFailure
from kiosk.store.loaded import LoadedPlace

REASONS = ("twice", "missing", "other")
"""Why they hold another number than the machine set aside."""
HARMLESS = ("", "twice")
OLD_CARD = "old-card"
_GONE_SECONDS = 0.3
"""A reader that finds nothing for so long has nothing on it."""
_TRIES = 2
"""Readings of one document before it is set aside as unreadable."""


@dataclass
class CabinetBench:
    """What the performers of one counter share: the list in force for the running task."""

    desk: Desk
    truth: Truth
    listed: LoadingList | None = None
    last_document: str = ""
    shown: LoadPage | None = field(default=None)

    def of(self, number: str) -> LoadingList | None:
        """The list of this number, while it holds; None after a restart."""
        found = self.listed
        return (
            found if found is not None and found.number == number and found.expires > self.desk.clock.now() else None
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Compartments and columns of this cabinet."""
        return self.desk.cabinet.compartments, self.desk.cabinet.columns


class FetchListDesk:
    """The signed list: from headquarters, else the last one that was kept and still holds."""

    def __init__(self, bench: CabinetBench) -> None:
        self._bench = bench

    async def perform(self, step: FetchList, at: At) -> ListReady | NoList:
        bench, desk = self._bench, self._bench.desk
        dispenses = desk.cabinet.finished is FinishedIn.DISPENSER
        if not desk.cabinet.compartments or (dispenses and step.wanted is ListFor.LOADING):
            return NoList("no-cabinet")
        page = desk.pages.conversation(step.phase, at)
        kept = False
        found = await page.wait(fetched(desk), WorkingPage(WorkTopic.ASKING_HEADQUARTERS))
        if found is None:
            text = await desk.loaded.kept_list()
            found, kept = desk.headquarters.kept_list(text) if text else None, True
            if found is None:
                return NoList("list-ran-out" if text else "no-list")
        bench.listed, bench.last_document = found, ""
        inside = tuple(one.item for one in await desk.loaded.live() if one.place is LoadedPlace.INSIDE)
        loadable = sum(one.standing.value == "to-load" for one in (*found.cards, *found.documents))
        unload = tuple(OnTheWayOut(u.item, u.kind, u.board, u.compartment, u.why) for u in found.unload)
        return ListReady(found.number, kept, loadable, inside, unload)


async def fetched(desk: Desk) -> LoadingList | None:
    """A fresh list, kept from now on instead of the one before; None where there is none to be had."""
    try:
        asking = desk.headquarters.loading_list(desk.ids.nonce())
        found = await desk.ask_headquarters(asking, desk.durations.grant)
    except (Unreachable, Rejected, TimeoutError):
        return None
    await desk.loaded.keep_list(found.model_dump_json())
    return found


# -- readers -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _NotRead:
    """Something lay there and could not be read. `lost`: it was taken away too soon."""

    lost: bool
    by_chip: bool


@dataclass(frozen=True, slots=True)
class _Opened:
    """A passport or pass: the document of the list whose key its chip knows, None where it knows none of them."""

    listed: Candidate | None


_Seen = CardRead | _Opened | _NotRead


class Readers:
    """Both readers at once; whichever finds a document first says what it is."""

    def __init__(self, bench: CabinetBench, tried: tuple[Candidate, ...], seen: Callable[[], None]) -> None:
        self._desk = bench.desk
        self._truth = bench.truth
        self._tried = tried
        self._seen = seen

    async def one(self) -> _Seen:
        """The next document."""
        tasks = [asyncio.ensure_future(self._card())]
        if self._truth.works("document-reader"):
            tasks.append(asyncio.ensure_future(self._by_chip()))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return next(task for task in tasks if task in done).result()
        finally:
            for task in tasks:
                _ = task.cancel()
            _ = await asyncio.gather(*tasks, return_exceptions=True)

    async def until_gone(self, seen: _Seen) -> None:
        """Until whatever could not be loaded was taken off its reader, so that it is not read again by itself."""
        if isinstance(seen, CardRead):
            return
        # A card whose chip was read has to leave the field before it is found again; one that was not is found.
        while not await self._nothing_there(seen):
            await asyncio.sleep(_GONE_SECONDS)

    async def _nothing_there(self, seen: _Opened | _NotRead) -> bool:
        desk = self._desk
        try:
            if isinstance(seen, _NotRead) and not seen.by_chip:
                _ = await desk.id_reader.read(seconds=_GONE_SECONDS)
                return False
            if not self._tried:
                return True
            _ = await desk.document_reader.read(self._tried[0].key, seconds=_GONE_SECONDS)
        except DeviceFault as fault:
            return fault.completion in (Completion.TIME_OUT, Completion.DEVICE_NOT_READY)
        return False

    async def _card(self) -> _Seen:
        desk = self._desk
        while True:
            try:
                return await desk.id_reader.read(seconds=desk.durations.card, card_seen=self._seen)
            except DeviceFault as fault:
                match fault.completion:
                    case Completion.TIME_OUT:
                        continue
                    case Completion.COMMAND_ERROR | Completion.INVALID_DATA:
                        return _NotRead(fault.code == "mediaLost", by_chip=False)
                    case _:
                        await asyncio.sleep(desk.durations.reader_pause)

    async def _by_chip(self) -> _Seen:
        desk = self._desk
        while True:
            for nth, one in enumerate(self._tried):
                try:
                    seconds = desk.durations.card if nth == 0 else desk.durations.reader_pause
                    _ = await desk.document_reader.read(one.key, seconds=seconds, document_seen=self._seen)
                    return _Opened(one)
                except DeviceFault as fault:
                    if fault.completion is Completion.COMMAND_ERROR and fault.code == ACCESS_DENIED:
                        continue
                    if fault.completion is Completion.COMMAND_ERROR:
                        return _NotRead(fault.code == "mediaLost", by_chip=True)
                    if fault.completion is Completion.TIME_OUT and nth:
                        return _NotRead(lost=True, by_chip=True)
                    await asyncio.sleep(0 if fault.completion is Completion.TIME_OUT else desk.durations.reader_pause)
                    break
            else:
                if self._tried:
                    return _Opened(None)
                await asyncio.sleep(desk.durations.card)


# -- in ----------------------------------------------------------------------------------------------------------


class NextDocumentDesk:
    """The next document on either reader, by the list. The page waits; nobody touches it."""

    def __init__(self, bench: CabinetBench) -> None:
        self._bench = bench

    async def perform(self, step: NextDocument, at: At) -> Fits | SetAside | NoMore:
        bench, desk = self._bench, self._bench.desk
        listed = bench.of(step.list_number)
        if listed is None:
            return NoMore()
        page = desk.pages.conversation(step.phase, at)
        counts = (step.loaded, step.aside, step.to_load)
        said = LoadPage(LoadStage.LAY, *counts, step.last, step.kept, *bench.shape, turn=at.occurrence)
        bench.shown = said
        page.show(said)

        def seen() -> None:
            page.somebody_is_there()
            page.amend(replace(said, stage=LoadStage.READING, last=""))

        tried = turned_to(candidates(listed), bench.last_document)
        readers, failures = Readers(bench, tried, seen), 0
        while True:
            got = await page.alongside(readers.one(), "no-more")
            if isinstance(got, Intent):
                return NoMore()
            page.somebody_is_there()
            answer = await self._judged(got, listed)
            if answer is None:
                failures += 0 if isinstance(got, _NotRead) and got.lost else 1
                if failures < _TRIES:
                    page.amend(replace(said, stage=LoadStage.AGAIN, last=""))
                    _ = await page.alongside(readers.until_gone(got), "no-more")
                    continue
                answer = SetAside("unreadable")
            if isinstance(answer, SetAside):
                await self._put_aside(answer, at)
                page.amend(replace(said, last=answer.why, aside=said.aside + 1))
                if isinstance(await page.alongside(readers.until_gone(got), "no-more"), Intent):
                    return answer
            return answer

    async def _judged(self, got: _Seen, listed: LoadingList) -> Fits | SetAside | None:
        live = {one.item: one for one in await self._bench.desk.loaded.live()}
        match got:
            case CardRead():
                return card_by_list(got.card, listed, live)
            case _Opened(listed=found):
                if found is None:
                    return SetAside("not-listed")
                self._bench.last_document = found.listed.item
                return document_by_list(found.listed, live)
            case _NotRead():
                return None

    async def _put_aside(self, answer: SetAside, at: At) -> None:
        """Written down; what the books have behind a door is from now on in doubt there."""
        desk = self._bench.desk
        if answer.why == "here":
            await desk.loaded.move(answer.item, LoadedPlace.IN_DOUBT, at.case)
        details = {"who": ",".join(at.opening.staff), "item": answer.item, "why": answer.why}
        await desk.audit.write("document-set-aside", at.case, details)


class LoadDocumentDesk:
    """装柜: the compartment is on disk, then it opens, then it is shut on the document."""

    def __init__(self, bench: CabinetBench) -> None:
        self._bench = bench
        self._doors = Doors(bench.desk)

    async def prepare(self, step: LoadDocument, at: At) -> Prepared:
        """Which compartment: the document's own where it has one, else the first that is empty and shut."""
        listed = self._bench.of(step.list_number)
        who = {"who": ",".join(at.opening.staff), "item": step.item}
        if listed is None:
            return Prepared({"refused": "list-ran-out", **who})
        found = await self._place(step.item, listed)
        if found is None:
            return Prepared({"refused": "no-place", **who})
        return Prepared({"board": str(found.board), "compartment": str(found.lock), **who})

    async def _place(self, item: str, listed: LoadingList) -> Compartment | None:
        desk = self._bench.desk
        own = next((one for one in await desk.loaded.live() if one.item == item), None)
        if own is not None:
            return Compartment(own.board, own.compartment)
        taken = await desk.loaded.occupied()
        free = [Compartment(*one) for one in listed.free if one not in taken]
        for board in dict.fromkeys(one.board for one in free):
            try:
                doors = await desk.use_device(desk.locker.doors(board), desk.durations.lock)
            except (DeviceFault, TimeoutError):
                continue
            for one in free:
                shut = one.board == board and doors.get(one.lock) is DoorState.CLOSED
                if place_of(one) in desk.upkeep.stuck:
                    continue
                if shut and await felt(desk, one) is not ItemState.PRESENT:
                    return one
        return None

    async def perform(self, step: LoadDocument, at: At, before: Evidence, record: Recorder) -> Settled:
        desk = self._bench.desk
        if "refused" in before:
            return Settled(EffectState.FAILED, NotLoaded(before["refused"]), {"why": before["refused"]})
        place = Compartment(int(before["board"]), int(before["compartment"]))
        page = desk.pages.conversation(step.phase, at, finishing="finishing-opening")
        said = self._said(step, place)
        page.show(said)
        listed = self._bench.of(step.list_number)
        if listed is None:
            return _load_report(step, at, place, "", NotLoaded("list-ran-out"))
        if not await desk.loaded.assign(step.item, step.list_number, at.case, place.board, place.lock):
            return _load_report(step, at, place, "", NotLoaded("occupied"))
        permit = await permit_for(desk, listed, step.item)
        if not permit:
            return await self._ended(step, at, place, "", NotLoaded("no-openings"))
        opened = await self._doors.open(grant_of(permit, at, step.item, place, listed), record)
        match opened.door:
            case DoorState.CLOSED:
                return await self._ended(step, at, place, permit, NotLoaded(opened.why))
            case DoorState.UNKNOWN:
                return await self._ended(step, at, place, permit, LoadInDoubt())
            case DoorState.OPEN:
                return await self._laid_in(page, said, step, at, place, permit, record)

    def _said(self, step: LoadDocument, place: Compartment) -> LoadPage:
        shown = self._bench.shown or LoadPage(LoadStage.OPENING, 0, 0, 0, "", False, *self._bench.shape)
        return replace(shown, stage=LoadStage.OPENING, compartment=place.lock, document=step.document, last="")

    async def _laid_in(
        self,
        page: Conversation,
        said: LoadPage,
        step: LoadDocument,
        at: At,
        place: Compartment,
        permit: str,
        record: Recorder,
    ) -> Settled:
        still_open, keeps = replace(said, stage=LoadStage.STILL_OPEN), False
        page.machine_rests()
        page.amend(replace(said, stage=LoadStage.PUT))
        with self._bench.desk.watch.waiting_for(Whose.CITIZEN):
            while isinstance(seen := await self._doors.watch(page, place, still_open, "keep"), Intent):
                keeps = True
                page.amend(still_open)
        if seen is Watched.LEFT_OPEN:
            return await self._ended(step, at, place, permit, LoadInDoubt())
        item = await felt(self._bench.desk, place)
        await record.stage("kept" if keeps else "closed", {"item": item.value}, Certainty.SENSED)
        return await self._ended(step, at, place, permit, _behind(place, item, keeps=keeps))

    async def _ended(
        self, step: LoadDocument, at: At, place: Compartment, permit: str, answer: Loaded | NotLoaded | LoadInDoubt
    ) -> Settled:
        match answer:
            case Loaded():
                now = LoadedPlace.INSIDE
            case NotLoaded():
                now = LoadedPlace.OUT
            case LoadInDoubt():
                now = LoadedPlace.IN_DOUBT
        await self._bench.desk.loaded.move(step.item, now, at.case)
        return _load_report(step, at, place, permit, answer)

    async def settle(self, step: LoadDocument, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """Without `opening` on disk the lock was never touched; once the door was shut the document is behind it."""
        if "refused" in before:
            return Settled(EffectState.FAILED, NotLoaded(before["refused"]), {"why": before["refused"]})
        place = Compartment(int(before["board"]), int(before["compartment"]))
        if "opening" not in stages or "not-opened" in stages:
            return await self._ended(step, at, place, "interrupted", NotLoaded("interrupted"))
        door, item = await self._doors.where(place), await felt(self._bench.desk, place)
        shut = door is DoorState.CLOSED
        known = item in (ItemState.PRESENT, ItemState.NOT_PRESENT) or "closed" in stages or "kept" in stages
        if shut and known:
            return await self._ended(step, at, place, "interrupted", _behind(place, item, keeps="kept" in stages))
        return await self._ended(step, at, place, "interrupted", LoadInDoubt())


def _behind(place: Compartment, item: ItemState, *, keeps: bool) -> Loaded | NotLoaded:
    """What a shut door means; what the compartment feels has the last word."""
    match item:
        case ItemState.PRESENT:
            return Loaded(place.board, place.lock, Certainty.SENSED)
        case ItemState.NOT_PRESENT:
            return NotLoaded("empty")
        case ItemState.UNKNOWN | ItemState.NOT_SUPPORTED:
            return NotLoaded("kept") if keeps else Loaded(place.board, place.lock, Certainty.INFERRED)


async def felt(desk: Desk, place: Compartment) -> ItemState:
    """What the light barrier says; UNKNOWN where it cannot be asked."""
    try:
        return await desk.use_device(desk.locker.item(place), desk.durations.door_query)
    except (DeviceFault, TimeoutError):
        return ItemState.UNKNOWN


async def permit_for(desk: Desk, listed: LoadingList, item: str) -> str:
    """The next opening the list allows for this document, used up on disk; "" where it allows no more."""
    for nth in range(1, OPENINGS + 1):
        if await desk.grants.use_once(f"{listed.number}/{item}/{nth}/asked", f"{listed.nonce}/{item}/{nth}/asked"):
            return f"{listed.number}/{item}/{nth}"
    return ""


def grant_of(permit: str, at: At, item: str, place: Compartment, listed: LoadingList) -> Grant:
    """One opening by the signed list, in the form in which doors take it."""
    return Grant(
        grant=permit,
        case=at.case,
        item=item,
        terminal=listed.terminal,
        board=place.board,
        compartment=place.lock,
        nonce=permit,
        expires=listed.expires,
        signature=listed.signature,
    )


def _load_report(
    step: LoadDocument, at: At, place: Compartment, permit: str, answer: Loaded | NotLoaded | LoadInDoubt
) -> Settled:
    match answer:
        case Loaded(certainty=certainty):
            state, outcome, why = EffectState.DONE, "loaded", ""
        case NotLoaded(why=why):
            state, outcome, certainty = EffectState.FAILED, "not-loaded", Certainty.SENSED
        case LoadInDoubt():
            state, outcome, certainty, why = EffectState.IN_DOUBT, "in-doubt", Certainty.INFERRED, ""
    evidence = {"compartment": str(place.lock), "certainty": certainty.value, **({"why": why} if why else {})}
    if not permit:
        return Settled(state, answer, evidence)
    told = DocumentLoaded.model_validate(
        {
            "item": step.item,
            "board": place.board,
            "compartment": place.lock,
            "outcome": outcome,
            "certainty": certainty.value,
            "permit": permit,
            "staff": at.opening.staff,
        }
    )
    return Settled(state, answer, evidence, (_letter(at, FilingKind.DOCUMENT_LOADED, told),))


def _letter(at: At, kind: FilingKind, told: DocumentLoaded | DocumentUnloaded) -> OutboxItem:
    payload = told.model_dump(mode="json")
    filing = Filing(
        key=f"{at.key}/report",
        digest=digest_of(payload),
        case=at.case,
        kind=kind,
        payload=payload,
        at=at.opening.now,
    )
    return OutboxItem(filing.key, FILINGS, filing.model_dump_json())


# -- the count ---------------------------------------------------------------------------------------------------


class CountLeftDesk:
    """点数: what they hold against what the machine set aside."""

    def __init__(self, bench: CabinetBench) -> None:
        self._bench = bench
        self._pages = 0

    async def perform(self, step: CountLeft, at: At) -> LeftOver | Differs | NotCounted:
        desk = self._bench.desk
        page = desk.pages.conversation(step.phase, at)
        self._pages += 1
        page.show(StaffKeyPage(StaffAsks.COUNT, StaffTry.NONE, "", self._pages))
        intent = await page.answer("count", "give-up")
        text = str(intent.payload.get("text", ""))
        if intent.action == "give-up" or not text.isdigit():
            return NotCounted()
        number, explained = int(text), ""
        if number != step.expected:
            if step.last_time == "no":
                return Differs(number)
            page.show(ChoosePage("loading-difference", tuple((r, f"loading-{r}", "") for r in REASONS), ""))
            explained = str((await page.answer("choose")).payload["id"])
        if explained in HARMLESS:
            await desk.loaded.count()
        details = {
            "who": ",".join(at.opening.staff),
            "machine": str(step.expected),
            "people": str(number),
            "why": explained,
        }
        await desk.audit.write("documents-counted", at.case, details)
        return LeftOver(number, explained)


# -- out ---------------------------------------------------------------------------------------------------------


class UnloadDocumentDesk:
    """清柜: the door opens, it is taken out, the door is shut, and it is read outside where it can be."""

    def __init__(self, bench: CabinetBench) -> None:
        self._bench = bench
        self._doors = Doors(bench.desk)

    async def prepare(self, step: UnloadDocument, at: At) -> Prepared:
        facts = {
            "who": ",".join(at.opening.staff),
            "item": step.out.item,
            "board": str(step.out.board),
            "compartment": str(step.out.compartment),
            "why": step.out.why,
        }
        if self._bench.of(step.list_number) is None:
            return Prepared({"refused": "list-ran-out", **facts})
        return Prepared(facts)

    async def perform(self, step: UnloadDocument, at: At, before: Evidence, record: Recorder) -> Settled:
        desk, listed = self._bench.desk, self._bench.of(step.list_number)
        place = Compartment(step.out.board, step.out.compartment)
        if "refused" in before or listed is None:
            return _unload_report(step, at, place, "", NotUnloaded("list-ran-out"))
        page = desk.pages.conversation(step.phase, at, finishing="finishing-opening")
        said = UnloadPage(
            UnloadStage.OPENING, step.nth, step.of, step.out.why, step.out.kind, place.lock, *self._bench.shape
        )
        page.show(said)
        permit = await permit_for(desk, listed, step.out.item)
        if not permit:
            return _unload_report(step, at, place, "", NotUnloaded("no-openings"))
        if place.lock and self._at_position(step):
            stays = await self._drawn(place, record)
            if stays is not None:
                return await self._ended(step, at, place, permit, stays)
        elif place.lock:
            opened = await self._doors.open(grant_of(permit, at, step.out.item, place, listed), record)
            match opened.door:
                case DoorState.CLOSED:
                    return await self._ended(step, at, place, permit, NotUnloaded(opened.why))
                case DoorState.UNKNOWN:
                    return await self._ended(step, at, place, permit, UnloadInDoubt())
                case DoorState.OPEN:
                    pass
            stays = await self._taken(page, said, place)
            if stays is not None:
                return await self._ended(step, at, place, permit, stays)
        else:
            await record.stage("opening", {"bin": "yes"}, Certainty.INFERRED)
        await record.stage("closed", {}, Certainty.SENSED)
        page.machine_rests()
        answer = await self._read_outside(page, said, step, listed)
        if isinstance(answer, Unloaded):
            await record.stage("outside", {"certainty": answer.certainty.value}, answer.certainty)
        return await self._ended(step, at, place, permit, answer)

    def _at_position(self, step: UnloadDocument) -> bool:
        """Whether it lies in a dispenser, which alone can take it out; what was handed in lies behind doors."""
        dispenses = self._bench.desk.cabinet.finished is FinishedIn.DISPENSER
        return dispenses and bool(step.out.compartment) and step.out.kind != OLD_CARD

    async def _drawn(self, place: Compartment, record: Recorder) -> NotUnloaded | UnloadInDoubt | None:
        """The dispenser draws it out of its position into its own bin; None where it says that it did."""
        desk = self._bench.desk
        await record.stage("opening", {"position": str(place.lock)}, Certainty.INFERRED)
        try:
            await desk.use_device(desk.dispenser.fetch(place.lock), desk.durations.maker_move)
        except DeviceFault as fault:
            if not fault.acted:
                await record.stage("not-opened", {"code": fault.code}, Certainty.SENSED)
                return NotUnloaded(fault.code or fault.completion.value)
            return UnloadInDoubt()
        except TimeoutError:
            return UnloadInDoubt()
        try:
            await desk.use_device(desk.dispenser.retain(), desk.durations.maker_move)
        except (DeviceFault, TimeoutError):
            return UnloadInDoubt()
        await record.stage("retained", {"position": str(place.lock)}, Certainty.SENSED)
        return None

    async def _taken(
        self, page: Conversation, said: UnloadPage, place: Compartment
    ) -> NotUnloaded | Missing | UnloadInDoubt | None:
        """The door is open until it is shut; None where they took it out."""
        still_open = replace(said, stage=UnloadStage.STILL_OPEN)
        page.machine_rests()
        page.amend(replace(said, stage=UnloadStage.TAKE))
        answer: NotUnloaded | Missing | None = None
        with self._bench.desk.watch.waiting_for(Whose.CITIZEN):
            while isinstance(
                seen := await self._doors.watch(page, place, still_open, "not-there", "leave-inside"), Intent
            ):
                answer = Missing() if seen.action == "not-there" else NotUnloaded("left-inside")
                page.amend(still_open)
        if seen is Watched.LEFT_OPEN:
            return UnloadInDoubt()
        if await felt(self._bench.desk, place) is ItemState.PRESENT:
            return NotUnloaded("left-inside")
        return answer

    async def _read_outside(
        self, page: Conversation, said: UnloadPage, step: UnloadDocument, listed: LoadingList
    ) -> Unloaded | Missing | UnloadInDoubt:
        """Seen on a reader, or two people say that they hold it. Nobody there any more: nobody knows."""
        out = next((one for one in listed.unload if one.item == step.out.item), None)
        tried = tuple(one for one in candidates(listed) if one.listed.item == step.out.item)
        behind_a_door = step.out.compartment and not self._at_position(step)
        stage = UnloadStage.READ if behind_a_door else UnloadStage.FROM_BIN
        page.amend(replace(said, stage=stage))
        readers = Readers(self._bench, tried, page.somebody_is_there)
        while True:
            try:
                got = await page.alongside(readers.one(), "cannot-read", "not-there")
            except Leave:
                return UnloadInDoubt()
            if isinstance(got, Intent):
                return Missing() if got.action == "not-there" else Unloaded(Certainty.INFERRED)
            if is_it(got, out, listed):
                return Unloaded(Certainty.SENSED)
            page.amend(replace(said, stage=UnloadStage.ANOTHER))

    async def _ended(
        self,
        step: UnloadDocument,
        at: At,
        place: Compartment,
        permit: str,
        answer: Unloaded | NotUnloaded | Missing | UnloadInDoubt,
    ) -> Settled:
        desk, item = self._bench.desk, step.out.item
        match answer:
            case Unloaded():
                await desk.loaded.move(item, LoadedPlace.OUT, at.case)
                await self._custody(item, "unloaded")
            case Missing() | UnloadInDoubt():
                await desk.loaded.move(item, LoadedPlace.IN_DOUBT, at.case)
                await self._custody(item, "in-doubt")
            case NotUnloaded():
                pass
        return _unload_report(step, at, place, permit, answer)

    async def _custody(self, item: str, place: str) -> None:
        """Old cards, and what a dispenser took to hand out and drew back, stand on these books; others do not."""
        try:
            await self._bench.desk.custody.move(item, place)
        except StoreFailure:
            # Never in this machine's custody, or before these books were begun: headquarters' row is the only one.
            return

    async def settle(self, step: UnloadDocument, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """Once it was seen outside it is outside; once the door was open, and no more, nobody knows."""
        del before
        place = Compartment(step.out.board, step.out.compartment)
        if "opening" not in stages or "not-opened" in stages:
            return await self._ended(step, at, place, "interrupted", NotUnloaded("interrupted"))
        if "outside" in stages:
            return await self._ended(step, at, place, "interrupted", Unloaded(Certainty.INFERRED))
        if place.lock and await felt(self._bench.desk, place) is ItemState.PRESENT:
            return await self._ended(step, at, place, "interrupted", NotUnloaded("left-inside"))
        return await self._ended(step, at, place, "interrupted", UnloadInDoubt())


def is_it(got: _Seen, out: ToUnload | None, listed: LoadingList) -> bool:
    """Whether what was read outside is the very document: by its mark, or as its holder's old card."""
    match got:
        case CardRead(card=card):
            if out is None:
                return False
            if out.mark:
                return mark_of(card, listed) == out.mark
            return bool(out.holder) and holder_mark(listed.salt, card.number.upper()) == out.holder
        case _Opened(listed=found):
            return found is not None
        case _NotRead():
            return False


def _unload_report(
    step: UnloadDocument,
    at: At,
    place: Compartment,
    permit: str,
    answer: Unloaded | NotUnloaded | Missing | UnloadInDoubt,
) -> Settled:
    certainty = Certainty.SENSED
    match answer:
        case Unloaded(certainty=certainty):
            state, outcome = EffectState.DONE, "unloaded"
        case NotUnloaded():
            state, outcome = EffectState.FAILED, "not-unloaded"
        case Missing():
            state, outcome = EffectState.FAILED, "missing"
        case UnloadInDoubt():
            state, outcome, certainty = EffectState.IN_DOUBT, "in-doubt", Certainty.INFERRED
    evidence = {"compartment": str(place.lock), "certainty": certainty.value, "outcome": outcome}
    if not permit:
        return Settled(state, answer, evidence)
    told = DocumentUnloaded.model_validate(
        {
            "item": step.out.item,
            "board": place.board,
            "compartment": place.lock,
            "why": step.out.why,
            "outcome": outcome,
            "certainty": certainty.value,
            "permit": permit,
            "staff": at.opening.staff,
        }
    )
    return Settled(state, answer, evidence, (_letter(at, FilingKind.DOCUMENT_UNLOADED, told),))
