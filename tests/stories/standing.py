"""What a 2xx promises, read by the bare driver: a booking stands when it has every claim of every date, and one event for each version. Overlaps too."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from afterbell import clock
from tests.ground import sql
from tests.ground.processes import afterbell

OVERLAPS = """
    SELECT mine.id, other.id FROM claims mine JOIN claims other ON other.space_id = mine.space_id AND other.id > mine.id
    WHERE other.starts_at < mine.ends_at AND other.ends_at > mine.starts_at"""
SPACES = """
    SELECT schools.slug || '/' || rooms.slug, spaces.slug FROM rooms JOIN schools ON schools.id = rooms.school_id
    JOIN room_spaces ON room_spaces.room_id = rooms.id JOIN spaces ON spaces.id = room_spaces.space_id"""
CLAIMS = """
    SELECT bookings.reference, spaces.slug, claims.starts_at, claims.ends_at FROM claims
    JOIN occurrences ON occurrences.id = claims.occurrence_id JOIN bookings ON bookings.id = occurrences.booking_id
    JOIN spaces ON spaces.id = claims.space_id"""
EVENTS = "SELECT bookings.reference, events.kind FROM events JOIN bookings ON bookings.id = events.booking_id ORDER BY events.id"
TITLES = """
    SELECT bookings.title, count(DISTINCT occurrences.id), count(DISTINCT claims.id), count(DISTINCT events.id) FROM bookings
    LEFT JOIN occurrences ON occurrences.booking_id = bookings.id LEFT JOIN claims ON claims.occurrence_id = occurrences.id
    LEFT JOIN events ON events.booking_id = bookings.id GROUP BY bookings.id, bookings.title"""
WELL = (0, '{"ok": true, "findings": []}\n')

Claim = tuple[str, datetime, datetime]


async def overlaps(url: str) -> list[tuple[Any, ...]]:
    """Pairs of claims that block one space at once."""
    return await sql.rows(url, OVERLAPS)


async def lost(url: str, acknowledged: Iterable[Mapping[str, Any]]) -> list[str]:
    """What is missing or too much of these bookings, as they were answered with 201; one line each, none when all of them stand whole."""
    spaces, claims, events = await _spaces(url), await _claims(url), await _events(url)
    complaints = []
    for booking in acknowledged:
        reference = booking["reference"]
        if claims.get(reference, set()) != promised(booking, spaces):
            complaints.append(f"{reference}: claims {sorted(claims.get(reference, set()))}")
        if events.get(reference, []) != ["booking.requested"]:
            complaints.append(f"{reference}: events {events.get(reference, [])}")
    return complaints


def promised(booking: Mapping[str, Any], spaces: Mapping[str, set[str]]) -> set[Claim]:
    """Every space of every room of every date that was not left out, for the time in the room."""
    return {
        (space, instant(date["claim_starts_at"]), instant(date["claim_ends_at"]))
        for date in booking["occurrences"]
        if date["state"] != "skipped"
        for room in date["rooms"]
        for space in spaces[room]
    }


async def parts(url: str) -> dict[str, tuple[int, int, int]]:
    """How many dates, claims and events each booking has, by its title; what a broken request left is whole or not there at all."""
    return {title: (dates, claims, events) for title, dates, claims, events in await sql.rows(url, TITLES)}


async def settled(url: str) -> bool:
    """Whether no listener and no mailbox is owed anything that is due; what the cast announced for a later day is not."""
    due = f"next_at <= {sql.moment(url, clock.now())}"
    events = f"SELECT id FROM events WHERE handled_at IS NULL AND {due}"
    return await sql.rows(url, f"{events} UNION ALL SELECT id FROM deliveries WHERE state = 'waiting' AND {due}") == []


def examined(url: str) -> tuple[int, str]:
    """What `afterbell doctor` says: `WELL` when nothing is wrong."""
    done = afterbell(url, "doctor", "--json")
    return done.returncode, done.stdout


async def _spaces(url: str) -> dict[str, set[str]]:
    found = defaultdict(set)
    for room, space in await sql.rows(url, SPACES):
        found[room].add(space)
    return found


async def _claims(url: str) -> dict[str, set[Claim]]:
    found = defaultdict(set)
    for reference, space, starts, ends in await sql.rows(url, CLAIMS):
        found[reference].add((space, instant(starts), instant(ends)))
    return found


async def _events(url: str) -> dict[str, list[str]]:
    found = defaultdict(list)
    for reference, kind in await sql.rows(url, EVENTS):
        found[reference].append(kind)
    return found


def instant(value: str | datetime) -> datetime:
    """Aware UTC, from an answer's text, from SQLite's, which has no offset, or from a driver that knows time."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
