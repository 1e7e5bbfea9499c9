"""Reading, merging and judging config files; every error names the file, the key and what to do."""

from __future__ import annotations

import enum
import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from kiosk.settings.brought import FILES, TABLE, with_files
from kiosk.settings.editable import Scalar, tree_of
from kiosk.settings.model import Settings

PACKAGED = Path(__file__).resolve().parents[2] / "config"
INSTALLED = Path("/usr/share/kiosk/config")
"""Where the Debian package puts the same files."""

OVERLAY = "the overlay"
PUSHED = "the set that headquarters pushed"
OWN = "what was set at this machine"
NEVER_PUSHED = (
    ("screen",),
    ("display",),
    ("profile",),
    ("headquarters",),
    ("kinds",),
    ("station",),
    ("terminal", "name"),
    ("maintenance", "code_key"),
    (TABLE, FILES),
)
"""What the machine itself is, and its way to headquarters: a push that changed it could not be taken back. Which
files came with a set is told by its signatures, never by its settings."""

_LISTED = ("law", "fees")
_FILES = (
    "terminal.toml",
    "services.toml",
    "appearance.toml",
    "station.toml",
    "notices.toml",
    "calibration.toml",
    "without-line.toml",
    "upkeep.toml",
)

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing wrong: where, which key, what, and what to do."""

    file: str
    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}" if self.key else self.file
        return f"{place}: {self.what}. {self.remedy}"


class SettingsError(Exception):
    """The settings cannot be used; nothing of them is in force. `complaints` has all that was found."""

    def __init__(self, complaints: tuple[Complaint, ...]) -> None:
        super().__init__("\n".join(str(complaint) for complaint in complaints))
        self.complaints = complaints


class _Merged:
    """A tree of settings in which each value remembers the file it came from."""

    def __init__(self) -> None:
        self.tree: Tree = {}
        self._origin: dict[tuple[str, ...], str] = {}

    def add(self, tree: Mapping[str, Any], file: str) -> None:
        self._merge(self.tree, tree, (), file)

    def _merge(self, into: Tree, tree: Mapping[str, Any], at: tuple[str, ...], file: str) -> None:
        for key, value in tree.items():
            here = (*at, key)
            if isinstance(value, Mapping):
                table = cast(Mapping[str, Any], value)
                held = into.get(key)
                if not isinstance(held, dict):
                    held = into[key] = {}
                self._origin[here] = file
                self._merge(cast(Tree, held), table, here, file)
            else:
                into[key] = value
                self._origin[here] = file

    def origin(self, key: tuple[str, ...]) -> str:
        """The file that last said something about this key or below it, else about the table it should be in."""
        while key:
            if key in self._origin:
                return self._origin[key]
            key = key[:-1]
        return "terminal.toml"


def packaged_folder() -> Path:
    """The folder of the packaged defaults: beside the source, or where the package installed them."""
    return PACKAGED if PACKAGED.is_dir() else INSTALLED


def load_settings(
    station: Path | None = None,
    overlay: Mapping[str, Any] | None = None,
    folder: Path | None = None,
    *,
    pushed: Mapping[str, Any] | None = None,
    own_values: Mapping[str, Scalar] | None = None,
    files: Mapping[str, tuple[str, int]] | None = None,
) -> Settings:
    """The settings in force: packaged < screen < profile < station file < set at the machine < signed push < overlay.

    Tables are merged key by key, everything else is replaced whole. Screen and profile are named by the overlay, else
    the station file, else the defaults. Of the packaged devices a profile leaves out those its machines do not have.
    `files` are those that the push brings: path -> SHA-256 and length in bytes.
    Raises SettingsError with every complaint found; then nothing is in force.
    """
    return _judge(_merge_all(station, overlay, folder, pushed, own_values or {}, files or {}))


class Source(enum.Enum):
    """Where a value came from."""

    PACKAGED = "packaged"
    SCREEN = "screen"
    PROFILE = "profile"
    STATION = "station"
    MACHINE = "machine"
    """Set by a technician at the machine itself."""
    PUSH = "push"
    SIMULATION = "simulation"


@dataclass(frozen=True, slots=True)
class Sourced:
    """One value that is in force: its key as a path, its text, where it came from and from which file."""

    key: tuple[str, ...]
    text: str
    source: Source
    file: str


def load_sources(
    station: Path | None = None,
    overlay: Mapping[str, Any] | None = None,
    folder: Path | None = None,
    *,
    pushed: Mapping[str, Any] | None = None,
    own_values: Mapping[str, Scalar] | None = None,
    files: Mapping[str, tuple[str, int]] | None = None,
) -> tuple[Sourced, ...]:
    """Every value of the settings that `load_settings` would give, with its source. Raises SettingsError."""
    merged = _merge_all(station, overlay, folder, pushed, own_values or {}, files or {})
    return tuple(
        Sourced(key, text, _source(merged.origin(key), station), merged.origin(key))
        for key, text in _leaves(merged.tree, ())
    )


_LONGEST = 120


def _leaves(tree: Mapping[str, Any], at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _leaves(cast(Mapping[str, Any], value), (*at, key))
        else:
            yield (*at, key), _text(cast(object, value))


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        listed = cast(Sequence[object], value)
        if any(isinstance(one, Mapping) for one in listed):
            # Whoever may come in stands in such a list: how many there are says enough.
            return f"[{len(listed)}]"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _source(file: str, station: Path | None) -> Source:
    if station is not None and file == str(station):
        return Source.STATION
    match file:
        case _ if file == OVERLAY:
            return Source.SIMULATION
        case _ if file == PUSHED:
            return Source.PUSH
        case _ if file == OWN:
            return Source.MACHINE
        case _ if file.startswith("profiles/"):
            return Source.PROFILE
        case _ if file.startswith("screens/"):
            return Source.SCREEN
        case _:
            return Source.PACKAGED


def _merge_all(
    station: Path | None,
    overlay: Mapping[str, Any] | None,
    folder: Path | None,
    pushed: Mapping[str, Any] | None,
    own_values: Mapping[str, Scalar],
    files: Mapping[str, tuple[str, int]],
) -> _Merged:
    defaults = packaged_folder() if folder is None else folder
    own = {} if station is None else _read(station)
    merged = _delivered(defaults)

    def named(what: str) -> object:
        return (overlay or {}).get(what) or own.get(what) or merged.tree.get(what)

    merged.add(_one_of(defaults, "screen", named("screen")), f"screens/{named('screen')}.toml")
    profile = named("profile")
    chosen = _one_of(defaults, "profile", profile)
    for name, tree in _all_of(defaults, "profile").items():
        merged.add({"kinds": {name: tree.pop("kind", {})}}, f"profiles/{name}.toml")
    merged.add({k: v for k, v in chosen.items() if k != "kind"}, f"profiles/{profile}.toml")
    has = cast(Tree, chosen.get("kind", {})).get("devices", ())
    left_out = {name: {"driver": "none"} for name in merged.tree.get("devices", {}) if name not in has}
    merged.add({"devices": left_out}, f"profiles/{profile}.toml")
    if station is not None:
        _refuse_what_only_a_set_brings(own, str(station))
        merged.add(own, str(station))
    merged.add(tree_of(own_values), OWN)
    if pushed is not None:
        _refuse_what_is_never_pushed(pushed)
        merged.add(with_files(pushed, files), PUSHED)
    if overlay is not None:
        merged.add(overlay, OVERLAY)
    return merged


def delivered_tree() -> Tree:
    """The packaged defaults before screen, profile and station: what a value is where nobody says otherwise."""
    return _delivered(packaged_folder()).tree


def _delivered(defaults: Path) -> _Merged:
    merged = _Merged()
    for name in _FILES:
        merged.add(_wrapped(name, _read(defaults / name)), name)
    for kind in _LISTED:
        for file in sorted((defaults / kind).glob("*.toml")):
            merged.add({kind: _read(file)}, f"{kind}/{file.name}")
    return merged


def _refuse_what_is_never_pushed(pushed: Mapping[str, Any]) -> None:
    complaints: list[Complaint] = []
    for key in NEVER_PUSHED:
        held: Any = pushed
        for part in key:
            held = cast(Tree, held).get(part) if isinstance(held, Mapping) else None
        if held is not None:
            wrong = "belongs to the machine and is never pushed"
            complaints.append(Complaint(PUSHED, ".".join(key), wrong, "Change it at the station."))
    if complaints:
        raise SettingsError(tuple(complaints))


def _refuse_what_only_a_set_brings(own: Mapping[str, Any], file: str) -> None:
    if TABLE in own:
        wrong = "names files of a signed set"
        raise SettingsError((Complaint(file, TABLE, wrong, "Push it: a station file brings no files."),))


def _wrapped(name: str, tree: Tree) -> Tree:
    match name:
        case "services.toml":
            things = tree.pop("things", {})
            for code, service in tree.items():
                service.setdefault("code", code)
            return {"things": things, "services": tree}
        case "appearance.toml":
            return {"appearance": tree}
        case "station.toml":
            return {"station": tree}
        case _:
            return tree


def _read(file: Path) -> Tree:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        complaint = Complaint(str(file), "", "there is no such file", "Name a file that exists, or leave it out.")
    except OSError as failure:
        complaint = Complaint(str(file), "", f"cannot be read ({failure.strerror})", "Give the service user access.")
    except UnicodeDecodeError:
        complaint = Complaint(str(file), "", "is not UTF-8 text", "Save it as UTF-8.")
    except tomllib.TOMLDecodeError as failure:
        complaint = Complaint(str(file), "", f"is not TOML: {failure}", "Correct that line.")
    raise SettingsError((complaint,))


def profiles(folder: Path | None = None) -> tuple[str, ...]:
    """The names of the packaged profiles: kinds of machines."""
    return tuple(_all_of(packaged_folder() if folder is None else folder, "profile"))


def screens(folder: Path | None = None) -> tuple[str, ...]:
    """The names of the packaged screens."""
    return tuple(_all_of(packaged_folder() if folder is None else folder, "screen"))


def _all_of(folder: Path, what: str) -> dict[str, Tree]:
    return {file.stem: _read(file) for file in sorted((folder / f"{what}s").glob("*.toml"))}


def _one_of(folder: Path, what: str, name: object) -> Tree:
    known = sorted(file.stem for file in (folder / f"{what}s").glob("*.toml"))
    if name not in known:
        wrong = f"there is no {what} {name!r}"
        raise SettingsError((Complaint(f"{what}s", what, wrong, f"Use one of: {', '.join(known)}."),))
    return _read(folder / f"{what}s" / f"{name}.toml")


def _judge(merged: _Merged) -> Settings:
    tree = {**merged.tree, "settings_version": _digest(merged.tree)}
    try:
        return Settings.model_validate(tree)
    except ValidationError as failure:
        complaints = tuple(_complaints(failure, merged))
    raise SettingsError(complaints)


def _digest(tree: Tree) -> str:
    """Sixteen hexadecimal digits of the SHA-256 of the merged settings, whatever the order of their keys."""
    canonical = json.dumps(tree, sort_keys=True, ensure_ascii=False, default=str, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _complaints(failure: ValidationError, merged: _Merged) -> Iterator[Complaint]:
    for error in failure.errors(include_url=False, include_input=False):
        key = tuple(str(part) for part in error["loc"])
        match error["type"]:
            case "missing":
                what, remedy = "is missing", "Add it."
            case "extra_forbidden":
                what, remedy = "is not a setting", "Remove it, or correct its spelling."
            case "value_error":
                what, remedy = error["msg"].removeprefix("Value error, "), "Make them agree."
            case _:
                what = error["msg"][:1].lower() + error["msg"][1:]
                remedy = "Correct the value."
        yield Complaint(merged.origin(key), ".".join(key), what, remedy)
