"""Runs the migrations on the connection that operations/state.py hands over; there is no other way to run them."""

from __future__ import annotations

from alembic import context

from operations.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
