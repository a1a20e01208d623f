"""The journal of a booking: every act once, in order, with who did it as far as the reader may know; and for nobody who may not see the booking whole."""

from typing import Any

import pytest

from afterbell.bookings import events
from afterbell.bookings.journal import WORDS, said
from afterbell.web.words import say
from tests.cast import OWL
from tests.conftest import District
from tests.stories.asks import CLASSROOM, HALL, day, wall
from tests.stories.deciding import Caller, people

LIN = {"role": "partner", "name": "Dr Mei Lin"}
BECKER = {"role": "staff", "name": "Tom Becker"}
SCHOOL = {"role": "staff"}


async def journal(who: Caller, reference: str) -> Any:
    """Its entries without what differs from run to run; the status when there are none to see."""
    answer = await who.http.get(f"/api/v1/bookings/{reference}/journal")
    if answer.status_code != 200:
        return answer.status_code
    body = answer.json()
    assert (body["next"], len({entry["id"] for entry in body["items"]})) == (None, len(body["items"]))
    assert [entry["at"] for entry in body["items"]] == sorted(entry["at"] for entry in body["items"])
    return [(entry["type"], entry["by"], entry["facts"]) for entry in body["items"]]


async def test_every_act_stands_in_the_journal_with_who_did_it(district: District) -> None:
    start = wall(day(), 16)
    async with people(district, "lin", "rosa", "becker", "castillo", "sam") as (_, lin, rosa, becker, castillo, sam):
        reference = (await lin.asks())["reference"]
        await becker.does(reference, "question", message="How many chairs?")
        await lin.does(reference, "answer", message="Ten")
        await becker.does(reference, "approval")
        told = {name: await journal(who, reference) for name, who in (("lin", lin), ("rosa", rosa))}
        staff = [await journal(who, reference) for who in (becker, castillo)]
        stranger = await journal(sam, reference)
    about = {"dates": [start], "rooms": [CLASSROOM]}
    decided = {"approved": [start], "declined": [], "waiting": []}
    acts = [
        ("afterbell.booking.requested.v1", LIN, about | {"version": 1}),
        ("afterbell.booking.questioned.v1", BECKER, about | {"version": 2}),
        ("afterbell.booking.answered.v1", LIN, about | {"version": 3}),
        ("afterbell.booking.approved.v1", BECKER, about | decided | {"version": 4}),
    ]
    without_names = [(kind, SCHOOL if by == BECKER else by, facts) for kind, by, facts in acts]
    assert staff == [acts, acts]
    assert told == {"lin": without_names, "rosa": without_names}
    assert stranger == 404


async def test_a_change_stands_there_in_the_readers_words_with_the_rooms_that_it_left(district: District) -> None:
    async with people(district, "lin", "rosa", "becker") as (_, lin, rosa, becker):
        reference = (await lin.asks(rooms=[HALL]))["reference"]
        await becker.does(reference, "approval")
        path = f"/api/v1/bookings/{reference}"
        for body in ({"rooms": [f"{OWL}/hall-3"]}, {"title": "Eye tests"}):
            assert (await lin.http.patch(path, json=body, headers={"If-Match": "*"})).status_code == 200
        await becker.does(reference, "decline", reason="Not this one")
        assert (await lin.http.patch(path, json={"rooms": [f"{OWL}/hall-3"]}, headers={"If-Match": "*"})).is_success
        await becker.does(reference, "approval")
        assert (await lin.http.patch(path, json={"rooms": [HALL]}, headers={"If-Match": "*"})).is_success
        await lin.does(reference, "change/withdrawal")
        english, spanish = [(await who.http.get(f"{path}/journal")).json()["items"] for who in (lin, rosa)]
    assert [(each["summary"], each["facts"]["rooms"]) for each in english] == [
        ("Requested", [HALL]),
        ("Approved", [HALL]),
        ("Change asked for", [HALL]),
        ("Changed", []),
        ("Change not approved", [HALL]),
        ("Change asked for", [HALL]),
        ("Change approved", [HALL, f"{OWL}/hall-3"]),
        ("Change asked for", [f"{OWL}/hall-3"]),
        ("Change taken back", [f"{OWL}/hall-3"]),
    ]
    assert [each["summary"] for each in spanish][:3] == ["Solicitado", "Aprobado", "Cambio solicitado"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_kind_of_event_has_words(language: str) -> None:
    said_ = {say(said(kind, {"approved": ["x"], "declined": ["x"]}), language) for kind in events.KINDS}
    assert (len(said_), set(WORDS)) == (len(events.KINDS), set(events.KINDS))


async def test_a_confidential_booking_has_no_journal_for_those_who_only_see_that_the_room_is_reserved(
    district: District,
) -> None:
    async with people(district, "lin", "becker", "castillo") as (_, lin, becker, castillo):
        reference = (await lin.asks(visibility="hidden"))["reference"]
        found = [await journal(who, reference) for who in (castillo, becker)]
        seen = await castillo.sees(reference)
    assert (found[0], len(found[1]), seen["title"]) == (404, 1, "Reserved")
