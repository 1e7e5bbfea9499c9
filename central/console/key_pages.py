"""One's own security keys: which there are, one more, one less."""

from __future__ import annotations

from fastapi import Response

from central.console import security_keys
from central.console.rights import May
from central.console.web import Call, House, Page, go, with_cookie
from central.desks.desk import Desk
from central.model_console import ConsoleKey, Stage


class KeyPages:
    """Keys, and the way in by one of them."""

    def __init__(self, house: House) -> None:
        self._house = house

    def pages(self) -> tuple[Page, ...]:
        """Routes."""
        return (
            Page("GET", "/keys", self._list),
            Page("POST", "/keys", self._add),
            Page("POST", "/keys/{key}/remove", self._remove),
            Page("POST", "/code/key", self._enter, May.LOOK, frozenset({Stage.CODE})),
        )

    def _list(self, call: Call) -> Response:
        seated, origin = call.seated, call.origin
        assert seated is not None

        def look(desk: Desk) -> tuple[list[ConsoleKey], str]:
            mine = security_keys.keys(desk.db, seated.person.name)
            room = origin.has_keys and len(mine) < security_keys.MOST
            return mine, security_keys.invite(desk.db, desk.ids, seated, origin) if room else ""

        mine, options = call.books(look)
        return self._house.page(call, "keys.html", keys=mine, options=options, named=origin.has_keys)

    def _add(self, call: Call) -> Response:
        seated = call.seated
        assert seated is not None
        name, answer = call.form.get("name", ""), call.form.get("credential", "")
        call.books(lambda desk: security_keys.add(desk.db, desk.now, seated, call.origin, name, answer))
        return go("/keys")

    def _remove(self, call: Call) -> Response:
        seated = call.seated
        assert seated is not None
        call.books(lambda desk: security_keys.remove(desk.db, desk.now, seated, call.parts["key"]))
        return go("/keys")

    def _enter(self, call: Call) -> Response:
        seated, answer = call.seated, call.form.get("credential", "")
        assert seated is not None
        cookie = call.books(lambda desk: security_keys.take(desk.db, desk.now, desk.ids, seated, call.origin, answer))
        return go("/code") if cookie is None else with_cookie(go("/"), cookie)
