"""Cards over PC/SC (pcsclite through pyscard's plain functions).

Every function of the service blocks, and none can be relied on to come back: a card that hangs keeps `SCardTransmit`,
a daemon that hangs keeps everything. So each thread here is a daemon thread that owns its context, and whoever waits
for one does so on the loop, with a deadline. One thread watches the readers; one more lives as long as each
conversation, and what is left of it when it was given up. pyscard's own monitors are not used: they end for good when
the service does.
"""

from __future__ import annotations

import asyncio
import enum
import functools
import importlib
import logging
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from kiosk.devices.document_reader.cards import CardLost, CardMute, Channel, Lost, ReaderLost, Service, Sight, Slot

log = logging.getLogger(__name__)

T = TypeVar("T")

WATCH_SECONDS = 1.0
"""How long the service is asked to wait for news; it is heard from at least this often."""
FIRST_RETRY_SECONDS = 0.1
LONGEST_RETRY_SECONDS = 1.0
"""Back-off towards a service that is not there; doubled each time."""
SILENT_SECONDS = 5.0
"""A service not heard of for so long hangs."""
MOST_WATCHES = 4
"""A watch the service never answers is left behind and a fresh one tried; so many may be left behind at once."""
FIRST_LOOK_SECONDS = 2.0
RELEASE_SECONDS = 1.0
CLOSE_SECONDS = 2.0
BUSY_SECONDS = 0.05
"""Between two tries at a reader that another program has."""
SETTLE_SECONDS = 0.5
"""The service looks for cards every 400 ms (pcsclite's PCSCLITE_STATUS_POLL_RATE): then it has seen a loss itself."""

NEW_READERS = "\\\\?PnP?\\Notification"
"""The name under which the service tells of readers that come and go."""


class _Busy(Exception):
    """Another program has the reader."""


def load_scard() -> Any:
    """pyscard's plain functions, as a module. Raises ImportError where they or the service's library are absent."""
    return importlib.import_module("smartcard.scard")


