"""What every answer carries, how TLS is spoken, and what is noticed of whoever tries."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import h11
import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from central.agencies.faces import decoded
from central.api.applications import people, terminals
from central.api.headers import ALWAYS, TRANSPORT
from central.api.peer import PEER, Peer
from central.api.serving import configure
from central.console.accounts import add_user, begin, seated, users
from central.console.accounts import enter as accounts_enter
from central.console.operators import operators
from central.console.pages import STYLE_DIGEST
from central.console.web import COOKIE, HERE
from central.cupboards import CupboardFailed, open_cupboard
from central.database import encrypted
from central.desks.desk import Desk
from central.fleet.authority import Authority, Pair
from central.fleet.roll import Enrolled
from central.lines import Lines
from central.model_console import ConsoleUser, Role
from central.noticed import Noticed, notice
from kiosk.protocol.records import NotToBeOpened, packed, unpacked
from tests.central.office import TERMINAL, Filled, Office


def ask(
    app: FastAPI, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    """One request to an application in memory; header fields with lower-case names, cookies in one."""
    said: list[dict[str, Any]] = []
    fields = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    where, _, query = path.partition("?")

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        said.append(dict(message))

    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": where,
        "raw_path": where.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"hq.example"), *fields],
        "client": ("10.0.0.7", 40000),
        "server": ("hq.example", 443),
        "extensions": {PEER: Peer("stranger", "00")},
    }
    asyncio.run(app(scope, receive, send))
    found: dict[str, str] = {}
    for name, value in said[0]["headers"]:
        found[name.decode()] = ", ".join(filter(None, (found.get(name.decode(), ""), value.decode())))
    return int(said[0]["status"]), found, b"".join(part.get("body", b"") for part in said[1:])


@pytest.fixture(name="standing", scope="module")
def standing_office(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One for all of these: nothing here depends on what the others left."""
    made = filled.office(tmp_path_factory.mktemp("standing") / "central")
    yield made
    made.close()


@pytest.fixture(name="site", scope="module")
def made(standing: Office) -> FastAPI:
    return people(standing.headquarters, standing.clock, operators(standing.headquarters))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/healthz", 200),
        ("/openapi.json", 200),
        ("/nothing", 404),
        ("/pay/none", 404),
        ("/console", 404),
        ("/console/", 303),
        ("/console/sign-in", 200),
        ("/console/live", 401),
        ("/console/static/none", 404),
        ("/console/static/console.js", 200),
        ("/console/look?theme=night", 303),
    ],
)
def test_every_answer_carries_what_browsers_go_by(site: FastAPI, path: str, status: int) -> None:
    answered, headers, _ = ask(site, "GET", path)
    assert answered == status
    assert ALWAYS.keys() <= headers.keys()
    assert headers["strict-transport-security"] == TRANSPORT == "max-age=31536000; includeSubDomains"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "base-uri 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "access-control-allow-origin" not in headers and "server" not in headers
    assert path.startswith("/console/static/console") or headers["cache-control"] == "no-store"


def test_terminals_are_answered_with_them_too(standing: Office) -> None:
    listener = terminals(standing.headquarters, standing.clock, lambda peer: None)
    for method in ("GET", "TRACE"):
        _, headers, _ = ask(listener, method, "/v1/configuration")
        assert ALWAYS.items() <= headers.items()


def test_trace_is_not_spoken(standing: Office, site: FastAPI) -> None:
    listener = terminals(standing.headquarters, standing.clock, lambda peer: None)
    paths = ((listener, "/v1/configuration"), (site, "/healthz"), (site, "/console/sign-in"))
    assert [ask(app, "TRACE", path)[0] for app, path in paths] == [405, 405, 405]


def test_a_payers_page_has_its_own_style_and_nothing_else(site: FastAPI) -> None:
    _, headers, body = ask(site, "GET", "/v/none")
    assert headers["content-security-policy"].split("; ")[1] == f"style-src '{STYLE_DIGEST}'"
    assert body.count(b"<style>") == 1 and b"<script" not in body and b" style=" not in body


