"""Rooms as people name them, beside the bookings that use them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from afterbell.places.models import Room, School


@dataclass(frozen=True)
class RoomName:
    """A room as people name it; `key` is `school-slug/room-slug`."""

    id: int
    key: str
    name: str
    school: str
    school_slug: str
    entrance: str
    on_site_phone: str
    address: str


ROOM_COLUMNS = (
    Room.id,
    Room.slug,
    Room.name,
    School.name,
    School.slug,
    Room.entrance,
    Room.on_site_phone,
    School.street,
    School.city,
    School.zip,
)


def room_name(row: Sequence[Any]) -> RoomName:
    """A room from its `ROOM_COLUMNS`, in their order."""
    id_, slug, name, school, school_slug, entrance, phone, street, city, code = row
    key, address = f"{school_slug}/{slug}", f"{street}, {city} {code}"
    return RoomName(id_, key, name, school, school_slug, entrance, phone, address)


def names_of(rooms: Sequence[RoomName]) -> str:
    """Some rooms in one line, in the order in which they are kept."""
    return ", ".join(room.name for room in rooms)
