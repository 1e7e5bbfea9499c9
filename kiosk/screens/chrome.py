"""What surrounds every page: where I am, how far it is, modes, help, telephone numbers."""

from __future__ import annotations

from dataclasses import replace

from kiosk.screens.screen_settings import Sound
from kiosk.screens.speaking import Speaker
from kiosk.screens.states import TextSize, Theme
from kiosk.screens.views import ActionView, ChromeView, PhaseMark, PhaseView, Role

_TOLD_APART = ("zh-CN", "en")
"""With these two alone, the texts themselves name the other one."""


def chrome_view(speaker: Speaker) -> ChromeView:
    """The same places on every page of every visit."""
    chrome, settings = speaker.chrome, speaker.settings
    phases = _phases(speaker)
    current = next((p.number for p in phases if p.mark is PhaseMark.CURRENT), 0)
    steps = speaker.say("step-of", n=current, of=len(phases)) if current else ""
    minutes = speaker.say("minutes-left", n=chrome.minutes_left) if chrome.service and chrome.minutes_left else ""
    subtitle = speaker.say("subtitle", steps=steps, minutes=minutes) if steps and minutes else steps or minutes
    return ChromeView(
        title=speaker.say(f"service-{chrome.service}") if chrome.service else speaker.say("station"),
        subtitle=subtitle if chrome.service else settings.naming(speaker.look.language).terminal,
        steps=steps,
        minutes=minutes,
        phases=phases,
        header=header(speaker),
        emergency=speaker.say("emergency", number=settings.emergency_number),
        duty=speaker.say("duty", number=settings.duty_telephone) if settings.duty_telephone else "",
        simulation=speaker.say("simulation") if chrome.simulated else "",
        finishing=speaker.wording(chrome.finishing) if chrome.finishing else "",
        previous_label=speaker.say("previous"),
        next_label=speaker.say("next"),
        close_label=speaker.say("close"),
        too_early=speaker.say("too-early"),
        read_to_end=speaker.say("read-to-end"),
    )


def _phases(speaker: Speaker) -> tuple[PhaseView, ...]:
    chrome = speaker.chrome
    if chrome.phase not in chrome.phases:
        return ()
    here = chrome.phases.index(chrome.phase)
    views: list[PhaseView] = []
    for index, phase in enumerate(chrome.phases):
        key = f"phase-{phase.value}"
        own = chrome.service if speaker.words.has(key, chrome.service) else ""
        mark = PhaseMark.DONE if index < here else PhaseMark.CURRENT if index == here else PhaseMark.TODO
        views.append(PhaseView(speaker.say(key, own), index + 1, mark))
    return tuple(views)


def header(speaker: Speaker) -> tuple[ActionView, ...]:
    """Modes, each one tap away, and help, first in elder mode. A mode that is on is pressed; a tap takes it back."""
    look, settings = speaker.look, speaker.settings
    high = look.theme is Theme.HIGH_CONTRAST
    actions = [
        _mode(speaker, "size", "to", _after(look.size).value, look.size is not TextSize.DEFAULT),
        _mode(speaker, "theme", "to", (settings.usual_theme if high else Theme.HIGH_CONTRAST).value, high),
        _mode(speaker, "reach", "", "", look.reach),
        _mode(speaker, "elder", "", "", look.elder),
    ]
    if len(settings.languages) > 1:
        actions.insert(0, _language(speaker))
    if settings.sound is Sound.PRESENT:
        actions.append(_mode(speaker, "sound", "", "", look.sound))
    called = _mode(speaker, "help", "", "", False, Role.HELP)
    return (called, *actions) if look.elder else (*actions, called)


def _mode(speaker: Speaker, name: str, key: str, value: str, pressed: bool, role: Role = Role.QUIET) -> ActionView:
    message = f"header-{name}"
    return ActionView(
        action=name,
        label=speaker.say(message),
        caption=speaker.say(message, "caption"),
        voice=speaker.say(message, "voice"),
        role=role,
        payload_key=key,
        payload_value=value,
        pressed=pressed,
    )


def _after(size: TextSize) -> TextSize:
    sizes = tuple(TextSize)
    return sizes[(sizes.index(size) + 1) % len(sizes)]


def _language(speaker: Speaker) -> ActionView:
    """To the next language. It is named in itself: whoever reads it may read no other."""
    to = _other_language(speaker)
    view = _mode(speaker, "language", "to", to, False)
    name = dict(speaker.settings.language_names).get(to, "")
    if not name or len(speaker.settings.languages) == len(_TOLD_APART):
        return view
    return replace(view, label=to.partition("-")[0].upper(), caption=name, voice=name)


def _other_language(speaker: Speaker) -> str:
    languages = speaker.settings.languages
    here = speaker.look.language
    if here not in languages:
        return languages[0]
    return languages[(languages.index(here) + 1) % len(languages)]