def test_every_cookie_is_this_hosts_alone(site: FastAPI) -> None:
    _, headers, _ = ask(site, "GET", "/console/look?theme=night&language=en&back=//elsewhere.example")
    cookies = headers["set-cookie"].split(", __Host-")
    assert len(cookies) == 2
    for cookie in cookies:
        name, *attributes = cookie.removeprefix("__Host-").split("; ")
        assert name.startswith(("language=", "theme="))
        assert {"HttpOnly", "Secure", "Path=/", "SameSite=strict"} <= set(attributes)
        assert not any(word.startswith("Domain") for word in attributes)
    assert headers["location"] == "/console/", "nobody is sent to another site"


def test_no_page_lies_in_a_directory(site: FastAPI) -> None:
    for path in ("/console/static/", "/console/static/../web.py", "/console/static/.git", "/.git/config"):
        assert ask(site, "GET", path)[0] in (303, 404)


def test_tls_is_new_forward_secret_and_authenticated(tmp_path: Path) -> None:
    pair = Pair(tmp_path / "cert.pem", tmp_path / "key.pem")
    authority = Authority(tmp_path / "authority", datetime(2026, 11, 23, tzinfo=UTC))
    authority.server(pair, ("localhost",))
    for trusted in (None, authority.pair.certificate):
        config = configure(FastAPI(), pair, trusted)
        assert config.ssl is not None and config.ssl.minimum_version.name == "TLSv1_2"
        ciphers = config.ssl.get_ciphers()
        assert ciphers[0]["protocol"] == "TLSv1.3", "the newest first"
        assert all(cipher["aead"] for cipher in ciphers)
        assert all(cipher["protocol"] == "TLSv1.3" or "ECDHE" in cipher["name"] for cipher in ciphers)
        assert (config.ws, config.server_header, config.access_log) == ("none", False, False)
        assert (config.ssl.verify_mode.name == "CERT_REQUIRED") is (trusted is not None)


