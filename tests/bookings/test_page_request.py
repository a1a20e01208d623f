"""`/bookings/new` over TCP: check dates, ask for them, and whatever is wrong keeps what was typed."""

import asyncio
from datetime import timedelta

from tests.conftest import District
from tests.ground.browser import Form, Page, browser
from tests.ground.processes import Server
from tests.ground.sql import rows, tell
from tests.stories.asks import CLASSROOM, HALL, ask, caller, day
from tests.stories.visitors import (
    TITLE,
    WHAT,
    asked,
    booked,
    even,
    lines,
    long,
    reference_in,
    short,
    ticked,
    visiting,
    wish,
)

NEW = "/bookings/new"
WEEK = timedelta(weeks=1)
COMPETE = "UPDATE campuses SET holds = 'on_approval'"


def typed(page: Page) -> dict[str, str]:
    """What stands in the form, without what the page itself put there."""
    own = ("_csrf", "token", "leave_out", "odd", "act")
    fields = page.form(NEW).fields
    return {name: value for name, value in fields if name not in own and not name.startswith("listing_")}


def submit(page: Page) -> list[str]:
    """The words on the buttons of the form."""
    return [each for each in lines(page, "button") if each != "Sign out"]


def choices(page: Page) -> list[str]:
    """The dates of the card."""
    return [each for each in lines(page, "li") if each.startswith("Leave out")]


async def count(district: District) -> int:
    return int((await rows(district.url, f"SELECT count(*) FROM bookings WHERE title LIKE '{TITLE}%'"))[0][0])


async def test_a_partner_checks_dates_leaves_one_out_and_asks_for_the_others(district: District) -> None:
    first = day()
    days = [first + WEEK * n for n in range(4)]
    async with Server(district.url, worker=False) as server, visiting(server, district, "lin") as (lin,):
        opened = await lin.open(NEW, **wish(people="20"))
        form = ticked(opened.form(NEW), "leave_out", days[1].isoformat())
        checked = await lin.send(form, act="check", **WHAT)
        sent = await lin.send(checked.form(NEW), act="request")
        reference = reference_in(sent)
        seen = await lin.open(sent.goes_to)
        mine = await lin.open("/bookings")
    assert (opened.status, opened.heading, submit(opened)) == (
        200,
        "Request a room",
        ["Check dates again", "Request 4 dates"],
    )
    assert choices(opened) == [f"Leave out {short(each)} Free" for each in days]
    assert (checked.status, submit(checked)) == (200, ["Check dates again", "Request 3 dates"])
    assert [line for line in choices(checked) if "Left out" in line] == [f"Leave out {short(days[1])} Left out"]
    assert typed(checked) == {
        "organization": "eastside-community-clinic",
        **dict.fromkeys(("contact", "phone", "note", "until", "also", "program"), ""),
        **dict.fromkeys(("setup", "takedown"), "0"),
        "often": "weekly",
        "every": "1",
        **wish(),
        **WHAT,
    }
    assert (sent.status, sent.goes_to) == (303, f"/bookings/{reference}?done=requested")
    assert "Your request is sent. A letter with all dates is on its way to lin@clinic.example." in seen.words
    assert lines(seen, "tr")[1:] == [f"{long(each)} Held for you" for each in (days[0], *days[2:])]
    assert "4:00 PM – 6:00 PM" in lines(seen, "p")
    assert "The district sets the price when it decides." in seen.words
    assert f'href="/bookings/{reference}">{TITLE}</a>' in mine.html
    assert "You need not do anything until then." in mine.words