class _Calls:
    """The service's functions with results turned into values and exceptions. Blocking."""

    def __init__(self, scard: Any) -> None:
        self._s = scard
        self._card_lost = {
            scard.SCARD_W_REMOVED_CARD,
            scard.SCARD_W_RESET_CARD,
            scard.SCARD_W_UNPOWERED_CARD,
            scard.SCARD_E_NO_SMARTCARD,
            scard.SCARD_E_NOT_TRANSACTED,
        }
        self._mute = {scard.SCARD_W_UNRESPONSIVE_CARD, scard.SCARD_W_UNSUPPORTED_CARD, scard.SCARD_E_PROTO_MISMATCH}

    def establish(self) -> Any:
        """A context. Raises Lost."""
        result, context = self._call(self._s.SCardEstablishContext, self._s.SCARD_SCOPE_SYSTEM)
        self._check(result)
        return context

    def release(self, context: Any) -> None:
        """Raises nothing: what cannot be released is gone already."""
        self._quietly(self._s.SCardReleaseContext, context)

    def cancel(self, context: Any) -> None:
        """Wake whoever waits for news in that context. Raises nothing."""
        self._quietly(self._s.SCardCancel, context)

    def readers(self, context: Any) -> tuple[str, ...]:
        """Raises Lost."""
        result, names = self._call(self._s.SCardListReaders, context, [])
        if result == self._s.SCARD_E_NO_READERS_AVAILABLE:
            return ()
        self._check(result)
        return tuple(names)

    def news(self, context: Any, known: dict[str, int]) -> dict[str, int] | None:
        """The states, once one differs from `known` or after WATCH_SECONDS; None: a reader is gone. Raises Lost."""
        asked = [*known.items(), (NEW_READERS, 0)]
        result, states = self._call(self._s.SCardGetStatusChange, context, round(WATCH_SECONDS * 1000), asked)
        if result in (self._s.SCARD_E_TIMEOUT, self._s.SCARD_E_CANCELLED):
            return known
        if result in (self._s.SCARD_E_UNKNOWN_READER, self._s.SCARD_E_READER_UNAVAILABLE):
            return None
        self._check(result)
        return {name: state for name, state, _atr in states if name != NEW_READERS}

    def slot(self, state: int) -> Slot:
        """What an event state says of the reader."""
        if state & self._s.SCARD_STATE_MUTE:
            return Slot.MUTE
        return Slot.CARD if state & self._s.SCARD_STATE_PRESENT else Slot.EMPTY

    def there(self, state: int) -> bool:
        """Whether the reader is still there."""
        return not state & (self._s.SCARD_STATE_UNKNOWN | self._s.SCARD_STATE_UNAVAILABLE)

    @property
    def unaware(self) -> int:
        """The state that differs from every other."""
        return int(self._s.SCARD_STATE_UNAWARE)

    def connect(self, context: Any, reader: str) -> tuple[Any, Any]:
        """Card and protocol, exclusively. Raises Lost, _Busy."""
        result, card, protocol = self._call(
            self._s.SCardConnect,
            context,
            reader,
            self._s.SCARD_SHARE_EXCLUSIVE,
            self._s.SCARD_PROTOCOL_T0 | self._s.SCARD_PROTOCOL_T1,
        )
        if result == self._s.SCARD_E_SHARING_VIOLATION:
            raise _Busy
        self._check(result)
        return card, protocol

    def wake(self, card: Any) -> Any:
        """Reset a card one is connected to; its protocol. Raises Lost."""
        result, protocol = self._call(
            self._s.SCardReconnect,
            card,
            self._s.SCARD_SHARE_EXCLUSIVE,
            self._s.SCARD_PROTOCOL_T0 | self._s.SCARD_PROTOCOL_T1,
            self._s.SCARD_RESET_CARD,
        )
        self._check(result)
        return protocol

    def disconnect(self, card: Any) -> None:
        """Reset the card and let it go: no session of ours outlives us. Raises nothing."""
        self._quietly(self._s.SCardDisconnect, card, self._s.SCARD_RESET_CARD)

    def leave(self, card: Any) -> None:
        """Let a card go that is lost. Raises nothing.

        It is not reset: where that fails, the service says at once that the reader is empty, while its own watch
        still takes the card for present; one laid down before the watch looks again would never be announced
        (LudovicRousseau/PCSC, src/winscard.c SCardDisconnect against src/eventhandler.c; seen with 1.9.9).
        """
        self._quietly(self._s.SCardDisconnect, card, self._s.SCARD_LEAVE_CARD)

    def transmit(self, card: Any, protocol: Any, apdu: bytes) -> bytes:
        """Raises Lost. A card torn out in the middle answers nothing, and some drivers call that a success."""
        result, answer = self._call(self._s.SCardTransmit, card, protocol, list(apdu))
        self._check(result)
        if not answer:
            raise CardLost("nothing came back")
        return bytes(answer)

    def _call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return function(*arguments)
        except SystemError:
            # pyscard's lists fail this way when the service dies while it is asked.
            raise ReaderLost("the service died") from None

    def _quietly(self, function: Callable[..., Any], *arguments: Any) -> None:
        try:
            function(*arguments)
        except (SystemError, self._s.error):
            return

    def _check(self, result: int) -> None:
        if result == self._s.SCARD_S_SUCCESS:
            return
        message = str(self._s.SCardGetErrorMessage(result))
        if result in self._card_lost:
            raise CardLost(message)
        if result in self._mute:
            raise CardMute(message)
        raise ReaderLost(message)


class _Waking(enum.Enum):
    """Whether the card a conversation begins with is fresh."""

    AS_IT_IS = enum.auto()
    """Powered by the service when it was laid down, or reset by whoever spoke with it last."""
    RESET = enum.auto()
    """It may be one that was lost and came back unnoticed."""


