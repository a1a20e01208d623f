"""`/approvals` over TCP: the list, one request beside it, and two people who decide at once."""

import asyncio
from datetime import datetime, time, timedelta

from tests.conftest import District
from tests.ground.browser import Form, Page
from tests.ground.processes import Server
from tests.ground.sql import moment, rows, tell
from tests.stories.asks import HALL, THERE, day
from tests.stories.visitors import booked, elsewhere, even, lines, long, visiting, wish

APPROVALS = "/approvals"


def entries(page: Page) -> list[str]:
    """The titles in the list."""
    found = page.html.partition('<ul class="list-detail-list">')[2].partition("</ul>")[0]
    return [each.split("</strong>")[0] for each in found.split("<strong>")[1:]]


def count(page: Page) -> str:
    """What stands beside Approvals in the bar."""
    return next((line for line in lines(page, "li") if line.startswith("Approvals")), "")


def facts(page: Page) -> dict[str, str]:
    return dict(zip(lines(page, "dt"), lines(page, "dd"), strict=True))


async def state(district: District, reference: str) -> str:
    return str((await rows(district.url, f"SELECT state FROM bookings WHERE reference = '{reference}'"))[0][0])


async def test_an_approver_reads_all_that_a_decision_needs_and_gives_a_reason_to_decline(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "okafor") as (lin, okafor),
    ):
        what = {"title": "Later", "contact": "Ana Ruiz", "note": "Two <tables>"}
        one = await booked(lin, wish(setup="30"), **what)
        shown = await okafor.open(APPROVALS, ref=one)
        form = elsewhere(shown.form(f"/bookings/{one}/approval"), f"/bookings/{one}/decline")
        bare = await okafor.send(form)
        long_words = await okafor.send(form, words="é" * 1_001)
    told = facts(shown)
    assert told == {
        "Room": "Classroom 12 Twenty-Fourth Street Elementary",
        "Partner": "Eastside Community Clinic Verified",
        "How often": "Every week on Tuesday, 4:00 PM – 6:00 PM, 4 dates",
        "People expected": "20 of at most 30",
        "Kind of activity": "Community health clinic",
        "Who may see it": "Staff of the school see the title",
        "Asked by": f"Dr Mei Lin {told['Asked by'].removeprefix('Dr Mei Lin ')}",
        "Decide by": told["Decide by"],
        "On the day": "Ana Ruiz",
        "Reference": one,
    }
    assert "Two &lt;tables&gt;" in shown.html
    assert "As the rules stand now all 4 dates can be approved." in shown.words
    assert "4:00 PM – 6:00 PM (room kept 3:30 PM – 6:00 PM)" in even(shown.words)
    assert [(page.status, "<title>Error: Approvals" in page.html) for page in (bare, long_words)] == [(422, True)] * 2
    assert "Write the reason: the partner reads it." in bare.words
    assert ("words", "é" * 1_001) in long_words.form(f"/bookings/{one}/approval").fields
    assert await state(district, one) == "requested"


async def test_an_approver_declines_one_request_and_approves_the_next_of_the_list(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "okafor") as (lin, okafor),
    ):
        empty = await okafor.open(APPROVALS)
        later = await booked(lin, wish(day(ahead=50)), title="Later")
        sooner = await booked(lin, wish(weeks="1"), title="Sooner")
        opened = await okafor.open(APPROVALS)
        form = elsewhere(opened.form(f"/bookings/{sooner}/approval"), f"/bookings/{sooner}/decline")
        declined = await okafor.send(form, words="The hall is\r\nbeing painted")
        on = await okafor.open(declined.goes_to)
        approved = await okafor.send(on.form(f"/bookings/{later}/approval"))
        done = await okafor.open(approved.goes_to)
        told = await lin.open(f"/bookings/{sooner}")
    assert (empty.heading, count(empty), "Nothing waits for you." in empty.words) == ("Approvals", "Approvals", True)
    assert (entries(opened), count(opened)) == (["Sooner", "Later"], "Approvals 2 waiting")
    assert declined.goes_to == f"/approvals?done=declined&about={sooner}&next={later}"
    assert "Declined: Sooner. The partner gets a letter with your words." in on.words
    assert (entries(on), count(on)) == (["Later"], "Approvals 1 waiting")
    assert (approved.status, approved.goes_to) == (303, f"/approvals?done=approved&about={later}")
    assert ("Approved: Later. The partner gets a letter." in done.words, count(done)) == (True, "Approvals")
    assert "The hall is being painted" in told.words
    assert [await state(district, each) for each in (sooner, later)] == ["declined", "approved"]


