"""The settings in force, as frozen models. Units are in the names or said; all waits are seconds."""

from __future__ import annotations

import enum
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveFloat, PositiveInt, model_validator


class Part(BaseModel):
    """Base: frozen, nothing unknown accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(Part):
    """A short text in both languages of the terminal."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def in_language(self, language: str) -> str:
        """The English text for `en`, else the Chinese one."""
        return self.en if language == "en" else self.zh


# -- facts and their reliability -----------------------------------------------------------------------------------


class Mark(enum.StrEnum):
    """How a fact was come by: read in a law or an office's page, known but not read, read in an unreliable place,
    or decided for this machine.
    """

    READ = "V"
    KNOWN = "K"
    UNRELIABLE = "C"
    PROPOSAL = "P"

    @property
    def needs_confirmation(self) -> bool:
        """Whether a person has to confirm it before a citizen sees it."""
        return self in (Mark.KNOWN, Mark.UNRELIABLE)


class Fact(Part):
    """A dated, sourced statement. It may be shown only if `shown` says so."""

    mark: Mark
    source: Annotated[str, Field(min_length=1)]
    as_of: date
    confirmed: bool = False

    @property
    def shown(self) -> bool:
        """Read in a reliable place, decided for this machine, or confirmed by a person."""
        return self.confirmed or not self.mark.needs_confirmation


class Law(Fact):
    """One article as this terminal refers to it. Texts a citizen signs come from headquarters, not from here."""

    title: Bilingual
    articles: str
    gist: Bilingual


class Fee(Fact):
    """One fee in fen, for the notice only: what is charged is headquarters' (rule 13)."""

    name: Bilingual
    fen: NonNegativeInt
    unit: Literal["application", "document", "endorsement", "plate", "person"] = "application"
    basis: str


# -- services ------------------------------------------------------------------------------------------------------


class Branch(enum.StrEnum):
    """Which door of a police station the service belongs to."""

    HOUSEHOLD = "household"
    TRAFFIC = "traffic"
    EXIT_ENTRY = "exit-entry"


class Offline(enum.StrEnum):
    """What remains possible without headquarters: nothing, a queued pre-registration, or all of it."""

    NONE = "none"
    QUEUED = "queued"
    LOCAL = "local"


class FeeRule(enum.StrEnum):
    """How the fee is found: none, one of `fees` as headquarters decides, the fine itself, an institution's own."""

    FREE = "free"
    LISTED = "listed"
    FINE = "fine"
    INSTITUTION = "institution"


class Statement(Fact):
    """A sentence about a service with its source."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def in_language(self, language: str) -> str:
        """The English text for `en`, else the Chinese one."""
        return self.en if language == "en" else self.zh


class Service(Part):
    """One of the 28 services. `minutes` is the expected time; `devices` are the classes it cannot do without.

    `mind` is what one should know beforehand. `ends_with` is the service by which the same matter is finished later:
    where another machine offers that, the citizen is told before they begin.
    `bring` are words (id-card, phone ...) with names in `Settings.things`; `law` and `fees` are keys of the tables.
    """

    code: str
    name: Bilingual
    branch: Branch
    enabled: bool
    named: bool = False
    who: Statement
    time: Statement
    mind: Statement | None = None
    ends_with: str = ""
    bring: tuple[str, ...]
    prints: tuple[str, ...]
    minutes: PositiveInt
    fee_rule: FeeRule
    fees: tuple[str, ...] = ()
    devices: tuple[str, ...]
    offline: Offline
    law: tuple[str, ...]


# -- the machine ---------------------------------------------------------------------------------------------------


class Terminal(Part):
    """Who this machine is. `name` is headquarters' name for it."""

    name: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9._-]+$")]
    site: Bilingual
    authority: Bilingual
    duty_telephone: Annotated[str, Field(pattern=r"^[0-9+ -]{3,20}$")]
    emergency_telephone: Annotated[str, Field(pattern=r"^[0-9]{3,5}$")]
    unresolved_telephone: Annotated[str, Field(pattern=r"^([0-9+ -]{3,20})?$")]
    """办不成事反映窗口, for whoever could not be helped; "" where there is none."""
    language: Literal["zh-CN", "en"]
    languages: tuple[str, ...]


