"""Scripted citizens at the household desk."""

from __future__ import annotations

from kiosk.simulation.citizen import (
    Expect,
    choose_first,
    code_shows,
    compose,
    fill_form,
    lay,
    pay_by_phone,
    put_old_card_in,
    read_and_tap,
    read_the_permit,
    see_oneself,
    sign,
    take_new_card,
    take_paper,
    tap,
    three_shots,
    touch_sensor,
    type_number,
)
from kiosk.simulation.scripts.beginnings import FAMILIAR, IDENTITY, TOLD, from_all_services, from_attract

HZ01 = (
    from_attract("HZ01"),
    Expect("NoticePage", read_and_tap("continue")),
    Expect("ConsentPage", read_and_tap("agree")),
    Expect("ChoosePage", tap("choose:renewal")),
    Expect("ReadCard", lay("own")),
    *IDENTITY,
    Expect("PortraitPage", three_shots, first=see_oneself),
    Expect("PortraitPage", tap("choose:0"), optional=True),
    Expect("FingerPage", touch_sensor),
    Expect("FingerPage", touch_sensor, optional=True),
    Expect("FormPage", fill_form),
    Expect("FormPage", fill_form),
    Expect("DeclarationPage", read_and_tap("agree")),
    Expect("SignPage", sign),
    Expect("PayPage", pay_by_phone, first=code_shows),
    Expect("ClosingPage", take_paper),
)

HZ02 = (
    from_attract("HZ02"),
    *TOLD,
    Expect("PutInPage", put_old_card_in),
    Expect("SignPage", sign),
    Expect("TakePage", take_new_card),
    Expect("ReadCard", lay("new")),
    Expect("ClosingPage", take_paper),
)

HZ03 = (
    from_attract("HZ03"),
    Expect("NoticePage", read_and_tap("continue")),
    Expect("ConsentPage", read_and_tap("agree")),
    Expect("TypeNumber", type_number),
    *IDENTITY,
    Expect("FormPage", fill_form),
    Expect("FormPage", fill_form),
    Expect("FormPage", fill_form),
    Expect("DeclarationPage", read_and_tap("agree")),
    Expect("SignPage", sign),
    Expect("ChoosePage", tap("choose:enough"), optional=True),
    Expect("ClosingPage", take_paper),
)

HZ04 = (
    *from_all_services("HZ04"),
    *FAMILIAR,
    Expect("ResultPage", tap("print")),
    Expect("ClosingPage", take_paper),
)

HZ05 = (
    *from_all_services("HZ05"),
    Expect("NoticePage", read_and_tap("continue")),
    Expect("ConsentPage", read_and_tap("agree")),
    Expect("TypeNumber", type_number),
    *IDENTITY,
    Expect("PortraitPage", three_shots, first=see_oneself),
    Expect("PortraitPage", tap("choose:0"), optional=True),
    Expect("SignPage", sign),
    Expect("PayPage", pay_by_phone, first=code_shows),
    Expect("ClosingPage", take_paper),
)

HZ06 = (
    *from_all_services("HZ06"),
    *TOLD,
    Expect("ChoosePage", tap("choose:kinship")),
    Expect("ChoosePage", choose_first(), optional=True),
    Expect("FormPage", fill_form),
    Expect("SignPage", sign),
    Expect("ClosingPage", take_paper),
)

HZ07 = (
    *from_all_services("HZ07"),
    *TOLD,
    Expect("FormPage", fill_form),
    Expect("FormPage", fill_form),
    Expect("DeclarationPage", read_and_tap("agree")),
    Expect("SignPage", sign),
    Expect("ClosingPage", take_paper),
)

HZ08 = (
    *from_all_services("HZ08"),
    *TOLD,
    Expect("ChoosePage", choose_first()),
    Expect("ResultPage", tap("enough")),
    Expect("ChoosePage", tap("choose:same")),
    Expect("PortraitPage", three_shots, first=see_oneself),
    Expect("PortraitPage", tap("choose:0"), optional=True),
    Expect("DeclarationPage", read_and_tap("agree")),
    Expect("SignPage", sign),
    Expect("ClosingPage", take_paper),
)

HZ08_REGISTRATION = (
    *HZ08[: HZ08.index(IDENTITY[-1]) + 1],
    Expect("ResultPage", tap("enough")),
    Expect("FormPage", fill_form),
    Expect("FormPage", fill_form),
    Expect("FormPage", fill_form),
    Expect("DeclarationPage", read_and_tap("agree")),
    Expect("SignPage", sign),
    Expect("ClosingPage", take_paper),
)
"""Whoever is here for the first time: no permit yet."""

HZ09 = (
    *from_all_services("HZ09"),
    *FAMILIAR,
    Expect("ResultPage", tap("enough")),
    Expect("FormPage", read_the_permit),
    Expect("ChoosePage", tap("choose:same")),
    Expect("SignPage", sign),
    Expect("ClosingPage", take_paper),
)

HZ10 = (
    *from_all_services("HZ10"),
    Expect("EnterNamePage", compose(("wang", "王"), ("wei", "伟"))),
    Expect("ChoosePage", tap("choose:any")),
    Expect("ResultPage", tap("enough")),
    Expect("ClosingPage", tap("end")),
)

SCRIPTS: dict[str, tuple[str, tuple[Expect, ...]]] = {
    "HZ01": ("renewal-due", HZ01),
    "HZ02": ("card-finished-renewal", HZ02),
    "HZ03": ("card-lost", HZ03),
    "HZ04": ("card-being-made", HZ04),
    "HZ05": ("renewal-case-open", HZ05),
    "HZ06": ("ordinary", HZ06),
    "HZ07": ("ordinary", HZ07),
    "HZ08": ("resident-half-year", HZ08),
    "HZ09": ("permit-due", HZ09),
    "HZ10": ("ordinary", HZ10),
}
"""Situation of the person, and what they do, by service."""
