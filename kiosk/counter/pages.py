"""Pages and the citizen in front of them: what every page answers to, wherever the visit stands."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from kiosk.clock import Clock
from kiosk.counter.durations import Durations
from kiosk.counter.ports import HelpNews, ServiceEntry
from kiosk.counter.tasks import end
from kiosk.counter.watch import Watch, Whose
from kiosk.flows.performing import At, Back, Leave
from kiosk.flows.steps import Phase
from kiosk.screens.stage import Intent, Stage
from kiosk.screens.states import Chrome, HelpPage, LeavePage, Live, Look, PageState, TextSize, Theme

T = TypeVar("T")

NO_CHROME = Chrome()


ANSWERS_SHOWN = 2
"""So many of an officer's last sentences stand on the page of help, beside the telephone numbers."""


async def nobody_answers(known: HelpNews) -> HelpNews:
    """Where no help desk is asked: no news, ever."""
    _ = await asyncio.Event().wait()
    return known


@dataclass(frozen=True, slots=True)
class NightHours:
    """Full hours between which screens are dim, across midnight where `begins` is the later one; equal: never."""

    begins: int = 0
    ends: int = 0

    def theme(self, now: datetime) -> Theme:
        """The theme of this hour."""
        if self.begins <= self.ends:
            night = self.begins <= now.hour < self.ends
        else:
            night = now.hour >= self.begins or now.hour < self.ends
        return Theme.NIGHT if night else Theme.DAY


@dataclass(frozen=True, slots=True)
class VisitFrame:
    """What every page of one visit shares."""

    service: ServiceEntry | None
    simulated: bool


class Pages:
    """Makes pages of states, with the chrome around them."""

    def __init__(
        self,
        stage: Stage,
        clock: Clock,
        watch: Watch,
        durations: Durations,
        simulated: bool,
        call_for_help: Callable[[str], Awaitable[None]],
        night: NightHours | None = None,
        answers: Callable[[HelpNews], Coroutine[Any, Any, HelpNews]] = nobody_answers,
    ) -> None:
        self.stage = stage
        self.clock = clock
        self.watch = watch
        self.durations = durations
        self.call_for_help = call_for_help
        self.answers = answers
        """What is answered to the last call beyond what is known; ends only with news."""
        self.frame = VisitFrame(None, simulated)
        self._first_look = stage.look
        self._night = night if night is not None else NightHours()
        self._over = False
        self._patience: set[asyncio.Timeout] = set()
        self.idle: float | None = None
        """How long a page waits for a touch instead of what is usual: technicians have their hands elsewhere."""
        self._live = Live()
        self._officer = False
        self.citizen = 0
        """Counts those who came: whatever was said to one of them does not hold for the next."""
        self.beneath: tuple[PageState, Chrome, Live] | None = None
        """The page that help covers, and that comes back."""
        self.seen: list[str] = []
        """Names of the pages shown in this visit, for the record."""

    def begin(self, service: ServiceEntry | None) -> None:
        """A new visit, or none."""
        self.frame = replace(self.frame, service=service)
        self.seen = []
        if service is None:
            self._over = False
            self.citizen += 1

    def end_talk(self) -> None:
        """From here to the end of this visit nobody is waited for: every page ends as if its citizen had left."""
        self._over = True
        now = asyncio.get_running_loop().time()
        for patience in self._patience:
            if not patience.expired():
                patience.reschedule(now)

    def put_live(self, live: Live) -> None:
        """The live part of whatever page is shown."""
        self._live = live
        self.stage.live(replace(live, officer=self._officer))

    def officer_speaks(self, *, speaks: bool) -> None:
        """An officer is heard now, or no longer; the header says so on every page."""
        self._officer = speaks
        self.put_live(self._live)

    @property
    def over(self) -> bool:
        """Whether nobody is waited for any more."""
        return self._over

    async def intent(self, seconds: float) -> Intent:
        """The next touch. Raises TimeoutError, at once when the talk is over."""
        async with asyncio.timeout(0.0 if self._over else seconds) as patience:
            self._patience.add(patience)
            try:
                return await self.stage.intent()
            finally:
                self._patience.discard(patience)

    def serve(self, service: ServiceEntry) -> None:
        """The visit is about this service from the next page on."""
        self.frame = replace(self.frame, service=service)

    def reset_look(self) -> None:
        """Every citizen begins with the default look (screens.md "Modes")."""
        self.stage.dress(replace(self._first_look, theme=self.usual_theme()))

    def follow_the_hour(self) -> None:
        """Day and night change while nobody is there; whatever a citizen chose stays."""
        if self.stage.look.theme is not Theme.HIGH_CONTRAST:
            self.stage.dress(replace(self.stage.look, theme=self.usual_theme()))

    def usual_theme(self) -> Theme:
        """What is shown at this hour to whoever asks for nothing else."""
        return self._night.theme(self.clock.now())

    def chrome(self, phase: Phase | None, at: At | None, finishing: str = "") -> Chrome:
        """The chrome for a page in `phase`."""
        service = self.frame.service
        if service is None:
            return Chrome(simulated=self.frame.simulated)
        phases = service.phases
        done = phases.index(phase) if phase in phases else 0
        left = max(1, round(service.minutes * (len(phases) - done) / len(phases))) if phases else 0
        return Chrome(
            service=service.code,
            phase=phase,
            phases=phases,
            minutes_left=left,
            can_go_back=bool(at and at.can_go_back and not at.past_barrier and not finishing),
            can_leave=not finishing,
            simulated=self.frame.simulated,
            finishing=finishing,
        )

    def conversation(self, phase: Phase | None, at: At | None, finishing: str = "") -> Conversation:
        """Begin talking with the citizen in a step."""
        return Conversation(self, phase, at, finishing)


