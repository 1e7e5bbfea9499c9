"""A4 papers as PDF by Typst. Runs in the paper process, or inline under the virtual clock: Typst holds the GIL."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

import segno
import typst

from kiosk.documents import wording
from kiosk.documents.amounts import in_words
from kiosk.documents.fonts import folders
from kiosk.documents.papers import CERTIFICATES, NoPaper, Sheet, Standing, day_of
from kiosk.documents.wording import CHINESE, phrase, said, shown, shown_beside, templates


def page(sheet: Sheet, language: str) -> bytes:
    """The PDF of one A4 paper; equal bytes for equal values. Raises NoPaper."""
    view, name = _view(sheet, language)
    source = templates() / f"{name}.typ"
    try:
        made = _compiler().compile(
            input=source,
            format="pdf",
            sys_inputs={"values": json.dumps(view, ensure_ascii=False, sort_keys=True)},
            timestamp=int(datetime.fromisoformat(sheet["when"]).timestamp()),
        )
    except typst.TypstError as failure:
        raise NoPaper(f"{sheet.paper}: the template cannot be set: {failure.message}") from None
    if not isinstance(made, bytes):
        raise NoPaper(f"{sheet.paper}: the typesetter gave no single document")
    return made


def _view(sheet: Sheet, language: str) -> tuple[dict[str, Any], str]:
    """What the template is given, and the template's name."""
    if sheet.paper in CERTIFICATES:
        return _certificate(sheet, language), "certificate"
    if sheet.paper == "crossing-record":
        return _crossings(sheet, language), sheet.paper
    if sheet.paper == "penalty-decision":
        return _decision(sheet, language), sheet.paper
    if sheet.paper == "inspection-mark":
        return _mark(sheet, language), sheet.paper
    if sheet.paper == "exam-record":
        return _exam(sheet, language), sheet.paper
    return _receipt(sheet, language), sheet.paper


def warm() -> None:
    """Load the fonts, so that the first paper does not wait for them."""
    _compiler()


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders()],
    )
    return typst.Compiler(root=str(templates()), font_paths=fonts)


def _shared(sheet: Sheet, language: str) -> dict[str, Any]:
    simulated = sheet.standing is Standing.SIMULATED
    verify = sheet.get("verify_url", "")
    return {
        "title": said(sheet, "title", CHINESE),
        "subtitle": "" if language == CHINESE else said(sheet, "title", language),
        "number": sheet["number"],
        "number-label": said(sheet, "number", CHINESE),
        "authority": sheet.get("authority", sheet["site"]),
        "simulated": phrase("common", "simulated", CHINESE) if simulated else "",
        "reprint": phrase("common", "reprint", CHINESE) if sheet.reprint else "",
        "pending": phrase("common", "pending", CHINESE) if sheet.pending else "",
        "site": sheet["site"],
        "terminal": sheet["terminal"],
        "when": wording.moment(sheet["when"], CHINESE),
        "printed": phrase("common", "printed", CHINESE),
        "telephone": sheet["telephone"],
        "telephone-label": phrase("common", "telephone", CHINESE),
        "verify_url": verify,
        "verify-label": phrase("common", "verify", CHINESE),
        "qr": _code(verify) if verify else "",
    }


