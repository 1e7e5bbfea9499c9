"""Who may come in: passwords, codes, locks, sessions that end, and the chain of what was done."""

from __future__ import annotations

import re
from dataclasses import replace
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


def test_strangers_do_not_lock_somebody_out_of_a_browser_they_know(office: Office) -> None:
    added(office)
    books = office.headquarters.by_a_person
    known = books(lambda desk: accounts.known_browser(desk.db, desk.ids, "wang"))
    nonce = known.partition(".")[0]
    forged = [known[:-1], f"{'0' * 32}.{known.partition('.')[2]}", nonce, f"{nonce}.", "."]
    for _ in range(5):
        books(lambda desk: accounts.failed(desk.db, desk.now, "wang"))
    assert books(lambda desk: accounts.locked(desk.db, desk.now, "wang"))
    assert not books(lambda desk: accounts.locked(desk.db, desk.now, "wang", known))
    assert all(books(lambda desk, one=one: accounts.locked(desk.db, desk.now, "wang", one)) for one in forged)
    assert not books(lambda desk: accounts.locked(desk.db, desk.now, "li", known))
    for _ in range(5):
        books(lambda desk: accounts.failed(desk.db, desk.now, "li", known))
    assert books(lambda desk: accounts.locked(desk.db, desk.now, "li")), "it is known for wang alone"
    for _ in range(5):
        books(lambda desk: accounts.failed(desk.db, desk.now, "wang", known))
    assert books(lambda desk: accounts.locked(desk.db, desk.now, "wang", known)), "tries there count too"


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
    new = office.headquarters.by_a_person(
        lambda desk: accounts.change_password(desk.db, desk.now, desk.ids, here, made)
    )
    now = seated(office, new)
    assert now is not None and (now.stage, now.began_at) == (Stage.IN, here.began_at)
    assert seated(office, one) is None and seated(office, other) is None


@pytest.mark.parametrize(
    "easy",
    [
        "password1234",
        "qwertyuiop12",
        "woaini1314520",
        "abcabcabcabcabc",
        "201601012016",
        "kiosk headquarters 2026",
        "Paichusuo-Admin-01",
        "派出所派出所派出所终端终端终端",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ],
)
def test_what_is_guessed_soon_is_no_password(easy: str) -> None:
    assert accounts.wrong_password("wang", easy) == "password-easy"


@pytest.mark.parametrize(
    "own",
    ["an evening in october", "床前明月光疑是地上霜吧吧", "all lower case and no digits", "!!x7" + "kd8 qn2 " * 15],
)
def test_any_characters_make_a_password_up_to_a_hundred_and_twenty_eight(own: str) -> None:
    assert accounts.wrong_password("wang", own) == ""


def test_a_longer_word_than_a_password_is_none() -> None:
    longest = "x" * accounts.LONGEST_PASSWORD
    kept = accounts.hashed(longest)
    assert accounts.matches(kept, longest)
    assert not accounts.matches(kept, longest + "x"), "never cut to its beginning"


def test_of_six_sessions_the_one_that_was_used_least_lately_is_over(office: Office) -> None:
    user, cookies = added(office), list[str]()
    for _ in range(accounts.MOST_SESSIONS + 1):
        cookies.append(came_in(office, user))
        office.clock.forward(seconds=60)
    held = [seated(office, cookie, used=False) is not None for cookie in cookies]
    assert held == [False] + [True] * accounts.MOST_SESSIONS


def test_one_ends_ones_other_sessions_one_by_one_or_all(office: Office) -> None:
    user, cookies = added(office), list[str]()
    for _ in range(4):
        cookies.append(came_in(office, user))
        office.clock.forward(seconds=60)
    here, other = seated(office, cookies[0]), seated(office, cookies[1])
    assert here is not None and other is not None
    assert len(office.headquarters.by_a_person(lambda desk: accounts.sessions(desk.db, desk.now, "wang"))) == 4
    office.headquarters.by_a_person(lambda desk: accounts.end_others(desk.db, desk.now, here, other.id))
    assert [seated(office, cookie) is not None for cookie in cookies] == [True, False, True, True]
    office.headquarters.by_a_person(lambda desk: accounts.end_others(desk.db, desk.now, here))
    assert [seated(office, cookie) is not None for cookie in cookies] == [True, False, False, False]


def test_ways_in_are_changed_by_whoever_just_signed_in(office: Office) -> None:
    here = seated(office, came_in(office, added(office)))
    assert here is not None and not here.fresh(office.clock.now()), "a password of their own comes first"
    within = replace(here, stage=Stage.IN)
    assert within.fresh(office.clock.now())
    office.clock.forward(minutes=6)
    assert not within.fresh(office.clock.now())


def test_who_is_shut_out_is_out_at_once(office: Office) -> None:
    cookie = came_in(office, added(office))
    office.headquarters.by_a_person(lambda desk: accounts.disable_user(desk.db, desk.now, "zhao", "wang"))
    assert seated(office, cookie) is None
    assert office.headquarters.by_a_person(lambda desk: accounts.password_hash(desk.db, "wang")) == ""


def test_who_is_reset_begins_anew_with_both_factors(office: Office) -> None:
    user = added(office)
    cookie, before = came_in(office, user), code_of(office, user)
    for _ in range(5):
        office.headquarters.by_a_person(lambda desk: accounts.failed(desk.db, desk.now, "wang"))
    new = office.headquarters.by_a_person(lambda desk: accounts.reset_user(desk.db, desk.now, desk.ids, "wang"))
    assert seated(office, cookie) is None, "every session is over"
    assert not office.headquarters.by_a_person(lambda desk: accounts.locked(desk.db, desk.now, "wang"))
    assert new.password != user.password and len(new.password) == 20 and new.address != user.address
    assert coded(office, begun(office), before) is None, "the telephone of before is none any more"
    found = seated(office, came_in(office, new))
    assert found is not None and found.stage is Stage.CHANGE


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
