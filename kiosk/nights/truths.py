"""What must be true after every visit, whatever happened in it: documents, money, effects, privacy.

Each check returns what is wrong, in words without personal data; nothing means all is well.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kiosk.nights.night import Night
from kiosk.people.synthetic import SyntheticPerson
from kiosk.simulation.state import PlaceKind

_HELD = ("done", "in_doubt")


def untrue(night: Night, people: Iterable[SyntheticPerson] | None = None) -> list[str]:
    """Everything that is wrong now. The outbox must be empty, the terminal on and idle.

    `people` are those whose data are looked for on the terminal's disk; everybody of this world if not said.
    """
    wanted = night.world.scene.people.people if people is None else tuple(people)
    assert night.running is not None
    terminal = night.running.folder / "terminal"
    books = night.ledger()
    rows = _Rows(terminal / "terminal.db")
    try:
        return [
            *(f"an error was logged: {text}" for text in night.troubles.seen),
            *(f"a page had no way on: {page}" for page in night.dead_ends),
            *_effects(rows),
            *_documents(night, books, rows),
            *_passes(night, books, rows),
            *_dispensed(night, books, rows),
            *_money(books, rows),
            *_grants(night, books),
            *_privacy(wanted, terminal, night.settings.model_dump_json().encode()),
        ]
    finally:
        rows.close()


class _Rows:
    """The terminal's database, read beside it."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        self._connection.row_factory = sqlite3.Row

    def all(self, query: str) -> list[sqlite3.Row]:
        return self._connection.execute(query).fetchall()

    def close(self) -> None:
        self._connection.close()


def _effects(rows: _Rows) -> Iterable[str]:
    for row in rows.all("SELECT key, kind, state FROM effects WHERE state NOT IN ('done', 'failed', 'in_doubt')"):
        yield f"effect {row['kind']} {row['key']} is left {row['state']}"
    for row in rows.all("SELECT case_id, service FROM cases WHERE how = 'open'"):
        yield f"case {row['case_id']} of {row['service']} is still open"
    for row in rows.all("SELECT key, count(*) AS n FROM effects GROUP BY key HAVING n > 1"):
        yield f"effect {row['key']} is there {row['n']} times"
    doubtful = "SELECT case_id FROM effects WHERE state = 'in_doubt'"
    for row in rows.all(f"SELECT case_id, how FROM cases WHERE how = 'finished' AND case_id IN ({doubtful})"):
        yield f"case {row['case_id']} ended as if nothing in it were in doubt"


def _documents(night: Night, books: dict[str, Any], rows: _Rows) -> Iterable[str]:
    ids = Counter(d["id"] for d in books["documents"])
    yield from (f"headquarters has document {name} {count} times" for name, count in ids.items() if count > 1)
    scene = night.world.scene
    made = _made(night)
    for document in books["documents"]:
        place = document["place"]
        if document["id"] not in made:
            continue
        real = scene.place(document["id"])
        if place.startswith("cabinet:") and real.kind is not PlaceKind.COMPARTMENT:
            yield f"headquarters thinks {document['id']} is in the cabinet, and it is in {real.kind.value}"
    custody = {r["custody"]: r["place"] for r in rows.all("SELECT custody, place FROM custody")}
    for document in books["documents"]:
        held = custody.get(document["id"])
        if held is not None and held.startswith("compartment") != document["place"].startswith("custody:"):
            known = {"in-doubt": "in-doubt"}.get(held)
            if document["place"] != known and held not in ("never-received", "given-back", "expected"):
                yield f"{document['id']}: {held} on the terminal's books, {document['place']} at headquarters"
    for row in rows.all("SELECT custody, place FROM custody WHERE place = 'expected'"):
        yield f"{row['custody']} is still expected though nobody is there"


def _passes(night: Night, books: dict[str, Any], rows: _Rows) -> Iterable[str]:
    """Every pass that was drawn in is in its owner's hand, in the bin, or named as in doubt; and was written once."""
    inside = night.world.scene.passes.maker.inside
    places = Counter(r["place"] for r in rows.all("SELECT place FROM custody WHERE document = 'travel-pass'"))
    if inside.item is not None and not places["in-doubt"]:
        yield "a pass stands in the endorsement writer though nobody is there"
    if places["endorsement-writer"]:
        yield "a pass is said to be in the endorsement writer though nobody is there"
    if len(inside.bin) != places["endorsement-bin"] and not places["in-doubt"]:
        yield f"the writer's bin holds {len(inside.bin)} passes, the books say {places['endorsement-bin']}"
    written = Counter(g["item"] for g in books["grants"] if g["kind"] == "endorse" and g["state"] == "used")
    yield from (f"request {item} was written {count} times" for item, count in written.items() if count > 1)
    grants = sum(1 for g in books["grants"] if g["kind"] == "endorse")
    if 200 - inside.prints_left > 2 * grants:
        yield f"the writer wiped and wrote {200 - inside.prints_left} times on {grants} grants"


