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

MOST_WORKERS = 64
"""Server processes of one command."""

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

UPLOAD_LIMIT = 32 * 1024 * 1024
"""No blob that comes in parts is larger, in bytes: a photograph straight from a camera is a third of it."""

CERTIFICATE_LIFETIME = timedelta(days=397)
"""Of the certificates whose keys a server makes itself: its own, a proxy's, and those of a sandbox's terminals."""

TERMINAL_LIFETIME = timedelta(days=7)
"""Of a terminal's certificate that it asked for. It renews it by itself when half of that is over."""

CERTIFICATE_AHEAD = timedelta(hours=1)
"""So long before now a terminal's certificate begins, for clocks that lag."""

RENEWAL_GRACE = timedelta(days=60)
"""So long after its end a certificate can still be renewed by whoever holds its key: a terminal may have been without
a line for a month."""

CODE_LIFETIME = timedelta(hours=24)
"""Of an enrolment code, unless whoever gives it out says otherwise."""

PROOF_NONCE_SECONDS = 60
"""A nonce for signed requests is taken within this and the next span as long."""

AUTHORITY_LIFETIME = timedelta(days=3650)
"""Of the authority itself."""

BACKLOG_BURST = 3000
"""How many filings, blobs and audit rows one terminal may bring at once.

Three days without a line are 180 visits (600,000 a day of 10,000 terminals) of a dozen at most, and some go up twice.
"""

BACKLOG_PER_SECOND = 20.0
"""... and how many a second after that: one after the other, each on a connection of its own, it brings few more."""

ASKING_BURST = 300
"""How many other requests of one terminal are answered at once: a heartbeat never waits behind a backlog."""

ASKING_PER_SECOND = 10.0
"""... and a second: one citizen at a time asks a question a second at most."""

PEOPLE_BURST = 300
"""How many requests of one address the people's listener answers at once; telephones of one network share theirs."""

PEOPLE_PER_SECOND = 30.0
"""... and a second. Whoever tries payment codes at that pace has 128 bits to go through."""

ADDRESSES_REMEMBERED = 10_000
"""Of how many callers a listener remembers what they asked; the one that was quiet longest is forgotten first."""

FIGURES_KEPT_SECONDS = 30.0
"""For how long the figures of the books answer whoever looks again."""

LOADING_LIST_LIFETIME = timedelta(days=3)
"""For how long a terminal without a line may load by the last list it got: as long as a backlog is allowed to be."""
