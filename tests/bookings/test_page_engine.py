"""The engine on the request page, without JavaScript: several rooms, any of a kind, layouts and a program; ways out of odd dates; and what was shown is what is
sent, or the page says what changed."""

import json
from datetime import date, timedelta
from typing import Any

from tests.conftest import District
from tests.ground import sql
from tests.ground.browser import Browser, Form, Page
from tests.ground.processes import Server
from tests.stories.asks import CLASSROOM, HALL, day
from tests.stories.visitors import WHAT, booked, even, lines, reference_in, short, ticked, visiting, wish

NEW = "/bookings/new"
SCHOOL = "24th-street-elementary"
OTHER, LIBRARY, ANY = f"{SCHOOL}/room-14", f"{SCHOOL}/library", f"{SCHOOL}/any:classroom"
LAYOUTS = "UPDATE rooms SET layouts = '{\"classroom\": 40, \"conference\": 12}' WHERE slug = 'library'"
DATES = """SELECT o.original_start, o.starts_at, r.slug FROM occurrences o JOIN occurrence_rooms x ON x.occurrence_id = o.id JOIN rooms r ON r.id = x.room_id
WHERE o.booking_id = (SELECT max(id) FROM bookings) ORDER BY o.original_start, r.slug"""
KEPT = "SELECT b.wanted, b.layout, p.name FROM bookings b JOIN programs p ON p.id = b.program_id"
WEEK = timedelta(weeks=1)


def buttons(page: Page, name: str) -> dict[str, str]:
    """The words on the buttons of that name, with what they send."""
    found = lines(page, "button")
    values = [each.split('"')[0] for each in page.html.split(f'name="{name}" value="')[1:]]
    said = [each for each in found if each != "Sign out" and not each.startswith(("Check", "Request", "Send"))]
    return dict(zip([each for each in said if each.startswith("Put") is (name == "back")], values, strict=True))


async def pressed(person: Browser, page: Page, name: str, words: str, **typed: str) -> Page:
    """The page after that button, whose form sends no other."""
    form = page.form(NEW)
    fields = [field for field in form.fields if field[0] != "act"]
    return await person.send(Form(form.action, form.method, fields), **{name: buttons(page, name)[words]}, **typed)


async def found(district: District, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await sql.rows(district.url, query)]


async def rooms_by_day(district: District) -> dict[str, list[str]]:
    """Which rooms the newest booking has on each day."""
    by_day: dict[str, list[str]] = {}
    for original, _, slug in await found(district, DATES):
        by_day.setdefault(str(original)[:10], []).append(slug)
    return by_day


async def test_several_rooms_one_of_any_kind_a_layout_and_a_program_are_asked_for_and_kept(district: District) -> None:
    first = day()
    async with Server(district.url, worker=False) as server, visiting(server, district, "lin") as (lin,):
        await sql.tell(district.url, LAYOUTS)
        opened = await lin.open(NEW, **wish(room=ANY, weeks="2"))
        form = ticked(opened.form(NEW), "more", "library")
        what = WHAT | {"people": "71", "program": "Clinic on foot", "layout": "classroom"}
        many = await lin.send(form, act="check", **what)
        checked = await lin.send(ticked(many.form(NEW), "more", "library"), act="check", people="70")
        sent = await lin.send(checked.form(NEW), act="request")
        again = await lin.send(checked.form(NEW), act="request")
        next_time = await lin.open(NEW, **wish())
    kept = [json.loads(each) if isinstance(each, str) else each for each, *_ in await found(district, KEPT)]
    assert "Classroom, any of 2 (up to 30 people)" in opened.words
    assert "Library (up to 60 people; Tables and chairs 40, One large table 12)" in opened.words
    assert "These rooms hold up to 70 together." in many.words
    assert "Set up as Tables and chairs, the rooms hold 70 people together; you said 71." in many.words
    assert "For now Classroom 12, Library. The school may assign another of its kind when it decides." in checked.words
    assert (sent.status, again.goes_to) == (303, f"/bookings/{reference_in(sent)}?done=already")
    assert (kept, [row[1:] for row in await found(district, KEPT)]) == (
        [[ANY, LIBRARY]],
        [("classroom", "Clinic on foot")],
    )
    assert await rooms_by_day(district) == {str(first + WEEK * n): ["library", "room-12"] for n in range(2)}
    assert '<option value="Clinic on foot">' in next_time.html