def _code(content: str) -> str:
    """A QR code as SVG with its quiet zone."""
    out = io.BytesIO()
    segno.make(content, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def _decision(sheet: Sheet, language: str) -> dict[str, Any]:
    words = cast(Mapping[str, Any], wording.wording()["decision"])
    fined = sheet["fine"] not in ("0", "0.00")
    filled = {name: shown(sheet, name, CHINESE) for name in ("at", "place", "behaviour", "code")}
    filled |= {name: sheet[name] for name in ("articles_broken", "articles_basis", "fine", "points")}
    filled["words"] = in_words(sheet["fine"])
    return _shared(sheet, language) | {
        "rows": _decision_rows(sheet, words),
        "facts-title": words["facts_title"],
        "facts-text": words["facts_text"].format(**filled),
        "decision-title": words["decision_title"],
        "decision-text": words["fined" if fined else "warned"].format(**filled),
        "payment-title": words["payment_title"],
        "payment_text": sheet["payment_text"],
        "rights-title": words["rights_title"],
        "rights_text": sheet["rights_text"],
        "declaration-title": words["declaration_title"],
        "declaration_text": sheet.get("declaration_text", ""),
        "signature-label": words["signature"],
        "signed": words["signed" if "signed" in sheet else "unsigned"],
        "officer-label": words["officer"],
        "decided-label": words["decided"],
        "decided_at": wording.moment(sheet["decided_at"], CHINESE),
        "seal": words["seal"],
        "seal-note": words["seal_note"],
        "gloss": [] if language == CHINESE else _gloss(sheet, words, fined),
    }


def _decision_rows(sheet: Sheet, words: Mapping[str, Any]) -> list[list[str]]:
    pairs = (
        ("name", "id_masked"),
        ("licence_file", "licence_classes"),
        ("licence_office", ""),
        ("plate", "plate_kind"),
        ("vehicle", ""),
    )
    rows: list[list[str]] = []
    for pair in pairs:
        names = [name for name in pair if name and name in sheet]
        if names:
            rows.append([text for name in names for text in (words[name], shown(sheet, name, CHINESE))])
    return rows


def _gloss(sheet: Sheet, words: Mapping[str, Any], fined: bool) -> list[str]:
    penalty = words["gloss_fined" if fined else "gloss_warned"].format(fine=sheet["fine"])
    filled = {name: sheet[name] for name in ("number", "points", "plate", "telephone")} | {"penalty": penalty}
    return [line.format(**filled) for line in words["gloss"]]


def _certificate(sheet: Sheet, language: str) -> dict[str, Any]:
    words = cast(Mapping[str, Any], wording.wording()["certificate"])
    title = {spoken: _title(sheet, spoken) for spoken in (CHINESE, "en")}
    pairs = (("name", "id_number"), ("purpose", ""), ("recipient", ""), ("valid_to", ""))
    rows = [
        [text for name in pair if name in sheet for text in (words[name], shown(sheet, name, CHINESE))]
        for pair in pairs
    ]
    filled = {name: sheet[name] for name in ("number", "telephone")} | {"title": title["en"]}
    return _shared(sheet, language) | {
        "title": title[CHINESE],
        "subtitle": "" if language == CHINESE else title["en"],
        "rows": [row for row in rows if row],
        "opening": words["opening"],
        "statement": sheet["statement"].splitlines(),
        "issuer-label": words["issuer"],
        "issued-label": words["issued"],
        "issued_at": wording.moment(sheet["issued_at"], CHINESE),
        "check": words["check"],
        "seal": words["seal"],
        "seal-note": words["seal_note"],
        "seal-code": sheet["seal"],
        "gloss": [] if language == CHINESE else [line.format(**filled) for line in words["gloss"]],
    }


def _crossings(sheet: Sheet, language: str) -> dict[str, Any]:
    words = cast(Mapping[str, Any], wording.wording()["crossings"])
    days = {name: shown(sheet, name, CHINESE) for name in ("first", "last")}
    lines = [line.split("|") for line in sheet.get("crossings", "").splitlines()]
    pairs = (("name", "sex"), ("id_number", "birth"), ("purpose", ""))
    filled = {name: sheet[name] for name in ("number", "telephone", "first", "last")} | {"n": str(len(lines))}
    return _shared(sheet, language) | {
        "rows": [
            [text for name in pair if name for text in (words[name], shown(sheet, name, CHINESE))] for pair in pairs
        ]
        + [[words["period"], words["from_to"].format(**days)]],
        "heads": words["heads"],
        "lines": [[str(n), *line] for n, line in enumerate(lines, 1)],
        "count": words["count"].format(n=len(lines)) if lines else words["none"],
        "issuer-label": words["issuer"],
        "issued-label": words["issued"],
        "issued_at": wording.moment(sheet["issued_at"], CHINESE),
        "check": words["check"],
        "seal": words["seal"],
        "seal-note": words["seal_note"],
        "seal-code": sheet["seal"],
        "gloss": [] if language == CHINESE else [line.format(**filled) for line in words["gloss"]],
    }


def _title(sheet: Sheet, language: str) -> str:
    """A household certificate is called by its kind."""
    return shown(sheet, "kind", language) if "kind" in sheet else said(sheet, "title", language)


def _exam(sheet: Sheet, language: str) -> dict[str, Any]:
    """A copy of what was measured, under a line that says what it is not."""
    notice = wording.wording()["papers"][sheet.paper]["notice"]
    return _receipt(sheet, language) | {
        "notice": notice["zh"],
        "notice-beside": "" if language == CHINESE else notice["en"],
    }


def _mark(sheet: Sheet, language: str) -> dict[str, Any]:
    words = cast(Mapping[str, Any], wording.wording()["mark"])
    until = day_of(sheet["valid_to"])
    filled = {name: sheet[name] for name in ("number", "telephone", "plate")} | {"valid_to": until.isoformat()}
    return _shared(sheet, language) | {
        "kind": words["kind"],
        "until": words["until"],
        "year": words["year"].format(until.year),
        "month": words["month"].format(until.month),
        "plate": sheet["plate"],
        "cut": words["cut"],
        "rows": [
            [text for name in pair for text in (words[name], shown(sheet, name, CHINESE))]
            for pair in (("plate", "plate_kind"), ("vehicle",), ("valid_to",))
        ],
        "issuer-label": words["issuer"],
        "issued-label": words["issued"],
        "issued_at": wording.moment(sheet["issued_at"], CHINESE),
        "check": words["check"],
        "notes": words["notes"],
        "seal": words["seal"],
        "seal-note": words["seal_note"],
        "seal-code": sheet["seal"],
        "gloss": [] if language == CHINESE else [line.format(**filled) for line in words["gloss"]],
    }


def _receipt(sheet: Sheet, language: str) -> dict[str, Any]:
    rows: list[list[str]] = []
    for name, label in wording.rows(sheet):
        said_label = phrase("labels", label, CHINESE)
        if language != CHINESE:
            said_label += f" {phrase('labels', label, language)}"
        rows.append([said_label, shown_beside(sheet, name, language)])
    steps = [step for spoken in dict.fromkeys((language, CHINESE)) for step in wording.next_steps(sheet, spoken)]
    return _shared(sheet, language) | {"rows": rows, "next-title": phrase("common", "next", language), "next": steps}
