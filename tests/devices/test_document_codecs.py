"""The codecs of travel documents: exact bytes, the worked example of ICAO 9303 part 11, and whatever may come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.document_reader import ciphers, tlv
from kiosk.devices.document_reader.access import (
    Authentication,
    KeyPair,
    NotTheChip,
    Session,
    document_keys,
)
from kiosk.devices.document_reader.apdus import (
    Answer,
    Command,
    InvalidAnswer,
    get_challenge,
    mutual_authenticate,
    read_binary,
    select_application,
    select_file,
)
from kiosk.devices.document_reader.messaging import Messaging, NotGenuine
from kiosk.people.travel_document import ChipKey
from kiosk.simulation.travel_chip import TravelChip

h = bytes.fromhex

# ICAO 9303 part 11 (8th edition), appendix D: the worked example.
KEY = ChipKey.of("L898902C", "690806", "940623")
CHIP_NONCE, OWN_NONCE = h("4608F91988702212"), h("781723860C06C226")
OWN_KEY, CHIP_KEY = h("0B795240CB7049B01C19B33E32804F0B"), h("0B4F80323EB3191CB04970CB4052790B")
TOKEN = h("72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A7")
CHIP_TOKEN = h("46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449")
EF_COM = h("60145F0104303130365F36063034303030305C026175")
EXCHANGES = (
    (select_application(), "00A4040C07A0000002471001", "9000"),
    (get_challenge(), "0084000008", "4608F919887022129000"),
    (mutual_authenticate(TOKEN), f"0082000028{TOKEN.hex()}28", f"{CHIP_TOKEN.hex()}9000"),
    (
        select_file(0x011E),
        "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
        "990290008E08FA855A5D4C50A8ED9000",
    ),
    (
        read_binary(0, 4),
        "0CB000000D9701048E08ED6705417E96BA5500",
        "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000",
    ),
    (
        read_binary(4, 18),
        "0CB000040D9701128E082EA28A70F3C7B53500",
        "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
    ),
)


def authentication() -> Authentication:
    return Authentication(document_keys(KEY.information), CHIP_NONCE, OWN_NONCE, OWN_KEY)


def session() -> Session:
    return authentication().session(CHIP_TOKEN)


def two_sides() -> tuple[Messaging, TravelChip]:
    """A session with a chip in it, which is the simulator's and shares nothing with the codec."""
    chip = TravelChip(KEY.information, {0x011E: EF_COM, 0x0102: bytes(range(256)) * 200}, lambda size: bytes(size))
    for command in (select_application(), get_challenge()):
        chip.answer(command.encode())
    proof = Authentication(document_keys(KEY.information), bytes(8), OWN_NONCE, OWN_KEY)
    answer = Answer.decode(chip.answer(mutual_authenticate(proof.token()).encode()))
    return Messaging(proof.session(answer.data)), chip


# -- the worked example ----------------------------------------------------------------------------------------------


def test_the_document_keys_of_appendix_d() -> None:
    keys = document_keys(KEY.information)
    assert keys.encryption == h("AB94FDECF2674FDFB9B391F85D7F76F2")
    assert keys.mac == h("7962D9ECE03D1ACD4C76089DCE131543")


def test_the_authentication_of_appendix_d() -> None:
    assert authentication().token() == TOKEN
    made = session()
    assert made.keys == KeyPair(h("979EC13B1CBFE9DCD01AB0FED307EAE5"), h("F1CB1F1FB5ADF208806B89DC579DC1F8"))
    assert made.counter == 0x887022120C06C226


def test_the_secure_messaging_of_appendix_d() -> None:
    messaging = Messaging(session())
    read = b""
    for command, sent, answered in EXCHANGES[3:]:
        assert messaging.protect(command) == h(sent)
        answer = messaging.open(h(answered))
        assert answer.status == 0x9000
        read += answer.data
    assert read == EF_COM


def test_the_commands_in_the_clear_of_appendix_d() -> None:
    for command, sent, _ in EXCHANGES[:3]:
        assert command.encode() == h(sent)


def test_the_simulated_chip_says_what_appendix_d_says() -> None:
    random = iter((CHIP_NONCE, CHIP_KEY))
    chip = TravelChip(KEY.information, {0x011E: EF_COM}, lambda _size: next(random))
    assert [chip.answer(h(sent)) for _, sent, _ in EXCHANGES] == [h(answered) for _, _, answered in EXCHANGES]


# -- ciphers ---------------------------------------------------------------------------------------------------------


def test_padding() -> None:
    assert ciphers.pad(b"") == h("8000000000000000")
    assert ciphers.pad(bytes(7)) == bytes(7) + b"\x80"
    assert ciphers.pad(bytes(8)) == bytes(8) + h("8000000000000000")


