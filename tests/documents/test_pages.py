"""A4 papers: right code points, equal bytes, and a child that is always there and never in the way."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, cast

import psutil
import pytest
from pypdf import PdfReader

from kiosk.documents.papers import Medium, NoPaper, PaperRefused, Standing
from kiosk.documents.process import InlinePaper, PaperPatience, PaperProcess
from tests.documents.examples import EXAMPLES, RARE

DECISION = EXAMPLES["penalty-decision"]


def decided(language: str = "zh-CN", standing: Standing = Standing.IN_EARNEST, **more: str) -> bytes:
    return asyncio.run(InlinePaper(standing).compose("penalty-decision", DECISION | more, language))


def read(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_decision_carries_what_the_law_asks_for(language: str) -> None:
    text = read(decided(language))
    dated = {"at", "when", "decided_at", "plate_kind", "verify_url", "signed", "site"}
    for name, value in DECISION.items():
        if name not in dated:
            assert "".join(value.split()) in text, name
    for said in (
        "公安交通管理简易程序处罚决定书",
        "壹佰元整",
        "2026年11月2日08:15",
        "2026年11月22日23:04",
        "小型汽车",
    ):
        assert said in text
    assert "电子印章位置" in text


@pytest.mark.parametrize("name", [RARE, "𬭎𫖯", "阿拉腾·其其格", "阿依夏木古丽汗·阿卜杜热依木江"])
def test_names_come_out_with_the_right_code_points(name: str) -> None:
    assert name in read(decided(name=name))


def test_no_character_is_left_as_an_empty_box() -> None:
    reader = PdfReader(io.BytesIO(decided(name=f"{RARE}𬭎𫖯")))
    names = {str(font["/BaseFont"]) for font in _fonts(reader)}
    assert any("NotoSerifCJK" in name for name in names)
    assert "\ufffd" not in read(decided(name=f"{RARE}𬭎𫖯"))


def _fonts(reader: PdfReader) -> list[dict[str, object]]:
    resources = cast(dict[str, dict[str, Any]], reader.pages[0]["/Resources"])
    return [font.get_object() for font in resources["/Font"].values()]


def test_a_warning_is_no_fine_of_nothing() -> None:
    text = read(decided(fine="0"))
    assert "警告" in text
    assert "零元" not in text


def test_an_open_signature_stays_open() -> None:
    values = {name: text for name, text in DECISION.items() if name != "signed"}
    pdf = asyncio.run(InlinePaper(Standing.IN_EARNEST).compose("penalty-decision", values, "zh-CN"))
    assert "已在屏幕手写签名" not in read(pdf)
    assert "已在屏幕手写签名" in read(decided())


def test_a_simulated_decision_says_so() -> None:
    assert "模拟不作凭证" in read(decided(standing=Standing.SIMULATED))
    assert "模拟" not in read(decided())


def test_values_are_text_and_never_markup() -> None:
    nasty = '#panic("x") *bold* $x$ [y] \\ "quoted" {at}'
    assert "".join(nasty.split()) in read(decided(vehicle=nasty))


def test_long_texts_take_a_second_page() -> None:
    pdf = decided(rights_text="您有权进行陈述和申辩。" * 200)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2


def test_equal_values_give_equal_bytes() -> None:
    assert decided("en") == decided("en")
    assert decided() != decided(number="1502112611220002")


def test_the_application_receipt_exists_on_a4_too() -> None:
    inline = InlinePaper(Standing.SIMULATED)
    pdf = asyncio.run(inline.compose("application-receipt", EXAMPLES["application-receipt"], "en", Medium.A4))
    assert "1502112611220001" in read(pdf)
    with pytest.raises(PaperRefused, match="not printed on"):
        asyncio.run(inline.compose("custody-slip", EXAMPLES["custody-slip"], "en", Medium.A4))


# -- the child -----------------------------------------------------------------------------------------------------


def test_the_child_makes_the_very_same_papers() -> None:
    async def main() -> tuple[bytes, bytes]:
        papers = PaperProcess(Standing.IN_EARNEST)
        try:
            await papers.start()
            page = await papers.compose("penalty-decision", DECISION, "zh-CN")
            return page, await papers.compose("custody-slip", EXAMPLES["custody-slip"], "zh-CN")
        finally:
            await papers.close()

    page, slip = asyncio.run(main())
    inline = InlinePaper(Standing.IN_EARNEST)
    assert page == decided()
    assert slip == asyncio.run(inline.compose("custody-slip", EXAMPLES["custody-slip"], "zh-CN"))


def test_a_killed_child_is_started_again_and_one_that_is_closed_is_gone() -> None:
    async def main() -> tuple[int, int]:
        papers = PaperProcess(Standing.SIMULATED)
        await papers.start()
        first = papers.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert await papers.compose("penalty-decision", DECISION, "zh-CN")
        second = papers.pid
        assert second is not None
        began = time.monotonic()
        await papers.close()
        assert time.monotonic() - began < 1.5
        return first, second

    first, second = asyncio.run(main())
    assert first != second
    assert not psutil.pid_exists(second)


def test_wrong_values_are_refused_without_a_child() -> None:
    async def main() -> None:
        papers = PaperProcess(Standing.SIMULATED, command=("/nowhere",))
        with pytest.raises(PaperRefused):
            await papers.compose("penalty-decision", {}, "zh-CN")
        assert papers.pid is None

    asyncio.run(main())


def child(body: str) -> tuple[str, ...]:
    """A child that begins well and then does as the test says."""
    return (sys.executable, "-c", f"import sys, time\nprint('{{\"ready\": true}}', flush=True)\n{body}")


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("/nowhere",), "cannot be started"),
        ((sys.executable, "-c", ""), "did not begin"),
        ((sys.executable, "-c", "print('{}')"), "did not begin"),
        ((sys.executable, "-c", "import time; time.sleep(9)"), "did not begin"),
        (child("time.sleep(9)"), "in time"),
        (child("sys.stdin.readline()"), "ended twice"),
        (child("sys.stdin.readline(); print('[]', flush=True)"), "ended twice"),
        (child("sys.stdin.readline(); print('{}', flush=True)"), "nonsense"),
        (child("""sys.stdin.readline(); print('{"made": "%"}', flush=True)"""), "nonsense"),
        (child("""sys.stdin.readline(); print('{"failed": "fonts"}', flush=True)"""), "fonts"),
    ],
)
def test_a_bad_child_is_no_paper_in_time(command: tuple[str, ...], why: str) -> None:
    async def main() -> None:
        patience = PaperPatience(start=0.7, compose=0.5, end=0.3)
        papers = PaperProcess(Standing.SIMULATED, patience, command)
        with pytest.raises(NoPaper, match=why):
            await papers.compose("penalty-decision", DECISION, "zh-CN")
        await papers.close()

    began = time.monotonic()
    asyncio.run(main())
    assert time.monotonic() - began < 5


def test_a_paper_given_up_does_not_become_the_next_one() -> None:
    async def main() -> bytes:
        papers = PaperProcess(Standing.SIMULATED)
        await papers.start()
        task = asyncio.create_task(papers.compose("penalty-decision", DECISION, "zh-CN"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        slip = await papers.compose("custody-slip", EXAMPLES["custody-slip"], "zh-CN")
        await papers.close()
        return slip

    assert asyncio.run(main()).startswith(b"\x1b@")


def test_a_killed_terminal_leaves_no_child_behind(tmp_path: Path) -> None:
    script = tmp_path / "terminal.py"
    script.write_text(
        "import asyncio\n"
        "from kiosk.documents.papers import Standing\n"
        "from kiosk.documents.process import PaperProcess\n"
        "async def main():\n"
        "    papers = PaperProcess(Standing.SIMULATED)\n"
        "    await papers.start()\n"
        "    print(papers.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    root = str(Path(__file__).parents[2])
    terminal = psutil.Popen(
        [sys.executable, str(script)], stdout=-1, cwd=root, env=os.environ | {"PYTHONPATH": root}, text=True
    )
    pid = int(terminal.stdout.readline())
    orphan = psutil.Process(pid)
    terminal.kill()
    terminal.wait(5)
    terminal.stdout.close()
    gone, alive = psutil.wait_procs([orphan], timeout=2)
    assert (gone, alive) == ([orphan], [])
