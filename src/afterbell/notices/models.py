"""Told: the state of a date that its partner last read in a letter, so that a letter holds what changed and a correction is silent. Digest: who was
reminded of what waits, on which day."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from afterbell.database import Base


class Told(Base):
    """One row a date, brought up to date by each letter about it."""

    __tablename__ = "told"
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str]
    at: Mapped[datetime]


class Digest(Base):
    """At most one a person and wall day."""

    __tablename__ = "digests"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