def _dispensed(night: Night, books: dict[str, Any], rows: _Rows) -> Iterable[str]:
    """What left its position is in its owner's hand, in the bin, or named as in doubt; and left it on a grant."""
    machine = night.world.scene.dispenser
    doubtful = {d["id"] for d in books["documents"] if d["place"] == "in-doubt"}
    retained = {d["id"] for d in books["documents"] if d["place"] == "retained"}
    named = {r["custody"] for r in rows.all("SELECT custody FROM custody WHERE place = 'in-doubt'")}
    if machine.inside.item is not None and not doubtful:
        yield "a document stands in the dispenser though nobody is there"
    if len(machine.inside.bin) > len(retained) + len(doubtful):
        yield f"the dispenser's bin holds {len(machine.inside.bin)} documents, the books know {len(retained)}"
    for item in retained:
        if night.world.scene.place(item).kind is not PlaceKind.BIN:
            yield f"{item} is retained by the books and lies in {night.world.scene.place(item).kind.value}"
    granted = {g["item"] for g in books["grants"] if g["kind"] == "hand-over"}
    for item in machine.inside.hands:
        if item.document not in granted:
            yield f"{item.document} was handed out without a grant"
        elif not any(d["id"] == item.document and d["place"] in ("citizen", "in-doubt") for d in books["documents"]):
            yield f"{item.document} was handed out, and headquarters does not know"
    if missing := doubtful & {r["custody"] for r in rows.all("SELECT custody FROM custody")} - named:
        yield f"{len(missing)} documents are in doubt at headquarters and not on the terminal's books"


def _made(night: Night) -> set[str]:
    """Finished cards, passports and passes of this world."""
    cards = {p.new_card.record.item for p in night.world.scene.people.people if p.new_card is not None}
    return cards | night.world.scene.travel_documents


def _money(books: dict[str, Any], rows: _Rows) -> Iterable[str]:
    doubtful = {r["case_id"] for r in rows.all("SELECT case_id FROM cases WHERE how IN ('in-doubt', 'stopped')")}
    bills: Counter[tuple[str, str]] = Counter()
    for payment in books["payments"]:
        taken, back = payment["taken_fen"], payment["refunded_fen"]
        order = payment["order"]
        if back > taken:
            yield f"order {order}: more was given back than taken"
        if payment["state"] == "captured":
            bills[(payment["bill"], payment["used_by"] or payment["visit"])] += 1
            if taken != payment["fen"]:
                yield f"order {order} counts as captured without the money"
            if not payment["used_by"] and payment["visit"] not in doubtful:
                yield f"order {order}: the money was kept, and nothing came of it"
        elif taken and back != taken:
            yield f"order {order} is {payment['state']}, and the money was not given back"
    yield from (f"bill {bill} was captured {count} times" for (bill, _), count in bills.items() if count > 1)


def _grants(night: Night, books: dict[str, Any]) -> Iterable[str]:
    granted = Counter(f"{g['board']}:{g['compartment']}" for g in books["grants"])
    for place, pulses in night.world.scene.state.pulses.items():
        if pulses > granted[place]:
            yield f"lock {place} was opened {pulses} times on {granted[place]} grants"


_NUMBERS = re.compile(rb"[0-9]{11,}X?")


def _privacy(people: Iterable[SyntheticPerson], folder: Path, public: bytes) -> Iterable[str]:
    """Nothing of anybody lies readable in the terminal's folder."""
    secrets = [
        (person.index, what, secret, _NUMBERS.fullmatch(secret) is not None)
        for person in people
        for what, text in (("number", person.number), ("name", person.card.name), ("telephone", person.phone))
        for secret in (text.encode(),)
        # 于建 stands in 关于建立: a name that public texts hold anyway tells nothing.
        if secret not in public
    ]
    for file in sorted(folder.rglob("*")):
        if not file.is_file():
            continue
        data = file.read_bytes()
        # Most secrets are long numbers, and most files hold few of those.
        numbers = b" ".join(_NUMBERS.findall(data))
        for index, what, secret, is_number in secrets:
            if secret in (numbers if is_number else data):
                yield f"{file.name} holds the {what} of person {index}"