async def test_two_who_decide_at_once_are_told_who_was_first_and_lose_no_words(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "okafor", "becker") as (lin, okafor, becker),
    ):
        one = await booked(lin, wish(weeks="1"))
        path = f"/bookings/{one}"
        mine, theirs = [(await each.open(APPROVALS)).form(f"{path}/approval") for each in (okafor, becker)]
        first = await okafor.send(mine, words="Welcome")
        second = await becker.send(elsewhere(theirs, f"{path}/decline"), words="Sorry, we are full")
        twice = await okafor.send(mine, words="Welcome")
        looked = await becker.open(APPROVALS, ref=one)
        other = await booked(lin, wish(weeks="1", from_="19:00", to="20:00"))
        forms = [(await each.open(APPROVALS)).form(f"/bookings/{other}/approval") for each in (okafor, becker)] * 5
        racers = [okafor, becker] * 5
        raced = await asyncio.gather(*(each.send(form) for each, form in zip(racers, forms, strict=True)))
        events = await rows(
            district.url, "SELECT kind, count(*) FROM events WHERE booking_id > 2 GROUP BY kind ORDER BY kind"
        )
    assert (first.status, second.status) == (303, 412)
    assert "Grace Okafor approved it on " in second.words
    assert "What you wrote was not sent: Sorry, we are full" in second.words
    assert (twice.status, twice.goes_to) == (303, f"/approvals?done=approved&about={one}")
    assert (looked.status, "Grace Okafor approved it" in looked.words) == (200, True)
    assert sorted({page.status for page in raced}) == [303, 412]
    assert [page.status for page in raced].count(303) == 5  # the winner's five presses
    assert events == [("booking.approved", 2), ("booking.requested", 2)]


async def test_what_stands_in_the_way_now_is_told_and_the_approval_refused(district: District) -> None:
    """The school closed a day after the request; and where requests competed until yesterday somebody else holds the room since."""
    on = day(ahead=40)
    starts = datetime.combine(on, time(), THERE)
    closure = (
        "INSERT INTO closures (public_id, campus_id, uid, starts_at, ends_at, reason) VALUES ('c1', NULL, NULL, "
        f"{moment(district.url, starts)}, {moment(district.url, starts + timedelta(days=1))}, 'Water pipe')"
    )
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "sam", "becker") as (lin, sam, becker),
    ):
        one = await booked(lin, wish(on, weeks="3"), title="One")
        open_page = await becker.open(APPROVALS, ref=one)
        await tell(district.url, closure, "UPDATE campuses SET holds = 'on_approval'")
        two = await booked(sam, wish(room=HALL, weeks="1"), title="Two", activity="performance")
        await tell(district.url, "UPDATE campuses SET holds = 'on_request'")
        three = await booked(lin, wish(room=HALL, weeks="1"), title="Three")
        blocked = await becker.open(APPROVALS, ref=one)
        refused = await becker.send(open_page.form(f"/bookings/{one}/approval"), words="Fine")
        lost = await becker.open(APPROVALS, ref=two)
        fate = await becker.send(lost.form(f"/bookings/{two}/approval"))
    for page in (blocked, refused):
        assert f"{long(on)} School closed: Water pipe" in lines(page, "li")
        assert lines(page, "button") == [
            "Sign out",
            "Ask the partner",
            "Decline all 3 dates",
            "Approve the ticked dates",
            "Decline the ticked dates",
        ]
    assert (refused.status, "This can no longer be approved as requested." in refused.words) == (409, True)
    assert ("words", "Fine") in refused.form(f"/bookings/{one}/approval").fields
    assert f"{long(day())} Taken 4:00 PM – 6:00 PM" in [even(line) for line in lines(lost, "li")]
    assert (fate.status, [await state(district, each) for each in (one, two, three)]) == (
        409,
        ["requested", "requested", "requested"],
    )
    assert lines(lost, "button") == ["Sign out", "Ask the partner", "Decline", "Approve in the ticked rooms"]


async def test_only_deciders_come_in_and_nobody_decides_for_their_own(district: District) -> None:
    """Ms Okafor has no say at Night Owl High; Mr Becker joins the clinic and may not decide for it any more."""
    names = ("lin", "okafor", "becker", "castillo", "adler", "sam")
    join = (
        "INSERT INTO memberships (person_id, organization_id, role) SELECT p.id, o.id, 'partner' FROM people p, organizations o "
        "WHERE p.email = 'becker@district.example' AND o.slug = 'eastside-community-clinic'"
    )
    async with Server(district.url, worker=False) as server, visiting(server, district, *names) as people:
        lin, okafor, becker, castillo, adler, sam = people
        one, owl = await booked(lin, wish(weeks="1")), await booked(lin, wish(room=HALL, weeks="1"), title="At night")
        shut = [await each.open(APPROVALS) for each in (lin, castillo, adler, sam)]
        hers = await okafor.open(APPROVALS)
        far = await okafor.open(APPROVALS, ref=owl)
        form = (await becker.open(APPROVALS, ref=one)).form(f"/bookings/{one}/approval")
        without = Form(form.action, form.method, [field for field in form.fields if field[0] != "_csrf"])
        unsafe = await becker.send(without)
        forged = [
            Form(form.action, "post", list(each.forms[0].fields))
            for each in (await lin.open("/bookings"), await sam.open("/bookings"))
        ]
        others = [await lin.send(forged[0]), await sam.send(forged[1])]
        await tell(district.url, join)
        own = await becker.send(form)
        list_without = await becker.open(APPROVALS)
        looked = await becker.open(APPROVALS, ref=one)
        switched = await okafor.open(f"/bookings/{one}/decline")
    assert [(page.status, page.heading) for page in shut] == [(403, "Not permitted")] * 4
    assert (entries(hers), far.status, unsafe.status) == (["Diabetes check-ups"], 404, 403)
    assert [page.status for page in others] == [403, 404]
    assert (own.status, "Nobody decides for their own organization." in own.words) == (409, True)
    assert (entries(list_without), count(list_without)) == ([], "Approvals")
    assert "Your own organization asked for this." in looked.words
    assert (switched.status, switched.goes_to) == (303, f"/approvals?ref={one}")
    assert [await state(district, each) for each in (one, owl)] == ["requested", "requested"]
