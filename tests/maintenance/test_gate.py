"""Who may come in: card and PIN against verifiers, codes by telephone, tries that count across power cuts."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import pytest

from kiosk.counter.technician.gate import Answer, Entry, Gate, GateRules, Verdict
from kiosk.people.id_card import CardKind, IdCard
from kiosk.people.id_number import Sex
from kiosk.people.staff import PIN_DIGITS, Role, poor_pin
from kiosk.protocol.staff import Cost, PoorPin, card_mark, response, verifier, verifies, weaker
from kiosk.times import BEIJING, InlineWorker, SeededIds, VirtualClock
from kiosk.virtual import run_virtual

PEPPER = b"p" * 32
CHEAP = Cost(passes=1, memory_kib=8, lanes=1)
PIN = "70418362"
NUMBER = "11010519491231002X"
SECRET = b"s" * 32
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=BEIJING)
DAY = date(2026, 11, 23)


def card(number: str = NUMBER, valid_to: date | None = None) -> IdCard:
    return IdCard(
        CardKind.RESIDENT, "示例", Sex.FEMALE, "01", date(1949, 12, 31), "", number, "", date(2020, 1, 1), valid_to
    )


def entry(number: str = "004170", role: Role = Role.TECHNICIAN, holder: str = NUMBER, pin: str = PIN) -> Entry:
    mark = card_mark(PEPPER, holder)
    return Entry(
        number, role, mark, verifier(pin, mark, PEPPER, b"0" * 16, CHEAP), date(2026, 1, 1), date(2026, 12, 31)
    )


@dataclass
class Book:
    """Tries on a disk that outlives the terminal."""

    kept: dict[str, int] = field(default_factory=dict[str, int])

    async def tries(self, slot: str) -> int:
        return self.kept.get(slot, 0)

    async def count_try(self, slot: str) -> int:
        self.kept[slot] = self.kept.get(slot, 0) + 1
        return self.kept[slot]

    async def forgive(self, slot: str) -> None:
        self.kept.pop(slot, None)


@dataclass
class Trail:
    """The audit chain."""

    rows: list[tuple[str, dict[str, str]]] = field(default_factory=list[tuple[str, dict[str, str]]])

    async def write(self, event: str, case: str, details: Mapping[str, str]) -> None:
        assert case == ""
        self.rows.append((event, dict(details)))


def gate(book: Book, trail: Trail | None = None, entries: tuple[Entry, ...] = (), least: Cost = CHEAP) -> Gate:
    clock = VirtualClock()
    rules = GateRules(entries or (entry(),), least, 5, 15.0, 15, SECRET)
    return Gate(rules, PEPPER, book, trail or Trail(), clock, SeededIds(1, clock), InlineWorker(), "KDL-001")


async def tried(one: Gate, pin: str, number: str = NUMBER) -> Answer:
    return await one.pin(one.candidate(card(number)), pin)


def test_the_right_card_and_pin_come_in_and_are_written_down_without_either() -> None:
    trail = Trail()

    async def main() -> Answer:
        return await tried(gate(Book(), trail), PIN)

    answer = run_virtual(main(), NOW)
    assert answer.staff is not None
    assert (answer.verdict, answer.staff.number, answer.staff.role) == (Verdict.RIGHT, "004170", Role.TECHNICIAN)
    assert trail.rows == [("staff-try", {"who": "004170", "way": "card", "outcome": "right", "tries": "0"})]
    assert PIN not in str(trail.rows) and NUMBER not in str(trail.rows)


@pytest.mark.parametrize(
    ("given", "pin", "holder"),
    [
        (card(), "70418363", NUMBER),
        (card("110105194912310038"), PIN, NUMBER),
        (card(valid_to=date(2026, 11, 22)), PIN, NUMBER),
    ],
    ids=["another PIN", "another card", "a card past its date"],
)
def test_everything_else_does_not(given: IdCard, pin: str, holder: str) -> None:
    async def main() -> Answer:
        one = gate(Book(), entries=(entry(holder=holder),))
        return await one.pin(one.candidate(given), pin)

    answer = run_virtual(main(), NOW)
    assert (answer.verdict, answer.staff) == (Verdict.WRONG, None)


@pytest.mark.parametrize("days", [{"since": date(2026, 11, 24)}, {"until": date(2026, 11, 22)}])
def test_an_entry_holds_from_its_first_day_to_its_last(days: dict[str, date]) -> None:
    async def main() -> Verdict:
        return (await tried(gate(Book(), entries=(replace(entry(), **days),)), PIN)).verdict

    assert run_virtual(main(), NOW) is Verdict.WRONG


def test_a_verifier_that_is_too_cheap_opens_nothing() -> None:
    async def main() -> Verdict:
        return (await tried(gate(Book(), least=Cost(passes=2, memory_kib=8, lanes=1)), PIN)).verdict

    assert run_virtual(main(), NOW) is Verdict.WRONG


def test_from_the_fifth_wrong_try_on_one_waits_twice_as_long_each_time_and_the_fifteenth_is_the_last() -> None:
    async def main() -> tuple[list[float], Verdict, Verdict]:
        one, waits = gate(Book()), list[float]()
        for _ in range(14):
            answer = await tried(one, "00000000")
            waits.append(answer.wait)
            await asyncio.sleep(answer.wait)
        last = (await tried(one, "00000000")).verdict
        await asyncio.sleep(10.0**6)
        return waits, last, (await tried(one, PIN)).verdict

    waits, last, after = run_virtual(main(), NOW)
    assert waits == [0.0] * 4 + [15.0 * 2**n for n in range(10)]
    assert (last, after) == (Verdict.CLOSED, Verdict.CLOSED)


def test_who_does_not_wait_is_not_even_looked_at() -> None:
    async def main() -> tuple[Verdict, float, Verdict]:
        one = gate(Book())
        for _ in range(5):
            _ = await tried(one, "00000000")
        await asyncio.sleep(10.0)
        early = await tried(one, PIN)
        await asyncio.sleep(5.0)
        return early.verdict, early.wait, (await tried(one, PIN)).verdict

    assert run_virtual(main(), NOW) == (Verdict.WAIT, 5.0, Verdict.RIGHT)


def test_a_power_cut_gives_no_try_back_and_shortens_no_pause() -> None:
    book = Book()

    async def before() -> None:
        one = gate(book)
        for _ in range(5):
            _ = await tried(one, "00000000")

    async def after() -> tuple[Answer, Verdict]:
        one = gate(book)
        early = await tried(one, PIN)
        await asyncio.sleep(15.0)
        return early, (await tried(one, PIN)).verdict

    run_virtual(before(), NOW)
    early, later = run_virtual(after(), NOW)
    assert (early.verdict, early.wait, later) == (Verdict.WAIT, 15.0, Verdict.RIGHT)


def test_a_new_verifier_lets_somebody_in_again_and_so_does_the_stations_security() -> None:
    book = Book()
    guard = entry("004180", Role.SECURITY, "110105194912310038", "80527493")

    async def wrong() -> None:
        one = gate(book, entries=(entry(), guard))
        for _ in range(15):
            await asyncio.sleep((await tried(one, "00000000")).wait)

    async def renewed() -> Verdict:
        return (await tried(gate(book, entries=(entry(pin="58203917"), guard)), "58203917")).verdict

    async def by_security() -> tuple[Verdict, Verdict, Verdict]:
        one = gate(book, entries=(entry(), guard))
        closed = (await tried(one, PIN)).verdict
        let_in = (await tried(one, "80527493", "110105194912310038")).verdict
        return closed, let_in, (await tried(one, PIN)).verdict

    run_virtual(wrong(), NOW)
    assert run_virtual(renewed(), NOW) is Verdict.RIGHT
    assert run_virtual(by_security(), NOW) == (Verdict.CLOSED, Verdict.RIGHT, Verdict.RIGHT)


def test_a_code_by_telephone_is_good_for_its_challenge_terminal_and_person_only() -> None:
    async def main() -> list[Verdict]:
        one = gate(Book(), entries=(entry(), entry("004171", holder="110105194912310038")))
        asked = one.ask()
        codes = (
            response(SECRET, "KDL-002", asked, "004170"),
            response(SECRET, "KDL-001", asked, "004171"),
            response(b"x" * 32, "KDL-001", asked, "004170"),
            response(SECRET, "KDL-001", asked, "004170"),
        )
        return [(await one.code(asked, "004170", code)).verdict for code in codes]

    assert run_virtual(main(), NOW) == [Verdict.WRONG] * 3 + [Verdict.RIGHT]


def test_ten_thousand_random_tries_let_nobody_in() -> None:
    """As fast as the gate lets one: cards that are known and not, PINs and codes, with all the time in the world."""
    rng = random.Random(20261123)
    entries = tuple(entry(f"00417{n}", holder=f"1101051949123100{n}X", pin=f"7041836{n}") for n in range(3))

    def digits() -> str:
        while (pin := f"{rng.randrange(10**PIN_DIGITS):0{PIN_DIGITS}d}") in {"70418360", "70418361", "70418362"}:
            continue
        return pin

    async def main() -> list[Verdict]:
        one, seen = gate(Book(), entries=entries), list[Verdict]()
        for _ in range(10_000):
            if rng.random() < 0.2:
                answer = await one.code(one.ask(), rng.choice(entries).number, digits())
            else:
                answer = await tried(one, digits(), f"1101051949123100{rng.randrange(5)}X")
            seen.append(answer.verdict)
            await asyncio.sleep(answer.wait)
        return seen

    seen = run_virtual(main(), NOW)
    assert len(seen) == 10_000
    assert Verdict.RIGHT not in seen
    # Three people, strangers and the telephone: fifteen tries each, and then never again.
    assert seen.count(Verdict.WRONG) + seen.count(Verdict.CLOSED) == 10_000
    assert seen.count(Verdict.WRONG) == 5 * 14


def test_real_cost_is_the_second_recommendation_of_rfc_9106_and_takes_real_memory() -> None:
    mark = card_mark(PEPPER, NUMBER)
    kept = verifier(PIN, mark, PEPPER, b"0" * 16, Cost())
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not weaker(kept, Cost())
    assert verifies(kept, PIN, mark, PEPPER)
    assert not verifies(kept, PIN, mark, b"q" * 32)


@pytest.mark.parametrize(
    "pin", ["00000000", "12345678", "98765432", "12121212", "12341234", "12344321", "19850412", "1234567", "abcdefgh"]
)
def test_pins_that_people_try_first_are_refused(pin: str) -> None:
    assert poor_pin(pin)
    with pytest.raises(PoorPin):
        verifier(pin, card_mark(PEPPER, NUMBER), PEPPER, b"0" * 16, CHEAP)
