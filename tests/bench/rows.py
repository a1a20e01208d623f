"""The rows that one booking over HTTP leaves in the database, and copies of them for other slots: what the bare driver writes is what the service writes."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.bench.drivers import Driver
from tests.bench.slots import Slot
from tests.cast import ZONE

Row = dict[str, Any]
OF_BOOKING = {
    "bookings": "SELECT * FROM bookings WHERE reference = '{}'",
    "occurrences": "SELECT occurrences.* FROM occurrences JOIN bookings ON bookings.id = booking_id WHERE reference = '{}' ORDER BY starts_at",
    "occurrence_rooms": "SELECT occurrence_rooms.* FROM occurrence_rooms JOIN occurrences ON occurrences.id = occurrence_id "
    "JOIN bookings ON bookings.id = booking_id WHERE reference = '{}' ORDER BY starts_at",
    "claims": "SELECT claims.* FROM claims JOIN occurrences ON occurrences.id = occurrence_id "
    "JOIN bookings ON bookings.id = booking_id WHERE reference = '{}' ORDER BY claims.starts_at",
    "events": "SELECT events.* FROM events JOIN bookings ON bookings.id = booking_id WHERE reference = '{}'",
}
HALLS = """
    SELECT rooms.slug, rooms.id, space_id FROM rooms JOIN schools ON schools.id = rooms.school_id
    JOIN room_spaces ON room_spaces.room_id = rooms.id WHERE schools.slug = 'night-owl-high'"""
INSTANTS = ("starts_at", "ends_at", "claim_starts_at", "claim_ends_at")


@dataclass(frozen=True)
class Pattern:
    """The rows of one booking, by table, and the ids of every hall and of its one space."""

    rows: Mapping[str, list[Row]]
    halls: Mapping[str, tuple[int, int]]

    @classmethod
    async def read(cls, database: Driver, reference: str) -> "Pattern":
        """As the service left them."""
        halls = {row["slug"]: (row["id"], row["space_id"]) for row in await database.select(HALLS)}
        return cls(
            {table: await database.select(query.format(reference)) for table, query in OF_BOOKING.items()}, halls
        )

    def moved(self, slot: Slot, *, handled: bool = False) -> "Copy":
        """The same booking for another slot; `handled` leaves the relay nothing to do."""
        room, space = self.halls[slot.hall]
        walls = [slot.starts + timedelta(weeks=number) for number in range(len(self.rows["occurrences"]))]
        dates = [_moved(row, wall) for row, wall in zip(self.rows["occurrences"], walls, strict=True)]
        claims = [_moved(row, wall) | {"space_id": space} for row, wall in zip(self.rows["claims"], walls, strict=True)]
        (booking,), (event,) = self.rows["bookings"], self.rows["events"]
        named = {"reference": f"AB-{secrets.token_hex(4).upper()}"}
        spans = {"first_starts_at": dates[0]["starts_at"], "last_ends_at": dates[-1]["ends_at"]}
        facts = (
            json.loads(event["facts"]) | named | {"dates": [date["original_start"] for date in dates], "rooms": [room]}
        )
        told = {"public_id": secrets.token_hex(10), "facts": json.dumps(facts)}
        done = {"handled_at": event["happened_at"], "lease": None, "leased_until": None} if handled else {}
        rooms = [row | {"room_id": room} for row in self.rows["occurrence_rooms"]]
        return Copy(_new(booking | named | spans), dates, rooms, claims, _new(event | told | done))


@dataclass(frozen=True)
class Copy:
    """The rows of one booking that is not written yet, without the ids that the database gives."""

    booking: Row
    dates: list[Row]
    rooms: list[Row]
    claims: list[Row]
    event: Row


async def write(database: Driver, copies: list[Copy]) -> None:
    """Five statements in one transaction, however many copies there are."""
    async with database.transaction():
        bookings = await database.insert("bookings", [copy.booking for copy in copies], "id")
        dates = [date | {"booking_id": id_} for id_, copy in zip(bookings, copies, strict=True) for date in copy.dates]
        ids = await database.insert("occurrences", dates, "id")
        for table in ("occurrence_rooms", "claims"):
            rows = [row for copy in copies for row in (copy.claims if table == "claims" else copy.rooms)]
            await database.insert(table, [row | {"occurrence_id": id_} for id_, row in zip(ids, rows, strict=True)])
        events = [copy.event | {"booking_id": id_} for id_, copy in zip(bookings, copies, strict=True)]
        await database.insert("events", events)


def _new(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "id"}


def _moved(row: Row, wall: datetime) -> Row:
    """A date or its claim, begun at another wall time; each instant keeps its distance from the start."""
    by = wall.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC) - _instant(row["starts_at"])
    moved = {name: _kept(_instant(row[name]) + by, row[name]) for name in INSTANTS if name in row}
    if "original_start" in row:
        moved |= {"original_start": wall.isoformat(timespec="minutes"), "public_id": secrets.token_hex(10)}
    return _new(row | moved)


def _instant(value: str | datetime) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value


def _kept(moment: datetime, like: str | datetime) -> str | datetime:
    """SQLite keeps text of one width."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" if isinstance(like, str) else moment