class KeyModule(Part):
    """A key that cannot leave its hardware, through PKCS#11: the module's library, the labels of token and key, and
    the file with the user's PIN."""

    library: Path
    token: Annotated[str, Field(min_length=1, max_length=32)]
    key: Annotated[str, Field(min_length=1)]
    pin: Path


class Headquarters(Part):
    """Where headquarters is, and the files that prove who is who. Relative paths are below `folder`."""

    address: Annotated[str, Field(pattern=r"^https://[^/]+$")]
    enrolment: Annotated[str, Field(pattern=r"^(https://[^/]+)?$")] = ""
    """Where certificates are asked for: the people's listener. "": they are laid here by somebody."""
    module: KeyModule | None = None
    """Where the key lies that signs each request; None: this machine has no such hardware."""
    folder: Path
    authority: Path
    certificate: Path
    key: Path
    grant_key: Path
    root: Path | None = None
    """Whose signatures are believed under pushed settings: the root role's metadata, brought with the machine.
    None: nothing is ever pushed here."""
    largest_reply_bytes: PositiveInt

    def file(self, which: Path) -> Path:
        """`which` made absolute below `folder`."""
        return which if which.is_absolute() else self.folder / which


class Layout(enum.StrEnum):
    """Screens this terminal is drawn for."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"
    SQUARE = "square"


class Display(Part):
    """The screen: size in pixels and the pitch of one pixel in millimetres, from which every size is computed."""

    layout: Layout
    width: PositiveInt
    height: PositiveInt
    pitch_mm: Annotated[float, Field(gt=0.05, lt=1.0)]
    fullscreen: bool


class Exam(Part):
    """How the examination booth is built. The vision chart is drawn on this machine's own screen.

    The mark on the floor puts the eyes `eyes_mm` before it; `mirrors` fold a further `path_mm` into the way the chart
    is seen by (none: it is looked at directly). `colours` names the certificate of the screen's colours, "" for none.
    """

    eyes_mm: Annotated[int, Field(ge=200, le=8000)]
    path_mm: Annotated[int, Field(ge=0, le=8000)]
    mirrors: Annotated[int, Field(ge=0, le=4)]
    colours: str
    colours_until: date

    @model_validator(mode="after")
    def _mirrors_make_the_way(self) -> Exam:
        if (self.mirrors == 0) != (self.path_mm == 0):
            raise ValueError("path_mm is the way between mirrors: both or none")
        return self


class Device(Part):
    """One device of this machine: its driver and the driver's own settings, as text. Driver `none`: not fitted."""

    driver: Annotated[str, Field(min_length=1)]
    settings: dict[str, str] = Field(default_factory=dict)
    isolate: bool = False
    """Whether the driver runs in a process of its own: for vendors' libraries."""

    @property
    def fitted(self) -> bool:
        """Whether this machine has one."""
        return self.driver != "none"


class Board(Part):
    """One lock board of the cabinet: its address, its compartments from 1, and how they stand in columns."""

    address: PositiveInt
    compartments: Annotated[int, Field(ge=1, le=64)]
    columns: Annotated[int, Field(ge=1, le=16)]
    closed_contact: Literal["low", "high"]


class FinishedIn(enum.StrEnum):
    """What finished documents lie in. Old documents that are handed in always go behind doors."""

    LOCKER = "locker"
    DISPENSER = "dispenser"