async def test_an_odd_date_is_taken_in_another_room_or_at_another_time_and_put_back(district: District) -> None:
    """Two dates that somebody else has: one goes to the other classroom, the other to the evening, and back and again."""
    first = day()
    days = [first + WEEK * n for n in range(3)]
    async with Server(district.url, worker=False) as server, visiting(server, district, "sam", "lin") as (sam, lin):
        await booked(sam, wish(days[1], room=OTHER, weeks="2"), title="Play", activity="performance")
        opened = await lin.open(NEW, **wish(room=OTHER, weeks="3"))
        elsewhere = await pressed(lin, opened, "take", f"Classroom 12 {short(days[1])}", **WHAT)
        later = await pressed(lin, elsewhere, "take", f"6:00 PM – 8:00 PM {short(days[2])}")
        back = await pressed(lin, later, "back", f"Put back {short(days[1])}")
        taken = await pressed(lin, back, "take", f"Classroom 12 {short(days[1])}")
        sent = await lin.send(taken.form(NEW), act="request")
    offered = [
        each for day_ in days[1:] for each in (f"Classroom 12 {short(day_)}", f"6:00 PM – 8:00 PM {short(day_)}")
    ]
    assert [each for each in buttons(opened, "take") if "12" in each.split(" Tue")[0] or "6:00" in each] == offered
    assert [submit(page) for page in (opened, elsewhere, later, back, taken)] == [1, 2, 3, 2, 3]
    assert "Classroom 12 Put back" in elsewhere.words
    assert (sent.status, await rooms_by_day(district)) == (
        303,
        {str(days[0]): ["room-14"], str(days[1]): ["room-12"], str(days[2]): ["room-14"]},
    )
    moved = [(str(row[0])[11:16], str(row[1])[:10]) for row in await found(district, DATES)]
    assert moved[2][0] == "16:00", "it keeps the name that its series gave it"


def submit(page: Page) -> int:
    """How many dates the form asks for."""
    said = [each for each in lines(page, "button") if each.startswith("Request ")]
    return int(said[0].split()[1]) if said else 0


async def test_a_single_date_is_asked_for_otherwise_by_the_fields_themselves(district: District) -> None:
    async with Server(district.url, worker=False) as server, visiting(server, district, "sam", "lin") as (sam, lin):
        await booked(sam, wish(room=OTHER, weeks="1"), title="Play", activity="performance")
        opened = await lin.open(NEW, **wish(room=OTHER, weeks="1"))
        other = await pressed(lin, opened, "take", f"Classroom 12 {short(day())}", **WHAT)
        later = await pressed(lin, opened, "take", f"6:00 PM – 8:00 PM {short(day())}", **WHAT)
    fields = [dict(page.form(NEW).fields) for page in (other, later)]
    assert [(each["room"], each["from"], each["to"], each["title"]) for each in fields] == [
        (CLASSROOM, "16:00", "18:00", WHAT["title"]),
        (OTHER, "18:00", "20:00", WHAT["title"]),
    ]
    assert ["This date is free." in page.words for page in (other, later)] == [True, True]


