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
            sa.Column("change_reason", sa.String(), nullable=True),
            sa.Column("listed_at", Instant(), nullable=True),
        ],
        "told": [
            sa.Column("stands", sa.JSON(none_as_null=True), nullable=True),
            sa.Column("asked", sa.JSON(none_as_null=True), nullable=True),
        ],
        "reminders": [
            sa.Column("starts_at", Instant(), nullable=True),
            sa.Column("sent_for", Instant(), nullable=True),
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
    _make_told_bookings()
    _tell_what_stands()
    _remember_reminders()


def _make_told_bookings() -> None:
    op.create_table(
        "told_bookings",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("layout", sa.String(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("proposed", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_told_bookings_booking_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_told_bookings")),
    )


def _tell_what_stands() -> None:
    """Until now nothing moved, so that whoever read of a date knows its times and rooms as they are: no letter about old news."""
    op.execute(
        "INSERT INTO told_bookings (booking_id, title, headcount, at) SELECT id, title, headcount, changed_at FROM bookings WHERE id IN "
        "(SELECT o.booking_id FROM told t JOIN occurrences o ON o.id = t.occurrence_id)"
    )
    told = sa.table("told", sa.column("occurrence_id"), sa.column("stands", sa.JSON()))
    stands: dict[int, dict[str, Any]] = {}
    for id_, starts_at, ends_at, room, name in op.get_bind().execute(_told_dates()):
        where = stands.setdefault(
            id_, {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat(), "rooms": []}
        )
        where["rooms"].append([room, name])
    if stands:
        update = told.update().where(told.c.occurrence_id == sa.bindparam("date")).values(stands=sa.bindparam("where"))
        rows = [{"date": id_, "where": where} for id_, where in stands.items()]
        op.get_bind().execute(update, rows)


def _told_dates() -> sa.Select[Any]:
    told = sa.table("told", sa.column("occurrence_id"))
    dates = sa.table("occurrences", sa.column("id"), sa.column("starts_at", Instant()), sa.column("ends_at", Instant()))
    rooms = sa.table("rooms", sa.column("id"), sa.column("name"))
    used = sa.table("occurrence_rooms", sa.column("occurrence_id"), sa.column("room_id"))
    return (
        sa.select(dates.c.id, dates.c.starts_at, dates.c.ends_at, rooms.c.id, rooms.c.name)
        .join(told, told.c.occurrence_id == dates.c.id)
        .join(used, used.c.occurrence_id == dates.c.id)
        .join(rooms, rooms.c.id == used.c.room_id)
        .order_by(dates.c.id, rooms.c.id)
    )


def _remember_reminders() -> None:
    op.execute(
        "UPDATE reminders SET starts_at = (SELECT o.starts_at FROM occurrences o WHERE o.id = reminders.occurrence_id)"
    )
    op.execute("UPDATE reminders SET sent_for = starts_at WHERE state = 'sent'")


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
        sa.Column("asked_at", Instant(), nullable=False),
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
    op.drop_table("told_bookings")
    op.drop_table("proposal_rooms")
    op.drop_table("proposals")
    op.drop_index("ix_bookings_change", table_name="bookings")
    for name, columns in reversed(_grow().items()):
        for column in reversed(columns):
            op.drop_column(name, column.name)
