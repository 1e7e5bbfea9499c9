"""One valid example of every message, of people who do not exist."""

from __future__ import annotations

from typing import Any

from central.api.listed import AlarmPage, EventPage, TerminalPage, VisitPage
from central.console.routes import BankMoney, FaultOrder, Health, SandboxState
from kiosk.people.id_number import check_character
from kiosk.protocol import commands as o
from kiosk.protocol import configuration as c
from kiosk.protocol import enrolment as n
from kiosk.protocol import loading as load
from kiosk.protocol import messages as m
from kiosk.protocol import sight as s

_HEAD = "15020319900101001"
_NUMBER = _HEAD + check_character(_HEAD)
_CASE = "01K0EXAMPLECASE0000000000A"
_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_NONCE = "000102030405060708090a0b0c0d0e0f"
_AT = "2026-11-22T02:30:00+08:00"

_GRANT: dict[str, Any] = {
    "grant": "G26112200000017",
    "case": _CASE,
    "item": "card-0001-20261110",
    "terminal": "KDL-001",
    "board": 1,
    "compartment": 12,
    "nonce": _NONCE,
    "expires": "2026-11-21T18:33:00Z",
    "signature": "00" * 64,
}
_ORDER: dict[str, Any] = {
    "number": "PO26112200000017",
    "bill": "fee:id-card-renewal:2004-01-01",
    "state": "open",
    "fen": 2000,
    "url": "https://127.0.0.1:8444/pay/000102030405060708090a0b0c0d0e0f",
    "expires": "2026-11-21T18:35:00Z",
    "receipt": "",
    "slip": "",
    "due": "",
}

_REQUEST = "-----BEGIN CERTIFICATE REQUEST-----\nMIH...\n-----END CERTIFICATE REQUEST-----\n"

