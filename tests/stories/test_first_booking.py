"""The first booking: Dr Lin's clinic asks for a classroom on twelve Tuesdays, Ms Okafor approves, the letters and the room's calendar say so."""

import re
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from tests.conftest import District
from tests.ground.mailbox import Mailbox
from tests.ground.processes import Server, afterbell
from tests.stories.asks import CLASSROOM, ask, caller, day, utc, wall, weekly
from tests.stories.paper import (
    FOOT,
    afternoon,
    clinic_booking,
    html_of,
    kinds_of_part,
    listed,
    three_business_days_after,
    written,
)
from tests.stories.subscriber import Entry, entries

LIN = "lin@clinic.example"
TWELVE = [day() + timedelta(weeks=number) for number in range(12)]
BODY = ask(repeat=weekly(12), setup_minutes=30, takedown_minutes=15, note="Please leave the sink unlocked.")
PLACE = "Classroom 12, Twenty-Fourth Street Elementary"


@pytest.mark.story
async def test_a_clinic_asks_for_twelve_tuesdays_and_gets_them(district: District) -> None:
    with Mailbox() as mailbox:
        async with (
            Server(district.url, smtp_url=mailbox.url) as server,
            caller(server.base_url, district, "lin") as lin,
            caller(server.base_url, district, "okafor") as okafor,
        ):
            assert await looked_ahead(lin) == {"allowed": True, "reasons": []}
            booking = await asked(lin)
            await nobody_else_meddles(district, server, booking["reference"])
            first = await acknowledged(mailbox, booking, server.base_url)
            before = await calendar(lin)
            approved = await okafor.post(
                f"/api/v1/bookings/{booking['reference']}/approval", json={"message": "Gate B"}
            )
            told = clinic_booking(
                booking, TWELVE, states=["approved"] * 12, version=2, reasons=dict.fromkeys(range(12), "Gate B")
            )
            for_okafor = told | {"rivals": []}
            assert (approved.status_code, approved.headers["ETag"], approved.json()) == (200, '"2"', for_okafor)
            second = await decided(mailbox, booking, server.base_url)
            assert first != second
            told_apart(before, await calendar(lin))
            assert (await lin.get(f"/api/v1/bookings/{booking['reference']}")).json() == told


async def looked_ahead(lin: httpx2.AsyncClient) -> dict[str, Any]:
    """The preview promises the same dates as the request, and holds nothing."""
    answer = await lin.post("/api/v1/bookings/preview", json=BODY)
    foreseen = answer.json()
    assert [
        (each["original_start"], each["starts_at"], each["claim_ends_at"], each["reasons"])
        for each in foreseen["occurrences"]
    ] == [(wall(on, 16), utc(on, 16), utc(on, 18, 15), []) for on in TWELVE]
    assert (answer.status_code, foreseen["price"], foreseen["price_status"]) == (200, None, "not_set")
    verdict: dict[str, Any] = foreseen["verdict"]
    return verdict


