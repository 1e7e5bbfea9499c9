"""People who do not exist: one deterministic population for the simulated world and the sandbox of headquarters.

`population(key)` is pure: equal keys give equal people on every machine. The two processes that need the same people
share the key, not the people: it lies as JSON (`PopulationKey.to_json`) in `population.json` of the state directory,
written once by whichever process comes first and read by the other.

What a person is good for is a `Situation`, fixed by index and independent of the seed, so that a test can ask for
`people.find(Situation.CARD_FINISHED_RENEWAL)`. Where there are several of one, the last bears a name with a dot.
Numbers carry valid check characters (GB 11643) and regions of Baotou (GB/T 2260); names, addresses, telephones and
plates are made up. Validity of cards follows the age at issue (Resident Identity Card Law art. 5).
"""

from __future__ import annotations

import enum
import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone

from kiosk.people.id_card import CardKind, IdCard
from kiosk.people.id_number import IdNumber, Sex, check_character
from kiosk.people.money import Money
from kiosk.people.records import FinishedCard, Ground
from kiosk.people.traffic import LicenceFile, MedicalReport, Owner, VehicleFile
from kiosk.people.vehicle import DrivingLicence, LicenceClass, LicenceStatus, Plate, PlateKind, Vehicle, Violation

BEIJING = timezone(timedelta(hours=8))
"""China Standard Time, without summer time."""

CAST = ("1027", "1031", "1122", "1129", "1181", "1244", "1263", "1270", "1278", "1314", "1317", "1328")
"""The drawn faces of assets/simulation/faces: cast_NNNN.jpg as seen by a camera, chip_NNNN.jpg as on the card."""

PHOTO_MAGIC = b"KIOSK-SIM-PHOTO\0"
PHOTO_BYTES = 1024
TEMPLATE_BYTES = 512
TEMPLATE_IDENTITY_BYTES = 64

COMPARTMENTS = 24
"""Compartments of board 1, where finished cards lie from compartment 1 upwards; the rest is empty."""

HERE = "kiosk-0001"
"""Site of finished cards that lie in this terminal."""

ELSEWHERE = "kundulun-hall"
"""Site of finished cards that lie somewhere else."""


class Finger(enum.IntEnum):
    """Finger positions as coded on identity cards (GA/T 1011: 11-15 right hand, 16-20 left hand)."""

    RIGHT_THUMB = 11
    RIGHT_INDEX = 12
    RIGHT_MIDDLE = 13
    RIGHT_RING = 14
    RIGHT_LITTLE = 15
    LEFT_THUMB = 16
    LEFT_INDEX = 17
    LEFT_MIDDLE = 18
    LEFT_RING = 19
    LEFT_LITTLE = 20


class Situation(enum.Enum):
    """What a person is in the world for; one each, fixed by index."""

    CARD_FINISHED_RENEWAL = "card-finished-renewal"
    """New card in this terminal, old card in the hand, to be handed in."""
    CARD_FINISHED_LOSS = "card-finished-loss"
    """New card in this terminal, no card in the hand."""
    CARD_FINISHED_DAMAGE = "card-finished-damage"
    """New card in this terminal; the old card's chip does not answer any more."""
    CARD_BEING_MADE = "card-being-made"
    CARD_AT_ANOTHER_SITE = "card-at-another-site"
    CARD_BLOCKED = "card-blocked"
    """The NEW card was reported lost or frozen."""
    CARD_REPORTED_LOST = "card-reported-lost"
    """The card in the hand was reported lost by its holder."""
    RENEWAL_DUE = "renewal-due"
    """Expires within three months."""
    RENEWAL_EXPIRED = "renewal-expired"
    RENEWAL_TOO_EARLY = "renewal-too-early"
    RENEWAL_CASE_OPEN = "renewal-case-open"
    """Expires soon, and an application is already under way."""
    CARD_LOST = "card-lost"
    """Lost the card yesterday; eligible for a replacement by number."""
    CARD_LOST_NO_FINGERS = "card-lost-no-fingers"
    """As above, but no fingerprints in the population library."""
    UNDER_16 = "under-16"
    OTHER_PROVINCE = "other-province"
    VIOLATION_SIMPLE = "violation-simple"
    """One own car, records of up to 200 yuan, far from twelve points."""
    VIOLATION_NEW_ENERGY = "violation-new-energy"
    VIOLATION_SEVERAL_VEHICLES = "violation-several-vehicles"
    """An own car and one registered to the person as its driver, records on both."""
    VIOLATION_GENERAL_PROCEDURE = "violation-general-procedure"
    """Only records that two officers must decide."""
    VIOLATION_TWELVE_POINTS = "violation-twelve-points"
    """Nine points already; every record would reach twelve."""
    LICENCE_WITHHELD = "licence-withheld"
    LICENCE_SUSPENDED = "licence-suspended"
    LICENCE_EXPIRED = "licence-expired"
    LICENCE_CANCELLED = "licence-cancelled"
    NO_LICENCE = "no-licence"
    NO_VIOLATIONS = "no-violations"
    RARE_NAME = "rare-name"
    """A name with characters outside GBK or the basic plane; card due, car with records."""
    FACE_ONLY = "face-only"
    """A valid card without fingerprints on the chip."""
    LONG_TERM = "long-term"
    HONG_KONG_MACAO_TAIWAN = "hmt"
    FOREIGNER_2017 = "foreigner-2017"
    FOREIGNER_2023 = "foreigner-2023"
    ORDINARY = "ordinary"
    FINE_UNPAID = "fine-unpaid"
    """A decided fine, still in time; every second person has two."""
    FINE_OVERDUE = "fine-overdue"
    """Late: by ten days, or by so long that the surcharge has reached the fine."""
    FINE_PART_PAID = "fine-part-paid"
    """Late, and part of it was paid at a bank."""
    FINE_PAID = "fine-paid"
    """Paid at a bank in time."""
    LICENCE_RENEWAL_DUE = "licence-renewal-due"
    """A driving licence that expires within ninety days, and a fresh medical report."""
    LICENCE_NO_REPORT = "licence-no-report"
    """As above, without a report; and a pass as below whose endorsements are used up."""
    LICENCE_OLD_REPORT = "licence-old-report"
    """As above, with a report that is not valid any more."""
    LICENCE_VIOLATIONS = "licence-violations"
    """As above, and records of surveillance nobody dealt with."""
    REVIEW_DUE = "review-due"
    """A licence of class B2 and D, points in the cycle that just ended, and the study done."""
    REVIEW_NO_STUDY = "review-no-study"
    SENIOR_DRIVER = "senior-driver"
    """Over seventy, with this year's medical report."""
    SENIOR_NO_REPORT = "senior-no-report"
    VEHICLE_EXEMPT = "vehicle-exempt"
    """An own car of two years whose mark runs out soon; insured, tax paid."""
    VEHICLE_NOT_INSURED = "vehicle-not-insured"
    VEHICLE_TO_INSPECT = "vehicle-to-inspect"
    """An own car that must be inspected this year."""
    VEHICLE_OF_COMPANY = "vehicle-of-company"
    ENDORSEMENT_DUE = "endorsement-due"
    """An electronic pass for Hong Kong and Macao whose endorsements are used up."""
    ENDORSEMENT_LEFT = "endorsement-left"
    """As above, with one journey to Hong Kong left."""
    ENDORSEMENT_SLOW = "endorsement-slow"
    """As due; the approval takes longer than anybody stands at a machine."""
    ENDORSEMENT_DECLINED = "endorsement-declined"
    """As due; the approval sends them to the window."""
    PASS_NOT_ELECTRONIC = "pass-not-electronic"
    PASS_EXPIRED = "pass-expired"
    PASS_LOST = "pass-lost"
    """The pass was reported lost and found again."""
    REGISTERED_STAFF = "registered-staff"
    """登记备案的国家工作人员, with a pass that is due."""
    NOT_TO_EXIT = "not-to-exit"
    """On a list that is never spoken of, with a pass that is due."""
    TAIWAN_DUE = "taiwan-due"
    """An electronic pass for Taiwan whose endorsement is used up."""
    TAIWAN_LEFT = "taiwan-left"
    TRAVELLER = "traveller"
    """A passport in force, and crossings in each of ten years."""
    PASSPORT_EXPIRES = "passport-expires"
    PASSPORT_LOST = "passport-lost"
    """Lost the passport; nobody was told yet."""
    TRAVEL_FINISHED = "travel-finished"
    """A new passport or pass in this terminal, by turns of kind."""
    BOTH_FINISHED = "both-finished"
    """A new identity card and a new passport in this terminal, the old card in the hand."""
    TRAVEL_CASE_OPEN = "travel-case-open"
    """An application for a passport or pass under way, by turns of kind."""
    TRAVEL_AT_ANOTHER_SITE = "travel-at-another-site"
    NEW_CAR = "new-car"
    """Bought a car last week: invoice, certificate, insurance; not registered yet."""
    NEW_CAR_INSURED_SHORT = "new-car-insured-short"
    """As above, with an insurance that ends in twelve days."""
    NEW_CAR_NOT_INSURED = "new-car-not-insured"
    NEW_CAR_PLATED = "new-car-plated"
    """As above, with a temporary plate that is still valid."""
    NEW_CAR_PLATES_USED = "new-car-plates-used"
    """As above, after three temporary plates."""

    NEWCOMER = "newcomer"
    """Registered in another province, here for the first time; no registration of residence yet."""
    NEWCOMER_REGISTERED = "newcomer-registered"
    """As above, registered here two months ago."""
    RESIDENT_HALF_YEAR = "resident-half-year"
    """Registered here eight months ago; lease, contract or school roll on file."""
    RESIDENT_NO_PROOF = "resident-no-proof"
    """As above, with nothing on file."""
    PERMIT_DUE = "permit-due"
    """A residence permit whose full year is within a month."""
    PERMIT_LATE = "permit-late"
    """A residence permit whose full year has passed."""
    PERMIT_TOO_EARLY = "permit-too-early"


