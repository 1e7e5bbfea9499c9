"""Sets on their way to the fleet, as terminals ask and tell and people decide."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from central import cli
from central.configuration import books
from central.configuration.changes import Change, changes
from central.configuration.daily import Daily, sandbox_repository
from central.configuration.keys import Keys
from central.configuration.repository import Repository, pinned
from central.configuration.rollout import Progress
from central.database import transaction
from central.model_push import Push
from central.model_watch import Visit
from kiosk.protocol.configuration import ConfigurationSet, GroupOverlay
from tests.central.office import Office

HALLS = {"KDL-001": "kiosk-0001", "KDL-006": "kiosk-0001"}


def begun(office: Office, number: int = 1, plan: str = books.STAGED) -> list[str]:
    """A rollout; its terminals in the order in which they come."""
    with transaction(office.headquarters.engine) as db:
        rollout = books.started(db, number, HALLS, "ann", office.clock.now(), plan)
    return [terminal for stage in rollout.members for terminal in stage]


def assigned(office: Office, terminal: str) -> int:
    status, reply = office.send("GET", "/v1/configuration", terminal=terminal)
    assert status == 200
    return reply["number"]


def told(office: Office, terminal: str, stage: str, number: int = 1, why: str = "") -> tuple[int, Any]:
    message = {"number": number, "stage": stage, "why": why}
    return office.send("POST", "/v1/configuration/reports", message, terminal)


def progress(office: Office, number: int = 1) -> Progress:
    office.headquarters.look_at_the_clock()
    with transaction(office.headquarters.engine) as db:
        rollout = books.read(db, number)
    assert rollout is not None
    return rollout.progress


def visited(office: Office, terminal: str, *endings: str) -> None:
    with transaction(office.headquarters.engine) as db:
        row = db.scalar(select(func.max(Visit.row)).where(Visit.terminal == terminal)) or 0
        for number, ending in enumerate(endings, row + 1):
            now = office.clock.now()
            case = f"{terminal}-{number}"
            made = {"case": case, "service": "HZ01", "topic": "", "seconds": 60, "ended_at": now}
            db.add(Visit(terminal=terminal, row=number, ending=ending, **made))


def test_nothing_published_is_set_nought(office: Office) -> None:
    assert assigned(office, "KDL-001") == 0
    status, problem = office.send("POST", "/v1/configuration/files", {"path": "metadata/timestamp.json"})
    assert (status, problem["code"]) == (404, "unknown")


def test_one_first_and_the_other_when_a_second_person_said_yes(office: Office) -> None:
    first, second = begun(office)
    assert (assigned(office, first), assigned(office, second)) == (1, 0)
    assert told(office, first, "healthy")[0] == 200 and told(office, first, "in-force")[0] == 200
    assert progress(office) is Progress.RUNNING and assigned(office, second) == 0, "no citizen has met it yet"
    visited(office, first, *["done"] * 20)
    assert progress(office) is Progress.WAITING and assigned(office, second) == 0
    with transaction(office.headquarters.engine) as db:
        rollout = books.read(db, 1)
        assert rollout is not None
        books.write(db, rollout.resumed("bob", office.clock.now()), office.clock.now())
        assert db.scalars(select(Push.terminals).order_by(Push.id)).all() == [first, second], "each was told in turn"
    assert (assigned(office, first), assigned(office, second)) == (1, 1)


def test_visits_that_go_well_bring_the_next_stage_and_others_stop_it(office: Office) -> None:
    first, second = begun(office)
    visited(office, second, *["left"] * 30)
    assert told(office, first, "in-force")[0] == 200
    visited(office, first, *["done"] * 15, *["left"] * 4)
    assert progress(office) is Progress.RUNNING, "nineteen are not twenty, and those at other terminals do not count"
    visited(office, first, "refused")
    assert progress(office) is Progress.WAITING
    office.clock.forward(days=8)
    again, _ = begun(office, 2)
    assert told(office, again, "in-force", 2)[0] == 200
    visited(office, again, *["left"] * 19)
    assert progress(office, 2) is Progress.HALTED
    assert assigned(office, again) == 2, "whoever has it keeps it until somebody takes it back"


def test_what_one_took_back_is_given_to_nobody(office: Office) -> None:
    first, second = begun(office)
    assert told(office, first, "reverted", why="health: locker") == (200, {"number": 0})
    assert progress(office) is Progress.HALTED and (assigned(office, first), assigned(office, second)) == (0, 0)


def test_a_paused_set_is_not_kept_even_by_who_tries_it(office: Office) -> None:
    first, _ = begun(office)
    with transaction(office.headquarters.engine) as db:
        rollout = books.read(db, 1)
        assert rollout is not None
        books.write(db, rollout.paused("bob"), office.clock.now())
    status, problem = told(office, first, "healthy")
    assert (status, problem["code"]) == (409, "not-wanted")


def test_a_deadline_passes_without_anybody_asking_for_it(office: Office) -> None:
    first, _ = begun(office)
    office.clock.forward(hours=2)
    assert assigned(office, first) == 0 and progress(office) is Progress.HALTED


def test_the_newest_set_that_is_ours_counts(office: Office) -> None:
    begun(office, 1, books.AT_ONCE)
    first, second = begun(office, 2)
    assert (assigned(office, first), assigned(office, second)) == (2, 1)


def test_a_set_on_its_way_to_nobody_is_unknown(office: Office) -> None:
    assert told(office, "KDL-001", "healthy", 7)[0] == 404


def test_what_a_set_says_otherwise_is_told_key_by_key_and_by_whom_it_concerns() -> None:
    before = ConfigurationSet(number=1, settings={"a": {"b": 1, "c": 2}}, terminals={"KDL-001": {"x": 1}})
    hall = GroupOverlay(name="hall", terminals=("KDL-001",), settings={"a": {"b": 9}})
    after = ConfigurationSet(
        number=2, settings={"a": {"b": 3}}, groups=(hall,), parts=pinned({"texts/zh-CN/a.ftl": b"a = 1"})
    )
    assert changes(before, after, {"a": {"c": 5}}) == (
        Change("fleet", "", "a.b", "1", "3"),
        Change("fleet", "", "a.c", "2", None, "5"),
        Change("group", "hall", "(terminals)", None, '["KDL-001"]'),
        Change("group", "hall", "a.b", None, "9"),
        Change("terminal", "KDL-001", "x", "1", None),
        Change("file", "", "texts/zh-CN/a.ftl", None, "5 B, " + hashlib.sha256(b"a = 1").hexdigest()[:12]),
    )
    assert changes(after, after, {}) == ()
    assert changes(None, before, {"a": {"b": 7}})[0] == Change("fleet", "", "a.b", None, "1", "7")


def folder(tmp_path: Path, **files: str) -> Path:
    place = tmp_path / "content"
    for name, text in files.items():
        file = place / (name.replace("__", "/") + ".toml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return place


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"settings": "[timeouts]\nidle = -1.0\n"}, "timeouts.idle"),
        ({"settings": "[timeouts\n"}, "content"),
        ({"terminals__KDL-999": "[timeouts]\nidle = 50.0\n"}, "KDL-999 is no terminal of the fleet"),
        ({"settings": '[headquarters]\naddress = "https://x"\n'}, "belongs to the machine"),
        ({"groups__door": 'terminals = ["KDL-006"]\n[timeouts]\nidle = 0.0\n'}, "as KDL-006 would have it"),
        ({"pictures__zh": "a = 1\n"}, "pictures is nothing terminals take"),
        ({"texts__zh": "a = 1\n"}, "texts/zh.toml: nothing names it"),
    ],
)
def test_check_finds_what_no_terminal_could_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str], complaint: str
) -> None:
    assert cli.main(["config", "check", str(folder(tmp_path, **files))]) == 1
    assert complaint in capsys.readouterr().err


def test_check_passes_what_is_good(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = folder(tmp_path, settings="[services.HZ10]\nenabled = false\n", groups__door='terminals = ["KDL-006"]\n')
    assert cli.main(["config", "check", str(good)]) == 0
    assert json.loads(capsys.readouterr().out) == {"good": True, "groups": 1, "terminals": 0}


# -- what a server does by itself ----------------------------------------------------------------------------------


def test_a_sandbox_signs_for_itself_and_says_every_day_that_nothing_is_withheld(
    office: Office, tmp_path: Path
) -> None:
    engine, clock = office.headquarters.engine, office.clock
    offline, online = tmp_path / "offline", tmp_path / "online"
    root = sandbox_repository(engine, clock.now(), offline, online)
    assert root is not None and root == sandbox_repository(engine, clock.now(), offline, online)

    def timestamp() -> bytes | None:
        with transaction(engine) as db:
            return books.FileRows(db).get("metadata/timestamp.json")

    def passed(daily: Daily, **span: float) -> bytes | None:
        clock.forward(**span)
        daily.tick()
        return timestamp()

    first, daily = timestamp(), Daily(engine, Keys.read([online]), clock)
    assert daily.able and passed(daily, hours=1) == first
    second = passed(daily, hours=24)
    assert second != first and passed(daily, minutes=1) == second
    without = Daily(engine, Keys.read([tmp_path]), clock)
    assert not without.able and passed(without, hours=48) == second
    keys = {role for folder in (online,) for role in ("root", "targets") if Keys.read([folder]).of(role)}
    assert not keys, "what signs every day can sign no set's top-level role"


def test_who_keeps_their_repository_elsewhere_hands_out_its_root_by_hand(office: Office, tmp_path: Path) -> None:
    with transaction(office.headquarters.engine) as db:
        _ = Repository(books.FileRows(db), Keys.fresh(), office.clock.now()).create()
    assert sandbox_repository(office.headquarters.engine, office.clock.now(), tmp_path / "a", tmp_path / "b") is None
    assert list(tmp_path.iterdir()) == [tmp_path / "central"]


def test_check_judges_files_as_terminals_will_and_names_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = folder(
        tmp_path,
        settings='[brought.texts]\nen = "texts/en"\n',
        groups__door='terminals = ["KDL-006"]\n[brought.texts]\nen = "texts/door"\n',
    )
    for name, text in (("en/a.ftl", "station = Night counter\n"), ("door/a.ftl", "no-such-key = x\n")):
        file = place / "texts" / name
        file.parent.mkdir(parents=True)
        file.write_text(text, "utf-8")
    (place / "assets").mkdir()
    (place / "assets" / "unused.png").write_bytes(b"x")
    assert cli.main(["config", "check", str(place)]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told == [
        "assets/unused.png: nothing names it. Name it under [brought].",
        "texts/door/a.ftl: no-such-key: the terminal has no message of this name. Leave it out, or correct the name.",
    ]
    (place / "assets" / "unused.png").unlink()
    (place / "texts" / "door" / "a.ftl").write_text("station = Door\n", "utf-8")
    assert cli.main(["config", "check", str(place)]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == 2
