"""Scripted citizens at the exit-entry desk."""

from __future__ import annotations

from kiosk.simulation.citizen import (
    Expect,
    code_shows,
    fill_form,
    pay_by_phone,
    put_old_document_in,
    put_pass_in,
    read_and_tap,
    see_oneself,
    sign,
    take_new_card,
    take_paper,
    take_pass,
    tap,
    three_shots,
    touch_sensor,
)
from kiosk.simulation.scripts.beginnings import FAMILIAR, TOLD, from_all_services, from_attract

ENDORSING = (
    Expect("ResultPage", tap("enough")),
    Expect("DeclarationPage", read_and_tap("agree")),
    Expect("SignPage", sign),
)
"""What both endorsements have in common before the pass goes in."""

APPLICATION = (
    *TOLD,
    Expect("ChoosePage", tap("choose:renewal"), optional=True),
    Expect("PortraitPage", three_shots, first=see_oneself),
    Expect("PortraitPage", tap("choose:0"), optional=True),
    Expect("FingerPage", touch_sensor),
    Expect("FingerPage", touch_sensor, optional=True),
    Expect("FormPage", fill_form),
    Expect("DeclarationPage", read_and_tap("agree")),
    Expect("SignPage", sign),
    Expect("PayPage", pay_by_phone, first=code_shows),
    Expect("PutInPage", put_old_document_in, optional=True),
    Expect("ClosingPage", take_paper),
)
"""What the three applications at the exit-entry desk have in common."""

CRJ01 = (
    from_attract("CRJ01"),
    *TOLD,
    Expect("ChoosePage", tap("choose:both")),
    Expect("ChoosePage", tap("choose:hk-L-3m-2")),
    Expect("ChoosePage", tap("choose:mo-L-3m-1")),
    *ENDORSING,
    Expect("PassPage", put_pass_in("hk-macao-pass")),
    Expect("PayPage", pay_by_phone, first=code_shows),
    Expect("PassPage", take_pass),
    Expect("ClosingPage", take_paper),
)

CRJ02 = (
    *from_all_services("CRJ02"),
    *TOLD,
    Expect("ChoosePage", tap("choose:tw-T-6m-1")),
    *ENDORSING,
    Expect("PassPage", put_pass_in("taiwan-pass")),
    Expect("PayPage", pay_by_phone, first=code_shows),
    Expect("PassPage", take_pass),
    Expect("ClosingPage", take_paper),
)

CRJ03 = (
    from_attract("CRJ03"),
    *TOLD,
    Expect("FormPage", tap("answer:longest")),
    Expect("FormPage", fill_form),
    Expect("SignPage", sign),
    Expect("ClosingPage", take_paper),
)

CRJ04 = (*from_all_services("CRJ04"), *APPLICATION)

CRJ05 = (*from_all_services("CRJ05"), *APPLICATION)

CRJ06 = (*from_all_services("CRJ06"), *APPLICATION)

CRJ07 = (
    *from_all_services("CRJ07"),
    *TOLD,
    Expect("PutInPage", put_old_document_in, optional=True),
    Expect("SignPage", sign),
    Expect("TakePage", take_new_card),
    Expect("ClosingPage", take_paper),
)

CRJ08 = (
    *from_all_services("CRJ08"),
    *FAMILIAR,
    Expect("ResultPage", tap("print")),
    Expect("ClosingPage", take_paper),
)

SCRIPTS: dict[str, tuple[str, tuple[Expect, ...]]] = {
    "CRJ01": ("endorsement-due", CRJ01),
    "CRJ02": ("taiwan-due", CRJ02),
    "CRJ03": ("traveller", CRJ03),
    "CRJ04": ("ordinary", CRJ04),
    "CRJ05": ("pass-expired", CRJ05),
    "CRJ06": ("ordinary", CRJ06),
    "CRJ07": ("travel-finished", CRJ07),
    "CRJ08": ("endorsement-left", CRJ08),
}
"""Situation of the person, and what they do, by service."""