_TABLE: tuple[tuple[Situation, int], ...] = (
    (Situation.CARD_FINISHED_RENEWAL, 7),
    (Situation.CARD_FINISHED_LOSS, 4),
    (Situation.CARD_FINISHED_DAMAGE, 1),
    (Situation.CARD_BEING_MADE, 3),
    (Situation.CARD_AT_ANOTHER_SITE, 2),
    (Situation.CARD_BLOCKED, 2),
    (Situation.CARD_REPORTED_LOST, 2),
    (Situation.RENEWAL_DUE, 24),
    (Situation.RENEWAL_EXPIRED, 6),
    (Situation.RENEWAL_TOO_EARLY, 6),
    (Situation.RENEWAL_CASE_OPEN, 3),
    (Situation.CARD_LOST, 18),
    (Situation.CARD_LOST_NO_FINGERS, 3),
    (Situation.UNDER_16, 4),
    (Situation.OTHER_PROVINCE, 4),
    (Situation.VIOLATION_SIMPLE, 30),
    (Situation.VIOLATION_NEW_ENERGY, 8),
    (Situation.VIOLATION_SEVERAL_VEHICLES, 6),
    (Situation.VIOLATION_GENERAL_PROCEDURE, 4),
    (Situation.VIOLATION_TWELVE_POINTS, 4),
    (Situation.LICENCE_WITHHELD, 2),
    (Situation.LICENCE_SUSPENDED, 2),
    (Situation.LICENCE_EXPIRED, 2),
    (Situation.LICENCE_CANCELLED, 2),
    (Situation.NO_LICENCE, 4),
    (Situation.NO_VIOLATIONS, 8),
    (Situation.RARE_NAME, 4),
    (Situation.FACE_ONLY, 3),
    (Situation.LONG_TERM, 6),
    (Situation.HONG_KONG_MACAO_TAIWAN, 3),
    (Situation.FOREIGNER_2017, 2),
    (Situation.FOREIGNER_2023, 2),
    (Situation.ORDINARY, 60),
    (Situation.FINE_UNPAID, 8),
    (Situation.FINE_OVERDUE, 4),
    (Situation.FINE_PART_PAID, 2),
    (Situation.FINE_PAID, 2),
    (Situation.LICENCE_RENEWAL_DUE, 6),
    (Situation.LICENCE_NO_REPORT, 2),
    (Situation.LICENCE_OLD_REPORT, 1),
    (Situation.LICENCE_VIOLATIONS, 2),
    (Situation.REVIEW_DUE, 4),
    (Situation.REVIEW_NO_STUDY, 1),
    (Situation.SENIOR_DRIVER, 4),
    (Situation.SENIOR_NO_REPORT, 1),
    (Situation.VEHICLE_EXEMPT, 4),
    (Situation.VEHICLE_NOT_INSURED, 1),
    (Situation.VEHICLE_TO_INSPECT, 1),
    (Situation.VEHICLE_OF_COMPANY, 1),
    (Situation.ENDORSEMENT_DUE, 8),
    (Situation.ENDORSEMENT_LEFT, 3),
    (Situation.ENDORSEMENT_SLOW, 2),
    (Situation.ENDORSEMENT_DECLINED, 2),
    (Situation.PASS_NOT_ELECTRONIC, 1),
    (Situation.PASS_EXPIRED, 2),
    (Situation.PASS_LOST, 1),
    (Situation.REGISTERED_STAFF, 2),
    (Situation.NOT_TO_EXIT, 2),
    (Situation.TAIWAN_DUE, 6),
    (Situation.TAIWAN_LEFT, 2),
    (Situation.TRAVELLER, 4),
    (Situation.PASSPORT_EXPIRES, 4),
    (Situation.PASSPORT_LOST, 2),
    (Situation.TRAVEL_FINISHED, 4),
    (Situation.TRAVEL_CASE_OPEN, 3),
    (Situation.TRAVEL_AT_ANOTHER_SITE, 1),
    (Situation.NEWCOMER, 4),
    (Situation.NEWCOMER_REGISTERED, 1),
    (Situation.RESIDENT_HALF_YEAR, 6),
    (Situation.RESIDENT_NO_PROOF, 1),
    (Situation.PERMIT_DUE, 6),
    (Situation.PERMIT_LATE, 2),
    (Situation.PERMIT_TOO_EARLY, 1),
    (Situation.NEW_CAR, 3),
    (Situation.NEW_CAR_INSURED_SHORT, 1),
    (Situation.NEW_CAR_NOT_INSURED, 1),
    (Situation.NEW_CAR_PLATED, 1),
    (Situation.NEW_CAR_PLATES_USED, 1),
    (Situation.BOTH_FINISHED, 1),
)

