"""Deciding a part, offering another room, asking and being answered: what each answer, each version and each event then says."""

from datetime import date, datetime, timedelta

import pytest

from afterbell import clock
from afterbell.policy.business import after_business_days
from tests.api.problems import told as told_as
from tests.cast import ZONE
from tests.conftest import District
from tests.ground import sql
from tests.stories.asks import HALL, THERE, day, today, utc, wall, weekly
from tests.stories.deciding import GYM, GYM_A, Caller, people, standing, told

pytestmark = pytest.mark.story

PAIR = (422, 'With occurrences say what becomes of the rest: "waiting" or "declined".')
DECIDED = (409, ("wrong_state", "Nothing waits for a decision here any more."))
ONLY_WAITING = (409, ("wrong_state", "Only dates that wait and have not begun can be withdrawn."))
AHEAD = (409, ("wrong_state", "Only dates that wait and have not begun can be approved."))
STARTS = [wall(day() + timedelta(weeks=week), 16) for week in range(4)]


async def asked(lin: Caller, hour: int = 16) -> tuple[str, list[str]]:
    """Four Tuesdays in a hall, and the ids of the dates."""
    booking = await lin.asks(rooms=[HALL], hour=hour, repeat=weekly(4))
    return booking["reference"], [date["id"] for date in booking["occurrences"]]


async def test_some_dates_are_approved_the_others_wait_and_all_may_be_given_back_freely(district: District) -> None:
    async with people(district, "lin", "becker") as (_, lin, becker):
        reference, ids = await asked(lin)
        odd = [
            told_as(await becker.does(reference, "approval", **body))
            for body in ({"occurrences": ids[:2]}, {"rest": "waiting"}, {"occurrences": ids[:2], "rest": "later"})
        ]
        part = await becker.does(
            reference, "approval", occurrences=ids[:2], rest="waiting", message="The gym floor dries"
        )
        again = told_as(await becker.does(reference, "approval", occurrences=[ids[0], ids[2]], rest="waiting"))
        unknown = told_as(await becker.does(reference, "decline", reason="No", occurrences=["2027-01-01T00:00"]))
        foreign = told_as(await becker.does(reference, "withdrawal"))
        back = await lin.does(reference, "withdrawal")
        events = await told(district.url, reference)
    assert odd == [PAIR] * 3
    assert standing(part.json()) == ("requested", 2, ["approved", "approved", "held", "held"])
    assert [date["reason"] for date in part.json()["occurrences"]] == ["The gym floor dries"] * 2 + [None] * 2
    assert part.json()["waiting_on"]["role"] == "site_approver"
    assert (again, unknown) == (
        AHEAD,
        (409, ("unknown_occurrence", "This booking has no date 2027-01-01T00:00.")),
    )
    assert foreign[0] == 403
    assert standing(back.json()) == ("withdrawn", 3, ["withdrawn"] * 4)
    assert back.json()["waiting_on"] is None
    assert events == [
        ("booking.requested", {"version": 1, "dates": STARTS}),
        (
            "booking.approved",
            {"version": 2, "dates": STARTS[:2], "approved": STARTS[:2], "declined": [], "waiting": STARTS[2:]},
        ),
        ("booking.withdrawn", {"version": 3, "dates": STARTS}),
    ]


async def test_a_further_date_that_is_declined_gives_back_nothing_that_was_approved_whole(district: District) -> None:
    """Control: of a request that was granted in part, all that was approved goes freely."""
    later = {"also": [wall(day() + timedelta(weeks=5), 17)]}
    async with people(district, "lin", "becker") as (_, lin, becker):
        whole, _ = await asked(lin)
        await becker.does(whole, "approval")
        path = f"/api/v1/bookings/{whole}"
        added = await lin.http.patch(path, json=later, headers={"If-Match": "*"})
        waiting = told_as(await lin.does(whole, "withdrawal"))
        again = await lin.http.patch(path, json=later, headers={"If-Match": "*"})
        declined = await becker.does(whole, "decline", reason="The floor is sanded.")
        refused = told_as(await lin.does(whole, "withdrawal"))
        part, ids = await asked(lin, hour=19)
        await becker.does(part, "approval", occurrences=ids[:1], rest="declined", message="The floor is sanded.")
        free = await lin.does(part, "withdrawal")
    assert [each.status_code for each in (added, again, declined)] == [200] * 3
    assert (waiting[0], refused) == (200, ONLY_WAITING)
    assert standing(free.json())[2] == ["withdrawn", *["declined"] * 3]


