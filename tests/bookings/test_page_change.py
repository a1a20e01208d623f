"""Changing a booking on its page, without JavaScript: the preview says what is so at once and what waits, nothing typed is lost, nothing is done twice."""

from datetime import timedelta

from tests.conftest import District
from tests.ground.browser import Form, Page
from tests.ground.processes import Server
from tests.ground.sql import rows, tell
from tests.stories.asks import HALL, caller, day
from tests.stories.changing import approved, both_sides, named, opened, previewed
from tests.stories.visitors import booked, even, lines, short, ticked, visiting, wish

WEEK = timedelta(weeks=1)
OWL = "night-owl-high"
OTHER = "night-owl-high/hall-31"


def heads(page: Page) -> list[str]:
    return lines(page, "th")[2:]


async def test_dates_that_wait_are_changed_at_once_after_a_preview(district: District) -> None:
    first = day(ahead=40)
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin") as (lin,),
    ):
        path = f"/bookings/{await booked(lin, wish(first, room=HALL, weeks='3'))}"
        form = await opened(lin, path)
        nothing = await lin.send(form, act="check")
        shown = await lin.send(form, act="check", scope="following", from_="17:00", title="Eye tests")
        unseen = await lin.send(form, act="change", from_="17:00")
        other = await lin.send(shown.form(f"{path}/change"), act="change", from_="15:00")
        sent = [await lin.send(shown.form(f"{path}/change"), act="change") for _ in range(2)]
        done = await lin.open(sent[0].goes_to)
    assert (nothing.status, "Nothing would be otherwise yet." in nothing.words) == (422, True)
    assert (shown.status, shown.heading) == (200, "Change the booking")
    before = [f"{short(first + WEEK * n)}, 4:00 PM – 6:00 PM" for n in range(3)]
    after = [f"{short(first + WEEK * n)}, 5:00 PM – 6:00 PM" for n in range(3)]
    assert previewed(shown) == [
        "Changed in the request that waits",
        *(f"From {was} → to {becomes}" for was, becomes in zip(before, after, strict=True)),
        "At once",
    ]
    assert "All of it is so as soon as you send it." in shown.words
    assert [(page.status, "after the preview" in page.words) for page in (unseen, other)] == [(409, True)] * 2
    assert ("from", "15:00") in other.form(f"{path}/change").fields
    assert [(page.status, page.goes_to) for page in sent] == [(303, f"{path}?done=changed")] * 2
    assert (done.heading, "It is changed. A letter confirms it." in done.words) == ("Eye tests", True)
    assert "5:00 PM – 6:00 PM" in even(done.words)


async def test_a_move_of_approved_dates_waits_is_shown_everywhere_and_can_be_taken_back(district: District) -> None:
    first = day(ahead=48)
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "sam") as (lin, sam),
        caller(server.base_url, district, "becker") as becker,
    ):
        path = f"/bookings/{await booked(lin, wish(first, room=HALL, weeks='2'))}"
        await becker.post(f"/api/v1{path}/approval", json={})
        form = await opened(lin, path)
        shown = await lin.send(
            form, act="check", day=(first + WEEK).isoformat(), people="40", scope="this", rooms=OTHER
        )
        sent = await lin.send(shown.form(f"{path}/change"), act="change")
        told, cards = await lin.open(sent.goes_to), await lin.open("/bookings")
        foreign = await sam.open(f"{path}/change")
        longer = await lin.send(await opened(lin, path), act="check", to="19:00")
        back = [await lin.send(told.form(f"{path}/change/withdrawal")) for _ in range(2)]
        done = await lin.open(back[0].goes_to)
        late = await lin.send(told.form(f"{path}/change/withdrawal"), version="9")
        again = await lin.open(f"{path}/change/withdrawal")
    assert previewed(shown) == [
        "Waits for the school's decision",
        f"From {short(first)}, 4:00 PM – 6:00 PM, Hall 2 → to {short(first + WEEK)}, 4:00 PM – 6:00 PM, Hall 31 Free",
    ]
    assert previewed(longer)[-1].startswith(
        f"From {short(first)}, 4:00 PM – 6:00 PM, Hall 2 → to {short(first + WEEK)}, 4:00 PM – 7:00 PM, Hall 31"
    )
    assert "Until then the old time stands, and both times are kept for you." in shown.words
    assert "The change is sent." in told.words
    assert "40 people instead of 20" in even(told.words)
    assert ["Asked to move to:" in head and "Hall 31" in head for head in heads(told)] == [True, False]
    assert "A change waits" in cards.words
    assert foreign.status == 404
    assert [(page.status, page.goes_to) for page in back] == [(303, f"{path}?done=taken-back")] * 2
    assert ("The change is taken back" in done.words, "Asked to move" in done.words) == (True, False)
    assert (late.status, late.goes_to, again.goes_to) == (303, f"{path}?done=taken-back", path)


