"""What the partner reads of a decision in three parts, a minute after it was made and not sooner, in English and in Spanish; and where nothing is held."""

from collections.abc import Mapping
from datetime import timedelta
from json import loads

import pytest

from afterbell import clock
from afterbell.policy.business import after_business_days
from tests.cast import ZONE
from tests.conftest import District
from tests.ground import sql
from tests.ground.mailbox import Mailbox
from tests.ground.processes import Server, afterbell
from tests.stories.asks import HALL, ask, caller, day, today, weekly
from tests.stories.deciding import GYM_A, Caller, people
from tests.stories.paper import (
    FOOT,
    THIN,
    afternoon,
    html_of,
    listed,
    three_business_days_after,
    written,
    written_in_spanish,
)

pytestmark = pytest.mark.story

LIN, ROSA, SAM = "lin@clinic.example", "rosa@clinic.example", "sam@theatre.example"
DAYS = [day() + timedelta(weeks=week) for week in range(4)]
HALL_2 = "Hall 2, Night Owl High"
SPANISH_FOOT = "\n\n-- \nAfterbell, espacios escolares después de clases\n"
GUEST = {"name": "Ana Ruiz", "email": "ana@example.org", "phone": "(213) 555-0111"}


def ticked(district: District, mailbox: Mailbox, server: Server, *, seconds: int = 0) -> Mapping[str, int]:
    """One tick now, or so many seconds later, in a district where decisions wait a minute."""
    settings = {"SMTP_URL": mailbox.url, "BASE_URL": server.base_url, "DECISION_DELAY_SECONDS": "60"}
    moved = ["--at", (clock.now() + timedelta(seconds=seconds)).isoformat()] if seconds else []
    done = afterbell(district.url, "tick", "--json", *moved, settings=settings)
    assert done.returncode == 0, done.stderr
    report: dict[str, int] = loads(done.stdout)
    return report


async def decided_in_part(partner: Caller, becker: Caller, hour: int) -> dict[str, str]:
    """Four Tuesdays in a hall: two approved, the third declined, the fourth waits. Two acts; the booking as it was asked."""
    booking = await partner.asks(rooms=[HALL], hour=hour, repeat=weekly(4))
    dates = [date["id"] for date in booking["occurrences"]]
    acts = (
        ("approval", {"occurrences": dates[:2], "rest": "waiting"}),
        ("decline", {"occurrences": dates[2:3], "reason": "Graduation"}),
    )
    for act, body in acts:
        assert (await becker.does(booking["reference"], act, **body)).status_code == 200
    return booking