async def test_the_rest_is_declined_with_another_room_that_is_free_then(district: District) -> None:
    """hall-3 is the next of its kind; on the last Tuesday it is taken, and hall-4 is offered. Control: what was approved whole cannot be withdrawn."""
    async with people(district, "lin", "becker") as (_, lin, becker):
        reference, ids = await asked(lin)
        await lin.asks(rooms=["night-owl-high/hall-3"], on=day() + timedelta(weeks=3), hour=17)
        part = (await becker.does(reference, "approval", occurrences=ids[:2], rest="declined", message="Sorry")).json()
        one = (await lin.does(reference, "withdrawal", occurrences=ids[:1])).json()
        whole = await lin.asks(rooms=[HALL], hour=20)
        await becker.does(whole["reference"], "approval")
        late = told_as(await lin.does(whole["reference"], "withdrawal"))
        events = await told(district.url, reference)
    last = day() + timedelta(weeks=3)
    assert standing(part) == ("approved", 2, ["approved", "approved", "declined", "declined"])
    assert [(date["reason"], date["alternative"] and date["alternative"]["room"]) for date in part["occurrences"]] == [
        ("Sorry", None),
        ("Sorry", None),
        ("Sorry", "night-owl-high/hall-3"),
        ("Sorry", "night-owl-high/hall-4"),
    ]
    assert part["occurrences"][3]["alternative"] == {
        "room": "night-owl-high/hall-4",
        "name": "Hall 4",
        "starts_at": utc(last, 16),
        "ends_at": utc(last, 18),
    }
    assert standing(one) == ("approved", 3, ["withdrawn", "approved", "declined", "declined"])
    assert late == (409, ("wrong_state", "Only dates that wait and have not begun can be withdrawn."))
    assert events[1] == (
        "booking.approved",
        {"version": 2, "dates": STARTS[:2], "approved": STARTS[:2], "declined": STARTS[2:], "waiting": []},
    )


async def test_one_date_is_declined_and_the_others_go_on_waiting(district: District) -> None:
    async with people(district, "lin", "becker") as (_, lin, becker):
        reference, _ = await asked(lin)
        some = (await becker.does(reference, "decline", reason="Graduation", occurrences=[STARTS[1]])).json()
        twice = told_as(await becker.does(reference, "decline", reason="Graduation", occurrences=[STARTS[1]]))
        rest = (await becker.does(reference, "approval")).json()
        over = told_as(await becker.does(reference, "approval"))
        events = await told(district.url, reference)
    assert standing(some) == ("requested", 2, ["held", "declined", "held", "held"])
    assert some["occurrences"][1]["alternative"]["room"] == "night-owl-high/hall-3"
    assert twice == (409, ("wrong_state", "Only dates that wait can be declined."))
    assert standing(rest) == ("approved", 3, ["approved", "declined", "approved", "approved"])
    assert rest["occurrences"][1]["reason"] == "Graduation"
    assert over == DECIDED
    left = [STARTS[0], *STARTS[2:]]
    assert events[1:] == [
        (
            "booking.declined",
            {"version": 2, "dates": [STARTS[1]], "approved": [], "declined": [STARTS[1]], "waiting": left},
        ),
        ("booking.approved", {"version": 3, "dates": left, "approved": left, "declined": [], "waiting": []}),
    ]


async def test_a_question_hands_the_request_to_the_partner_and_the_answer_hands_it_back(district: District) -> None:
    async with people(district, "lin", "rosa", "becker") as (_, lin, rosa, becker):
        reference, _ = await asked(lin)
        question = (await becker.does(reference, "question", message="How many chairs?")).json()
        answer = (await rosa.does(reference, "answer", message="Twenty, and a ramp")).json()
        seen = [await who.sees(reference) for who in (lin, becker)]
        await becker.does(reference, "approval")
        events = await told(district.url, reference)
    waiting = [each["waiting_on"] for each in (question, answer)]
    assert [(each["role"], each.get("name")) for each in waiting] == [
        ("partner", "Eastside Community Clinic"),
        ("site_approver", None),
    ]
    assert [wall_date(each["due"]) for each in waiting] == [business(5), business(3)]
    assert (standing(question), standing(answer)) == (("requested", 2, ["held"] * 4), ("requested", 3, ["held"] * 4))
    for booking in seen:
        assert [(each["side"], each["name"], each["text"]) for each in booking["messages"]] == [
            ("staff", "Tom Becker", "How many chairs?"),
            ("partner", "Rosa Fuentes", "Twenty, and a ramp"),
        ]
    assert ["rivals" in booking for booking in seen] == [False, True]
    assert [(kind, facts["version"]) for kind, facts in events] == [
        ("booking.requested", 1),
        ("booking.questioned", 2),
        ("booking.answered", 3),
        ("booking.approved", 4),
    ]


