"""EventRow (an announcement) and Receipt (a listener has handled it)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from afterbell.database import Base


class EventRow(Base):
    """One committed change, with ids and codes only. `handled_at` None: the relay still owes it to somebody."""

    __tablename__ = "events"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    campus_id: Mapped[int | None] = mapped_column(ForeignKey("campuses.id"))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    happened_at: Mapped[datetime]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    lease: Mapped[str | None]
    handled_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "ix_events_unhandled",
            "next_at",
            postgresql_where=text("handled_at IS NULL"),
            sqlite_where=text("handled_at IS NULL"),
        ),
    )


class Receipt(Base):
    """Listener `listener` has done its work for this event; written in the transaction of that work."""

    __tablename__ = "receipts"
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    listener: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