@given(st.binary(max_size=300))
def test_padding_comes_off_again(data: bytes) -> None:
    assert ciphers.unpad(ciphers.pad(data)) == data


@pytest.mark.parametrize("data", [b"", bytes(8), b"\x80" + bytes(8), b"12345678"])
def test_wrong_padding_is_refused(data: bytes) -> None:
    with pytest.raises(ciphers.InvalidPadding):
        ciphers.unpad(data)


def test_keys_have_odd_parity() -> None:
    for purpose in ciphers.Purpose:
        assert all(byte.bit_count() % 2 for byte in ciphers.derive(bytes(16), purpose))


# -- basic access control --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", range(40))
def test_no_byte_of_the_chips_answer_may_differ(place: int) -> None:
    altered = bytearray(CHIP_TOKEN)
    altered[place] ^= 1
    with pytest.raises(NotTheChip):
        authentication().session(bytes(altered))


@pytest.mark.parametrize("answer", [b"", CHIP_TOKEN[:-1], CHIP_TOKEN + b"\0"])
def test_an_answer_of_another_length_is_refused(answer: bytes) -> None:
    with pytest.raises(NotTheChip):
        authentication().session(answer)


def test_an_answer_to_another_question_is_refused() -> None:
    """Made with the right keys, for another challenge: a replay."""
    other = Authentication(document_keys(KEY.information), CHIP_NONCE, bytes(8), OWN_KEY)
    with pytest.raises(NotTheChip):
        other.session(CHIP_TOKEN)


@given(st.binary(max_size=60))
def test_any_answer_opens_a_session_or_is_refused(answer: bytes) -> None:
    with pytest.raises(NotTheChip):
        authentication().session(answer)


def test_keys_are_not_shown() -> None:
    shown = f"{authentication()!r} {session()!r} {session().keys!r}"
    assert "AB94".lower() not in shown.lower() and "Authentication()" in shown


# -- secure messaging ------------------------------------------------------------------------------------------------


def test_both_sides_understand_each_other_for_every_length_and_offset() -> None:
    messaging, chip = two_sides()
    assert messaging.open(chip.answer(messaging.protect(select_file(0x0102)))).status == 0x9000
    content = bytes(range(256)) * 200
    for length in range(1, 0xDF + 1):
        answer = messaging.open(chip.answer(messaging.protect(read_binary(length, length))))
        assert answer == Answer(content[length : 2 * length], 0x9000)
    for offset in (0x7FFF, 0x8000, 0xC000):
        answer = messaging.open(chip.answer(messaging.protect(read_binary(offset, 0xDF))))
        data = tlv.only(answer.data, 0x53) if offset > 0x7FFF else answer.data
        assert data == content[offset : offset + 0xDF]


def test_a_protected_refusal_is_an_answer() -> None:
    messaging, chip = two_sides()
    assert messaging.open(chip.answer(messaging.protect(select_file(0x0103)))) == Answer(b"", 0x6A82)
    assert messaging.open(chip.answer(messaging.protect(select_file(0x011E)))) == Answer(b"", 0x9000)


def test_a_command_without_any_object_is_macked_alone() -> None:
    messaging, _ = two_sides()
    assert messaging.protect(Command(0xA4, 0, 0))[4:7] == h("0A8E08")


def sound(number: int = 4) -> bytes:
    """The chip's answer to the reading of four bytes, before it is opened."""
    return h(EXCHANGES[number][2])


def after_the_first() -> Messaging:
    messaging = Messaging(session())
    for command, _, answered in EXCHANGES[3:4]:
        messaging.protect(command)
        messaging.open(h(answered))
    messaging.protect(read_binary(0, 4))
    return messaging


def test_no_byte_of_an_answer_may_differ() -> None:
    assert after_the_first().open(sound()).data == EF_COM[:4]
    for place in range(len(sound())):
        for other in (0x01, 0x80, 0xFF):
            altered = bytearray(sound())
            altered[place] ^= other
            with pytest.raises(NotGenuine):
                after_the_first().open(bytes(altered))


@pytest.mark.parametrize("end", range(27))
def test_a_truncated_answer_is_refused(end: int) -> None:
    with pytest.raises(NotGenuine):
        after_the_first().open(sound()[:end])


@pytest.mark.parametrize(
    "raw",
    [
        "9000",
        "6982",
        "6988",
        "990290009000",
        "8E08AD55CC17140B2DED9000",
        "8E08AD55CC17140B2DED990290009000",
        "87018E9902 9000",
        "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED6A82",
        "8709019FF0EC34F99226518709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000",
        "99039000008E08AD55CC17140B2DED9000",
        "990290008E07AD55CC17140B2D9000",
    ],
)
def test_what_is_not_protected_as_it_should_be_is_refused(raw: str) -> None:
    with pytest.raises(NotGenuine):
        after_the_first().open(h(raw))


