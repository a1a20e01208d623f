"""A room's calendar as a stranger subscribes to it: the right instants across the clock changes, clean bytes, and not a word about who is there."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.cast import OWL, ZONE
from tests.conftest import District
from tests.ground import sql
from tests.ground.client import client
from tests.ground.processes import Server, afterbell
from tests.stories.asks import CLINIC, HALL, THERE, ask, caller, day, utc
from tests.stories.octets import faults, unfolded
from tests.stories.subscriber import UNHEARD_OF, Entry, entries, instants, under_another_name

RULES = ["RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"]
CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nSUMMARY:{}\r\nEND:VCALENDAR\r\n"
LONG_NAME = "Salón de usos múltiples, «Niñas y niños»; piso 2 \\ 📚 a la derecha de la biblioteca"
MARK = "Zxqv"


@pytest.mark.story
async def test_a_subscriber_reads_the_series_to_the_minute_across_both_clock_changes(district: District) -> None:
    async with Server(district.url, worker=False) as server, client(server.base_url) as stranger:
        ics = (await stranger.get(f"/calendars/rooms/{district.cast['across']['room']}.ics")).text
    truth = sorted((starts, ends) for starts, ends in district.cast["across"]["dates"])
    alone = under_another_name(ics, ZONE)
    assert [at_school(starts) for starts, _ in truth] == ["18:00"] * 8
    assert {datetime.fromisoformat(starts).hour for starts, _ in truth} == {1, 2}, "both sides of a change"
    assert instants(ics) == truth
    assert instants(alone) == truth, "the VTIMEZONE says otherwise"
    assert (ics.count("BEGIN:VTIMEZONE"), ics.count(f"TZID:{ZONE}\r\n"), ics.count(f";TZID={ZONE}:")) == (1, 1, 16)
    assert [line for line in ics.split("\r\n") if line.startswith(("RRULE", "RDATE"))] == RULES
    for spoilt in (
        alone.replace("TZOFFSETTO:-0700", "TZOFFSETTO:-0600"),
        alone.replace("BYDAY=2SU", "BYDAY=4SU"),
        ics.replace("T180000", "T190000").replace("T200000", "T210000"),
    ):
        assert UNHEARD_OF not in ics
        assert instants(spoilt) != truth, "control: an hour's difference must be noticed"


def at_school(instant: str) -> str:
    """The wall clock there."""
    return f"{datetime.fromisoformat(instant).astimezone(THERE):%H:%M}"


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (CALENDAR.format("ok").encode(), []),
        (CALENDAR.format("ok").replace("\r\n", "\n").encode(), ["a bare CR or LF", "no CRLF at the end"]),
        (CALENDAR.format("ok").encode()[:-2], ["no CRLF at the end"]),
        (CALENDAR.format("a" * 67).encode(), []),
        (CALENDAR.format("a" * 68).encode(), ["a line is longer than 75 octets"]),
        (CALENDAR.format("é" * 34).encode(), ["a line is longer than 75 octets"]),
        (
            CALENDAR.format("é").encode().replace(b"\xa9", b"\r\n \xa9"),
            ["not UTF-8", "a line is cut inside a character"],
        ),
        (CALENDAR.format("ok").encode("utf-8-sig"), ["a byte order mark"]),
        (CALENDAR.format("\ufffd").encode(), ["a replacement character"]),
        (CALENDAR.format("a\x00\x0b\x7fb").encode(), ["a control character"]),
        (CALENDAR.format("a\tb").encode(), []),
        (CALENDAR.format("a\r\n\r\nb").encode(), ["an empty line"]),
        (CALENDAR.format("é").encode("cp1252"), ["not UTF-8", "a line is cut inside a character"]),
    ],
)
def test_control_each_fault_in_the_bytes_is_found(broken: bytes, told: list[str]) -> None:
    assert faults(broken) == told


@pytest.mark.story
async def test_a_calendar_is_clean_bytes_whatever_the_room_is_called(district: District, tmp_path: Path) -> None:
    rooms = tmp_path / "rooms.csv"
    quoted = f'"{LONG_NAME}"'
    rooms.write_text(f"school,slug,name,kind,capacity,features,access,spaces\n{OWL},salon,{quoted},classroom,30,,,\n")
    done = afterbell(district.url, "import", "rooms", str(rooms))
    assert done.returncode == 0, done.stderr
    async with Server(district.url, worker=False) as server, client(server.base_url) as stranger:
        empty = await stranger.get(f"/calendars/rooms/{OWL}/salon.ics")
        full = await stranger.get(f"/calendars/rooms/{district.cast['across']['room']}.ics")
    escaped = LONG_NAME.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;") + "\\, Night Owl High"
    assert (faults(empty.content), faults(full.content)) == ([], [])
    assert [line for line in unfolded(empty.content) if "NAME:" in line][:2] == [
        f"NAME:{escaped}",
        f"X-WR-CALNAME:{escaped}",
    ]
    assert (entries(empty.text), len(entries(full.text))) == ([], 8)


@pytest.mark.story
async def test_a_calendar_says_when_and_never_who_or_what(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "becker") as becker,
    ):
        references = await five_fates(lin, becker)
        feed = (await lin.get(f"/calendars/rooms/{HALL}.ics")).text
        mine = (await lin.get("/api/v1/bookings", params={"campus": OWL, "organization": CLINIC})).text
    kept = json.dumps(await sql.rows(district.url, "SELECT title, note, CAST(contact AS TEXT) FROM bookings"))
    found = [(f"{entry.starts_at:%Y-%m-%dT%H:%M:%SZ}", entry.status, entry.summary) for entry in entries(feed)]
    assert found == [
        (utc(day(), 10), "TENTATIVE", "Reserved"),
        (utc(day(), 12), "CONFIRMED", "Reserved"),
        (utc(day(), 14), "CANCELLED", "Cancelled: Reserved"),
        (utc(day(), 16), "CANCELLED", "Cancelled: Reserved"),
        (utc(day(), 18), "CANCELLED", "Cancelled: Reserved"),
    ]
    secrets = [
        f"{MARK}title",
        f"{MARK}note",
        f"{MARK}contact",
        f"{MARK}reason",
        CLINIC,
        "Mei Lin",
        "clinic.example",
        *references,
    ]
    assert [secret for secret in secrets if secret.lower() in feed.lower()] == []
    told = [secret for secret in secrets if secret in mine + kept]
    assert told == [secret for secret in secrets if secret != "clinic.example"], (
        "control: all of it is there for those who may see it"
    )


@pytest.mark.story
async def test_half_a_hall_is_busy_in_its_own_calendar_and_in_the_whole_hall_s(district: District) -> None:
    halls = ("hall-1", "hall-1a", "hall-1b")
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        before = [await busy(lin, hall) for hall in halls]
        await lin.post("/api/v1/bookings", json=ask(rooms=[f"{OWL}/hall-1a"]))
        whole, half, other = [await busy(lin, hall) for hall in halls]
    assert before == [[], [], []], "control, and it puts all three on the server's shelf"
    assert [[entry.status for entry in found] for found in (whole, half, other)] == [["TENTATIVE"], ["TENTATIVE"], []]
    assert whole[0].uid != half[0].uid, "nobody can tell from two calendars that it is one booking"


async def busy(person: httpx2.AsyncClient, hall: str) -> list[Entry]:
    """What a hall's calendar says."""
    return entries((await person.get(f"/calendars/rooms/{OWL}/{hall}.ics")).text)


async def five_fates(lin: httpx2.AsyncClient, becker: httpx2.AsyncClient) -> list[str]:
    """One booking each that is held, approved, declined, withdrawn and cancelled, full of marks and as public as can be."""
    references = []
    fates = {10: [], 12: ["approval"], 14: ["decline"], 16: ["withdrawal"], 18: ["approval", "cancellation"]}
    for hour, acts in fates.items():
        marks: dict[str, Any] = {
            "title": f"{MARK}title",
            "note": f"{MARK}note",
            "contact": {"name": f"{MARK}contact"},
            "visibility": "public",
        }
        booking = (await lin.post("/api/v1/bookings", json=ask(hour=hour, rooms=[HALL], **marks))).json()
        references.append(booking["reference"])
        for act in acts:
            reason = {"message" if act == "approval" else "reason": f"{MARK}reason"}
            done = await (lin if act == "withdrawal" else becker).post(
                f"/api/v1/bookings/{references[-1]}/{act}", json=reason
            )
            assert done.status_code == 200, done.text
    return references