async def test_two_decisions_within_a_minute_are_one_letter_in_each_readers_language(district: District) -> None:
    with Mailbox() as mailbox:
        async with people(district, "lin", "rosa", "becker") as (server, lin, rosa, becker):
            hers, his = await decided_in_part(rosa, becker, 13), await decided_in_part(lin, becker, 16)
            ticked(district, mailbox, server)
            early = [(len(mailbox.to(to)), mailbox.to(to)[0].text.count("  - ")) for to in (LIN, ROSA)]
            ticked(district, mailbox, server, seconds=61)
            ticked(district, mailbox, server, seconds=200)
        assert early == [(1, 4), (1, 4)], "only the acknowledgement, with every date as it was asked for"
        (_, english), (_, spanish) = mailbox.to(LIN), mailbox.to(ROSA)
    free = after_business_days(today(), 5, [], ZONE)
    due = three_business_days_after(his["requested_at"]).date()
    assert english.subject == f"Decided in part: Diabetes check-ups ({his['reference']})"
    assert english.text == (
        f"2 dates at {HALL_2} are approved.\n\nApproved dates\n{listed(DAYS[:2], afternoon(16, 18))}\n\n"
        f"Declined dates\n{listed(DAYS[2:3], afternoon(16, 18))}: Hall 3 is free then.\n\nReason given: Graduation\n\n"
        "A room named as free is not held for you: ask for it soon.\n\n"
        f"Still waiting\n{listed(DAYS[3:], afternoon(16, 18))}\n\nThe school's site approver decides by {written(due)}.\n\n"
        f"If a part is of no use to you, give its approved dates back by {written(free)}.\n\n"
        "How to get in\n  - Address: 1 Dark Street, Los Angeles 90001\n  - Entrance: Door\n\n"
        f"See the booking or cancel dates:\n{server.base_url}/bookings/{his['reference']}{FOOT}"
    )
    times = f"1:00{THIN}p.m. – 3:00{THIN}p.m."
    lines = [f"  - {written_in_spanish(on)}, {times}" for on in DAYS]
    assert spanish.subject == f"Decidido en parte: Diabetes check-ups ({hers['reference']})"
    assert spanish.text == (
        f"Se aprobaron 2 fechas en {HALL_2}.\n\nFechas aprobadas\n{lines[0]}\n{lines[1]}\n\n"
        f"Fechas rechazadas\n{lines[2]}: Hall 3 está libre a esa hora.\n\nMotivo: Graduation\n\n"
        "Un espacio que se indica como libre no queda apartado para usted: solicítelo pronto.\n\n"
        f"Aún en espera\n{lines[3]}\n\nLa persona encargada en la escuela decide a más tardar el {written_in_spanish(due)}.\n\n"
        f"Si una parte no le sirve, devuelva sus fechas aprobadas a más tardar el {written_in_spanish(free)}.\n\n"
        "Cómo entrar\n  - Dirección: 1 Dark Street, Los Angeles 90001\n  - Entrada: Door\n\n"
        f"Ver la reservación o cancelar fechas:\n{server.base_url}/bookings/{hers['reference']}{SPANISH_FOOT}"
    )
    assert [html_of(each).count("<li>") for each in (english, spanish)] == [6, 6]


async def test_an_acknowledgement_says_where_nothing_is_held_how_many_others_asked(district: District) -> None:
    with Mailbox() as mailbox:
        async with people(district, "lin", "sam") as (server, lin, sam):
            theirs = {"organization": "figueroa-youth-theatre", "title": "Rehearsal", "activity": "performance"}
            await sam.asks(**theirs, rooms=[GYM_A])
            mine = await lin.asks(rooms=[GYM_A], repeat=weekly(2))
            ticked(district, mailbox, server)
        (letter,) = mailbox.to(LIN)
    due = written(three_business_days_after(mine["requested_at"]).date())
    assert letter.text == (
        f"Your request for Gym, half A, Early Bird High has arrived. Its reference is {mine['reference']}.\n\n"
        f"How often: Every week on Tuesday, {afternoon(16, 18)}, 2 dates\n\n"
        "Asked for, not held: others may ask too\n"
        f"{listed(DAYS[:1], afternoon(16, 18))}: Not held, one other asked.\n"
        f"{listed(DAYS[1:2], afternoon(16, 18))}: Not held, nobody else asked yet.\n\n"
        f"The school's site approver decides by {due}. You need not do anything until then.\n\n"
        f"See or withdraw the request:\n{server.base_url}/bookings/{mine['reference']}{FOOT}"
    )


async def test_what_staff_enter_as_approved_is_one_letter_to_the_guest_without_a_link(district: District) -> None:
    entered = ask(organization=None, on_behalf_of=GUEST, activity="civic-meeting", rooms=[HALL])
    with Mailbox() as mailbox:
        async with Server(district.url, worker=False) as server, caller(server.base_url, district, "becker") as becker:
            made = await becker.post("/api/v1/bookings", json=entered)
            assert (made.status_code, made.json()["state"]) == (201, "approved"), made.text
            ticked(district, mailbox, server)
            ticked(district, mailbox, server, seconds=61)
        (letter,) = mailbox.to(GUEST["email"])
    assert letter.subject == f"Approved: Diabetes check-ups ({made.json()['reference']})"
    assert letter.text == (
        f"1 date at {HALL_2} is approved.\n\nApproved dates\n{listed(DAYS[:1], afternoon(16, 18))}\n\n"
        f"How to get in\n  - Address: 1 Dark Street, Los Angeles 90001\n  - Entrance: Door{FOOT}"
    )
    assert await sql.rows(district.url, "SELECT kind, state FROM deliveries WHERE recipient = 'ana@example.org'") == [
        ("decision", "sent")
    ]
