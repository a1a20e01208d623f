"""How people read the rooms of a booking: those of most of its dates, those that a date has instead, and what was asked for where any of a kind would do."""

from collections import Counter
from collections.abc import Sequence

from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.room_names import RoomName
from afterbell.places.naming import KIND_NAMES, named
from afterbell.policy.assigning import any_of
from afterbell.policy.lifecycle import BLOCKING, WAITING
from afterbell.policy.verdict import N_
from afterbell.web.words import say

ANY_KIND = N_("{kind} (any)")


def usual_rooms(row: BookingRow) -> tuple[RoomName, ...]:
    """The rooms of most dates that wait or stand, or of most dates when none does; among equals those of the first."""
    dates = [date for date in row.dates if date.state in WAITING | BLOCKING] or row.dates
    return most_used(dates)


def most_used(dates: Sequence[DateRow]) -> tuple[RoomName, ...]:
    """The rooms that most of these dates have."""
    return Counter(date.rooms for date in dates).most_common(1)[0][0]


def asked_words(row: BookingRow, language: str) -> str | None:
    """What was asked for, such as "Classroom (any)"; None when every room was named."""
    if not row.wanted:
        return None
    names = {room.key: room.name for date in row.dates for room in date.rooms}
    kinds = {name: kind[1] for name in row.wanted if (kind := any_of(name))}
    said = {name: say(ANY_KIND, language, kind=named(KIND_NAMES, kind, language)) for name, kind in kinds.items()}
    return ", ".join(said.get(name) or names.get(name, name) for name in row.wanted)
