"""Person, Membership (of a partner), Role (of staff, by campus), and the hashed secrets by which people are known."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from afterbell.database import Base

PARTNER, MANAGER = PARTNER_ROLES = ("partner", "partner_manager")
MEMBER, ASKED = "member", "asked"
STAFF_ROLES = (
    "school_staff",
    "coordinator",
    "site_approver",
    "facilities",
    "custodian",
    "risk",
    "analyst",
    "district_admin",
)


class Person(Base):
    """Somebody with an address. `email` is stored in lower case; `language` is 'en' or 'es'."""

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str]
    created_at: Mapped[datetime]


class Membership(Base):
    """A person speaks for an organization, as 'partner' or 'partner_manager'. `state` is 'member', or 'asked' until its manager confirms."""

    __tablename__ = "memberships"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    role: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="member")
    asked_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("person_id", "organization_id"),)


class Role(Base):
    """A staff role; `campus_id` None means every campus."""

    __tablename__ = "roles"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]
    campus_id: Mapped[int | None] = mapped_column(ForeignKey("campuses.id"), index=True)


class SignIn(Base):
    """A mailed link and its six-digit code, both hashed. Spent once, unless `reusable` (demo people only)."""

    __tablename__ = "sign_ins"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    link_hash: Mapped[str] = mapped_column(unique=True)
    code_hash: Mapped[str | None]
    wrong_codes: Mapped[int]
    reusable: Mapped[bool]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "person_id", "created_at"),)


class Visit(Base):
    """A signed-in browser, known by the hash of its cookie. `seen_at` is buffered, so it may lag by a minute."""

    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class ApiToken(Base):
    """A personal token for the API, stored as a hash and shown once."""

    __tablename__ = "api_tokens"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
