"""The way in and out: name and password, the code, a password of one's own; and what a page looks like."""

from __future__ import annotations

from fastapi import Response

from central.console import accounts, security_keys
from central.console.rights import May
from central.console.web import LANGUAGE, THEME, THEMES, Call, House, Page, came_in, go, with_cookie
from central.console.words import LANGUAGES
from central.desks.desk import Desk
from central.model_console import Stage
from central.noticed import Noticed, notice

_ANY = frozenset(Stage)


class Entry:
    """Pages before anything of the fleet is seen."""

    def __init__(self, house: House) -> None:
        self._house = house

    def pages(self) -> tuple[Page, ...]:
        """Routes."""
        return (
            Page("GET", "/sign-in", self._form, None),
            Page("POST", "/sign-in", self._password, None),
            Page("GET", "/code", self._code_form, May.LOOK, frozenset({Stage.CODE})),
            Page("POST", "/code", self._code, May.LOOK, frozenset({Stage.CODE})),
            Page("GET", "/password", self._change_form, May.LOOK, frozenset({Stage.CHANGE, Stage.IN})),
            Page("POST", "/password", self._change, May.LOOK, frozenset({Stage.CHANGE, Stage.IN})),
            Page("POST", "/sign-out", self._leave, May.LOOK, _ANY),
            Page("GET", "/look", self._look, None),
        )

    def _form(self, call: Call) -> Response:
        return self._house.page(call, "sign_in.html", wrong="")

    def _password(self, call: Call) -> Response:
        name, password = call.form.get("name", "").strip().lower(), call.form.get("password", "")
        # The hash is computed outside of any transaction: it takes long on purpose.
        known, waits = call.books(
            lambda desk: (
                accounts.password_hash(desk.db, name),
                accounts.locked(desk.db, desk.now, name, call.known),
            )
        )
        right = accounts.matches(known, password)
        if waits:
            notice(Noticed.SIGN_IN_LOCKED, user=name if known else "", address=call.address)
            return self._house.page(call, "sign_in.html", 429, wrong="sign-in-locked")
        if not right:
            self._failed(call, name if known else "", "password")
            call.books(lambda desk: accounts.failed(desk.db, desk.now, name, call.known))
            return self._house.page(call, "sign_in.html", 401, wrong="sign-in-wrong")
        cookie: str = call.books(lambda desk: accounts.begin(desk.db, desk.now, desk.ids, name))
        return with_cookie(go("/code"), cookie)

    def _code_form(self, call: Call) -> Response:
        return self._asked(call, 200, "")

    def _asked(self, call: Call, status: int, wrong: str) -> Response:
        """For the code, or for a security key of theirs."""
        seated = call.seated
        assert seated is not None
        options = call.books(lambda desk: security_keys.ask(desk.db, desk.ids, seated, call.origin))
        return self._house.page(call, "code.html", status, wrong=wrong, options=options)

    def _code(self, call: Call) -> Response:
        seated, code = call.seated, call.form.get("code", "").replace(" ", "")
        assert seated is not None

        def take(desk: Desk) -> tuple[bool, str | None]:
            if accounts.locked(desk.db, desk.now, seated.person.name, call.known):
                return True, None
            return False, accounts.take_code(desk.db, desk.now, desk.ids, seated, code, call.known)

        waits, cookie = call.books(take)
        if cookie is None:
            self._failed(call, seated.person.name, "code")
            wrong = "sign-in-locked" if waits else "code-wrong"
            return self._asked(call, 429 if waits else 401, wrong)
        return came_in(self._house, call, cookie)

    def _change_form(self, call: Call) -> Response:
        return self._house.page(call, "password.html", wrong="")

    def _change(self, call: Call) -> Response:
        seated = call.seated
        assert seated is not None
        old, new = call.form.get("old", ""), call.form.get("new", "")
        known, waits = call.books(
            lambda desk: (
                accounts.password_hash(desk.db, seated.person.name),
                accounts.locked(desk.db, desk.now, seated.person.name, call.known),
            )
        )
        if waits:
            return self._house.page(call, "password.html", 429, wrong="sign-in-locked")
        wrong = accounts.wrong_password(seated.person.name, new)
        if not wrong and new != call.form.get("again", ""):
            wrong = "password-not-twice"
        if not wrong and not accounts.matches(known, old):
            wrong = "password-old-wrong"
            self._failed(call, seated.person.name, "password to change")
            call.books(lambda desk: accounts.failed(desk.db, desk.now, seated.person.name, call.known))
        if not wrong and new == old:
            wrong = "password-same"
        if wrong:
            return self._house.page(call, "password.html", 422, wrong=wrong)
        made = accounts.hashed(new)
        cookie = call.books(lambda desk: accounts.change_password(desk.db, desk.now, desk.ids, seated, made))
        return with_cookie(go("/"), cookie)

    def _leave(self, call: Call) -> Response:
        seated = call.seated
        assert seated is not None
        call.books(lambda desk: accounts.leave(desk.db, desk.now, seated))
        response = with_cookie(go("/sign-in"), "")
        response.headers["clear-site-data"] = '"cache", "storage"'
        return response

    def _failed(self, call: Call, user: str, how: str) -> None:
        notice(Noticed.SIGN_IN_FAILED, user=user, how=how, address=call.address)

    def _look(self, call: Call) -> Response:
        """Language and theme stay with the browser; nothing else changes, so that a link does."""
        back = call.query.get("back", "/")
        response = go(back if back.startswith("/") and not back.startswith("//") else "/")
        for name, known in (("language", LANGUAGES), ("theme", THEMES)):
            value, cookie = call.query.get(name, ""), LANGUAGE if name == "language" else THEME
            if value in known:
                response.set_cookie(
                    cookie, value, max_age=31_536_000, secure=True, httponly=True, samesite="strict", path="/"
                )
        return response
