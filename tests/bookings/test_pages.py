"""`/bookings` and `/bookings/{reference}` over TCP: who sees which of them, and as much of each as the projection gives."""

import re
from dataclasses import dataclass

from afterbell.database import Database
from tests.cast import OWL
from tests.conftest import District
from tests.ground.browser import Page, browser
from tests.ground.processes import Server
from tests.ground.sql import tell
from tests.stories.asks import CLINIC, HALL, ask, caller, day
from tests.stories.many import ask_for
from tests.stories.visitors import booked, even, lines, long, visiting, wish

MARK = "Tuesdays with a purple elephant"
SECRET = {
    "title": MARK,
    "activity": "counselling",
    "note": f"{MARK} needs chairs",
    "contact": f"{MARK} in person",
    "phone": "(323) 555-0177",
}
OWN_WORDS = (MARK, "(323) 555-0177", "Eastside Community Clinic", "Counselling", "Dr Mei Lin")


@dataclass(frozen=True)
class Sight:
    """What somebody gets to see: the status, the heading, and whether any of the booking's own words is there."""

    status: int
    heading: str
    tells: bool


def sight(page: Page) -> Sight:
    body = page.html.partition("<main")[2].partition("</main>")[0]
    return Sight(page.status, page.heading, any(words in body for words in OWN_WORDS))


async def test_a_confidential_booking_is_reserved_to_staff_without_the_right_and_nothing_to_others(
    district: District,
) -> None:
    """The mark is in every field that a page could show; the organization, an approver and the administrator do see it."""
    names = ("lin", "rosa", "okafor", "whitfield", "castillo", "stone", "adler", "tan", "herrera", "sam", "pilar")
    async with Server(district.url, worker=False) as server, visiting(server, district, *names) as people:
        reference = await booked(people[0], wish(weeks="1"), **SECRET)
        seen = {name: await person.open(f"/bookings/{reference}") for name, person in zip(names, people, strict=True)}
        lists = {name: await person.open("/bookings") for name, person in zip(names, people, strict=True)}
        gone = await people[-2].open("/bookings/AB-NOSUCH1")
    all_of_it, reserved, nothing = Sight(200, MARK, True), Sight(200, "Reserved", False), Sight(404, "Not found", False)
    assert {name: sight(page) for name, page in seen.items()} == {
        **dict.fromkeys(("lin", "rosa", "okafor", "whitfield"), all_of_it),
        **dict.fromkeys(("castillo", "stone", "adler"), reserved),
        **dict.fromkeys(("tan", "herrera", "sam", "pilar"), nothing),
    }
    assert sight(gone) == nothing
    assert lines(seen["castillo"], "tr")[1:] == [f"{long(day())} Held"]
    assert {name: (MARK in page.html, "Reserved" in page.words) for name, page in lists.items()} == {
        **dict.fromkeys(("lin", "rosa", "okafor", "whitfield"), (True, False)),
        **dict.fromkeys(("castillo", "stone", "adler"), (False, True)),
        **dict.fromkeys(("tan", "herrera", "sam", "pilar"), (False, False)),
    }


async def test_control_an_open_booking_is_told_to_the_same_staff(district: District) -> None:
    """The same words, of an activity that is not confidential; with the box ticked that makes this one so they are gone again."""
    async with Server(district.url, worker=False) as server, visiting(server, district, "lin", "castillo") as people:
        lin, castillo = people
        open_one = SECRET | {"activity": "enrichment-class"}
        reference = await booked(lin, wish(weeks="1"), **open_one)
        later = wish(weeks="1", from_="19:00", to="20:00")
        private = await booked(lin, later, **open_one, private="on")
        seen, hidden = [await castillo.open(f"/bookings/{each}") for each in (reference, private)]
    assert (sight(seen), sight(hidden)) == (Sight(200, MARK, True), Sight(200, "Reserved", False))


async def test_a_visitor_is_led_to_the_sign_in_page_and_back(district: District) -> None:
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        paths = ("/bookings", "/bookings/AB-NOSUCH1", "/bookings/AB-NOSUCH1/cancellation", "/approvals", "/messages")
        found = [await visitor.open(path) for path in paths]
        await visitor.open("/language", to="es", next="/")
        spanish = await visitor.open("/approvals", ref="AB-1")
    assert [(page.status, page.goes_to) for page in found] == [
        (303, f"/sign-in?next={path.replace('/', '%2F')}") for path in paths
    ]
    assert spanish.goes_to == "/es/sign-in?next=%2Fapprovals%3Fref%3DAB-1"


