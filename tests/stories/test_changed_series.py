"""A clinic moves its approved Tuesdays by an hour, with everything that follows: the letter that it waits, the approver's morning, the decision with every
move, the calendar, and the one reminder for the time that is."""

from datetime import date, datetime, time, timedelta
from json import loads

import pytest

from afterbell import clock
from tests.conftest import District
from tests.ground.mailbox import Mailbox
from tests.ground.processes import Server, afterbell
from tests.stories.asks import HALL, MONDAY, THERE, day, utc, wall, weekly
from tests.stories.deciding import Caller, people
from tests.stories.paper import FOOT, THIN, afternoon, three_business_days_after, written
from tests.stories.subscriber import Entry, entries

pytestmark = pytest.mark.story

LIN, BECKER = "lin@clinic.example", "becker@district.example"
DAYS = [day() + timedelta(weeks=week) for week in range(3)]
PLACE = "Hall 2, Night Owl High"
OLD, NEW = afternoon(16, 18), afternoon(17, 19)


def ticked(district: District, mailbox: Mailbox, server: Server, at: datetime | None = None) -> dict[str, int]:
    """One tick now or at that wall time at the schools; decisions do not wait."""
    settings = {"SMTP_URL": mailbox.url, "BASE_URL": server.base_url, "DECISION_DELAY_SECONDS": "0"}
    moved = ["--at", at.replace(tzinfo=THERE).isoformat()] if at else []
    done = afterbell(district.url, "tick", "--json", *moved, settings=settings)
    assert done.returncode == 0, done.stderr
    report: dict[str, int] = loads(done.stdout)
    return report


def from_to() -> str:
    """Every Tuesday as it was and as it is to be."""
    return "\n".join(f"  - From {written(on)}, {OLD} to {written(on)}, {NEW}" for on in DAYS)


async def booked(lin: Caller, becker: Caller) -> str:
    """Three Tuesdays, approved."""
    booking = await lin.asks(rooms=[HALL], repeat=weekly(3))
    assert (await becker.does(booking["reference"], "approval")).status_code == 200
    return str(booking["reference"])


async def calendar(lin: Caller) -> list[Entry]:
    """The hall's."""
    return entries((await lin.http.get(f"/calendars/rooms/{HALL}.ics")).text)


def times(found: list[Entry]) -> list[tuple[str, str]]:
    """When each begins, and how certainly."""
    return [(f"{each.starts_at:%Y-%m-%dT%H:%M:%SZ}", each.status) for each in found]


async def test_a_series_that_moves_by_an_hour(district: District) -> None:
    with Mailbox() as mailbox:
        async with people(district, "lin", "becker") as (server, lin, becker):
            reference = await booked(lin, becker)
            for _ in range(2):
                ticked(district, mailbox, server)
            before = await calendar(lin)
            body = {"scope": "all", "starts_at": wall(DAYS[0], 17), "ends_at": wall(DAYS[0], 19)}
            changed = await lin.http.patch(f"/api/v1/bookings/{reference}", json=body, headers={"If-Match": "*"})
            assert changed.status_code == 200, changed.text
            ticked(district, mailbox, server)
            due = changed.json()["waiting_on"]["due"]
            waits(mailbox, reference, server.base_url, due)
            assert times(await calendar(lin)) == sorted(
                [(utc(on, 16), "CONFIRMED") for on in DAYS] + [(utc(on, 18), "TENTATIVE") for on in DAYS]
            ), "the old time stands, and what the new one needs besides is held"
            reaches_the_approver(district, mailbox, server, reference, due)
            assert (await becker.does(reference, "approval")).status_code == 200
            for _ in range(2):
                ticked(district, mailbox, server)
            is_told(mailbox, reference, server.base_url)
            after = await calendar(lin)
            assert times(after) == [(utc(on, 17), "CONFIRMED") for on in DAYS]
            assert [(each.uid, each.sequence) for each in after] == [
                (each.uid, each.sequence + 1) for each in before
            ], "the same events, changed"
            is_reminded_once(district, mailbox, server, reference)


def waits(mailbox: Mailbox, reference: str, base_url: str, due: str) -> None:
    """The acknowledgement: from when to when, who decides by when, and that the old time stands until then."""
    letter = mailbox.to(LIN, about=reference)[-1]
    by = datetime.fromisoformat(due).astimezone(THERE).date()
    assert by == three_business_days_after(clock.now().isoformat()).date()
    assert letter.subject == f"Your change waits: Diabetes check-ups ({reference})"
    assert letter.text == (
        f"You or a colleague changed the booking of {PLACE}.\n\nAsked to move\n{from_to()}\n\n"
        f"The school's site approver decides by {written(by)}.\n\nUntil then everything stands as it was approved.\n\n"
        f"See the booking:\n{base_url}/bookings/{reference}{FOOT}"
    )


def reaches_the_approver(district: District, mailbox: Mailbox, server: Server, reference: str, due: str) -> None:
    """A morning's digest names the change by its own day, which is over by then."""
    ticked(district, mailbox, server, datetime.combine(day(MONDAY, ahead=7), time(8)))
    letter = mailbox.to(BECKER)[-1]
    by = written(datetime.fromisoformat(due).astimezone(THERE).date())
    assert letter.subject == "1 request waits for your decision"
    assert letter.text == (
        "1 of them is late.\n\n"
        f"Diabetes check-ups, Eastside Community Clinic: a change, late, was to be decided by {by}:\n"
        f"{server.base_url}/bookings/{reference}/approval\n\nOpen your approvals:\n{server.base_url}/approvals{FOOT}"
    )


def is_told(mailbox: Mailbox, reference: str, base_url: str) -> None:
    """One decision for all of it; acknowledgement, first decision and the change came before."""
    letters = mailbox.to(LIN, about=reference)
    assert len(letters) == 4
    assert letters[-1].subject == f"Your change is approved: Diabetes check-ups ({reference})"
    assert letters[-1].text == (
        f"The school has decided about the change of your booking of {PLACE}.\n\nMoved dates\n{from_to()}\n\n"
        f"How often it is now: Every week on Tuesday, {NEW}, 3 dates\n\n"
        f"See the booking:\n{base_url}/bookings/{reference}{FOOT}"
    )


def is_reminded_once(district: District, mailbox: Mailbox, server: Server, reference: str) -> None:
    """At ten on the day before, of the new time, and of nothing else."""
    eve: date = DAYS[0] - timedelta(days=1)
    before = len(mailbox.to(LIN, about=reference))
    for at in (time(9, 59), time(10), time(10, 1)):
        ticked(district, mailbox, server, datetime.combine(eve, at))
    (letter,) = mailbox.to(LIN, about=reference)[before:]
    assert letter.subject == f"Reminder: Diabetes check-ups, {written(DAYS[0])}, {NEW.replace(THIN, ' ')}"
