"""The rooms of each date together have the layout that is asked for, on every road by which a date gets rooms; what stands as it is is not asked anew."""

from datetime import timedelta
from typing import Any

from tests.api.problems import codes
from tests.api.test_change import patched
from tests.api.test_layouts import ANY, LAYOUTS, PLAIN, SET_UP, reasons
from tests.cast import OWL
from tests.conftest import District
from tests.ground import sql
from tests.stories.asks import ask, day, wall, weekly
from tests.stories.deciding import people

BANQUET: dict[str, Any] = {"layout": "banquet", "rooms": [SET_UP]}
SAID = "Hall 2 cannot be set up as Round tables: it is always set up in the same way. Leave layout out."
UNKNOWN = [("unknown_layout", SAID, None)]
WEEK = timedelta(weeks=1)


async def test_any_of_a_kind_is_one_that_can_be_set_up_so_though_others_are_free_or_larger(district: District) -> None:
    """Control: set up in no special way another is given."""
    await sql.tell(district.url, LAYOUTS)
    async with people(district, "lin") as (_, lin):
        await lin.asks(**BANQUET)
        taken = await lin.http.post("/api/v1/bookings", json=ask(rooms=[ANY], layout="banquet"))
        large = await lin.http.post("/api/v1/bookings", json=ask(rooms=[ANY], layout="banquet", hour=20, headcount=41))
        two = await lin.asks(rooms=[ANY, ANY], layout="banquet", hour=20)
        plain = await lin.asks(rooms=[ANY])
    assert (codes(taken), codes(large)) == ((409, "room_taken"), (409, "too_many_people"))
    assert (plain["occurrences"][0]["rooms"], two["occurrences"][0]["rooms"]) == ([PLAIN], [PLAIN, SET_UP])


async def test_a_date_elsewhere_is_named_when_its_room_cannot_be_set_up_so(district: District) -> None:
    await sql.tell(district.url, LAYOUTS)
    second = wall(day() + WEEK, 16)
    async with people(district, "lin") as (_, lin):
        bodies = [
            ask(rooms=[usual], repeat=weekly(2), layout="banquet", changes=[{"original_start": second, "rooms": [odd]}])
            for usual, odd in ((PLAIN, SET_UP), (SET_UP, PLAIN))
        ]
        shown = [(await lin.http.post("/api/v1/bookings/preview", json=body)) for body in bodies]
        made = [(await lin.http.post("/api/v1/bookings", json=body)) for body in bodies]
    assert [reasons(each) for each in (*shown, *made)] == [UNKNOWN] * 4
    assert [each.json()["reasons"][0].get("occurrence") for each in made] == [None, second]


async def test_neither_an_approval_nor_a_change_puts_it_into_a_room_that_has_no_such_layout(district: District) -> None:
    """Control: with another layout in the same change, and with a room that has it beside, both pass."""
    await sql.tell(district.url, LAYOUTS)
    async with people(district, "lin", "becker") as (_, lin, becker):
        made = await lin.asks(**BANQUET)
        given = await becker.does(made["reference"], "approval", rooms=[PLAIN])
        moved = [await patched(each.http, made, rooms=[PLAIN]) for each in (lin, becker)]
        beside = await becker.does(made["reference"], "approval", rooms=[PLAIN, SET_UP])
        otherwise = await patched(becker.http, beside.json(), rooms=[PLAIN], layout="")
    assert [(each.status_code, reasons(each)) for each in (given, *moved)] == [(409, UNKNOWN)] * 3
    assert (beside.status_code, otherwise.status_code) == (200, 200), (beside.text, otherwise.text)


async def test_a_part_of_a_change_is_not_approved_into_a_room_that_the_old_layout_does_not_fit(
    district: District,
) -> None:
    """Control: all of it is, since the layout is taken off with it."""
    await sql.tell(district.url, LAYOUTS)
    async with people(district, "lin", "becker") as (_, lin, becker):
        made = await lin.asks(**BANQUET, repeat=weekly(2))
        approved = (await becker.does(made["reference"], "approval")).json()
        waits = (await patched(lin.http, approved, rooms=[PLAIN], layout="", scope="all")).json()
        one = [waits["occurrences"][0]["id"]]
        part = await becker.does(made["reference"], "approval", occurrences=one, rest="waiting")
        whole = await becker.does(made["reference"], "approval")
    assert (part.status_code, [code for code, *_ in reasons(part)]) == (409, ["unknown_layout"])
    assert [(each["rooms"], whole.json()["layout"]) for each in whole.json()["occurrences"]] == [([PLAIN], None)] * 2


async def test_what_stands_in_a_room_that_lost_its_layout_can_still_be_moved_to_another_time(
    district: District,
) -> None:
    await sql.tell(district.url, LAYOUTS)
    async with people(district, "lin") as (_, lin):
        made = await lin.asks(**BANQUET)
        await sql.tell(district.url, "UPDATE rooms SET layouts = NULL")
        later = await patched(lin.http, made, starts_at=wall(day(), 18), ends_at=wall(day(), 20), headcount=19)
        elsewhere = await patched(lin.http, later.json(), rooms=[PLAIN])
    assert (later.status_code, codes(elsewhere)) == (200, (409, "unknown_layout")), later.text


async def test_a_declined_date_is_offered_a_room_that_can_be_set_up_so(district: District) -> None:
    await sql.tell(district.url, LAYOUTS.replace("'hall-3'", "'hall-3' OR slug = 'hall-9'"))
    async with people(district, "lin", "becker") as (_, lin, becker):
        made = [await lin.asks(hour=hour, **more) for hour, more in ((16, BANQUET), (18, {"rooms": [SET_UP]}))]
        for each in made:
            await becker.does(each["reference"], "decline", reason="Floor work.")
        seen = [await lin.sees(each["reference"]) for each in made]
    offered = [each["occurrences"][0]["alternative"]["room"] for each in seen]
    assert offered == [f"{OWL}/hall-9", PLAIN]
