"""Who may come in: passwords, codes, locks, sessions that end, and the chain of what was done."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from central.console import accounts
from central.console.accounts import NewUser, Seated
from central.console.record import broken_at, chain, record
from central.console.rights import May, rights
from central.console.words import TEXTS, Words
from central.desks.desk import Desk
from central.model_console import ConsoleRecord, ConsoleUser, Role, Stage
from central.problems import Declined
from tests.central.office import Office

OPERATOR = frozenset({Role.OPERATOR})


def added(office: Office, name: str = "wang", roles: frozenset[Role] = OPERATOR) -> NewUser:
    return office.headquarters.by_a_person(
        lambda desk: accounts.add_user(desk.db, desk.now, desk.ids, name, "王警官", roles)
    )


def code_of(office: Office, user: NewUser) -> str:
    secret = parse_qs(urlsplit(user.address).query)["secret"][0]
    return accounts.code_now(secret, office.clock.now())


def seated(office: Office, cookie: str, *, used: bool = True) -> Seated | None:
    return office.headquarters.by_a_person(lambda desk: accounts.seated(desk.db, desk.now, cookie, used=used))


def coded(office: Office, cookie: str, code: str) -> str | None:
    waiting = seated(office, cookie)
    assert waiting is not None
    return office.headquarters.by_a_person(
        lambda desk: accounts.take_code(desk.db, desk.now, desk.ids, waiting, code)
    )


def begun(office: Office, name: str = "wang") -> str:
    return office.headquarters.by_a_person(lambda desk: accounts.begin(desk.db, desk.now, desk.ids, name))


def came_in(office: Office, user: NewUser) -> str:
    cookie = coded(office, begun(office, user.name), code_of(office, user))
    assert cookie is not None
    return cookie


def test_a_password_is_kept_as_argon2id_and_nothing_else_of_it(office: Office) -> None:
    user = added(office)
    kept = office.headquarters.by_a_person(lambda desk: accounts.password_hash(desk.db, "wang"))
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$") and user.password not in kept
    assert accounts.matches(kept, user.password)
    assert not accounts.matches(kept, user.password + "x") and not accounts.matches("", user.password)


def test_a_code_is_taken_once_and_only_near_its_time(office: Office) -> None:
    """RFC 6238, 5.2: a verifier must not accept a code twice."""
    user = added(office)
    code = code_of(office, user)
    first = begun(office)
    assert coded(office, first, "000000" if code != "000000" else "111111") is None
    second = coded(office, first, code)
    assert second is not None and second != first
    assert seated(office, first) is None, "the session before the code is over"
    found = seated(office, second)
    assert found is not None and found.stage is Stage.CHANGE
    assert coded(office, begun(office), code) is None, "the same code again"
    office.clock.forward(seconds=90)
    assert coded(office, begun(office), code) is None
    assert came_in(office, user)


def test_five_failures_lock_a_name_whether_or_not_anybody_has_it(office: Office) -> None:
    added(office)
    for name in ("wang", "nobody"):
        for _ in range(5):
            office.headquarters.by_a_person(lambda desk, n=name: accounts.failed(desk.db, desk.now, n))
        assert office.headquarters.by_a_person(lambda desk, n=name: accounts.locked(desk.db, desk.now, n))
    office.clock.forward(minutes=16)
    assert not office.headquarters.by_a_person(lambda desk: accounts.locked(desk.db, desk.now, "wang"))


def test_a_session_ends_when_nobody_uses_it_and_after_a_shift(office: Office) -> None:
    user = added(office)
    cookie = came_in(office, user)
    for _ in range(4):
        office.clock.forward(minutes=10)
        found = seated(office, cookie, used=False)
        if found is None:
            break
    else:
        raise AssertionError("what a page fetches by itself kept the session")
    cookie = came_in(office, user)
    for _ in range(12 * 3 - 1):
        office.clock.forward(minutes=20)
        assert seated(office, cookie) is not None
    office.clock.forward(minutes=21)
    assert seated(office, cookie) is None


def test_a_new_password_ends_every_other_session(office: Office) -> None:
    user = added(office)
    one = came_in(office, user)
    office.clock.forward(seconds=60)
    other = came_in(office, user)
    here = seated(office, one)
    assert here is not None and here.stage is Stage.CHANGE
    assert accounts.wrong_password("wang", "short") == "password-length"
    assert accounts.wrong_password("wang", "my name is wang, yes") == "password-is-name"
    made = accounts.hashed("an evening in october")
    office.headquarters.by_a_person(lambda desk: accounts.change_password(desk.db, desk.now, here, made))
    now = seated(office, one)
    assert now is not None and now.stage is Stage.IN
    assert seated(office, other) is None


def test_who_is_shut_out_is_out_at_once(office: Office) -> None:
    cookie = came_in(office, added(office))
    office.headquarters.by_a_person(lambda desk: accounts.disable_user(desk.db, desk.now, "zhao", "wang"))
    assert seated(office, cookie) is None
    assert office.headquarters.by_a_person(lambda desk: accounts.password_hash(desk.db, "wang")) == ""


@pytest.mark.parametrize(
    ("name", "roles"), [("Wang", OPERATOR), ("", OPERATOR), ("w ang", OPERATOR), ("li", frozenset[Role]())]
)
def test_nobody_without_a_name_or_a_role(office: Office, name: str, roles: frozenset[Role]) -> None:
    with pytest.raises(Declined):
        added(office, name, roles)


def test_nobody_configures_and_approves(office: Office) -> None:
    with pytest.raises(Declined):
        added(office, "li", frozenset({Role.CONFIGURATOR, Role.APPROVER}))
    assert May.ACT not in rights({Role.VIEWER}) and May.LOOK_AT_VISITS not in rights({Role.VIEWER})
    assert rights({Role.SECURITY_AUDITOR}) == {May.LOOK, May.AUDIT}


def test_the_record_shows_where_it_was_changed(office: Office) -> None:
    def write_and_break(desk: Desk) -> int:
        for number in range(4):
            record(desk.db, desk.now, "wang", "looked-at-visit", f"CASE{number}")
        assert chain(desk.db)["broken_at"] == 0
        row = desk.db.get(ConsoleRecord, 3)
        assert row is not None
        row.text = row.text.replace("CASE2", "CASE9")
        return broken_at(desk.db.scalars(select(ConsoleRecord).order_by(ConsoleRecord.row)).all())

    assert office.headquarters.by_a_person(write_and_break) == 3


def test_nothing_secret_is_shown_of_a_user(office: Office) -> None:
    user = added(office)
    row = office.headquarters.by_a_person(lambda desk: desk.db.get(ConsoleUser, "wang"))
    assert row is not None and user.password not in repr(row) and row.secret not in repr(row)


def test_both_languages_have_the_same_messages_with_the_same_arguments() -> None:
    found: dict[str, dict[str, list[str]]] = {}
    for language in ("zh-CN", "en"):
        text = (TEXTS / f"{language}.ftl").read_text("utf-8")
        keys = re.findall(r"^([a-zA-Z][\w-]*) = (.*)$", text, re.M)
        assert len(keys) == len({key for key, _ in keys}), "a key stands twice"
        found[language] = {key: sorted(re.findall(r"\$(\w+)", value)) for key, value in keys}
    assert found["zh-CN"] == found["en"]


def test_every_message_a_page_asks_for_is_there() -> None:
    folder = TEXTS.parent
    sources = [*folder.glob("templates/*.html"), *folder.glob("*.py")]
    asked = {key for file in sources for key in re.findall(r"\bt\(\"([\w-]+)\"", file.read_text("utf-8"))}
    assert asked
    spoken = Words("en")
    assert sorted(key for key in asked if not key.endswith("-") and not spoken.has(key)) == []
