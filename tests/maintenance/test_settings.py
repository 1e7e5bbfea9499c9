"""Configuration at the machine as a technician meets it; and that nothing there leads to a shell."""

from __future__ import annotations

import ast
import asyncio
import re
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.commands.simulated_staff import of_role
from kiosk.configuration.book import ConfigurationBook
from kiosk.configuration.judging import Judge
from kiosk.configuration.own_values import OwnValues
from kiosk.nights.night import Night, nightfall
from kiosk.people.staff import Role
from kiosk.screens.states import RecordsPage
from kiosk.simulation.citizen import Expect, tap
from kiosk.simulation.scripts.technician import HAND_BACK
from kiosk.virtual import run_virtual
from tests.maintenance.evening import ScriptedKey, Somebody, trail, until_page

DAY = date(2026, 11, 22)
TECHNICIAN = of_role(Role.TECHNICIAN)
KIOSK = Path(__file__).parents[2] / "kiosk"


def taps(*names: str) -> list[Expect]:
    return [Expect("RecordsPage", tap(name)) for name in names]


def test_a_value_is_set_from_a_list_and_the_trail_tells_before_and_after(tmp_path: Path) -> None:
    own = OwnValues(tmp_path / "own")
    told: dict[str, Any] = {}

    async def main() -> None:
        key = ScriptedKey()
        book = ConfigurationBook(Judge("KDL-001", None, own_values=own), own, None)
        async with Night(tmp_path, 7, DAY, key=key, configuration=book) as night:
            _ = await night.start()
            somebody = Somebody(night, TECHNICIAN)
            await somebody.comes_in(key)
            await somebody.does(
                Expect("OverviewPage", tap("task-more")), *taps("open:MT11", "open:all", "open:display")
            )
            await asyncio.sleep(1.0)
            assert night.running is not None and night.running.stage.shown is not None
            told["display"] = night.running.stage.shown.state
            ways = ("list-back", "list-back", "open:own", "open:appearance.night_from", "open:19", "list-back")
            await somebody.does(*taps(*ways, "list-back", "enough-seen"))
            await until_page(night, "OverviewPage")
            await somebody.does(*HAND_BACK)
            told["trail"] = [row["details"] for row in await trail(night) if row["event"] == "station-value-set"]
            told["ended"] = [report.topic for report in night.reports]
            told["troubles"] = (night.troubles.seen, night.dead_ends)

    run_virtual(main(), nightfall(DAY))
    page = told["display"]
    assert isinstance(page, RecordsPage)
    width = next(row for row in page.rows if row.label == "width")
    assert dict(width.said) == {"source": "source-screen", "file": "screens/portrait-27.toml"}
    assert told["trail"] == [{"who": "004170", "key": "appearance.night_from", "before": "21", "after": "19"}]
    assert own.kept().values == {"appearance.night_from": 19}
    assert told["ended"][0] == "task-settings-changed"
    assert told["troubles"] == ([], [])


ROOMS = (
    "maintenance",
    "counter",
    "screens",
    "configuration",
    "store",
    "settings",
    "flows",
    "archive.py",
    "workshop.py",
)
PROCESSES = {"subprocess", "pty", "shlex", "multiprocessing", "pexpect", "code", "codeop", "runpy"}
CALLS = {"system", "popen", "execv", "execve", "execvp", "execl", "spawnv", "spawnl", "posix_spawn", "forkpty"}
SHELLS = {"create_subprocess_shell", "create_subprocess_exec", "subprocess_shell", "subprocess_exec", "QProcess"}


def sources() -> list[Path]:
    rooms = [KIOSK / room for room in ROOMS]
    return sorted(file for room in rooms for file in ([room] if room.is_file() else room.rglob("*.py")))


def starts_a_process(tree: ast.AST) -> list[str]:
    """Every import and call by which a file could start one."""
    found: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found += [one.name for one in names if one.name.split(".")[0] in PROCESSES]
            case ast.ImportFrom(module=module) if module is not None and module.split(".")[0] in PROCESSES:
                found.append(module)
            case ast.Attribute(value=ast.Name(id="os"), attr=attr) if attr in CALLS:
                found.append(f"os.{attr}")
            case ast.Attribute(attr=attr) if attr in SHELLS:
                found.append(attr)
            case ast.Call(func=ast.Name(id="eval" | "exec" | "compile" | "__import__" as name)):
                found.append(name)
            case _:
                continue
    return found


def test_nothing_a_technician_reaches_starts_a_process() -> None:
    starting = {str(f.relative_to(KIOSK)): starts_a_process(ast.parse(f.read_text("utf-8"))) for f in sources()}
    assert {file: found for file, found in starting.items() if found} == {}
    wrong = ast.parse("import subprocess\nos.system(x)\neval(y)")
    assert sorted(starts_a_process(wrong)) == ["eval", "os.system", "subprocess"]


def test_no_page_has_a_field_that_takes_more_than_the_keys_it_shows() -> None:
    fields = re.compile(r"\b(Text(Input|Edit|Field|Area)|Process|WebView|createQmlObject|openUrlExternally)\b")
    pages = sorted((KIOSK / "screens").rglob("*.qml"))
    assert len(pages) > 40
    assert {file.name for file in pages if fields.search(file.read_text("utf-8"))} == set()