class _Conversation:
    """A Channel: one thread, one context, one card. What is asked of it is done in turn, by that thread."""

    def __init__(self, calls: _Calls, reader: str, waking: _Waking, lost: Callable[[], None]) -> None:
        """`lost` is called on the loop once the card was lost."""
        self._calls = calls
        self._reader = reader
        self._waking = waking
        self._lost = lost
        self._gone = False
        self._loop = asyncio.get_running_loop()
        self._asked: queue.SimpleQueue[tuple[Callable[[], Any], asyncio.Future[Any]] | None] = queue.SimpleQueue()
        self._context: Any = None
        self._card: Any = None
        self._protocol: Any = None
        self._ended = asyncio.Event()
        self._released = False
        threading.Thread(target=self._serve, name="document-reader", daemon=True).start()

    async def connect(self, seconds: float) -> None:
        """Raises Lost, TimeoutError."""
        async with asyncio.timeout(seconds):
            while True:
                try:
                    return await self._done(self._connect)
                except _Busy:
                    await asyncio.sleep(BUSY_SECONDS)

    @property
    def over(self) -> bool:
        return self._ended.is_set()

    async def transmit(self, apdu: bytes, seconds: float) -> bytes:
        async with asyncio.timeout(seconds):
            return await self._done(lambda: self._calls.transmit(self._card, self._protocol, apdu))

    async def release(self) -> None:
        if not self._released:
            self._released = True
            self._asked.put(None)
        try:
            async with asyncio.timeout(RELEASE_SECONDS):
                await self._ended.wait()
        except TimeoutError:
            log.debug("a card keeps its reader")

    async def _done(self, call: Callable[[], T]) -> T:
        answer: asyncio.Future[T] = self._loop.create_future()
        self._asked.put((call, answer))
        return await answer

    # -- on the conversation's own thread ------------------------------------------------------------------------

    def _serve(self) -> None:
        while (asked := self._asked.get()) is not None:
            call, answer = asked
            try:
                result = call()
            except (Lost, _Busy) as lost:
                if isinstance(lost, CardLost):
                    self._gone = True
                    self._tell(self._lost)
                self._tell(_fail, answer, lost)
            except Exception as error:
                self._tell(_fail, answer, ReaderLost(type(error).__name__))
            else:
                self._tell(_settle, answer, result)
        if self._card is not None:
            if self._gone:
                self._calls.leave(self._card)
            else:
                self._calls.disconnect(self._card)
        if self._context is not None:
            self._calls.release(self._context)
        self._tell(self._ended.set)

    def _connect(self) -> None:
        if self._context is None:
            self._context = self._calls.establish()
        self._card, self._protocol = self._calls.connect(self._context, self._reader)
        if self._waking is _Waking.RESET:
            self._protocol = self._calls.wake(self._card)

    def _tell(self, function: Callable[..., object], *arguments: object) -> None:
        _tell(self._loop, function, *arguments)


def _tell(loop: asyncio.AbstractEventLoop, function: Callable[..., object], *arguments: object) -> None:
    try:
        loop.call_soon_threadsafe(function, *arguments)
    except RuntimeError:
        # The loop is closed: whoever asked is gone.
        return


def _settle(answer: asyncio.Future[Any], result: object) -> None:
    if not answer.done():
        answer.set_result(result)


def _fail(answer: asyncio.Future[Any], error: BaseException) -> None:
    if not answer.done():
        answer.set_exception(error)
        # Looked at, even if whoever asked is cancelled in this very moment.
        answer.exception()