class Cabinet(Part):
    """The collection cabinet, boards from left to right; a dispenser's positions have the first board's numbers."""

    boards: tuple[Board, ...]
    finished: FinishedIn

    @model_validator(mode="after")
    def _addresses_differ(self) -> Cabinet:
        addresses = [board.address for board in self.boards]
        if len(set(addresses)) != len(addresses):
            raise ValueError("two boards have the same address")
        return self


class Task(enum.StrEnum):
    """What a machine does all day."""

    SERVICES = "services"
    DOOR = "door"


class Kind(Part):
    """A kind of machine, as a profile describes it: what one of them may have, and which services it is for.

    `devices` are classes; which driver serves each, and whether one is fitted at all, a station says. `first` are the
    services its attract page leads with; none: those that are `named` in the table of services.
    """

    name: Bilingual
    devices: tuple[str, ...]
    services: tuple[str, ...]
    first: tuple[str, ...] = ()
    task: Task = Task.SERVICES


class Neighbour(Part):
    """One machine of the station: headquarters' name for it, its kind, and where it stands, as a person says it."""

    terminal: str
    profile: str
    where: Bilingual


class Station(Part):
    """What stands together: a citizen can walk from one to the other."""

    machines: tuple[Neighbour, ...]

    @model_validator(mode="after")
    def _names_differ(self) -> Station:
        names = [machine.terminal for machine in self.machines]
        if len(set(names)) != len(names):
            raise ValueError("two machines have the same name")
        return self


class ExpiredAtDoor(enum.StrEnum):
    """What a card past its date does at the zone's door."""

    LET_IN = "let-in"
    GUARD = "guard"


class Entrance(Part):
    """The zone's door. Seconds: one person's way through it, how long a notice stays, how long the guard's number."""

    expired_card: ExpiredAtDoor
    through: PositiveFloat
    noticed: PositiveFloat
    called: PositiveFloat


class StaffRole(enum.StrEnum):
    """What somebody may do at the machine."""

    ATTENDANT = "attendant"
    TECHNICIAN = "technician"
    LOADER = "loader"
    SECURITY = "security"


class StaffEntry(Part):
    """Somebody who may sign in. `card` and `verifier` are this station's (docs/station.md); both days inclusive."""

    number: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    role: StaffRole
    card: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    verifier: Annotated[str, Field(pattern=r"^\$argon2id\$")]
    since: date
    until: date


class Corners(enum.StrEnum):
    """Whether holding two corners of the screen leads to the sign-in, beside the key switch."""

    HELD = "held"
    OFF = "off"


class Maintenance(Part):
    """How technicians get in, and how long they stay. Seconds.

    From try number `tries` on one waits `first_wait`, doubled with every further one; try number `last_try` is the
    last. `passes` and `memory_kib` are what a verifier must cost at least (RFC 9106). `code_key` is a file with the
    station's secret for one-time codes, below headquarters' folder.
    """

    corners: Corners
    tries: PositiveInt
    first_wait: PositiveFloat
    last_try: PositiveInt
    sign_in: PositiveFloat
    idle: PositiveFloat
    longest: PositiveFloat
    passes: PositiveInt
    memory_kib: PositiveInt
    code_key: Path
    whole: dict[str, PositiveInt]
    """How many papers a whole roll, pack or cartridge is good for, by device/supply: for the days it lasts."""
    staff: tuple[StaffEntry, ...] = ()
    sticks: Path
    """Where the system mounts USB sticks: at this folder or below it."""
    export_to: tuple[Annotated[str, Field(pattern=r"^age1[a-z0-9]{58}$")], ...] = ()
    """Public keys (age, X25519) that records are sealed for when they leave the machine; none: nothing leaves."""

    @model_validator(mode="after")
    def _numbers_differ(self) -> Maintenance:
        for name in ("number", "card"):
            given = [getattr(entry, name) for entry in self.staff]
            if len(set(given)) != len(given):
                raise ValueError(f"two of the staff have the same {name}")
        if self.last_try < self.tries:
            raise ValueError("last_try must not come before tries")
        return self


