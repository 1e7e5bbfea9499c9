"""One of everything: states of every page with people who do not exist, for the gallery and for tests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from kiosk.flows.opening import Line
from kiosk.flows.steps import Course, Field, FieldKind, Finger, OnPaper, Phase, Section
from kiosk.people.eyesight import Eye, Opening, grid
from kiosk.people.id_number import NumberFault
from kiosk.people.money import Money
from kiosk.people.names import NameFault
from kiosk.people.records import LawText, Refusal, RefusalCode, RightsNotice
from kiosk.people.vehicle import Fine, Plate, PlateKind, Violation
from kiosk.screens.screen_settings import Naming, ScreenSettings, Sound
from kiosk.screens.states import (
    AllServices,
    Attract,
    AttractPicture,
    ChartPage,
    ChartStage,
    ChooseFines,
    ChoosePage,
    ChooseViolations,
    Chrome,
    ClosingPage,
    ConsentPage,
    DateEntry,
    DeclarationPage,
    DeviceRow,
    DisplayPage,
    DisplayStage,
    DoorPage,
    DoorStage,
    EnterNamePage,
    EntryStage,
    FaceMove,
    FacePage,
    FaceStage,
    FingerPage,
    FingerStage,
    FormPage,
    HandBackPage,
    HeightPage,
    HeightStage,
    HelpPage,
    LeavePage,
    Live,
    LoadPage,
    LoadStage,
    MeasurePage,
    MeasureStage,
    MendPage,
    MovementPage,
    MovementStage,
    NoticePage,
    OutOfService,
    OverviewPage,
    PageState,
    PassPage,
    PassStage,
    PayPage,
    PayStage,
    PlatePage,
    PlateStage,
    PortraitPage,
    PortraitStage,
    PutInPage,
    QuestionPage,
    RatingPage,
    ReadCard,
    ReaderStage,
    RecordRow,
    RecordsPage,
    ResultPage,
    RightsPage,
    RowMark,
    ScanPage,
    ScanStage,
    ServiceOpen,
    ServiceTile,
    SignPage,
    SlotPage,
    SlotStage,
    StaffAsks,
    StaffCardPage,
    StaffKeyPage,
    StaffStage,
    StaffTry,
    Standing,
    TakePage,
    TellPage,
    TemporaryPlatePage,
    TemporaryPlateStage,
    TonePage,
    ToneStage,
    TouchPage,
    TryOutPage,
    TypeNumber,
    UnloadPage,
    UnloadStage,
    WelcomeBack,
    WhatToBring,
    WorkingPage,
    WorkTopic,
)

SERVICES = (
    *(f"HZ{n:02d}" for n in range(1, 11)),
    *(f"JG{n:02d}" for n in range(1, 11)),
    *(f"CRJ{n:02d}" for n in range(1, 9)),
)
"""Codes of all twenty-eight services, in the order of the branches."""

PICTURES = Path(__file__).resolve().parents[2] / "assets" / "simulation" / "attract"

SAMPLE_SETTINGS = ScreenSettings(
    terminal="昆都仑区 1 号机",
    controller="包头市公安局昆都仑区分局",
    duty_telephone="0472-0000000",
    sound=Sound.PRESENT,
    brought=PICTURES.as_uri(),
    other_names=(Naming("en", "Kundulun terminal 1", "Kundulun Branch, Baotou Public Security Bureau"),),
)
"""A station that does not exist."""

NOW = datetime(2026, 11, 22, 23, 5, tzinfo=timezone(timedelta(hours=8)))
"""The samples' clock: a November night."""

_ALL_PHASES = (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.PAY, Phase.FINISH)
_COLLECT_PHASES = (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.FINISH)


@dataclass(frozen=True, slots=True)
class Sample:
    """A named page: what it has to say, what surrounds it, and its live part."""

    name: str
    state: PageState
    chrome: Chrome
    live: Live = field(default_factory=Live)


def samples() -> tuple[Sample, ...]:
    """Every page, with a variant for each of its stages, in the order of a visit. Names are unique."""
    return (
        *_before(),
        *_introductions(),
        *_card(),
        *_number(),
        *_names(),
        *_face(),
        *_fingers(),
        *_choices(),
        *_forms(),
        *_rights(),
        *_declarations(),
        *_signatures(),
        *_portraits(),
        *_payments(),
        *_working(),
        *_doors(),
        *_refusals(),
        *_results(),
        *_examination(),
        *_closings(),
        *_around(),
        *_staff(),
    )


def _apply(phase: Phase, minutes: int = 4) -> Chrome:
    return Chrome("HZ01", phase, _ALL_PHASES, minutes, can_go_back=True, simulated=True)


def _collect(phase: Phase, minutes: int = 2) -> Chrome:
    return Chrome("HZ02", phase, _COLLECT_PHASES, minutes, can_go_back=True, simulated=True)


def _traffic(phase: Phase, minutes: int = 3) -> Chrome:
    return Chrome("JG01", phase, _ALL_PHASES, minutes, can_go_back=True, simulated=True)


def _waiting(phase: Phase) -> Chrome:
    return Chrome("WAITING", phase, _COLLECT_PHASES, 3, can_go_back=True, simulated=True)


_ORDERED = (
    "电力检修，预计今晚十点恢复。急需办理请到昆都仑区分局旁的窗口，或打值班电话，我们帮您找最近的一台机器，请您不要久等，谢谢",
    "Electrical work until about ten tonight. If urgent: window 3",
)
"""As long as an officer may write."""
_NOBODY = Chrome(simulated=True)


def _tiles() -> tuple[ServiceTile, ...]:
    working = {"HZ01": 5, "HZ02": 2, "JG01": 4}
    broken = {"HZ03": "closed-not-here", "CRJ03": "closed-page-printer-paper", "JG04": "closed-licence-printer"}
    frequent = {"HZ01", "HZ02", "HZ03", "JG01", "JG04", "CRJ03"}
    return tuple(
        ServiceTile(code, ServiceOpen.OPEN, "", working[code], code in frequent)
        if code in working
        else ServiceTile(code, ServiceOpen.CLOSED, broken.get(code, "closed-not-here"), 0, code in frequent)
        for code in SERVICES
    )


_NOTICES = (
    (
        "民警不会打电话要您转账、报验证码。接到这样的电话请挂断并报警。",
        "No police officer will call to ask you for a transfer or a code. Hang up and call the police.",
    ),
    (
        "户籍大厅：周一至周五 8:30—12:00、14:30—17:30。本机昼夜可办。",
        "Household hall: Monday to Friday, 8:30-12:00 and 14:30-17:30. This machine: day and night.",
    ),
)

_PICTURE = AttractPicture(
    "winter-night.png",
    (
        ("en", "A small police station on a winter night; its door is lit."),
        ("zh-CN", "冬夜里的小警务站，门口亮着灯。"),
    ),
)

_TRAFFIC_MACHINE = (
    "自助车管所（右手第一台）",
    "Driver and vehicle machine (first on the right)",
)


def _pick_up_tiles() -> tuple[ServiceTile, ...]:
    """A machine for one matter, with others beside it."""
    mine = {"HZ02": 3, "HZ03": 4, "HZ04": 2}
    return tuple(
        ServiceTile(code, ServiceOpen.OPEN, "", mine[code], frequent=True)
        if code in mine
        else ServiceTile(code, ServiceOpen.CLOSED, "closed-not-here", 0, False, _TRAFFIC_MACHINE)
        for code in SERVICES
    )


def _many(tiles: tuple[ServiceTile, ...]) -> tuple[ServiceTile, ...]:
    """Eight services asked for often, all of them open."""
    first = frozenset(SERVICES[:8])
    return tuple(replace(t, open=ServiceOpen.OPEN, why="", frequent=t.code in first) for t in tiles)


