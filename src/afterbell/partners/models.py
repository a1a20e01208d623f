"""Organization. Who belongs to one is in people.models."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from afterbell.database import Base

INDIVIDUAL, SCHOOL = "individual", "school"
KINDS = ("nonprofit", "clinic", "public_agency", "youth", "civic", "business", INDIVIDUAL, "other")
# Nobody is invited into these: one is a single person, the other asks through whoever has a role at the school.
CLOSED = (INDIVIDUAL, SCHOOL)


class Organization(Base):
    """A partner of the district, one person who books for themselves (kind "individual"), or a school's own staff (`school_id`; no partner at all).
    `verified` is set by staff; `kind` is what it says it is."""

    __tablename__ = "organizations"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    verified: Mapped[bool]
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"), unique=True, index=True)
    founded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    founded_at: Mapped[datetime | None]
