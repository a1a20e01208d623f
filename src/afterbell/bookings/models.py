"""Activity, Booking, Occurrence, OccurrenceRoom and Claim. Acts that change them lie beside this file."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, literal_column, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from afterbell.database import Base
from afterbell.guard import GUARD


class Activity(Base):
    """A kind of use. Its `visibility` (public, listed, busy_only, hidden) is the default of bookings made for it."""

    __tablename__ = "activities"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[dict[str, str]] = mapped_column(JSON)
    pillar: Mapped[str]
    category: Mapped[str]
    visibility: Mapped[str]
    insurance: Mapped[str]


class Program(Base):
    """Bookings of one organization that belong together for people: a clinic on wheels, a term's classes. It has a calendar of its own."""

    __tablename__ = "programs"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)


class Booking(Base):
    """What an organization asked for. `state` is derived from the dates by policy.lifecycle and stored for lists; `version` rises with every act.
    `entered_as` is partner, school or on_behalf; `answer_by` is set while a question waits for the partner, who is given two `warnings` before the hold
    lapses; `step_at` is when the next of these falls due; until `free_until` approved dates may still be withdrawn (a partial approval). `wanted` are the
    rooms as they were named when some are any of a kind; `anyway` the reason with which staff asked against a rule, `findings` what then was only flagged.
    What is to change in an approved booking waits: `proposed` for the whole (its columns' new values), a Proposal for a date, to be decided by `change_by`;
    `change_reason` is what staff wrote when they last decided or made a change. `listed_at` is when the words for families last changed."""

    __tablename__ = "bookings"
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int]
    state: Mapped[str]
    campus_id: Mapped[int] = mapped_column(ForeignKey("campuses.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    requested_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    first_starts_at: Mapped[datetime]
    last_ends_at: Mapped[datetime]
    decide_by: Mapped[datetime]
    title: Mapped[str]
    visibility: Mapped[str]
    headcount: Mapped[int]
    minors_unaccompanied: Mapped[bool]
    contact: Mapped[dict[str, str]] = mapped_column(JSON)
    note: Mapped[str]
    repeat: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    entered_as: Mapped[str] = mapped_column(server_default="partner")
    on_behalf_of: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    listing: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("programs.id"), index=True)
    answer_by: Mapped[datetime | None]
    warnings: Mapped[int] = mapped_column(server_default="0")
    step_at: Mapped[datetime | None]
    free_until: Mapped[datetime | None]
    layout: Mapped[str | None]
    wanted: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    anyway: Mapped[str | None]
    findings: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    proposed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    change_by: Mapped[datetime | None]
    change_reason: Mapped[str | None]
    listed_at: Mapped[datetime | None]
    __table_args__ = (
        Index(None, "organization_id", "requested_at"),
        Index(None, "campus_id", "state", "first_starts_at"),
        Index(None, "campus_id", "last_ends_at"),
        Index(
            "ix_bookings_step",
            "step_at",
            postgresql_where=text("step_at IS NOT NULL"),
            sqlite_where=text("step_at IS NOT NULL"),
        ),
        Index(
            "ix_bookings_waiting",
            "first_starts_at",
            "decide_by",
            postgresql_where=text("state = 'requested'"),
            sqlite_where=text("state = 'requested'"),
        ),
        Index(
            "ix_bookings_change",
            "change_by",
            postgresql_where=text("change_by IS NOT NULL"),
            sqlite_where=text("change_by IS NOT NULL"),
        ),
    )


class Occurrence(Base):
    """One date. `original_start` is wall time at the campus and names the date for good; spans are UTC and half-open. `sequence` rises with every
    change that calendars must notice. `reason` is what a person wrote, `reasons` what the rules said (policy.verdict), `alternative` what was offered.
    `announced_at` is when it was first approved: since then calendars know it."""

    __tablename__ = "occurrences"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    campus_id: Mapped[int] = mapped_column(ForeignKey("campuses.id"))
    original_start: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    claim_starts_at: Mapped[datetime]
    claim_ends_at: Mapped[datetime]
    state: Mapped[str]
    reason: Mapped[str | None]
    reasons: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    alternative: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    shifted: Mapped[bool]
    sequence: Mapped[int]
    changed_at: Mapped[datetime]
    announced_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("booking_id", "original_start"),
        Index(None, "campus_id", "starts_at"),
        Index(
            "ix_occurrences_competing",
            "campus_id",
            "starts_at",
            postgresql_where=text("state = 'requested'"),
            sqlite_where=text("state = 'requested'"),
        ),
        CheckConstraint("ends_at > starts_at", name="span"),
    )


class Remark(Base):
    """A question of the staff or an answer of the partner; `side` is staff or partner. Never a reason for a state: that stands on the date."""

    __tablename__ = "remarks"
    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    side: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]


class OccurrenceRoom(Base):
    """Which rooms a date uses; kept when the date ends, while its claims are gone."""

    __tablename__ = "occurrence_rooms"
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id", ondelete="CASCADE"), primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    __table_args__ = (Index(None, "room_id", "occurrence_id"),)


class Proposal(Base):
    """Where an approved date is to go, until that is decided. Until then the old time stands, and the claims block both; `rooms` come in ProposalRoom.
    `asked_at` is when it was asked for, which calendars tell."""

    __tablename__ = "proposals"
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id", ondelete="CASCADE"), primary_key=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    claim_starts_at: Mapped[datetime]
    claim_ends_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="span"),)


class ProposalRoom(Base):
    """The rooms of a date that is to move."""

    __tablename__ = "proposal_rooms"
    occurrence_id: Mapped[int] = mapped_column(
        ForeignKey("proposals.occurrence_id", ondelete="CASCADE"), primary_key=True
    )
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), primary_key=True, index=True)


class Claim(Base):
    """A space is blocked for a span, set-up and take-down included. Inserted and deleted, never updated; the database refuses overlaps."""

    __tablename__ = "claims"
    id: Mapped[int] = mapped_column(primary_key=True)
    campus_id: Mapped[int] = mapped_column(ForeignKey("campuses.id"))
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id"), index=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="span"),
        CheckConstraint("ends_at <= starts_at + interval '24 hours'", name="day").ddl_if("postgresql"),
        CheckConstraint("strftime('%s', ends_at) - strftime('%s', starts_at) <= 86400", name="day").ddl_if("sqlite"),
        ExcludeConstraint(
            (literal_column("space_id"), "="),
            (literal_column("tstzrange(starts_at, ends_at)"), "&&"),
            name=GUARD,
            using="gist",
        ).ddl_if("postgresql"),
        Index("ix_claims_space", "space_id", "starts_at", postgresql_include=["ends_at"]).ddl_if("postgresql"),
        Index("ix_claims_space", "space_id", "starts_at", "ends_at").ddl_if("sqlite"),
    )