def _without_line(tiles: tuple[ServiceTile, ...]) -> tuple[ServiceTile, ...]:
    """What can be left at a machine that does not reach headquarters."""
    left = ("HZ01", "HZ08", "CRJ04", "CRJ05", "CRJ06")
    return tuple(
        replace(t, open=ServiceOpen.OPEN, why="", line=Line.DOWN)
        if t.code in left
        else replace(t, open=ServiceOpen.CLOSED, why="closed-offline", line=Line.DOWN)
        for t in tiles
    )


def _before() -> tuple[Sample, ...]:
    tiles = _tiles()
    checking = tuple(replace(t, open=ServiceOpen.CHECKING, why="closed-checking") for t in tiles)
    offline = tuple(replace(t, open=ServiceOpen.CLOSED, why="closed-offline") for t in tiles)
    return (
        Sample("attract", Attract(tiles), _NOBODY),
        Sample("attract-checking", Attract(checking), _NOBODY),
        Sample("attract-offline", Attract(offline, ("alarm-offline",)), _NOBODY),
        Sample("attract-without-line", Attract(_without_line(tiles), ("alarm-offline",)), _NOBODY),
        Sample("all-services-without-line", AllServices(_without_line(tiles)), _NOBODY),
        Sample("attract-door-open", Attract(tiles, ("alarm-door-open:7",)), _NOBODY),
        Sample("all-services", AllServices(tiles), _NOBODY),
        *(Sample(f"door-{stage.value}", DoorPage(stage), _NOBODY) for stage in EntryStage),
        Sample("door-held", DoorPage(EntryStage.WAITING, ("door-alarm-held", "door-alarm-tail-gate")), _NOBODY),
        Sample("attract-notices", Attract(tiles, (), _NOTICES), _NOBODY),
        Sample("attract-notice-and-door", Attract(tiles, ("alarm-door-open:7",), _NOTICES), _NOBODY),
        Sample("attract-picture", Attract(tiles, picture=_PICTURE), _NOBODY),
        Sample("attract-picture-notices", Attract(tiles, (), _NOTICES, _PICTURE), _NOBODY),
        Sample("attract-picture-many", Attract(_many(tiles), picture=_PICTURE), _NOBODY),
        Sample("attract-picture-many-notices", Attract(_many(tiles), (), _NOTICES, _PICTURE), _NOBODY),
        Sample("attract-picture-door", Attract(tiles, ("alarm-door-open:7",), _NOTICES, _PICTURE), _NOBODY),
        Sample("attract-pick-up", Attract(_pick_up_tiles()), _NOBODY),
        Sample("all-services-pick-up", AllServices(_pick_up_tiles()), _NOBODY),
        Sample("what-to-bring", WhatToBring(tuple(t for t in tiles if t.open is ServiceOpen.OPEN)), _NOBODY),
        Sample("out-of-service-disk", OutOfService("disk", NOW), _NOBODY),
        Sample("out-of-service-power", OutOfService("power"), _NOBODY),
        Sample("out-of-service-clock", OutOfService("clock"), _NOBODY),
        Sample("out-of-service-database", OutOfService("database", NOW), _NOBODY),
        Sample("out-of-service-ordered", OutOfService("ordered", said=_ORDERED), _NOBODY),
        Sample("out-of-service-maintenance", OutOfService("maintenance", NOW), _NOBODY),
    )


def _introductions() -> tuple[Sample, ...]:
    identity = Phase.IDENTITY
    fee = (("fact-fee", "本例金额 元", "the amount of this example"),)
    return (
        Sample("notice-apply", NoticePage("notice-HZ01", fee), _apply(identity, 5)),
        Sample("notice-collect", NoticePage("notice-HZ02", ()), _collect(identity)),
        Sample("notice-violations", NoticePage("notice-JG01", ()), _traffic(identity)),
        Sample("notice-without-line", NoticePage("notice-pre-registration", ()), _apply(identity, 5)),
        Sample("consent-without-line", ConsentPage("consent-pre-registration", "here"), _apply(Phase.DETAILS)),
        Sample("consent-here", ConsentPage("consent-face", "here"), _collect(identity)),
        Sample("consent-either", ConsentPage("consent-face", "here-or-headquarters"), _collect(identity)),
        Sample("consent-moves", ConsentPage("consent-face", "here-or-headquarters", "basic"), _collect(identity)),
        Sample("consent-headquarters", ConsentPage("consent-face", "headquarters"), _collect(identity)),
        Sample("consent-sandbox", ConsentPage("consent-face", "sandbox"), _collect(identity)),
        Sample("consent-fingerprint", ConsentPage("consent-fingerprint", "here"), _collect(identity)),
        Sample("consent-enrol", ConsentPage("consent-enrol", "sandbox"), _apply(identity)),
    )


def _card() -> tuple[Sample, ...]:
    first = tuple(
        Sample(f"read-card-{s.value}", ReadCard(s, may_go_without=True), _collect(Phase.IDENTITY))
        for s in ReaderStage
    )
    new = tuple(
        Sample(f"new-card-{s.value}", ReadCard(s, new_card=True), _collect(Phase.FINISH))
        for s in (ReaderStage.WAITING, ReaderStage.READ, ReaderStage.UNREADABLE, ReaderStage.OLD_CARD)
    )
    documents = tuple(
        Sample(
            f"new-document-{s.value}", ReadCard(s, new_card=True, document="hk-macao-pass"), _collect(Phase.FINISH)
        )
        for s in (ReaderStage.WAITING, ReaderStage.READ, ReaderStage.UNREADABLE, ReaderStage.OTHER_CARD)
    )
    return (*first, *new, *documents)


def _number() -> tuple[Sample, ...]:
    chrome = _apply(Phase.IDENTITY)
    faults = tuple(Sample(f"type-number-{f.value}", TypeNumber(f, "150203199001010010"), chrome) for f in NumberFault)
    return (Sample("type-number", TypeNumber(), chrome), *faults)


def _names() -> tuple[Sample, ...]:
    chrome = Chrome("HZ10", Phase.DETAILS, (Phase.DETAILS, Phase.FINISH), 1, False, simulated=True)
    topic = "enter-name-to-count"
    faults = tuple(Sample(f"enter-name-fault-{f.value}", EnterNamePage(topic, f, "王·"), chrome) for f in NameFault)
    return (
        Sample("enter-name", EnterNamePage(topic), chrome),
        Sample("enter-name-long", EnterNamePage(topic, draft="阿布都热合曼·买买提"), chrome),
        *faults,
    )


def _face() -> tuple[Sample, ...]:
    chrome = _collect(Phase.IDENTITY)
    box, far, child = (0.4, 0.2, 0.2, 0.46), (0.45, 0.36, 0.1, 0.23), (0.42, 0.5, 0.16, 0.37)
    return (
        Sample("face-look", FacePage(FaceStage.LOOK, 3), chrome, Live("come-closer", far)),
        Sample("face-hold", FacePage(FaceStage.LOOK, 3), chrome, Live("hold-still", box, 0.4)),
        Sample("face-number", FacePage(FaceStage.LOOK, 3, "王*芳"), chrome, Live("no-face")),
        Sample("face-name-long", FacePage(FaceStage.LOOK, 3, "阿" + "*" * 13 + "江"), chrome, Live("no-face")),
        *(
            Sample(f"face-{move.value}", FacePage(FaceStage.CHALLENGE, 3, "", move, done, 3), chrome, Live("", box))
            for move, done in zip(FaceMove, (0, 0, 1, 1, 2, 2), strict=True)
        ),
        Sample("face-challenge-over", FacePage(FaceStage.CHALLENGE_OVER, 3), chrome),
        Sample("face-comparing", FacePage(FaceStage.COMPARING, 3), chrome),
        Sample("face-again", FacePage(FaceStage.AGAIN, 2), chrome, Live("move-up", child)),
        Sample("face-last", FacePage(FaceStage.AGAIN, 1), chrome),
        Sample("face-camera-away", FacePage(FaceStage.CAMERA_AWAY, 3), chrome),
    )


