"""Cards over PC/SC with the service's functions played: what a real service says once in years."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest

from kiosk.devices.document_reader.cards import CardLost, CardMute, ReaderLost, Service, Sight, Slot
from kiosk.devices.document_reader.service import NEW_READERS, SETTLE_SECONDS, PcscCards

ONE, TWO = "Reader 00 00", "Reader 01 00"
WAIT_SECONDS = 10.0
_CODES = (
    "SCARD_W_REMOVED_CARD",
    "SCARD_W_RESET_CARD",
    "SCARD_W_UNPOWERED_CARD",
    "SCARD_E_NO_SMARTCARD",
    "SCARD_E_NOT_TRANSACTED",
    "SCARD_W_UNRESPONSIVE_CARD",
    "SCARD_W_UNSUPPORTED_CARD",
    "SCARD_E_PROTO_MISMATCH",
    "SCARD_E_NO_READERS_AVAILABLE",
    "SCARD_E_TIMEOUT",
    "SCARD_E_CANCELLED",
    "SCARD_E_UNKNOWN_READER",
    "SCARD_E_READER_UNAVAILABLE",
    "SCARD_E_SHARING_VIOLATION",
    "SCARD_E_NO_SERVICE",
    "SCARD_E_INVALID_HANDLE",
)


class Played(SimpleNamespace):
    """pyscard's functions. Readers and their states are set by the test; `news` wakes who waits."""

    SCARD_S_SUCCESS, SCARD_SCOPE_SYSTEM, SCARD_SHARE_EXCLUSIVE = 0, 2, 1
    SCARD_LEAVE_CARD, SCARD_RESET_CARD = 0, 1
    SCARD_PROTOCOL_T0, SCARD_PROTOCOL_T1 = 1, 2
    SCARD_STATE_UNAWARE, SCARD_STATE_UNKNOWN, SCARD_STATE_UNAVAILABLE = 0, 4, 8
    SCARD_STATE_EMPTY, SCARD_STATE_PRESENT, SCARD_STATE_MUTE = 0x10, 0x20, 0x200
    error = OSError

    def __init__(self) -> None:
        super().__init__(**{name: 0x80100000 + number for number, name in enumerate(_CODES, start=1)})
        self.states: dict[str, int] = {ONE: self.SCARD_STATE_EMPTY}
        self.refusal = 0
        """What establishing a context answers."""
        self.verdicts: list[int] = []
        """What the next questions for news answer."""
        self.connecting: list[int] = []
        self.answers: list[Any] = []
        self.contexts: set[int] = set()
        self.cards: set[int] = set()
        self.woken: list[int] = []
        """What resetting a card one is connected to answers; each answer stands here until it is given."""
        self.let_go: list[int] = []
        """How the cards were let go, in order."""
        self._numbers = itertools.count(1)
        self._news = threading.Condition()

    def wake(self) -> None:
        with self._news:
            self._news.notify_all()

    def SCardGetErrorMessage(self, code: int) -> str:  # noqa: N802
        return next((name for name in _CODES if getattr(self, name) == code), "other")

    def SCardEstablishContext(self, scope: int) -> tuple[int, int]:  # noqa: N802
        assert scope == self.SCARD_SCOPE_SYSTEM
        number = next(self._numbers)
        if not self.refusal:
            self.contexts.add(number)
        return self.refusal, number

    def SCardReleaseContext(self, context: int) -> int:  # noqa: N802
        self.contexts.remove(context)
        raise self.error("gone")

    def SCardCancel(self, context: int) -> int:  # noqa: N802
        self.wake()
        return 0

    def SCardListReaders(self, context: int, groups: list[str]) -> tuple[int, list[str]]:  # noqa: N802
        if not self.states:
            return self.SCARD_E_NO_READERS_AVAILABLE, []
        return 0, list(self.states)

    def SCardGetStatusChange(self, context: int, timeout: int, states: list[tuple[str, int]]) -> tuple[int, Any]:  # noqa: N802
        with self._news:
            if not self.verdicts and all(self.states.get(name) == state for name, state in states[:-1]):
                self._news.wait(timeout / 1000)
            verdict = self.verdicts.pop(0) if self.verdicts else 0
            found: list[tuple[str, int, list[int]]] = [
                (n, self.states.get(n, self.SCARD_STATE_UNKNOWN), []) for n, _ in states[:-1]
            ]
            assert states[-1][0] == NEW_READERS
            return verdict, [*found, (NEW_READERS, 0, [])]

    def SCardConnect(self, context: int, reader: str, share: int, protocols: int) -> tuple[int, int, int]:  # noqa: N802
        assert (share, protocols) == (self.SCARD_SHARE_EXCLUSIVE, 3)
        verdict = self.connecting.pop(0) if self.connecting else 0
        number = next(self._numbers)
        if not verdict:
            self.cards.add(number)
        return verdict, number, self.SCARD_PROTOCOL_T1

    def SCardDisconnect(self, card: int, disposition: int) -> int:  # noqa: N802
        self.let_go.append(disposition)
        self.cards.remove(card)
        return 0

    def SCardReconnect(self, card: int, share: int, protocols: int, first: int) -> tuple[int, int]:  # noqa: N802
        assert card in self.cards
        assert (share, protocols, first) == (self.SCARD_SHARE_EXCLUSIVE, 3, self.SCARD_RESET_CARD)
        return self.woken.pop(0), self.SCARD_PROTOCOL_T1

    def SCardTransmit(self, card: int, protocol: int, apdu: list[int]) -> Any:  # noqa: N802
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            return answer()
        return answer


