"""The morning's digest: once a person and working day, from eight o'clock at the schools, in their language, to those who decide and to nobody else."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import pytest

from tests.conftest import District
from tests.ground import sql
from tests.ground.mailbox import Mailbox
from tests.ground.processes import afterbell
from tests.stories.asks import CLASSROOM, HALL, MONDAY, THERE, day
from tests.stories.deciding import people
from tests.stories.paper import FOOT, three_business_days_after, written, written_in_spanish

pytestmark = pytest.mark.story

BECKER, OKAFOR = "becker@district.example", "okafor@district.example"
NEXT = day(MONDAY, ahead=7)
SATURDAY = NEXT + timedelta(days=5)
BASE = "http://127.0.0.1:8000"
SPANISH = "UPDATE people SET language = 'es' WHERE email = 'okafor@district.example'"
AGAIN = ("DELETE FROM digests", "DELETE FROM deliveries")


def tick(district: District, mailbox: Mailbox, on: datetime) -> int:
    """One tick at that wall time at the schools, and how many digests have come by then."""
    settings = {"SMTP_URL": mailbox.url, "BASE_URL": BASE}
    done = afterbell(district.url, "tick", "--at", on.replace(tzinfo=THERE).isoformat(), settings=settings)
    assert done.returncode == 0, done.stderr
    return len(digests(mailbox, BECKER))


def digests(mailbox: Mailbox, to: str) -> Sequence[tuple[str, str]]:
    """Subject and text of each that this person got."""
    return [(each.subject, each.text) for each in mailbox.to(to) if "/approvals" in each.text]


async def test_once_a_working_morning_with_what_is_late_and_in_each_ones_language(district: District) -> None:
    """Control: when it is forgotten that somebody had theirs, it goes again."""
    await sql.tell(district.url, SPANISH)
    with Mailbox() as mailbox:
        async with people(district, "lin", "becker") as (_, lin, becker):
            at_school = await lin.asks(rooms=[CLASSROOM])
            at_owl = await lin.asks(rooms=[HALL], title="Blood drive")
            asked = await lin.asks(rooms=[HALL], title="Asked back", hour=20)
            await becker.does(asked["reference"], "question", message="How many chairs?")
        before = tick(district, mailbox, datetime.combine(NEXT, time(7, 59)))
        counts = [tick(district, mailbox, datetime.combine(NEXT, at)) for at in (time(8), time(8, 1), time(17))]
        weekend = tick(district, mailbox, datetime.combine(SATURDAY, time(9)))
        await sql.tell(district.url, *AGAIN)
        again = tick(district, mailbox, datetime.combine(NEXT + timedelta(days=7), time(9)))
        await sql.tell(district.url, *AGAIN)
        control = tick(district, mailbox, datetime.combine(NEXT + timedelta(days=7), time(9)))
        assert (before, counts, weekend, again, control) == (0, [1, 1, 1], 1, 2, 3)
        first, spanish = digests(mailbox, BECKER)[0], digests(mailbox, OKAFOR)[0]
        others = [who for letter in mailbox.letters if "/approvals" in letter.text for who in letter.recipients]
    due = three_business_days_after(at_school["requested_at"]).date()
    assert first == (
        "2 requests wait for your decision",
        (
            "2 of them are late.\n\n"
            f"Diabetes check-ups, Eastside Community Clinic: late, was to be decided by {written(due)}:\n{BASE}/bookings/{at_school['reference']}/approval\n\n"
            f"Blood drive, Eastside Community Clinic: late, was to be decided by {written(due)}:\n{BASE}/bookings/{at_owl['reference']}/approval\n\n"
            f"Open your approvals:\n{BASE}/approvals{FOOT}"
        ),
    )
    assert spanish == (
        "1 solicitud espera su decisión",
        (
            "1 de ellas está atrasada.\n\n"
            f"Diabetes check-ups, Eastside Community Clinic: atrasada, debía decidirse a más tardar el {written_in_spanish(due)}:\n"
            f"{BASE}/bookings/{at_school['reference']}/approval\n\nAbrir sus aprobaciones:\n{BASE}/approvals"
            "\n\n-- \nAfterbell, espacios escolares después de clases\n"
        ),
    )
    assert set(others) == {BECKER, OKAFOR, "whitfield@district.example"}