def _fingers() -> tuple[Sample, ...]:
    verify = tuple(
        Sample(f"finger-{s.value}", FingerPage(s, tries_left=2), _collect(Phase.IDENTITY)) for s in FingerStage
    )
    enrol = tuple(
        Sample(
            f"enrol-{finger.name.lower().replace('_', '-')}-{stage.value}",
            FingerPage(stage, finger, 2, 3),
            _apply(Phase.DETAILS),
        )
        for finger in Finger
        for stage in FingerStage
    )
    return (*verify, *enrol)


def _violation(record: str, behaviour: str, fen: int, points: int) -> Violation:
    return Violation(
        record=record,
        plate=Plate(PlateKind.SMALL, "蒙B12345"),
        at=datetime(2026, 11, 3, 8, 12, tzinfo=NOW.tzinfo),
        place="昆都仑区钢铁大街与民族路路口",
        behaviour=behaviour,
        code="S001",
        articles_broken="《示例法》示例条",
        articles_basis="《示例法》示例条",
        fine=Money(fen),
        points=points,
        picture=None,
        general_procedure=False,
        articles_text="示例条文第一段：机动车应当按照交通信号通行。\n示例条文第二段：违反的，依照有关规定处罚。",
    )


def _fine(decision: str, fine: int, surcharge: int, paid: int, late: int) -> Fine:
    return Fine(
        decision=decision,
        plate=Plate(PlateKind.SMALL, "蒙B12345"),
        at=NOW,
        place="示例路口",
        behaviour="驾驶机动车违反禁止标线指示",
        code="1117",
        fine=Money(fine),
        surcharge=Money(surcharge),
        paid=Money(paid),
        due=Money(fine + surcharge - paid),
        pay_by=date(2026, 12, 7),
        days_late=late,
    )


_RECORDS = (
    _violation("R1", "驾驶机动车违反禁止标线指示", 10000, 1),
    _violation("R2", "驾驶机动车不按规定使用安全带", 5000, 0),
    _violation("R3", "驾驶机动车违反规定停放", 0, 0),
)

_LAW = LawText(
    "《示例法》",
    "您可以陈述和申辩。对事实有异议，可以申请核实。\n对决定不服，可以在规定的时间里申请行政复议，或者提起行政诉讼。",
    "示例来源",
    date(2026, 11, 1),
)


_FINES = (
    _fine("150203126900001", 10000, 0, 0, 0),
    _fine("150203126900002", 20000, 20000, 5000, 75),
)


def _options(topic: str, *ids: str) -> tuple[tuple[str, str, str], ...]:
    return tuple((i, f"{topic}-{i}", f"{topic}-{i}-note") for i in ids)


def _choices() -> tuple[Sample, ...]:
    grounds = tuple((g, f"choose-ground-{g}", f"choose-ground-{g}-note") for g in ("renewal", "damage", "loss"))
    many = tuple((f"site-{n}", f"示例街道 {n} 号派出所", "示例地址") for n in range(1, 9))
    vehicles = (("02-蒙B12345", "蒙B·12345", "示例牌轿车"), ("52-蒙BD12345", "蒙B·D12345", "示例牌电动车"))
    pay_when = tuple((i, f"choose-pay-when-{i}", f"choose-pay-when-{i}-note") for i in ("now", "later"))
    waiting = _options("choose-waiting", "HZ02", "CRJ07", "JG01", "JG02", "JG04", "HZ01", "other")
    other = _options("choose-nothing-waiting", "HZ02", "CRJ07", "JG01", "JG02", "JG04", "HZ01", "enough")
    return (
        Sample("choose-ground", ChoosePage("choose-ground", grounds), _apply(Phase.IDENTITY)),
        Sample("choose-ground-draft", ChoosePage("choose-ground", grounds, "loss"), _apply(Phase.IDENTITY)),
        Sample("choose-eight", ChoosePage("choose-collect-site", many), _apply(Phase.DETAILS)),
        Sample("choose-vehicle", ChoosePage("choose-vehicle", vehicles), _traffic(Phase.DETAILS)),
        Sample("choose-pay-when", ChoosePage("choose-pay-when", pay_when), _traffic(Phase.PAY)),
        Sample("choose-waiting", ChoosePage("choose-waiting", waiting), _waiting(Phase.DETAILS)),
        Sample("choose-nothing-waiting", ChoosePage("choose-nothing-waiting", other), _waiting(Phase.DETAILS)),
        Sample("choose-violations", ChooseViolations(_RECORDS, ()), _traffic(Phase.DETAILS)),
        Sample(
            "choose-violations-chosen",
            ChooseViolations(_RECORDS * 2, (("R1", "missing.jpg"),), ("R1",)),
            _traffic(Phase.DETAILS),
        ),
        Sample("choose-fines", ChooseFines(_FINES), _traffic(Phase.DETAILS)),
        Sample("choose-fines-one", ChooseFines(_FINES[:1], (_FINES[0].decision,)), _traffic(Phase.DETAILS)),
    )


_PHONE = Field("phone", FieldKind.MOBILE)
_CALLBACK = Field("callback_phone", FieldKind.MOBILE)
_PHONE_ON_FILE = Field("phone", FieldKind.MOBILE, initial="138****0000")
_LOSS_PLACES = ("street", "vehicle", "home", "shop", "station", "other")
_LOSS_MANNERS = ("lost", "stolen", "unknown")


def _forms() -> tuple[Sample, ...]:
    chrome = _apply(Phase.DETAILS)
    dates = DateEntry(date(2026, 1, 1), NOW.date())
    day = Field("loss_date", FieldKind.DATE_PAST)
    place = Field("loss_place", FieldKind.OPTION, tuple((p, f"loss-place-{p}") for p in _LOSS_PLACES))
    manner = Field("loss_manner", FieldKind.OPTION, tuple((m, f"loss-manner-{m}") for m in _LOSS_MANNERS))
    sites = Field("collect_site", FieldKind.OPTION, (("s1", "示例派出所"), ("s2", "示例政务大厅")))
    house = Field("residence_house", FieldKind.HOUSE)
    wrong = "000-01-0101"
    issued = Field("permit_issued", FieldKind.OPTION, (("2025-08-01", "2025-08-01"), ("none", "permit-issued-none")))
    topic = "form-apply"
    return (
        Sample("form-house", FormPage("form-residence", house, 1, 2), chrome),
        Sample("form-house-fault", FormPage("form-residence", house, 1, 2, wrong, "form-fault-house"), chrome),
        Sample("form-permit", FormPage("form-permit", issued, 0, 1), chrome),
        Sample("form-date", FormPage(topic, day, 0, 5, dates=dates), chrome),
        Sample(
            "form-date-fault",
            FormPage(topic, day, 0, 5, "2026-12-31", "form-fault-date-future", dates),
            chrome,
        ),
        Sample("form-place", FormPage(topic, place, 1, 5), chrome),
        Sample("form-manner", FormPage(topic, manner, 2, 5, "stolen"), chrome),
        Sample("form-phone", FormPage(topic, _PHONE, 3, 5), chrome),
        Sample("form-phone-on-file", FormPage(topic, _PHONE_ON_FILE, 3, 5, "138****0000"), chrome),
        Sample("form-phone-without-line", FormPage("form-pre-registration", _CALLBACK, 0, 1), chrome),
        Sample("form-phone-fault", FormPage(topic, _PHONE, 0, 1, "1380000", "form-fault-mobile"), chrome),
        Sample("form-site", FormPage(topic, sites, 4, 5), chrome),
    )