def wall_date(instant: str) -> date:
    """The date there."""
    return datetime.fromisoformat(instant).astimezone(THERE).date()


def business(days: int) -> date:
    """So many business days from today."""
    return after_business_days(today(), days, [], ZONE)


async def test_what_waits_after_a_part_was_decided_is_due_three_business_days_from_then(district: District) -> None:
    """Also when it was late before, as every request here is made to be. Control: a decision about another request moves no day that is still ahead."""
    late = f"UPDATE bookings SET decide_by = {sql.moment(district.url, clock.now() - timedelta(days=2))}"
    found = []
    async with people(district, "lin", "becker") as (_, lin, becker):
        for number, act in enumerate(({"rest": "waiting"}, {"reason": "Graduation"})):
            reference, ids = await asked(lin, hour=16 + 3 * number)
            await sql.tell(district.url, late)
            before = (await lin.sees(reference))["waiting_on"]
            name = "approval" if number == 0 else "decline"
            after = (await becker.does(reference, name, occurrences=ids[:1], **act)).json()["waiting_on"]
            found.append((wall_date(before["due"]) < today(), after["role"], wall_date(after["due"])))
        last = (await becker.does(reference, "approval", occurrences=ids[1:3], rest="waiting")).json()
        done = (await becker.does(reference, "approval")).json()
        competes = await competing(lin, becker)
    assert found == [(True, "site_approver", business(3))] * 2
    assert (wall_date(last["waiting_on"]["due"]), done["waiting_on"]) == (business(3), None)
    assert competes[0] == competes[1]


async def competing(lin: Caller, becker: Caller) -> tuple[str, str]:
    """When the other of two competing requests is due, before it loses a date and after."""
    mine = await lin.asks(rooms=[GYM_A])
    other = await lin.asks(rooms=[GYM], title="Other", repeat=weekly(2))
    await becker.does(mine["reference"], "approval")
    after = await lin.sees(other["reference"])
    assert standing(after) == ("requested", 2, ["declined", "requested"])
    return other["waiting_on"]["due"], after["waiting_on"]["due"]


async def test_who_may_not_ask_or_answer_is_told_so_and_nothing_is_asked_or_answered_twice(district: District) -> None:
    async with people(district, "lin", "sam", "becker") as (_, lin, sam, becker):
        reference, _ = await asked(lin)
        early = told_as(await lin.does(reference, "answer", message="42"))
        blank = told_as(await becker.does(reference, "question", message="  \n"))
        await becker.does(reference, "question", message="How many chairs?")
        twice = told_as(await becker.does(reference, "question", message="How many chairs?"))
        others = [
            told_as(await who.does(reference, act, message="Hm"))[0]
            for who, act in ((lin, "question"), (sam, "question"), (sam, "answer"), (becker, "answer"))
        ]
        await lin.does(reference, "answer", message="Twenty")
        again = told_as(await lin.does(reference, "answer", message="Twenty"))
        await becker.does(reference, "approval")
        late = told_as(await becker.does(reference, "question", message="And tables?"))
    nothing = (409, ("wrong_state", "No question waits for your answer here."))
    assert (early, again, late) == (nothing, nothing, DECIDED)
    assert blank == (422, "Write why: whoever reads it can plan better.")
    assert twice == (409, ("wrong_state", "You have asked this already, and it waits for the partner's answer."))
    assert others == [403, 404, 404, 403]


async def test_staff_who_may_only_see_that_a_room_is_reserved_read_no_message_and_no_name(district: District) -> None:
    """The marks are there, and an approver does see them."""
    private = {"activity": "counselling", "rooms": ["24th-street-elementary/room-12"], "title": "Purple elephant"}
    async with people(district, "lin", "okafor", "castillo") as (_, lin, okafor, castillo):
        booking = await lin.asks(**private)
        await okafor.does(booking["reference"], "question", message="Is the elephant purple?")
        seen = [(await who.http.get(f"/api/v1/bookings/{booking['reference']}")).text for who in (okafor, castillo)]
    marks = ("elephant", "Eastside", "Okafor")
    assert [[mark in text for mark in marks] for text in seen] == [[True] * 3, [False] * 3]
