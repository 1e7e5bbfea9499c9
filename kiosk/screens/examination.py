"""Pages of an examination: questions, height, chart, plates, tones, movements. No page says what was measured."""

from __future__ import annotations

from kiosk.people.eyesight import Opening
from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import (
    ChartPage,
    ChartStage,
    HeightPage,
    HeightStage,
    MovementPage,
    MovementStage,
    PlatePage,
    PlateStage,
    QuestionPage,
    TonePage,
    ToneStage,
)
from kiosk.screens.views import (
    ActionView,
    ChartView,
    HeightView,
    MovementView,
    OptionView,
    PlateView,
    QuestionView,
    Role,
    Tone,
    ToneView,
)
from kiosk.screens.words import SOURCE_LANGUAGE

_ARROWS = (Opening.UP, Opening.LEFT, Opening.RIGHT, Opening.DOWN)
_SIDES = ("left", "right", "nowhere")


def question(state: QuestionPage, speaker: Speaker) -> Body:
    """One condition, in the words of the dated table; "no" stands first because nearly everybody means it."""
    asked = state.zh if speaker.words.language == SOURCE_LANGUAGE or speaker.words.vertical else state.en
    return Body(
        QuestionView(_position(speaker, state.index, state.count), asked, state.basis),
        speaker.speech("question"),
        identity=str(state.index),
        ways=(speaker.action("no", wording="no-condition"), speaker.action("yes", wording="yes-condition")),
        calm=speaker.say("calm"),
    )


def height(state: HeightPage, speaker: Speaker) -> Body:
    """Stand, be measured, or stand again."""
    measuring = state.stage is HeightStage.MEASURING
    return Body(
        HeightView(state.stage.value, tuple(speaker.say("height-stand", tip) for tip in ("shoes", "hat", "still"))),
        speaker.speech(f"height-{state.stage.value}"),
        tone=Tone.ATTENTION if state.stage is HeightStage.AGAIN else Tone.CALM,
        busy=measuring,
        main=None if measuring else speaker.action("ready", Role.PRIMARY, wording="stand-ready"),
    )


def chart(state: ChartPage, speaker: Speaker) -> Body:
    """Cover one eye, then letter after letter; where somebody stands wrong, which way to move."""
    eye = state.eye.value
    letter = state.stage is ChartStage.LETTER
    key = f"chart-{state.stage.value}-{eye}" if state.stage is ChartStage.COVER else f"chart-{state.stage.value}"
    ways: tuple[ActionView, ...] = ()
    if state.stage is ChartStage.COVER:
        ways = (speaker.action("without-glasses"), speaker.action("with-glasses"))
    page = ChartView(
        stage=state.stage.value,
        eye=eye,
        rows=state.rows,
        stroke_px=state.stroke_px,
        arrows=tuple(OptionView(o.value, speaker.say(f"arrow-{o.value}")) for o in _ARROWS) if letter else (),
    )
    return Body(
        page,
        speaker.speech(key),
        identity=f"{eye}-{state.stage.value}-{state.letter}",
        tone=Tone.ATTENTION if state.stage in (ChartStage.NEARER, ChartStage.FARTHER) else Tone.CALM,
        busy=state.stage in (ChartStage.NEARER, ChartStage.FARTHER),
        ways=ways,
        main=speaker.action("not-seen", wording="chart-not-seen") if letter else None,
    )


def plate(state: PlatePage, speaker: Speaker) -> Body:
    """Which figure? Or none: that is an answer as well."""
    solved = state.stage is PlateStage.SOLVED
    position = _position(speaker, state.index, state.count) if state.stage is PlateStage.PLATE else ""
    page = PlateView(
        stage=state.stage.value,
        picture=state.picture,
        position=position,
        figures=() if solved else tuple(OptionView(figure, figure) for figure in state.figures),
        solution=speaker.say("plate-solution", figure=state.figure) if solved else "",
    )
    main = (
        speaker.action("continue", Role.PRIMARY) if solved else speaker.action("not-seen", wording="plate-not-seen")
    )
    return Body(
        page,
        speaker.speech(f"plate-{state.stage.value}"),
        identity=f"{state.stage.value}-{state.index}",
        main=main,
        calm=speaker.say("calm") if state.stage is PlateStage.SHOW_HOW else "",
    )


def tone(state: TonePage, speaker: Speaker) -> Body:
    """Headset, silence, then where each tone was."""
    stage = state.stage
    asks = stage is ToneStage.ANSWER
    tips = tuple(speaker.say("tone-headset", tip) for tip in ("red", "blue")) if stage is ToneStage.HEADSET else ()
    ready = stage in (ToneStage.HEADSET, ToneStage.HEADSET_OFF, ToneStage.LOUD)
    wrong = stage in (ToneStage.HEADSET_OFF, ToneStage.LOUD)
    page = ToneView(
        stage=stage.value,
        position=_position(speaker, state.index, state.count) if state.count else "",
        sides=tuple(OptionView(side, speaker.say(f"tone-side-{side}")) for side in _SIDES) if asks else (),
        tips=tips,
    )
    return Body(
        page,
        speaker.speech(f"tone-{stage.value}"),
        identity=f"{stage.value}-{state.index}",
        tone=Tone.ATTENTION if wrong else Tone.CALM,
        busy=stage is ToneStage.QUIET,
        main=speaker.action("ready", Role.PRIMARY, wording=f"tone-ready-{stage.value}") if ready else None,
    )


def movement(state: MovementPage, speaker: Speaker) -> Body:
    """One movement: what to do, then a few seconds to do it in."""
    shows = state.stage is MovementStage.SHOW_HOW
    page = MovementView(
        stage=state.stage.value,
        movement=state.movement,
        position=_position(speaker, state.index, state.count),
        camera_on=speaker.say("camera-on"),
    )
    words = speaker.speech(f"movement-{state.movement}")
    return Body(
        page,
        words if shows else speaker.speech("movement-hold", what=words.sentence),
        identity=f"{state.stage.value}-{state.index}",
        main=speaker.action("begin", Role.PRIMARY, wording="begin-movement") if shows else None,
        calm=speaker.say("movement-only") if shows else "",
    )


def _position(speaker: Speaker, index: int, count: int) -> str:
    return speaker.say("exam-item-of", n=index + 1, of=count)
