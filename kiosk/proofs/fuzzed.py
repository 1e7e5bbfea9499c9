"""Every codec of the devices as something that is fed bytes: what to feed, what it may raise, what it may keep.

The tests feed a few thousand frames by hypothesis, `kiosk proof --only codecs` a million and more to each.
"""

from __future__ import annotations

import binascii
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kiosk.devices.audio.mixer import headset_said, level_said
from kiosk.devices.dispenser import frames as dispenser
from kiosk.devices.document_reader import groups, tlv
from kiosk.devices.document_reader.access import Authentication, NotTheChip, Session, document_keys
from kiosk.devices.document_reader.apdus import Answer, InvalidAnswer, read_binary, select_file
from kiosk.devices.document_reader.messaging import Messaging, NotGenuine
from kiosk.devices.exam_booth import frames as exam_booth
from kiosk.devices.fingerprint import lines_protocol as fingerprint
from kiosk.devices.id_reader import frames as id_reader
from kiosk.devices.id_reader.record import InvalidRecord, parse_record
from kiosk.devices.inputs.board_frames import Decoder as InputDecoder
from kiosk.devices.intake import frames as intake
from kiosk.devices.locker import frames as lock_8a
from kiosk.devices.locker.kerong_frames import KerongDecoder
from kiosk.devices.page_printer.messages import MalformedIpp, response
from kiosk.devices.presence import frames as presence
from kiosk.devices.receipt_printer import status_bytes
from kiosk.devices.scanner import framing
from kiosk.devices.ups import lines_protocol as ups
from kiosk.devices.xfs4iot import messages as xfs4iot
from kiosk.people.travel_document import ChipKey, InvalidMrz, parse_mrz

TODAY = date(2026, 1, 1)
_RECORD_BYTES = 256
_RECORD_SPACES = " ".encode("utf-16-le") * 128


@dataclass(frozen=True, slots=True)
class Fed:
    """One decoder in use: `feed` takes bytes, `held` says how many it keeps."""

    feed: Callable[[bytes], object]
    held: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Codec:
    """`samples` are sound frames to begin from; `errors` is all that may be raised; `most` bytes may be kept."""

    fresh: Callable[[], Fed]
    samples: tuple[bytes, ...]
    errors: tuple[type[Exception], ...] = ()
    most: int = 0


def _kept(decoder: object) -> int:
    """Bytes in the decoder's own fields."""
    fields: Mapping[str, object] = vars(decoder)
    return sum(len(value) for value in fields.values() if isinstance(value, bytes | bytearray))


def _stream(make: Callable[[], Any]) -> Callable[[], Fed]:
    """A decoder that collects bytes."""

    def fresh() -> Fed:
        decoder = make()
        return Fed(decoder.feed, lambda: _kept(decoder))

    return fresh


def _whole(parse: Callable[[bytes], object]) -> Callable[[], Fed]:
    """A parser of whole messages, which keeps nothing."""
    return lambda: Fed(parse, lambda: 0)


def _scanned() -> Fed:
    """A code's framing ends when the line is quiet: here after every piece that ends a line."""
    keeper = [framing.Framing()]

    def feed(data: bytes) -> None:
        keeper[0].feed(data)
        if data.endswith((b"\r", b"\n")):
            _ = keeper[0].end()
            keeper[0] = framing.Framing()

    return Fed(feed, lambda: _kept(keeper[0]))