def test_where_a_request_ends_is_said_by_one_field_only() -> None:
    """RFC 9112, 6.3: with Transfer-Encoding a Content-Length counts for nothing, and two lengths are none."""
    both = h11.Connection(h11.SERVER)
    both.receive_data(
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
    )
    assert isinstance(both.next_event(), h11.Request)
    body = both.next_event()
    assert isinstance(body, h11.Data) and bytes(body.data) == b"hi"
    assert isinstance(both.next_event(), h11.EndOfMessage)
    two = h11.Connection(h11.SERVER)
    two.receive_data(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhello")
    with pytest.raises(h11.RemoteProtocolError):
        _ = two.next_event()


def test_the_proxys_example_speaks_the_same() -> None:
    text = (Path(__file__).parents[2] / "deploy" / "nginx" / "headquarters.conf").read_text("utf-8")
    assert text.count("ssl_protocols TLSv1.2 TLSv1.3;") == text.count("listen ") == text.count("proxy_ssl_verify on;")
    assert len(set(re.findall(r"server_name (\S+);", text))) == 2, "payers have a name of their own"
    assert "/etc/kiosk/public/cert.pem" in text.split("server_name pay.")[1]
    assert "ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;" in text and "listen 80" not in text
    assert 'proxy_set_header Kiosk-Client-Certificate "";' in text
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text


def test_a_line_about_an_attempt_is_one_line_whatever_stands_in_it(caplog: pytest.LogCaptureFixture) -> None:
    notice(Noticed.NOT_THEIRS, user='wang"}\n{"level": "INFO', page="/people", address="10.0.0.7")
    [record] = caplog.records
    text = Lines().format(record)
    assert "\n" not in text
    said = json.loads(text)
    assert (said["event"], said["level"], said["page"]) == ("not-theirs", "WARNING", "/people")
    assert datetime.fromisoformat(said["at"]).utcoffset() is not None


def test_attempts_are_noticed_without_what_was_typed(
    standing: Office, site: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    standing.headquarters.by_a_person(
        lambda desk: add_user(desk.db, desk.now, desk.ids, "wang", "王警官", frozenset({Role.VIEWER}))
    )
    for name in ("wang", "my own password"):
        status, headers, _ = ask(site, "POST", "/console/sign-in", f"name={name}&password=not+this".encode())
        assert status == 401 and "set-cookie" not in headers
    assert ask(site, "POST", "/console/sign-in", b"", {"origin": "https://evil.example"})[0] == 403
    assert ask(terminals(standing.headquarters, standing.clock, lambda peer: None), "GET", "/v1/commands")[0] == 403
    said: list[dict[str, str]] = [vars(record)["said"] for record in caplog.records]
    assert [(one["event"], one.get("user")) for one in said] == [
        ("sign-in-failed", "wang"),
        ("sign-in-failed", ""),
        ("from-elsewhere", ""),
        ("certificate", None),
    ]
    assert said[0]["address"] == "10.0.0.7" and said[0]["how"] == "password"
    assert "not this" not in caplog.text and "my own password" not in caplog.text


def test_what_is_packed_too_small_is_not_unpacked() -> None:
    bomb = packed(["{}" + " " * 100_000])
    assert len(bomb) < 1000
    with pytest.raises(NotToBeOpened):
        _ = list(unpacked(bomb, 10_000))
    assert list(unpacked(bomb, 200_000)) == [{}]
    with pytest.raises(NotToBeOpened):
        _ = list(unpacked(bomb[:-12]))


def test_an_error_that_was_not_foreseen_says_nothing_of_itself(
    standing: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*words: object) -> None:
        raise RuntimeError("110101199003077534")

    monkeypatch.setattr(standing.headquarters, "people", fails)
    status, _, body = ask(people(standing.headquarters, standing.clock), "GET", "/healthz")
    assert status == 500 and json.loads(body)["detail"] == "it is in the log" and b"Runtime" not in body


def test_nothing_but_a_form_of_ones_own_session_changes_ways_in(standing: Office, site: FastAPI) -> None:
    """Every page that needs somebody, asked by nobody, leads to the way in; and no path does anything by GET."""
    for path in ("/keys", "/people", "/record", "/visits/CASE00001", "/reports.csv", "/configuration"):
        status, headers, body = ask(site, "GET", f"/console{path}")
        assert (status, headers["location"], body) == (303, "/console/sign-in", b"")
    for path in ("/sessions/end", "/people/wang/disable", "/keys/one/remove"):
        assert ask(site, "POST", f"/console{path}")[0] == 303
        assert ask(site, "GET", f"/console{path}")[0] in (303, 405)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql+psycopg://h@db.example/h", {"sslmode": "verify-full", "sslrootcert": "system"}),
        ("postgresql+psycopg://h@10.1.2.3/h?sslrootcert=/etc/ca.pem", {"sslmode": "verify-full"}),
        ("postgresql+psycopg://h@db.example/h?sslmode=require", {}),
        ("postgresql+psycopg://h@localhost/h", {}),
        ("postgresql+psycopg://h@/h?host=/run/postgresql", {}),
    ],
)
def test_a_database_elsewhere_is_spoken_to_with_a_verified_certificate(url: str, told: dict[str, str]) -> None:
    assert encrypted(make_url(url)) == told


def test_a_bucket_elsewhere_is_not_spoken_to_without_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://192.0.2.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    with pytest.raises(CupboardFailed):
        _ = open_cupboard("s3://pictures/here").has("one")


