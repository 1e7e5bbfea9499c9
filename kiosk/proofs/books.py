"""What must hold once the dead are recovered: the terminal's books, headquarters' books and the world agree.

Every check returns sentences, none of them with anything personal; no sentence means that it holds.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from central.database import open_database, sqlite_url, transaction
from central.ledger import ledger as headquarters_ledger
from kiosk.commands.simulated import TERMINAL, Sandbox

_LAID_OPEN = ("done", "in_doubt")
STANDING = "模拟 不作凭证"
NOT_DONE = frozenset({"办不成事反映凭条", "Not done today"})
"""What a simulated paper says it is worth, once at its beginning and once at its end, in every language."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One row of the terminal's books."""

    case: str
    key: str
    kind: str
    state: str
    stages: tuple[str, ...]
    paper: str
    found_open: bool


@dataclass(frozen=True, slots=True)
class Books:
    """The three of them in one moment, the terminal being off."""

    effects: tuple[Effect, ...]
    open_cases: int
    outbox: tuple[str, ...]
    ledger: dict[str, Any]
    held: dict[str, str]
    """The compartment that each card in the cabinet really lies in."""
    world: dict[str, Any]
    files: Path


def read(sandbox: Sandbox) -> Books:
    """Read all. Raises sqlite3.Error, OSError, WorldGone."""
    return of(sandbox.state / "terminal", headquarters(sandbox.state), sandbox.world.call("state"))


def of(terminal: Path, ledger: dict[str, Any], world: dict[str, Any]) -> Books:
    """The terminal's folder, headquarters' ledger and the world's state, put beside each other."""
    effects, open_cases, outbox = _terminal(terminal / "terminal.db")
    held = {
        card: f"{compartment['board']}:{compartment['compartment']}"
        for compartment in world["compartments"]
        for card in compartment["contents"]
    }
    return Books(effects, open_cases, outbox, ledger, held, world, terminal)


def headquarters(state: Path) -> dict[str, Any]:
    """Its ledger, as `central ledger` prints it."""
    engine = open_database(sqlite_url(state / "central" / "central.sqlite3"))
    try:
        with transaction(engine) as db:
            return headquarters_ledger(db)
    finally:
        engine.dispose()


def terminal_effects(file: Path) -> tuple[Effect, ...]:
    """Every effect on the terminal's books, in the order they were begun."""
    return _terminal(file)[0]


def _terminal(file: Path) -> tuple[tuple[Effect, ...], int, tuple[str, ...]]:
    if not file.exists():
        return (), 0, ()
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        stages: dict[str, list[str]] = {}
        for key, name in db.execute("SELECT key, name FROM stages ORDER BY row"):
            stages.setdefault(str(key), []).append(str(name))
        effects = tuple(
            Effect(
                case,
                key,
                kind,
                state,
                tuple(stages.get(key, ())),
                str(json.loads(before).get("device", "")),
                json.loads(found).get("door") == "open",
            )
            for case, key, kind, state, before, found in db.execute(
                "SELECT case_id, key, kind, state, before, found FROM effects ORDER BY row"
            )
        )
        (open_cases,) = db.execute("SELECT count(*) FROM cases WHERE how = 'open'").fetchone()
        outbox = tuple(str(row[0]) for row in db.execute("SELECT state FROM outbox"))
    return effects, int(open_cases), outbox


def violations(books: Books) -> list[str]:
    """Everything that does not hold."""
    return [*_effects(books), *_documents(books), *_money(books), *_pulses(books), *_papers(books)]


def _effects(books: Books) -> Iterator[str]:
    for effect in books.effects:
        if effect.state not in ("done", "failed", "in_doubt"):
            yield f"effect {effect.kind} is left {effect.state}"
    for state in sorted({*books.outbox} & {"unreadable"}):
        yield f"a message is {state}"


def _documents(books: Books) -> Iterator[str]:
    documents = books.ledger["documents"]
    for name, count in Counter(d["id"] for d in documents).items():
        if count > 1:
            yield f"document {name} is on the books {count} times"
    for place, count in Counter(d["place"] for d in documents).items():
        if count > 1 and place.startswith(("cabinet:", "custody:")):
            yield f"{count} documents are said to lie in {place}"
    held = books.held
    doubtful = {d["id"] for d in documents if d["place"].startswith("in-doubt")}
    for document in documents:
        yield from _document(document, held)
    known = {d["place"].partition(f"{TERMINAL}:")[2] for d in documents}
    for card, place in held.items():
        if place not in known and card not in doubtful and not _doubt_about(books, place):
            yield f"{_sort(card)} lies in {place}, and no book says so"