class Calibration(Fact):
    """How long something that is adjusted on the spot is vouched for, and what rests on it.

    `tolerance` and `reference` are in the unit of what is measured; config/calibration.toml says which.
    """

    valid_days: PositiveInt
    warn_days: NonNegativeInt
    tolerance: PositiveFloat
    reference: Annotated[float, Field(ge=0)]
    services: tuple[str, ...]


class WithoutLine(Fact):
    """For how many days, counted from headquarters' last answer, something is taken without it."""

    days: Annotated[int, Field(ge=0, le=90)]


class Cleaned(Fact):
    """After how much a device is due for cleaning; `of` 0: of what went through, else of so many readings."""

    after: PositiveInt
    of: NonNegativeInt = 0

    @model_validator(mode="after")
    def _within(self) -> Cleaned:
        if self.of and self.after > self.of:
            raise ValueError("after must not be more than of")
        return self


class Vouched(Part):
    """Until when whoever set the machine up vouched for an adjustment: of its station file."""

    until: date


class Announcement(Fact):
    """What the attract page tells everybody, from one day to another, both inclusive; None: no bound."""

    zh: Annotated[str, Field(min_length=1, max_length=48)]
    en: Annotated[str, Field(min_length=1, max_length=120)]
    since: date | None = None
    until: date | None = None

    def stands(self, day: date) -> bool:
        """Whether it is to be shown on a day."""
        begun = self.since is None or self.since <= day
        return self.shown and begun and (self.until is None or day <= self.until)


class Power(Part):
    """What happens when the battery ends: seconds until the terminal is closed at the latest, then the program."""

    shut_down_seconds: PositiveFloat
    command: str


class Timeouts(Part):
    """Every wait of a visit, in seconds, in one place; those of devices and of the line are with their rooms."""

    idle: PositiveFloat
    idle_elder: PositiveFloat
    more_time: PositiveFloat
    face_try: PositiveFloat
    finger_try: PositiveFloat
    signature: PositiveFloat
    submit: PositiveFloat
    printing: PositiveFloat
    take: PositiveFloat
    take_sounds: PositiveFloat
    closing: PositiveFloat
    rating: PositiveFloat
    help_unanswered: PositiveFloat

    @model_validator(mode="after")
    def _elders_have_more(self) -> Timeouts:
        if self.idle_elder < self.idle:
            raise ValueError("idle_elder must not be shorter than idle")
        return self


class Tries(Part):
    """How often something may be tried before another way is offered."""

    face: PositiveInt
    finger: PositiveInt
    card: PositiveInt
    portrait: PositiveInt


class SecondFactor(enum.StrEnum):
    """Whether a face alone releases a document or files a decision (rule 33)."""

    REQUIRED = "required"
    NOT_REQUIRED = "not-required"


class FaceThreshold(Part):
    """Where an engine draws its line: below `threshold - doubt` the same, from `threshold` on another, between not
    decided. `validated` names where it was measured on real people; "" while it has not been. `of_model` is the
    SHA-256 of the brought recogniser that it was set for; "" for the one that is installed.
    """

    threshold: PositiveFloat
    doubt: Annotated[float, Field(ge=0.0)]
    set_on: date
    validated: str
    of_model: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""


class Liveness(enum.StrEnum):
    """What tells a living face from a picture of one. BASIC is built in and not certified: rule 33 stands with it."""

    NONE = "none"
    BASIC = "basic"


class Identity(Part):
    """How a citizen is verified."""

    second_factor: SecondFactor
    face_engine: Literal["headquarters", "dlib", "sface"]
    thresholds: dict[Literal["dlib", "sface"], FaceThreshold]
    liveness: Liveness

    @model_validator(mode="after")
    def _no_face_alone(self) -> Identity:
        """Rule 33: no liveness engine here is certified, so a second factor is always required."""
        if self.second_factor is not SecondFactor.REQUIRED:
            raise ValueError("second_factor must be required while no certified liveness engine is configured")
        return self