async def asked(lin: httpx2.AsyncClient) -> dict[str, Any]:
    """201 with the booking of API.md, which may be read again at its Location."""
    answer = await lin.post("/api/v1/bookings", json=BODY)
    booking: dict[str, Any] = answer.json()
    assert (answer.status_code, booking) == (
        201,
        clinic_booking(booking, TWELVE, states=["held"] * 12, version=1, reasons={}),
    )
    assert re.fullmatch(r"AB-[0-9A-Z]{6,10}", booking["reference"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", booking["requested_at"])
    assert len({date["id"] for date in booking["occurrences"]}) == 12
    assert answer.headers["Location"] == f"/api/v1/bookings/{booking['reference']}"
    again = await lin.get(answer.headers["Location"])
    assert (again.status_code, again.headers["ETag"], again.json()) == (200, answer.headers["ETag"], booking)
    assert answer.headers["ETag"] == '"1"'
    return booking


async def nobody_else_meddles(district: District, server: Server, reference: str) -> None:
    """Sam does not even see it; the clinic's own people do not decide, whatever else they are."""
    path = f"/api/v1/bookings/{reference}"
    joined = afterbell(
        district.url,
        "person",
        "add",
        "rosa@clinic.example",
        "--role",
        "site_approver",
        "--campus",
        CLASSROOM.split("/")[0],
    )
    assert joined.returncode == 0, joined.stderr
    async with (
        caller(server.base_url, district, "sam") as sam,
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "rosa") as rosa,
    ):
        answers = [
            await sam.get(path),
            await lin.post(f"{path}/approval", json={}),
            await rosa.post(f"{path}/approval", json={}),
        ]
        assert [answer.status_code for answer in answers] == [404, 403, 409]
        assert [reason["code"] for reason in answers[-1].json()["reasons"]] == ["own_request"]
        assert (await lin.get(path)).json()["version"] == 1


async def acknowledged(mailbox: Mailbox, booking: dict[str, Any], base_url: str) -> str:
    """At once, by SMTP: reference, every date, held, who decides and by when. Answers the Message-ID."""
    (letter,) = await mailbox.wait_for(1, to=LIN, about=booking["reference"])
    due = written(three_business_days_after(booking["requested_at"]).date())
    assert letter.subject == f"We have your request {booking['reference']}: Diabetes check-ups"
    assert letter.text == (
        f"Your request for {PLACE} has arrived. Its reference is {booking['reference']}.\n\n"
        f"How often: Every week on Tuesday, {afternoon(16, 18)}, 12 dates\n\n"
        f"Held for you until it is decided\n{listed(TWELVE, afternoon(16, 18))}\n\n"
        f"The school's site approver decides by {due}. You need not do anything until then.\n\n"
        f"See or withdraw the request:\n{base_url}/bookings/{booking['reference']}{FOOT}"
    )
    assert kinds_of_part(letter) == ["multipart/alternative", "text/plain", "text/html"]
    assert dates_in(html_of(letter)) == [written(on) for on in TWELVE]
    assert (letter.message["Content-Language"], letter.message["Auto-Submitted"]) == ("en", "auto-generated")
    return letter.message_id


async def decided(mailbox: Mailbox, booking: dict[str, Any], base_url: str) -> str:
    """The dates that were approved, the approver's words, and how to get in. Answers the Message-ID."""
    letter = (await mailbox.wait_for(2, to=LIN, about=booking["reference"]))[1]
    assert letter.subject == f"Approved: Diabetes check-ups ({booking['reference']})"
    assert letter.text == (
        f"12 dates at {PLACE} are approved.\n\nApproved dates\n{listed(TWELVE, afternoon(16, 18))}\n\nMessage from the school: Gate B\n\n"
        "How to get in\n  - Address: 2055 West 24th Street, Los Angeles 90018\n  - Entrance: Gate B\n"
        f"  - Phone on site: (323) 555-0124\n\n"
        f"See the booking or cancel dates:\n{base_url}/bookings/{booking['reference']}{FOOT}"
    )
    return letter.message_id


def dates_in(html: str) -> list[str]:
    """The dates of the first list in a letter's HTML."""
    return [item.rsplit(", ", 1)[0] for item in re.findall(r"<li>(.*?)</li>", html)][:12]


async def calendar(visitor: httpx2.AsyncClient) -> list[Entry]:
    """The room's calendar as a subscriber has it now."""
    return entries((await visitor.get(f"/calendars/rooms/{CLASSROOM}.ics")).text)


def told_apart(before: list[Entry], after: list[Entry]) -> None:
    """Every date stays the same event, first tentative, then confirmed and of a higher sequence; the title is nobody's business."""
    spans = [(utc(on, 16), utc(on, 18)) for on in TWELVE]
    assert [seen(entry) for entry in before] == [(*span, "TENTATIVE", 0, "Reserved") for span in spans]
    assert [seen(entry) for entry in after] == [(*span, "CONFIRMED", 1, "Reserved") for span in spans]
    assert [entry.uid for entry in before] == [entry.uid for entry in after]
    assert len({entry.uid for entry in after}) == 12


def seen(entry: Entry) -> tuple[str, str, str, int, str]:
    """An entry without its UID, its instants as answers carry them."""
    starts, ends = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (entry.starts_at, entry.ends_at))
    return starts, ends, entry.status, entry.sequence, entry.summary