async def test_a_list_says_what_waits_what_comes_and_what_is_over_and_who_has_it(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "rosa") as (lin, rosa),
        caller(server.base_url, district, "becker") as becker,
    ):
        hours = ("15:00", "16:00", "17:00", "18:00")
        ones = [await booked(lin, wish(weeks="2", from_=at, to=f"{at[:2]}:45"), title=f"At {at}") for at in hours]
        await becker.post(f"/api/v1/bookings/{ones[1]}/approval", json={"message": "Welcome"})
        await becker.post(f"/api/v1/bookings/{ones[2]}/decline", json={"reason": "No <b>heating</b> that day"})
        late = "UPDATE bookings SET decide_by = requested_at WHERE reference = '{}'"
        await tell(district.url, late.format(ones[3]))
        mine = await rosa.open("/bookings")
        approved, declined = [await lin.open(f"/bookings/{one}") for one in ones[1:3]]
        overdue = await lin.open(f"/bookings/{ones[3]}")
    first = long(day())
    listed = [line for line in lines(mine, "li") if line.startswith("At ")]
    assert [(each.split(" Classroom")[0], first in each) for each in listed] == [
        ("At 15:00 Held for you", True),
        ("At 18:00 Held for you", True),
        ("At 16:00 Approved", True),
        ("At 17:00 Declined", False),
    ]
    assert "Twenty-Fourth Street Elementary was to decide by" in listed[1]
    assert "Twenty-Fourth Street Elementary decides by" in listed[0]
    assert "Ask for other dates" in listed[3]
    assert f"Next: {first} , 4:00 PM – 4:45 PM A reminder comes the day before. Message: Welcome" in even(
        approved.words
    )
    assert "No <b>heating</b> that day" in declined.words
    assert "<b>heating" not in declined.html
    assert "was to decide by" in overdue.words


async def test_a_long_list_goes_on_with_older_bookings(district: District) -> None:
    database = Database(district.url)
    await ask_for(database, range(60))
    await database.close()
    async with Server(district.url, worker=False) as server, visiting(server, district, "lin", "becker") as people:
        pages = []
        for person in people:
            newest = await person.open("/bookings")
            older = newest.html.partition('href="/bookings?cursor=')[2].partition('"')[0]
            pages.append((newest, await person.open("/bookings", cursor=older)))
        broken = await people[0].open("/bookings", cursor="made-up")
    for newest, rest in pages:
        titles = [{int(n) for n in re.findall(r">Request (\d+)</a>", page.html)} for page in (newest, rest)]
        assert titles == [set(range(10, 60)), set(range(10))]
        assert ("Older bookings" in newest.words, "Older bookings" in rest.words) == (True, False)
    assert broken.status == 422


async def test_bookings_of_one_program_stand_together_and_its_calendar_once_there_is_one(district: District) -> None:
    part = ask(organization=None, title="Part")
    parts = [part | {"rooms": [HALL], "visibility": "public"}, part | {"rooms": [f"{OWL}/hall-3"]}]
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "becker") as (lin, becker),
        caller(server.base_url, district, "lin") as program,
        caller(server.base_url, district, "becker") as decider,
    ):
        body = {"name": "Eyes & wheels", "organization": CLINIC, "bookings": parts}
        made = (await program.post("/api/v1/programs", json=body)).json()
        alone = (await program.post("/api/v1/bookings", json=ask(title="Alone"))).json()
        before = await lin.open("/bookings")
        await decider.post(f"/api/v1/bookings/{made['bookings'][0]['reference']}/approval")
        after, theirs = await lin.open("/bookings"), await becker.open("/bookings")
        address = (await program.get(f"/api/v1/programs/{made['slug']}")).json()["calendar"]
        calendar = await lin.open(address)
    linked = f'<a href="{address}">Calendar of Eyes &amp; wheels</a>'
    threes = [[each for each in lines(page, "h3") if "clock change" not in each] for page in (before, after)]
    assert threes == [["Alone", "Program: Eyes & wheels"], ["Alone", *["Program: Eyes & wheels"] * 2]]
    assert lines(before, "h4") == ["Part", "Part"]
    assert (linked in before.html, linked in after.html, calendar.status) == (False, True, 200)
    assert lines(theirs, "h4") == [], alone
