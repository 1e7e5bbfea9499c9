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
    AUDIO = "audio"
    HELP_BUTTON = "help-button"
    KEY_SWITCH = "key-switch"
    UPS = "ups"
    DOCUMENT_READER = "document-reader"
    EXAM_BOOTH = "exam-booth"
    ENDORSEMENT_WRITER = "endorsement-writer"
    LICENCE_PRINTER = "licence-printer"
    PLATE_PRINTER = "plate-printer"
    TEMPORARY_ID_MAKER = "temporary-id-maker"
