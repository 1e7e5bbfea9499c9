"""Page views written by hand, for tests of the Qt side that must not depend on presenters."""

from __future__ import annotations

import dataclasses

from kiosk.screens.states import Chrome, Live, Look, PageState
from kiosk.screens.views import (
    ActionView,
    AnyPage,
    ChromeView,
    LiveView,
    LookView,
    PageView,
    PhaseMark,
    PhaseView,
    Picture,
    Role,
    Tone,
    WorkingView,
)

HEADER = (
    ActionView("language", "EN", Role.QUIET, payload_key="to", payload_value="en", caption="English"),
    ActionView("size", "大", Role.QUIET, payload_key="to", payload_value="large", caption="大字"),
    ActionView("theme", "◐", Role.QUIET, payload_key="to", payload_value="high-contrast", caption="对比"),
    ActionView("reach", "↓", Role.QUIET, caption="坐姿"),
    ActionView("elder", "长", Role.QUIET, caption="长者"),
    ActionView("help", "求助", Role.HELP, caption="民警"),
)
PHASES = tuple(
    PhaseView(label, number, PhaseMark.DONE if number < 2 else PhaseMark.CURRENT if number == 2 else PhaseMark.TODO)
    for number, label in enumerate(("核验身份", "填写信息", "确认", "缴费", "完成"), 1)
)
LEAVE = ActionView("leave", "离开", Role.QUIET)
BACK = ActionView("back", "返回", Role.SECONDARY)
CAPS = {"default": 4.8, "large": 5.6, "larger": 7.0, "largest": 9.0}


def look_view(look: Look) -> LookView:
    return LookView(
        look.language, look.size.value, CAPS[look.size.value], look.theme.value, look.layout.value,
        look.reach, look.elder, False,
    )  # fmt: skip


def chrome_view(*, phases: tuple[PhaseView, ...] = PHASES) -> ChromeView:
    return ChromeView(
        title="身份证补换领", subtitle="第 2 步，共 5 步 · 还需约 3 分钟", steps="第 2 步，共 5 步",
        minutes="还需约 3 分钟", phases=phases, header=HEADER, emergency="紧急情况请拨打 110",
        duty="值班电话 0472-1234567", simulation="模拟设备", finishing="", previous_label="上一页",
        next_label="下一页", close_label="关闭", too_early="请先看清楚，再按一次", read_to_end="请先看到最后一页",
    )  # fmt: skip


def page_view(
    kind: str,
    page: AnyPage,
    *,
    sentence: str = "请选择",
    hint: str = "",
    actions: tuple[ActionView, ...] = (LEAVE, BACK),
    ways: tuple[ActionView, ...] = (),
    picture: Picture = Picture.NONE,
    status: str = "",
    busy: bool = False,
    tone: Tone = Tone.CALM,
    error: str = "",
    revision: int = 1,
    look: Look | None = None,
    calm: str = "",
    identity: str = "",
    phases: tuple[PhaseView, ...] = PHASES,
) -> PageView:
    return PageView(
        kind=kind, revision=revision, identity=identity, sentence=sentence, hint=hint, tone=tone, status=status,
        busy=busy, error=error, picture=picture, voice="", chrome=chrome_view(phases=phases), page=page, ways=ways,
        actions=actions, calm=calm, look=look_view(look or Look()),
    )  # fmt: skip


def live_view(live: Live) -> LiveView:
    face = live.face or (0.0, 0.0, 0.0, 0.0)
    return LiveView(
        advice=live.advice, advice_kind=live.advice, advice_good=False,
        advice_voice="", has_face=live.face is not None, face_x=face[0],
        face_y=face[1], face_width=face[2], face_height=face[3], held=live.held,
        seconds=-1 if live.seconds_left is None else live.seconds_left, seconds_text="", more_time=False,
        more_time_sentence="", more_time_hint="", more_time_action=ActionView("more-time", "需要"),
        leave_action=LEAVE, more_time_voice="", progress=-1.0 if live.progress is None else live.progress,
        progress_text="", clock=live.clock, officer="",
    )  # fmt: skip


class HandWritten:
    """Shows the page it was given for a state's class, else a page of waiting."""

    def __init__(self, pages: dict[type, PageView] | None = None) -> None:
        self.pages = pages or {}

    def page(self, state: PageState, chrome: Chrome, look: Look, revision: int) -> PageView:
        del chrome
        given = self.pages.get(type(state)) or page_view("WorkingPage", WorkingView(""), sentence="请稍候")
        return dataclasses.replace(given, revision=revision, look=look_view(look))

    def live(self, live: Live, look: Look) -> LiveView:
        del look
        return live_view(live)
