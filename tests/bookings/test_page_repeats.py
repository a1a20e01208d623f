"""Repeats on the request page, without JavaScript: several weekdays, a weekday of the month, a last day, further dates, dates left out; and in words on the
booking and beside the decision."""

import json
from datetime import date, timedelta

from tests.conftest import District
from tests.ground import sql
from tests.ground.browser import Form, Page
from tests.ground.processes import Server
from tests.stories.asks import HALL, ask, caller, day, wall, weekly
from tests.stories.visitors import WHAT, asked, lines, reference_in, ticked, visiting, wish

NEW = "/bookings/new"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NTH = ("first", "second", "third", "fourth", "fifth")


def with_further(form: Form, *days: date) -> Form:
    return ticked(form, "also", *(each.isoformat() for each in days))


def facts(page: Page) -> list[str]:
    """What the page says of how often it is."""
    return [line.removeprefix("How often ") for line in lines(page, "div") if line.startswith("How often ")]


async def test_several_weekdays_with_a_further_date_and_one_left_out_are_asked_for_and_kept(district: District) -> None:
    first = day()
    second, further = first + timedelta(days=2), first + timedelta(days=8)
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "okafor") as (lin, okafor),
    ):
        opened = await lin.open(NEW, **wish(often="weekly", weeks="4", from_="19:00", to="20:00"))
        form = with_further(ticked(opened.form(NEW), "weekdays", "TU", "TH"), further)
        checked = await lin.send(form, act="check", **WHAT)
        sent = await lin.send(ticked(checked.form(NEW), "leave_out", second.isoformat()), act="request")
        seen = await lin.open(sent.goes_to)
        pane = await okafor.open("/approvals", ref=reference_in(sent))
    dates = [first, second, first + timedelta(days=7), further, first + timedelta(days=9)]
    ((kept,),) = await sql.rows(district.url, "SELECT repeat FROM bookings ORDER BY id DESC LIMIT 1")
    said = "Every week on Tuesday and Thursday, 7:00 PM – 8:00 PM, 4 dates, 1 left out; "
    said += f"also {dated(further)}"
    assert [line for line in lines(checked, "li") if line.startswith("Leave out")] == [
        f"Leave out {each:%a, %b} {each.day} Free" for each in dates
    ]
    assert (facts(seen), facts(pane)) == ([said], [said])
    assert (json.loads(kept) if isinstance(kept, str) else kept) == {
        "rrule": "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4",
        "except": [second.isoformat()],
        "also": [f"{further}T19:00"],
    }


async def test_a_weekday_of_the_month_and_a_last_day_are_said_in_words(district: District) -> None:
    first = day()
    last = first + timedelta(days=20)
    async with Server(district.url, worker=False) as server, visiting(server, district, "lin") as (lin,):
        monthly = await asked(lin, wish(often="nth", until=last.isoformat(), room=HALL, from_="19:00", to="20:00"))
        weekly = await asked(lin, wish(often="weekly", until=last.isoformat(), room=HALL, from_="20:00", to="21:00"))
        words = [facts(await lin.open(page.goes_to)) for page in (monthly, weekly)]
    until, weekday = f"until {last:%A, %B} {last.day}, {last.year}", DAYS[first.weekday()]
    assert words == [
        [f"Every month on the {NTH[(first.day - 1) // 7]} {weekday}, 7:00 PM – 8:00 PM, {until}"],
        [f"Every week on {weekday}, 8:00 PM – 9:00 PM, {until}"],
    ]


async def test_a_first_date_that_is_not_among_the_weekdays_is_told_and_what_was_typed_stays(district: District) -> None:
    first = day()
    async with Server(district.url, worker=False) as server, visiting(server, district, "lin") as (lin,):
        opened = await lin.open(NEW, **wish(often="weekly", weeks="4"))
        other = "WE" if first.weekday() != 2 else "MO"
        wrong = await lin.send(ticked(opened.form(NEW), "weekdays", other), act="check")
    told = f"The first date is {first:%A, %B} {first.day}, {first.year}. Tick that weekday too, or choose another first date."
    assert (wrong.status, told in wrong.words) == (422, True)
    assert [value for name, value in wrong.form(NEW).fields if name == "weekdays"] == [other]


async def test_how_often_names_what_moved_and_what_was_added(district: District) -> None:
    first = day(ahead=40)
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "becker") as (lin, becker),
        caller(server.base_url, district, "lin") as api,
    ):
        made = (await api.post("/api/v1/bookings", json=ask(first, rooms=[HALL], repeat=weekly(3)))).json()
        found = []
        moves = {"occurrence": made["occurrences"][1]["id"], "scope": "this"}
        second, added = first + timedelta(days=7), first + timedelta(days=21)
        for more in (
            {"starts_at": wall(second, 17)},
            {"starts_at": wall(second + timedelta(days=2), 16)},
            {"also": [wall(added, 16)]},
        ):
            body = more if "also" in more else moves | more
            tag = {"If-Match": f'"{made["version"]}"'}
            made = (await api.patch(f"/api/v1/bookings/{made['reference']}", json=body, headers=tag)).json()
            pages = lin.open(f"/bookings/{made['reference']}"), becker.open("/approvals", ref=made["reference"])
            found += [facts(await page) for page in pages]
    usual = f"Every week on {DAYS[first.weekday()]}, 4:00 PM – 6:00 PM, 3 dates"
    later = f"{usual}; {dated(second)}: 5:00 PM – 7:00 PM"
    moved = f"{usual}; {dated(second)} moved to {dated(second + timedelta(days=2))}"
    said = [later, moved, f"{moved}; also {dated(added)}"]
    assert found == [[each] for each in said for _ in pages]


def dated(on: date) -> str:
    return f"{on:%a, %b} {on.day}, {on.year}"
