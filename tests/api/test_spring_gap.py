"""The night on which the clocks go forward: a first date in the hour that does not exist is refused, a later one of a series is moved and told.

Night Owl High is open at that hour. It moves to whichever zone has such a night within reach, since not every month has one in Los Angeles."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.api.problems import told, written
from tests.cast import CLOSED_IN, OWL, ZONE
from tests.conftest import District
from tests.ground import sql
from tests.ground.mailbox import Mailbox
from tests.ground.processes import Server
from tests.stories.asks import HALL, ask, caller, today
from tests.stories.subscriber import instants, under_another_name

ZONES = (ZONE, "Europe/Madrid", "Africa/Cairo", "America/Santiago", "Australia/Sydney", "Africa/Casablanca")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def spring_ahead() -> tuple[str, datetime]:
    """A zone, and a wall time there that will not exist: not too soon, not too far, and away from the day on which everything is closed."""
    for zone in ZONES:
        for ahead in range(24, 180):
            night = datetime.combine(today() + timedelta(days=ahead), time(0, 30))
            missing = [night + hour * HOUR for hour in range(24) if not exists(night + hour * HOUR, zone)]
            if missing and not CLOSED_IN - 2 < ahead < CLOSED_IN + 9:
                return zone, missing[0]
    raise AssertionError("no zone of the list changes its clocks within reach; add one that does")


def exists(wall: datetime, zone: str) -> bool:
    """Whether the clocks there ever show that time."""
    there = ZoneInfo(zone)
    return wall.replace(tzinfo=there).astimezone(UTC).astimezone(there).replace(tzinfo=None) == wall


async def moved(district: District) -> tuple[str, datetime]:
    """Night Owl High with its clocks in that zone."""
    zone, wall = spring_ahead()
    await sql.tell(district.url, f"UPDATE campuses SET time_zone = '{zone}' WHERE slug = '{OWL}'")
    return zone, wall


def body(first: datetime, **changes: Any) -> dict[str, Any]:
    """Forty-five minutes from that wall time."""
    last = first + timedelta(minutes=45)
    return ask(rooms=[HALL], **changes) | {"starts_at": f"{first:%Y-%m-%dT%H:%M}", "ends_at": f"{last:%Y-%m-%dT%H:%M}"}


async def test_a_first_date_in_the_gap_is_refused_with_the_time_that_exists(district: District) -> None:
    _, wall = await moved(district)
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        before = await written(district.url)
        refused = await lin.post("/api/v1/bookings", json=body(wall))
        looked = await lin.post("/api/v1/bookings/preview", json=body(wall))
        after = await written(district.url)
        passes = refused.json()["reasons"][0]["would_pass"]
        granted = await lin.post("/api/v1/bookings", json=body(datetime.fromisoformat(passes)))
    sentence = f"The clocks go forward that night and this time does not exist. {wall + HOUR:%H:%M} does."
    assert (told(refused), told(looked)) == ((409, ("no_such_time", sentence)), (409, ("no_such_time", sentence)))
    assert (passes, after) == (f"{wall + HOUR:%Y-%m-%dT%H:%M}", before)
    assert (granted.status_code, granted.json()["occurrences"][0]["original_start"]) == (201, passes)


async def test_a_later_date_in_the_gap_is_moved_forward_and_everybody_is_told(district: District) -> None:
    zone, wall = await moved(district)
    nights = [wall - DAY, wall]
    with Mailbox() as mailbox:
        async with (
            Server(district.url, smtp_url=mailbox.url) as server,
            caller(server.base_url, district, "lin") as lin,
        ):
            repeat = {"rrule": "FREQ=DAILY;COUNT=2"}
            foreseen = (await lin.post("/api/v1/bookings/preview", json=body(nights[0], repeat=repeat))).json()
            answer = await lin.post("/api/v1/bookings", json=body(nights[0], repeat=repeat))
            assert answer.status_code == 201, answer.text
            booking = answer.json()
            (letter,) = await mailbox.wait_for(1, about=booking["reference"])
            feed = (await lin.get(f"/calendars/rooms/{HALL}.ics")).text
    dates = booking["occurrences"]
    spans = [(instant(start, zone), instant(start, zone) + timedelta(minutes=45)) for start in nights]
    assert [date["original_start"] for date in dates] == [f"{start:%Y-%m-%dT%H:%M}" for start in nights]
    assert [(when(date["starts_at"]), when(date["ends_at"])) for date in dates] == spans
    assert (
        [date.get("shifted", False) for date in dates]
        == [date["shifted"] for date in foreseen["occurrences"]]
        == [False, True]
    )
    assert [
        line.endswith("(moved forward: the clocks change that night)")
        for line in letter.text.splitlines()
        if line.startswith("  - ")
    ] == [False, True]
    assert (
        instants(feed)
        == instants(under_another_name(feed, zone))
        == [(starts.isoformat(), ends.isoformat()) for starts, ends in spans]
    )
    assert spans[1][0].astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall + HOUR, (
        "control: that night it begins an hour later by the clock"
    )


def instant(wall: datetime, zone: str) -> datetime:
    """When that wall time is; one in the gap moves forward by the gap."""
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def when(text: str) -> datetime:
    """The instant of an answer."""
    return datetime.fromisoformat(text)
