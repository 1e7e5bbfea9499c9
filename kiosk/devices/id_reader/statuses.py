"""Every SW3 a module can answer, in XFS words."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.devices.words import Completion, DeviceFault

OK = 0x90
NO_SUCH_ITEM = 0x91
CARD_FOUND = 0x9F
NO_CARD = 0x80
SELF_TEST_FAILED = 0x60
NOT_AUTHORISED = 0x66

INVALID_MEDIA = "invalidMedia"
SECURITY_FAIL = "securityFail"
MEDIA_LOST = "mediaLost"
NO_DATA = "noData"


@dataclass(frozen=True, slots=True)
class Meaning:
    """How a command ends when the module answers so; `detail` is for technicians."""

    completion: Completion
    code: str
    detail: str

    def fault(self) -> DeviceFault:
        """The exception that says so. Reading changes nothing, so it never acted."""
        return DeviceFault(self.completion, self.code)


_UNKNOWN = Meaning(Completion.HARDWARE_ERROR, "", "unknown status")

MEANINGS: dict[int, Meaning] = {
    0x10: Meaning(Completion.INVALID_DATA, "", "checksum error in what the module received"),
    0x11: Meaning(Completion.INVALID_DATA, "", "length error or timeout in what the module received"),
    0x21: Meaning(Completion.UNSUPPORTED, "", "bad command or parameter"),
    0x23: Meaning(Completion.AUTHORISATION_REQUIRED, "", "not authorised for this operation"),
    0x24: Meaning(Completion.HARDWARE_ERROR, "", "unrecognised error"),
    0x31: Meaning(Completion.COMMAND_ERROR, SECURITY_FAIL, "the card did not accept the module"),
    0x32: Meaning(Completion.COMMAND_ERROR, SECURITY_FAIL, "the module did not accept the card"),
    0x33: Meaning(Completion.COMMAND_ERROR, SECURITY_FAIL, "the data's signature is wrong"),
    0x34: Meaning(Completion.SEQUENCE_ERROR, "", "no card has been found yet"),
    0x40: Meaning(Completion.COMMAND_ERROR, INVALID_MEDIA, "unrecognised card type"),
    0x41: Meaning(Completion.COMMAND_ERROR, MEDIA_LOST, "read failed"),
    0x47: Meaning(Completion.COMMAND_ERROR, MEDIA_LOST, "no random number from the card"),
    0x50: Meaning(Completion.HARDWARE_ERROR, "", "write failed"),
    SELF_TEST_FAILED: Meaning(Completion.HARDWARE_ERROR, "", "self-test failed"),
    0x61: Meaning(Completion.AUTHORISATION_REQUIRED, "", "login failed"),
    NOT_AUTHORISED: Meaning(Completion.HARDWARE_ERROR, "", "no production keys in the module"),
    NO_CARD: Meaning(Completion.COMMAND_ERROR, "noMedia", "no card, or one that was read and has not left"),
    0x81: Meaning(Completion.COMMAND_ERROR, MEDIA_LOST, "select failed"),
    NO_SUCH_ITEM: Meaning(Completion.COMMAND_ERROR, NO_DATA, "no such item on the card"),
}


def meaning(sw3: int) -> Meaning:
    """What a status other than success says; one that no source lists counts as a hardware error."""
    return MEANINGS.get(sw3, _UNKNOWN)