_COUNTS = dict(_TABLE)
SIZE = sum(_COUNTS.values())
"""How many people a population holds (363)."""


class ViolationKind(enum.Enum):
    """Behaviours met by cameras, by code as of 2022-04-01 where known; headquarters holds the dated texts."""

    PARKING = "1039"
    PROHIBITION_SIGN = "1116"
    PROHIBITION_LINE = "1117"
    WRONG_LANE = "1208"
    RED_LIGHT = "1625"
    SPEED_20_50 = "1636"
    SPEED_50 = "1721"
    HANDHELD_PHONE = "1223"
    PEDESTRIANS = "1357"
    WRONG_WAY = "1301"
    SEAT_BELT = "1101"


@dataclass(frozen=True, slots=True)
class _Behaviour:
    text: str
    broken: str
    basis: str
    yuan: int
    points: int
    general: bool = False


_LAW = "《中华人民共和国道路交通安全法》"
_RULES = "《中华人民共和国道路交通安全法实施条例》"

_BEHAVIOURS: dict[ViolationKind, _Behaviour] = {
    ViolationKind.PARKING: _Behaviour(
        "机动车违反规定停放、临时停车，驾驶人不在现场，妨碍其他车辆、行人通行的",
        f"{_LAW}第五十六条",
        f"{_LAW}第九十三条第二款",
        100,
        0,
    ),
    ViolationKind.PROHIBITION_SIGN: _Behaviour(
        "驾驶机动车违反禁令标志指示的", f"{_LAW}第三十八条", f"{_LAW}第九十条", 100, 1
    ),
    ViolationKind.PROHIBITION_LINE: _Behaviour(
        "驾驶机动车违反禁止标线指示的", f"{_LAW}第三十八条", f"{_LAW}第九十条", 100, 1
    ),
    ViolationKind.WRONG_LANE: _Behaviour(
        "机动车通过有灯控路口时，不按所需行进方向驶入导向车道的",
        f"{_RULES}第五十一条第一项",
        f"{_LAW}第九十条",
        100,
        0,
    ),
    ViolationKind.RED_LIGHT: _Behaviour(
        "驾驶机动车违反道路交通信号灯通行的", f"{_LAW}第三十八条", f"{_LAW}第九十条", 200, 6
    ),
    ViolationKind.SPEED_20_50: _Behaviour(
        "驾驶机动车行驶超过规定时速百分之二十以上未达到百分之五十的", f"{_LAW}第四十二条", f"{_LAW}第九十条", 200, 3
    ),
    ViolationKind.SPEED_50: _Behaviour(
        "驾驶机动车行驶超过规定时速百分之五十以上的",
        f"{_LAW}第四十二条",
        f"{_LAW}第九十九条第一款第四项",
        1000,
        6,
        True,
    ),
    ViolationKind.HANDHELD_PHONE: _Behaviour(
        "驾驶机动车有拨打、接听手持电话等妨碍安全驾驶的行为的", f"{_RULES}第六十二条第三项", f"{_LAW}第九十条", 100, 3
    ),
    ViolationKind.PEDESTRIANS: _Behaviour(
        "驾驶机动车行经人行横道，遇行人正在通过时未停车让行的", f"{_LAW}第四十七条第一款", f"{_LAW}第九十条", 150, 3
    ),
    ViolationKind.WRONG_WAY: _Behaviour("机动车逆向行驶的", f"{_LAW}第三十五条", f"{_LAW}第九十条", 200, 3),
    ViolationKind.SEAT_BELT: _Behaviour(
        "机动车行驶时，驾驶人未按规定使用安全带的", f"{_LAW}第五十一条", f"{_LAW}第九十条", 50, 1
    ),
}

