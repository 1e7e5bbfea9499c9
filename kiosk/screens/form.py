"""One question of a form a page: number pad, options or a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from kiosk.flows.steps import Field, FieldKind
from kiosk.screens.keypads import date_pad, house_pad, mobile_pad, no_pad, send
from kiosk.screens.options import option, option_sheets
from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import DateEntry, FormPage
from kiosk.screens.views import ActionView, FactView, FormPageView, OptionView, Tone

_QUICK_DAYS = ("today", "yesterday", "day-before")
_NOTHING = FactView("", "")


def form(state: FormPage, speaker: Speaker) -> Body:
    """The field's name chooses the words; an option's touch and the pad's button both send `answer {text}`."""
    key = f"field-{state.field.name.replace('_', '-')}"
    page, main, row = _input(state, key, speaker)
    error = speaker.wording(state.fault) if state.fault else ""
    return Body(
        page,
        speaker.speech(key),
        identity=f"{state.topic}/{state.field.name}",
        tone=Tone.ATTENTION if error else Tone.CALM,
        error=error,
        row=row,
        main=main,
        calm=speaker.say("calm"),
    )


def _input(
    state: FormPage, key: str, speaker: Speaker
) -> tuple[FormPageView, ActionView | None, tuple[ActionView, ...]]:
    position = speaker.say("item-of", n=state.index + 1, of=state.count) if state.count > 1 else ""
    match state.field.kind:
        case FieldKind.MOBILE:
            draft = "" if state.draft == state.field.initial else state.draft
            pad = mobile_pad(speaker, speaker.say(key, "placeholder"), draft)
            check, row = _on_file(state.field, key, speaker)
            return FormPageView("keypad", position, pad, (), check), send(speaker, "answer"), row
        case FieldKind.HOUSE:
            pad = house_pad(speaker, speaker.say(key, "placeholder"), state.draft)
            return FormPageView("keypad", position, pad, (), _NOTHING), send(speaker, "answer"), ()
        case FieldKind.OPTION:
            options = tuple(option(speaker, i, wording, "", state.draft) for i, wording in state.field.options)
            sheets = option_sheets(speaker, options)
            return FormPageView("options", position, no_pad(speaker), sheets, _NOTHING), None, ()
        case FieldKind.DATE_PAST:
            pad = date_pad(speaker, speaker.say(key, "placeholder"), state.draft)
            sheets = option_sheets(speaker, _quick_days(state.dates, key, state.draft, speaker))
            return FormPageView("date", position, pad, sheets, _NOTHING), send(speaker, "answer"), ()


def _on_file(field: Field, key: str, speaker: Speaker) -> tuple[FactView, tuple[ActionView, ...]]:
    """What is known already can be confirmed: an answer equal to the field's initial value keeps it."""
    if not field.initial:
        return _NOTHING, ()
    keep = replace(speaker.action("answer", wording="keep-on-file"), payload_key="text", payload_value=field.initial)
    return FactView(speaker.say(key, "check"), field.initial, strong=True), (keep,)


def _quick_days(dates: DateEntry | None, key: str, draft: str, speaker: Speaker) -> tuple[OptionView, ...]:
    if dates is None:
        return ()
    days: list[tuple[str, date]] = [
        (name, dates.latest - timedelta(days=back)) for back, name in enumerate(_QUICK_DAYS)
    ]
    return tuple(
        OptionView(day.isoformat(), speaker.say(key, name), speaker.words.date(day), day.isoformat() == draft)
        for name, day in days
        if day >= dates.earliest
    )
