"""Giving dates back over TCP: one Cancel, a page that asks first, and what happens when the booking changed meanwhile."""

from datetime import timedelta

from tests.conftest import District
from tests.ground.browser import Form, Page
from tests.ground.processes import Server
from tests.ground.sql import rows
from tests.stories.asks import caller, day
from tests.stories.visitors import booked, lines, long, ticked, visiting, wish

WEEK = timedelta(weeks=1)
CLAIMS = (
    "SELECT count(*) FROM claims JOIN occurrences o ON o.id = occurrence_id JOIN bookings b ON b.id = o.booking_id "
    "WHERE b.reference = '{}'"
)


def states(page: Page) -> list[str]:
    """What the table says of each date."""
    return lines(page, "td")


def dates(page: Page) -> list[str]:
    """The values of the boxes for dates, ticked or not."""
    return [part.split('"')[0] for part in page.html.split('name="date" value="')[1:]]


async def test_a_partner_withdraws_some_dates_that_wait_and_cancels_the_rest_once_approved(district: District) -> None:
    days = [long(day() + WEEK * n) for n in range(4)]
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin") as (lin,),
        caller(server.base_url, district, "becker") as becker,
    ):
        reference = await booked(lin, wish())
        path = f"/bookings/{reference}"
        shown = await lin.open(path)
        asked = await lin.send(ticked(shown.form(f"{path}/cancellation"), "date", *dates(shown)[1:3]))
        withdrawn = await lin.send(asked.form(f"{path}/withdrawal"))
        half = await lin.open(withdrawn.goes_to)
        again = await lin.send(asked.form(f"{path}/withdrawal"))
        await becker.post(f"/api/v1{path}/approval", json={})
        rest = await lin.open(f"{path}/cancellation", all="1")
        unsaid = await lin.send(rest.form(f"{path}/cancellation"))
        cancelled = await lin.send(unsaid.form(f"{path}/cancellation"), reason="We moved.\nSorry!")
        done = await lin.open(cancelled.goes_to)
        nothing = await lin.open(f"{path}/cancellation", all="1")
        claims = await rows(district.url, CLAIMS.format(reference))
    assert (asked.heading, [label for label in lines(asked, "label") if "PM" in label]) == (
        "Cancel 2 dates?",
        [f"{each} 4:00 PM – 6:00 PM" for each in days[1:3]],
    )
    assert (withdrawn.status, withdrawn.goes_to) == (303, f"{path}?done=cancelled")
    assert "The dates are cancelled. A letter confirms it." in half.words
    assert states(half) == ["Held for you", "Withdrawn", "Withdrawn", "Held for you"]
    assert (again.status, again.goes_to) == (303, f"{path}?done=cancelled")
    assert (rest.heading, unsaid.status, unsaid.heading) == ("Cancel 2 dates?", 422, "Cancel 2 dates?")
    assert "Write why: whoever reads it can plan better." in unsaid.words
    assert states(done) == ["Cancelled", "Withdrawn", "Withdrawn", "Cancelled"]
    assert lines(done, "th")[2] == f"{days[0]} We moved. Sorry!"
    assert nothing.heading == "Nothing is left to cancel"
    assert claims == [(0,)]


async def test_what_changed_meanwhile_is_told_and_nothing_is_half_done(district: District) -> None:
    """The page was opened while the dates waited; by the time it is sent they are approved, and giving those back needs a reason."""
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin") as (lin,),
        caller(server.base_url, district, "becker") as becker,
    ):
        path = f"/bookings/{await booked(lin, wish())}"
        asked = await lin.open(f"{path}/cancellation", all="1")
        form = asked.form(f"{path}/withdrawal")
        await becker.post(f"/api/v1{path}/approval", json={})
        late = await lin.send(form)
        one = (await becker.get(f"/api/v1{path}")).json()["occurrences"][0]["id"]
        await becker.post(f"/api/v1{path}/cancellation", json={"reason": "Flooded", "occurrences": [one]})
        mixed = await lin.send(form, reason="We moved")
        shown = await lin.open(path)
        none = await lin.send(ticked(form, "date"), reason="kept words")
        mended = await lin.send(mixed.form(f"{path}/cancellation"))
    assert (late.status, "Write why" in late.words) == (422, True)
    assert (mixed.status, "Meanwhile dates of this booking were cancelled." in mixed.words) == (412, True)
    assert ("reason", "We moved") in mixed.form(f"{path}/cancellation").fields
    assert states(shown) == ["Cancelled", "Approved", "Approved", "Approved"]
    assert mended.goes_to == f"{path}?done=cancelled"
    assert (none.status, "kept words" in none.html) == (422, True)


async def test_only_those_who_may_cancel_are_asked_and_only_with_their_own_form(district: District) -> None:
    names = ("lin", "becker", "castillo", "sam")
    async with Server(district.url, worker=False) as server, visiting(server, district, *names) as people:
        lin, _, castillo, sam = people
        path = f"/bookings/{await booked(lin, wish(weeks='1'))}"
        asks = [await person.open(f"{path}/cancellation", all="1") for person in people]
        form = asks[0].form(f"{path}/withdrawal")
        without = Form(form.action, form.method, [field for field in form.fields if field[0] != "_csrf"])
        sent = [await lin.send(without), await sam.send(form), await castillo.send(form)]
        own = {"_csrf": dict((await castillo.open("/bookings")).forms[0].fields)["_csrf"]}
        staff = await castillo.send(form, **own)
        shown = await lin.open(path)
    assert [(page.status, page.goes_to) for page in asks] == [
        (200, ""),
        (303, f"/approvals?ref={path.rpartition('/')[2]}"),
        (403, ""),
        (404, ""),
    ]
    assert ([page.status for page in sent], staff.status) == ([403] * 3, 403)
    assert states(shown) == ["Held for you"]
