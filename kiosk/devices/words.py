"""The words all devices share, after XFS4IoT Common.Status and its completion codes."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class DeviceState(enum.Enum):
    """common.device. noDevice: not part of this machine; powerOff: unplugged or without power."""

    ONLINE = "online"
    OFFLINE = "offline"
    POWER_OFF = "powerOff"
    NO_DEVICE = "noDevice"
    HARDWARE_ERROR = "hardwareError"
    USER_ERROR = "userError"
    BUSY = "deviceBusy"
    STARTING = "starting"


class Completion(enum.Enum):
    """Why a command did not succeed; success is its return value."""

    CANCELED = "canceled"
    DEVICE_NOT_READY = "deviceNotReady"
    HARDWARE_ERROR = "hardwareError"
    TIME_OUT = "timeOut"
    UNSUPPORTED = "unsupportedCommand"
    INVALID_DATA = "invalidData"
    USER_ERROR = "userError"
    SEQUENCE_ERROR = "sequenceError"
    AUTHORISATION_REQUIRED = "authorisationRequired"
    COMMAND_ERROR = "commandErrorCode"


class Supply(enum.Enum):
    """Paper, toner: Printer.Status words; unknown and not-supported are values."""

    UNKNOWN = "unknown"
    FULL = "full"
    LOW = "low"
    OUT = "out"
    JAMMED = "jammed"
    NOT_SUPPORTED = "notSupported"


class DeviceFault(Exception):
    """A command ended without success. `code` is the class's own error word (mediaJam, noMedia, paperOut...).

    `acted` says whether the hardware may have acted before the failure: False is a promise that it surely did not.
    """

    def __init__(self, completion: Completion, code: str = "", *, acted: bool = False) -> None:
        super().__init__(f"{completion.value}:{code}" if code else completion.value)
        self.completion = completion
        self.code = code
        self.acted = acted


@dataclass(frozen=True, slots=True)
class Health:
    """What a supervisor shows of any device: state, XFS error word ("" when none) and a technician's detail."""

    state: DeviceState
    code: str = ""
    detail: str = ""
