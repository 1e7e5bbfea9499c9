"""Scripted citizens at the traffic desk."""

from __future__ import annotations

from kiosk.simulation.citizen import (
    Expect,
    choose_first,
    choose_if_needed,
    code_shows,
    fill_form,
    hear_tone,
    make_movement,
    pay_by_phone,
    read_and_tap,
    read_letter,
    read_plate,
    see_oneself,
    show_code,
    sign,
    take_paper,
    take_plate,
    tap,
    three_shots,
    through,
)
from kiosk.simulation.scripts.beginnings import FAMILIAR, TOLD, from_all_services, from_attract

QUESTIONS = 12
"""About health, as headquarters' table has them."""

LICENCE = (
    Expect("FormPage", fill_form),
    Expect("DeclarationPage", read_and_tap("agree")),
    Expect("SignPage", sign),
    Expect("PayPage", pay_by_phone, first=code_shows),
    Expect("ClosingPage", take_paper),
)
"""What the applications at the traffic desk have in common."""

JG01 = (
    from_attract("JG01"),
    *TOLD,
    Expect("ChoosePage", choose_first()),
    Expect("ChooseViolations", choose_first(then="choose")),
    Expect("RightsPage", read_and_tap("no-objection")),
    Expect("DeclarationPage", read_and_tap("agree")),
    Expect("SignPage", sign),
    Expect("ChoosePage", tap("choose:now")),
    Expect("PayPage", pay_by_phone, first=code_shows),
    Expect("ClosingPage", take_paper),
)

JG02 = (
    *from_all_services("JG02"),
    *TOLD,
    Expect("ChooseFines", choose_if_needed),
    Expect("PayPage", pay_by_phone, first=code_shows),
    Expect("ClosingPage", take_paper),
)

JG03 = (
    from_attract("JG03"),
    *TOLD,
    Expect("ConsentPage", read_and_tap("agree")),
    *(Expect("QuestionPage", tap("no")),) * QUESTIONS,
    Expect("HeightPage", tap("ready")),
    Expect("ChartPage", read_letter),
    Expect("ChartPage", through(read_letter)),
    Expect("PlatePage", read_plate),
    Expect("PlatePage", read_plate),
    Expect("PlatePage", through(read_plate)),
    Expect("TonePage", hear_tone),
    Expect("TonePage", hear_tone),
    Expect("TonePage", hear_tone),
    Expect("TonePage", through(hear_tone)),
    Expect("MovementPage", make_movement),
    Expect("MovementPage", through(make_movement)),
    Expect("PortraitPage", three_shots, first=see_oneself),
    Expect("PortraitPage", tap("choose:0"), optional=True),
    Expect("DeclarationPage", read_and_tap("agree")),
    Expect("SignPage", sign),
    Expect("ClosingPage", take_paper),
)

JG04 = (
    from_attract("JG04"),
    *TOLD,
    Expect("ChoosePage", tap("choose:licence-renewal")),
    *LICENCE,
)

JG05 = (
    *from_all_services("JG05"),
    *TOLD,
    Expect("PortraitPage", three_shots, first=see_oneself),
    Expect("PortraitPage", tap("choose:0"), optional=True),
    *LICENCE,
)

JG06 = (
    *from_all_services("JG06"),
    *FAMILIAR,
    Expect("ResultPage", tap("print")),
    Expect("ClosingPage", take_paper),
)

JG07 = (
    *from_all_services("JG07"),
    *TOLD,
    Expect("ChoosePage", tap("choose:vehicle-loss")),
    Expect("ChoosePage", choose_first()),
    *LICENCE,
)

JG08 = (
    *from_all_services("JG08"),
    *FAMILIAR,
    Expect("ChoosePage", choose_first()),
    Expect("DeclarationPage", read_and_tap("agree")),
    Expect("SignPage", sign),
    Expect("ResultPage", tap("print")),
    Expect("ClosingPage", take_paper),
)

JG09 = (
    *from_all_services("JG09"),
    *TOLD,
    Expect("ScanPage", show_code("invoice")),
    Expect("ScanPage", show_code("certificate")),
    Expect("ScanPage", show_code("policy")),
    Expect("FormPage", fill_form),
    Expect("DeclarationPage", read_and_tap("agree")),
    Expect("SignPage", sign),
    Expect("PayPage", pay_by_phone, first=code_shows),
    Expect("TemporaryPlatePage", take_plate),
    Expect("ClosingPage", take_paper),
)

JG10 = (
    *from_all_services("JG10"),
    *FAMILIAR,
    Expect("DeclarationPage", read_and_tap("agree")),
    Expect("SignPage", sign),
    Expect("ClosingPage", take_paper),
)

SCRIPTS: dict[str, tuple[str, tuple[Expect, ...]]] = {
    "JG01": ("violation-simple", JG01),
    "JG02": ("fine-unpaid", JG02),
    "JG03": ("licence-no-report", JG03),
    "JG04": ("licence-renewal-due", JG04),
    "JG05": ("no-violations", JG05),
    "JG06": ("violation-several-vehicles", JG06),
    "JG07": ("vehicle-exempt", JG07),
    "JG08": ("vehicle-exempt", JG08),
    "JG09": ("new-car", JG09),
    "JG10": ("senior-driver", JG10),
}
"""Situation of the person, and what they do, by service."""
