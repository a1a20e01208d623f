"""The public calendars as families and programs read them: words, filters, closures, free/busy, single events, and what HTTP asks of all of them."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest
from ical.calendar_stream import IcsCalendarStream

from tests.cast import OWL, ZONE
from tests.conftest import District
from tests.ground import sql
from tests.ground.client import client
from tests.ground.patience import until
from tests.ground.processes import Server
from tests.stories.asks import HALL, ask, caller, day, utc
from tests.stories.octets import faults, unfolded
from tests.stories.subscriber import UNHEARD_OF, entries, instants, under_another_name

SCHOOL = "/calendars/schools/24th-street-elementary.ics"
OWLS = f"/calendars/schools/{OWL}.ics"
LISTING = (
    '{"summary": {"en": "Check-ups; free, for all", "es": "Chequeos"}, "languages": ["es", "ko"], "cost": "free", "ages": "18+", '
    '"childcare": true, "join": "call", "places": "full", "public_contact": "(213) 555-0100", "link": "javascript:alert(1)"}'
)


@pytest.mark.story
async def test_families_read_what_was_written_for_them_until_it_is_cancelled(district: District) -> None:
    async with (
        Server(district.url) as server,
        client(server.base_url) as family,
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "becker") as becker,
    ):
        before = await family.get(SCHOOL)
        booking = (await lin.post("/api/v1/bookings", json=ask(visibility="public", title="Secret plan"))).json()
        id_ = booking["occurrences"][0]["id"]
        await sql.tell(district.url, f"UPDATE bookings SET listing = '{LISTING}' WHERE title = 'Secret plan'")
        asked = await family.get(SCHOOL)
        early = await family.get(f"/calendars/events/{id_}.ics")
        await becker.post(f"/api/v1/bookings/{booking['reference']}/approval")
        english, spanish = await family.get(SCHOOL), await family.get(f"{SCHOOL}?lang=es")
        filtered = [(await family.get(f"{SCHOOL}?{query}")).text.count("BEGIN:VEVENT") for query in FILTERS]
        single = await family.get(f"/calendars/events/{id_}.ics")
        await becker.post(f"/api/v1/bookings/{booking['reference']}/cancellation", json={"reason": "Storm"})
        gone = await family.get(SCHOOL, headers={"If-None-Match": english.headers["etag"]})
        hidden = await shut_to_all(family, district, booking["reference"], gone)
    assert (early.status_code, entries(before.text), entries(asked.text)) == (404, [], [])
    assert event(english) == WORDS["en"] | {"UID": f"{id_}@afterbell", "URL": f"{server.base_url}/events/{id_}"}
    assert event(spanish) == WORDS["es"] | {"UID": f"{id_}@afterbell", "URL": f"{server.base_url}/es/events/{id_}"}
    assert event(single) == event(english)
    assert filtered == list(FILTERS.values())
    cancelled = {"SUMMARY": "Cancelled: Check-ups\\; free\\, for all", "STATUS": "CANCELLED", "SEQUENCE": "2"}
    assert event(gone) == event(english) | cancelled | {"TRANSP": "TRANSPARENT"}
    assert hidden == [], "narrowed, in this process and through the mark"
    assert [faults(each.content) for each in (before, english, spanish, single, gone)] == [[]] * 5
    assert [each for each in ("Secret plan", "Storm", "javascript") if each in english.text + gone.text] == []


FILTERS = {
    "activity=community-clinic": 1,
    "activity=health": 1,
    "activity=nothing": 0,
    "language=es": 1,
    "language=ko&activity=health": 1,
    "language=en": 0,
    "language=ES!": 0,
    "utm_source=x": 1,
}
WORDS = {
    "en": {
        "SEQUENCE": "1",
        "SUMMARY": "Check-ups\\; free\\, for all",
        "LOCATION": "Classroom 12\\, Twenty-Fourth Street Elementary\\, 2055 West 24th Street\\, Los Angeles 90018",
        "DESCRIPTION": "Community health clinic\\nCost: Free of charge\\nLanguages: Spanish\\, Korean\\nAges: 18+\\nChildcare: Yes\\, during it"
        "\\nHow to take part: Call first\\nAsk: (213) 555-0100\\nAll places are taken.",
        "STATUS": "CONFIRMED",
        "TRANSP": "OPAQUE",
    },
}
WORDS["es"] = WORDS["en"] | {
    "SUMMARY": "Chequeos",
    "DESCRIPTION": "Clínica de salud comunitaria\\nCosto: Gratis\\nIdiomas: Español\\, coreano\\nEdades: 18+\\nCuidado de niños: Sí\\, mientras dura"
    "\\nCómo participar: Llame antes\\nPreguntas: (213) 555-0100\\nYa no quedan lugares.",
}


def event(answer: httpx2.Response) -> dict[str, str]:
    """The only date of a calendar, without its times."""
    (found,) = re.findall(r"BEGIN:VEVENT\n(.*?)\nEND:VEVENT", "\n".join(unfolded(answer.content)), re.DOTALL)
    lines = dict(line.split(":", 1) for line in found.split("\n"))
    return {name: value for name, value in lines.items() if not name.startswith(("DT", "LAST"))}


async def shut_to_all(
    family: httpx2.AsyncClient, district: District, reference: str, gone: httpx2.Response
) -> list[str]:
    """What still stands in the calendar once the booking is nobody's business any more, and its campus was touched."""
    await sql.tell(
        district.url,
        f"UPDATE bookings SET visibility = 'busy_only' WHERE reference = '{reference}'",
        "UPDATE feed_marks SET version = version + 1",
    )

    async def empty() -> bool:
        return (await family.get(SCHOOL)).content != gone.content

    assert await until(empty)
    return [entry.summary for entry in entries((await family.get(SCHOOL)).text)]