class Conversation:
    """One step's pages. Raises Back and Leave of the engine's vocabulary."""

    def __init__(self, pages: Pages, phase: Phase | None, at: At | None, finishing: str) -> None:
        self._pages = pages
        self._at = at
        self._chrome = pages.chrome(phase, at, finishing)
        self._state: PageState | None = None
        self._live = Live()
        self._sign_of_life = pages.clock.monotonic()

    @property
    def look(self) -> Look:
        """How the citizen sees it now."""
        return self._pages.stage.look

    def told(self) -> dict[str, str]:
        """Language and hashes of what the citizen has before their eyes now, for the audit chain (rule 31)."""
        proof = self._pages.stage.proof()
        return {"language": self.look.language, "text": proof.text, "page": proof.page}

    @property
    def state(self) -> PageState | None:
        """What was shown last."""
        return self._state

    def show(self, state: PageState) -> None:
        """A new page."""
        self.somebody_is_there()
        self._state = state
        self._live = Live()
        self._pages.seen.append(type(state).__name__)
        self._pages.stage.show(state, self._chrome)
        self._pages.put_live(self._live)

    def machine_rests(self) -> None:
        """What was being finished is; from here on it is the citizen's hand that is waited for."""
        self._chrome = replace(self._chrome, finishing="")

    def amend(self, state: PageState) -> None:
        """The same page says something else now."""
        if self._state is None or type(self._state) is not type(state):
            self.show(state)
            return
        self._state = state
        self._pages.stage.amend(state, self._chrome)

    def somebody_is_there(self) -> None:
        """The citizen did something at a device; idle time counts from now. Attempts alone are no sign of life."""
        self._sign_of_life = self._pages.clock.monotonic()

    def live(self, **changes: Any) -> None:
        """Change some of the live part."""
        self._live = replace(self._live, **changes)
        self._pages.put_live(self._live)

    async def answer(self, *actions: str, idle: float | None = None) -> Intent:
        """The citizen's next touch among `actions`; touches every page answers to are dealt with here.

        Raises Back, Leave("left") after the citizen confirmed, Leave("timed-out") when nobody answered.
        """
        limit = idle if idle is not None else self._idle()
        while True:
            intent = await self._touch(limit)
            if intent is None:
                continue
            if intent.action in actions:
                return intent
            await self._common(intent)

    async def answer_within(self, seconds: float, *actions: str) -> Intent | None:
        """A touch among `actions`, or None when there was none for so long: for pages that go by themselves.

        Nobody is asked for more time. Raises Leave("no-time") when the talk is over.
        """
        self.somebody_is_there()
        while True:
            left = seconds - (self._pages.clock.monotonic() - self._sign_of_life)
            try:
                intent = await self._next(max(0.0, left))
            except TimeoutError:
                return None
            self.somebody_is_there()
            if intent.action in actions:
                return intent
            await self._common(intent)

    async def alongside(self, work: Coroutine[Any, Any, T], *actions: str, idle: float | None = None) -> T | Intent:
        """Whichever comes first: the work's result or one of the citizen's `actions` (the work is then cancelled).

        Where both come in the same moment the touch counts: it was heard, and nothing else would answer it.
        """
        task = asyncio.ensure_future(work)
        touch = asyncio.ensure_future(self.answer(*actions, idle=idle))
        try:
            _ = await asyncio.wait({task, touch}, return_when=asyncio.FIRST_COMPLETED)
            if touch.done() and (touch.exception() is None or not task.done()):
                return touch.result()
            return task.result()
        finally:
            await end(touch, task)

    async def wait(self, work: Coroutine[Any, Any, T], say: PageState) -> T:
        """Do something the citizen waits for; `say` is shown when it takes longer than a moment."""
        task = asyncio.ensure_future(work)
        try:
            done, _ = await asyncio.wait({task}, timeout=self._pages.durations.heard)
            if not done:
                self.show(say)
                await self._drain_until(task)
            return task.result()
        finally:
            await end(task)

    async def _drain_until(self, task: asyncio.Future[Any]) -> None:
        """While work runs, language, size and help still answer; leaving waits for its end."""
        while not task.done():
            touch = asyncio.ensure_future(self._pages.stage.intent())
            _ = await asyncio.wait({task, touch}, return_when=asyncio.FIRST_COMPLETED)
            if touch.done():
                _ = self._dress(touch.result())
            else:
                await end(touch)

    def _idle(self) -> float:
        d = self._pages.durations
        if self._pages.idle is not None:
            return self._pages.idle
        return d.idle_elder if self.look.elder else d.idle

    async def _touch(self, limit: float) -> Intent | None:
        left = limit - (self._pages.clock.monotonic() - self._sign_of_life)
        with self._pages.watch.waiting_for(Whose.CITIZEN):
            try:
                intent = await self._pages.intent(max(0.0, left))
            except TimeoutError:
                intent = await self._more_time(limit)
        self.somebody_is_there()
        return intent

    async def _next(self, seconds: float) -> Intent:
        """The next touch; it is the citizen who is waited for. Raises TimeoutError, Leave when there is no time."""
        with self._pages.watch.waiting_for(Whose.CITIZEN):
            try:
                return await self._pages.intent(seconds)
            except TimeoutError:
                if self._pages.over:
                    raise Leave("no-time") from None
                raise

    async def _more_time(self, limit: float) -> Intent | None:
        """ "Do you need more time?" counts down; any touch extends (screens.md "Time").

        The end stands in time, so that a device that is asked again meanwhile does not begin the count anew.
        """
        end = self._sign_of_life + limit + self._pages.durations.more_time
        while (left := end - self._pages.clock.monotonic()) > 0:
            if self._pages.over:
                raise Leave("no-time")
            self.live(more_time=math.ceil(left))
            try:
                intent = await self._pages.intent(min(1.0, left))
            except TimeoutError:
                continue
            self.live(more_time=None)
            return None if intent.action == "more-time" else intent
        self.live(more_time=None)
        raise Leave("timed-out")

    async def _common(self, intent: Intent) -> None:
        if self._dress(intent):
            return
        match intent.action:
            case "help":
                await self._help()
            case "back" if self._chrome.can_go_back:
                raise Back
            case "leave" if self._chrome.can_leave:
                await self._leave()
            case _:
                return

    def _dress(self, intent: Intent) -> bool:
        look = self.look
        match intent.action:
            case "language":
                look = replace(look, language=str(intent.payload["to"]))
            case "size":
                look = replace(look, size=TextSize(str(intent.payload["to"])))
            case "theme":
                high = Theme(str(intent.payload["to"])) is Theme.HIGH_CONTRAST
                look = replace(look, theme=Theme.HIGH_CONTRAST if high else self._pages.usual_theme())
            case "reach":
                look = replace(look, reach=not look.reach)
            case "elder":
                look = replace(look, elder=not look.elder)
            case "sound":
                look = replace(look, sound=not look.sound)
            case _:
                return False
        self._pages.stage.dress(look)
        return True

    async def _help(self) -> None:
        """Headquarters is called; unanswered for 60 s the page says so and gives the telephone.

        What an officer writes stands on the page; each answer, and each time they give more, it stands for as long
        again.
        """
        state = self._state
        called: datetime = self._pages.clock.now()
        self._pages.beneath = None if state is None else (state, self._chrome, self._live)
        self._pages.stage.show(HelpPage(called, unanswered=False), self._chrome)
        self._pages.put_live(Live())
        await self._pages.call_for_help(type(state).__name__)
        durations, clock = self._pages.durations, self._pages.clock
        known, unanswered = HelpNews(), False
        until = clock.monotonic() + durations.help_unanswered
        news = asyncio.ensure_future(self._pages.answers(known))
        try:
            while True:
                touch = asyncio.ensure_future(self._next(max(0.0, until - clock.monotonic())))
                try:
                    _ = await asyncio.wait({touch, news}, return_when=asyncio.FIRST_COMPLETED)
                    intent = touch.result() if touch.done() else None
                except TimeoutError:
                    if unanswered or known.said or known.spoken or known.handed:
                        break
                    unanswered, until = True, clock.monotonic() + durations.tell
                    self._pages.stage.amend(HelpPage(called, unanswered=True), self._chrome)
                    continue
                finally:
                    await end(touch)
                if intent is not None:
                    if intent.action in ("continue", "back"):
                        break
                    _ = self._dress(intent)
                    continue
                known = news.result()
                if known.closed:
                    break
                unanswered, until = False, clock.monotonic() + durations.help_unanswered
                self._pages.stage.amend(_answer_page(called, known), self._chrome)
                news = asyncio.ensure_future(self._pages.answers(known))
        finally:
            self._pages.beneath = None
            await end(news)
        self._again(state)

    async def _leave(self) -> None:
        state = self._state
        self._pages.stage.show(LeavePage(losses(self._chrome.phase)), self._chrome)
        self._pages.put_live(Live())
        while True:
            try:
                intent = await self._next(self._idle())
            except TimeoutError:
                raise Leave("timed-out") from None
            if intent.action == "leave":
                raise Leave("left")
            if intent.action in ("stay", "back"):
                self._again(state)
                return
            _ = self._dress(intent)

    def _again(self, state: PageState | None) -> None:
        self.somebody_is_there()
        if state is not None:
            self._pages.stage.show(state, self._chrome)
            self._pages.put_live(self._live)


def _answer_page(called: datetime, known: HelpNews) -> HelpPage:
    """What was said last; the number of a matter that was handed over stands in place of the older sentence."""
    shown = ANSWERS_SHOWN - 1 if known.handed else ANSWERS_SHOWN
    return HelpPage(called, False, known.said[-shown:], known.handed, spoken=known.spoken > 0)


def losses(phase: Phase | None) -> tuple[str, ...]:
    """What is forgotten when a visit is left in this phase, as message keys."""
    match phase:
        case Phase.DETAILS | Phase.CONFIRM:
            return ("loses-identity", "loses-answers")
        case Phase.IDENTITY:
            return ("loses-identity",)
        case Phase.PAY | Phase.FINISH | None:
            return ()