class Models(Part):
    """Where models for vision lie; None where the built-in detector is to be used."""

    folder: Path | None = None


class Line(Part):
    """Waits towards headquarters, in seconds; names as in the backend's Patience."""

    connect: PositiveFloat
    gap: PositiveFloat
    lookup: PositiveFloat
    order: PositiveFloat
    grant: PositiveFloat
    face: PositiveFloat
    picture: PositiveFloat
    blob: PositiveFloat
    filing: PositiveFloat
    heartbeat: PositiveFloat
    audit: PositiveFloat
    ledger: PositiveFloat
    heartbeat_every: PositiveFloat
    heartbeat_offline_every: PositiveFloat
    outbox_first_retry: PositiveFloat
    outbox_longest_retry: PositiveFloat
    clock_skew: PositiveFloat


# -- looks ---------------------------------------------------------------------------------------------------------

Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]


class Theme(Part):
    """Colours by role."""

    surface: Colour
    surface_raised: Colour
    outline: Colour
    on_surface: Colour
    on_surface_quiet: Colour
    primary: Colour
    on_primary: Colour
    attention: Colour
    on_attention: Colour
    success: Colour
    on_success: Colour
    danger: Colour
    on_danger: Colour


class Appearance(Part):
    """Sizes in millimetres and colours by role; the four text sizes are cap heights."""

    cap_heights_mm: tuple[PositiveFloat, PositiveFloat, PositiveFloat, PositiveFloat]
    target_mm: Annotated[float, Field(ge=19.0)]
    gap_mm: Annotated[float, Field(ge=4.0)]
    motion_ms: Annotated[int, Field(ge=0, lt=200)]
    night_from: Annotated[int, Field(ge=0, le=23)]
    night_to: Annotated[int, Field(ge=0, le=23)]
    themes: dict[Literal["day", "night", "high-contrast"], Theme]

    @model_validator(mode="after")
    def _all_themes(self) -> Appearance:
        if set(self.themes) != {"day", "night", "high-contrast"}:
            raise ValueError("the themes day, night and high-contrast are all needed")
        if list(self.cap_heights_mm) != sorted(self.cap_heights_mm):
            raise ValueError("cap_heights_mm must grow from left to right")
        return self


# -- files of a signed set -----------------------------------------------------------------------------------------

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")]
"""BCP 47: language, script, region."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class BroughtFile(Part):
    """The bytes of a file, and how many they are."""

    sha256: Sha256
    size: Annotated[int, Field(gt=0)]


class AttractPicture(Part):
    """A picture on the attract page, from one day to another, both inclusive; None: no bound.

    `alt` says in each language what it shows, for whoever does not see it: it is read aloud.
    """

    file: str
    alt: dict[Language, Annotated[str, Field(min_length=2, max_length=120)]]
    since: date | None = None
    until: date | None = None

    def stands(self, day: date) -> bool:
        """Whether it is to be shown on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class AttractVoice(Part):
    """What a person read for the attract page, and its very words: nothing is only to be heard."""

    file: str
    words: Annotated[str, Field(min_length=2, max_length=120)]


class ModelKind(enum.StrEnum):
    """What a model that is brought is used for."""

    FACE_DETECTOR = "face-detector"
    """YuNet's inputs and outputs, ONNX."""
    FACE_MESH = "face-mesh"
    """468 points of a face, TensorFlow Lite."""
    FACE_RECOGNISER_DLIB = "face-recogniser-dlib"
    """128 numbers a face, dlib's own format."""
    FACE_RECOGNISER_SFACE = "face-recogniser-sface"
    """SFace's inputs and outputs, ONNX."""


class BroughtModel(Part):
    """A model file, and what whoever pushes it knows its bytes to be."""

    file: str
    sha256: Sha256
    size: Annotated[int, Field(gt=0)]