def _rights() -> tuple[Sample, ...]:
    notice = RightsNotice(3, 4, 12, _LAW, _LAW, _LAW)
    warning = RightsNotice(0, 0, 12, _LAW, _LAW, _LAW)
    return (
        Sample("rights", RightsPage(_RECORDS[0], notice), _traffic(Phase.CONFIRM)),
        Sample("rights-warning", RightsPage(_RECORDS[2], warning), _traffic(Phase.CONFIRM)),
    )


def _declarations() -> tuple[Sample, ...]:
    long = replace(_LAW, text="\n".join(f"第 {n} 段：{_LAW.text.splitlines()[0]}" for n in range(1, 13)))
    return (
        Sample("declare-loss", DeclarationPage("declare-loss", None), _apply(Phase.CONFIRM)),
        Sample("declare-apply", DeclarationPage("declare-apply", None), _apply(Phase.CONFIRM)),
        Sample("declare-driver", DeclarationPage("declare-driver", _LAW), _traffic(Phase.CONFIRM)),
        Sample("declare-long", DeclarationPage("declare-driver", long), _traffic(Phase.CONFIRM)),
    )


def _signatures() -> tuple[Sample, ...]:
    return (
        Sample("sign-collect", SignPage("sign-collect"), _collect(Phase.CONFIRM)),
        Sample("sign-apply", SignPage("sign-apply"), _apply(Phase.CONFIRM)),
        Sample("sign-decision", SignPage("sign-decision"), _traffic(Phase.CONFIRM)),
        Sample("sign-too-short", SignPage("sign-collect", "sign-fault-too-short"), _collect(Phase.CONFIRM)),
    )


def _portraits() -> tuple[Sample, ...]:
    chrome = _apply(Phase.DETAILS)
    box, near = (0.41, 0.23, 0.18, 0.42), (0.36, 0.12, 0.29, 0.66)
    shots = ("shot-1.jpg", "shot-2.jpg", "shot-3.jpg")
    return (
        Sample("portrait-guide", PortraitPage(PortraitStage.GUIDE), chrome, Live("step-back", near)),
        Sample("portrait-hold", PortraitPage(PortraitStage.GUIDE, taken=1), chrome, Live("good", box, 0.6)),
        Sample("portrait-review", PortraitPage(PortraitStage.GUIDE, review_offered=True), chrome),
        Sample(
            "portrait-failed",
            PortraitPage(PortraitStage.GUIDE, review_offered=True, failed="light-uneven"),
            chrome,
            Live("light-uneven", box),
        ),
        Sample(
            "portrait-too-low",
            PortraitPage(PortraitStage.GUIDE, review_offered=True),
            chrome,
            Live("too-low", (0.4, 0.66, 0.2, 0.34)),
        ),
        Sample("portrait-choose", PortraitPage(PortraitStage.CHOOSE, shots, 3), chrome),
        Sample("portrait-camera-away", PortraitPage(PortraitStage.CAMERA_AWAY), chrome),
    )


_CODE = "https://example.invalid/pay/7f3c1a5e9b2d4c60"


def _payments() -> tuple[Sample, ...]:
    chrome = replace(_apply(Phase.PAY), can_go_back=False)
    order = "D0000000001"
    fee, fine = Money(1950), Money(10000)
    return (
        Sample("pay-asking", PayPage(PayStage.ASKING, fee, "bill-fee"), chrome),
        Sample(
            "pay-code-fee",
            PayPage(PayStage.CODE, fee, "bill-fee", order, _CODE),
            chrome,
            Live(seconds_left=174),
        ),
        Sample(
            "pay-code-fine",
            PayPage(PayStage.CODE, fine, "bill-fine", order, _CODE),
            replace(chrome, service="JG01"),
            Live(seconds_left=1),
        ),
        Sample("pay-closing", PayPage(PayStage.CLOSING, fee, "bill-fee", order), chrome),
    )


def _working() -> tuple[Sample, ...]:
    finishing = replace(_apply(Phase.FINISH), can_leave=False, can_go_back=False)
    printing = replace(finishing, finishing="finishing-printing")
    plain = tuple(Sample(f"working-{t.value}", WorkingPage(t), finishing) for t in WorkTopic)
    return (
        *plain,
        Sample("working-finishing", WorkingPage(WorkTopic.PRINTING_RECEIPT), printing, Live(progress=0.62)),
    )


def _doors() -> tuple[Sample, ...]:
    chrome = replace(_collect(Phase.FINISH), can_go_back=False, can_leave=False, finishing="finishing-opening")
    taking = tuple(Sample(f"take-{s.value}", TakePage(s, 7, 18, 3), chrome) for s in DoorStage)
    back = tuple(Sample(f"take-old-{s.value}", TakePage(s, 5, 18, 3, "old-card"), chrome) for s in DoorStage)
    putting = tuple(
        Sample(
            f"put-in-{s.value}",
            PutInPage(s, 12, 18, 3),
            replace(chrome, phase=Phase.DETAILS, finishing="finishing-taking-in"),
        )
        for s in DoorStage
    )
    passes = tuple(Sample(f"pass-{s.value}", PassPage(s), replace(chrome, service="CRJ01")) for s in PassStage)
    travel = (
        Sample("take-pass", TakePage(DoorStage.OPEN, 15, 18, 3, "new-card", "hk-macao-pass"), chrome),
        Sample("take-old-pass", TakePage(DoorStage.OPEN, 12, 18, 3, "old-card", "hk-macao-pass"), chrome),
        Sample("put-in-pass", PutInPage(DoorStage.OPEN, 12, 18, 3, "hk-macao-pass"), chrome),
    )
    plates = replace(chrome, service="JG09", finishing="finishing-making")
    scanning = tuple(
        Sample(f"scan-{s.value}", ScanPage("scan-invoice", s), replace(plates, phase=Phase.DETAILS, finishing=""))
        for s in ScanStage
    )
    plate = tuple(Sample(f"temporary-plate-{s.value}", TemporaryPlatePage(s), plates) for s in TemporaryPlateStage)
    slot = tuple(
        Sample(f"slot-{s.value}-{kind}", SlotPage(s, kind), replace(chrome, finishing="finishing-fetching"))
        for s in SlotStage
        for kind in ("id-card", "passport", "hk-macao-pass")
    )
    return (*slot, *taking, *back, *putting, *passes, *travel, *scanning, *plate)


_PLACE = (
    ("place", "示例政务大厅"),
    ("address", "昆都仑区示例街 1 号"),
    ("telephone", "0472-0000000"),
    ("date", "2026-12-31"),
)


def _refusals() -> tuple[Sample, ...]:
    ways = ("other-way", "help", "end")
    codes = tuple(
        Sample(
            f"tell-{code.value}",
            TellPage(Refusal(code, _PLACE), "A1B2C3D4", actions=ways),
            _collect(Phase.DETAILS),
        )
        for code in RefusalCode
    )
    return (
        *codes,
        Sample(
            "tell-holding",
            TellPage(
                Refusal(RefusalCode.DEVICE, (("device", "locker"),)),
                "A1B2C3D4",
                ("holding-old-card", "holding-payment"),
                ("retry", "help", "end"),
            ),
            _collect(Phase.FINISH),
        ),
        Sample(
            "tell-desk", TellPage(Refusal(RefusalCode.TOO_EARLY, _PLACE), "A1B2C3D4", desk="0472-0000112"), _NOBODY
        ),
        Sample(
            "tell-card",
            TellPage(Refusal(RefusalCode.CARD_UNREADABLE), "A1B2C3D4", actions=("retry", "without-card", "end")),
            _collect(Phase.IDENTITY),
        ),
        Sample("tell-continue", TellPage(Refusal(RefusalCode.OTHER), "A1B2C3D4", actions=("continue",)), _NOBODY),
    )


