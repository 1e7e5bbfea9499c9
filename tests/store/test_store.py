"""What the store promises, each promise by itself."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from kiosk.protocol.messages import Filing, FilingReply
from kiosk.store.audit import catalogue
from kiosk.store.failures import BlobGone, DiskFull, LockedElsewhere, StoreFailure, StoreUnreadable, UnknownEvent
from kiosk.store.keys import Keys
from kiosk.store.letters import WrittenLetter
from kiosk.store.opening import Damage, Store, open_store
from kiosk.store.schema import metadata
from kiosk.times import InlineWorker, SeededIds, SystemClock, SystemIds, ThreadWorker, VirtualClock
from kiosk.virtual import run_virtual
from tests.store.places import NUMBER, START, begin, books, everything_in, finish, with_books

FAR = START + timedelta(days=1)

T = TypeVar("T")
PORTRAIT = b"\xff\xd8 a portrait that must not be found \xff\xd9"


def letter(key: str, blobs: tuple[str, ...] = (), body: str = '{"of": "Wang Fang"}') -> WrittenLetter:
    return WrittenLetter(key, "/v1/filings", body, blobs)


ACCEPTED = FilingReply(status="accepted", number="HQ-1").model_dump_json()
REFUSED = FilingReply(status="refused").model_dump_json()


# -- cases and effects -------------------------------------------------------------------------------------------


def test_a_case_comes_back_after_a_restart_as_it_was_written(tmp_path: Path) -> None:
    async def first(store: Store) -> None:
        assert await begin(store) == "started"
        await store.book.stage_effect(key="C1/file/1", name="sent", evidence={"bytes": "9"}, certainty="sensed")

    async def second(store: Store) -> None:
        (case,) = await store.book.open_cases()
        assert (case.case, case.service, case.lines) == ("C1", "HZ01", ("line 0 Wang Fang", "line 1"))
        (effect,) = case.effects
        assert (effect.key, effect.state, effect.evidence, effect.stages) == (
            "C1/file/1",
            "started",
            {"counter": "7"},
            ("sent",),
        )
        assert await store.book.begin_recovery("C1") == 1
        assert await store.book.begin_recovery("C1") == 2

    with_books(tmp_path, first)
    with_books(tmp_path, second, seed=2)


def test_a_key_that_is_known_starts_nothing_again(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        assert await begin(store) == "started"
        store.blobs.keep(PORTRAIT, "image/jpeg")
        assert await begin(store) == "known"
        assert await begin(store, digest="other") == "other-digest"
        (case,) = await store.book.open_cases()
        assert len(case.lines) == 2

    with_books(tmp_path, act)
    assert list((tmp_path / "blobs").iterdir()) == []


def test_nothing_personal_can_be_read_on_disk_while_a_case_is_open_nor_after_it(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        portrait = store.blobs.keep(PORTRAIT, "image/jpeg")
        await begin(store, outbox=letter("C1/file/1", (portrait.sha256,)))
        assert_nothing_personal(tmp_path)
        assert await store.outbox.blob(portrait.sha256) == PORTRAIT
        await finish(store, lines=("line 2 Wang Fang",))
        await store.outbox.mark_sent("C1/file/1", ACCEPTED)
        await store.book.close_case(case="C1", how="finished", outbox=())
        store.book.forget_case("C1")
        with pytest.raises(BlobGone):
            await store.outbox.blob(portrait.sha256)
        with pytest.raises(BlobGone):
            store.blobs.read(portrait.sha256)

    with_books(tmp_path, act)
    assert_nothing_personal(tmp_path)
    with sqlite3.connect(tmp_path / "terminal.db") as left:
        assert left.execute("SELECT count(*) FROM transcript").fetchone() == (0,)
        assert left.execute("SELECT key FROM cases").fetchone() == (None,)
        assert left.execute("SELECT wrapped, sealed FROM outbox").fetchone() == (None, b"")
    assert list((tmp_path / "blobs").iterdir()) == []


def assert_nothing_personal(directory: Path) -> None:
    found = everything_in(directory)
    assert b"Wang Fang" not in found
    assert PORTRAIT not in found
    assert NUMBER.encode() not in found


def test_the_log_is_empty_after_closing_so_that_ciphertext_is_gone_too(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        await begin(store)
        (sealed,) = sqlite3.connect(tmp_path / "terminal.db").execute("SELECT sealed FROM transcript").fetchone()
        assert sealed in everything_in(tmp_path)
        await finish(store)
        await store.book.close_case(case="C1", how="finished", outbox=())
        assert (tmp_path / "terminal.db-wal").stat().st_size == 0
        assert sealed not in everything_in(tmp_path)

    with_books(tmp_path, act)


def test_a_picture_waits_for_its_message_after_the_case_is_closed_and_then_goes(tmp_path: Path) -> None:
    async def first(store: Store) -> str:
        portrait = store.blobs.keep(PORTRAIT, "image/jpeg")
        await begin(store, outbox=letter("C1/file/1", (portrait.sha256,)))
        await finish(store)
        await store.book.close_case(case="C1", how="finished", outbox=())
        store.book.forget_case("C1")
        return portrait.sha256

    sha256 = with_books(tmp_path, first)

    async def second(store: Store) -> None:
        (row,) = await store.outbox.outbox_due(START, FAR)
        assert row.blobs == (sha256,)
        assert row.body == '{"of": "Wang Fang"}'
        assert await store.outbox.blob(sha256) == PORTRAIT
        await store.outbox.mark_sent(row.key, ACCEPTED)
        with pytest.raises(BlobGone):
            await store.outbox.blob(sha256)

    with_books(tmp_path, second, seed=2)
    assert list((tmp_path / "blobs").iterdir()) == []


def test_a_blob_whose_file_is_lost_is_gone_and_says_so(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        portrait = store.blobs.keep(PORTRAIT, "image/jpeg")
        await begin(store)
        store.book.forget_case("C1")
        for file in (tmp_path / "blobs").iterdir():
            file.unlink()
        with pytest.raises(BlobGone, match="file"):
            await store.outbox.blob(portrait.sha256)

    with_books(tmp_path, act)


def test_stray_files_of_a_crash_are_swept_at_start(tmp_path: Path) -> None:
    with_books(tmp_path, begin)
    (tmp_path / "blobs" / "half.new").write_bytes(b"half written")

    async def look(store: Store) -> None:
        assert list((tmp_path / "blobs").iterdir()) == []

    with_books(tmp_path, look)


def test_an_interrupted_citizen_is_told_once_what_became_of_money_and_paper(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        await begin(store, key="C1/fee/1", kind="pay", subject="")
        await finish(store, key="C1/fee/1", facts={"number": "O1", "fen": "2000"})
        await begin(store)
        await finish(store, state="in_doubt")
        await store.book.close_case(case="C1", how="in-doubt", outbox=())
        visit = await store.memory.interrupted(NUMBER)
        assert visit is not None
        assert (visit.service, visit.how, visit.recovered, visit.when) == ("HZ01", "in-doubt", False, START)
        assert [(e.kind, e.state, e.number, dict(e.facts)) for e in visit.effects] == [
            ("pay", "done", "O1", {"number": "O1", "fen": "2000"}),
            ("submit", "in_doubt", "", {}),
        ]
        await store.memory.told("C1")
        assert await store.memory.interrupted(NUMBER) is None
        assert [visit.case for visit in await store.memory.visits_of(NUMBER)] == ["C1"]
        assert await store.memory.visits_of("150203199003070025") == ()

    with_books(tmp_path, act)


# -- outbox ------------------------------------------------------------------------------------------------------


def test_a_poisoned_message_delays_no_other(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        for name in ("a", "b", "c"):
            await store.outbox.queue(letter(name))
        with sqlite3.connect(tmp_path / "terminal.db") as other:
            other.execute("UPDATE outbox SET sealed = x'00' WHERE key = 'a'")
        other.close()
        await store.outbox.mark_failed("b", "timeout", START + timedelta(seconds=30))
        assert [row.key for row in await store.outbox.outbox_due(START, FAR)] == ["c"]
        late = await store.outbox.outbox_due(START + timedelta(seconds=30), FAR)
        assert [(row.key, row.attempt) for row in late] == [("c", 0), ("b", 1)]
        other_clock = await store.outbox.outbox_due(START - timedelta(days=1), START - timedelta(hours=23))
        assert [row.key for row in other_clock] == ["c", "b"]
        assert await store.outbox.waiting() == 2

    with_books(tmp_path, act)


def test_a_row_handed_in_while_the_sender_looks_never_goes_up_without_its_blobs(tmp_path: Path) -> None:
    async def main() -> None:
        clock = VirtualClock()
        reader = Interrupted()
        store = await open_store(tmp_path, writer=InlineWorker(), reader=reader, clock=clock, ids=SeededIds(1, clock))
        try:
            await begin(store, "C1", "C1/file/1")
            reader.between = lambda: begin(store, "C2", "C2/file/1", outbox=letter("C2/file/1", ("s1", "s2")))
            found = (*await store.outbox.outbox_due(START, FAR), *await store.outbox.outbox_due(START, FAR))
            assert reader.between is None
            assert {row.blobs for row in found if row.key == "C2/file/1"} == {("s1", "s2")}
        finally:
            await store.close()

    run_virtual(main(), START)


class Interrupted(InlineWorker):
    """Once, after a look at the books and before the next, something is handed in."""

    def __init__(self) -> None:
        self.between: Callable[[], Awaitable[object]] | None = None

    async def run(self, call: Callable[[], T]) -> T:
        found = await super().run(call)
        act, self.between = self.between, None
        if act is not None:
            await act()
        return found


def test_what_waits_for_its_next_attempt_is_due_at_once_when_headquarters_is_back(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        await begin(store, outbox=letter("a"))
        await store.outbox.wait_for_work()
        await store.outbox.mark_failed("a", "refused", START + timedelta(hours=1))
        assert await store.outbox.outbox_due(START, FAR) == ()
        await store.outbox.hasten()
        await asyncio.wait_for(store.outbox.wait_for_work(), 1)
        assert [(row.key, row.attempt) for row in await store.outbox.outbox_due(START, FAR)] == [("a", 1)]

    with_books(tmp_path, act)


def test_the_sender_is_woken_and_whoever_waits_hears_the_answer(tmp_path: Path) -> None:
    async def main() -> None:
        async with books(tmp_path) as store:

            async def send() -> None:
                await store.outbox.wait_for_work()
                (row,) = await store.outbox.outbox_due(START, FAR)
                await asyncio.sleep(3)
                await store.outbox.mark_sent(row.key, ACCEPTED)

            sending = asyncio.create_task(send())
            await begin(store, outbox=letter("C1/file/1"))
            assert await store.outbox.outcome("C1/file/1", 2) is None
            outcome = await store.outbox.outcome("C1/file/1", 2)
            assert outcome is not None
            assert (outcome.accepted, outcome.reply) == (True, ACCEPTED)
            await sending

    run_virtual(main(), START)


def test_the_first_message_of_a_key_counts_and_an_end_is_an_end(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        await store.outbox.queue(letter("k", body="first"))
        await store.outbox.queue(letter("k", body="second"))
        (row,) = await store.outbox.outbox_due(START, FAR)
        assert row.body == "first"
        await store.outbox.mark_refused("k", REFUSED)
        await store.outbox.mark_sent("k", ACCEPTED)
        outcome = await store.outbox.outcome("k", 1)
        assert outcome is not None
        assert not outcome.accepted

    with_books(tmp_path, act)


@pytest.mark.parametrize(("accepted", "sent", "state"), [(True, [], "done"), (False, ["refund"], "failed")])
def test_a_held_refund_goes_out_only_if_the_filing_is_refused(
    tmp_path: Path, accepted: bool, sent: list[str], state: str
) -> None:
    async def act(store: Store) -> None:
        await begin(store, outbox=letter("C1/file/1"))
        await finish(store, facts={"number": "own-1"}, held=(letter("refund"),))
        assert [row.key for row in await store.outbox.outbox_due(START, FAR)] == ["C1/file/1"]
        if accepted:
            await store.outbox.mark_sent("C1/file/1", ACCEPTED)
        else:
            await store.outbox.mark_refused("C1/file/1", REFUSED)
        assert [row.key for row in await store.outbox.outbox_due(START, FAR)] == sent
        (case,) = await store.book.open_cases()
        assert [(effect.state, effect.number) for effect in case.effects] == [
            (state, "HQ-1" if accepted else "own-1")
        ]

    with_books(tmp_path, act)


def test_a_reply_that_is_no_filing_reply_teaches_no_number(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        await begin(store, outbox=letter("C1/file/1"))
        await store.outbox.mark_sent("C1/file/1", "{}")
        await store.outbox.queue(letter("help"))
        await store.outbox.mark_sent("help", ACCEPTED)
        (case,) = await store.book.open_cases()
        assert case.effects[0].number == ""

    with_books(tmp_path, act)


def test_letters_about_the_same_thing_have_the_same_key_and_digest(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        one = store.letters.report(case="C1", key="C1/a/1", kind="print", state="in_doubt", evidence={"n": "1"})
        await asyncio.sleep(5)
        two = store.letters.report(case="C1", key="C1/a/1", kind="print", state="in_doubt", evidence={"n": "1"})
        refund = store.letters.refund(case="C1", key="C1/a/1", order="O1")
        assert one.key == two.key
        assert Filing.model_validate_json(one.body).digest == Filing.model_validate_json(two.body).digest
        assert Filing.model_validate_json(refund.body).payload == {"order": "O1", "because": "C1/a/1"}

    with_books(tmp_path, act)


# -- grants, custody, settings -----------------------------------------------------------------------------------


def test_a_grant_and_a_nonce_open_once_also_after_a_restart(tmp_path: Path) -> None:
    async def first(store: Store) -> None:
        assert await store.grants.use_once("G1", "n1")
        assert not await store.grants.use_once("G1", "n2")

    async def second(store: Store) -> None:
        assert not await store.grants.use_once("G1", "n3")
        assert not await store.grants.use_once("G2", "n1")
        assert await store.grants.use_once("G2", "n2")

    with_books(tmp_path, first)
    with_books(tmp_path, second)


class Card:
    custody = "B-0007"
    case = "C1"
    document = "id-card"
    board = 1
    compartment = 12
    place = "expected"


def test_a_document_is_in_one_place_and_its_owner_a_pseudonym(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        await begin(store)
        await store.custody.record(Card(), NUMBER)
        await store.custody.move("B-0007", "compartment-1-12")
        await store.custody.record(Card(), NUMBER)
        (card,) = await store.custody.all()
        assert (card.place, card.board, card.compartment) == ("compartment-1-12", 1, 12)
        assert card.subject not in ("", NUMBER)
        assert await store.custody.of_case("C1") == "B-0007"
        assert await store.custody.of_case("C2") == ""
        with pytest.raises(StoreFailure):
            await store.custody.move("B-0008", "nowhere")

    with_books(tmp_path, act)
    assert NUMBER.encode() not in everything_in(tmp_path)


def test_settings_in_force_are_kept_with_the_ones_before(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        assert await store.settings.in_force() is None
        await store.settings.put("1", "a = 1")
        await store.settings.put("2", "a = 2")
        await store.settings.put("2", "a = 2")
        in_force, before = await store.settings.in_force(), await store.settings.of_version("1")
        assert in_force is not None
        assert before is not None
        assert (in_force.version, before.text, before.since) == ("2", "a = 1", START)
        await store.settings.put("1", "a = 1")
        again = await store.settings.in_force()
        assert again is not None
        assert again.version == "1"

    with_books(tmp_path, act)


# -- audit -------------------------------------------------------------------------------------------------------


def verified(directory: Path, *seen: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(verify_audit_file()), str(directory / "terminal.db"), *seen]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def verify_audit_file() -> Path:
    return Path(metadata_file()).with_name("verify_audit.py")


def metadata_file() -> str:
    from kiosk.store import schema

    return schema.__file__


async def chain_of_three(store: Store) -> tuple[int, str]:
    await begin(store)
    await store.audit.write("consent", "C1", {"topic": "face", "answer": "agree", "text": "ab" * 32})
    head = await store.audit.head()
    return head.rows, head.hash


def test_a_verifier_without_our_code_finds_changed_and_cut_rows(tmp_path: Path) -> None:
    rows, head = with_books(tmp_path, chain_of_three)
    assert verified(tmp_path, str(rows), head).returncode == 0
    with sqlite3.connect(tmp_path / "terminal.db") as file:
        file.execute("UPDATE audit SET text = replace(text, 'agree', 'xgree')")
    assert "broken at row 3" in verified(tmp_path).stderr
    with sqlite3.connect(tmp_path / "terminal.db") as file:
        file.execute("DELETE FROM audit WHERE row = 3")
    assert verified(tmp_path).returncode == 0
    assert "cut off" in verified(tmp_path, str(rows), head).stderr


def test_audit_rows_name_people_by_pseudonym_and_go_up_in_order(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        await begin(store)
        await finish(store)
        rows = await store.audit.rows_after(1, 10)
        assert [row.row for row in rows] == [2, 3]
        told = json.loads(rows[1].text)
        assert told["event"] == "effect-ended"
        assert len(told["subject"]) == 32
        assert NUMBER not in rows[1].text

    with_books(tmp_path, act)


def test_an_event_or_detail_outside_the_catalogue_is_an_error(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        with pytest.raises(UnknownEvent):
            await store.audit.write("something", "C1", {})
        with pytest.raises(UnknownEvent, match="name"):
            await store.audit.write("consent", "C1", {"name": "x"})

    with_books(tmp_path, act)


def test_every_event_written_anywhere_is_in_the_catalogue() -> None:
    known = catalogue()
    root = Path(metadata_file()).parents[1]
    found: dict[str, set[str]] = {}
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr != "write" or "audit" not in ast.unparse(node.func.value):
                continue
            event, details = node.args[0], node.args[2]
            assert isinstance(event, ast.Constant), path
            if isinstance(details, ast.Dict):
                names = {key.value for key in details.keys if isinstance(key, ast.Constant)}
                found.setdefault(str(event.value), set()).update(str(name) for name in names)
    assert found
    for event, names in found.items():
        assert names <= set(known[event]), event


# -- opening, damage, disk ---------------------------------------------------------------------------------------


def test_only_one_terminal_runs_on_a_state_directory(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        with pytest.raises(LockedElsewhere):
            async with books(tmp_path):
                raise AssertionError

    with_books(tmp_path, act)
    with_books(tmp_path, begin)


def test_a_damaged_database_is_set_aside_and_said_until_headquarters_confirms(tmp_path: Path) -> None:
    with_books(tmp_path, begin)
    file = tmp_path / "terminal.db"
    whole = file.read_bytes()
    file.write_bytes(whole[:5000] + b"\xff" * 4000 + whole[9000:])

    async def told(store: Store) -> Damage:
        assert store.damage is not None
        assert await store.book.open_cases() == ()
        return store.damage

    damage = with_books(tmp_path, told)
    assert damage.file.startswith("terminal.db.damaged-20260301T013000")
    assert (tmp_path / damage.file).read_bytes() == whole[:5000] + b"\xff" * 4000 + whole[9000:]
    assert with_books(tmp_path, told) == damage

    async def confirm(store: Store) -> None:
        await store.ledger_confirmed()
        assert store.damage is None

    async def sound(store: Store) -> None:
        assert store.damage is None

    with_books(tmp_path, confirm)
    with_books(tmp_path, sound)


@pytest.mark.parametrize("garbage", [b"", b"no database at all" * 100])
def test_a_file_that_is_no_database_is_set_aside(tmp_path: Path, garbage: bytes) -> None:
    with_books(tmp_path, begin)
    (tmp_path / "terminal.db").write_bytes(garbage)

    async def act(store: Store) -> None:
        assert store.damage is not None

    with_books(tmp_path, act)


def test_a_database_that_vanished_is_not_made_anew_in_silence(tmp_path: Path) -> None:
    with_books(tmp_path, begin)
    (tmp_path / "terminal.db").unlink()

    async def act(store: Store) -> None:
        assert store.damage == Damage("the database is missing", "")

    with_books(tmp_path, act)


def test_a_first_start_that_was_cut_short_is_no_damage(tmp_path: Path) -> None:
    (tmp_path / "terminal.db").write_bytes(b"")
    (tmp_path / "terminal.db-wal").write_bytes(b"half")

    async def act(store: Store) -> None:
        assert store.damage is None

    with_books(tmp_path, act)


def test_a_database_without_its_key_is_set_aside(tmp_path: Path) -> None:
    with_books(tmp_path, begin)
    (tmp_path / "station.key").unlink()

    async def act(store: Store) -> None:
        assert store.damage is not None
        assert "key" in store.damage.reason

    with_books(tmp_path, act)
    (tmp_path / "station.key").write_bytes(b"short")
    with_books(tmp_path, act)
    assert (tmp_path / "station.key").stat().st_mode & 0o777 == 0o600


def test_a_transcript_that_cannot_be_opened_is_empty_and_not_an_error(tmp_path: Path) -> None:
    with_books(tmp_path, begin)
    with sqlite3.connect(tmp_path / "terminal.db") as file:
        file.execute("UPDATE transcript SET number = number + 5")

    async def act(store: Store) -> None:
        (case,) = await store.book.open_cases()
        assert case.lines == ()

    with_books(tmp_path, act)


def as_large_as_it_may_get(connection: Connection) -> None:
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


def test_a_full_disk_is_an_error_of_its_own_and_writes_nothing(tmp_path: Path) -> None:
    async def main() -> None:
        async with books(tmp_path) as store:
            await store.book.close_case(case="none", how="finished", outbox=())
            await store.database.write(as_large_as_it_may_get)
            with pytest.raises(DiskFull):
                await begin(store, lines=("x" * 100_000,))
            assert await store.book.open_cases() == ()

    run_virtual(main(), START)


def test_a_full_disk_is_noticed_for_pictures_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(store: Store) -> None:
        store.blobs.keep(PORTRAIT, "image/jpeg")

        def full(*_: object) -> int:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(os, "write", full)
            with pytest.raises(DiskFull):
                await begin(store)
        assert await store.book.open_cases() == ()
        assert await begin(store) == "started"

    with_books(tmp_path, act)


def test_writes_are_synced_to_the_disk_and_reads_cannot_write(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        def asked(connection: Connection) -> list[object]:
            names = ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
            return [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

        assert await store.database.write(asked) == ["wal", 2, 1, 1]
        with pytest.raises(StoreFailure):
            await store.database.read(lambda connection: connection.exec_driver_sql("DELETE FROM notes"))

    with_books(tmp_path, act)


def test_migrations_make_exactly_the_tables_the_code_speaks_of(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlalchemy import create_engine

    with_books(tmp_path, begin)
    engine = create_engine(f"sqlite:///{tmp_path / 'terminal.db'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_equal_seeds_give_equal_bytes(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        store.blobs.keep(PORTRAIT, "image/jpeg")
        await begin(store, outbox=letter("C1/file/1"))
        await finish(store, lines=("more",))

    first, second = tmp_path / "one", tmp_path / "two"
    with_books(first, act)
    with_books(second, act)
    assert dump(first) == dump(second)
    names = [sorted(path.name for path in (place / "blobs").iterdir()) for place in (first, second)]
    assert names[0] == names[1]


def dump(directory: Path) -> list[str]:
    with sqlite3.connect(directory / "terminal.db") as file:
        lines = list(file.iterdump())
    file.close()
    return lines


def test_the_books_work_with_threads_and_the_machines_clock(tmp_path: Path) -> None:
    async def main() -> None:
        clock = SystemClock()
        writer, reader = ThreadWorker("writer"), ThreadWorker("reader")
        store = await open_store(tmp_path, writer=writer, reader=reader, clock=clock, ids=SystemIds(clock))
        await asyncio.gather(*(begin(store, f"C{n}", f"C{n}/file/1") for n in range(5)))
        assert len(await store.book.open_cases()) == 5
        await store.close()
        await writer.close()
        await reader.close()

    asyncio.run(main())


def test_a_case_that_was_closed_takes_no_more_lines(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        await begin(store)
        await store.book.close_case(case="C1", how="stopped", outbox=())
        with pytest.raises(StoreUnreadable):
            await finish(store, lines=("late",))
        (visit,) = await store.memory.visits_of(NUMBER)
        assert [effect.state for effect in visit.effects] == ["in_doubt"]

    with_books(tmp_path, act)


def test_keys_of_another_station_open_nothing(tmp_path: Path) -> None:
    async def main() -> None:
        clock = VirtualClock()
        ids = SeededIds(1, clock)
        one, other = Keys(b"1" * 32, ids), Keys(b"2" * 32, ids)
        key = one.fresh()
        with pytest.raises(StoreUnreadable):
            other.unwrap(one.wrap(key))
        with pytest.raises(StoreUnreadable):
            one.open(key, one.seal(key, b"x", "here"), "there")
        assert one.pseudonym(NUMBER) != other.pseudonym(NUMBER)

    run_virtual(main(), START)


def test_two_databases_damaged_in_one_second_are_both_kept(tmp_path: Path) -> None:
    async def told(store: Store) -> str:
        assert store.damage is not None
        return store.damage.file

    with_books(tmp_path, begin)
    names: set[str] = set()
    for _ in range(2):
        (tmp_path / "terminal.db").write_bytes(b"no database at all" * 100)
        (tmp_path / "terminal.db-wal").write_bytes(b"half")
        names.add(with_books(tmp_path, told))
    assert len(names) == 2


def test_a_start_that_fails_lets_go_of_the_lock(tmp_path: Path) -> None:
    with_books(tmp_path, begin)
    (tmp_path / "station.key").unlink()
    (tmp_path / "station.key").mkdir()
    with pytest.raises(IsADirectoryError):
        with_books(tmp_path, begin)
    (tmp_path / "station.key").rmdir()
    assert with_books(tmp_path, lambda store: begin(store, "C2", "C2/a/1")) == "started"


def test_a_blob_of_another_visit_cannot_be_read_from_memory(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        portrait = store.blobs.keep(PORTRAIT, "image/jpeg")
        assert store.blobs.read(portrait.sha256) == PORTRAIT
        store.blobs.forget()
        with pytest.raises(BlobGone):
            store.blobs.read(portrait.sha256)

    with_books(tmp_path, act)
