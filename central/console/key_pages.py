"""One's own security keys and sessions: which there are, one more, one less; changed by whoever just signed in."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from central.console import accounts, security_keys
from central.console.accounts import Seated
from central.console.rights import May
from central.console.web import Call, House, Page, came_in, go
from central.desks.desk import Desk
from central.model_console import Stage
from central.noticed import Noticed, notice
from central.problems import Declined


class KeyPages:
    """Keys, and the way in by one of them."""

    def __init__(self, house: House) -> None:
        self._house = house

    def pages(self) -> tuple[Page, ...]:
        """Routes."""
        return (
            Page("GET", "/keys", self._list),
            Page("POST", "/keys", self._add),
            Page("POST", "/sessions/end", self._end),
            Page("POST", "/keys/{key}/remove", self._remove),
            Page("POST", "/code/key", self._enter, May.LOOK, frozenset({Stage.CODE})),
        )

    def _list(self, call: Call) -> Response:
        seated, origin = call.seated, call.origin
        assert seated is not None

        def look(desk: Desk) -> dict[str, Any]:
            mine = security_keys.keys(desk.db, seated.person.name)
            fresh = seated.fresh(desk.now)
            room = fresh and origin.has_keys and len(mine) < security_keys.MOST
            return {
                "keys": mine,
                "options": security_keys.invite(desk.db, desk.ids, seated, origin) if room else "",
                "fresh": fresh,
                "sessions": accounts.sessions(desk.db, desk.now, seated.person.name),
            }

        return self._house.page(call, "keys.html", named=origin.has_keys, here=seated.id, **call.books(look))

    def _add(self, call: Call) -> Response:
        seated = call.seated
        assert seated is not None
        name, answer = call.form.get("name", ""), call.form.get("credential", "")

        def act(desk: Desk) -> None:
            _only_fresh(desk, seated)
            security_keys.add(desk.db, desk.now, seated, call.origin, name, answer)

        call.books(act)
        return go("/keys")

    def _remove(self, call: Call) -> Response:
        seated = call.seated
        assert seated is not None

        def act(desk: Desk) -> None:
            _only_fresh(desk, seated)
            security_keys.remove(desk.db, desk.now, seated, call.parts["key"])

        call.books(act)
        return go("/keys")

    def _end(self, call: Call) -> Response:
        """One session of theirs that the form names, or every one but this."""
        seated, session = call.seated, call.form.get("session", "")
        assert seated is not None

        def act(desk: Desk) -> None:
            _only_fresh(desk, seated)
            accounts.end_others(desk.db, desk.now, seated, session)

        call.books(act)
        return go("/keys")

    def _enter(self, call: Call) -> Response:
        seated, answer = call.seated, call.form.get("credential", "")
        assert seated is not None
        cookie = call.books(
            lambda desk: security_keys.take(desk.db, desk.now, desk.ids, seated, call.origin, answer, call.known)
        )
        if cookie is None:
            notice(Noticed.SIGN_IN_FAILED, user=seated.person.name, how="key", address=call.address)
            return go("/code")
        return came_in(self._house, call, cookie)


def _only_fresh(desk: Desk, seated: Seated) -> None:
    """A page left open on a desk opens no way in for whoever finds it. Raises Declined(403)."""
    if not seated.fresh(desk.now):
        raise Declined(403, "stale", "sign in again to do this")
