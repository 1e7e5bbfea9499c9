"""Commands of the reader of travel documents."""

from __future__ import annotations

from kiosk.devices.document_reader.contract import DocumentReader
from kiosk.devices.shell.words import Answer, Command, Options, Usage, plain
from kiosk.people.id_card import masked_name
from kiosk.people.travel_document import ChipKey, InvalidMrz, parse_mrz


def _key(options: Options) -> ChipKey:
    """From `--mrz`, its lines separated by / or line breaks. Raises Usage, which does not repeat it."""
    if not options.mrz:
        raise Usage("--mrz is needed: the document's machine-readable lines, separated by /")
    try:
        return parse_mrz(options.mrz.replace("/", "\n")).chip_key
    except InvalidMrz as invalid:
        raise Usage(f"--mrz is no machine-readable zone: {invalid.fault.value}") from None


async def _read(reader: DocumentReader, options: Options) -> Answer:
    read = await reader.read(_key(options), seconds=options.seconds)
    name = read.details.name if read.details is not None else read.mrz.surname
    number = read.mrz.number
    personal: dict[str, object] = {"name": masked_name(name), "number": "*" * (len(number) - 4) + number[-4:]}
    if options.show:
        personal = {
            "name": name,
            "number": number,
            "birth": read.mrz.birth,
            "zone": plain(read.mrz),
            "details": plain(read.details),
        }
    return {
        "layout": read.mrz.layout.value,
        "kind": read.mrz.code,
        **personal,
        "expiry": read.mrz.expiry,
        "portrait": None if read.portrait is None else read.portrait.format.value,
        "portrait_bytes": 0 if read.portrait is None else len(read.portrait.picture),
        "signature": read.signature.value,
        "exchanges": read.exchanges,
        "wire_seconds": round(read.wire_seconds, 6),
        "own_seconds": round(read.own_seconds, 6),
    }


DOCUMENT_READER = {"read": Command(_read, person=True)}