@pytest.mark.story
async def test_programs_read_free_hours_closures_and_both_clock_changes(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        client(server.base_url) as program,
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "becker") as becker,
    ):
        owls = (await program.get(OWLS)).text
        for hour in (10, 12, 15):
            booked = (await lin.post("/api/v1/bookings", json=ask(hour=hour, rooms=[HALL]))).json()
            if hour < 15:
                await becker.post(f"/api/v1/bookings/{booked['reference']}/approval")
        free = await program.get(f"/calendars/rooms/{HALL}.ifb")
        closed = await program.get("/calendars/closures.ics")
        cerrado = await program.get("/calendars/closures.ics?lang=es")
        answers = {path: (await program.get(path)).status_code for path in NOWHERE}
        served = [
            await over_http(program, path)
            for path in (SCHOOL, "/calendars/district.ics", f"/calendars/rooms/{HALL}.ifb")
        ]
    assert periods(free.text) == [("BUSY", at(10), at(14)), ("BUSY-TENTATIVE", at(15), at(17))]
    assert (faults(free.content), faults(closed.content)) == ([], [])
    whole = date.fromisoformat(district.cast["closed"])
    assert days_of(closed.text) == [(whole, whole + timedelta(days=1), "Closed: Staff day")]
    assert days_of(cerrado.text) == [(whole, whole + timedelta(days=1), "Cerrado: Staff day")]
    assert ("VTIMEZONE" in closed.text, "Last-Modified" in closed.headers) == (False, False)
    across(owls, district)
    assert answers == dict.fromkeys(NOWHERE, 404)
    assert served == [True] * 3


NOWHERE = [
    "/calendars/schools/nowhere.ics",
    "/calendars/schools/24th-street-elementary",
    "/calendars/schools/24th-street-elementary.ifb",
    "/calendars/programs/nothing.ics",
    "/calendars/events/nothing.ics",
    "/calendars/district.ifb",
    "/calendars/elsewhere.ics",
    "/calendars/schools/a/b.ics",
    "/calendars/.ics",
    "/calendars/schools/.ics",
    f"{SCHOOL}?activity=nothing",
    f"{SCHOOL}?language=../x",
]


def at(hour: int) -> datetime:
    """That hour on the day of the asks."""
    return datetime.fromisoformat(utc(day(), hour))


def periods(text: str) -> list[tuple[str, datetime, datetime]]:
    """FREEBUSY of RFC 5545, read by hand: kind, start, end."""
    found = re.findall(r"^FREEBUSY;FBTYPE=([A-Z-]+):(\w+)/(\w+)\r$", text, re.MULTILINE)
    return [(kind, *(datetime.strptime(each, "%Y%m%dT%H%M%S%z") for each in span)) for kind, *span in found]


def days_of(text: str) -> list[tuple[Any, Any, str]]:
    """All-day entries as another parser reads them; DTEND is exclusive."""
    calendar = IcsCalendarStream.calendar_from_ics(text)
    return [(each.dtstart, each.dtend, each.summary or "") for each in calendar.events]


def across(ics: str, district: District) -> None:
    """The programme of the school of the cast's series says the same instants, by the parser's zones and by the calendar's own."""
    truth = sorted((starts, ends) for starts, ends in district.cast["across"]["dates"])
    alone = under_another_name(ics, ZONE)
    assert {datetime.fromisoformat(starts).astimezone(UTC).hour for starts, _ in truth} == {1, 2}, (
        "both sides of a change"
    )
    assert (instants(ics), instants(alone), UNHEARD_OF in ics) == (truth, truth, False)
    assert instants(alone.replace("BYDAY=2SU", "BYDAY=4SU")) != truth, "control: an hour's difference must be noticed"


async def over_http(program: httpx2.AsyncClient, path: str) -> bool:
    """The same answers to validators, HEAD, gzip, preflight and writing as a room's calendar gives (CALENDARS.md 40 to 50)."""
    plain = await program.get(path, headers={"Accept-Encoding": "identity"})
    again = await program.get(path, headers={"Accept-Encoding": "identity", "Accept": "text/html"})
    held = {"Accept-Encoding": "identity", "If-None-Match": f'"x", W/{plain.headers["etag"]}'}
    same, head = await program.get(path, headers=held), await program.head(path)
    since = await program.get(path, headers={"If-Modified-Since": plain.headers["last-modified"]})
    ready, wrong = await program.options(path), await program.delete(path)
    assert (plain.status_code, plain.content, faults(plain.content)) == (200, again.content, [])
    assert plain.headers["content-type"] == "text/calendar; charset=utf-8"
    assert (same.status_code, since.status_code, head.status_code, ready.status_code, wrong.status_code) == (
        304,
        304,
        200,
        204,
        405,
    )
    assert (same.content, head.content) == (b"", b"")
    assert (plain.headers["access-control-allow-origin"], plain.headers["cache-control"]) == (
        "*",
        "public, max-age=300",
    )
    assert "If-None-Match" in ready.headers["access-control-allow-headers"]
    return True