PROGRESS = ("accepted", "review", "signing", "production", "to-collect", "collected")


def _results() -> tuple[Sample, ...]:
    chrome = Chrome("HZ04", Phase.FINISH, (Phase.IDENTITY, Phase.FINISH), 1, True, simulated=True)
    facts = (
        ("case_number", "1502261108000197"),
        ("ground", "renewal"),
        ("ready_by", "2027-01-07"),
        ("collect_site", "昆都仑区24小时警局"),
    )
    dates = ("2026-11-08", "", "", "2026-11-13", "", "")
    course = Course(tuple((f"progress-{s}", d) for s, d in zip(PROGRESS, dates, strict=True)), 3)
    many = tuple(Section("progress-accepted" if n % 2 else "示例分局", facts) for n in range(4))
    return (
        Sample(
            "result-progress", ResultPage("result-progress", (Section("", facts),), course, OnPaper.OFFERED), chrome
        ),
        Sample("result-sections", ResultPage("result-progress", many), chrome),
    )


def _exam() -> Chrome:
    return Chrome("JG03", Phase.DETAILS, _COLLECT_PHASES, 8, can_go_back=True, simulated=True)


_DISC = (
    "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' width='600' height='600'>"
    "<circle cx='300' cy='300' r='298' fill='%23c8b89a'/><circle cx='300' cy='300' r='120' fill='%23557'/></svg>"
)
"""Where a plate is: the gallery measures its room, not its colours."""
MOVEMENTS = ("arms-up", "fists", "fingers", "squat", "knee-up", "head-left", "head-right", "bend")


def _examination() -> tuple[Sample, ...]:
    chrome = _exam()
    asked = QuestionPage(
        "您有影响肢体活动的神经系统疾病吗？",
        "Do you have a disease of the nerves that affects how you move?",
        "机动车驾驶证申领和使用规定 第十四条、第十五条",
        8,
        12,
    )
    letter = ChartPage(ChartStage.LETTER, Eye.RIGHT, 3, grid(Opening.LEFT), 8)
    figures = "23456789"
    return (
        Sample("question", asked, chrome),
        *(Sample(f"height-{stage.value}", HeightPage(stage), chrome) for stage in HeightStage),
        Sample("chart-cover", ChartPage(ChartStage.COVER, Eye.LEFT), chrome),
        Sample("chart-letter", letter, chrome),
        Sample("chart-coarsest", replace(letter, stroke_px=31), chrome),
        Sample("chart-nearer", ChartPage(ChartStage.NEARER, Eye.RIGHT, 3), chrome),
        Sample("chart-farther", ChartPage(ChartStage.FARTHER, Eye.RIGHT, 3), chrome),
        Sample("plate-show-how", PlatePage(PlateStage.SHOW_HOW, _DISC, figures), chrome),
        Sample("plate-solved", PlatePage(PlateStage.SOLVED, _DISC, figures, figure="5"), chrome),
        Sample("plate", PlatePage(PlateStage.PLATE, _DISC, figures, 2, 6), chrome),
        *(Sample(f"tone-{stage.value}", TonePage(stage, 2, 8), chrome) for stage in ToneStage),
        *(
            Sample(f"movement-{name}", MovementPage(MovementStage.SHOW_HOW, name, index, len(MOVEMENTS)), chrome)
            for index, name in enumerate(MOVEMENTS)
        ),
        Sample("movement-hold", MovementPage(MovementStage.HOLD, "squat", 3, 8), chrome, Live(seconds_left=2)),
    )


CLOSING_TOPICS = (
    "closing-shown",
    "closing-namesakes",
    "closing-reported-lost",
    "closing-temporary",
    "closing-looked-up",
    "closing-no-traffic-file",
    "closing-certificate",
    "closing-record-accepted",
    "closing-crossings",
    "closing-pass-endorsed",
    "closing-endorse-at-window",
    "closing-endorse-not-written",
    "closing-endorse-spoiled",
    "closing-endorse-pending",
    "closing-pass-another-pass",
    "closing-pass-unreadable",
    "closing-pass-not-taken",
    "closing-pass-retained",
    "closing-pass-stuck",
    "closing-pass-held",
    "closing-travel-shown",
    "closing-no-travel-file",
    "closing-collected",
    "closing-collected-unread",
    "closing-decided",
    "closing-paid",
    "closing-left-unpaid",
    "closing-applied",
    "closing-applied-by-slip",
    "closing-not-applied",
    "closing-objection",
    "closing-not-now",
    "closing-pending",
    "closing-pre-registered",
    "closing-unsettled",
    "closing-reviewed",
    "closing-plate",
    "closing-plate-at-window",
    "closing-plate-by-slip",
    "closing-travel-applied",
    "closing-travel-by-slip",
    "closing-residence-registration",
    "closing-residence-permit",
    "closing-endorsed",
    "closing-exam-sent",
    "closing-exam-held",
    "closing-mark-issued",
    "closing-mark-printed",
    "closing-licence-applied",
    "closing-licence-by-slip",
    "closing-fine-paid",
    "closing-fine-by-slip",
    "closing-paid-elsewhere",
    "closing-no-fines",
    "closing-nothing-due",
    "closing-nothing-waiting",
    "closing-refused",
    "closing-needs-a-person",
    "closing-given-back",
    "closing-not-opened",
    "closing-not-fetched",
    "closing-document-retained",
    "closing-left-open",
    "closing-document-in-doubt",
    "closing-old-card-held",
    "closing-in-doubt",
    "closing-left",
)
"""Every ending a flow may name."""


def _closings() -> tuple[Sample, ...]:
    chrome = Chrome("HZ01", Phase.FINISH, _ALL_PHASES, 0, can_leave=False, simulated=True)
    details = (("ready_by", "2026-12-20"), ("collect_site", "示例派出所"), ("amount", "19.50"))
    take = ("id-card", "receipt")
    plain = tuple(Sample(topic, ClosingPage(topic, "A1B2C3D4", take=take), chrome) for topic in CLOSING_TOPICS)
    everything = ("new-card", "old-card", "page", "receipt")
    return (
        *plain,
        Sample(
            "closing-details",
            ClosingPage("closing-applied", "A1B2C3D4", (*details, ("qr", _CODE)), ("receipt",)),
            chrome,
        ),
        Sample("closing-take-all", ClosingPage("closing-collected", "A1B2C3D4", (), everything), chrome),
        Sample(
            "closing-still-here",
            ClosingPage("closing-collected", "A1B2C3D4", (("still-here", "passport"),), ("new-card", "receipt")),
            replace(chrome, service="HZ02"),
        ),
        Sample("closing-unprinted", ClosingPage("closing-applied", "A1B2C3D4", details, printed=False), chrome),
        Sample("closing-fine-unpaid", ClosingPage("closing-left-unpaid", "D1"), replace(chrome, service="JG01")),
        Sample("closing-fine-left", ClosingPage("closing-left-unpaid", "D1"), replace(chrome, service="JG02")),
        Sample("closing-pending-loss", ClosingPage("closing-pending", "D1"), replace(chrome, service="HZ03")),
        Sample("closing-temporary-unpaid", ClosingPage("closing-left-unpaid", "D1"), replace(chrome, service="HZ05")),
        Sample("rating", RatingPage(), chrome),
        Sample("rating-slip", RatingPage(slip=True), chrome),
        Sample("closing-nothing", ClosingPage("closing-nothing-due"), chrome),
    )


