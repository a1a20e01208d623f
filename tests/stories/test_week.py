"""The week of a campus: every date where and when it is, each title as the projection lets the viewer see it, in a constant number of statements."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from afterbell import clock
from afterbell.bookings.week import week_of
from afterbell.database import Database
from afterbell.policy.projection import Viewer
from tests.api.problems import codes
from tests.cast import BIRD, OWL, ZONE
from tests.conftest import District
from tests.ground.processes import Server
from tests.ground.statements import counted
from tests.stories.asks import ask, caller, day, today, utc, wall
from tests.stories.changing import approved, changed
from tests.stories.deciding import people

WEEK = f"/api/v1/campuses/{OWL}/week"
OPEN = {"title": "Open evening", "visibility": "public", "rooms": [f"{OWL}/hall-1"]}
QUIET = {"title": "Quiet hour", "visibility": "busy_only", "rooms": [f"{OWL}/hall-1a"], "hour": 18}
THEATRE = "figueroa-youth-theatre"


async def test_everybody_sees_when_rooms_are_taken_and_only_those_who_may_what_for(district: District) -> None:
    on, first = day(), day() - timedelta(days=1)
    async with Server(district.url, worker=False) as server:
        async with caller(server.base_url, district, "lin") as lin, caller(server.base_url, district, "sam") as sam:
            both = [await lin.post("/api/v1/bookings", json=ask(**wish)) for wish in (OPEN, QUIET)]
            rival = ask(rooms=[f"{BIRD}/hall"], title="Rehearsal", organization=THEATRE)
            assert [answer.status_code for answer in (*both, await sam.post("/api/v1/bookings", json=rival))] == [
                201
            ] * 3
            own = await week(lin, first)
            other = await week(sam, first)
            waits = {who: await titles(person, BIRD, first) for who, person in (("lin", lin), ("sam", sam))}
        async with caller(server.base_url, district, "castillo") as staff:
            of_staff = {
                room: [each["title"] for each in dates] for (room, _), dates in (await week(staff, first)).items()
            }
    opened, quiet = (answer.json() for answer in both)
    whole = seen(opened, on, 16, "Open evening")
    half = seen(quiet, on, 18, "Quiet hour")
    assert own == {("hall-1", f"{on}"): [whole], ("hall-1a", f"{on}"): [half]}
    assert other == {("hall-1", f"{on}"): [reserved(whole)], ("hall-1a", f"{on}"): [reserved(half)]}
    assert waits == {"lin": [], "sam": ["Rehearsal"]}, "what competes takes nothing, and only its own people see it"
    assert set(of_staff) == {"hall-1", "hall-1a"}


def seen(booking: dict[str, Any], on: date, hour: int, title: str) -> dict[str, Any]:
    """A date of two hours as those see it who may read all."""
    times = {"starts_at": utc(on, hour), "ends_at": utc(on, hour + 2)}
    words = {
        "id": booking["occurrences"][0]["id"],
        "reference": booking["reference"],
        "organization": booking["organization"],
    }
    return words | {"title": title, "state": "held"} | times | {f"claim_{name}": at for name, at in times.items()}


def reserved(whole: dict[str, Any]) -> dict[str, Any]:
    """What is left for everybody."""
    hidden = ("id", "reference", "organization", "state", "starts_at", "ends_at")
    return whole | dict.fromkeys(hidden) | {"title": "Reserved"}


async def week(person: Any, first: date) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """By room and day, all pages together, days without a date left out."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    cursor = ""
    while True:
        answer = (await person.get(f"{WEEK}?from={first}&limit=7{cursor}")).json()
        assert (answer["campus"], answer["time_zone"], answer["from"]) == (OWL, ZONE, f"{first}")
        for item in answer["items"]:
            assert [each["date"] for each in item["days"]] == [f"{first + timedelta(days=n)}" for n in range(7)]
            found |= {(item["room"]["slug"], each["date"]): each["occurrences"] for each in item["days"]}
        if answer["next"] is None:
            assert len(found) == 42 * 7
            return {at: dates for at, dates in found.items() if dates}
        cursor = f"&cursor={answer['next']}"


async def titles(person: Any, campus: str, first: date) -> list[str]:
    answer = (await person.get(f"/api/v1/campuses/{campus}/week?from={first}&limit=200")).json()
    return [each["title"] for item in answer["items"] for on in item["days"] for each in on["occurrences"]]


async def test_where_a_date_is_to_go_is_shown_as_asked_for_there(district: District) -> None:
    """At Night Owl High a move holds what it wants, and everybody sees the time; at Early Bird High nothing is held, and only those see it who may read it."""
    on, first = day(), day() - timedelta(days=1)
    async with people(district, "lin", "sam", "becker") as (_, lin, sam, becker):
        made = await approved(lin.http, becker.http, on, rooms=[f"{OWL}/hall-1"])
        await changed(lin.http, made, starts_at=wall(on, 19), ends_at=wall(on, 21))
        other = await approved(lin.http, becker.http, on, rooms=[f"{BIRD}/hall"])
        await changed(lin.http, other, starts_at=wall(on, 19), ends_at=wall(on, 21))
        own, theirs, staff = [await week(each.http, first) for each in (lin, sam, becker)]
        bird = [await titles(each.http, BIRD, first) for each in (lin, sam)]
    stands = seen(made, on, 16, "Diabetes check-ups") | {"state": "approved"}
    goes = seen(made, on, 19, "Diabetes check-ups")
    at = ("hall-1", f"{on}")
    assert (own, staff) == ({at: [stands, goes]}, {at: [stands, goes]})
    assert theirs == {at: [reserved(stands), reserved(goes)]}
    assert bird == [["Diabetes check-ups"] * 2, ["Reserved"]]


async def test_what_cannot_be_read_is_told_with_what_passes(district: District) -> None:
    async with people(district, "lin") as (_, lin):
        bad = [
            await lin.http.get(f"{WEEK}?{query}")
            for query in ("from=x", "from=20300101", "limit=201", "cursor=!", "cursor=YQ")
        ]
        usual = (await lin.http.get(WEEK)).json()
        unknown = await lin.http.get("/api/v1/campuses/nowhere/week")
    assert [codes(answer) for answer in bad] == [(422,)] * 5
    assert bad[0].json()["detail"] == "from is a date such as 2026-12-01."
    assert (date.fromisoformat(usual["from"]) - today() in (timedelta(), timedelta(days=-1)), unknown.status_code) == (
        True,
        404,
    )


async def test_a_fuller_week_takes_no_more_statements(district: District) -> None:
    database = Database(district.url)
    counts = []
    async with database.reading() as session:
        await session.execute(text("SELECT 1"))  # SQLite's BEGIN is a statement of its own
        for most in (1, 200):
            with counted() as statements:
                found = await week_of(session, OWL, None, Viewer(), after=None, most=most, now=clock.now())
            assert found
            counts.append((min(len(found.rooms), most), len(statements)))
    await database.close()
    assert counts == [(1, 4), (42, 4)]