EXAMPLES: dict[type[m.Message], dict[str, Any]] = {
    n.EnrolmentRequest: {
        "code": "0123-4567-89AB-CDEF-GHJK-MNPQ",
        "terminal": "KDL-001",
        "request": _REQUEST,
        "hardware": "",
        "proof": "",
    },
    n.RenewalRequest: {"certificate": _DIGEST, "request": _REQUEST, "signature": "AA==", "proof": ""},
    n.IssuedCertificate: {
        "certificate": "-----BEGIN CERTIFICATE-----\nMIIB...\n-----END CERTIFICATE-----\n",
        "not_after": _AT,
        "grant_key": "-----BEGIN PUBLIC KEY-----\nMCow...\n-----END PUBLIC KEY-----\n",
    },
    m.Problem: {
        "type": "tag:kiosk.invalid,2026:problem:digest",
        "title": "The content is not what its name or key says",
        "status": 409,
        "detail": "this key was used with other arguments",
        "code": "digest",
    },
    m.LookupRequest: {"name": "card-to-collect", "arguments": {"number": {"text": _NUMBER}}, "case": _CASE},
    m.LookupReply: {
        "answer": {
            "item": "card-0001-20261110",
            "case_number": "1502261101000018",
            "board": 1,
            "compartment": 12,
            "ground": "renewal",
            "issue_date": "2026-11-10",
            "valid_to": "2046-11-10",
            "authority": "包头市公安局昆都仑区分局",
        }
    },
    m.Filing: {
        "key": f"{_CASE}/collected/1",
        "digest": _DIGEST,
        "case": _CASE,
        "kind": "card-collected",
        "payload": {
            "number": _NUMBER,
            "item": "card-0001-20261110",
            "case_number": "1502261101000018",
            "grant": "G26112200000017",
            "certainty": "sensed",
            "signature": _DIGEST,
        },
        "blobs": [_DIGEST],
        "at": _AT,
    },
    m.FilingReply: {
        "status": "accepted",
        "number": "1502261101000018",
        "duplicate": False,
        "extras": {},
    },
    m.UploadAsk: {"sha256": _DIGEST, "length": 2097152},
    m.UploadState: {"offset": 524288, "whole": False},
    m.FilingBatch: {
        "items": [
            {
                "key": f"{_CASE}/effect/1/stands/done",
                "digest": _DIGEST,
                "case": _CASE,
                "kind": "effect-report",
                "payload": {
                    "effect_key": f"{_CASE}/effect/1",
                    "effect_kind": "print",
                    "state": "done",
                    "evidence": {"sheets": "1"},
                },
                "blobs": [],
                "at": _AT,
            }
        ]
    },
    m.BatchReply: {
        "items": [
            {
                "key": f"{_CASE}/effect/1/stands/done",
                "state": "done",
                "reply": {"status": "accepted", "number": "R26112200000017", "duplicate": False, "extras": {}},
            }
        ]
    },
    m.OrderRequest: {
        "key": f"{_CASE}/pay/1",
        "digest": _DIGEST,
        "case": _CASE,
        "bill": "fee:id-card-renewal:2004-01-01",
        "payer": _NUMBER,
        "expected_fen": 2000,
    },
    m.Order: _ORDER,
    m.CloseOrder: {"reason": "by-slip"},
    m.GrantRequest: {
        "key": f"{_CASE}/new-card/1",
        "digest": _DIGEST,
        "case": _CASE,
        "item": "card-0001-20261110",
        "board": 1,
        "compartment": 12,
        "nonce": _NONCE,
    },
    m.Grant: _GRANT,
    m.GrantUse: {"nonce": _NONCE, "outcome": "taken", "evidence": {"door": "closed"}},
    m.CustodyRequest: {
        "key": f"{_CASE}/old-card/1",
        "digest": _DIGEST,
        "case": _CASE,
        "document": "id-card",
        "number": _NUMBER,
        "nonce": _NONCE,
    },
    m.CustodyReply: {"custody": "C26112200000017", "grant": {**_GRANT, "item": "C26112200000017", "compartment": 24}},
    load.LoadingListRequest: {"nonce": _NONCE},
    load.LoadingList: {
        "number": "L26112200000017",
        "nonce": _NONCE,
        "terminal": "KDL-001",
        "issued": _AT,
        "expires": "2026-11-25T02:30:00+08:00",
        "salt": _NONCE,
        "free": [[1, 7], [1, 9]],
        "cards": [{"item": "card-0001-20261110", "standing": "to-load", "mark": "00" * 32, "holder": "11" * 32}],
        "documents": [
            {
                "item": "travel-0001",
                "standing": "to-load",
                "kind": "passport",
                "number": "EX0000001",
                "birth": "1990-01-01",
                "valid_to": "2036-11-10",
            }
        ],
        "unload": [
            {"item": "C26112200000017", "kind": "old-card", "board": 1, "compartment": 24, "why": "recovered"}
        ],
        "signature": "00" * 64,
    },
    m.FaceRequest: {"case": _CASE, "number": _NUMBER, "live": "/9j/4AAQ", "chip_photo": ""},
    m.FaceReply: {"verdict": "same", "engine": "dlib", "distance": 0.21, "threshold": 0.5, "sandbox": True},
    m.FingerRequest: {"case": _CASE, "number": _NUMBER, "live": "00" * 512},
    m.FingerReply: {"verdict": "same", "sandbox": True},
    m.Heartbeat: {
        "at": _AT,
        "version": "0.1.0",
        "settings_version": "1",
        "devices": [{"device": "locker", "state": "online", "code": "", "supplies": {}}],
        "services_open": ["HZ01", "HZ02", "JG01"],
        "outbox_waiting": 0,
        "audit_rows": 12,
        "audit_head": _DIGEST,
        "custody": ["C26112200000017"],
        "alarms": [],
    },
    m.HeartbeatReply: {
        "at": _AT,
        "terminal": "KDL-001",
        "site": "包头市昆都仑区钢铁大街24小时警局",
        "duty_telephone": "0472-0000110",
    },
    o.Commands: {
        "commands": [
            {
                "number": "Z26112200000017",
                "kind": "out-of-service",
                "terminal": "KDL-001",
                "nonce": _NONCE,
                "issued": "2026-11-21T18:30:00Z",
                "expires": "2026-11-21T18:35:00Z",
                "urgency": "between-visits",
                "text_zh": "设备检修，预计十点恢复",
                "text_en": "Being repaired; open again at ten",
                "device": "",
                "board": 0,
                "compartment": 0,
                "signature": "00" * 64,
            }
        ]
    },
    m.HelpAsk: {"key": "help/5f0c"},
    m.HelpAnswer: {"number": "H26112200000017", "state": "answered", "said": ["您好，请问遇到什么问题？"], "more": 0},
    s.Sight: {
        "version": 1,
        "key": "help/5f0c",
        "turn": 3,
        "language": "en",
        "page": {
            "page": "FormPage",
            "service": "HZ01",
            "step": 2,
            "steps": 5,
            "sentence": [{"key": "field-phone"}],
            "field": {"name": "phone", "characters": 7, "length": 11},
            "actions": [{"said": [{"key": "action-next"}], "enabled": False, "leads": True}],
        },
    },
    s.SightReply: {"state": "open"},
    c.Assignment: {"number": 12},
    c.FileRequest: {"path": "metadata/timestamp.json"},
    c.BundleRequest: {"number": 12},
    c.Bundle: {"files": {"metadata/timestamp.json": "e30="}},
    c.SetReport: {"number": 12, "stage": "reverted", "why": "health: locker"},
    m.AuditBatch: {"rows": [{"row": 1, "text": '{"event":"started"}', "hash": _DIGEST}]},
    m.AuditReply: {"row": 1},
    m.LedgerCheck: {"case": _CASE},
    m.LedgerReply: {
        "entries": [
            {"key": f"{_CASE}/collected/1", "kind": "filing", "state": "accepted", "number": "1502261101000018"}
        ]
    },
    Health: {"status": "ok", "sandbox": True},
    BankMoney: {"fen": 20000},
    FaultOrder: {"agency": "population", "fault": "down", "seconds": 60.0},
    SandboxState: {
        "people": 241,
        "payments": 0,
        "refunds": 0,
        "notices": 0,
        "faults": {"population": "down"},
    },
    TerminalPage: {
        "items": [
            {
                "id": "KDL-001",
                "site": "包头市昆都仑区钢铁大街24小时警局",
                "kind": "terminal",
                "light": "attention",
                "seen_at": _AT,
                "silent": False,
                "out_of_service": "",
                "open": ["HZ01", "HZ02"],
                "closed": [{"code": "JG01", "why": "agency-traffic"}],
                "troubles": [{"device": "locker", "state": "online", "code": "door-open"}],
                "alarms": ["locker:door-open"],
                "visiting": False,
                "waiting": 0,
                "version": "0.1.0",
                "settings": "1",
            }
        ],
        "next": "",
    },
    AlarmPage: {
        "items": [
            {
                "id": 17,
                "terminal": "KDL-001",
                "code": "locker:door-open",
                "state": "closed",
                "first_at": _AT,
                "last_at": _AT,
                "times": 1,
                "level": 0,
                "over_at": _AT,
                "closed_at": _AT,
            }
        ],
        "next": "",
    },
    VisitPage: {
        "items": [
            {
                "terminal": "KDL-001",
                "row": 212,
                "visit": _CASE,
                "service": "HZ01",
                "ending": "done",
                "topic": "filed",
                "seconds": 180,
                "ended_at": _AT,
            }
        ],
        "next": "",
    },
    EventPage: {
        "items": [
            {"id": 4711, "at": _AT, "terminal": "KDL-001", "kind": "visit-ended", "code": "HZ01", "subject": "done"}
        ],
        "next": "",
    },
}
