"""FeedMark: tells every process that calendars of a campus changed."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from afterbell.database import Base


class FeedMark(Base):
    """A number that rises with every change that some feed of the campus may show."""

    __tablename__ = "feed_marks"
    campus_id: Mapped[int] = mapped_column(ForeignKey("campuses.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int]
