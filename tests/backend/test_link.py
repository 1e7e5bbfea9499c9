"""Online or offline, since when, and whose clock is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.backend.direct import DirectExchange, Weather
from kiosk.backend.exchange import Arrival, Cause, Exchange, Reply, Unreachable
from kiosk.backend.headquarters import Headquarters
from kiosk.backend.link import Finished, Link, LinkAlarm, LinkState, LinkWatch, WatchedExchange
from kiosk.protocol.messages import Heartbeat, HeartbeatReply, Problem
from tests.backend.world import NOON, LoopClock, run_virtually

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()


@dataclass
class Station:
    """A line whose weather and clock the test changes; notes when heartbeats came and what the watch said."""

    ahead: float = 0.0
    weather: Weather = Weather.FAIR
    failure: Unreachable | None = None
    status: int = 200
    beats: list[float] = field(default_factory=list[float])
    told: list[Link] = field(default_factory=list[Link])

    def handle(self, _terminal: str, _method: str, _path: str, _body: bytes) -> tuple[int, bytes]:
        now = asyncio.get_running_loop().time()
        self.beats.append(round(now, 1))
        if self.status != 200:
            return self.status, Problem(code="unknown-terminal", detail="").model_dump_json().encode()
        at = (NOON + timedelta(seconds=now)).astimezone(UTC)
        reply = HeartbeatReply(at=at, terminal="t1", site="s", duty_telephone="0472-110")
        return 200, reply.model_dump_json().encode()

    async def exchange(self, method: str, path: str, body: bytes, *, content_type: str, seconds: float) -> Reply:
        if self.failure is not None:
            raise self.failure
        direct = DirectExchange(self.handle, "t1", LoopClock(), lambda _m, _p: self.weather)
        return await direct.exchange(method, path, body, content_type=content_type, seconds=seconds)

    def watch(self) -> LinkWatch:
        clock = LoopClock(self.ahead)
        exchange: Exchange = self

        async def report() -> Heartbeat:
            return Heartbeat(
                at=clock.now(),
                version="0",
                settings_version="0",
                devices=(),
                services_open=(),
                outbox_waiting=0,
                audit_rows=0,
                audit_head="",
            )

        headquarters = Headquarters(exchange, terminal="t1", grant_key=KEY, clock=clock)
        return LinkWatch(headquarters, clock, report, self.told.append)


def once(station: Station) -> Link:
    async def main() -> Link:
        return await station.watch().beat()

    return run_virtually(main())


def run(station: Station, *acts: tuple[float, Callable[[LinkWatch], None]]) -> None:
    async def main() -> None:
        watch = station.watch()
        task = asyncio.create_task(watch.run())
        for seconds, act in acts:
            await asyncio.sleep(seconds)
            act(watch)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    run_virtually(main())


def nothing(_watch: LinkWatch) -> None:
    return None


def test_before_the_first_answer_the_line_is_being_checked() -> None:
    async def main() -> Link:
        return Station().watch().link

    assert run_virtually(main()).state is LinkState.CHECKING


def test_an_answer_is_online_and_shows_both_clocks() -> None:
    link = once(Station())
    assert (link.state, link.alarms) == (LinkState.ONLINE, frozenset())
    assert link.skew_seconds == pytest.approx(0.0, abs=0.05)
    assert link.reply is not None


@pytest.mark.parametrize(("ahead", "wrong"), [(29.0, False), (31.0, True), (-31.0, True), (-29.0, False)])
def test_a_clock_beyond_the_limit_is_an_alarm(ahead: float, wrong: bool) -> None:
    link = once(Station(ahead=ahead))
    assert (LinkAlarm.WRONG_CLOCK in link.alarms) is wrong
    assert link.skew_seconds == pytest.approx(ahead, abs=0.05)


def test_it_beats_every_half_minute() -> None:
    station = Station()
    run(station, (100.0, nothing))
    assert station.beats == pytest.approx([0.0, 30.0, 60.1, 90.1], abs=0.2)


def test_a_change_is_told_at_once_but_not_in_a_flood() -> None:
    station = Station()
    run(station, (5.0, LinkWatch.beat_now), (0.1, LinkWatch.beat_now), (0.1, LinkWatch.beat_now), (3.0, nothing))
    assert station.beats == pytest.approx([0.0, 5.0, 6.0], abs=0.1)


def test_offline_is_tried_sooner_and_since_is_when_it_began() -> None:
    station = Station(weather=Weather.DOWN)

    def mend(_watch: LinkWatch) -> None:
        station.weather = Weather.FAIR

    run(station, (25.0, mend), (10.0, nothing))
    states = [(link.state, (link.since - NOON).total_seconds()) for link in station.told]
    assert [state for state, _ in states] == [LinkState.OFFLINE] * 3 + [LinkState.ONLINE]
    assert {since for state, since in states if state is LinkState.OFFLINE} == {states[0][1]}
    assert station.told[0].cause is Cause.REFUSED
    assert station.told[-1].cause is None
    assert states[-1][1] == pytest.approx(30.1, abs=0.2)


@pytest.mark.parametrize(
    ("cause", "alarms"),
    [
        (Cause.CERTIFICATE_NOT_YET_VALID, {LinkAlarm.WRONG_CLOCK}),
        (Cause.CERTIFICATE_EXPIRED, {LinkAlarm.WRONG_CLOCK, LinkAlarm.CERTIFICATE}),
        (Cause.TLS, {LinkAlarm.CERTIFICATE}),
        (Cause.CREDENTIALS, {LinkAlarm.CERTIFICATE}),
        (Cause.CUT, set[LinkAlarm]()),
    ],
)
def test_a_certificate_out_of_its_time_names_the_clock(cause: Cause, alarms: set[LinkAlarm]) -> None:
    link = once(Station(failure=Unreachable(cause, Arrival.SURELY_NOT)))
    assert (link.state, link.cause, link.alarms) == (LinkState.OFFLINE, cause, alarms)


def test_an_alarm_goes_when_headquarters_answers_again() -> None:
    station = Station(failure=Unreachable(Cause.TLS, Arrival.SURELY_NOT))

    async def main() -> Link:
        watch = station.watch()
        assert (await watch.beat()).alarms
        station.failure = None
        return await watch.beat()

    assert run_virtually(main()).alarms == frozenset()


def test_a_terminal_that_is_not_let_in_is_offline_and_says_so() -> None:
    link = once(Station(status=403))
    assert (link.state, link.alarms) == (LinkState.OFFLINE, {LinkAlarm.NOT_LET_IN})


class Notes:
    def __init__(self) -> None:
        self.taken: list[Finished] = []

    def finished(self, request: Finished) -> None:
        self.taken.append(request)


def test_every_request_is_measured() -> None:
    async def main() -> list[Finished]:
        station, notes = Station(), Notes()
        exchange = WatchedExchange(station, LoopClock(), notes)
        await exchange.exchange("POST", "/v1/heartbeats", b"", content_type="", seconds=5)
        station.weather = Weather.SILENT
        with pytest.raises(Unreachable):
            await exchange.exchange("GET", "/v1/orders/1", b"", content_type="", seconds=5)
        return notes.taken

    first, second = run_virtually(main())
    assert (first.method, first.answered, first.seconds) == ("POST", True, pytest.approx(0.02))
    assert (second.method, second.answered, second.seconds) == ("GET", False, pytest.approx(5.0))