_REGIONS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "150202": ("包头市东河区", "包头市公安局东河区分局", ("环城路", "南门外大街", "工业北路")),
    "150203": ("包头市昆都仑区", "包头市公安局昆都仑区分局", ("钢铁大街", "阿尔丁大街", "友谊大街", "三八路")),
    "150204": ("包头市青山区", "包头市公安局青山区分局", ("富强路", "幸福路", "文化路", "民主路")),
    "150205": ("包头市石拐区", "包头市公安局石拐区分局", ("喜桂图街", "石拐大街")),
    "150206": ("包头市白云鄂博矿区", "包头市公安局白云鄂博矿区分局", ("矿山路", "通阳道")),
    "150207": ("包头市九原区", "包头市公安局九原区分局", ("建华南路", "沙河大街", "赛汗大街")),
    "150221": ("包头市土默特右旗萨拉齐镇", "土默特右旗公安局", ("敕勒川大街", "振华大街")),
    "150222": ("包头市固阳县金山镇", "固阳县公安局", ("阿拉塔大街", "科尼尔大街")),
    "150223": ("包头市达尔罕茂明安联合旗", "达尔罕茂明安联合旗公安局", ("百灵大街", "草原街")),
}
_REGION_WEIGHTS = (18, 28, 22, 4, 2, 12, 7, 4, 3)
_OTHER_PROVINCES: tuple[tuple[str, str, str], ...] = (
    ("130102", "河北省石家庄市长安区中山东路", "石家庄市公安局长安分局"),
    ("140105", "山西省太原市小店区平阳路", "太原市公安局小店分局"),
    ("610113", "陕西省西安市雁塔区长安中路", "西安市公安局雁塔分局"),
    ("640104", "宁夏银川市兴庆区解放东街", "银川市公安局兴庆区分局"),
)
_PLACES = (
    "钢铁大街与三八路交叉路口",
    "阿尔丁大街与林荫路交叉路口",
    "建设路与富强路交叉路口",
    "友谊大街与民族东路交叉路口",
    "青年路与文化路交叉路口",
    "巴彦塔拉大街与南门外大街交叉路口",
)
_MODELS = ("小型轿车", "小型普通客车", "小型越野客车")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN_MALE = "伟强磊军勇杰涛明超刚平辉鹏建国志宇浩然博文海峰俊凯"
_GIVEN_FEMALE = "芳娜敏静丽艳娟霞秀英玲桂兰婷雪梅琳颖佳慧欣怡倩蕾"
_RARE_NAMES = (("王𠮷", Sex.MALE), ("李㛃", Sex.FEMALE), ("张镕", Sex.MALE), ("赵䶮", Sex.FEMALE))
_DOTTED_NAMES = {
    Sex.MALE: (("叶尔江·努尔兰", "哈萨克"), ("阿卜杜热依木江·麦麦提吐尔逊江", "维吾尔")),
    Sex.FEMALE: (("古丽娜·艾山", "维吾尔"), ("阿依夏木古丽汗·阿卜杜热依木江", "维吾尔")),
}
"""By turns a short one and one that fills the chip's fifteen characters (GA/T 490), with the people they are of."""
_ETHNICITIES = ("汉", "蒙古", "回", "满", "达斡尔", "鄂温克")
_ETHNICITY_WEIGHTS = (80, 12, 3, 3, 1, 1)
_NEW_ENERGY_LETTERS = "DF"
_PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class PopulationKey:
    """Everything a population depends on: the seed, and the day its dates are relative to."""

    seed: int
    as_of: date

    def to_json(self) -> str:
        """One line for `population.json`."""
        return json.dumps({"seed": self.seed, "as_of": self.as_of.isoformat()})

    @staticmethod
    def from_json(text: str) -> PopulationKey:
        """Inverse of `to_json`. Raises ValueError, KeyError or TypeError when the text is something else."""
        data = json.loads(text)
        return PopulationKey(seed=int(data["seed"]), as_of=date.fromisoformat(data["as_of"]))


class CardStage(enum.Enum):
    """Where a card under way is (services.md 6)."""

    BEING_MADE = "being-made"
    WAITING = "waiting"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class NewCard:
    """A card under way or finished. `record` holds board and compartment, 0 and 0 when it is not in this terminal."""

    stage: CardStage
    site: str
    card: IdCard
    record: FinishedCard


@dataclass(frozen=True, slots=True)
class ChipExtras:
    """Fields only some card kinds carry; empty otherwise."""

    english_name: str = ""
    nationality: str = ""
    travel_permit: str = ""
    issues: int = 0


@dataclass(frozen=True, slots=True)
class DecidedFine:
    """A fine decided some time ago. `paid_fen` reached it at a bank, `paid_on` that day."""

    decision: str
    violation: Violation
    pay_by: date
    paid_fen: int
    paid_on: date


@dataclass(frozen=True, slots=True)
class SyntheticPerson:
    """One person: the card on record, and everything headquarters and the world know of them.

    `holds_card` False: the card on record was lost. `chip_answers` False: it is in the hand but its chip is dead.
    `reported_lost`: the card on record is reported lost. `fingers` are the enrolled positions, on the chip and in the
    library. `open_case` is the number of an application under way, or "".
    """

    index: int
    situation: Situation
    card: IdCard
    extras: ChipExtras
    face: str
    fingers: tuple[Finger, ...]
    phone: str
    holds_card: bool
    chip_answers: bool
    reported_lost: bool
    new_card: NewCard | None
    open_case: str
    licence: DrivingLicence | None
    vehicles: tuple[Vehicle, ...]
    violations: tuple[Violation, ...]
    fines: tuple[DecidedFine, ...] = ()
    licence_file: LicenceFile | None = None
    vehicle_files: tuple[VehicleFile, ...] = ()
    report: MedicalReport | None = None

    @property
    def number(self) -> str:
        """The number as it stands on the card."""
        return self.card.number

    def template(self, finger: Finger) -> bytes:
        """The enrolled 512-byte template of one finger (simulated: the first 64 bytes say whose finger it is)."""
        identity = hashlib.sha512(f"finger {self.number} {int(finger)}".encode()).digest()
        return identity + _stretch(f"enrolled {self.number} {int(finger)}", TEMPLATE_BYTES - len(identity))

    def touch(self, finger: Finger, nonce: str) -> bytes:
        """A live touch of the same finger: the same identity, other noise by `nonce`."""
        return self.template(finger)[:TEMPLATE_IDENTITY_BYTES] + _stretch(
            f"live {self.number} {int(finger)} {nonce}", TEMPLATE_BYTES - TEMPLATE_IDENTITY_BYTES
        )

    def photo(self) -> bytes:
        """The chip's 1,024 opaque bytes in simulation; not a WLT picture and not pretending to be one."""
        return chip_photo(self.face)

    def __repr__(self) -> str:
        return f"SyntheticPerson({self.index}, {self.situation.value})"


@dataclass(frozen=True, slots=True)
class Population:
    """All people of one key, by index."""

    key: PopulationKey
    people: tuple[SyntheticPerson, ...]

    def by_number(self, number: str) -> SyntheticPerson | None:
        """The holder of a number, in upper case; None when nobody has it."""
        return next((p for p in self.people if p.number == number), None)

    def all_of(self, situation: Situation) -> tuple[SyntheticPerson, ...]:
        """Everybody in a situation, in order of index."""
        return tuple(p for p in self.people if p.situation is situation)

    def find(self, situation: Situation, nth: int = 0) -> SyntheticPerson:
        """The nth person (from 0) in a situation. Raises IndexError."""
        return self.all_of(situation)[nth]