BACK_FACTS = (
    ("back-paid", "20 元"),
    ("back-refunded", "20 元"),
    ("back-payment-unsettled", "D0000000001"),
    ("back-not-paid", ""),
    ("back-old-card-held", "7"),
    ("back-old-card-returned", ""),
    ("back-old-card-in-doubt", ""),
    ("back-pass-held", "P-0A1B2C3D-1"),
    ("back-pass-returned", ""),
    ("back-pass-in-doubt", "P-0A1B2C3D-1"),
    ("back-endorsed", ""),
    ("back-endorse-not-written", ""),
    ("back-endorse-in-doubt", ""),
    ("back-new-card-waiting", ""),
    ("back-new-card-taken", ""),
    ("back-new-card-in-doubt", ""),
    ("back-new-card-retained", ""),
    ("back-filed", "A1B2C3D4"),
    ("back-not-filed", ""),
    ("back-pending", "A1B2C3D4"),
    ("back-decided", "A1B2C3D4"),
    ("back-printed", ""),
    ("back-not-printed", ""),
    ("back-print-in-doubt", ""),
    ("back-not-printed-ask", ""),
    ("back-print-in-doubt-ask", ""),
    ("back-reprinted", ""),
    ("back-reprint-failed", ""),
    ("back-nothing", ""),
)
"""Every fact an interrupted visit may leave, with a value where it takes one."""


_OUT_OF_SERVICE = Chrome(service="MAINTENANCE", can_leave=False, simulated=True)
_TASK = Chrome("MT03", Phase.DETAILS, (Phase.DETAILS, Phase.CONFIRM), 3, can_leave=False, simulated=True)
_OFFERED = ("MT04", "more", "MT06")
_CHECK = Chrome("MT04", Phase.DETAILS, (Phase.DETAILS, Phase.CONFIRM, Phase.FINISH), 10, simulated=True)
_SAID: dict[str, tuple[tuple[str, str], ...]] = {
    "receipt-printer": (),
    "page-printer": (),
    "endorsement-writer": (("fact-run", "fact-run-well"),),
    "plate-printer": (("fact-run", "fact-run-well"),),
    "dispenser": (("fact-run", "fact-run-well"),),
    "document-reader": (("fact-sensed", "fact-chip-answered"),),
    "id-reader": (("fact-sensed", "fact-card-read"),),
    "fingerprint": (("fact-quality", "84"),),
    "scanner": (("fact-characters", "24"),),
    "locker": (
        ("fact-door", "3"),
        ("fact-sensed", "fact-door-went"),
        ("fact-doors-shut", "24 / 24"),
    ),
    "audio": (("fact-level", "level-reset"), ("fact-headset", "headset-notPresent")),
    "help-button": (("fact-sensed", "fact-pressed"),),
    "presence": (("fact-distance", "85 cm"),),
}
_DONE_BY_HAND = ("id-reader", "document-reader", "locker", "fingerprint", "scanner", "help-button", "presence")
_CABINET = replace(
    _TASK, service="MT01", phases=(Phase.DETAILS, Phase.CONFIRM, Phase.FINISH), minutes_left=10, can_leave=True
)
_ROWS = (
    DeviceRow(
        "receipt-printer",
        Standing.OUT,
        "defect-receipt-printer-paperOut",
        NOW,
        ("HZ01", "HZ02", "JG01", "JG02"),
        (("paper", "out", None),),
    ),
    DeviceRow("page-printer", Standing.LOW, left=(("paper", "full", 12), ("toner", "low", None))),
    DeviceRow("camera", Standing.OUT, "defect-camera-sourceLost", NOW, ("HZ01",)),
    DeviceRow("endorsement-writer", Standing.CHECKING),
    DeviceRow("locker", Standing.LOW, "defect-locker-door-stuck", NOW, place="7"),
    *(
        DeviceRow(name, Standing.WORKS)
        for name in (
            "id-reader",
            "fingerprint",
            "ups",
            "exam-booth",
            "scanner",
            "plate-printer",
            "document-reader",
            "key-switch",
        )
    ),
)


_LISTS = ("visits", "number", "documents", "devices", "staff", "settings", "program", "day")


def _records() -> tuple[Sample, ...]:
    chrome = replace(_TASK, service="MT10")
    menu = (*_LISTS, "export-stick", "export-server")
    rows = tuple(RecordRow(one, f"records-{one}", "span-today" if one == "day" else "") for one in menu)
    marks = ((RowMark.GOOD, "finished"), (RowMark.NOTE, "stopped"), (RowMark.BAD, "in-doubt"))
    visits = tuple(
        RecordRow(
            f"C{n}", f"service-{code}", f"visit-{how}", (("case", "7Q8RB3ZK"), ("subject", "3fa9c1")), NOW, mark
        )
        for n, (code, (mark, how)) in enumerate(zip(("HZ02", "JG01", "CRJ01"), marks, strict=True))
    )
    evidence = (("certainty", "sensed"), ("board", "1"), ("compartment", "7"), ("grant", "0c4f" * 3))
    steps = (
        RecordRow("", "event-case-opened", "", (("service", "HZ02"),), NOW),
        RecordRow("", "effect-take-in", "effect-state-started", evidence, NOW),
        RecordRow("", "effect-take-in", "effect-state-done", (("number", "P-0A1B2C3D-1"),), NOW, RowMark.GOOD),
        RecordRow("", "effect-print", "effect-state-in-doubt", (("device", "receipt-printer"),), NOW, RowMark.BAD),
        RecordRow("", "event-case-closed", "", (("how", "in-doubt"),), NOW),
    )
    about = (("what", "records-visits"), ("span", "span-today"), ("n", "3"))
    visit = (("case", "7Q8RB3ZK"), ("service", "service-HZ02"), ("how", "visit-in-doubt"))
    lacks = (RecordRow("", "stick-lacks-noexec", "", (), None, RowMark.BAD),)
    return (
        Sample("records-menu", RecordsPage("records-menu", rows, ("enough-seen",)), chrome),
        Sample("records-list", RecordsPage("records-list", visits, ("list-back",), about), chrome),
        Sample("records-visit", RecordsPage("records-visit", steps, ("list-back",), visit), chrome),
        Sample("records-stick", RecordsPage("stick-unsafe", lacks, ("cannot", "look-again")), chrome),
        *_settings(),
        *_doubts(),
        Sample("records-number", StaffKeyPage(StaffAsks.REFERENCE), chrome),
        *_line(),
    )


_PATH_FACTS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("source", "10.24.3.117"),),
    (("host", "headquarters.kundulun.example"), ("found", "10.24.0.20, 10.24.0.21, 10.24.0.22")),
    (("offset", "+0 s"),),
    (("version", "TLSv1.3"), ("server-days", "212"), ("own-days", "3")),
    (("status", "200"),),
    (("status", "200"),),
)
_PATH_STEPS = ("address", "name", "time", "tls", "server", "sign-on")


def _path(gone: int, mark: RowMark) -> tuple[RecordRow, ...]:
    """So many steps gone; the last one is marked so."""
    words = {RowMark.GOOD: "verdict-works", RowMark.NOTE: "verdict-note", RowMark.BAD: "verdict-fails"}
    marks = [RowMark.GOOD] * (gone - 1) + [mark]
    rows = [
        RecordRow("", f"path-step-{step}", words[one], facts, None, one)
        for step, facts, one in zip(_PATH_STEPS, _PATH_FACTS, marks, strict=False)
    ]
    return (*rows, *(RecordRow("", f"path-step-{step}", "path-not-gone") for step in _PATH_STEPS[gone:]))