def _record(data: bytes) -> object:
    """A record has one size: short ones are tried as they are, longer ones filled up to it with spaces."""
    return parse_record((data + _RECORD_SPACES)[:_RECORD_BYTES] if len(data) > _RECORD_BYTES // 2 else data, TODAY)


def _xored(data: bytes) -> bytes:
    check = 0
    for byte in data:
        check ^= byte
    return data + bytes([check])


def _booth_readings(data: bytes) -> object:
    """Every reading is tried on the same bytes; the last one's error is told."""
    for reader in (exam_booth.status_said, exam_booth.height_said, exam_booth.distance_said, exam_booth.noise_said):
        with contextlib.suppress(exam_booth.Unreadable):
            _ = reader(data)
    return exam_booth.tone_said(data)


def _sam(status: str, data: bytes = b"") -> bytes:
    body = bytes.fromhex(status) + data
    return bytes.fromhex("AAAAAA9669") + _xored((len(body) + 1).to_bytes(2, "big") + body)


def _blank_record() -> bytes:
    record = bytearray(_RECORD_SPACES)
    for offset, text in (
        (0, "张三"),
        (30, "2"),
        (32, "01"),
        (36, "19850615"),
        (52, "某路1号"),
        (122, "150207198506150028"),
        (158, "公安局"),
        (188, "20160101"),
        (204, "20360101"),
    ):
        raw = text.encode("utf-16-le")
        record[offset : offset + len(raw)] = raw
    return bytes(record)


def _json(data: bytes) -> object:
    """A message is text; bytes that are none are replaced, as its transport would refuse them."""
    return xfs4iot.parse(data.decode("utf-8", "replace"))


def _objects(data: bytes) -> object:
    """All of them: the objects come one by one."""
    return list(tlv.objects(data))


def _tlv(tag: str, value: bytes) -> bytes:
    length = bytes([len(value)]) if len(value) < 0x80 else b"\x81" + bytes([len(value)])
    return bytes.fromhex(tag) + length + value


_COM = bytes.fromhex("60145F0104303130375F36063034303030305C026175")
"""ICAO 9303-10, the example of EF.COM."""
_DG1 = _tlv(
    "61",
    _tlv(
        "5F1F",
        b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    ),
)
"""ICAO 9303-4, the specimen's zone."""


def _face() -> bytes:
    """ISO/IEC 19794-5:2005: record, face and image headers, no points, the beginning of a JPEG."""
    picture = b"\xff\xd8\xff\xe0" + bytes(40)
    face = bytes(16) + b"\x01\x00\x00\x66\x00\x7e" + bytes(6) + picture
    length = 4 + len(face)
    return b"FAC\x00010\x00" + (14 + length).to_bytes(4, "big") + b"\x00\x01" + length.to_bytes(4, "big") + face


_DG2 = _tlv("75", _tlv("7F61", b"\x02\x01\x01" + _tlv("7F60", _tlv("A1", b"") + _tlv("5F2E", _face()))))
_DG11 = _tlv("6B", _tlv("5C", b"\x5f\x0e") + _tlv("5F0E", "张<<三".encode()) + _tlv("5F2B", b"19850615"))
_XFS = (
    b'{"header":{"name":"Common.Status","requestId":7,"type":"completion","version":"2.0","status":"success",'
    b'"completionCode":"success"},"payload":{"common":{"device":"online"}}}',
    b'{"header":{"name":"CardReader.Move","requestId":8,"type":"acknowledge","version":"2.0","status":"success"}}',
    b'{"header":{"name":"CardReader.MediaInsertedEvent","requestId":8,"type":"event","version":"2.0"},"payload":{}}',
)
_RECORD = _blank_record()
_REPORT = bytes.fromhex("F4F3F2F10D0002AA0251000000003B00005500F8F7F6F5")
_IPP = (
    bytes.fromhex("0200000000000001")
    + b"\x01\x47\x00\x12attributes-charset\x00\x05utf-8\x48\x00\x1battributes-natural-language\x00\x02en"
    + b"\x04\x23\x00\x0dprinter-state\x00\x04\x00\x00\x00\x03\x44\x00\x15printer-state-reasons\x00\x04none"
    + b"\x34\x00\x09media-col\x00\x00\x4a\x00\x00\x00\x0amedia-size"
    + b"\x21\x00\x00\x00\x04\x00\x00\x52\x08\x37\x00\x00\x00\x00\x03"
)


def _booth(body: bytes) -> bytes:
    return b"\xaa\x55" + body + binascii.crc_hqx(body, 0xFFFF).to_bytes(2, "big")


def _f2(body: bytes) -> bytes:
    return _xored(b"\xf2\x00" + len(body).to_bytes(2, "big") + body + b"\x03")


def _stx(body: bytes) -> bytes:
    return _xored(b"\x02" + len(body).to_bytes(2, "big") + body + b"\x03")


def _summed(data: bytes) -> bytes:
    return data + bytes([sum(data) & 0xFF])


_EXAMPLE = Authentication(
    document_keys(ChipKey.of("L898902C", "690806", "940623").information),
    bytes.fromhex("4608F91988702212"),
    bytes.fromhex("781723860C06C226"),
    bytes.fromhex("0B795240CB7049B01C19B33E32804F0B"),
)
"""ICAO 9303 part 11, appendix D."""
_CHIP_TOKEN = bytes.fromhex("46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449")
_SELECTED = bytes.fromhex("990290008E08FA855A5D4C50A8ED9000")
_READ = bytes.fromhex("8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000")


def _opened(session: Session) -> Callable[[bytes], object]:
    """An answer to the reading of four bytes, each in the same session anew."""

    def open_answer(data: bytes) -> object:
        messaging = Messaging(session)
        messaging.protect(select_file(0x011E))
        messaging.open(_SELECTED)
        messaging.protect(read_binary(0, 4))
        return messaging.open(data)

    return open_answer


CODECS: Mapping[str, Codec] = {
    "id-reader frames": Codec(
        _stream(id_reader.Decoder),
        (
            _sam("000090"),
            _sam("00009f", bytes(4)),
            _sam("000090", bytes(16)),
            _sam("000090", b"\x01\x00\x00\x40" + _RECORD + bytes(64)),
        ),
        most=id_reader.LONGEST + 64,
    ),
    "id-reader blobs": Codec(
        _whole(lambda data: id_reader.blobs(id_reader.Command.READ_BASE_AND_FINGERS, data)),
        (b"\x01\x00\x00\x40\x00\x00" + _RECORD + bytes(64), b"\x01\x00\x04\x00\x04\x00"),
    ),
    "id-reader records": Codec(_whole(_record), (_RECORD,), (InvalidRecord,)),
    "fingerprint": Codec(
        _stream(fingerprint.LineDecoder),
        (b"STATUS ok\n", b"MATCH yes\n", b"ERR busy\n", b"FINGER 88 " + b"0f" * 512 + b"\n"),
        most=fingerprint.LONGEST_LINE + 4096,
    ),
    "lock-8a one": Codec(
        _stream(lambda: lock_8a.Decoder(lock_8a.AwaitOne.DOOR)),
        (_xored(bytes.fromhex("8A010311")), _xored(bytes.fromhex("80010300")), _xored(bytes.fromhex("82010311"))),
        most=64,
    ),
    "lock-8a all": Codec(
        _stream(lambda: lock_8a.Decoder(lock_8a.AwaitAll(24))),
        (_xored(bytes.fromhex("800100000033")), _xored(bytes.fromhex("82010311"))),
        most=64,
    ),
    "kerong-cu16": Codec(_stream(KerongDecoder), (_summed(bytes.fromhex("020035FFFF040003")),), most=64),
    "crt-591": Codec(
        _stream(dispenser.Decoder),
        (b"\x06", b"\x15", b"\x04", _f2(b"P10020"), _f2(b"N22A0"), _f2(b"P110200000000000")),
        most=2048,
    ),
    "crt-310": Codec(
        _stream(intake.Decoder),
        (b"\x06", b"\x04", _stx(b"\x31\x30NJN"), _stx(b"N\x31\x02"), _stx(b"\x32\x33Y")),
        most=2048,
    ),
    "crt-310 states": Codec(
        _whole(lambda data: (intake.reader_state(data), intake.sensed_anywhere(data))), (b"NJN", b"0010000")
    ),
    "ld2410": Codec(_stream(presence.Decoder), (_REPORT,), most=256),
    "scanner codes": Codec(_scanned, (b"6901234567892\r", "沪A12345\r\n".encode()), most=framing.LONGEST + 64),
    "scanner answers": Codec(_stream(framing.Gm65Answers), (bytes.fromhex("02000001003331"), b"4711\r"), most=64),
    "escpos statuses": Codec(
        _stream(status_bytes.Decoder), (b"\x12", b"\x10\x00\x00\x0f", b"\x00", b"\x12\x16\x1a\x7e"), most=16
    ),
    "nut": Codec(
        _stream(ups.LineDecoder),
        (b'VAR kiosk ups.status "OL CHRG"\n', b"ERR DATA-STALE\n", b'VAR kiosk battery.charge "100"\n'),
        most=ups.LONGEST + 2,
    ),
    "exam-booth": Codec(
        _stream(exam_booth.Decoder),
        (_booth(b"\x02\x81\x01"), _booth(b"\x06\x82\x02\x06\xae\x00\x00"), _booth(b"\x03\xff\x03\x01")),
        most=128,
    ),
    "exam-booth readings": Codec(
        _whole(_booth_readings),
        (bytes.fromhex("43414C2D303034326955B9006B36EC80") + b"\x06\xbc\x06\xc3\x06\xbe",),
        (exam_booth.Unreadable,),
    ),
    "input-board": Codec(_stream(InputDecoder), (bytes.fromhex("C5050134"), bytes.fromhex("C5060232")), most=8),
    "mixer": Codec(
        _whole(lambda data: (level_said(data.decode("utf-8", "replace"), 62), headset_said(data.decode("latin-1")))),
        (b"  Mono: Playback 54 [62%] [-20.25dB] [on]\n", b"numid=12,iface=CARD\n  : values=on\n"),
    ),
    "xfs4iot": Codec(_whole(_json), _XFS, (xfs4iot.MalformedMessage,)),
    "document objects": Codec(_whole(_objects), (_COM, _DG1, _DG11), (tlv.InvalidTlv,)),
    "document lists": Codec(_whole(groups.tags_listed), (_COM,), (groups.InvalidGroup,)),
    "document zones": Codec(_whole(groups.zone), (_DG1,), (groups.InvalidGroup,)),
    "document portraits": Codec(_whole(groups.portrait), (_DG2,), (groups.InvalidGroup,)),
    "document details": Codec(_whole(groups.details), (_DG11,), (groups.InvalidGroup,)),
    "document access": Codec(_whole(_EXAMPLE.session), (_CHIP_TOKEN,), (NotTheChip,)),
    "document messaging": Codec(_whole(_opened(_EXAMPLE.session(_CHIP_TOKEN))), (_READ,), (NotGenuine,)),
    "machine-readable zones": Codec(
        _whole(lambda data: parse_mrz(data.decode("latin-1"))),
        (
            b"CSC123456788<3012316<9003071<0",
            b"I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
        ),
        (InvalidMrz,),
    ),
    "document answers": Codec(_whole(Answer.decode), (b"\x90\x00", b"\x01\x02\x69\x82"), (InvalidAnswer,)),
    "ipp": Codec(_whole(response), (_IPP,), (MalformedIpp,)),
}
"""A new codec needs one entry here; the tests and the proof take it from there."""
