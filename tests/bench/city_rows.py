"""Puts a generated district into a database by bulk statements, as if its bookings had been made and decided long ago: what can be listed is copied in, and the
dates with their claims follow from series and weeks in one statement a table."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from tests.bench.city import ROOMS_A_CAMPUS, WEEKS, City, spaces
from tests.bench.city_server import Table, to_server
from tests.cast import ZONE
from tests.ground import sql

FIRST_ID = 1_000_000
OTHERS = 7
SERIES = ("id", "room", "evening", "hour", "first_week", "last_week")
WEEK = ("evening", "hour", "week", "original_start", "starts_at", "ends_at")
COUNTED = ("campuses", "rooms", "bookings", "occurrences", "claims")
# The ids of what is made follow from the numbers of series and weeks, so that no table has to be sorted or asked.
DATES = """
    city_series AS s JOIN city_weeks AS w ON w.evening = s.evening AND w.hour = s.hour
    AND w.week BETWEEN s.first_week AND s.last_week"""
DATE_ID, STATE = f"{FIRST_ID} + s.id * {WEEKS} + w.week", "CASE WHEN s.id % 10 = 0 THEN 'held' ELSE 'approved' END"
CAMPUS = f"{FIRST_ID} + s.room / {ROOMS_A_CAMPUS}"
CLAIMED = f"""
    INSERT INTO claims (campus_id, occurrence_id, space_id, starts_at, ends_at)
    SELECT {CAMPUS}, {DATE_ID}, {FIRST_ID} + s.room, w.starts_at, w.ends_at FROM {DATES} ORDER BY s.room, w.starts_at"""
FILLED = (
    f"""
    INSERT INTO bookings (id, reference, version, state, campus_id, organization_id, activity_id, requested_by_id, requested_at, changed_at,
        first_starts_at, last_ends_at, decide_by, title, visibility, headcount, minors_unaccompanied, contact, note)
    SELECT {FIRST_ID} + s.id, 'AB-C' || CAST(1000000 + s.id AS VARCHAR(9)), 2,
        CASE WHEN s.id % 10 = 0 THEN 'requested' ELSE 'approved' END, {CAMPUS}, own.organization, own.activity, own.person, own.at, own.at,
        f.starts_at, l.ends_at, f.starts_at, 'Evening class ' || CAST(s.id AS VARCHAR(9)),
        CASE s.id % 4 WHEN 0 THEN 'public' WHEN 1 THEN 'listed' WHEN 2 THEN 'busy_only' ELSE 'hidden' END, 20, FALSE, '{{}}', ''
    FROM city_series AS s JOIN city_own AS own ON own.number = s.id % {OTHERS}
    JOIN city_weeks AS f ON f.evening = s.evening AND f.hour = s.hour AND f.week = s.first_week
    JOIN city_weeks AS l ON l.evening = s.evening AND l.hour = s.hour AND l.week = s.last_week""",
    f"""
    INSERT INTO occurrences (id, public_id, booking_id, campus_id, original_start, starts_at, ends_at, claim_starts_at, claim_ends_at, state, shifted,
        sequence, changed_at)
    SELECT {DATE_ID}, 'city' || CAST({DATE_ID} AS VARCHAR(12)), {FIRST_ID} + s.id, {CAMPUS}, w.original_start, w.starts_at, w.ends_at, w.starts_at, w.ends_at,
        {STATE}, FALSE, 0, w.starts_at
    FROM {DATES}""",
    f"INSERT INTO occurrence_rooms (occurrence_id, room_id) SELECT {DATE_ID}, {FIRST_ID} + s.room FROM {DATES}",
)
OWN = """
    SELECT organizations.id, (SELECT min(id) FROM activities), (SELECT id FROM people WHERE email = 'lin@clinic.example')
    FROM organizations ORDER BY (slug = 'eastside-community-clinic') DESC, organizations.id"""


async def load(url: str, city: City) -> dict[str, int]:
    """All its rows; answers how many each table has then."""
    own = await sql.rows(url, OWN)
    tables = list(_tables(city, own, lite=url.startswith("sqlite")))
    if url.startswith("sqlite"):
        _to_file(url, tables)
    else:
        await to_server(url, tables, CLAIMED, FILLED)
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in COUNTED)
    return dict(zip(COUNTED, (await sql.rows(url, f"SELECT {counts}"))[0], strict=True))


def _tables(city: City, own: Sequence[tuple[Any, ...]], *, lite: bool) -> Iterator[Table]:
    def kept(moment: datetime) -> Any:
        return _kept(moment, lite=lite)

    there = ZoneInfo(ZONE)
    yield _listed("campuses", [row | {"id": FIRST_ID + row["id"]} for row in city.campus_rows()])
    yield _listed("schools", list(_schools(city)))
    yield _listed("rooms", [_room(row) for row in city.room_rows()])
    numbers = range(city.rooms)
    places = [(FIRST_ID + n, FIRST_ID + n // ROOMS_A_CAMPUS, f"space-{n}") for n in numbers]
    yield "spaces", ("id", "campus_id", "slug"), places
    yield "room_spaces", ("room_id", "space_id"), [(FIRST_ID + n, FIRST_ID + s) for n in numbers for s in spaces(n)]
    closed = [
        (
            f"city-{at}",
            FIRST_ID + at,
            kept(datetime.combine(a, time(), there)),
            kept(datetime.combine(b, time(), there)),
            "Repairs",
        )
        for at, a, b in city.closures()
    ]
    yield "closures", ("public_id", "campus_id", "starts_at", "ends_at", "reason"), closed
    yield _rules(city, own[0][2], lite=lite)
    yield "city_weeks", WEEK, [(*w[:4], kept(w.starts_at), kept(w.ends_at)) for w in city.weeks()]
    yield "city_series", SERIES, [tuple(each) for each in city.series()]
    asked = kept(datetime.combine(city.first, time(), there))
    yield (
        "city_own",
        ("number", "organization", "activity", "person", "at"),
        [(n, *own[n % len(own)], asked) for n in range(OTHERS)],
    )


def _rules(city: City, person: int, *, lite: bool) -> Table:
    """Set by one person at the midnight from which they hold."""
    rows = [
        (
            name,
            FIRST_ID + at,
            None if room is None else FIRST_ID + room,
            None if value is None else json.dumps(value),
            since.isoformat() if lite else since,
            person,
            _kept(datetime.combine(since, time(), ZoneInfo(ZONE)), lite=lite),
        )
        for name, at, room, value, since in city.rules()
    ]
    return "rules", ("name", "campus_id", "room_id", "value", "effective_from", "set_by_id", "set_at"), rows


def _kept(moment: datetime, *, lite: bool) -> Any:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" if lite else moment


def _schools(city: City) -> Iterator[dict[str, Any]]:
    for number, (latitude, longitude) in enumerate(city.spots()):
        named = {
            "id": FIRST_ID + number,
            "campus_id": FIRST_ID + number,
            "slug": f"city-{number}",
            "name": f"City School {number}",
        }
        address = {"street": f"{number} City Street", "city": "Los Angeles", "zip": "90002", "phone": ""}
        yield named | {"level": "high"} | address | {"latitude": latitude, "longitude": longitude}


def _room(row: dict[str, Any]) -> dict[str, Any]:
    at = FIRST_ID + row["id"] // ROOMS_A_CAMPUS
    more = {"public_id": f"city{row['id']:016d}", "campus_id": at, "school_id": at, "entrance": "", "on_site_phone": ""}
    return row | more | {"id": FIRST_ID + row["id"]}


def _listed(table: str, rows: list[dict[str, Any]]) -> Table:
    return table, tuple(rows[0]), [tuple(row.values()) for row in rows]


def _to_file(url: str, tables: Sequence[Table]) -> None:
    """Without waiting for the disk; the guard stands as it is and looks at every claim."""
    with closing(sqlite3.connect(sql.bare(url), isolation_level=None)) as file:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=OFF",
            "foreign_keys=OFF",
            "cache_size=-400000",
            "temp_store=MEMORY",
        ):
            file.execute(f"PRAGMA {pragma}")
        file.execute("BEGIN IMMEDIATE")
        for table, columns, rows in tables:
            if table.startswith("city_"):
                file.execute(f"CREATE TEMP TABLE {table} ({', '.join(columns)})")
            marks = ", ".join("?" * len(columns))
            file.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
        file.execute("CREATE INDEX temp.city_on ON city_weeks (evening, hour, week)")
        for statement in (*FILLED, CLAIMED):
            file.execute(statement)
        file.execute("COMMIT")
        file.execute("ANALYZE")
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
