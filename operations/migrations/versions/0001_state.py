"""The first shape: people and their sessions, targets, screens, and an audit trail that only grows."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ONLY_GROWS = {
    "sqlite": (
        "create trigger audit_is_not_changed before update on audit "
        "begin select raise(abort, 'the audit trail is never changed'); end",
        "create trigger audit_is_kept before delete on audit when old.at >= (select max(keep_from) from audit_rule) "
        "begin select raise(abort, 'the audit trail is kept'); end",
    ),
    "postgresql": (
        "create function audit_refuses() returns trigger language plpgsql as $$ begin "
        "if tg_op = 'DELETE' and old.at < (select max(keep_from) from audit_rule) then return old; end if; "
        "raise exception 'the audit trail is kept and never changed'; end $$",
        "create trigger audit_only_grows before update or delete on audit "
        "for each row execute function audit_refuses()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("act", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_act", "audit", ["act"], unique=False)
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)
    op.create_index("ix_audit_who", "audit", ["who"], unique=False)
    op.create_table(
        "audit_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("keep_from", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_rule"),
    )
    op.create_table(
        "failure",
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("locked_until", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("subject", name="pk_failure"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("identity", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("identity", name="uq_person_identity"),
        sa.UniqueConstraint("login", name="uq_person_login"),
    )
    op.create_table(
        "playlist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("boards", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("distance_m", sa.Double(), nullable=False),
        sa.Column("width_mm", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=200), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_playlist"),
        sa.UniqueConstraint("slug", name="uq_playlist_slug"),
    )
    op.create_table(
        "target_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("good", sa.Double(), nullable=True),
        sa.Column("critical", sa.Double(), nullable=True),
        sa.Column("good_high", sa.Double(), nullable=True),
        sa.Column("critical_high", sa.Double(), nullable=True),
        sa.Column("set_by", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_target_override"),
    )
    op.create_index(
        "ix_target_override_metric_unit_valid_from",
        "target_override",
        ["metric", "unit", "valid_from"],
        unique=False,
    )
    op.create_table(
        "kiosk_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("playlist_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["playlist_id"], ["playlist.id"], name="fk_kiosk_token_playlist_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_kiosk_token"),
        sa.UniqueConstraint("token_hash", name="uq_kiosk_token_token_hash"),
    )
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("view_role", sa.String(length=200), nullable=True),
        sa.Column("view_units", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_sign_in_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_in"),
    )
    op.create_index("ix_sign_in_person_id", "sign_in", ["person_id"], unique=False)
    rule = sa.table("audit_rule", sa.column("id", sa.Integer), sa.column("keep_from", sa.DateTime))
    op.bulk_insert(rule, [{"id": 1, "keep_from": datetime(2000, 1, 1)}])
    for statement in ONLY_GROWS[op.get_bind().dialect.name]:
        op.execute(statement)