async def test_what_stands_in_the_way_is_told_for_each_date_and_ticked_to_be_left_out(district: District) -> None:
    first = day()
    async with Server(district.url, worker=False) as server, visiting(server, district, "sam", "lin") as (sam, lin):
        await booked(sam, wish(first + WEEK, weeks="1"), title="Play", activity="performance")
        opened = await lin.open(NEW, **wish(people="31"))
        refused = await lin.send(ticked(opened.form(NEW), "leave_out"), act="request", **WHAT)
        mended = await lin.send(refused.form(NEW), act="request", people="30")
        seen = await lin.open(mended.goes_to)
        too_soon = await lin.open(NEW, **wish(day(ahead=3), weeks="1"))
        closed = await lin.open(NEW, **wish(weeks="1", room=HALL, date=district.cast["closed"]))
        at_noon = await lin.open(NEW, **wish(weeks="1", from_="10:00", to="12:00"))
    odd = short(first + WEEK)
    told = f"Leave out {odd} Taken 4:00 PM – 6:00 PM Instead: 6:00 PM – 8:00 PM {odd}"
    assert told in lines(opened, "li")
    assert "3 dates are free. 1 cannot be had and is ticked to be left out." in opened.words
    assert "The room holds 30 people; you said 31." in opened.words
    assert (refused.status, told in lines(refused, "li")) == (409, True)
    assert "1 date cannot be had as asked. It is marked under Dates." in refused.words
    assert "<title>Error: Request a room" in refused.html
    assert typed(refused) | WHAT == typed(refused)
    assert [line.split(" Held")[0] for line in lines(seen, "tr")[1:]] == [long(first + WEEK * n) for n in (0, 2, 3)]
    assert [submit(page)[-1] for page in (too_soon, closed, at_noon)] == ["Check dates again"] * 3
    assert "Too soon" in too_soon.words
    assert "The school needs 15 business days' notice. The first date that passes is " in too_soon.words
    assert "School closed: Staff day" in closed.words
    assert "The school is not open for visitors then. It is open 3:00 PM – 10:00 PM." in even(at_noon.html)


async def test_sending_the_same_request_again_shows_the_booking_that_it_made(district: District) -> None:
    """By a double click or a reload, and for a colleague who had the same page open; a different title is a different request."""
    async with Server(district.url, worker=False) as server, visiting(server, district, "lin", "rosa") as (lin, rosa):
        form = (await lin.open(NEW, **wish())).form(NEW)
        hers = (await rosa.open(NEW, **wish())).form(NEW)
        first, second = [await lin.send(form, act="request", **WHAT) for _ in range(2)]
        colleague = await rosa.send(hers, act="request", **WHAT)
        seen = await lin.open(second.goes_to)
        other = await lin.send(form, act="request", **(WHAT | {"title": "Something else"}))
    reference = reference_in(first)
    again = (303, f"/bookings/{reference}?done=already")
    assert [(page.status, page.goes_to) for page in (second, colleague)] == [again, again]
    assert "You have asked for this already: here it is. Nothing was sent twice." in seen.words
    assert (other.status, len([each for each in summary(other) if "It was free when you looked." in each])) == (409, 4)
    assert await count(district) == 1


async def test_where_requests_compete_the_same_one_is_still_made_once(district: District) -> None:
    """No claim refuses the second one there. Eight at once, then another organization, whose like request is one of its own."""
    async with Server(district.url, worker=False) as server, visiting(server, district, "lin", "sam") as (lin, sam):
        await tell(district.url, COMPETE)
        form = (await lin.open(NEW, **wish())).form(NEW)
        sent = await asyncio.gather(*(lin.send(form, act="request", **WHAT) for _ in range(8)))
        other = await asked(sam, wish())
        seen = await lin.open(sent[0].goes_to)
    made = [page.goes_to for page in sent if page.goes_to.endswith("requested")]
    assert len(made) == 1
    assert {page.goes_to for page in sent} == {made[0], made[0].replace("requested", "already")}
    assert other.goes_to == f"/bookings/{reference_in(other)}?done=requested"
    assert lines(seen, "tr")[1].endswith("Requested")
    assert await count(district) == 2


