"""A program from submission to calendar: one letter in place of three, decisions each in their own, one calendar over campuses, terms and time zones."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import BIRD, OWL, ZONE
from tests.conftest import District
from tests.ground import sql
from tests.ground.client import client
from tests.ground.mailbox import Mailbox
from tests.ground.patience import until
from tests.ground.processes import Server
from tests.stories.asks import CLASSROOM, CLINIC, HALL, ask, caller, day, utc, weekly
from tests.stories.deciding import people
from tests.stories.octets import faults
from tests.stories.paper import FOOT, afternoon, listed, three_business_days_after, written, written_in_spanish
from tests.stories.standing import settled
from tests.stories.subscriber import instants

pytestmark = pytest.mark.story

LIN = "lin@clinic.example"
EAST = "America/New_York"
PATH, FEED = "/api/v1/programs", "/calendars/programs/eyes-on-wheels.ics"


def part(**changes: Any) -> dict[str, Any]:
    """One booking of the submission."""
    return ask(**{"organization": None, "visibility": "public", **changes})


def submission(*parts: dict[str, Any]) -> dict[str, Any]:
    """Its body."""
    return {"name": "Eyes on wheels", "organization": CLINIC, "bookings": list(parts)}


def letter_about(bookings: list[dict[str, Any]], base_url: str) -> str:
    """The text of the one letter: two at schools that hold, one where requests compete."""
    weeks = [day(), day() + timedelta(weeks=1)]
    due = written(three_business_days_after(bookings[0]["requested_at"]).date())
    decides = f"The school's site approver decides by {due}."
    held, asked = "Held for you until it is decided", "Asked for, not held: others may ask too"
    times = afternoon(16, 18)
    names = [each["reference"] for each in bookings]
    return (
        "\n\n".join(
            [
                "Your 3 requests for Eyes on wheels have arrived.",
                f"{names[0]}: Diabetes check-ups, Classroom 12, Twenty-Fourth Street Elementary",
                f"How often: Every week on Tuesday, {times}, 2 dates",
                f"{held}\n{listed(weeks, times)}",
                decides,
                f"{names[1]}: Diabetes check-ups, Hall 2, Night Owl High",
                f"{held}\n{listed(weeks[:1], times)}",
                decides,
                f"{names[2]}: Diabetes check-ups, Studio, Early Bird High",
                f"{asked}\n{listed(weeks[:1], times)}: Not held, nobody else asked yet.",
                decides,
                "You need not do anything until then. Each decision comes in a letter of its own.",
                f"See or withdraw the requests:\n{base_url}/bookings",
            ]
        )
        + FOOT
    )


async def test_one_letter_tells_of_the_whole_submission_and_decisions_have_their_own(district: District) -> None:
    parts = part(repeat=weekly(2)), part(rooms=[HALL]), part(rooms=[f"{BIRD}/studio"])
    with Mailbox() as mailbox:
        async with (
            Server(district.url, smtp_url=mailbox.url) as server,
            caller(server.base_url, district, "lin") as lin,
            caller(server.base_url, district, "becker") as becker,
        ):
            made = (await lin.post(PATH, json=submission(*parts))).json()["bookings"]
            await mailbox.wait_for(1, to=LIN)
            await until(lambda: settled(district.url))
            first = mailbox.to(LIN)
            await becker.post(f"/api/v1/bookings/{made[1]['reference']}/approval")
            alone = (await lin.post("/api/v1/bookings", json=ask(hour=20))).json()["reference"]
            await mailbox.wait_for(1, to=LIN, about=alone)
            await sql.tell(district.url, "UPDATE people SET language = 'es'")
            await lin.post(PATH, json=submission(part(rooms=[HALL], hour=10)))
            await mailbox.wait_for(4, to=LIN)
            kept = (await becker.get("/api/v1/messages?kind=acknowledgement")).json()["items"]
            feed = f"{server.base_url}/calendars/programs/eyes-on-wheels.ics"
        (letter,) = first
        spanish = next(each for each in mailbox.to(LIN) if each.subject.startswith("Recibimos"))
    assert letter.subject == "We have your requests for Eyes on wheels"
    assert letter.text == letter_about(made, server.base_url)
    assert spanish.subject == "Recibimos sus solicitudes para Eyes on wheels"
    due = written_in_spanish(three_business_days_after(made[0]["requested_at"]).date())
    assert f"La persona encargada en la escuela decide a más tardar el {due}." in spanish.text
    assert f"Calendario de Eyes on wheels:\n{feed}" in spanish.text, "something of it is public by then"
    assert [each["subject"] for each in kept] == [
        spanish.subject,
        f"We have your request {alone}: Diabetes check-ups",
        letter.subject,
    ]


async def test_staff_of_one_campus_do_not_read_the_letter_about_several(district: District) -> None:
    """Control: the letter about bookings at their own campus alone they do."""
    async with (
        Server(district.url) as server,
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "okafor") as okafor,
    ):
        await lin.post(PATH, json=submission(part(), part(rooms=[HALL])))
        await lin.post(PATH, json=submission(part(hour=18), part(hour=20)))
        await until(lambda: settled(district.url))
        found = (await okafor.get(f"/api/v1/messages?to={LIN}")).json()["items"]
    assert [each["subject"] for each in found] == ["We have your requests for Eyes on wheels"]
    assert ["6:00" in each["text"] for each in found] == [True]


async def test_what_is_confidential_alone_has_no_calendar(district: District) -> None:
    """Neither in the answer nor at the address, although it is approved. Control: a public one beside it."""
    async with people(district, "lin", "becker") as (server, lin, becker):
        found: list[tuple[str | None, int]] = []
        for visibility in ("hidden", "busy_only", "public"):
            body = submission(part(rooms=[HALL], visibility=visibility, hour=8 + 3 * len(found)))
            (made,) = (await lin.http.post(PATH, json=body)).json()["bookings"]
            await becker.does(made["reference"], "approval")
            told = (await lin.http.get(f"{PATH}/eyes-on-wheels")).json()["calendar"]
            async with client(server.base_url) as family:
                found.append((told, (await family.get(FEED)).status_code))
    assert found == [(None, 404), (None, 404), (FEED, 200)]


async def test_one_calendar_joins_campuses_terms_and_time_zones(district: District) -> None:
    """Two submissions under one name; the owls are moved to the east coast, where four in the afternoon is three hours earlier."""
    later = day(ahead=100)
    async with (
        Server(district.url) as server,
        client(server.base_url) as family,
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "becker") as becker,
    ):
        await sql.tell(district.url, f"UPDATE campuses SET time_zone = '{EAST}' WHERE slug = '{OWL}'")
        first = (await lin.post(PATH, json=submission(part(repeat=weekly(2)), part(rooms=[HALL])))).json()
        second = (await lin.post(PATH, json=submission(part(on=later, rooms=[f"{BIRD}/studio"])))).json()
        before = await family.get(FEED)
        bookings = [*first["bookings"], *second["bookings"]]
        await asyncio.gather(*[becker.post(f"/api/v1/bookings/{each['reference']}/approval") for each in bookings])
        after = await family.get(FEED)
        told = [(await lin.get(path)).json() for path in (f"{PATH}/eyes-on-wheels", PATH)]
    spans = {(each["starts_at"], each["ends_at"]) for booking in bookings for each in booking["occurrences"]}
    assert (before.status_code, first["calendar"], second["calendar"]) == (404, None, None)
    assert [each["calendar"] for each in (told[0], told[1]["items"][0])] == [FEED, FEED]
    assert bookings[0]["occurrences"][0]["starts_at"] == utc(day(), 16)
    assert bookings[1]["occurrences"][0]["starts_at"] == utc(day(), 13)
    assert len(spans) == 4
    assert {(starts[:-6] + "Z", ends[:-6] + "Z") for starts, ends in instants(after.text)} == spans
    assert [after.text.count(f"TZID:{zone}\r\n") for zone in (ZONE, EAST)] == [1, 1]
    assert faults(after.content) == [], CLASSROOM