def test_an_answer_of_before_is_refused() -> None:
    """The same bytes once more: the counter has moved on."""
    messaging = after_the_first()
    messaging.open(sound())
    messaging.protect(read_binary(0, 4))
    with pytest.raises(NotGenuine):
        messaging.open(sound())


def signed_by_the_chip(body: bytes) -> bytes:
    """A well-signed answer with any content, as a chip gone mad would give."""
    made = session()
    counter = (made.counter + 4).to_bytes(8, "big")
    return body + h("8E08") + ciphers.retail_mac(made.keys.mac, counter + body) + body[-2:]


@pytest.mark.parametrize(
    "first",
    [
        b"\x87\x00",
        b"\x87\x01\x01",
        b"\x87\x08" + bytes(8),
        b"\x87\x09\x02" + bytes(8),
        b"\x87\x05\x01" + bytes(4),
        b"\x87\x09\x01" + bytes(8),
        b"\x85\x00",
    ],
)
def test_well_signed_nonsense_is_refused(first: bytes) -> None:
    with pytest.raises(NotGenuine):
        after_the_first().open(signed_by_the_chip(first + h("99029000")))


def test_an_encrypted_object_of_nothing_is_nothing() -> None:
    empty = ciphers.encrypt(session().keys.encryption, ciphers.pad(b""))
    body = tlv.encode(0x87, b"\x01" + empty) + h("99029000")
    assert after_the_first().open(signed_by_the_chip(body)) == Answer(b"", 0x9000)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(raw: bytes) -> None:
    with pytest.raises(NotGenuine):
        after_the_first().open(raw)


@given(st.binary(max_size=120), st.integers(0, 255), st.integers(0, 255))
def test_any_well_signed_body_is_an_answer_or_refused(body: bytes, high: int, low: int) -> None:
    try:
        answer = after_the_first().open(signed_by_the_chip(body + bytes([0x99, 0x02, high, low])))
    except NotGenuine:
        return
    assert answer.status == high << 8 | low


# -- TLV and commands ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("6003", (0x60, 2, 3)),
        ("5F1F5A", (0x5F1F, 3, 0x5A)),
        ("758180", (0x75, 3, 128)),
        ("75820100", (0x75, 4, 256)),
        ("7583010000", (0x75, 5, 65536)),
    ],
)
def test_a_header_needs_no_value(data: str, expected: tuple[int, int, int]) -> None:
    found = tlv.header(h(data))
    assert (found.tag, found.start, found.length) == expected


@pytest.mark.parametrize("data", ["", "60", "5F", "5F81", "5F1F", "7580", "7584000000", "7582", "758201", "75FF00"])
def test_no_header(data: str) -> None:
    with pytest.raises(tlv.InvalidTlv):
        tlv.header(h(data))


def test_objects_one_by_one() -> None:
    data = h("6001AA5F1F02BBCC")
    assert list(tlv.objects(data)) == [(0x60, h("AA")), (0x5F1F, h("BBCC"))]
    assert tlv.first(data, 0x5F1F) == h("BBCC")
    assert tlv.only(h("6001AA"), 0x60) == h("AA")
    for wrong in (lambda: tlv.first(data, 0x61), lambda: tlv.only(data, 0x60), lambda: tlv.only(h("6001AA"), 0x61)):
        with pytest.raises(tlv.InvalidTlv):
            wrong()
    with pytest.raises(tlv.InvalidTlv):
        list(tlv.objects(h("6002AA")))


@given(st.sampled_from([0x60, 0x87, 0x5F1F]), st.integers(0, 70000))
def test_what_is_encoded_is_decoded(tag: int, size: int) -> None:
    if size > 0xFFFF:
        with pytest.raises(tlv.InvalidTlv):
            tlv.encode(tag, bytes(size))
    else:
        assert tlv.only(tlv.encode(tag, bytes(size)), tag) == bytes(size)


@given(st.binary(max_size=200))
def test_any_bytes_are_objects_or_invalid(data: bytes) -> None:
    try:
        found = list(tlv.objects(data))
    except tlv.InvalidTlv:
        return
    assert sum(len(value) for _, value in found) <= len(data)


def test_reading_beyond_fifteen_bits_names_the_offset_in_an_object() -> None:
    assert read_binary(0x7FFF, 256).encode() == h("00B07FFF00")
    assert read_binary(0x8000, 0xDF).encode() == h("00B10000045402 8000 E3")
    assert read_binary(0x12345, 256).encode() == h("00B10000055403 012345 00")


def test_answers_and_commands_show_no_content() -> None:
    assert repr(Answer(b"secret", 0x9000)) == "Answer(6 bytes, 9000)"
    assert repr(Command(0x82, 0, 0, b"secret")) == "Command(82 0000)"
    with pytest.raises(InvalidAnswer):
        Answer.decode(b"\x90")
