"""Acts in a state that does not allow them: 409 `wrong_state`, nothing moves. And acts on bookings, or dates, that are not there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from tests.api.problems import Told, told, written
from tests.conftest import District
from tests.ground.processes import Server
from tests.stories.asks import HALL, ask, caller, wall, weekly
from tests.stories.asks import day as the_day

DECIDED = (409, ("wrong_state", "Nothing waits for a decision here any more."))
WAITING = (409, ("wrong_state", "Only dates that wait and have not begun can be withdrawn."))
APPROVED = (409, ("wrong_state", "Only approved dates that have not begun can be cancelled."))
DONE = (200,)
ACTS = {"approval": "becker", "decline": "becker", "withdrawal": "lin", "cancellation": "lin"}
STATES = {
    "held": [],
    "approved": ["approval"],
    "declined": ["decline"],
    "withdrawn": ["withdrawal"],
    "cancelled": ["approval", "cancellation"],
}
TABLE = {
    "held": (DONE, DONE, DONE, APPROVED),
    "approved": (DECIDED, DECIDED, WAITING, DONE),
    "declined": (DECIDED, DECIDED, WAITING, APPROVED),
    "withdrawn": (DECIDED, DECIDED, WAITING, APPROVED),
    "cancelled": (DECIDED, DECIDED, WAITING, APPROVED),
}


@dataclass
class Two:
    """Dr Lin, who asks, and Tom Becker, who decides."""

    lin: httpx2.AsyncClient
    becker: httpx2.AsyncClient

    async def act(self, reference: str, act: str, **body: Any) -> httpx2.Response:
        """One act by whoever does it."""
        words = {} if act == "approval" else {"reason": "Because"}
        person = self.becker if ACTS[act] == "becker" else self.lin
        return await person.post(f"/api/v1/bookings/{reference}/{act}", json=words | body)

    async def brought(self, state: str, hour: int, **changes: Any) -> str:
        """A booking in that state."""
        made = await self.lin.post("/api/v1/bookings", json=ask(hour=hour, rooms=[HALL], **changes))
        for act in STATES[state]:
            assert (await self.act(made.json()["reference"], act)).status_code == 200
        return str(made.json()["reference"])

    async def booking(self, reference: str) -> dict[str, Any]:
        """As it stands, with its ETag."""
        answer = await self.lin.get(f"/api/v1/bookings/{reference}")
        found: dict[str, Any] = answer.json()
        assert answer.headers["ETag"] == f'"{found["version"]}"'
        return found


@asynccontextmanager
async def two(district: District) -> AsyncIterator[Two]:
    """Both at one server."""
    async with (
        Server(district.url, worker=False) as server,
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "becker") as becker,
    ):
        yield Two(lin, becker)


async def test_every_act_works_in_its_own_states_and_moves_nothing_in_others(district: District) -> None:
    async with two(district) as people:
        found = {state: await row(people, district, state, 4 * number) for number, state in enumerate(TABLE)}
    assert found == {state: list(cells) for state, cells in TABLE.items()}


async def row(people: Two, district: District, state: str, hour: int) -> list[Told]:
    """What each act is answered in that state. Where it is refused the booking stays as it was, and so does everything else."""
    reference = await people.brought(state, hour)
    cells: list[Told] = []
    for act in ACTS:
        before, rows = await people.booking(reference), await written(district.url)
        cells.append(told(await people.act(reference, act)))
        if cells[-1] == DONE:
            hour += 2 * (act == "approval")
            reference = await people.brought(state, hour)
        else:
            assert (await people.booking(reference), await written(district.url)) == (before, rows), (state, act)
    return cells


async def test_a_date_that_is_not_in_the_booking_is_told_by_its_name(district: District) -> None:
    first = wall(the_day(), 16)
    async with two(district) as people:
        held, approved = [
            await people.brought(state, 16 + 2 * number, repeat=weekly(3))
            for number, state in enumerate(("held", "approved"))
        ]
        other = (await people.booking(held))["occurrences"][0]["id"]
        before = await written(district.url)
        answers = [
            await people.act(held, "withdrawal", occurrences=["2027-01-01T00:00"]),
            await people.act(held, "withdrawal", occurrences=[first, "x" * 100]),
            await people.act(approved, "cancellation", occurrences=[other]),
            await people.act(approved, "cancellation", occurrences=[first]),
        ]
        empty = [
            await people.act(held, "withdrawal", occurrences=[]),
            await people.act(approved, "cancellation", occurrences=[]),
        ]
        after = await written(district.url)
    names = ["2027-01-01T00:00", "x" * 40, other, first]
    assert [told(answer) for answer in answers] == [
        (409, ("unknown_occurrence", f"This booking has no date {name}.")) for name in names
    ]
    assert [told(answer) for answer in empty] == [
        (422, "A field cannot be used: Expected `array` of length >= 1 - at `$.occurrences`.")
    ] * 2
    assert after == before


async def test_some_dates_move_and_the_others_stay(district: District) -> None:
    async with two(district) as people:
        reference = await people.brought("held", 16, repeat=weekly(4))
        ids = [date["id"] for date in (await people.booking(reference))["occurrences"]]
        withdrawn = (await people.act(reference, "withdrawal", occurrences=[ids[3], ids[3]])).json()
        approved = (await people.act(reference, "approval")).json()
        mixed = told(await people.act(reference, "cancellation", occurrences=[ids[0], ids[3]]))
        cancelled = (await people.act(reference, "cancellation", occurrences=[wall(the_day(), 16)])).json()
        rest = (await people.act(reference, "cancellation")).json()
    assert [standing(booking) for booking in (withdrawn, approved, cancelled, rest)] == [
        ("requested", 2, ["held", "held", "held", "withdrawn"]),
        ("approved", 3, ["approved", "approved", "approved", "withdrawn"]),
        ("approved", 4, ["cancelled", "approved", "approved", "withdrawn"]),
        ("withdrawn", 5, ["cancelled", "cancelled", "cancelled", "withdrawn"]),
    ]
    assert mixed == APPROVED


def standing(booking: dict[str, Any]) -> tuple[str, int, list[str]]:
    """State, version, and the state of each date."""
    return booking["state"], booking["version"], [date["state"] for date in booking["occurrences"]]


async def test_acts_want_their_words_and_no_others(district: District) -> None:
    missing = (422, "A field cannot be used: Object missing required field `reason`.")
    empty = (422, "A field cannot be used: Expected `str` of length >= 1 - at `$.reason`.")
    blank = (422, "Write why: whoever reads it can plan better.")
    long = (422, "A field cannot be used: Expected `str` of length <= 1000 - at `$.reason`.")
    async with two(district) as people:
        held, approved = await people.brought("held", 16), await people.brought("approved", 18)
        before = await written(district.url)
        cancel, decline = people.lin, people.becker
        paths = ((decline, f"/api/v1/bookings/{held}/decline"), (cancel, f"/api/v1/bookings/{approved}/cancellation"))
        found = [
            [told(await person.post(path, json=body)) for person, path in paths]
            for body in ({}, {"reason": ""}, {"reason": " \n\t"}, {"reason": "x" * 1001})
        ]
        odd = [told(await people.act(held, act, odd=1)) for act in ACTS]
        after = await written(district.url)
    assert found == [[missing] * 2, [empty] * 2, [blank] * 2, [long] * 2]
    assert odd == [(422, "A field cannot be used: Object contains unknown field `odd`.")] * 4
    assert after == before
