"""Told: a date as its partner last read of it in a letter, ToldBooking the booking's own values, so that a letter holds what changed and a correction is
silent. Digest: who was reminded of what waits, on which day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from afterbell.database import Base


class Told(Base):
    """One row a date, brought up to date by each letter about it. `stands` are its times and rooms (told.Where) as they were told, `asked` where it is to
    go, which was told to wait."""

    __tablename__ = "told"
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str]
    at: Mapped[datetime]
    stands: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    asked: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class ToldBooking(Base):
    """What the partner knows of a booking as a whole; `proposed` are the new values that were told to wait."""

    __tablename__ = "told_bookings"
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"), primary_key=True)
    title: Mapped[str]
    headcount: Mapped[int]
    layout: Mapped[str | None]
    at: Mapped[datetime]
    proposed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Digest(Base):
    """At most one a person and wall day."""

    __tablename__ = "digests"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
