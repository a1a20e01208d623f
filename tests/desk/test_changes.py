"""`/approvals` with changes in it: what was approved and is to be otherwise, old beside new, granted, kept or decided in part; other rooms at approval."""

from datetime import timedelta

from tests.conftest import District
from tests.desk.test_some_dates import boxes
from tests.ground.processes import Server
from tests.stories.asks import ask, caller, day, wall, weekly
from tests.stories.changing import approved, both_sides, changed, decision, in_pane
from tests.stories.visitors import even, lines, short, ticked, visiting

WEEK = timedelta(weeks=1)
HALL, OTHER, BUSY = "night-owl-high/hall-34", "night-owl-high/hall-35", "night-owl-high/hall-36"


async def test_a_change_is_shown_old_beside_new_and_granted_or_declined(district: District) -> None:
    first = day(ahead=40)
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "becker") as (becker,),
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "becker") as desk,
    ):
        made = await approved(lin, desk, first, rooms=[HALL], repeat=weekly(2))
        await changed(lin, made, starts_at=wall(first, 18), ends_at=wall(first, 20), headcount=40)
        reference = made["reference"]
        shown = await becker.open("/approvals")
        unsaid = await becker.send(decision(shown, reference, "decline"))
        kept = [await becker.send(decision(shown, reference, "decline"), words="We close early") for _ in range(2)]
        told, gone = await becker.open(kept[0].goes_to), await becker.open("/approvals", ref=reference)
        again = (await lin.get(f"/api/v1/bookings/{reference}")).json()
        await changed(lin, again, starts_at=wall(first, 18), ends_at=wall(first, 20), rooms=[OTHER], headcount=40)
        form = decision(await becker.open("/approvals", ref=reference), reference)
        granted = [await becker.send(form) for _ in range(2)]
        done = await becker.open(granted[0].goes_to)
        late = await becker.send(form, words="Too late")
        after = (await lin.get(f"/api/v1/bookings/{reference}")).json()
    assert ("Change" in lines(shown, "li")[-3], "2 dates" in shown.words) == (True, True)
    assert in_pane(shown) == [
        f"From {short(first + WEEK * n)}, 4:00 PM – 6:00 PM → to {short(first + WEEK * n)}, 6:00 PM – 8:00 PM"
        for n in range(2)
    ]
    assert "As the rules stand now the change can be approved." in shown.words
    assert "20 → to 40 of at most 100" in even(" ".join(lines(shown, "dd")))
    assert ("Ask the partner" in shown.words, unsaid.status) == (False, 422)
    assert [page.goes_to for page in kept] == [f"/approvals?done=kept&about={reference}"] * 2
    assert "The change is declined: Diabetes check-ups." in told.words
    assert "Nothing is left to decide." in gone.words
    assert [page.goes_to for page in granted] == [f"/approvals?done=changed&about={reference}"] * 2
    assert "The change is approved: Diabetes check-ups." in done.words
    assert (late.status, after["headcount"]) == (303, 40)
    assert {each["rooms"][0] for each in after["occurrences"]} == {OTHER}


async def test_a_change_is_decided_in_part_and_an_obstacle_is_told_beside_its_date(district: District) -> None:
    first = day(ahead=48)
    async with both_sides(district) as (mine, becker, lin, desk):
        made = await approved(lin, desk, first, rooms=[HALL], repeat=weekly(3))
        reference = made["reference"]
        await changed(lin, made, starts_at=wall(first, 18), ends_at=wall(first, 20), also=[wall(first + WEEK * 3, 16)])
        shown = await becker.open("/approvals", ref=reference)
        names = boxes(shown.html)
        some = await becker.send(ticked(decision(shown, reference), "date", names[0], names[3]), act="some")
        left = await becker.open("/approvals", ref=reference)
        form = ticked(decision(left, reference, "decline"), "date", names[1])
        declined = await becker.send(form, act="some", words="The choir sings")
        page = await mine.open(f"/bookings/{reference}")
    assert "Some of its dates are approved and are to change" in shown.words
    assert ("Approve all of it" in shown.words, len(in_pane(shown))) == (True, 4)
    assert some.goes_to == f"/approvals?done=some&about={reference}"
    assert [line.partition(" →")[0] for line in in_pane(left)] == [
        f"From {short(first + WEEK * n)}, 4:00 PM – 6:00 PM" for n in (1, 2)
    ]
    assert declined.goes_to == f"/approvals?done=some&about={reference}"
    assert lines(page, "td") == ["Approved"] * 4
    assert ["Asked to move" in head for head in lines(page, "th")[2:]] == [False, False, True, False]


async def test_any_of_a_kind_is_shown_and_another_room_is_given_when_it_is_approved(district: District) -> None:
    first = day(ahead=56)
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "becker", "lin") as (becker, mine),
        caller(server.base_url, district, "lin") as lin,
    ):
        body = ask(first, rooms=["night-owl-high/any:multipurpose"], repeat=weekly(2))
        reference = (await lin.post("/api/v1/bookings", json=body)).json()["reference"]
        rival = ask(first + WEEK, rooms=[BUSY], title="Another")
        await lin.post("/api/v1/bookings", json=rival)
        page, shown = await mine.open(f"/bookings/{reference}"), await becker.open("/approvals", ref=reference)
        form = decision(shown, reference)
        busy = await becker.send(ticked(form, "rooms", BUSY))
        unknown = await becker.send(ticked(form, "rooms", "night-owl-high/hall-99"))
        given = await becker.send(ticked(busy.form(f"/bookings/{reference}/approval"), "rooms", HALL, OTHER))
        after = await mine.open(f"/bookings/{reference}")
    assert "Multipurpose room (any) For now: Hall 2." in even(" ".join(lines(page, "dd")))
    assert "Asked for: Multipurpose room (any). Tick none to give Hall 2." in even(shown.words)
    assert (busy.status, "Taken 4:00 PM to 6:00 PM." in even(busy.words)) == (409, True)
    assert ("rooms", BUSY) in busy.form(f"/bookings/{reference}/approval").fields
    assert "Tick none to give Hall 2." in even(busy.words)
    assert (unknown.status, "There is no such room here." in unknown.words) == (409, True)
    assert (given.status, given.goes_to.partition("&next")[0]) == (303, f"/approvals?done=approved&about={reference}")
    assert "Hall 34, Hall 35, Night Owl High" in even(after.words)
    assert lines(after, "td") == ["Approved"] * 2


async def test_a_stale_page_and_a_change_that_was_taken_back_are_told(district: District) -> None:
    first = day(ahead=64)
    async with both_sides(district) as (mine, becker, lin, desk):
        made = await approved(lin, desk, first, rooms=[HALL])
        reference = made["reference"]
        waits = await changed(lin, made, starts_at=wall(first, 18), ends_at=wall(first, 20))
        form = decision(await becker.open("/approvals", ref=reference), reference)
        await changed(lin, waits, starts_at=wall(first, 19), ends_at=wall(first, 21))
        stale = await becker.send(form, words="Gladly")
        await lin.post(f"/api/v1/bookings/{reference}/change/withdrawal", json={})
        gone = await becker.send(stale.form(f"/bookings/{reference}/approval"))
        foreign = await mine.send(form, _csrf=dict((await mine.open("/bookings")).forms[0].fields)["_csrf"])
    assert (stale.status, "Meanwhile this booking was changed." in stale.words) == (412, True)
    assert ("words", "Gladly") in stale.form(f"/bookings/{reference}/approval").fields
    assert (gone.status, "took the change back on" in gone.words, foreign.status) == (412, True, 403)