def live(body: Callable[[], Awaitable[None]]) -> None:
    async def within() -> None:
        async with asyncio.timeout(30):
            await body()

    asyncio.run(within())


async def until(cards: PcscCards, condition: Callable[[Sight], bool]) -> Sight:
    async with asyncio.timeout(WAIT_SECONDS):
        while not condition(sight := await cards.look()):
            await cards.changed(sight, 0.2)
    return sight


def test_slots_by_the_services_states() -> None:
    async def body() -> None:
        played = Played()
        cards = PcscCards(lambda: played)
        assert (await until(cards, lambda s: bool(s.slots))).slots == {ONE: Slot.EMPTY}
        for state, slot in ((0x20, Slot.CARD), (0x220, Slot.MUTE), (0x10, Slot.EMPTY)):
            played.states[ONE] = state
            played.wake()
            await until(cards, lambda s, slot=slot: s.slots == {ONE: slot})
        await cards.close()
        assert played.contexts == set()

    live(body)


def test_readers_come_and_go() -> None:
    async def body() -> None:
        played = Played()
        played.states = {}
        cards = PcscCards(lambda: played)
        await until(cards, lambda s: s.service is Service.UP and not s.slots)
        for readers in ((ONE,), (ONE, TWO), (TWO,), ()):
            played.states = dict.fromkeys(readers, 0x10)
            played.wake()
            await until(cards, lambda s, readers=readers: tuple(s.slots) == readers)
        await cards.close()

    live(body)


@pytest.mark.parametrize("word", ["SCARD_E_UNKNOWN_READER", "SCARD_E_READER_UNAVAILABLE", "SCARD_E_CANCELLED"])
def test_one_reader_that_vanishes_is_not_all_of_them(word: str) -> None:
    async def body() -> None:
        played = Played()
        played.states = {ONE: 0x10, TWO: 0x10}
        cards = PcscCards(lambda: played)
        await until(cards, lambda s: len(s.slots) == 2)
        del played.states[ONE]
        played.verdicts.append(getattr(played, word))
        played.wake()
        await until(cards, lambda s: s == Sight(Service.UP, {TWO: Slot.EMPTY}))
        await cards.close()

    live(body)


def test_a_service_that_refuses_dies_and_returns() -> None:
    async def body() -> None:
        played = Played()
        played.refusal = played.SCARD_E_NO_SERVICE
        cards = PcscCards(lambda: played)
        await until(cards, lambda s: s == Sight(Service.DOWN, detail="SCARD_E_NO_SERVICE"))
        with pytest.raises(ReaderLost):
            await cards.connect(ONE, 1)
        played.refusal = 0
        await until(cards, lambda s: bool(s.slots))
        for _ in range(3):
            played.verdicts.append(played.SCARD_E_NO_SERVICE)
            played.wake()
            await until(cards, lambda s: s.service is Service.DOWN)
            await until(cards, lambda s: bool(s.slots))
        await cards.close()
        assert played.contexts == set()

    live(body)


