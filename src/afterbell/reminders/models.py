"""Reminder: one person is to be told of one date, once."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from afterbell.database import Base


class Reminder(Base):
    """`state` is planned, sent or dropped. One row a date, person and kind, whatever is delivered twice or late. `starts_at` is the start of the date that
    it is planned for, `sent_for` the one that it was last sent for."""

    __tablename__ = "reminders"
    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    kind: Mapped[str]
    due_at: Mapped[datetime]
    state: Mapped[str]
    starts_at: Mapped[datetime | None]
    sent_for: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("occurrence_id", "person_id", "kind"),
        Index(
            "ix_reminders_planned",
            "due_at",
            postgresql_where=text("state = 'planned'"),
            sqlite_where=text("state = 'planned'"),
        ),
    )
