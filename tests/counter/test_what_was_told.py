"""The audit chain holds hashes of the exact words and page a citizen answered to (rule 31)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from kiosk.app import compares_at
from kiosk.nights.night import Night
from kiosk.screens.views import ConsentView, DeclarationView, PageView, RightsView, TextView
from kiosk.settings import load_settings
from kiosk.simulation.citizen import Citizen, Doing, Expect, Sight, read_and_tap
from kiosk.simulation.virtual_terminal import GlassSight
from tests.visits.nights import a_night, script_of, visitor


def sha256(*words: str) -> str:
    return hashlib.sha256("\n".join(word for word in words if word).encode()).hexdigest()


def words_on(sight: Sight) -> PageView:
    """The page in words, which only the terminal without a window can show."""
    assert isinstance(sight, GlassSight)
    return sight.words


def text_of(text: TextView) -> tuple[str, ...]:
    return (text.heading, *text.paragraphs, text.source)


def words(view: PageView) -> tuple[str, ...]:
    """What can be read on these three pages, written down once more by another hand."""
    match view.page:
        case ConsentView(facts=facts):
            body = [word for fact in facts for word in (fact.label, fact.value)]
        case RightsView() as page:
            body = [word for fact in page.facts for word in (fact.label, fact.value)]
            body += [word for figure in page.figures for word in (figure.label, figure.value, figure.unit)]
            body += [*text_of(page.rights), *text_of(page.terms), page.articles_label, *text_of(page.articles)]
            body += [page.picture_label]
        case DeclarationView(text=text):
            body = list(text_of(text))
        case _:
            raise AssertionError(view.kind)
    return (view.sentence, view.hint, *body, *(a.label for a in view.ways), *(a.label for a in view.actions))


async def rows(night: Night, event: str) -> list[dict[str, Any]]:
    assert night.running is not None
    lines = await night.running.built.store.audit.rows_after(0, 1000)
    return [row["details"] for line in lines if (row := json.loads(line.text))["event"] == event]


def remembering(seen: dict[str, PageView], expect: Expect) -> Expect:
    """The same act, with the page as it was when the citizen began to answer."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        seen[sight.kind] = words_on(sight)
        yield from expect.act(citizen, sight)

    return Expect(expect.page, act, expect.optional, expect.first)


def test_consent_rights_and_declaration_are_on_record_as_they_were_read() -> None:
    seen: dict[str, PageView] = {}

    async def scene(night: Night) -> None:
        situation, script = script_of("JG01")
        await visitor(night, situation).go(*(remembering(seen, expect) for expect in script))
        for event, kind in (
            ("consent", "ConsentPage"),
            ("rights-told", "RightsPage"),
            ("declared", "DeclarationPage"),
        ):
            (row,) = await rows(night, event)
            assert row["text"] == sha256(*words(seen[kind])), event
            assert len(row["page"]) == 64
            assert row["language"] == "zh-CN"

    a_night(scene)


def test_who_changes_the_language_is_on_record_with_what_they_read_last() -> None:
    seen: dict[str, PageView] = {}

    def in_english(citizen: Citizen, sight: Sight) -> Doing:
        yield from citizen.touch("language")
        yield 0.7
        english = citizen.hands.settle()
        seen["before"], seen["after"] = words_on(sight), words_on(english)
        yield from read_and_tap("agree")(citizen, english)

    async def scene(night: Night) -> None:
        situation, script = script_of("HZ02")
        await visitor(night, situation).go(
            *(Expect("ConsentPage", in_english) if expect.page == "ConsentPage" else expect for expect in script)
        )
        (row,) = await rows(night, "consent")
        assert row["language"] == "en"
        assert row["text"] == sha256(*words(seen["after"])) != sha256(*words(seen["before"]))

    a_night(scene)


def test_the_consent_says_where_faces_are_compared() -> None:
    simulated = load_settings(None, None)
    identity = simulated.identity.model_copy(update={"face_engine": "dlib"})
    assert compares_at(simulated, simulated=True) == "sandbox"
    assert compares_at(simulated, simulated=False) == "headquarters"
    with_an_engine = simulated.model_copy(update={"identity": identity})
    assert compares_at(with_an_engine, simulated=False) == "here-or-headquarters"

    async def scene(night: Night) -> None:
        seen: dict[str, PageView] = {}
        situation, script = script_of("HZ02")
        await visitor(night, situation).go(*(remembering(seen, expect) for expect in script))
        assert "演示环境：由模拟的总部比对，不接真实的照片库" in words(seen["ConsentPage"])

    a_night(scene)


def test_equal_pages_have_equal_proofs_and_another_word_another_one() -> None:
    found: list[list[dict[str, Any]]] = []

    async def scene(night: Night) -> None:
        situation, script = script_of("HZ02")
        await visitor(night, situation).go(*script)
        await visitor(night, situation, nth=1).go(*script)
        found.append(await rows(night, "consent"))

    a_night(scene)
    first, second = found[0]
    assert first["page"] == second["page"], "the page's revision is no part of what was shown"
    a_night(scene, language="en")
    assert found[1][0]["text"] != first["text"]
    assert found[1][0]["page"] != first["page"]
