"""Delivery: one letter to one person, with a stable identity."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from afterbell.database import Base


class Delivery(Base):
    """`identity` makes a letter unique ("acknowledgement:<event>:<person>"); `state` is waiting, sent, kept (no SMTP set) or failed."""

    __tablename__ = "deliveries"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    identity: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    recipient: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    campus_id: Mapped[int | None] = mapped_column(ForeignKey("campuses.id"), index=True)
    booking: Mapped[str | None]
    kind: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    trouble: Mapped[str | None]
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    until: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    lease: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("identity"),
        Index(
            "ix_deliveries_waiting",
            "next_at",
            postgresql_where=sql("state = 'waiting'"),
            sqlite_where=sql("state = 'waiting'"),
        ),
        Index(None, "created_at"),
    )
