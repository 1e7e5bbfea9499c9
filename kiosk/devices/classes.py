"""The device classes of this terminal, by the one name each has everywhere."""

from __future__ import annotations

import enum


class DeviceClass(enum.Enum):
    """Values equal the names flows, settings and the command line use."""

    ID_READER = "id-reader"
    CAMERA = "camera"
    FINGERPRINT = "fingerprint"
    RECEIPT_PRINTER = "receipt-printer"
    PAGE_PRINTER = "page-printer"
    LOCKER = "locker"
    DISPENSER = "dispenser"
    SCANNER = "scanner"
    INTAKE = "intake"
    DOOR = "door"
    LIGHTS = "lights"
    PRESENCE = "presence"
    UPS = "ups"