def test_a_watch_that_is_never_answered_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """One call for news never comes back: the next watch sees what is there, and the old one says nothing more."""
    monkeypatch.setattr("kiosk.devices.document_reader.service.WATCH_SECONDS", 0.05)
    monkeypatch.setattr("kiosk.devices.document_reader.service.SILENT_SECONDS", 0.5)

    async def body() -> None:
        played, let_go = Played(), threading.Event()
        cards = PcscCards(lambda: played)
        await until(cards, lambda s: s.slots == {ONE: Slot.EMPTY})
        ordinary = played.SCardGetStatusChange
        stuck = iter((True,))

        def once_for_ever(context: int, timeout: int, states: list[tuple[str, int]]) -> tuple[int, Any]:
            if next(stuck, False):
                let_go.wait(WAIT_SECONDS)
            return ordinary(context, timeout, states)

        played.SCardGetStatusChange = once_for_ever
        await until(cards, lambda s: s.service is Service.DOWN)
        played.states[ONE] = played.SCARD_STATE_PRESENT
        await until(cards, lambda s: s.slots == {ONE: Slot.CARD})
        let_go.set()
        await cards.close()
        for thread in [t for t in threading.enumerate() if t.name == "document-reader-watch"]:
            thread.join(WAIT_SECONDS)
        assert played.contexts == set()

    live(body)


def test_without_the_services_library() -> None:
    async def body() -> None:
        def absent() -> Any:
            raise ImportError("libpcsclite.so.1: cannot open shared object file")

        cards = PcscCards(absent)
        sight = await until(cards, lambda s: s.service is not Service.STARTING)
        assert (sight.service, "libpcsclite" in sight.detail) == (Service.DOWN, True)
        with pytest.raises(ReaderLost):
            await cards.connect(ONE, 1)
        await cards.close()

    live(body)


def test_never_asked_it_is_closed_at_once() -> None:
    live(PcscCards(Played).close)


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("SCARD_W_REMOVED_CARD", CardLost),
        ("SCARD_W_RESET_CARD", CardLost),
        ("SCARD_W_UNPOWERED_CARD", CardLost),
        ("SCARD_E_NO_SMARTCARD", CardLost),
        ("SCARD_E_NOT_TRANSACTED", CardLost),
        ("SCARD_W_UNRESPONSIVE_CARD", CardMute),
        ("SCARD_W_UNSUPPORTED_CARD", CardMute),
        ("SCARD_E_PROTO_MISMATCH", CardMute),
        ("SCARD_E_READER_UNAVAILABLE", ReaderLost),
        ("SCARD_E_NO_SERVICE", ReaderLost),
        ("SCARD_E_INVALID_HANDLE", ReaderLost),
    ],
)
def test_every_end_of_a_conversation_by_its_name(word: str, error: type[Exception]) -> None:
    async def body() -> None:
        played = Played()
        cards = PcscCards(lambda: played)
        await until(cards, lambda s: bool(s.slots))
        played.connecting = [getattr(played, word)]
        with pytest.raises(error, match=word):
            await cards.connect(ONE, 1)
        played.woken = [0] if error is CardLost else []
        channel = await cards.connect(ONE, 1)
        played.answers = [(0, [0x90, 0x00]), (getattr(played, word), [])]
        assert await channel.transmit(b"\0\0\0\0", 1) == b"\x90\x00"
        with pytest.raises(error, match=word):
            await channel.transmit(b"\0\0\0\0", 1)
        await channel.release()
        await channel.release()
        assert channel.over and played.cards == set()
        assert played.let_go == [played.SCARD_LEAVE_CARD if error is CardLost else played.SCARD_RESET_CARD]
        await cards.close()
        assert (played.contexts, played.woken) == (set(), [])

    live(body)


