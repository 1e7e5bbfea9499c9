"""What a finger may do to a page (rules 20 and 21)."""

from dataclasses import replace
from typing import cast

from PySide6.QtCore import QPointF

from kiosk.screens.states import Live
from kiosk.screens.views import (
    ActionView,
    ChooseView,
    FactView,
    KeypadKind,
    KeypadView,
    OptionSheet,
    OptionView,
    Role,
    SignView,
    TypeNumberView,
    WorkingView,
)
from tests.screens.qt.conftest import Hands
from tests.screens.qt.pages import BACK, LEAVE, page_view

OPTIONS = ChooseView((OptionSheet((OptionView("renewal", "到期"), OptionView("loss", "丢失")), ""),))
NOTHING = FactView("", "")
PAD = KeypadView(
    KeypadKind.ID_NUMBER,
    (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), ("X", "0", "erase")),
    "退一格", "清空", 4, (2, 2), "-", "", "1",
)  # fmt: skip
SEND = ActionView("number", "下一步", Role.PRIMARY, from_view="text")


def test_press_ten_live_updates_release_is_one_action(hands: Hands) -> None:
    hands.show(page_view("ChoosePage", OPTIONS, revision=1))
    at = hands.centre("choose:loss")
    hands.press(at)
    hands.hold(0.06)
    for second in range(10):
        hands.window.bridge.slot.put_live({"seconds": second, "clock": f"23:0{second}"})
        hands.settle(1)
    hands.release(at)
    hands.settle()
    assert hands.sent == [(1, "choose", {"id": "loss"})]


def test_a_touch_for_a_page_that_was_overtaken_is_answered_and_not_acted_on(hands: Hands) -> None:
    hands.show(page_view("ChoosePage", OPTIONS, revision=2))
    at = hands.centre("help")
    hands.press(at)
    hands.hold(0.06)
    hands.show(page_view("WorkingPage", WorkingView(""), revision=3))
    hands.release(at)
    hands.settle()
    assert hands.sent == []
    assert hands.refused == 1


def test_a_touch_may_drift_ten_millimetres_and_no_further(hands: Hands) -> None:
    hands.show(page_view("ChoosePage", OPTIONS, revision=4))
    edge = hands.find("leave")
    start = edge.mapToScene(QPointF(edge.width() / 2, edge.height() - 4))
    for drift, taken in ((28.0, 1), (80.0, 0)):
        hands.sent.clear()
        hands.press(start)
        hands.hold(0.06)
        hands.move(start + QPointF(0, drift))
        hands.release(start + QPointF(0, drift))
        hands.settle()
        assert len(hands.sent) == taken, drift


def test_a_brush_of_less_than_fifty_milliseconds_is_no_touch(hands: Hands) -> None:
    hands.show(page_view("ChoosePage", OPTIONS, revision=5))
    at = hands.centre("choose:loss")
    hands.press(at)
    hands.release(at)
    hands.settle()
    assert hands.sent == []


def test_legal_buttons_take_a_touch_only_half_a_second_after_first_paint(hands: Hands) -> None:
    agree = ActionView("agree", "我同意", Role.PRIMARY, arms_after_ms=500)
    hands.show(page_view("ChoosePage", OPTIONS, revision=6, actions=(LEAVE, BACK, agree)))
    hands.tap("agree")
    assert hands.sent == []
    hands.hold(0.55)
    hands.tap("agree")
    assert [action for _, action, _ in hands.sent] == ["agree"]


def test_no_key_is_lost_while_the_page_is_amended(hands: Hands) -> None:
    view = page_view("TypeNumber", TypeNumberView(PAD), revision=7, actions=(LEAVE, SEND))
    hands.show(view)
    for key in "23X":
        hands.tap(f"key:{key}")
        hands.show(page_view("TypeNumber", TypeNumberView(PAD), revision=7, actions=(LEAVE, SEND), error="再看看"))
    hands.tap("number")
    assert hands.sent == [(7, "number", {"text": "12-3X"})]
    # How many stand there is told, which never; that is no touch.
    assert hands.counted[-1] == (7, 4, True) and {count for _, count, _ in hands.counted} >= {2, 3, 4}


def test_a_draft_is_taken_over_once_and_can_be_erased(hands: Hands) -> None:
    hands.show(page_view("TypeNumber", TypeNumberView(PAD), revision=8, actions=(LEAVE, SEND)))
    hands.tap("key:delete")
    hands.tap("number")
    for key in "9876":
        hands.tap(f"key:{key}")
    hands.tap("number")
    assert hands.sent == [(8, "number", {"text": "98-76"})]


def test_two_questions_in_a_row_are_two_pages(hands: Hands) -> None:
    hands.show(page_view("TypeNumber", TypeNumberView(PAD), revision=9, actions=(LEAVE, SEND)))
    hands.tap("key:7")
    hands.show(page_view("TypeNumber", TypeNumberView(PAD), revision=10, actions=(LEAVE, SEND)))
    for key in "234":
        hands.tap(f"key:{key}")
    hands.tap("number")
    assert hands.sent == [(10, "number", {"text": "12-34"})]


def test_a_signature_is_sent_as_strokes_within_the_pad(hands: Hands) -> None:
    signed = ActionView("signed", "签好了", Role.PRIMARY, from_view="strokes")
    page = SignView("登记表", "在这里写", "擦掉重写", 10, 4, 3000)
    hands.show(page_view("SignPage", page, revision=11, actions=(LEAVE, signed)))
    hands.tap("signed")
    assert hands.sent == []
    middle = hands.centre("pad")
    hands.press(middle)
    for step in range(1, 21):
        hands.move(middle + QPointF(step * 20, -step))
    hands.release(middle + QPointF(400, -20))
    hands.settle()
    hands.tap("signed")
    (_, action, payload) = hands.sent[-1]
    assert action == "signed"
    strokes = cast(list[list[tuple[int, int, int]]], payload["strokes"])
    assert isinstance(payload["strokes"], list)
    assert len(strokes) == 1
    assert all(0 <= x <= 10_000 and 0 <= y <= 4_001 and ms >= 0 for x, y, ms in strokes[0])


def test_more_time_covers_the_page_and_one_touch_extends(hands: Hands) -> None:
    hands.show(page_view("ChoosePage", OPTIONS, revision=12), Live())
    live = dict(hands.window.bridge.property("live"))
    live["more_time"] = True
    hands.window.bridge.slot.put_live(live)
    hands.settle()
    hands.tap("choose:loss")
    assert hands.sent == []
    hands.tap("more-time")
    assert [action for _, action, _ in hands.sent] == ["more-time"]


def test_the_widest_letters_of_a_long_code_stay_in_their_boxes(hands: Hands) -> None:
    code = replace(PAD, kind=KeypadKind.REFERENCE, length=24, groups=(4,) * 6, joiner="", draft="WMWM" * 6)
    hands.show(page_view("TypeNumber", TypeNumberView(code), revision=11, actions=(LEAVE, SEND)))
    typed = [item for item in hands.everything() if item.property("text") == "WMWM"]
    assert len(typed) == 6
    assert all(item.property("implicitWidth") <= item.parentItem().width() for item in typed)