def _document(document: dict[str, Any], held: dict[str, str]) -> Iterator[str]:
    place, card = document["place"], document["id"]
    if document["kind"] == "new-card":
        if place == "citizen" and card in held:
            yield f"a new card is the citizen's by the books and lies in {held[card]}"
        if place.startswith(f"cabinet:{TERMINAL}:") and held.get(card) != place.removeprefix(f"cabinet:{TERMINAL}:"):
            yield f"a new card is in {place} by the books and lies in {held.get(card, 'no compartment')}"
    elif place.startswith(f"custody:{TERMINAL}:"):
        where = place.removeprefix(f"custody:{TERMINAL}:")
        if not any(c.startswith("own-") and at == where for c, at in held.items()):
            yield f"an old card is in {place} by the books and does not lie there"


def _doubt_about(books: Books, place: str) -> bool:
    """Whether headquarters was told that nobody knows what is behind this door."""
    return any(
        f"{g['board']}:{g['compartment']}" == place and g["state"] == "uncertain" for g in books.ledger["grants"]
    )


def _sort(card: str) -> str:
    return "an old card" if card.startswith("own-") else "a new card"


def _money(books: Books) -> Iterator[str]:
    payments = books.ledger["payments"]
    kept = [p for p in payments if p["taken_fen"] and p["taken_fen"] != p["refunded_fen"]]
    for bill, count in Counter(_debt(p) for p in kept).items():
        if count > 1:
            yield f"a bill ({bill.partition(':')[0]}) was paid {count} times"
    doubtful = {e.case for e in books.effects if e.state == "in_doubt" and e.kind in ("pay", "submit")}
    for payment in payments:
        if payment["refunded_fen"] > payment["taken_fen"]:
            yield "more was given back than taken"
    for payment in kept:
        if not payment["used_by"] and payment["visit"] not in doubtful:
            yield f"{payment['fen']} fen were taken for nothing"
    taken = sum(1 for p in books.world["payments"] if p["outcome"] == "confirm")
    if sum(1 for p in payments if p["taken_fen"]) > taken:
        yield "more payments were captured than confirmed by a telephone"


def _debt(payment: dict[str, Any]) -> str:
    """A fine is one debt; a fee is everybody's, and a debt of each visit."""
    bill = str(payment["bill"])
    return bill if bill.startswith("fine:") else f"{bill} {payment['visit']}"


def _pulses(books: Books) -> Iterator[str]:
    granted = Counter(f"{g['board']}:{g['compartment']}" for g in books.ledger["grants"])
    opened = Counter(
        f"{g['board']}:{g['compartment']}"
        for g in books.ledger["grants"]
        if any(e.key == g["key"] and "opening" in e.stages for e in books.effects)
    )
    for compartment in books.world["compartments"]:
        place = f"{compartment['board']}:{compartment['compartment']}"
        if compartment["pulses"] > granted[place]:
            yield f"compartment {place} was opened {compartment['pulses']} times with {granted[place]} grants"
        if compartment["pulses"] > opened[place]:
            yield f"compartment {place} was opened {compartment['pulses']} times, the books begin {opened[place]}"


def _papers(books: Books) -> Iterator[str]:
    papers = books.world["papers"]
    for name, count in Counter(p["name"] for p in papers if p["device"] == "page-printer" and p["name"]).items():
        if count > 1:
            yield f"a page was printed {count} times for one effect ({name.rpartition('/')[0][-20:]})"
    slips = [
        _standings(p["text"]) for p in papers if p["device"] == "receipt-printer" and not _says_not_done(p["text"])
    ]
    if any(count > 2 for count in slips):
        yield "two slips came out on one piece of paper"
    whole = {
        "receipt-printer": sum(1 for count in slips if count == 2),
        "page-printer": sum(1 for p in papers if p["device"] == "page-printer"),
    }
    for device, out in whole.items():
        prints = [e for e in books.effects if e.kind == "print" and e.paper == device]
        sure = sum(1 for e in prints if e.state == "done")
        perhaps = sum(1 for e in prints if e.state in _LAID_OPEN)
        if not sure <= out <= perhaps:
            yield f"{out} whole papers came out of the {device}; the books say {sure} to {perhaps}"


def _says_not_done(text: str) -> bool:
    """The slip for whoever could not be helped: no effect, and so on no books."""
    return any(line.strip() in NOT_DONE for line in text.splitlines())


def _standings(text: str) -> int:
    """Two for a whole slip; a piece that was cut off behind a kill has fewer."""
    return sum(1 for line in text.splitlines() if line.strip() == STANDING)


def personal(books: Books, secrets: Sequence[str]) -> list[str]:
    """Traces of people in the terminal's folder, in clear: which file."""
    found: list[str] = []
    for file in sorted(books.files.rglob("*")):
        if any(secret in file.name for secret in secrets):
            found.append("a file's name is personal")
        if not file.is_file():
            continue
        data = file.read_bytes()
        if any(secret.encode() in data for secret in secrets):
            found.append(f"{file.name} holds something personal in clear")
    return found