async def test_what_changed_since_the_dates_were_checked_is_named_and_nothing_is_written(district: District) -> None:
    """Somebody is quicker; then the same form again asks for what is shown now. Another's token and a garbled one count for nothing."""
    second = day() + WEEK
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "sam", "lin", "rosa") as (sam, lin, rosa),
    ):
        opened = await lin.open(NEW, **wish(weeks="3"))
        hers = await rosa.open(NEW, **wish(weeks="3"))
        await booked(sam, wish(second, weeks="1"), title="Play", activity="performance")
        changed = await lin.send(opened.form(NEW), act="request", **WHAT)
        token = dict(opened.form(NEW).fields)["token"]
        borrowed = await rosa.send(hers.form(NEW), act="request", token=token, **WHAT)
        garbled = await lin.send(opened.form(NEW), act="request", token="x", **WHAT)
        before = await found(
            district, "SELECT count(*) FROM bookings WHERE title NOT LIKE 'Clinic%' AND title <> 'Play'"
        )
        sent = await lin.send(changed.form(NEW), act="request")
    told = f"{second:%A, %B} {second.day}, {second.year}: It was free when you looked. Now: Taken 4:00 PM to 6:00 PM."
    assert [page.status for page in (changed, borrowed, garbled, sent)] == [409, 409, 409, 303]
    assert "Something has changed since you looked." in changed.words
    assert told in even(changed.words)
    assert [
        "These dates were checked long ago, or by somebody else." in page.words for page in (borrowed, garbled)
    ] == [True] * 2
    assert list(await rooms_by_day(district)) == [str(day()), str(day() + 2 * WEEK)]
    assert before == [(0,)]


async def test_changes_of_dates_wait_while_their_dates_are_gone(district: District) -> None:
    """Nothing typed is lost: a shorter series forgets no change, and what is no change at all is left aside."""
    days = [day() + WEEK * n for n in range(3)]
    async with Server(district.url, worker=False) as server, visiting(server, district, "lin") as (lin,):
        opened = await lin.open(NEW, **wish(weeks="3"))
        form = opened.form(NEW)
        form.fields += [("change", f"{days[2]}|||{OTHER}"), ("change", "2026-99-99|||x"), ("change", "nonsense")]
        taken = await lin.send(form, act="check", **WHAT)
        fewer = await lin.send(taken.form(NEW), act="check", weeks="2")
        wrong = await lin.send(fewer.form(NEW), act="check", weeks="many")
        whole = await lin.send(wrong.form(NEW), act="check", weeks="3")
    kept = [
        [value for name, value in page.form(NEW).fields if name == "change"] for page in (taken, fewer, wrong, whole)
    ]
    assert kept == [[f"{days[2]}|||{OTHER}"]] * 4
    assert ["Classroom 14 Put back" in page.words for page in (taken, fewer, wrong, whole)] == [
        True,
        False,
        False,
        True,
    ]


async def test_staff_ask_anyway_with_a_reason_where_it_would_help_and_partners_are_not_offered_it(
    district: District,
) -> None:
    soon: date = day(ahead=3)
    query = wish(soon, room=HALL, weeks="1", people="10")
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "becker", "lin") as (becker, lin),
    ):
        opened, partners = await becker.open(NEW, **query), await lin.open(NEW, **query)
        caller = WHAT | {"caller": "Ana Ruiz", "anyway": "The flood next door."}
        checked = await becker.send(opened.form(NEW), act="check", **caller)
        sent = await becker.send(checked.form(NEW), act="request")
        at_once = await becker.send(
            opened.form(NEW), act="request", **(caller | {"title": "Another", "from_": "19:00", "to": "20:00"})
        )
    assert ["Ask anyway, because" in page.words for page in (opened, partners, checked)] == [True, False, True]
    assert "Whoever decides takes an extra look:" in checked.words
    assert (submit(opened), submit(checked)) == (0, 1)
    assert (sent.status, sent.goes_to) == (303, f"/bookings/{reference_in(sent)}?done=requested")
    assert at_once.status == 409
    rows = await found(district, "SELECT anyway FROM bookings WHERE anyway IS NOT NULL")
    assert rows == [("The flood next door.",)]
