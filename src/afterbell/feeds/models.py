"""FeedMark: tells every process that a room's calendar changed."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from afterbell.database import Base


class FeedMark(Base):
    """A number that rises with every change that a room's feed may show."""

    __tablename__ = "feed_marks"
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int]
