"""A wall is dark or light by its playlist: nobody stands at a screen to choose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "playlist", sa.Column("theme", sa.String(length=200), nullable=False, server_default="dark")
    )