class PcscCards:
    """Cards of the PC/SC service of this machine. The watch begins with the first question and ends with `close`."""

    def __init__(self, load: Callable[[], Any] = load_scard) -> None:
        self._load = load
        self._calls: _Calls | None = None
        self._sight = Sight(Service.STARTING)
        self._heard = 0.0
        self._begun = 0.0
        self._watch_number = 0
        self._threads: list[threading.Thread] = []
        self._news = asyncio.Event()
        self._watching: asyncio.AbstractEventLoop | None = None
        self._ending = threading.Event()
        self._ended = asyncio.Event()
        self._context: Any = None
        self._lost: dict[str, float] = {}
        """When each reader's last conversation lost its card; until the next one has begun."""

    async def look(self) -> Sight:
        self._begin()
        if self._sight.service is Service.STARTING:
            try:
                async with asyncio.timeout(FIRST_LOOK_SECONDS):
                    await self._news.wait()
            except TimeoutError:
                return Sight(Service.DOWN, detail="the smart card service is silent")
        if asyncio.get_running_loop().time() - self._heard > SILENT_SECONDS:
            self._watch_anew()
            return Sight(Service.DOWN, detail="the smart card service is silent")
        return self._sight

    async def changed(self, since: Sight, seconds: float) -> Sight:
        try:
            async with asyncio.timeout(seconds):
                while await self.look() == since:
                    await self._news.wait()
        except TimeoutError:
            return await self.look()
        return await self.look()

    async def connect(self, reader: str, seconds: float) -> Channel:
        if self._calls is None:
            raise ReaderLost("the smart card service has not been found")
        waking = await self._settled(reader)
        conversation = _Conversation(self._calls, reader, waking, functools.partial(self._note_loss, reader))
        try:
            await conversation.connect(seconds)
        except BaseException:
            await conversation.release()
            raise
        self._lost.pop(reader, None)
        return conversation

    async def _settled(self, reader: str) -> _Waking:
        """Once the service's own watch has seen what became of a card that was lost there."""
        lost = self._lost.get(reader)
        if lost is None:
            return _Waking.AS_IT_IS
        await asyncio.sleep(lost + SETTLE_SECONDS - asyncio.get_running_loop().time())
        return _Waking.RESET

    def _note_loss(self, reader: str) -> None:
        self._lost[reader] = asyncio.get_running_loop().time()

    async def close(self) -> None:
        self._ending.set()
        if self._watching is None:
            return
        if self._calls is not None and self._context is not None:
            # Even this asks the service, and must not keep the loop.
            threading.Thread(target=self._calls.cancel, args=(self._context,), daemon=True).start()
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._ended.wait()
        except TimeoutError:
            log.debug("the smart card service does not let go")

    def _begin(self) -> None:
        if self._watching is None:
            self._watching = asyncio.get_running_loop()
            self._heard = self._watching.time()
            self._start_watch(self._heard)

    def _watch_anew(self) -> None:
        """Its library can wait for ever for an answer that crossed with a question: one that hangs is left behind."""
        now = asyncio.get_running_loop().time()
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        if now - self._begun > SILENT_SECONDS and len(self._threads) < MOST_WATCHES and not self._ending.is_set():
            self._start_watch(now)

    def _start_watch(self, now: float) -> None:
        self._begun = now
        self._watch_number += 1
        watch = threading.Thread(
            target=self._watch, args=(self._watch_number,), name="document-reader-watch", daemon=True
        )
        self._threads.append(watch)
        watch.start()

    def _take(self, number: int, sight: Sight) -> None:
        """On the loop. What a watch that was left behind says is old."""
        if number != self._watch_number:
            return
        self._heard = asyncio.get_running_loop().time()
        if sight != self._sight:
            self._sight = sight
            news, self._news = self._news, asyncio.Event()
            news.set()

    # -- on the watch's own thread -------------------------------------------------------------------------------

    def _watch(self, number: int) -> None:
        failures = 0
        while self._wanted(number):
            context: Any = None
            try:
                if self._calls is None:
                    self._calls = _Calls(self._load())
                self._context = context = self._calls.establish()
                failures = 0
                self._watch_readers(number, self._calls, context)
            except (Lost, ImportError) as lost:
                self._say(number, Sight(Service.DOWN, detail=str(lost) or type(lost).__name__))
            finally:
                if self._calls is not None and context is not None:
                    self._calls.release(context)
            if not self._ending.wait(min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** min(failures, 10))):
                failures += 1
        if number == self._watch_number:
            self._say_ended()

    def _wanted(self, number: int) -> bool:
        return number == self._watch_number and not self._ending.is_set()

    def _watch_readers(self, number: int, calls: _Calls, context: Any) -> None:
        """Until the end, or until the service is lost. Raises Lost."""
        while self._wanted(number):
            known = dict.fromkeys(calls.readers(context), calls.unaware)
            while self._wanted(number):
                if not known:
                    self._say(number, Sight(Service.UP))
                found = calls.news(context, known)
                if found is None or not all(map(calls.there, found.values())):
                    break
                known = found
                slots = {name: calls.slot(state) for name, state in known.items() if state != calls.unaware}
                self._say(number, Sight(Service.UP, slots))
                if calls.readers(context) != tuple(known):
                    break

    def _say(self, number: int, sight: Sight) -> None:
        if self._watching is not None:
            _tell(self._watching, self._take, number, sight)

    def _say_ended(self) -> None:
        if self._watching is not None:
            _tell(self._watching, self._ended.set)
