"""The rules every driver on a line keeps, for the tests of drivers: those of kiosk/devices/conformance/memory.py."""

from __future__ import annotations

from kiosk.devices.conformance.memory import (
    Subject,
    a_stranger_is_noticed,
    absent_it_is_looked_for_ever_more_rarely,
    after_every_connect_the_device_is_asked,
    cancelled_at_every_byte_it_stays_usable,
    capabilities_are_static,
    commands_succeed_on_a_sound_line,
    down_and_back_are_logged_once,
    one_command_at_a_time,
    some_of,
    status_is_a_value,
    strangers_to,
    unplugged_at_every_byte_it_stays_usable,
)

__all__ = [
    "Subject",
    "a_stranger_is_noticed",
    "absent_it_is_looked_for_ever_more_rarely",
    "after_every_connect_the_device_is_asked",
    "cancelled_at_every_byte_it_stays_usable",
    "capabilities_are_static",
    "commands_succeed_on_a_sound_line",
    "down_and_back_are_logged_once",
    "one_command_at_a_time",
    "some_of",
    "status_is_a_value",
    "strangers_to",
    "unplugged_at_every_byte_it_stays_usable",
]