def test_after_a_lost_card_the_next_conversation_begins_with_a_reset() -> None:
    """And no sooner than the service's own watch has looked; each loss counts once."""

    async def body() -> None:
        played = Played()
        cards = PcscCards(lambda: played)
        await until(cards, lambda s: bool(s.slots))
        channel = await cards.connect(ONE, 1)
        played.answers = [(played.SCARD_W_REMOVED_CARD, [])]
        before = asyncio.get_running_loop().time()
        with pytest.raises(CardLost):
            await channel.transmit(b"\0\0\0\0", 1)
        await channel.release()
        # Whoever gives up meanwhile leaves the reset to the next.
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(cards.connect(ONE, 1), 0.01)
        # The card is lost again while it is woken.
        played.woken = [played.SCARD_W_REMOVED_CARD]
        with pytest.raises(CardLost):
            await cards.connect(ONE, 1)
        assert asyncio.get_running_loop().time() >= before + SETTLE_SECONDS
        played.woken = [0]
        await (await cards.connect(ONE, 1)).release()
        await (await cards.connect(ONE, 1)).release()
        leave, reset = played.SCARD_LEAVE_CARD, played.SCARD_RESET_CARD
        assert (played.let_go, played.woken) == ([leave, leave, reset, reset], [])
        await cards.close()

    live(body)


@pytest.mark.parametrize(
    ("answer", "error"),
    [((0, list[int]()), CardLost), (SystemError("NULL"), ReaderLost), (ValueError("no list"), ReaderLost)],
)
def test_bindings_that_answer_strangely(answer: Any, error: type[Exception]) -> None:
    async def body() -> None:
        played = Played()
        cards = PcscCards(lambda: played)
        await until(cards, lambda s: bool(s.slots))
        channel = await cards.connect(ONE, 1)
        played.answers = [answer]
        with pytest.raises(error):
            await channel.transmit(b"\0\0\0\0", 1)
        await channel.release()
        await cards.close()

    live(body)


def test_a_reader_another_program_has_is_waited_for() -> None:
    async def body() -> None:
        played = Played()
        cards = PcscCards(lambda: played)
        await until(cards, lambda s: bool(s.slots))
        played.connecting = [played.SCARD_E_SHARING_VIOLATION] * 2
        await (await cards.connect(ONE, WAIT_SECONDS)).release()
        played.connecting = [played.SCARD_E_SHARING_VIOLATION] * 1000
        with pytest.raises(TimeoutError):
            await cards.connect(ONE, 0.2)
        await cards.close()
        assert (played.contexts, played.cards) == (set(), set())

    live(body)


def test_a_command_that_never_ends_holds_its_card_and_nothing_else() -> None:
    async def body() -> None:
        played, let_go = Played(), threading.Event()
        cards = PcscCards(lambda: played)
        await until(cards, lambda s: bool(s.slots))
        channel = await cards.connect(ONE, 1)
        played.answers = [lambda: (0, [0x90, 0x00]) if let_go.wait(WAIT_SECONDS) else None]
        with pytest.raises(TimeoutError):
            await channel.transmit(b"\0\0\0\0", 0.05)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("kiosk.devices.document_reader.service.RELEASE_SECONDS", 0.05)
            await channel.release()
        assert not channel.over and len(played.cards) == 1
        assert (await cards.look()).slots == {ONE: Slot.EMPTY}
        let_go.set()
        await channel.release()
        assert channel.over and played.cards == set()
        await cards.close()

    live(body)


def test_what_comes_after_the_loops_end_is_nobodys() -> None:
    """A command given up whose answer comes when the program has gone on: the thread ends, and says nothing."""
    played, let_go = Played(), threading.Event()

    async def body() -> None:
        cards = PcscCards(lambda: played)
        await until(cards, lambda s: bool(s.slots))
        channel = await cards.connect(ONE, 1)
        played.answers = [lambda: (0, [0x90, 0x00]) if let_go.wait(WAIT_SECONDS) else None]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("kiosk.devices.document_reader.service.RELEASE_SECONDS", 0.01)
            with pytest.raises(TimeoutError):
                await channel.transmit(b"\0\0\0\0", 0.01)
            await channel.release()
        await cards.close()

    live(body)
    threads = [thread for thread in threading.enumerate() if thread.name == "document-reader"]
    let_go.set()
    for thread in threads:
        thread.join(WAIT_SECONDS)
        assert not thread.is_alive()
    assert played.cards == set()
