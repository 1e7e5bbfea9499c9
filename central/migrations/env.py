"""Runs the revisions on the connection handed over by `central.database.migrate`."""

from __future__ import annotations

from alembic import context

from central.model import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
