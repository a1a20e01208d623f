"""District, Campus, School, Room, Space and Closure. A campus is a place with one calendar; several schools may share it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from afterbell.database import Base

KINDS = (
    "classroom",
    "gym",
    "auditorium",
    "cafeteria",
    "library",
    "multipurpose",
    "clinic",
    "computer_lab",
    "music_room",
    "dance_studio",
    "kitchen",
    "parent_center",
    "meeting_room",
    "field",
    "court",
    "pool",
    "parking",
    "other",
)


class District(Base):
    """The one row that says which district this is; `demo` allows what only sample data may do."""

    __tablename__ = "districts"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    time_zone: Mapped[str]
    demo: Mapped[bool]


class Campus(Base):
    """A place with one zone and one calendar. Its row is the lock under which bookings read closures and hours. `seeded_hours` is what calendar files
    gave last; when `hours` differ, staff edited them and files have no say any more. `rules_mark` rises with every change of its rules, and of its
    rooms by a file (rules.reading)."""

    __tablename__ = "campuses"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    time_zone: Mapped[str]
    holds: Mapped[str]
    enters_approved: Mapped[bool] = mapped_column(server_default=true())
    hours: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    seeded_hours: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    rules_mark: Mapped[int] = mapped_column(server_default="0")
    __table_args__ = (CheckConstraint("holds IN ('on_request', 'on_approval')", name="holds"),)


class School(Base):
    """A school with its own name and address. `cds_code` is the state's number, where known."""

    __tablename__ = "schools"
    id: Mapped[int] = mapped_column(primary_key=True)
    campus_id: Mapped[int] = mapped_column(ForeignKey("campuses.id"), index=True)
    slug: Mapped[str] = mapped_column(unique=True)
    cds_code: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    level: Mapped[str]
    street: Mapped[str]
    city: Mapped[str]
    zip: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    phone: Mapped[str]


class Room(Base):
    """What people book. It blocks all its spaces, so that a half and the whole can never overlap. `layouts` says how many it holds set up in some way."""

    __tablename__ = "rooms"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    campus_id: Mapped[int] = mapped_column(ForeignKey("campuses.id"), index=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    slug: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    capacity: Mapped[int]
    layouts: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    features: Mapped[list[str]] = mapped_column(JSON)
    access: Mapped[list[str]] = mapped_column(JSON)
    entrance: Mapped[str]
    on_site_phone: Mapped[str]
    __table_args__ = (UniqueConstraint("school_id", "slug"), CheckConstraint("capacity > 0", name="capacity"))


class Space(Base):
    """The smallest thing that can be occupied. Its row is the lock that orders bookings of the same place."""

    __tablename__ = "spaces"
    id: Mapped[int] = mapped_column(primary_key=True)
    campus_id: Mapped[int] = mapped_column(ForeignKey("campuses.id"))
    slug: Mapped[str]
    __table_args__ = (UniqueConstraint("campus_id", "slug"),)


class RoomSpace(Base):
    """Which spaces a room is made of; a classroom is one, a gym its halves."""

    __tablename__ = "room_spaces"
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"), primary_key=True, index=True)


class ClosureRow(Base):
    """A half-open span when a campus is closed; `campus_id` None closes the whole district. `sequence` and `changed_at` are what calendars tell."""

    __tablename__ = "closures"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    campus_id: Mapped[int | None] = mapped_column(ForeignKey("campuses.id"))
    uid: Mapped[str | None] = mapped_column(unique=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str]
    sequence: Mapped[int] = mapped_column(server_default="0")
    changed_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "campus_id", "ends_at"), CheckConstraint("ends_at > starts_at", name="span"))
