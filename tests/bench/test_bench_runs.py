"""The bench runs on both engines, every request in it is answered as meant, and the bare driver writes what the service writes. No time is asserted."""

import json
from datetime import date
from itertools import islice
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from afterbell import clock
from afterbell.bookings.forms import BookingForm, as_ask
from afterbell.bookings.request import request_booking
from afterbell.database import Database
from afterbell.people.access import viewer_of_person
from afterbell.people.models import Person
from tests.bench.__main__ import measured
from tests.bench.cpu import PROC
from tests.bench.drivers import connected
from tests.bench.rows import Pattern, Row, write
from tests.bench.sizes import TINY
from tests.bench.slots import DATES, HALLS, Slot, Slots
from tests.bench.table import lines, table
from tests.conftest import District

pytestmark = pytest.mark.skipif(not (PROC / "self" / "stat").exists(), reason="the bench reads /proc")

FIGURES = {"count", "answers", "a_second", "ms", "cpu_ms"}
SINGLES = {"201": TINY.bookings}
ASKED = {"201": TINY.asked}
POLLS = TINY.polls * TINY.rounds
KINDS = ("empty", "warm", "zipped", "unchanged", "cold")
POLLED = {
    **{kind: {"200": POLLS} for kind in ("empty", "warm", "zipped")},
    "unchanged": {"304": POLLS},
    "cold": {"200": TINY.cold},
}
# What differs from one booking to the next: ids, secrets, and when it was asked for.
OWN = {"id", "booking_id", "occurrence_id", "room_id", "space_id", "reference", "public_id", "facts", "decide_by"}
OWN |= {"requested_at", "changed_at", "happened_at", "next_at"}


def quietly(what: str) -> None:
    """Nobody watches."""


async def test_every_request_of_the_bench_is_answered_as_meant(engine: str) -> None:
    found = await measured(TINY, quietly, [engine])
    told = found["engines"][engine]
    booked, feed = told["bookings"], told["feed"]
    answers = {
        "single": booked["single"]["answers"],
        "series": booked["series"]["answers"],
        "with_worker": booked["with_worker"]["answers"],
        "bare": booked["bare"]["single"]["answers"],
        "bare series": booked["bare"]["series"]["answers"],
        "few": told["growth"]["few"]["answers"],
        "many": told["growth"]["many"]["answers"],
        **{kind: feed[kind]["answers"] for kind in KINDS},
        "search": told["city"]["search"]["answers"],
        "week": told["city"]["week"]["answers"],
        "in the city": told["city"]["growth"]["many"]["answers"],
    }
    assert answers == {
        "single": SINGLES,
        "series": {"201": TINY.series},
        "with_worker": SINGLES,
        "bare": {"201": TINY.bare},
        "bare series": {"201": TINY.bare_series},
        "few": ASKED,
        "many": ASKED,
        **POLLED,
        "search": {"200": TINY.searches},
        "week": {"200": TINY.weeks},
        "in the city": ASKED,
    }
    assert told["city"]["equal"] == {"needs": TINY.judged, "wrong": 0, "how": []}
    wide = {name: {kind: each[kind]["answers"] for kind in KINDS} for name, each in feed["wide"].items()}
    assert wide == {"programme": POLLED, "secret": POLLED}
    assert (feed["events"], feed["cold"]["bytes"], booked["with_worker"]["settled"], told["doctor"]) == (
        TINY.feed_events,
        [feed["bytes"]],
        True,
        [],
    )
    assert_shape(found, engine)


def assert_shape(found: dict[str, Any], engine: str) -> None:
    """What readers of var/bench rely on, and that the table can be drawn of it."""
    told = found["engines"][engine]
    booked = told["bookings"]
    assert {name: set(part) for name, part in (("all", found), ("engine", told), ("bookings", booked))} == {
        "all": {"at", "size", "seed", "machine", "engines"},
        "engine": {"about", "bookings", "feed", "growth", "city", "doctor"},
        "bookings": {"single", "series", "with_worker", "bare", "bare_to_service", "statements"},
    }
    kept = [
        booked["single"],
        booked["series"],
        booked["bare"]["single"],
        booked["bare"]["series"],
        told["feed"]["warm"],
    ]
    assert [set(each) for each in kept] == [FIGURES] * len(kept)
    assert {set_of: sorted(each) for set_of, each in booked["statements"].items()} == {
        "single": ["statements", "transaction", "what"],
        "series": ["statements", "transaction", "what"],
        "search": ["statements", "transaction", "what"],
        "week": ["statements", "transaction", "what"],
    }
    assert json.loads(json.dumps(found)) == found
    assert len(table(found).splitlines()) == len(lines()) + 2


async def test_the_bare_driver_writes_the_rows_that_the_service_writes(district: District) -> None:
    slots = Slots(date.fromisoformat(district.cast["closed"]))
    database, (driver,) = Database(district.url), await connected(district.url, 1)
    for dates, free in ((1, slots.single), (DATES, slots.series)):
        first, *_, second = islice(free, len(HALLS) + 1)
        pattern, by_service = [
            await Pattern.read(driver, await booked(database, each, dates)) for each in (first, second)
        ]
        copy = pattern.moved(Slot("hall-9", second.starts))
        await write(driver, [copy])
        by_driver = await Pattern.read(driver, copy.booking["reference"])
        assert without_own(by_driver) == without_own(by_service)
    await driver.close()
    await database.close()


async def booked(database: Database, slot: Slot, dates: int) -> str:
    """The reference of Dr Lin's booking, made through the act that HTTP calls."""
    ask = as_ask(msgspec.json.decode(slot.body(dates), type=BookingForm), whole=True)
    async with database.writing() as session:
        lin = await session.scalar(select(Person.id).where(Person.email == "lin@clinic.example"))
        viewer = await viewer_of_person(session, lin or 0)
        assert viewer
        return (await request_booking(session, ask, by=viewer, now=clock.now())).reference


def without_own(pattern: Pattern) -> dict[str, list[Row]]:
    """The rows without what is a booking's own; the hall differs too, since two bookings cannot have one at one time."""
    return {table: [_without_own(row) for row in rows] for table, rows in pattern.rows.items()}


def _without_own(row: Row) -> Row:
    kept = {name: value for name, value in row.items() if name not in OWN}
    if "facts" in row:
        facts = json.loads(row["facts"])
        assert set(facts) >= {"reference", "rooms", "dates"}
        kept["facts"] = {name: value for name, value in facts.items() if name not in ("reference", "rooms")}
    return kept
