"""FeedMark: tells every process that calendars of a campus changed. SecretFeed: a personal address, kept as a hash."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from afterbell.database import Base


class FeedMark(Base):
    """A number that rises with every change that some feed of the campus may show, and when it last rose: also when something was taken out."""

    __tablename__ = "feed_marks"
    campus_id: Mapped[int] = mapped_column(ForeignKey("campuses.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int]
    changed_at: Mapped[datetime | None]


class SecretFeed(Base):
    """One person's calendar by an address that nobody can guess; judged as its owner is now. `scope` is mine, organization, campus_staff or custodian.
    A revoked one is kept, so that it answers 410."""

    __tablename__ = "secret_feeds"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    scope: Mapped[str]
    filters: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