def chip_photo(face: str) -> bytes:
    """The simulated chip photograph of a cast face."""
    return (PHOTO_MAGIC + face.encode("ascii")).ljust(PHOTO_BYTES, b"\0")


def face_of_photo(photo: bytes) -> str | None:
    """The cast face a simulated chip photograph refers to, or None when it is none of ours."""
    if not photo.startswith(PHOTO_MAGIC):
        return None
    name = photo[len(PHOTO_MAGIC) :].split(b"\0", 1)[0].decode("ascii", "replace")
    return name if name in CAST else None


def same_finger(one: bytes, other: bytes) -> bool:
    """Whether two simulated templates are of the same finger."""
    return (
        len(one) == len(other) == TEMPLATE_BYTES and one[:TEMPLATE_IDENTITY_BYTES] == other[:TEMPLATE_IDENTITY_BYTES]
    )


def valid_years(age_at_issue: int) -> int | None:
    """Years of validity by age at issue, None for long-term (Resident Identity Card Law art. 5)."""
    if age_at_issue < 16:
        return 5
    if age_at_issue < 26:
        return 10
    return 20 if age_at_issue < 46 else None


def case_number(day: date, serial: int) -> str:
    """A case number: 1502, yymmdd, five digits, and a digit that makes the digit sum a multiple of ten."""
    body = f"1502{day:%y%m%d}{serial:05d}"
    return body + str(-sum(map(int, body)) % 10)


def population(key: PopulationKey) -> Population:
    """All people of a key."""
    situations = [situation for situation, count in _TABLE for _ in range(count)]
    occurrences: dict[Situation, int] = {}
    compartments = iter(range(1, COMPARTMENTS + 1))
    people: list[SyntheticPerson] = []
    for index, situation in enumerate(situations):
        nth = occurrences.get(situation, 0)
        occurrences[situation] = nth + 1
        rng = random.Random(f"person {key.seed} {index}")
        people.append(_person(rng, key.as_of, index, situation, nth, compartments))
    return Population(key, tuple(people))


_IN_THIS_TERMINAL = {
    Situation.CARD_FINISHED_RENEWAL: Ground.RENEWAL,
    Situation.CARD_FINISHED_LOSS: Ground.LOSS,
    Situation.CARD_FINISHED_DAMAGE: Ground.DAMAGE,
    Situation.CARD_BLOCKED: Ground.RENEWAL,
    Situation.BOTH_FINISHED: Ground.RENEWAL,
}
BESIDE_THE_PASSPORT = 20
"""Where the card of whoever has both here lies: behind the passports and passes."""
_UNDER_WAY = {Situation.CARD_BEING_MADE, Situation.CARD_AT_ANOTHER_SITE} | set(_IN_THIS_TERMINAL)
_WITHOUT_CARD = {Situation.CARD_FINISHED_LOSS, Situation.CARD_LOST, Situation.CARD_LOST_NO_FINGERS}
_WITHOUT_FINGERS = {Situation.CARD_LOST_NO_FINGERS, Situation.FACE_ONLY, Situation.FOREIGNER_2017, Situation.UNDER_16}
_NAMED_OTHERWISE = {
    Situation.RARE_NAME,
    Situation.HONG_KONG_MACAO_TAIWAN,
    Situation.FOREIGNER_2017,
    Situation.FOREIGNER_2023,
}
_EXPIRES_SOON = {Situation.RENEWAL_DUE, Situation.RENEWAL_CASE_OPEN, Situation.RARE_NAME} | _UNDER_WAY


def _person(
    rng: random.Random, as_of: date, index: int, situation: Situation, nth: int, compartments: Iterator[int]
) -> SyntheticPerson:
    sex = rng.choice((Sex.MALE, Sex.FEMALE))
    name = _name(rng, sex)
    if situation is Situation.RARE_NAME:
        name, sex = _RARE_NAMES[nth % len(_RARE_NAMES)]
    dotted = _DOTTED_NAMES[sex][index % 2] if _is_dotted(situation, nth) else None
    extras = ChipExtras()
    match situation:
        case Situation.HONG_KONG_MACAO_TAIWAN:
            card, extras = _hmt_card(rng, as_of, index, nth, name, sex)
        case Situation.FOREIGNER_2017:
            card, extras = _foreigner_2017(rng, as_of, nth, sex)
        case Situation.FOREIGNER_2023:
            card, extras = _foreigner_2023(rng, as_of, index, nth, sex)
        case _:
            card = _resident_card(rng, as_of, index, situation, name, sex)
            if dotted is not None:
                card = replace(card, name=dotted[0], ethnicity=dotted[1])
    new_card = _new_card(rng, as_of, index, situation, card, compartments) if situation in _UNDER_WAY else None
    open_case = new_card.record.case_number if new_card else ""
    if situation is Situation.RENEWAL_CASE_OPEN:
        open_case = case_number(as_of - timedelta(days=4), index)
    licence, vehicles, violations = _traffic(rng, as_of, index, situation)
    key_rng = random.Random(f"files {index} {as_of.isoformat()}")
    fines = _fines(rng, as_of, index, situation, nth, vehicles)
    fingers = () if situation in _WITHOUT_FINGERS else (Finger.RIGHT_THUMB, Finger.LEFT_THUMB)
    return SyntheticPerson(
        index=index,
        situation=situation,
        card=card,
        extras=extras,
        face=CAST[index % len(CAST)],
        fingers=fingers,
        phone=f"1{rng.choice('3578')}{rng.randrange(10)}0000{rng.randrange(10_000):04d}",
        holds_card=situation not in _WITHOUT_CARD,
        chip_answers=situation is not Situation.CARD_FINISHED_DAMAGE,
        reported_lost=situation in (Situation.CARD_REPORTED_LOST, Situation.CARD_FINISHED_LOSS),
        new_card=new_card,
        open_case=open_case,
        licence=licence,
        vehicles=vehicles,
        violations=violations,
        fines=fines,
        licence_file=None if licence is None else _licence_file(as_of, situation),
        vehicle_files=tuple(_vehicle_file(key_rng, as_of, situation, vehicle) for vehicle in vehicles),
        report=_report(as_of, index, situation),
    )


