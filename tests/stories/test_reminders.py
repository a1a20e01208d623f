"""After the decision: a cancelled date, the one reminder on the day before each date that stands, and what staff may read of all these letters."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from json import loads
from typing import Any

import httpx2
import pytest

from tests.conftest import District
from tests.ground.mailbox import Mailbox
from tests.ground.processes import Server, afterbell
from tests.stories.asks import CLASSROOM, THERE, ask, caller, day, utc, weekly
from tests.stories.paper import FOOT, THIN, afternoon, listed, written
from tests.stories.subscriber import entries

LIN = "lin@clinic.example"
FIRST, SECOND, THIRD = (day() + timedelta(weeks=number) for number in range(3))
PLACE = "Classroom 12, Twenty-Fourth Street Elementary"
NOTHING = {"events": 0, "reminders": 0, "letters": 0, "expiries": 0, "digests": 0}


@pytest.mark.story
async def test_a_cancelled_date_is_told_and_not_reminded_of(district: District) -> None:
    with Mailbox() as mailbox:
        async with (
            Server(district.url, smtp_url=mailbox.url) as server,
            caller(server.base_url, district, "lin") as lin,
            caller(server.base_url, district, "becker") as becker,
        ):
            reference = await booked(lin, becker)
            await mailbox.wait_for(
                2, to=LIN, about=reference
            )  # a cancellation that overtakes the decision is told alone
            cancelled = await lin.post(
                f"/api/v1/bookings/{reference}/cancellation",
                json={"occurrences": [f"{SECOND}T16:00"], "reason": "Our nurse is away"},
            )
            assert (cancelled.status_code, states(cancelled.json())) == (200, ["approved", "cancelled", "approved"])
            assert (cancelled.json()["state"], cancelled.json()["version"]) == ("approved", 3)
            await told_of_the_cancellation(mailbox, reference, server.base_url)
            await taken_off_the_calendar(lin)
            settings = {"SMTP_URL": mailbox.url, "BASE_URL": server.base_url}
            await reminded_once_a_date(district, mailbox, reference, settings)
            await read_by_staff_only(becker, lin, mailbox, reference)


async def booked(lin: httpx2.AsyncClient, becker: httpx2.AsyncClient) -> str:
    """Three Tuesdays, approved."""
    booking = (await lin.post("/api/v1/bookings", json=ask(repeat=weekly(3)))).json()
    approved = await becker.post(f"/api/v1/bookings/{booking['reference']}/approval")
    assert (approved.status_code, states(approved.json())) == (200, ["approved"] * 3)
    return str(booking["reference"])


def states(booking: Mapping[str, Any]) -> list[str]:
    """Of each date, in order."""
    return [date["state"] for date in booking["occurrences"]]


async def told_of_the_cancellation(mailbox: Mailbox, reference: str, base_url: str) -> None:
    """The letter names the cancelled date and no other."""
    letter = (await mailbox.wait_for(3, to=LIN, about=reference))[2]
    assert letter.subject == f"Cancelled: Diabetes check-ups ({reference})"
    assert letter.text == (
        f"You or a colleague cancelled dates at {PLACE}.\n\n"
        f"Cancelled dates\n{listed([SECOND], afternoon(16, 18))}\n\nReason given: Our nurse is away\n\n"
        f"2 dates remain as they were.\n\nSee the booking:\n{base_url}/bookings/{reference}{FOOT}"
    )


async def taken_off_the_calendar(lin: httpx2.AsyncClient) -> None:
    """Subscribers are told, so that it goes away: it stays as a cancelled event of a higher sequence."""
    found = entries((await lin.get(f"/calendars/rooms/{CLASSROOM}.ics")).text)
    assert [
        (f"{entry.starts_at:%Y-%m-%dT%H:%M:%SZ}", entry.status, entry.sequence, entry.summary) for entry in found
    ] == [
        (utc(FIRST, 16), "CONFIRMED", 1, "Reserved"),
        (utc(SECOND, 16), "CANCELLED", 2, "Cancelled: Reserved"),
        (utc(THIRD, 16), "CONFIRMED", 1, "Reserved"),
    ]


async def reminded_once_a_date(
    district: District, mailbox: Mailbox, reference: str, settings: Mapping[str, str]
) -> None:
    """Not before ten o'clock on the day before, then once, and never about the cancelled date."""
    before = len(mailbox.to(LIN, about=reference))
    ticked(district, FIRST - timedelta(days=1), time(9, 59), settings)
    assert len(mailbox.to(LIN, about=reference)) == before
    ticked(district, FIRST - timedelta(days=1), time(10), settings)
    (letter,) = mailbox.to(LIN, about=reference)[before:]
    assert letter.subject == f"Reminder: Diabetes check-ups, {written(FIRST)}, {afternoon(16, 18).replace(THIN, ' ')}"
    assert letter.text == (
        f"{PLACE}\n{listed([FIRST], afternoon(16, 18))}\n\n"
        "How to get in\n  - Address: 2055 West 24th Street, Los Angeles 90018\n  - Entrance: Gate B\n"
        "  - Phone on site: (323) 555-0124\n\n"
        f"See the booking or cancel this date:\n{settings['BASE_URL']}/bookings/{reference}{FOOT}"
    )
    assert ticked(district, FIRST - timedelta(days=1), time(10), settings) == NOTHING
    ticked(district, SECOND - timedelta(days=1), time(10), settings)
    assert mailbox.to(LIN, about=reference)[before:] == [letter]


def ticked(district: District, on: date, at: time, settings: Mapping[str, str]) -> dict[str, int]:
    """One `tick --at` that wall time at the school, and what it reports."""
    moment = datetime.combine(on, at, THERE)
    done = afterbell(district.url, "tick", "--at", moment.isoformat(), "--json", settings=settings)
    assert done.returncode == 0, done.stderr
    report: dict[str, int] = loads(done.stdout)
    return report


async def read_by_staff_only(
    becker: httpx2.AsyncClient, lin: httpx2.AsyncClient, mailbox: Mailbox, reference: str
) -> None:
    """Staff find every letter as it was sent, newest first; partners read their own mail."""
    answer = await becker.get("/api/v1/messages", params={"booking": reference})
    kinds = ["reminder", "cancellation", "decision", "acknowledgement"]
    sent = reversed(mailbox.to(LIN, about=reference))
    fields = ("to", "subject", "text", "kind", "language", "state", "message_id", "attempts")
    assert answer.status_code == 200
    assert [tuple(each[name] for name in fields) for each in answer.json()["items"]] == [
        (LIN, letter.subject, letter.text, kind, "en", "sent", letter.message_id, 1)
        for letter, kind in zip(sent, kinds, strict=True)
    ]
    assert {frozenset(each) for each in answer.json()["items"]} == {
        frozenset({*fields, "id", "html", "created_at", "sent_at"})
    }
    assert (await lin.get("/api/v1/messages")).status_code == 403