async def test_what_cannot_be_had_is_marked_with_what_would_pass_and_nothing_is_changed(district: District) -> None:
    first = day(ahead=56)
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "sam") as (lin, sam),
    ):
        path = f"/bookings/{await booked(lin, wish(first, room=HALL, weeks='2'))}"
        form = await opened(lin, path)
        free = await lin.send(form, act="check", scope="all", from_="19:00", to="21:00")
        await booked(sam, wish(first + WEEK, room=HALL, weeks="1", from_="19:30", to="20:30"))
        late = await lin.send(free.form(f"{path}/change"), act="change")
        shown = await lin.send(form, act="check", scope="all", from_="19:00", to="21:00", people="500")
        wrong = await lin.send(form, act="check", from_="19:00", to="18:00", people="many", title=" ", note="kept")
        query = "SELECT max(version) FROM bookings WHERE reference = '{}'"
        version = await rows(district.url, query.format(path.rpartition("/")[2]))
    assert (late.status, "1 date cannot be had as asked." in late.words) == (409, True)
    assert ("from", "19:00") in late.form(f"{path}/change").fields
    ends = ("Changed in the request that waits", "9:00 PM Free", "9:00 PM Taken 7:30 PM – 8:30 PM")
    assert [line.endswith(end) for line, end in zip(previewed(late), ends, strict=True)] == [True] * 3
    assert "The room holds 100 people; you said 500." in shown.words
    assert "As it stands this change cannot be made." in shown.words
    assert wrong.status == 422
    assert [text in wrong.words for text in ("Write a whole number of people", "Write what it is called.")] == [
        True
    ] * 2
    assert ("note", "kept") in wrong.form(f"{path}/change").fields
    assert version == [(1,)]


async def test_more_dates_and_fewer_and_a_stale_page_is_told_what_happened(district: District) -> None:
    first = day(ahead=64)
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "becker") as (lin, becker),
    ):
        reference = await booked(lin, wish(first, room=HALL, weeks="3"))
        path = f"/bookings/{reference}"
        form = await opened(lin, path)
        page = await lin.open(f"{path}/change")
        dates = named(page)
        more = ticked(ticked(form, "also", (first + WEEK * 4).isoformat()), "back", dates[0])
        shown = await lin.send(more, act="check")
        await becker.send((await becker.open("/approvals", ref=reference)).form(f"{path}/approval"))
        stale = await lin.send(shown.form(f"{path}/change"), act="change")
        checked = await lin.send(more, act="check")
        sent = await lin.send(stale.form(f"{path}/change"), act="change")
        staff = await opened(becker, path)
        theirs = await becker.send(staff, act="check", scope="all", from_="18:00", to="20:00")
        moved = await becker.send(theirs.form(f"{path}/change"), act="change")
        done = await lin.open(path)
    assert previewed(shown) == [
        "Further dates",
        f"{short(first + WEEK * 4)}, 4:00 PM – 6:00 PM, Hall 2 Free",
        "Given back at once",
        f"{short(first)}, 4:00 PM – 6:00 PM Given back",
    ]
    assert (stale.status, "Meanwhile dates of this booking were approved." in stale.words) == (412, True)
    assert previewed(stale) == previewed(shown)
    assert (checked.status, "Meanwhile this booking was changed." in checked.words) == (412, True)
    assert (sent.status, sent.goes_to) == (303, f"{path}?done=changed")
    assert previewed(theirs)[0] == "At once"
    assert (moved.status, len(heads(done))) == (303, 4)
    assert lines(done, "td") == ["Cancelled", "Approved", "Approved", "Held for you"]


