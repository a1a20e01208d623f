"""One person, two tabs: what the first did is told in the second before anything is done there, and what was typed is not lost. And a form that is sent
twice by a double click is one act, which is no second tab."""

import asyncio
from datetime import timedelta

from tests.conftest import District
from tests.ground import sql
from tests.ground.browser import Browser, Form, Page
from tests.ground.processes import Server
from tests.stories.asks import HALL, caller, day
from tests.stories.visitors import WHAT, booked, elsewhere, even, lines, long, reference_in, ticked, visiting, wish

NEW = "/bookings/new"
VERSION = "SELECT version FROM bookings WHERE reference = '{}'"


async def version(district: District, reference: str) -> int:
    return int((await sql.rows(district.url, VERSION.format(reference)))[0][0])


def boxes(page: Page) -> list[str]:
    """The dates that can be ticked."""
    return [part.split('"')[0] for part in page.html.split('name="date" value="')[1:]]


def some(form: Form, *dates: str) -> Form:
    """The form as the button for the ticked dates sends it."""
    kept = ticked(form, "date", *dates)
    return Form(kept.action, kept.method, [*kept.fields, ("act", "some")])


async def test_an_approver_who_decided_in_one_tab_is_told_so_in_the_other(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "okafor") as (lin, okafor),
    ):
        one = await booked(lin, wish())
        path = f"/bookings/{one}/approval"
        first, second = [await okafor.open("/approvals", ref=one) for _ in range(2)]
        half = await okafor.send(some(first.form(path), *boxes(first)[:2]))
        twice = await okafor.send(some(first.form(path), *boxes(first)[:2]))
        late = await okafor.send(second.form(path), words="All of it")
        asks = await okafor.send(elsewhere(second.form(path), f"/bookings/{one}/question"), words="Chairs?")
        at = await version(district, one)
        done = await okafor.send(late.form(path))
        after = await version(district, one)
    changed = "Meanwhile dates of this booking were approved. Look at it as it is now, then decide again."
    assert (half.status, twice.status, twice.goes_to) == (303, 303, half.goes_to)
    for page, typed in ((late, "All of it"), (asks, "Chairs?")):
        assert (page.status, changed in page.words) == (412, True)
        assert ("words", typed) in page.form(path).fields
    assert "All of it" not in done.words
    assert (at, done.status, after) == (2, 303, 3)


async def test_a_partner_who_gave_dates_back_in_one_tab_is_told_so_in_the_other(district: District) -> None:
    days = [long(day() + timedelta(weeks=n)) for n in range(4)]
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin") as (lin,),
        caller(server.base_url, district, "becker") as becker,
    ):
        one = await booked(lin, wish())
        path = f"/bookings/{one}"
        first, second = [await lin.open(f"{path}/cancellation", all="1") for _ in range(2)]
        form = first.form(f"{path}/withdrawal")
        gone = await lin.send(ticked(form, "date", boxes(first)[0]))
        late = await lin.send(second.form(f"{path}/withdrawal"), reason="kept words")
        at = await version(district, one)
        done = await lin.send(late.form(f"{path}/withdrawal"))
        states = (await becker.get(f"/api/v1{path}")).json()["occurrences"]
    assert (gone.status, late.status, at, done.status) == (303, 412, 2, 303)
    assert "Meanwhile dates of this booking were withdrawn." in late.words
    assert ("reason", "kept words") in late.form(f"{path}/withdrawal").fields
    assert [line.split(" 4:00")[0] for line in lines(late, "label") if "PM" in even(line)] == days[1:]
    assert [date["state"] for date in states] == ["withdrawn"] * 4


async def test_an_answer_in_a_second_tab_is_not_sent_and_not_lost(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin") as (lin,),
        caller(server.base_url, district, "becker") as becker,
    ):
        path = f"/bookings/{await booked(lin, wish(weeks='1'))}"
        await becker.post(f"/api/v1{path}/question", json={"message": "Chairs?"})
        first, second = [(await lin.open(path)).form(f"{path}/answer") for _ in range(2)]
        sent, again = [await lin.send(first, words="Ten") for _ in range(2)]
        await becker.post(f"/api/v1{path}/question", json={"message": "Tables?"})
        late = await lin.send(second, words="Twelve")
        told = (await becker.get(f"/api/v1{path}")).json()["messages"]
    assert [page.goes_to for page in (sent, again)] == [f"{path}?done=answered"] * 2
    assert (late.status, "Meanwhile the school has asked a question." in late.words) == (412, True)
    assert ("words", "Twelve") in late.form(f"{path}/answer").fields
    assert [each["text"] for each in told] == ["Chairs?", "Ten", "Tables?"]


async def test_control_a_form_without_its_version_decides_what_it_did_not_show(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "okafor") as (lin, okafor),
    ):
        one = await booked(lin, wish())
        path = f"/bookings/{one}/approval"
        first, second = [await okafor.open("/approvals", ref=one) for _ in range(2)]
        await okafor.send(some(first.form(path), *boxes(first)[:2]))
        form = second.form(path)
        blind = Form(form.action, form.method, [field for field in form.fields if field[0] != "version"])
        done = await okafor.send(blind)
        tampered = Form(form.action, form.method, [*blind.fields, ("version", "٣")])
        refused = await okafor.send(tampered, words="x")
    assert (done.status, await version(district, one), refused.status) == (303, 3, 412)


async def test_a_series_that_leaves_out_what_it_cannot_have_is_sent_twice_and_made_once(district: District) -> None:
    """The second date is taken; the five presses come at once, and one more when all is done."""
    second = day() + timedelta(weeks=1)
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "pilar") as (lin, pilar),
    ):
        await booked(pilar, wish(second, room=HALL, weeks="1"), title="Theirs")
        page = await lin.open(NEW, **wish(room=HALL))
        pressed = await presses(lin, page.form(NEW))
        late = await lin.send(page.form(NEW), act="request", skip="on", **WHAT)
        seen = await lin.open(pressed[0].goes_to)
    references = {reference_in(each) for each in [*pressed, late]}
    assert (len(references), late.goes_to.partition("?")[2]) == (1, "done=already")
    assert lines(seen, "td") == ["Held for you", "Left out", "Held for you", "Held for you"]
    assert "Taken 4:00 PM to 6:00 PM." in even(seen.words)
    assert await sql.rows(district.url, "SELECT count(*) FROM bookings WHERE title <> 'Theirs' AND id > 2") == [(1,)]


async def presses(person: Browser, form: Form) -> list[Page]:
    """The button pressed five times at once."""
    return list(await asyncio.gather(*(person.send(form, act="request", skip="on", **WHAT) for _ in range(5))))
