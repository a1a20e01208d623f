"""Who may do what: every role, at campuses that are theirs and at others, in one table each. Whatever is out of scope answers as if it did not exist."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import httpx2

from tests.cast import OWL
from tests.conftest import District
from tests.ground.processes import Server, afterbell
from tests.stories.asks import PEOPLE, ask, caller, day

ELEM, BURBANK, VENICE = "24th-street-elementary", "luther-burbank-middle", "venice-high"
ROOMS = {ELEM: f"{ELEM}/room-12", BURBANK: f"{BURBANK}/room-101", VENICE: f"{VENICE}/room-101", OWL: f"{OWL}/hall-2"}
ACTS = ("read", "approval", "decline", "withdrawal", "cancellation")
NOTHING, OWN = "404 404 404 404 404", "200 403 403 200 200"
SEES, DECIDES = "200 403 403 403 403", "200 200 200 403 200"
# read, approval, decline, withdrawal, cancellation of the clinic's booking at: the elementary school, Burbank, Venice, Night Owl High
TABLE = {
    "lin": (OWN, OWN, OWN, OWN),
    "rosa": (OWN, OWN, OWN, OWN),
    "sam": (NOTHING, NOTHING, NOTHING, NOTHING),
    "pilar": (NOTHING, NOTHING, NOTHING, NOTHING),
    "okafor": (DECIDES, DECIDES, DECIDES, NOTHING),
    "becker": (DECIDES, DECIDES, DECIDES, DECIDES),
    "castillo": (SEES, NOTHING, NOTHING, NOTHING),
    "tan": (NOTHING, SEES, NOTHING, NOTHING),
    "herrera": (NOTHING, NOTHING, SEES, NOTHING),
    "stone": (SEES, SEES, SEES, SEES),
    "adler": (SEES, SEES, SEES, SEES),
    "whitfield": (DECIDES, DECIDES, DECIDES, DECIDES),
}


@dataclass
class Desk:
    """Everybody's connection, and bookings that are ready to be acted upon: one at a time for each campus and act, a new one after each success."""

    people: dict[str, httpx2.AsyncClient]
    slots: dict[str, Any] = field(default_factory=lambda: {campus: count() for campus in ROOMS})
    ready: dict[tuple[str, str], str] = field(default_factory=dict)

    async def booked(self, campus: str, **changes: Any) -> str:
        """A request of the clinic in the next free hour of the campus's room."""
        number = next(self.slots[campus])
        on, hour = day() + timedelta(weeks=number // 6), 15 + number % 6
        body = ask(on, hour, rooms=[ROOMS[campus]], ends_at=f"{on}T{hour + 1}:00", **changes)
        answer = await self.people["lin"].post("/api/v1/bookings", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["reference"])

    async def attempt(self, name: str, campus: str, act: str) -> int:
        """The status of one cell."""
        key = (campus, act)
        if key not in self.ready:
            self.ready[key] = await self.booked(campus)
            if act == "cancellation":
                await self.people["whitfield"].post(f"/api/v1/bookings/{self.ready[key]}/approval", json={})
        path = f"/api/v1/bookings/{self.ready[key]}"
        if act == "read":
            return (await self.people[name].get(path)).status_code
        answer = await self.people[name].post(f"{path}/{act}", json={} if act == "approval" else {"reason": "x"})
        if answer.status_code == 200:
            del self.ready[key]
        return answer.status_code


@asynccontextmanager
async def desk(district: District) -> AsyncIterator[Desk]:
    """A server with everybody connected."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(Server(district.url, worker=False))
        people = {name: await stack.enter_async_context(caller(server.base_url, district, name)) for name in PEOPLE}
        yield Desk(people)


async def test_every_role_may_do_at_every_campus_just_what_the_table_says(district: District) -> None:
    async with desk(district) as at:
        found = {name: [await cell(at, name, campus) for campus in ROOMS] for name in PEOPLE}
        assert found == {name: list(row) for name, row in TABLE.items()}


async def test_control_the_same_cells_open_to_somebody_who_is_given_the_role(district: District) -> None:
    async with desk(district) as at:
        before = await cell(at, "sam", OWL)
        given = afterbell(district.url, "person", "add", "sam@theatre.example", "--role", "facilities", "--campus", OWL)
        assert (given.returncode, before, await cell(at, "sam", OWL), await cell(at, "sam", ELEM)) == (
            0,
            NOTHING,
            DECIDES,
            NOTHING,
        )


async def cell(at: Desk, name: str, campus: str) -> str:
    """The statuses of all five acts."""
    return " ".join([str(await at.attempt(name, campus, act)) for act in ACTS])


async def test_lists_hold_what_each_role_may_see_and_the_catalogue_is_open_to_all(district: District) -> None:
    async with desk(district) as at:
        ours = {await at.booked(campus): campus for campus in ROOMS}
        theirs = await at.people["sam"].post(
            "/api/v1/bookings", json=ask(day(), 20, rooms=[ROOMS[VENICE]], organization="figueroa-youth-theatre")
        )
        places = ours | {theirs.json()["reference"]: "sam's"}
        everywhere = ["sam's", OWL, VENICE, BURBANK, ELEM]
        assert {name: await listed(at.people[name], places) for name in PEOPLE} == {
            "lin": everywhere[1:],
            "rosa": everywhere[1:],
            "sam": ["sam's"],
            "pilar": [],
            "okafor": ["sam's", VENICE, BURBANK, ELEM],
            "becker": everywhere,
            "castillo": [ELEM],
            "tan": [BURBANK],
            "herrera": ["sam's", VENICE],
            "stone": everywhere,
            "adler": everywhere,
            "whitfield": everywhere,
        }
        assert {name: await catalogue(at.people[name]) for name in PEOPLE} == dict.fromkeys(PEOPLE, (6, 42, 14, 200))


async def listed(person: httpx2.AsyncClient, places: dict[str, str]) -> list[str]:
    """Which of these bookings somebody finds in their list, newest first."""
    items = (await person.get("/api/v1/bookings", params={"limit": 200})).json()["items"]
    return [places[booking["reference"]] for booking in items if booking["reference"] in places]


async def catalogue(person: httpx2.AsyncClient) -> tuple[int, int, int, int]:
    """How many schools, halls and activities somebody is shown, and whether they may search."""
    schools = await person.get("/api/v1/schools")
    halls = await person.get(f"/api/v1/schools/{OWL}/rooms")
    activities = await person.get("/api/v1/activities")
    need = {name: ask()[name] for name in ("headcount", "starts_at", "ends_at")}
    search = await person.post("/api/v1/searches", json=need)
    return len(schools.json()["items"]), len(halls.json()["items"]), len(activities.json()["items"]), search.status_code


async def test_what_is_confidential_is_a_reserved_time_to_staff_who_need_not_know(district: District) -> None:
    async with desk(district) as at:
        reference = await at.booked(ELEM, visibility="busy_only", title="Recovery circle")
        open_book = (await at.people["okafor"].get(f"/api/v1/bookings/{reference}")).json()
        closed = (await at.people["castillo"].get(f"/api/v1/bookings/{reference}")).json()
        in_list = (await at.people["castillo"].get("/api/v1/bookings")).json()["items"]
    hidden = dict.fromkeys(("reference", "organization", "activity", "headcount", "requested_by"))
    beside = {"messages": open_book.pop("messages"), "rivals": open_book.pop("rivals")}
    assert closed == open_book | hidden | {"title": "Reserved", "visibility": "busy_only"}
    assert beside == {"messages": [], "rivals": []}
    assert (in_list, open_book["title"], open_book["organization"]) == (
        [closed],
        "Recovery circle",
        "eastside-community-clinic",
    )
