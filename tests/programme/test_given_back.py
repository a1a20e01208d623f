"""A date that was announced and then given back freely is told as cancelled, as one that was cancelled is; one that never was announced is never told."""

from typing import Any

from tests.conftest import District
from tests.ground.browser import Page, browser
from tests.ground.client import client
from tests.ground.processes import Server
from tests.ground.sql import tell
from tests.programme.offered import FAMILY, asked_for, ids
from tests.stories.asks import caller, day, weekly
from tests.stories.subscriber import entries

SCHOOL = "/calendars/schools/24th-street-elementary.ics"
ON = day()
# An address that nobody has fetched before for each: the change is made behind the shelf's back.
COLD = {
    "listed": "language=en",
    "busy_only": "language=es",
    "hidden": "activity=family",
    "public": "activity=parent-workshop",
}


async def given_back(server: Server, district: District) -> dict[str, Any]:
    """Of four public dates two are approved; then one of these is given back while that is free, with one that waits. The fourth still waits."""
    booking = await asked_for(server, district, ON, repeat=weekly(4), activity="parent-workshop", listing=FAMILY)
    first, second, third, _ = ids(booking)
    path = f"/api/v1/bookings/{booking['reference']}"
    async with (
        caller(server.base_url, district, "becker") as becker,
        caller(server.base_url, district, "lin") as lin,
    ):
        part = {"occurrences": [first, second], "rest": "waiting"}
        approved = await becker.post(f"{path}/approval", json=part)
        withdrawn = await lin.post(f"{path}/withdrawal", json={"occurrences": [second, third]})
    states = [date["state"] for date in withdrawn.json()["occurrences"]]
    assert (approved.status_code, states) == (200, ["approved", "withdrawn", "withdrawn", "held"])
    return booking


async def told(server: Server, path: str = SCHOOL) -> list[tuple[str, str, int, str]]:
    """Each date of a calendar: its id, status, sequence and title; nothing for a calendar that is not there."""
    async with client(server.base_url) as family:
        answer = await family.get(path)
    found = entries(answer.text) if answer.status_code == 200 else []
    return [(each.uid.partition("@")[0], each.status, each.sequence, each.summary) for each in found]


async def pages(server: Server, booking: dict[str, Any]) -> tuple[list[int], list[Page]]:
    """How each date's own page is answered; the programme of the four weeks, day by day, in English."""
    starts = [date["original_start"][:10] for date in booking["occurrences"]]
    async with browser(server.base_url) as visitor:
        own = [(await visitor.open(f"/events/{id_}")).status for id_ in ids(booking)]
        return own, [await visitor.open("/programme", date=start, show="day") for start in starts]


async def test_what_is_given_back_is_told_as_cancelled_and_what_never_was_announced_is_not(district: District) -> None:
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        booking = await given_back(server, district)
        calendar = await told(server)
        singles = [await told(server, f"/calendars/events/{id_}.ics") for id_ in ids(booking)]
        own, programme = await pages(server, booking)
        gone = await visitor.open(f"/events/{ids(booking)[1]}")
        series = await visitor.open(f"/events/{ids(booking)[0]}")
    first, second = ids(booking)[:2]
    expected = [
        (first, "CONFIRMED", 1, "Reading for families"),
        (second, "CANCELLED", 2, "Cancelled: Reading for families"),
    ]
    assert (calendar, singles) == (expected, [[expected[0]], [expected[1]], [], []])
    assert own == [200, 200, 404, 404]
    assert ["programme-off" in page.html for page in programme] == [False, True, False, False]
    assert ["Cancelled" in page.words for page in programme] == [False, True, False, False]
    assert ["Reading for families" in page.words for page in programme] == [True, True, False, False]
    assert ("This date is cancelled." in gone.words, "Add to calendar" in gone.words) == (True, False)
    assert series.words.count("Cancelled") == 1


async def test_what_was_announced_stays_cancelled_while_it_is_asked_for_again_and_declined(district: District) -> None:
    async with Server(district.url, worker=False) as server:
        booking = await given_back(server, district)
        path, second = f"/api/v1/bookings/{booking['reference']}", booking["occurrences"][1]
        found = []
        async with (
            caller(server.base_url, district, "becker") as becker,
            caller(server.base_url, district, "lin") as lin,
        ):
            for verb in ("decline", "approval"):
                again = {"also": [second["original_start"]]}
                asked = await lin.patch(path, json=again, headers={"If-Match": "*"})
                found += [(asked.status_code, (await told(server))[1][:3])]
                body = {"occurrences": [second["id"]], "reason": "No."} if verb == "decline" else {}
                decided = await becker.post(f"{path}/{verb}", json=body)
                found += [(decided.status_code, (await told(server))[1][:3])]
    steps = [("CANCELLED", 3), ("CANCELLED", 4), ("CANCELLED", 5), ("CONFIRMED", 6)]
    assert found == [(200, (second["id"], *step)) for step in steps]


async def test_what_is_narrowed_is_gone_at_once_as_a_cancelled_date_too(district: District) -> None:
    """Listed: the words stay and the room goes. Busy or hidden: nothing stays, since a cancelled entry would tell that something was there. Control: the same
    date is told again when it is public again."""
    found = {}
    async with Server(district.url, worker=False) as server:
        booking = await given_back(server, district)
        for visibility, query in COLD.items():
            await tell(district.url, f"UPDATE bookings SET visibility = '{visibility}'")
            own, programme = await pages(server, booking)
            calendar = await told(server, f"{SCHOOL}?{query}")
            found[visibility] = (own[:2], "Classroom 12" in programme[1].words, [each[1] for each in calendar])
    assert found == {
        "listed": ([200, 200], False, ["CONFIRMED", "CANCELLED"]),
        "busy_only": ([404, 404], False, []),
        "hidden": ([404, 404], False, []),
        "public": ([200, 200], True, ["CONFIRMED", "CANCELLED"]),
    }


async def test_control_a_date_that_never_was_approved_would_be_told_by_its_announcement_alone(
    district: District,
) -> None:
    """What keeps it away is that it was never announced: as one that was approved the same row is told."""
    async with Server(district.url, worker=False) as server:
        booking = await given_back(server, district)
        third = ids(booking)[2]
        before = await told(server, f"/calendars/events/{third}.ics")
        await tell(district.url, f"UPDATE occurrences SET announced_at = changed_at WHERE public_id = '{third}'")
        after = await told(server, f"/calendars/events/{third}.ics?lang=en")
    assert (before, [each[1] for each in after]) == ([], ["CANCELLED"])