class Brought(Part):
    """What the set in force brings in files, and for what they are used.

    `texts` names a folder of the set for each language, whose messages take the place of the packaged ones with the
    same names; a language that is not packaged is one more, with all of them. `files` are those that are named here,
    by their path in the set; it comes with the set's signatures and is never written by hand.
    """

    files: dict[str, BroughtFile] = Field(default_factory=dict)
    texts: dict[Language, str] = Field(default_factory=dict)
    pictures: Annotated[tuple[AttractPicture, ...], Field(max_length=6)] = ()
    voice: dict[Language, AttractVoice] = Field(default_factory=dict)
    models: dict[ModelKind, BroughtModel] = Field(default_factory=dict[ModelKind, BroughtModel])

    def uses(self) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...], dict[str, str]]:
        """What is brought for what: folders of texts by language, pictures, voices, and models with their kind."""
        return (
            dict(self.texts),
            tuple(dict.fromkeys(picture.file for picture in self.pictures)),
            tuple(dict.fromkeys(voice.file for voice in self.voice.values())),
            {model.file: kind.value for kind, model in self.models.items()},
        )

    def texts_of(self, language: str) -> tuple[str, ...]:
        """The SHA-256 of each file of texts in a language, in the order of their paths."""
        folder = self.texts.get(language)
        if folder is None:
            return ()
        return tuple(file.sha256 for path, file in sorted(self.files.items()) if path.startswith(f"{folder}/"))

    @model_validator(mode="after")
    def _everything_named_was_brought(self) -> Brought:
        named = {"pictures": [p.file for p in self.pictures], "voice": [v.file for v in self.voice.values()]}
        named["models"] = [m.file for m in self.models.values()]
        lacking = [
            f"{what}: {file} is no file of the set"
            for what, files in named.items()
            for file in files
            if file not in self.files
        ]
        lacking += [
            f"texts: there are no files below {self.texts[each]}" for each in self.texts if not self.texts_of(each)
        ]
        roles = {"texts": self.texts.values(), "assets": (*named["pictures"], *named["voice"])}
        roles["models"] = tuple(named["models"])
        lacking += [
            f"{path} does not lie below {role}/, whose role signs it"
            for role, paths in roles.items()
            for path in paths
            if not path.startswith(f"{role}/")
        ]
        for kind, model in self.models.items():
            file = self.files.get(model.file)
            if file is not None and (file.sha256, file.size) != (model.sha256, model.size):
                lacking.append(
                    f"models.{kind.value}: {model.file} is not the file with this SHA-256 and size, but "
                    f"{file.sha256} with {file.size} bytes"
                )
        if lacking:
            raise ValueError("; ".join(lacking))
        return self


# -- everything ----------------------------------------------------------------------------------------------------