def _is_dotted(situation: Situation, nth: int) -> bool:
    """The last of several in a situation bears a name with a dot, so that each service has one of its own."""
    count = _COUNTS[situation]
    return count > 1 and nth == count - 1 and situation not in _NAMED_OTHERWISE


def _name(rng: random.Random, sex: Sex) -> str:
    given = _GIVEN_MALE if sex is Sex.MALE else _GIVEN_FEMALE
    return rng.choice(_SURNAMES) + "".join(rng.choice(given) for _ in range(rng.choice((1, 2, 2))))


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _born(rng: random.Random, issued: date, youngest: int, oldest: int) -> date:
    """A birth date that makes the age at issue lie in the range, ends included."""
    latest = _years_later(issued, -youngest)
    earliest = _years_later(issued, -(oldest + 1)) + timedelta(days=2)
    return earliest + timedelta(days=rng.randrange((latest - earliest).days))


def _number(region: str, birth: date, index: int, sex: Sex) -> str:
    head = f"{region}{birth:%Y%m%d}{index * 2 + (1 if sex is Sex.MALE else 0):03d}"
    return head + check_character(head)


def _validity(rng: random.Random, as_of: date, situation: Situation) -> tuple[date, date | None, date]:
    """Valid from, valid to, birth."""
    if situation in _EXPIRES_SOON or situation is Situation.RENEWAL_EXPIRED:
        until = as_of + timedelta(days=rng.randrange(10, 80))
        if situation is Situation.RENEWAL_EXPIRED:
            until = as_of - timedelta(days=rng.randrange(20, 300))
        years = rng.choice((10, 20))
        issued = _years_later(until, -years)
        return issued, until, _born(rng, issued, *((16, 25) if years == 10 else (26, 44)))
    if situation is Situation.UNDER_16:
        issued = as_of - timedelta(days=rng.randrange(100, 700))
        birth = _born(rng, as_of, 9, 14)
        return issued, _years_later(issued, 5), birth
    if situation is Situation.LONG_TERM or situation in _SENIORS:
        issued = as_of - timedelta(days=rng.randrange(400, 3000))
        return issued, None, _born(rng, issued, *((72, 78) if situation in _SENIORS else (50, 70)))
    years = rng.choice((10, 20))
    issued = as_of - timedelta(days=rng.randrange(400, 365 * (years - 2)))
    return issued, _years_later(issued, years), _born(rng, issued, *((18, 25) if years == 10 else (26, 45)))


def _resident_card(rng: random.Random, as_of: date, index: int, situation: Situation, name: str, sex: Sex) -> IdCard:
    issued, until, birth = _validity(rng, as_of, situation)
    if situation in FROM_ELSEWHERE:
        region, street, authority = rng.choice(_OTHER_PROVINCES)
        address = f"{street}{rng.randrange(1, 99)}号"
    else:
        region = rng.choices(tuple(_REGIONS), _REGION_WEIGHTS)[0]
        place, authority, streets = _REGIONS[region]
        address = (
            f"内蒙古{place}{rng.choice(streets)}{rng.randrange(1, 99)}号"
            f"{rng.randrange(1, 30)}栋{rng.randrange(1, 6)}单元{rng.randrange(1, 18)}0{rng.randrange(1, 4)}号"
        )
    return IdCard(
        kind=CardKind.RESIDENT,
        name=name,
        sex=sex,
        ethnicity=rng.choices(_ETHNICITIES, _ETHNICITY_WEIGHTS)[0],
        birth=birth,
        address=address,
        number=_number(region, birth, index, sex),
        authority=authority,
        valid_from=issued,
        valid_to=until,
    )


def _hmt_card(
    rng: random.Random, as_of: date, index: int, nth: int, name: str, sex: Sex
) -> tuple[IdCard, ChipExtras]:
    region = ("810000", "820000", "830000")[nth % 3]
    issued = as_of - timedelta(days=rng.randrange(200, 1500))
    birth = _born(rng, issued, 20, 60)
    permit = ("H", "M", "")[nth % 3] + f"{rng.randrange(10**8):08d}"
    card = IdCard(
        kind=CardKind.HONG_KONG_MACAO_TAIWAN,
        name=name,
        sex=sex,
        ethnicity="",
        birth=birth,
        address=f"内蒙古包头市昆都仑区钢铁大街{rng.randrange(1, 99)}号",
        number=_number(region, birth, index, sex),
        authority="包头市公安局",
        valid_from=issued,
        valid_to=_years_later(issued, 5),
    )
    return card, ChipExtras(travel_permit=permit, issues=1)


_FOREIGNERS = (("KAZ", "398", "AIGERIM TESTOVA", "艾格林"), ("MNG", "496", "BATBAYAR TEST", "巴特巴亚尔"))


def _foreigner_2017(rng: random.Random, as_of: date, nth: int, sex: Sex) -> tuple[IdCard, ChipExtras]:
    alpha, _, english, chinese = _FOREIGNERS[nth % 2]
    issued = as_of - timedelta(days=rng.randrange(1100, 2500))
    birth = _born(rng, issued, 25, 50)
    head = f"{alpha}1502{birth:%y%m%d}{1 if sex is Sex.MALE else 2}"
    card = IdCard(
        kind=CardKind.FOREIGNER_2017,
        name=chinese,
        sex=sex,
        ethnicity="",
        birth=birth,
        address="",
        number=head + icao_check(head),
        authority="1500",
        valid_from=issued,
        valid_to=_years_later(issued, 10),
    )
    return card, ChipExtras(english_name=english, nationality=alpha)


def _foreigner_2023(rng: random.Random, as_of: date, index: int, nth: int, sex: Sex) -> tuple[IdCard, ChipExtras]:
    _, numeric, english, chinese = _FOREIGNERS[nth % 2]
    issued = max(as_of - timedelta(days=rng.randrange(100, 700)), date(2023, 12, 1))
    birth = _born(rng, issued, 25, 50)
    card = IdCard(
        kind=CardKind.FOREIGNER_2023,
        name=chinese,
        sex=sex,
        ethnicity="",
        birth=birth,
        address="",
        number=_number(f"915{numeric}", birth, index, sex),
        authority="国家移民管理局",
        valid_from=issued,
        valid_to=_years_later(issued, 10),
    )
    return card, ChipExtras(english_name=english, nationality=numeric, issues=1)


