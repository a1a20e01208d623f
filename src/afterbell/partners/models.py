"""Organization. Who belongs to one is in people.models."""

from sqlalchemy.orm import Mapped, mapped_column

from afterbell.database import Base


class Organization(Base):
    """A partner of the district. `verified` is set by staff; `kind` is what it says it is."""

    __tablename__ = "organizations"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    verified: Mapped[bool]
