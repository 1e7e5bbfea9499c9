"""What an officer far away is shown of a page while somebody calls for help: the page, and nothing of the person."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from kiosk.backend.exchange import Arrival, Cause, Unreachable
from kiosk.clock import Clock
from kiosk.counter.durations import Durations
from kiosk.counter.nobody import DarkStage
from kiosk.counter.pages import Pages
from kiosk.counter.remote.naming import known_messages
from kiosk.counter.remote.overlooked import AGAIN_SECONDS, Overlooked, bytes_of, fitted
from kiosk.counter.remote.sketching import FIELDS, LEAVES, sketch
from kiosk.counter.watch import Watch
from kiosk.flows.steps import Phase
from kiosk.people.synthetic import PopulationKey, population
from kiosk.protocol.messages import HelpAnswer, HelpAsk
from kiosk.protocol.sight import LIMIT, MOST_BLOCKS, Block, BlockKind, SeenPage, Sight, SightReply, Term
from kiosk.screens import views
from kiosk.screens.samples import Sample, samples
from kiosk.screens.screen_settings import ScreenSettings
from kiosk.screens.stage import Glass, Typed
from kiosk.screens.states import Chrome, ConsentPage, FormPage, Live, Look, PageState, TypeNumber, WelcomeBack
from kiosk.times import VirtualClock
from kiosk.virtual import run_virtual

LOCALES = Path(__file__).resolve().parents[2] / "assets" / "locales"
KNOWN = known_messages(LOCALES)
SETTINGS = ScreenSettings("", "", "")
GALLERY = {sample.name: sample for sample in samples()}
START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
PEOPLE = population(PopulationKey(1, date(2026, 11, 22))).people[:20]
OTHERS = (
    "13812345678",
    "蒙B·D12345",
    "昆都仑区民族东路示例小区3号楼2单元501",
    "王*芳",
    "li-na-1990",
    "fact-name",
    "19.50",
)


def told(sample: Sample, look: Look | None = None, typed: Typed | None = None) -> bytes:
    """As it goes up."""
    page = sketch(Glass(sample.state, sample.chrome, sample.live, look or Look(), typed), KNOWN, SETTINGS)
    return bytes_of(Sight(version=1, key="k", turn=0, page=page))


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every text in a page's state."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, tuple):
        for index, each in enumerate(cast("tuple[Any, ...]", value)):
            yield from leaves(each, (*path, index))
    elif dataclasses.is_dataclass(value):
        for each in dataclasses.fields(value):
            yield from leaves(getattr(value, each.name), (*path, each.name))


def put(value: Any, path: tuple[Any, ...], text: str) -> Any:
    """The state with another text there. Raises what its values say to a text that they cannot be."""
    if not path:
        return text
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        return (*value[:first], put(value[first], rest, text), *value[first + 1 :])
    return replace(value, **{first: put(getattr(value, first), rest, text)})


secrets = st.one_of(
    st.sampled_from(
        [
            text
            for one in PEOPLE
            for text in (
                one.card.name,
                one.number,
                one.card.address,
                one.phone,
                *(v.plate.number for v in one.vehicles),
            )
            if text
        ]
    ),
    st.sampled_from(OTHERS),
)


@given(
    sample=st.sampled_from(list(GALLERY.values())),
    secret=secrets,
    another=secrets,
    lot=st.randoms(use_true_random=False),
    look=st.sampled_from([Look(), Look(language="en", elder=True)]),
)
def test_nothing_of_anybody_is_in_it_whatever_the_page(
    sample: Sample, secret: str, another: str, lot: Any, look: Look
) -> None:
    """A text anywhere in a page is somebody's: nothing of it goes up, and another's in its place changes nothing.

    But for how many characters stand in a field, which is told.
    """
    ways = [*leaves(sample.state)]
    some = lot.sample(ways, min(len(ways), 3))
    found: list[bytes] = []
    for text in (secret, another):
        state: PageState = sample.state
        try:
            for way in some:
                state = put(state, way, text)
            found.append(told(replace(sample, state=state), look, Typed()))
        except (LookupError, ValueError):
            # A code, not a text: the page cannot be made with it.
            return
    for text, snapshot in zip((secret, another), found, strict=True):
        # "fact-name" is a message's own name; put anywhere, it tells at most that it is one.
        assert text == "fact-name" or text.encode() not in snapshot
        assert re.search(rb"\d{4}", snapshot) is None
    if "fact-name" not in (secret, another):
        assert found[0] == found[1]


def test_every_page_of_the_gallery_fits_and_holds_no_number() -> None:
    for sample in GALLERY.values():
        snapshot = told(sample)
        assert len(snapshot) <= LIMIT / 4, sample.name
        assert re.search(rb"\d{4}|\d\.\d|[^\x00-\x7f]", snapshot) is None, sample.name
        assert Sight.model_validate_json(snapshot).page is not None


def test_every_part_of_every_page_was_thought_of() -> None:
    """A new kind of view, or a new part of one, is a gap until it stands in the table."""
    kinds = {each for each in vars(views).values() if dataclasses.is_dataclass(each) and isinstance(each, type)}
    around = {
        "PageView",
        "ChromeView",
        "PhaseView",
        "LiveView",
        "LookView",
        "ActionView",
        "KeypadView",
        "SyllableView",
    }
    assert {each.__name__ for each in kinds - {*FIELDS} - {*LEAVES}} == around
    assert all(name in {f.name for f in dataclasses.fields(kind)} for kind, names in FIELDS.items() for name in names)


def page_of(name: str, typed: Typed | None = None) -> SeenPage:
    sample = GALLERY[name]
    return sketch(Glass(sample.state, sample.chrome, sample.live, Look(), typed), KNOWN, SETTINGS)


def test_how_many_characters_are_typed_is_told_and_which_button_that_opens() -> None:
    page = page_of("form-phone", Typed(7, ready=False))
    assert page.field is not None and (page.field.name, page.field.characters, page.field.length) == ("phone", 7, 11)
    assert [(each.said[0].key, each.enabled) for each in page.actions if each.leads] == [("action-next", False)]
    assert [each.enabled for each in page_of("form-phone", Typed(11, ready=True)).actions if each.leads] == [True]
    fault = page_of("type-number-check-digit")
    assert fault.field is not None and fault.field.characters == 18
    assert [term.key for term in fault.error] == ["fault-number-check-digit"]


def test_what_is_told_of_a_page_is_what_a_helper_asks_for() -> None:
    page = page_of("finger-again")
    assert (page.page, page.service, page.step, page.steps, page.device) == (
        "FingerPage",
        "HZ02",
        1,
        4,
        "fingerprint",
    )
    assert page.blocks == (Block(kind=BlockKind.TEXT, said=(Term(key="finger-tries", numbers={"n": 2}),)),)
    assert page_of("more-time").more_time == 45
    assert page_of("face-hold").advice == (Term(key="advice-hold-still"),)
    back = sketch(
        Glass(WelcomeBack(START, (("back-paid", "20 元"),), "A1B2C3D4", reprint=False), Chrome(), Live(), Look()),
        KNOWN,
        SETTINGS,
    )
    assert Block(kind=BlockKind.TEXT, said=(Term(key="back-paid"),)) in back.blocks
    # What everybody reads is told in full.
    consent = sketch(Glass(ConsentPage("consent-face", "here"), Chrome(), Live(), Look()), KNOWN, SETTINGS)
    assert consent.blocks[0].more == (Term(key="consent-face", part="what"),)


def test_what_is_too_long_is_cut_and_says_so() -> None:
    much = Term(key="a" * 80, said={"b" * 80: (Term(key="c" * 80),) * 12})
    page = SeenPage(page="FormPage", blocks=(Block(kind=BlockKind.TEXT, said=(much,)),) * MOST_BLOCKS)
    cut = fitted(Sight(version=1, key="k", turn=0, page=page))
    assert len(bytes_of(cut)) <= LIMIT and cut.page is not None
    assert cut.page.left_out == MOST_BLOCKS - len(cut.page.blocks) > 0


class Shows(DarkStage):
    """A stage on which something is seen."""

    def __init__(self) -> None:
        super().__init__(Look())
        self.state: PageState = FormPage("form-apply", cast("FormPage", GALLERY["form-phone"].state).field, 0, 1)
        self.characters = 0

    def glass(self) -> Glass | None:
        chrome = Chrome("HZ01", Phase.DETAILS, (Phase.DETAILS,), 1)
        return Glass(self.state, chrome, Live(), Look(), Typed(self.characters))


@dataclass
class Line:
    """Headquarters, as far as it is asked; what it was told, and when."""

    clock: Clock
    state: str = "waiting"
    away: bool = False
    asked: int = 0
    sights: list[tuple[float, Sight]] = field(default_factory=list[tuple[float, Sight]])

    async def help_answer(self, ask: HelpAsk) -> HelpAnswer:
        self.asked += 1
        if self.away:
            raise Unreachable(Cause.REFUSED, Arrival.SURELY_NOT, "away")
        return HelpAnswer(number="H1", state=cast("Any", self.state))

    async def show(self, sight: Sight) -> SightReply:
        self.sights.append((self.clock.monotonic(), sight))
        return SightReply(state="closed" if self.state == "closed" else "open")


def overlooked(scene: Any) -> Line:
    """Play a scene with an officer far away; what went up."""

    async def whole() -> Line:
        clock = VirtualClock()
        stage, line = Shows(), Line(clock)

        async def nobody(page: str) -> None:
            del page

        pages = Pages(stage, clock, Watch(clock), Durations(), simulated=False, call_for_help=nobody)
        watched = Overlooked(line, pages, lambda glass: sketch(glass, KNOWN, SETTINGS), clock)
        task = asyncio.ensure_future(watched.run())
        pages.begin(None)
        await scene(stage, line, pages, watched)
        task.cancel()
        _ = await asyncio.wait({task})
        return line

    return run_virtual(whole(), START)


def test_without_a_call_nothing_goes_up() -> None:
    async def scene(stage: Shows, line: Line, pages: Pages, watched: Overlooked) -> None:
        del line, pages, watched
        for number in range(20):
            stage.characters = number
            await asyncio.sleep(5.0)

    line = overlooked(scene)
    assert (line.asked, line.sights) == (0, [])


def test_each_change_goes_up_at_most_once_a_second_and_a_page_that_stands_still_now_and_then() -> None:
    async def scene(stage: Shows, line: Line, pages: Pages, watched: Overlooked) -> None:
        del line, pages
        watched.called("help/1")
        for number in range(1, 11):
            stage.characters = number
            await asyncio.sleep(0.3)
        await asyncio.sleep(AGAIN_SECONDS + 5.0)

    line = overlooked(scene)
    at = [moment for moment, _ in line.sights]
    assert len(at) == 5 and all(later - sooner > 0.99 for sooner, later in itertools.pairwise(at))
    assert [sight.turn for _, sight in line.sights] == [0, 1, 2, 3, 4]
    last = line.sights[-1][1].page
    assert last is not None and last.field is not None and last.field.characters == 10


def test_a_call_that_is_closed_is_looked_at_no_more() -> None:
    async def scene(stage: Shows, line: Line, pages: Pages, watched: Overlooked) -> None:
        del pages
        watched.called("help/1")
        await asyncio.sleep(2.0)
        line.state = "closed"
        stage.characters = 5
        await asyncio.sleep(60.0)
        assert not watched.open

    assert len(overlooked(scene).sights) == 1


def test_the_next_citizen_is_not_looked_at_and_headquarters_forgets_the_one_before() -> None:
    async def scene(stage: Shows, line: Line, pages: Pages, watched: Overlooked) -> None:
        watched.called("help/1")
        await asyncio.sleep(2.0)
        pages.begin(None)
        stage.state = TypeNumber()
        await asyncio.sleep(60.0)
        assert not watched.open and line.sights[-1][1].page is None

    assert [sight.page is not None for _, sight in overlooked(scene).sights] == [True, False]


def test_without_a_line_nothing_goes_up_and_with_it_again_the_page_as_it_then_is() -> None:
    async def scene(stage: Shows, line: Line, pages: Pages, watched: Overlooked) -> None:
        del pages
        line.away = True
        watched.called("help/1")
        await asyncio.sleep(5.0)
        assert line.sights == []
        stage.characters, line.away = 3, False
        await asyncio.sleep(2.0)

    (one,) = overlooked(scene).sights
    assert one[1].page is not None and one[1].page.field is not None and one[1].page.field.characters == 3