def icao_check(text: str) -> str:
    """The check digit of ICAO 9303-3, 4.9 (weights 7, 3, 1; A is 10, < is 0)."""
    values = (0 if c == "<" else int(c, 36) for c in text)
    return str(sum(value * (7, 3, 1)[i % 3] for i, value in enumerate(values)) % 10)


def _new_card(
    rng: random.Random, as_of: date, index: int, situation: Situation, old: IdCard, compartments: Iterator[int]
) -> NewCard:
    issued = as_of - timedelta(days=rng.randrange(3, 15))
    years = valid_years(IdNumber(old.number).age_on(issued))
    card = replace(old, valid_from=issued, valid_to=None if years is None else _years_later(issued, years))
    here = situation in _IN_THIS_TERMINAL
    record = FinishedCard(
        item=f"card-{index:04d}-{issued:%Y%m%d}",
        case_number=case_number(issued - timedelta(days=12), index),
        board=1 if here else 0,
        compartment=_compartment(situation, compartments) if here else 0,
        ground=_IN_THIS_TERMINAL.get(situation, Ground.RENEWAL),
        issue_date=issued,
        valid_to=card.valid_to,
        authority=card.authority,
    )
    stage = CardStage.WAITING
    if situation is Situation.CARD_BEING_MADE:
        stage = CardStage.BEING_MADE
    elif situation is Situation.CARD_BLOCKED:
        stage = CardStage.BLOCKED
    return NewCard(stage=stage, site=HERE if here else ELSEWHERE, card=card, record=record)


def _compartment(situation: Situation, compartments: Iterator[int]) -> int:
    return BESIDE_THE_PASSPORT if situation is Situation.BOTH_FINISHED else next(compartments)


FROM_ELSEWHERE = (
    Situation.OTHER_PROVINCE,
    Situation.NEWCOMER,
    Situation.NEWCOMER_REGISTERED,
    Situation.RESIDENT_HALF_YEAR,
    Situation.RESIDENT_NO_PROOF,
    Situation.PERMIT_DUE,
    Situation.PERMIT_LATE,
    Situation.PERMIT_TOO_EARLY,
)
"""People whose household is registered in another province."""

_DRIVERS = {
    Situation.VIOLATION_SIMPLE,
    Situation.VIOLATION_NEW_ENERGY,
    Situation.VIOLATION_SEVERAL_VEHICLES,
    Situation.VIOLATION_GENERAL_PROCEDURE,
    Situation.VIOLATION_TWELVE_POINTS,
    Situation.LICENCE_WITHHELD,
    Situation.LICENCE_SUSPENDED,
    Situation.LICENCE_EXPIRED,
    Situation.LICENCE_CANCELLED,
    Situation.NO_LICENCE,
    Situation.NO_VIOLATIONS,
    Situation.RARE_NAME,
    Situation.FINE_UNPAID,
    Situation.FINE_OVERDUE,
    Situation.FINE_PART_PAID,
    Situation.FINE_PAID,
    Situation.LICENCE_RENEWAL_DUE,
    Situation.LICENCE_NO_REPORT,
    Situation.LICENCE_OLD_REPORT,
    Situation.LICENCE_VIOLATIONS,
    Situation.REVIEW_DUE,
    Situation.REVIEW_NO_STUDY,
    Situation.SENIOR_DRIVER,
    Situation.SENIOR_NO_REPORT,
    Situation.VEHICLE_EXEMPT,
    Situation.VEHICLE_NOT_INSURED,
    Situation.VEHICLE_TO_INSPECT,
    Situation.VEHICLE_OF_COMPANY,
}
_LICENCE_EXPIRES_SOON = {
    Situation.LICENCE_RENEWAL_DUE,
    Situation.LICENCE_NO_REPORT,
    Situation.LICENCE_OLD_REPORT,
    Situation.LICENCE_VIOLATIONS,
}
_REVIEWS = {Situation.REVIEW_DUE, Situation.REVIEW_NO_STUDY}
_SENIORS = {Situation.SENIOR_DRIVER, Situation.SENIOR_NO_REPORT}
_WITHOUT_RECORDS = (
    _LICENCE_EXPIRES_SOON - {Situation.LICENCE_VIOLATIONS}
    | _REVIEWS
    | _SENIORS
    | {
        Situation.NO_VIOLATIONS,
        Situation.VEHICLE_EXEMPT,
        Situation.VEHICLE_NOT_INSURED,
        Situation.VEHICLE_TO_INSPECT,
        Situation.VEHICLE_OF_COMPANY,
    }
)
_REPORT_DAYS_OLD = {
    Situation.LICENCE_RENEWAL_DUE: 20,
    Situation.LICENCE_VIOLATIONS: 20,
    Situation.LICENCE_OLD_REPORT: 200,
    Situation.SENIOR_DRIVER: 5,
}
_FINED_DAYS_AGO: dict[Situation, tuple[int, ...]] = {
    Situation.FINE_UNPAID: (3,),
    Situation.FINE_OVERDUE: (25, 90),
    Situation.FINE_PART_PAID: (25,),
    Situation.FINE_PAID: (10,),
}
"""How long ago the decision was made; by turns where there are several."""
_FINE_TERM = timedelta(days=15)
_STATUS = {
    Situation.LICENCE_WITHHELD: LicenceStatus.WITHHELD,
    Situation.LICENCE_SUSPENDED: LicenceStatus.SUSPENDED,
    Situation.LICENCE_EXPIRED: LicenceStatus.EXPIRED,
    Situation.LICENCE_CANCELLED: LicenceStatus.CANCELLED,
}