class Settings(Part):
    """All of it. `settings_version` is the digest that a case remembers (rule 15)."""

    screen: str
    profile: str
    kinds: dict[str, Kind]
    station: Station
    notices: tuple[Announcement, ...]
    terminal: Terminal
    headquarters: Headquarters
    line: Line
    display: Display
    devices: dict[str, Device]
    exam: Exam
    cabinet: Cabinet
    entrance: Entrance
    maintenance: Maintenance
    calibration: dict[str, Calibration]
    upkeep: dict[str, Cleaned]
    calibrated: dict[str, Vouched] = Field(default_factory=dict)
    power: Power
    without_line: WithoutLine
    timeouts: Timeouts
    tries: Tries
    identity: Identity
    models: Models
    appearance: Appearance
    things: dict[str, Bilingual]
    services: dict[str, Service]
    law: dict[str, Law]
    fees: dict[str, Fee]
    brought: Brought = Field(default_factory=Brought)
    settings_version: str

    @model_validator(mode="after")
    def _everything_named_exists(self) -> Settings:
        missing: list[str] = []
        for code, service in self.services.items():
            named = {
                "law": (service.law, self.law),
                "fees": (service.fees, self.fees),
                "bring": (service.bring, self.things),
                "prints": (service.prints, self.things),
                "devices": (service.devices, self.devices),
            }
            for what, (words, table) in named.items():
                missing += [f"services.{code}.{what} names {word}" for word in words if word not in table]
            if (service.fee_rule is FeeRule.LISTED) != bool(service.fees):
                missing.append(f"services.{code}.fees is needed exactly when fee_rule is listed: it")
        for name, kind in self.kinds.items():
            words = {"devices": self.devices, "services": self.services, "first": kind.services}
            for what, table in words.items():
                missing += [f"kinds.{name}.{what} names {word}" for word in getattr(kind, what) if word not in table]
        missing += [
            f"station.machines names {m.profile}" for m in self.station.machines if m.profile not in self.kinds
        ]
        missing += [
            f"services.{s.code}.ends_with names {s.ends_with}"
            for s in self.services.values()
            if s.ends_with and s.ends_with not in self.services
        ]
        if missing:
            raise ValueError("; ".join(f"{each}, which is not there" for each in missing))
        return self

    @model_validator(mode="after")
    def _a_threshold_is_of_the_recogniser_it_judges(self) -> Settings:
        """Distances of two networks are not comparable: a line drawn for one lets strangers in with another."""
        wrong: list[str] = []
        for engine, line in self.identity.thresholds.items():
            model = self.brought.models.get(ModelKind(f"face-recogniser-{engine}"))
            if line.of_model != ("" if model is None else model.sha256):
                which = "the recogniser that is installed" if model is None else model.file
                wrong.append(f"identity.thresholds.{engine}.of_model does not name {which}, which it would judge")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @model_validator(mode="after")
    def _nothing_is_fitted_that_this_kind_has_not(self) -> Settings:
        strangers = [name for name, device in self.devices.items() if device.fitted and name not in self.kind.devices]
        if strangers:
            raise ValueError(f"{self.profile} machines have no {', '.join(strangers)}, but one is fitted")
        return self

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages a citizen may choose: the terminal's own, then those that a set brought."""
        own = self.terminal.languages
        return (*own, *(each for each in self.brought.texts if each not in own))

    @model_validator(mode="after")
    def _every_picture_is_told_in_every_language(self) -> Settings:
        lacking = [
            f"brought.pictures: {picture.file} has no alt text in {language}"
            for picture in self.brought.pictures
            for language in self.languages
            if language not in picture.alt
        ]
        lacking += [
            f"brought.voice: {language} is no language of this terminal"
            for language in self.brought.voice
            if language not in self.languages
        ]
        if lacking:
            raise ValueError("; ".join(lacking))
        return self

    @property
    def kind(self) -> Kind:
        """What kind of machine this is."""
        return self.kinds[self.profile]

    def service(self, code: str) -> Service:
        """The service with this code. Raises KeyError."""
        return self.services[code]

    @property
    def enabled(self) -> tuple[Service, ...]:
        """Services offered by this machine, in the order of their codes' table."""
        return tuple(each for each in self.services.values() if each.enabled and each.code in self.kind.services)

    @property
    def leading(self) -> tuple[str, ...]:
        """Codes of the services the attract page leads with."""
        named = tuple(service.code for service in self.services.values() if service.named)
        return self.kind.first or tuple(code for code in named if code in self.kind.services)

    def elsewhere(self, code: str) -> tuple[str, str] | None:
        """Which other machine of this station offers a service that this one does not: its name, and where it stands.

        Chinese and English; None where this machine offers it, or none does. Raises KeyError for no service.
        """
        if not self.services[code].enabled or code in self.kind.services:
            return None
        for machine in self.station.machines:
            kind = self.kinds[machine.profile]
            if machine.terminal != self.terminal.name and code in kind.services:
                return f"{kind.name.zh}（{machine.where.zh}）", f"{kind.name.en} ({machine.where.en})"
        return None
