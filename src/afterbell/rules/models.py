"""Rule: one value of one rule, from a day on. Rows are added and never changed, so that they tell what held when, and who said so."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from afterbell.database import Base


class Rule(Base):
    """Holds from `effective_from` (wall date of the district) until a later row of the same name and scope: the district when campus and room are null, else a
    campus, or one room with its campus. `value` null: from then on what holds more widely holds here again. Of two rows for one day the later id counts."""

    __tablename__ = "rules"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    campus_id: Mapped[int | None] = mapped_column(ForeignKey("campuses.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"))
    value: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    effective_from: Mapped[date]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[datetime]
    __table_args__ = (
        Index(None, "campus_id", "name"),
        CheckConstraint("room_id IS NULL OR campus_id IS NOT NULL", name="scope"),
    )