async def test_only_those_who_may_change_it_see_the_page(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "castillo", "becker") as (lin, castillo, becker),
    ):
        path = f"/bookings/{await booked(lin, wish(weeks='1'))}"
        asked = [await person.open(f"{path}/change") for person in (lin, castillo, becker)]
        form = asked[0].form(f"{path}/change")
        forged = Form(form.action, "post", [field for field in form.fields if field[0] != "_csrf"])
        sent = await lin.send(forged, act="check", people="5")
        staff = dict((await castillo.open("/bookings")).forms[0].fields)["_csrf"]
        denied = await castillo.send(form, act="check", people="5", _csrf=staff)
        links = [f"{path}/change" in (await person.open(path)).html for person in (lin, castillo)]
    assert [page.status for page in asked] == [200, 403, 200]
    assert (sent.status, denied.status, links) == (403, 403, [True, False])


async def test_dates_in_other_rooms_are_told_apart_and_a_day_twice_is_refused_with_its_sentence(
    district: District,
) -> None:
    first = day(ahead=72)
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin") as (lin,),
    ):
        path = f"/bookings/{await booked(lin, wish(first, room=HALL, weeks='3'))}"
        page = await lin.open(f"{path}/change")
        dates = named(page)
        form = ticked(page.form(f"{path}/change"), "rooms", HALL, OTHER)
        shown = await lin.send(form, act="check", occurrence=dates[1])
        sent = await lin.send(shown.form(f"{path}/change"), act="change")
        told, cards = await lin.open(sent.goes_to), await lin.open("/bookings")
        again = ticked((await lin.open(f"{path}/change")).form(f"{path}/change"), "also", first.isoformat())
        twice = await lin.send(again, act="check")
        await lin.open("/language", to="es", next="/bookings")
        spanish = await lin.open(f"{path}/change", date=dates[2])
    assert previewed(shown)[1] == (
        f"From {short(first + WEEK)}, 4:00 PM – 6:00 PM, Hall 2 → to {short(first + WEEK)}, 4:00 PM – 6:00 PM, Hall 2, Hall 31 Free"
    )
    assert ["Hall 2, Hall 31" in head for head in heads(told)] == [False, True, False]
    assert "Hall 2, Night Owl High" in cards.words
    assert (twice.status, "The booking has a date on" in twice.words) == (409, True)
    assert ("also", first.isoformat()) in twice.form(f"{path}/change").fields
    assert (spanish.heading, f'value="{dates[2]}" selected' in spanish.html) == ("Cambiar la reservación", True)


async def test_a_layout_is_taken_off_and_both_sides_read_so(district: District) -> None:
    await tell(district.url, "UPDATE rooms SET layouts = '{\"theater\": 90}' WHERE slug = 'hall-3'")
    async with both_sides(district) as (lin, becker, asking, deciding):
        booking = await approved(asking, deciding, day(ahead=48), rooms=[f"{OWL}/hall-3"], layout="theater")
        path = f"/bookings/{booking['reference']}"
        shown = await lin.send(await opened(lin, path), act="check", layout="")
        sent = await lin.send(shown.form(f"{path}/change"), act="change")
        twice = await lin.send(shown.form(f"{path}/change"), act="change")
        told, pane = await lin.open(path), await becker.open("/approvals", ref=booking["reference"])
        await becker.send(pane.form(f"{path}/approval"))
        changed = await opened(lin, path)
        after = (await asking.get(f"/api/v1{path}")).json()
    assert "Nothing would be otherwise" not in shown.words
    assert "As it usually is" in shown.html.partition('id="preview"')[2]
    assert (sent.status, twice.status) == (303, 303)
    assert "Asked for: set up as it usually is" in even(told.words)
    assert "to As it usually is" in even(pane.words)
    assert (after["layout"], after["proposed"]) == (None, None)
    assert ("layout", "") in changed.fields
