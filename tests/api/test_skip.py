"""`on_conflict: "skip"` over HTTP: what cannot be had is left out with its reasons, everything else is as if only the others had been asked for."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from afterbell.almanac.span import Span
from tests.api.problems import codes, written
from tests.cast import BIRD
from tests.conftest import District
from tests.ground import sql
from tests.stories.asks import HALL, THERE, ask, day, wall, weekly
from tests.stories.deciding import people, told
from tests.stories.standing import WELL, examined


def wish(district: District, **changes: Any) -> dict[str, Any]:
    """Three Tuesday evenings and the day on which the district is closed; who cannot have a date goes without it."""
    closed = date.fromisoformat(district.cast["closed"])
    repeat = weekly(3) | {"also": [wall(closed, 18)]}
    return ask(rooms=[HALL], hour=18, repeat=repeat, on_conflict="skip", **changes)


def fates(dates: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """State and codes of each date."""
    return [(each["state"], [reason["code"] for reason in each.get("reasons", ())]) for each in dates]


async def test_dates_that_cannot_be_had_are_left_out_and_the_others_held(district: District) -> None:
    second = day() + timedelta(weeks=1)
    async with people(district, "lin", "pilar", "becker") as (_, lin, pilar, becker):
        await pilar.asks(on=second, hour=19, rooms=[HALL], organization="casa-del-pueblo")
        before = await written(district.url)
        foreseen = (await lin.http.post("/api/v1/bookings/preview", json=wish(district))).json()
        refused = await lin.http.post("/api/v1/bookings", json=wish(district) | {"on_conflict": "refuse"})
        made = (await lin.http.post("/api/v1/bookings", json=wish(district))).json()
        after = await written(district.url)
        announced = await told(district.url, made["reference"])
        approved = (await becker.does(made["reference"], "approval")).json()
        found = examined(district.url)
        withdrawn = await lin.does(made["reference"], "cancellation", reason="Ill")
    outcome = [("held", []), ("skipped", ["room_taken"]), ("held", []), ("skipped", ["closed"])]
    assert fates(made["occurrences"]) == outcome
    assert fates(foreseen["occurrences"]) == outcome
    assert foreseen["verdict"]["allowed"] is True
    assert {reason["severity"] for reason in foreseen["verdict"]["reasons"]} == {"note"}
    assert made["occurrences"][3]["reason"] == (
        "The school is closed that day: Staff day. Leave this date out or choose another."
    )
    assert codes(refused) == (409, "closed", "room_taken")
    assert {name: after[name] - before[name] for name in ("bookings", "occurrences", "claims", "events")} == {
        "bookings": 1,
        "occurrences": 4,
        "claims": 2,
        "events": 1,
    }
    starts = [each["original_start"] for each in made["occurrences"]]
    assert announced == [("booking.requested", {"version": 1, "dates": starts[::2], "skipped": starts[1::2]})]
    assert (approved["state"], fates(approved["occurrences"])[1]) == ("approved", outcome[1])
    assert withdrawn.json()["state"] == "cancelled"
    assert (found, examined(district.url)) == (WELL, WELL)


async def test_what_concerns_the_whole_ask_and_an_ask_without_any_date_are_still_refused(district: District) -> None:
    past = ask(day(ahead=-60), rooms=[HALL], repeat=weekly(2), on_conflict="skip")
    async with people(district, "lin") as (_, lin):
        before = await written(district.url)
        crowd = await lin.http.post("/api/v1/bookings", json=wish(district, headcount=101))
        none = await lin.http.post("/api/v1/bookings", json=past)
        foreseen = (await lin.http.post("/api/v1/bookings/preview", json=past)).json()
        after = await written(district.url)
    assert (codes(crowd), codes(none)) == ((409, "too_many_people"), (409, "in_past"))
    assert (foreseen["verdict"]["allowed"], [each["state"] for each in foreseen["occurrences"]]) == (False, [None] * 2)
    assert after == before


async def test_where_requests_compete_only_what_stands_is_left_out(district: District) -> None:
    second = day() + timedelta(weeks=1)
    hall = f"{BIRD}/hall"
    async with people(district, "lin", "pilar", "becker") as (_, lin, pilar, becker):
        taken = await pilar.asks(on=second, rooms=[hall], organization="casa-del-pueblo")
        await pilar.asks(rooms=[hall], organization="casa-del-pueblo")
        await becker.does(taken["reference"], "approval")
        made = await lin.asks(rooms=[hall], repeat=weekly(3), on_conflict="skip")
    assert fates(made["occurrences"]) == [("requested", []), ("skipped", ["room_taken"]), ("requested", [])]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_date_that_is_lost_between_judging_and_claiming_is_left_out_too(district: District) -> None:
    """A claim that does not keep to the locks is committed while the request waits for it at the guard. On SQLite nobody can come in between."""
    starts = datetime.combine(day() + timedelta(weeks=1), datetime.min.time(), THERE) + timedelta(hours=18)
    taken = Span(starts, starts + timedelta(hours=1))
    claim = f"""
        INSERT INTO claims (campus_id, occurrence_id, space_id, starts_at, ends_at)
        SELECT occurrences.campus_id, occurrences.id, room_spaces.space_id, {sql.moment(district.url, taken.starts_at)},
        {sql.moment(district.url, taken.ends_at)} FROM occurrences JOIN rooms ON rooms.slug = 'hall-2'
        JOIN room_spaces ON room_spaces.room_id = rooms.id ORDER BY occurrences.id LIMIT 1"""
    found = []
    async with people(district, "lin") as (_, lin):
        for conflict in ("skip", "refuse"):
            body = ask(rooms=[HALL], hour=18, repeat=weekly(3), on_conflict=conflict)
            async with sql.held(district.url) as transaction:
                await transaction.tell(claim)
                asking = asyncio.create_task(lin.http.post("/api/v1/bookings", json=body))
                await sql.until_blocked(district.url)
                await transaction.commit()
            found.append(await asking)
            if conflict == "skip":
                made = found[0].json()
                bounds = await sql.rows(district.url, "SELECT count(*) FROM bookings WHERE first_starts_at IS NOT NULL")
                await lin.does(made["reference"], "withdrawal")
                await sql.tell(district.url, f"DELETE FROM claims WHERE starts_at = {sql.moment(district.url, starts)}")
    assert fates(made["occurrences"]) == [("held", []), ("skipped", ["room_taken"]), ("held", [])]
    assert codes(found[1]) == (409, "room_taken")
    assert bounds[0][0] > 0
