"""The real stage reads its pages aloud where a citizen asks for it."""

from __future__ import annotations

from kiosk.commands.station import LOCALES
from kiosk.screens.presenters import Presenters
from kiosk.screens.qt.stage import StageQt
from kiosk.screens.samples import SAMPLE_SETTINGS, samples
from kiosk.screens.states import Live, Look
from kiosk.screens.words import OnMissing, load_words
from tests.counter.test_voice import Notebook
from tests.screens.qt.conftest import Hands


def test_pages_and_advice_are_read_from_the_tap_on_sound_until_it_is_taken_back(hands: Hands) -> None:
    words = Presenters(load_words(LOCALES, ("zh-CN",), OnMissing.RAISE), SAMPLE_SETTINGS)
    stage = StageQt(hands.window.bridge, words, Look())
    notes = Notebook()
    stage.read_by(notes)
    guide = next(s for s in samples() if s.name == "portrait-guide")
    stage.show(guide.state, guide.chrome)
    stage.live(Live(advice="come-closer"))
    assert notes.lines == []
    stage.dress(Look(sound=True))
    stage.live(Live(advice="hold-still"))
    stage.dress(Look())
    stage.live(Live(advice="good"))
    assert [kind for kind, _ in notes.lines] == ["page zh-CN", "aside zh-CN", "aside zh-CN", "hush"]