def _line() -> tuple[Sample, ...]:
    """The line to headquarters: whole, ending early, and with the most to say; and an enrolment."""
    path, enrol = replace(_TASK, service="MT21"), replace(_TASK, service="MT22")
    ways = ("look-again", "enough-seen")
    ends = (("whole", _path(6, RowMark.GOOD)), ("own-soon", _path(6, RowMark.GOOD)))
    ends += (("no-route", _path(1, RowMark.BAD)), ("server-chain", _path(4, RowMark.BAD)))
    return (
        *(Sample(f"path-{why}", RecordsPage(f"path-{why}", rows, ways), path) for why, rows in ends),
        Sample("enrolment", StaffKeyPage(StaffAsks.ENROLMENT), enrol),
        Sample("enrol-done", RecordsPage("enrol-done", (), ("enough-seen",), (("until", "2026-11-29"),)), enrol),
        Sample("enrol-code", RecordsPage("enrol-code", (), ("try-again", "enough-seen")), enrol),
    )


def _doubts() -> tuple[Sample, ...]:
    chrome = replace(_TASK, service="MT12")
    evidence = (("device", "receipt-printer"), ("counter", "17"), ("stage 1", "sent (sensed)"))
    known = (("case", "7Q8RB3ZK"), ("service", "service-HZ10"))
    listed = (
        RecordRow("effect/1", "effect-print", "doubt-effect", (*known, *evidence), NOW, RowMark.BAD),
        RecordRow(
            "document/2",
            "event-document-without-case",
            "doubt-document",
            (("device", "dispenser"), ("result", "retained")),
            NOW,
            RowMark.BAD,
        ),
    )
    asked = (
        RecordRow("", "effect-print", "doubt-effect", known, NOW, RowMark.BAD),
        *(RecordRow("", f"detail-{name}", text) for name, text in evidence),
        *(RecordRow(word, f"verdict-effect-{word}") for word in ("done", "not-done", "not-sure")),
    )
    more = tuple(RecordRow(code, f"task-{code}") for code in ("MT10", "MT11", "MT12", "MT13", "MT20", "MT21", "MT22"))
    inside = (("in-bin", "2"),)
    bins = tuple(RecordRow(device, f"device-{device}", "", inside) for device in ("dispenser", "endorsement-writer"))
    return (
        Sample("bins", RecordsPage("bins", bins, ("enough-seen",)), replace(chrome, service="MT13")),
        Sample("bin-count", StaffKeyPage(StaffAsks.BIN_COUNT, challenge="004170"), replace(chrome, service="MT13")),
        Sample("tasks-more", RecordsPage("tasks-more", more, ("list-back",)), _OUT_OF_SERVICE),
        Sample("doubts", RecordsPage("doubts", listed, ("enough-seen",)), chrome),
        Sample("doubts-none", RecordsPage("doubts-none", (), ("enough-seen",)), chrome),
        Sample("doubt-asked", RecordsPage("doubt-asked", asked, ("enough-seen",), (("who", "004170"),)), chrome),
    )


def _settings() -> tuple[Sample, ...]:
    chrome = replace(_TASK, service="MT11", phases=(Phase.DETAILS,))
    sets = (("set", "14"), ("set-before", "13"))
    menu = tuple(
        RecordRow(one, f"settings-{one}", "", sets if one == "sets" else ())
        for one in ("own", "changed", "all", "sets")
    )
    own = tuple(
        RecordRow(key, f"own-{key}", text, (("source", f"source-{source}"),), None, mark)
        for key, text, source, mark in (
            ("appearance-night-from", "20", "machine", RowMark.NOTE),
            ("timeouts-idle", "60.0", "packaged", RowMark.PLAIN),
            ("maintenance-corners", "held", "station", RowMark.PLAIN),
        )
    )
    file = ("file", "profiles/all-in-one.toml")
    values = (
        RecordRow("display", "display"),
        RecordRow("", "duty_telephone", "0472-0000000", (("source", "source-station"), ("file", "station.toml"))),
        RecordRow("", "services", '["HZ01", "HZ02", "HZ03"]', (("source", "source-profile"), file)),
    )
    standing = (
        RecordRow("", "settings-set-in-force", "14", (), None, RowMark.GOOD),
        RecordRow("", "settings-set-before", "13"),
        RecordRow("", "settings-set-refused", "12", (("why", "health: device:locker"),), None, RowMark.NOTE),
        RecordRow("set-back", "settings-set-back"),
    )
    sure = (RecordRow("yes", "settings-set-back"),)
    about = (("set", "14"), ("before", "13"))
    hours = tuple(RecordRow(str(n), str(n), "settings-now" if n == 20 else "") for n in range(17, 24))
    what = (("what", "own-appearance-night-from"),)
    return (
        Sample("settings-menu", RecordsPage("settings-menu", menu, ("enough-seen",)), chrome),
        Sample("settings-own", RecordsPage("settings-own", own, ("list-back",)), chrome),
        Sample("settings-choose", RecordsPage("settings-choose", hours, ("list-back",), what), chrome),
        Sample("settings-all", RecordsPage("settings-all", values, ("list-back",)), chrome),
        Sample("settings-sets", RecordsPage("settings-sets", standing, ("list-back",)), chrome),
        Sample("settings-sure", RecordsPage("settings-set-back-sure", sure, ("list-back",), about), chrome),
        Sample("settings-put", RecordsPage("settings-put", (), ("list-back",)), chrome),
    )


def _measured() -> tuple[Sample, ...]:
    """What is adjusted on the spot, measured."""
    chrome = Chrome("MT20", Phase.CONFIRM, (Phase.DETAILS, Phase.CONFIRM), 3, simulated=True)
    pitch = (
        ("fact-pitch-set", "0.3113 mm"),
        ("fact-pitch-found", "0.3127 mm"),
        ("fact-off-by", "0.45 %"),
        ("fact-colours", "colours-yes"),
    )
    dead = (
        ("fact-touched", "26 / 28"),
        ("fact-drift", "4.2 mm"),
        ("fact-drift-where", "4-7"),
        ("fact-dead", "1-1, 2-1"),
    )
    due = (
        ("height", "calibration-height", "calibration-over"),
        ("camera-aim", "calibration-camera-aim", "2026-12-01"),
        ("display-size", "calibration-display-size", "2027-11-22"),
        ("enough-adjusted", "enough-adjusted", ""),
    )
    booths, cameras = ("height", "distance"), ("camera-aim", "camera-exposure")
    gauge = (("fact-gauge", "850 mm"),)
    return (
        Sample("which-adjusted", ChoosePage("which-adjusted", due), chrome),
        Sample("display-size", DisplayPage(DisplayStage.SIZE, 275, 85.6), chrome),
        Sample("display-colours", DisplayPage(DisplayStage.COLOURS, 275, 85.6), chrome),
        Sample("touch-targets", TouchPage(4, 7), chrome),
        *(Sample(f"measure-{w}", MeasurePage(w, MeasureStage.LOOK), chrome) for w in cameras),
        *(Sample(f"measure-{w}", MeasurePage(w, MeasureStage.DO, gauge), chrome) for w in booths),
        Sample("measured-within", MeasurePage("display-size", MeasureStage.RESULT, pitch, within=True), chrome),
        Sample("measured-off", MeasurePage("touch", MeasureStage.RESULT, dead), chrome),
    )