def test_no_text_becomes_code_and_no_statement_is_put_together() -> None:
    """exec, eval, pickle, marshal, YAML's loader, shells, XML of strangers, SQL from pieces, TLS that verifies
    nobody, weak hashes, templates without escaping, requests without a deadline: as Ruff finds them.
    """
    rules = (
        "S102,S113,S201,S202,S301,S302,S306,S307,S312,S313,S314,S315,S316,S317,S318,S319,S321,S323,S324,S501,S502,"
        "S503,S504,S505,S506,S602,S604,S605,S608,S610,S611,S612,S701,S702,S704"
    )
    known = "{'central/partitions.py' = ['S608'], 'central/migrations/*' = ['S608']}"
    words = ["check", "--isolated", "--preview", "--no-cache", "--select", rules, "--output-format", "concise"]
    more = ["--config", f"lint.per-file-ignores = {known}"]
    left_out = ["--exclude", "kiosk/simulation,kiosk/nights,kiosk/proofs,kiosk/commands/measuring"]
    root = Path(__file__).parents[2]
    ruff = Path(sys.executable).with_name("ruff")
    done = subprocess.run(
        [ruff, *words, *more, *left_out, "central", "kiosk"], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr


def enter(office: Office, name: str, *roles: Role) -> dict[str, str]:
    """The cookie of somebody with these roles, who just signed in."""

    def act(desk: Desk) -> str:
        if desk.db.get(ConsoleUser, name) is None:
            _ = add_user(desk.db, desk.now, desk.ids, name, '<b title="x">', frozenset(roles))
        row = desk.db.get(ConsoleUser, name)
        waiting = seated(desk.db, desk.now, begin(desk.db, desk.now, desk.ids, name), used=True)
        assert row is not None and waiting is not None
        row.to_change = False
        cookie = accounts_enter(desk.db, desk.now, desk.ids, waiting)
        assert cookie is not None
        return cookie

    return {"cookie": f"{COOKIE}={office.headquarters.by_a_person(act)}"}


def token_on(page: bytes) -> str:
    found = re.search(rb'name="token" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1].decode()


def test_what_is_typed_comes_back_as_text(standing: Office, site: FastAPI) -> None:
    cookie = enter(standing, "typing", Role.OPERATOR)
    typed = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    status, _, body = ask(site, "GET", f"/console/visits?number={typed}", headers=cookie)
    assert status == 200 and b"<script>alert" not in body and b"&lt;script&gt;alert(1)" in body
    assert b'<b title="x">' not in body and b"&lt;b title=&#34;x&#34;&gt;" in body


def test_ways_in_are_changed_and_sessions_ended_by_whoever_just_signed_in(standing: Office, site: FastAPI) -> None:
    here, there = enter(standing, "twice", Role.VIEWER), enter(standing, "twice")
    page = ask(site, "GET", "/console/keys", headers=here)[2]
    form = f"token={token_on(page)}".encode()
    standing.clock.forward(minutes=6)
    assert ask(site, "POST", "/console/sessions/end", form, here)[0] == 403
    assert ask(site, "POST", "/console/keys/one/remove", form, here)[0] == 403
    stale = ask(site, "GET", "/console/keys", headers=here)[2]
    assert b"/sessions/end" not in stale and b"/sign-out" in stale
    fresh = enter(standing, "twice")
    form = f"token={token_on(ask(site, 'GET', '/console/keys', headers=fresh)[2])}".encode()
    assert ask(site, "POST", "/console/sessions/end", form, fresh)[0] == 303
    assert ask(site, "GET", "/console/keys", headers=there)[0] == 303
    assert ask(site, "GET", "/console/keys", headers=fresh)[0] == 200


def test_who_signs_out_leaves_nothing_behind(standing: Office, site: FastAPI) -> None:
    cookie = enter(standing, "leaving", Role.VIEWER)
    form = f"token={token_on(ask(site, 'GET', '/console/keys', headers=cookie)[2])}".encode()
    _, headers, _ = ask(site, "POST", "/console/sign-out", form, cookie)
    assert headers["clear-site-data"] == '"cache", "storage"' and "Max-Age=0" in headers["set-cookie"]
    status, headers, _ = ask(site, "GET", "/console/keys", headers=cookie)
    assert (status, headers["location"]) == (303, "/console/sign-in"), "the cookie is worth nothing any more"


def test_what_belongs_in_a_form_counts_nowhere_else(standing: Office, site: FastAPI) -> None:
    cookie = enter(standing, "twofold", Role.VIEWER)
    token = token_on(ask(site, "GET", "/console/keys", headers=cookie)[2])
    assert ask(site, "POST", f"/console/sign-out?token={token}", b"", cookie)[0] == 403
    assert ask(site, "POST", "/console/sign-out", f"token={token}&token=other".encode(), cookie)[0] == 403


def test_a_page_of_another_role_is_refused_and_noticed(
    standing: Office, site: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    cookie = enter(standing, "viewing", Role.VIEWER)
    assert ask(site, "GET", "/console/record", headers=cookie)[0] == 403
    [record] = [vars(record)["said"] for record in caplog.records]
    assert record == {"event": "not-theirs", "user": "viewing", "page": "/record", "address": "10.0.0.7"}


def test_nobody_is_there_before_somebody_is_made(office: Office) -> None:
    assert office.headquarters.by_a_person(lambda desk: users(desk.db)) == []


def test_password_fields_hide_and_take_what_managers_paste(site: FastAPI) -> None:
    _, _, body = ask(site, "GET", "/console/sign-in")
    assert b'name="password" type="password" autocomplete="current-password"' in body
    assert b"onpaste" not in body and b'autocomplete="off"' not in body
    script = (HERE / "static" / "console.js").read_text("utf-8")
    assert "paste" not in script and "password" not in script


def test_the_script_writes_text_and_keeps_nothing() -> None:
    """Nodes are made, or taken from a page of ours; objects are only ever made with names of ours."""
    script = (HERE / "static" / "console.js").read_text("utf-8")
    for way in ("innerHTML", "outerHTML = ", "insertAdjacent", "document.write", "eval(", "Function(", "postMessage"):
        assert way not in script
    for way in ("localStorage", "sessionStorage", "indexedDB", "document.cookie", "Object.assign", "__proto__"):
        assert way not in script
    assert "main.replaceChildren(); location.reload()" in script, "who hears nothing any more shows nothing any more"


def test_bytes_are_kept_by_who_fetched_them_and_never_shown(standing: Office) -> None:
    name = standing.headquarters.blobs.put(b"<script>alert(1)</script>")
    listener = terminals(standing.headquarters, standing.clock, lambda peer: Enrolled(TERMINAL, "", b""))
    status, headers, _ = ask(listener, "GET", f"/v1/blobs/{name}")
    assert (status, headers["content-type"]) == (200, "application/octet-stream")
    assert headers["content-disposition"] == 'attachment; filename="bytes.bin"'
    assert headers["x-content-type-options"] == "nosniff" and headers["content-security-policy"].endswith("sandbox")


def test_weak_algorithms_stand_where_a_standard_of_others_asks_for_them_and_nowhere_else() -> None:
    """docs/security/keys.md says of each of these places why."""
    root, weak = Path(__file__).parents[2], re.compile(r"\b(SHA1|sha1|md5|MD5|TripleDES|ECB|PKCS1v15|RC4|ARC4|CBC)\b")
    files = [file for room in ("central", "kiosk") for file in (root / room).rglob("*.py")]
    places = {
        file.relative_to(root).as_posix()
        for file in files
        if "simulation" not in file.parts and weak.search("".join(_code_of(file)))
    }
    assert places == {
        "central/console/accounts.py",
        "kiosk/devices/document_reader/access.py",
        "kiosk/devices/document_reader/ciphers.py",
    }


def _code_of(file: Path) -> Iterator[str]:
    for line in file.read_text("utf-8").splitlines():
        if re.search(r"hashlib\.|hashes|Cipher|modes\.|padding\.|import .*(SHA1|TripleDES)|TOTP\(", line):
            yield line


def test_a_report_has_a_name_of_ours_whatever_was_asked(standing: Office, site: FastAPI) -> None:
    cookie = enter(standing, "reporting", Role.VIEWER)
    asked = "first=2026-01-05%22%0d%0ax:y&last=2026-01-09&terminal=%22%3Ba"
    status, headers, _ = ask(site, "GET", f"/console/reports.csv?{asked}", headers=cookie)
    assert (status, headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert headers["content-disposition"] == 'attachment; filename="visits-2026-01-03-2026-01-09.csv"'


def test_a_small_file_that_is_a_huge_picture_is_none() -> None:
    packed_small, whole = io.BytesIO(), io.BytesIO()
    Image.new("1", (9000, 9000)).save(packed_small, "PNG")
    Image.new("L", (90, 90)).save(whole, "JPEG")
    assert len(packed_small.getvalue()) < 50_000
    assert decoded(packed_small.getvalue()) is None and decoded(b"") is None and decoded(b"BM" + b"0" * 80) is None
    assert decoded(whole.getvalue()) is not None


def test_a_database_that_fails_is_written_down_without_its_address(
    standing: Office, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*words: object) -> None:
        raise OperationalError("SELECT 1", {}, OSError("certificate verify failed: db.example"))

    monkeypatch.setattr(standing.headquarters, "_try_to_serve", fails)
    status, body = standing.headquarters.exchange(TERMINAL, "GET", "/v1/commands", b"")
    assert (status, json.loads(body)["code"]) == (503, "database")
    assert [record.getMessage() for record in caplog.records] == ["the database does not answer: OSError"]