async def test_control_the_api_which_looks_for_no_twin_makes_two(district: District) -> None:
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        await tell(district.url, COMPETE)
        answers = [await lin.post("/api/v1/bookings", json=ask()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert await count(district) == 2


async def test_nothing_typed_is_lost_when_something_is_missing_or_too_long(district: District) -> None:
    async with Server(district.url, worker=False) as server, visiting(server, district, "lin") as (lin,):
        opened = await lin.open(NEW, **wish())
        emoji = await lin.send(opened.form(NEW), act="request", **(WHAT | {"title": "🎭" * 10_000, "note": "a\nb <i>"}))
        empty = await lin.send((await lin.open(NEW)).form(NEW), act="request")
        odd = {"weeks": "0", "people": "many", "note": "n" * 2_001, "to": "15:00", "date": "soon"}
        wrong = await lin.send(opened.form(NEW), act="request", **odd)
        moved = await lin.send(opened.form(NEW), act="request", **(WHAT | {"weeks": "5"}))
        many = await lin.send(opened.form(NEW), act="check", weeks="401")
        nowhere = await lin.send(opened.form(NEW), act="check", room="nowhere/at-all")
    assert (emoji.status, summary(emoji)) == (422, ["At most 200 characters fit here; these are 10000."])
    assert typed(emoji)["title"] == "🎭" * 10_000
    assert typed(emoji)["note"] == "a\nb <i>"
    assert (empty.status, summary(empty)) == (
        422,
        [
            "Choose a room.",
            "Choose the first date.",
            "Choose when it begins.",
            "Choose when it ends.",
            "Write what it is called.",
            "Choose what kind of activity it is.",
            "Write how many people you expect.",
        ],
    )
    assert (wrong.status, typed(wrong) | odd == typed(wrong)) == (422, True)
    assert "The end must be later than the start." in summary(wrong)
    assert (moved.status, summary(moved)[0].split(".")[0]) == (
        409,
        "You changed the room or the times after checking the dates",
    )
    assert (many.status, summary(many)) == (422, ["Dates are a whole number from 1 to 400."])
    assert (nowhere.status, "There is no such room." in nowhere.words) == (409, True)
    assert await count(district) == 0


def summary(page: Page) -> list[str]:
    """What the top of the page says is wrong."""
    return lines(
        Page(0, "", "", page.html.partition('class="summary"')[2].partition("</ul>")[0], "", [], page.answer), "li"
    )


async def test_only_a_form_of_this_visit_is_taken_and_an_older_one_loses_nothing(district: District) -> None:
    async with Server(district.url, worker=False) as server, visiting(server, district, "lin", "lin") as (lin, again):
        form = (await lin.open(NEW, **wish())).form(NEW)
        without = Form(form.action, form.method, [field for field in form.fields if field[0] != "_csrf"])
        missing = await lin.send(without, act="request", **WHAT)
        stale = await again.send(form, act="request", **WHAT)
        mended = await again.send(stale.form(NEW), act="request")
        async with browser(server.base_url) as stranger:
            signed_out = await stranger.send(form, act="request", **WHAT)
            later = await again.send(signed_out.form(NEW), act="request", title="After signing in")
    assert [(page.status, typed(page) | WHAT == typed(page)) for page in (missing, stale, signed_out)] == [
        (403, True)
    ] * 3
    assert "You signed in again since this page was opened." in stale.words
    assert "You were signed out." in signed_out.words
    assert (mended.status, later.status) == (303, 403)
    assert await count(district) == 1


async def test_nobody_asks_for_an_organization_that_is_not_theirs(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "sam", "adler") as (sam, adler),
        browser(server.base_url) as stranger,
    ):
        form = (await sam.open(NEW, **wish())).form(NEW)
        theirs = await sam.send(form, act="request", organization="eastside-community-clinic", **WHAT)
        looks = await adler.open(NEW, **wish())
        asks = await adler.send(looks.form(NEW), act="request", **WHAT)
        forged = await adler.send(looks.form(NEW), act="request", organization="eastside-community-clinic", **WHAT)
        visitor = await stranger.open(NEW, room=CLASSROOM)
    assert (theirs.status, "You do not belong to this organization." in theirs.words) == (409, True)
    assert (looks.status, submit(looks)) == (200, ["Check dates again"])
    assert "To send a request you need an organization, or your own name" in looks.words
    assert (asks.status, forged.status) == (422, 409)
    assert (visitor.status, visitor.goes_to) == (
        303,
        f"/sign-in?next=%2Fbookings%2Fnew%3Froom%3D{CLASSROOM.replace('/', '%252F')}",
    )
    assert await count(district) == 0