def _staff() -> tuple[Sample, ...]:
    plain = Chrome(can_leave=False, simulated=True)
    keys = (
        ("staff-pin", StaffKeyPage(StaffAsks.PIN)),
        ("staff-pin-wrong", StaffKeyPage(StaffAsks.PIN, StaffTry.WRONG)),
        ("staff-pin-wait", StaffKeyPage(StaffAsks.PIN, StaffTry.WAIT)),
        ("staff-pin-closed", StaffKeyPage(StaffAsks.PIN, StaffTry.CLOSED)),
        ("staff-number", StaffKeyPage(StaffAsks.NUMBER)),
        ("staff-code", StaffKeyPage(StaffAsks.CODE, challenge="40713862")),
    )
    defect = "defect-page-printer-paperJammed"
    well = tuple((name, "works", "") for name in ("headquarters", "clock", "disk", "books", "id-reader", "locker"))
    return (
        *(Sample(f"staff-card-{stage.value}", StaffCardPage(stage), plain) for stage in StaffStage),
        Sample("staff-card-by-code", StaffCardPage(StaffStage.READER_AWAY, by_code=True), plain),
        *(
            Sample(name, state, plain, Live(seconds_left=30) if state.last is StaffTry.WAIT else Live())
            for name, state in keys
        ),
        Sample(
            "overview-loader",
            OverviewPage(_ROWS[4:], "", ("MT01", "more", "MT06"), ("004172",), NOW, "task-loaded"),
            _OUT_OF_SERVICE,
        ),
        Sample("overview", OverviewPage(_ROWS, "receipt-printer", _OFFERED, ("004170",), NOW), _OUT_OF_SERVICE),
        Sample(
            "overview-well",
            OverviewPage(_ROWS[4:], "", _OFFERED, ("004170",), NOW, "task-seen"),
            _OUT_OF_SERVICE,
        ),
        Sample("mend", MendPage("page-printer", defect, ("open", "pull", "close")), _TASK),
        Sample("mend-not-yet", MendPage("page-printer", defect, ("open", "pull", "close"), 2), _TASK),
        Sample(
            "mend-paper",
            MendPage("receipt-printer", "defect-receipt-printer-paperOut", ("open", "put", "close")),
            _TASK,
        ),
        Sample("mend-away", MendPage("fingerprint", "defect-some-powerOff", ("cable",)), _TASK),
        Sample(
            "mend-machine",
            MendPage("plate-printer", "defect-plate-printer-mediaUnverified", ("clean", "call")),
            _TASK,
        ),
        Sample("mend-wait", MendPage("camera", "defect-camera-processHung", ("wait", "call")), _TASK),
        Sample(
            "mend-stuck-door",
            MendPage("locker", "defect-locker-door-stuck", ("open", "pull", "close"), 0, "door", "7", (24, 4)),
            _TASK,
        ),
        Sample(
            "mend-door-open",
            MendPage("locker", "defect-locker-door-open", ("close",), place="7", cabinet=(24, 4)),
            _TASK,
        ),
        Sample(
            "mend-rollers",
            MendPage("page-printer", "defect-page-printer-rollers-dirty", ("open", "clean", "close"), 0, "trial"),
            _TASK,
        ),
        Sample(
            "mend-head",
            MendPage(
                "receipt-printer", "defect-receipt-printer-rollers-dirty", ("open", "clean", "close"), 1, "trial"
            ),
            _TASK,
        ),
        Sample(
            "mend-aim",
            MendPage("camera", "defect-camera-aim-off", ("open", "turn", "close"), 0, "measure"),
            _TASK,
        ),
        Sample("mend-reader", MendPage("id-reader", "defect-id-reader-surface-dirty", ("clean",), 0, "trial"), _TASK),
        *_records(),
        *(Sample(f"try-out-{name}", TryOutPage(name, True, said), _CHECK) for name, said in _SAID.items()),
        *(Sample(f"do-{name}", TryOutPage(name, False), _CHECK) for name in _DONE_BY_HAND),
        *_measured(),
        *_loading(),
        Sample("hand-back", HandBackPage(well, (), 2.4), _TASK),
        Sample(
            "hand-back-some-out",
            HandBackPage((("receipt-printer", "fails", "defect-receipt-printer-paperOut"), *well), ("HZ01",), 2.4),
            _TASK,
        ),
    )


def _loading() -> tuple[Sample, ...]:
    lay = LoadPage(LoadStage.LAY, 3, 1, 12, "loaded", False, 18, 3)
    put = replace(lay, stage=LoadStage.PUT, compartment=9, last="")
    take = UnloadPage(UnloadStage.TAKE, 2, 5, "expired", "id-card", 7, 18, 3)
    putting = (LoadStage.OPENING, LoadStage.PUT, LoadStage.STILL_OPEN)
    reasons = tuple((r, f"loading-{r}", "") for r in ("twice", "missing", "other"))
    return (
        *(
            Sample(f"load-{last or 'first'}", replace(lay, last=last), _CABINET)
            for last in ("", "loaded", "elsewhere", "here", "count-differs")
        ),
        Sample("load-kept-list", replace(lay, kept=True), _CABINET),
        Sample("load-reading", replace(lay, stage=LoadStage.READING, last=""), _CABINET),
        Sample("load-again", replace(lay, stage=LoadStage.AGAIN, last=""), _CABINET),
        *(Sample(f"load-{stage.value}", replace(put, stage=stage), _CABINET) for stage in putting),
        Sample("load-passport", replace(put, document="passport"), _CABINET),
        *(Sample(f"unload-{stage.value}", replace(take, stage=stage), _CABINET) for stage in UnloadStage),
        Sample("unload-old-card", replace(take, why="recovered", document="old-card", compartment=18), _CABINET),
        Sample("staff-count", StaffKeyPage(StaffAsks.COUNT), _CABINET),
        Sample("loading-difference", ChoosePage("loading-difference", reasons, ""), _CABINET),
    )


def _around() -> tuple[Sample, ...]:
    chrome = _apply(Phase.DETAILS)
    few, rest = BACK_FACTS[:3], BACK_FACTS[3:]
    return (
        Sample("welcome-back", WelcomeBack(NOW, few, "A1B2C3D4", reprint=True), chrome),
        Sample("welcome-back-other", WelcomeBack(NOW, rest[:5], "A1B2C3D4", reprint=False), chrome),
        Sample("welcome-back-filed", WelcomeBack(NOW, rest[5:9], "A1B2C3D4", reprint=True), chrome),
        Sample("welcome-back-pass", WelcomeBack(NOW, rest[9:13], "A1B2C3D4", reprint=True), chrome),
        Sample("welcome-back-printed", WelcomeBack(NOW, rest[13:18], "A1B2C3D4", reprint=True), chrome),
        Sample("welcome-back-asked", WelcomeBack(NOW, rest[18:22], "A1B2C3D4", reprint=True), chrome),
        Sample("welcome-back-reprinted", WelcomeBack(NOW, rest[22:], "A1B2C3D4", reprint=True), chrome),
        Sample("help", HelpPage(NOW, unanswered=False), chrome),
        Sample("help-unanswered", HelpPage(NOW, unanswered=True), chrome),
        Sample("help-handed", HelpPage(NOW, False, ("请慢慢说。" * 16,), "B26112200000017"), chrome),
        Sample("help-answered", HelpPage(NOW, False, ("您好，我是值班民警。", "请慢慢说。" * 16)), chrome),
        Sample("help-spoken", HelpPage(NOW, False, spoken=True), chrome, Live(officer=True)),
        Sample("officer-speaks", FormPage("form-apply", _PHONE, 3, 5), chrome, Live(officer=True)),
        Sample("leave", LeavePage(()), chrome),
        Sample("leave-loses", LeavePage(("loses-answers", "loses-portrait", "loses-signature")), chrome),
        Sample("more-time", FormPage("form-apply", _PHONE, 3, 5), chrome, Live(more_time=45)),
        Sample("more-time-last", FormPage("form-apply", _PHONE, 3, 5), chrome, Live(more_time=1)),
    )
