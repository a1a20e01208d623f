"""The first evening: organisations that people found, programs, questions, public listings, secret calendars, kept answers, and what was told.

Columns are added to tables that are in use, so each may be null or has a constant default; nothing is rewritten."""

from typing import Any

import sqlalchemy as sa

from afterbell.database import Instant
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _grow() -> dict[str, list[sa.Column[Any]]]:
    """The new columns of old tables."""
    return {
        "campuses": [sa.Column("enters_approved", sa.Boolean(), server_default=sa.true(), nullable=False)],
        "organizations": [
            sa.Column("founded_at", Instant(), nullable=True),
        ],
        "memberships": [
            sa.Column("state", sa.String(), server_default="member", nullable=False),
            sa.Column("asked_at", Instant(), nullable=True),
        ],
        "bookings": [
            sa.Column("entered_as", sa.String(), server_default="partner", nullable=False),
            sa.Column("on_behalf_of", sa.JSON(none_as_null=True), nullable=True),
            sa.Column("listing", sa.JSON(none_as_null=True), nullable=True),
            sa.Column("answer_by", Instant(), nullable=True),
            sa.Column("warnings", sa.Integer(), server_default="0", nullable=False),
            sa.Column("step_at", Instant(), nullable=True),
            sa.Column("free_until", Instant(), nullable=True),
        ],
        "occurrences": [
            sa.Column("reasons", sa.JSON(none_as_null=True), nullable=True),
            sa.Column("alternative", sa.JSON(none_as_null=True), nullable=True),
        ],
        "closures": [
            sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
            sa.Column("changed_at", Instant(), nullable=True),
        ],
        "feed_marks": [sa.Column("changed_at", Instant(), nullable=True)],
    }


# A name for a reference that comes with a column is more than alembic can write; both engines read it alike.
POINTING = (
    ("organizations", "school_id", "schools"),
    ("organizations", "founded_by_id", "people"),
    ("bookings", "program_id", "programs"),
)
INDEXES: tuple[tuple[str, str, list[str], str | None, bool], ...] = (
    ("ix_organizations_school_id", "organizations", ["school_id"], None, True),
    ("ix_bookings_program_id", "bookings", ["program_id"], None, False),
    ("ix_bookings_step", "bookings", ["step_at"], "step_at IS NOT NULL", False),
    ("ix_occurrences_competing", "occurrences", ["campus_id", "starts_at"], "state = 'requested'", False),
)


def upgrade() -> None:
    _make_programs()
    for name, columns in _grow().items():
        for column in columns:
            op.add_column(name, column)
    for name, column_name, to in POINTING:
        op.execute(
            f"ALTER TABLE {name} ADD COLUMN {column_name} INTEGER CONSTRAINT fk_{name}_{column_name} REFERENCES {to} (id)"
        )
    for name, of, over, condition, unique in INDEXES:
        where = sa.text(condition) if condition else None
        op.create_index(name, of, over, unique=unique, postgresql_where=where, sqlite_where=where)
    op.execute("UPDATE closures SET changed_at = CURRENT_TIMESTAMP")
    _make_remarks_and_feeds()
    _make_replays_and_told()
    # What the first release decided it has also told.
    op.execute(
        "INSERT INTO told (occurrence_id, state, at) SELECT id, state, changed_at FROM occurrences WHERE state NOT IN ('requested', 'held')"
    )


def _make_programs() -> None:
    op.create_table(
        "programs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_programs_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programs")),
        sa.UniqueConstraint("slug", name=op.f("uq_programs_slug")),
    )
    op.create_index(op.f("ix_programs_organization_id"), "programs", ["organization_id"], unique=False)


def _make_remarks_and_feeds() -> None:
    op.create_table(
        "remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_remarks_booking_id")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_remarks_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarks")),
    )
    op.create_index(op.f("ix_remarks_booking_id"), "remarks", ["booking_id"])
    op.create_table(
        "secret_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_secret_feeds_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secret_feeds")),
        sa.UniqueConstraint("public_id", name=op.f("uq_secret_feeds_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_secret_feeds_token_hash")),
    )
    op.create_index(op.f("ix_secret_feeds_person_id"), "secret_feeds", ["person_id"])


def _make_replays_and_told() -> None:
    op.create_table(
        "replays",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_replays_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "path", "key_hash", name=op.f("pk_replays")),
    )
    op.create_index(op.f("ix_replays_created_at"), "replays", ["created_at"])
    op.create_table(
        "told",
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrences.id"], name=op.f("fk_told_occurrence_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("occurrence_id", name=op.f("pk_told")),
    )
    op.create_table(
        "digests",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_digests_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "day", name=op.f("pk_digests")),
    )


def downgrade() -> None:
    """What these tables and columns hold is lost."""
    for name in ("digests", "told", "replays", "secret_feeds", "remarks"):
        op.drop_table(name)
    for name, of, *_ in reversed(INDEXES):
        op.drop_index(name, table_name=of)
    for name, column_name, _ in POINTING:
        op.drop_column(name, column_name)
    for name, columns in _grow().items():
        for column in columns:
            op.drop_column(name, column.name)
    op.drop_table("programs")
