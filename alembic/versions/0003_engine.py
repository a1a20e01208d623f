"""The booking engine: several rooms and layouts, moves that wait, rules that administrators change, what staff asked anyway.

Columns are added to tables that are in use, so each may be null or has a constant default; nothing is rewritten."""

from typing import Any

import sqlalchemy as sa

from afterbell.database import Instant
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _grow() -> dict[str, list[sa.Column[Any]]]:
    """The new columns of old tables."""
    return {
        "campuses": [sa.Column("rules_mark", sa.Integer(), server_default="0", nullable=False)],
        "rooms": [sa.Column("layouts", sa.JSON(none_as_null=True), nullable=True)],
        "occurrences": [sa.Column("announced_at", Instant(), nullable=True)],
        "bookings": [
            sa.Column("layout", sa.String(), nullable=True),
            sa.Column("wanted", sa.JSON(none_as_null=True), nullable=True),
            sa.Column("anyway", sa.String(), nullable=True),
            sa.Column("findings", sa.JSON(none_as_null=True), nullable=True),
            sa.Column("proposed", sa.JSON(none_as_null=True), nullable=True),
            sa.Column("change_by", Instant(), nullable=True),
        ],
    }


def upgrade() -> None:
    for name, columns in _grow().items():
        for column in columns:
            op.add_column(name, column)
    where = sa.text("change_by IS NOT NULL")
    op.create_index("ix_bookings_change", "bookings", ["change_by"], postgresql_where=where, sqlite_where=where)
    _make_proposals()
    _make_rules()
    # Until now a date moved at most twice before it was withdrawn after an approval.
    op.execute(
        "UPDATE occurrences SET announced_at = changed_at WHERE state IN ('approved', 'cancelled') OR (state = 'withdrawn' AND sequence >= 2)"
    )


def _make_rules() -> None:
    op.create_table(
        "rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("campus_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.CheckConstraint("room_id IS NULL OR campus_id IS NOT NULL", name=op.f("ck_rules_scope")),
        sa.ForeignKeyConstraint(["campus_id"], ["campuses.id"], name=op.f("fk_rules_campus_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_rules_room_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["people.id"], name=op.f("fk_rules_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
    )
    op.create_index(op.f("ix_rules_campus_id_name"), "rules", ["campus_id", "name"])


def _make_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("claim_starts_at", Instant(), nullable=False),
        sa.Column("claim_ends_at", Instant(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_proposals_span")),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrences.id"], name=op.f("fk_proposals_occurrence_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("occurrence_id", name=op.f("pk_proposals")),
    )
    op.create_table(
        "proposal_rooms",
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["proposals.occurrence_id"],
            name=op.f("fk_proposal_rooms_occurrence_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_proposal_rooms_room_id")),
        sa.PrimaryKeyConstraint("occurrence_id", "room_id", name=op.f("pk_proposal_rooms")),
    )
    op.create_index(op.f("ix_proposal_rooms_room_id"), "proposal_rooms", ["room_id"])


def downgrade() -> None:
    op.drop_table("rules")
    op.drop_table("proposal_rooms")
    op.drop_table("proposals")
    op.drop_index("ix_bookings_change", table_name="bookings")
    for name, columns in reversed(_grow().items()):
        for column in reversed(columns):
            op.drop_column(name, column.name)
