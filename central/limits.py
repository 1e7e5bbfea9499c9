"""Every duration and size headquarters goes by, named in one place."""

from __future__ import annotations

from datetime import timedelta

ORDER_LIFETIME = timedelta(minutes=5)
"""How long a payment code can be used."""

GRANT_LIFETIME = timedelta(minutes=3)
"""How long a grant opens its compartment; a report of its use is accepted later too."""

PLACE_FORGOTTEN = timedelta(hours=1)
"""After this long past its grant, a place for an old document that no terminal knows of is free again."""

SLIP_DUE = timedelta(days=15)
"""How long a payment slip for bank or window can be paid where no rule of law says otherwise."""

AGENCY_DEADLINE_SECONDS = 10.0
"""An agency slower than this has not answered."""

DATABASE_BUSY_SECONDS = 20.0
"""How long one transaction waits for another."""

DATABASE_CONNECT_SECONDS = 5
"""How long a connection to a database server may take."""

DATABASE_IDLE_SECONDS = 60.0
"""How long a transaction may stand still before the database server undoes it."""

DATABASE_CONNECTIONS = 40
"""Of one server process to a database server; two processes stay below the hundred of a new PostgreSQL cluster."""

CLASH_TRIES = 24
"""How often a request is done again that was undone because of others at the same time."""

TWIN_TRIES = 3
"""How often a request is done again that met its own twin."""

CLASH_PAUSE_SECONDS = 0.04
"""The longest pause before it is done again, once for each try so far up to eight."""

TICK_SECONDS = 1.0
"""How often a serving process looks for what time alone brings about."""

STOP_SECONDS = 1
"""How long open requests may last after the order to stop."""

BODY_LIMIT = 8 * 1024 * 1024
"""No request body is larger, in bytes."""

CERTIFICATE_LIFETIME = timedelta(days=397)
"""Of the certificates the sandbox authority signs."""

AUTHORITY_LIFETIME = timedelta(days=3650)
"""Of the sandbox authority itself."""
