"""What each role may do, in one table."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping

from central.model_console import Role


class May(enum.Enum):
    """One thing a page lets somebody do."""

    LOOK = "look"
    """Terminals, alarms, figures: nobody's data."""
    LOOK_AT_VISITS = "look-at-visits"
    """What happened in one visit, with masked names; every such look is on record."""
    ACT = "act"
    """Answer citizens, take up alarms, order terminals about."""
    CONFIGURE = "configure"
    APPROVE = "approve"
    AUDIT = "audit"
    """Read the record of looks; see who may come in, and put somebody out."""


RIGHTS: Mapping[Role, frozenset[May]] = {
    Role.VIEWER: frozenset({May.LOOK}),
    Role.OPERATOR: frozenset({May.LOOK, May.LOOK_AT_VISITS, May.ACT}),
    Role.CONFIGURATOR: frozenset({May.LOOK, May.CONFIGURE}),
    Role.APPROVER: frozenset({May.LOOK, May.LOOK_AT_VISITS, May.APPROVE}),
    Role.SECURITY_AUDITOR: frozenset({May.LOOK, May.AUDIT}),
}


def rights(roles: Iterable[Role]) -> frozenset[May]:
    """Everything somebody may."""
    return frozenset[May]().union(*(RIGHTS[role] for role in roles))