def _traffic(
    rng: random.Random, as_of: date, index: int, situation: Situation
) -> tuple[DrivingLicence | None, tuple[Vehicle, ...], tuple[Violation, ...]]:
    if situation not in _DRIVERS:
        return None, (), ()
    vehicles = [_vehicle(rng, index, own=True, electric=situation is Situation.VIOLATION_NEW_ENERGY)]
    if situation is Situation.VIOLATION_SEVERAL_VEHICLES:
        vehicles.append(_vehicle(rng, index + 500, own=False, electric=False))
    kinds: tuple[ViolationKind, ...]
    points = rng.randrange(0, 3)
    match situation:
        case Situation.VIOLATION_GENERAL_PROCEDURE:
            kinds = (ViolationKind.SPEED_50,)
        case Situation.VIOLATION_TWELVE_POINTS:
            points, kinds = 9, (ViolationKind.RED_LIGHT, ViolationKind.SPEED_20_50)
        case _ if situation in _WITHOUT_RECORDS or situation in _FINED_DAYS_AGO:
            kinds = ()
        case _:
            second = rng.choice((ViolationKind.PEDESTRIANS, ViolationKind.HANDHELD_PHONE, ViolationKind.SEAT_BELT))
            kinds = (rng.choice((ViolationKind.PROHIBITION_SIGN, ViolationKind.PROHIBITION_LINE)), second)
            kinds = (*kinds, rng.choice((ViolationKind.PARKING, ViolationKind.WRONG_LANE)))
    violations = tuple(
        _violation(rng, as_of, index, vehicle_index, nth, vehicle, kind)
        for vehicle_index, vehicle in enumerate(vehicles)
        for nth, kind in enumerate(kinds)
    )
    if situation is Situation.NO_LICENCE:
        return None, tuple(vehicles), violations
    licence = DrivingLicence(
        file_number=f"1502{rng.randrange(10**8):08d}",
        classes=(LicenceClass.B2, LicenceClass.D)
        if situation in _REVIEWS
        else (LicenceClass.C1,)
        if situation in _SENIORS
        else rng.choice(
            ((LicenceClass.C1,), (LicenceClass.C1,), (LicenceClass.C2,), (LicenceClass.B2, LicenceClass.D))
        ),
        status=_STATUS.get(situation, LicenceStatus.NORMAL),
        issuing_office="内蒙古自治区包头市公安局交通管理支队",
        valid_to=as_of - timedelta(days=90)
        if situation is Situation.LICENCE_EXPIRED
        else as_of + timedelta(days=rng.randrange(15, 85))
        if situation in _LICENCE_EXPIRES_SOON
        else as_of + timedelta(days=rng.randrange(400, 3000)),
        points=points,
        cycle_ends=as_of + timedelta(days=355)
        if situation in _REVIEWS or situation in _SENIORS
        else as_of + timedelta(days=rng.randrange(30, 330)),
    )
    return licence, tuple(vehicles), violations


def _licence_file(as_of: date, situation: Situation) -> LicenceFile:
    just_ended = situation in _REVIEWS or situation in _SENIORS
    return LicenceFile(
        term_years=6,
        clean_term=True,
        cycle_ended=as_of - timedelta(days=10 if just_ended else 100),
        points_last=3 if situation in _REVIEWS else 0,
        study_hours=3 if situation is Situation.REVIEW_DUE else 0,
        reviewed=not just_ended,
    )


def _vehicle_file(rng: random.Random, as_of: date, situation: Situation, vehicle: Vehicle) -> VehicleFile:
    years = {Situation.VEHICLE_EXEMPT: 2, Situation.VEHICLE_NOT_INSURED: 2, Situation.VEHICLE_TO_INSPECT: 6}.get(
        situation
    )
    runs_out = as_of + timedelta(days=rng.randrange(20, 60) if years else rng.randrange(120, 600))
    insured = None if situation is Situation.VEHICLE_NOT_INSURED else as_of + timedelta(days=rng.randrange(60, 300))
    registered = _years_later(runs_out, -(years or rng.choice((2, 4))))
    return VehicleFile(
        vehicle=vehicle,
        owner=Owner.COMPANY if situation is Situation.VEHICLE_OF_COMPANY else Owner.PERSON,
        registered_on=registered,
        inspect_by=runs_out,
        insured_to=insured,
        tax_year=as_of.year,
    )


def _report(as_of: date, index: int, situation: Situation) -> MedicalReport | None:
    days = _REPORT_DAYS_OLD.get(situation)
    if days is None:
        return None
    issued = as_of - timedelta(days=days)
    return MedicalReport(f"TJ1502{issued:%Y%m%d}{index:04d}", "包头市第三医院（示例）", issued)


def _fines(
    rng: random.Random, as_of: date, index: int, situation: Situation, nth: int, vehicles: tuple[Vehicle, ...]
) -> tuple[DecidedFine, ...]:
    if situation not in _FINED_DAYS_AGO:
        return ()
    ago = _FINED_DAYS_AGO[situation]
    decided = as_of - timedelta(days=ago[nth % len(ago)])
    kinds = [ViolationKind.PROHIBITION_SIGN]
    if situation is Situation.FINE_UNPAID and nth % 2:
        kinds.append(ViolationKind.PEDESTRIANS)
    paid = {Situation.FINE_PART_PAID: 50_00, Situation.FINE_PAID: 100_00}.get(situation, 0)
    return tuple(
        DecidedFine(
            decision=f"1502031{decided:%y}{900_000 + index * 10 + position}",
            violation=_violation(rng, decided, index, 9, position, vehicles[0], kind),
            pay_by=decided + _FINE_TERM,
            paid_fen=paid,
            paid_on=decided + timedelta(days=5),
        )
        for position, kind in enumerate(kinds)
    )


def _vehicle(rng: random.Random, unique: int, *, own: bool, electric: bool) -> Vehicle:
    if electric:
        plate = Plate(PlateKind.SMALL_NEW_ENERGY, f"蒙B{rng.choice(_NEW_ENERGY_LETTERS)}{unique:05d}")
        return Vehicle(plate, "小型纯电动轿车", own)
    plate = Plate(PlateKind.SMALL, f"蒙B{rng.choice(_PLATE_LETTERS)}{unique:04d}")
    return Vehicle(plate, rng.choice(_MODELS), own)


def _violation(
    rng: random.Random, as_of: date, index: int, vehicle_index: int, nth: int, vehicle: Vehicle, kind: ViolationKind
) -> Violation:
    behaviour = _BEHAVIOURS[kind]
    day = as_of - timedelta(days=rng.randrange(5, 60))
    return Violation(
        record=f"1502{day:%Y%m%d}{index:03d}{vehicle_index}{nth}",
        plate=vehicle.plate,
        at=datetime.combine(day, time(rng.randrange(6, 22), rng.randrange(60), rng.randrange(60)), BEIJING),
        place=f"内蒙古自治区包头市{rng.choice(_PLACES)}",
        behaviour=behaviour.text,
        code=kind.value,
        articles_broken=behaviour.broken,
        articles_basis=behaviour.basis,
        fine=Money(behaviour.yuan * 100),
        points=behaviour.points,
        picture=None,
        general_procedure=behaviour.general,
    )


def _stretch(text: str, length: int) -> bytes:
    """Pseudo-random bytes from a text."""
    return hashlib.shake_256(text.encode()).digest(length)
