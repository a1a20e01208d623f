"""Finding a room as a visitor does: which rooms are ranked first, why the odd dates are odd, what stands in for them, and what bad input gets."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from litestar.datastructures import MultiDict

from afterbell.policy.verdict import Message
from afterbell.programme.need import Reading, Typed
from tests.cast import OWL, ZONE
from tests.conftest import District
from tests.ground.browser import Page, browser, read
from tests.ground.client import client
from tests.ground.processes import Server

EAST, WEST, WHOLE = "Hall 1, east half", "Hall 1, west half", "Hall 1, whole"


def token_of(district: District, email: str) -> str:
    return str(next(person["token"] for person in district.cast["people"] if person["email"] == email))


def tuesday_after(days: int) -> date:
    """A Tuesday at least so many days ahead, clear of the day that the cast closes."""
    first = datetime.now(ZoneInfo(ZONE)).date() + timedelta(days=days)
    return first + timedelta(days=(1 - first.weekday()) % 7)


def cards(page: Page) -> list[str]:
    """The words of each answer, in order."""
    pieces = page.html.split('<li class="card answer">')[1:]
    return [plain(piece.partition("</ul>\n</section>")[0]) for piece in pieces]


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def links(page: Page) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="(/bookings/new\?[^"]+)"', page.html)]


def written(on: date) -> str:
    return f"{on:%a}, {on:%b} {on.day}"


async def book(server: Server, district: District, room: str, on: date) -> None:
    """The clinic asks for a room, which holds it."""
    body = {
        "organization": "eastside-community-clinic",
        "title": "Screening",
        "activity": "community-clinic",
        "rooms": [f"{OWL}/{room}"],
        "starts_at": f"{on}T18:00",
        "ends_at": f"{on}T20:00",
        "headcount": 10,
    }
    async with client(server.base_url, token_of(district, "lin@clinic.example")) as lin:
        answer = await lin.post("/api/v1/bookings", json=body)
    assert answer.status_code == 201, answer.text


def need(first: date, **more: str) -> dict[str, str]:
    usual = {"date": first.isoformat(), "from": "17:00", "to": "19:00", "weeks": "3", "people": "90"}
    return {**usual, "kind": "gym", "school": "night OWL", **more}


async def test_rooms_free_on_all_dates_come_first_and_odd_dates_have_a_reason_and_an_alternative(
    district: District,
) -> None:
    first = tuesday_after(40)
    odd = first + timedelta(days=7)
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        await book(server, district, "hall-1a", odd)
        found = await visitor.open("/find", **need(first))
        spanish = await visitor.open("/es/find", **need(first, kind="multipurpose", weeks="1"))
    taken = f"The building is open anyway on 1 of 3 dates {written(odd)} Taken 6:00 PM to 8:00 PM. {EAST} is free free 4:00 PM – 6:00 PM"
    assert (found.status, found.heading) == (200, "Find a room")
    assert "1 room is free on all dates" in found.words
    assert cards(found) == [
        (
            f"{EAST} Night Owl High Gymnasium · 100 people · Step-free, Bleachers Free on all 3 dates Request 3 dates : {EAST}, Night Owl High "
            "The building is open anyway on 1 of 3 dates"
        ),
        f"{WEST} Night Owl High Gymnasium · 100 people · Step-free, Bleachers Free on 2 of 3 dates Request 2 dates : {WEST}, Night Owl High {taken}",
        f"{WHOLE} Night Owl High Gymnasium · 200 people · Step-free, Bleachers Free on 2 of 3 dates Request 2 dates : {WHOLE}, Night Owl High {taken}",
    ]
    asked = f"date={first}&weeks=3&from=17%3A00&to=19%3A00&people=90"
    instead = f"/bookings/new?room={OWL}%2Fhall-1b&date={odd}&from=17%3A00&to=19%3A00&people=90"
    earlier = "/bookings/new?room={}%2F{}&date={}&from=16%3A00&to=18%3A00&people=90"
    assert links(found) == [
        f"/bookings/new?room={OWL}%2Fhall-1b&{asked}",
        f"/bookings/new?room={OWL}%2Fhall-1a&{asked}",
        instead,
        earlier.format(OWL, "hall-1a", odd),
        f"/bookings/new?room={OWL}%2Fhall-1&{asked}",
        instead,
        earlier.format(OWL, "hall-1", odd),
    ]
    assert "39 espacios libres" in spanish.words
    assert len(cards(spanish)) == 30
    assert "Estos son los 30 mejores." in spanish.words


async def test_a_date_that_no_school_can_take_is_told_once(district: District) -> None:
    closed = date.fromisoformat(district.cast["closed"])
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        found = await visitor.open("/find", **need(closed, kind="", school="", weeks="1"))
        over = await visitor.open("/find", **need(closed, kind="", school="", weeks="2"))
        crowd = await visitor.open("/find", **need(closed, people="99999", school=""))
    shut = f"No school can take this date {written(closed)} School closed: Staff day"
    assert [page.status for page in (found, over, crowd)] == [200, 200, 200]
    assert shut in found.words
    assert "No room is free" in found.words
    assert shut in over.words
    assert cards(found) == []
    assert all("School closed" not in card for card in cards(over))
    assert "No room here is large enough and has all you asked for." in crowd.words


async def test_the_form_begins_with_the_first_date_that_notice_allows(district: District) -> None:
    """Fifteen business days; the cast closes no other day so soon."""
    before = sixteenth_weekday(datetime.now(UTC))
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        page = await visitor.open("/find")
    fields = dict(page.form("/find").fields)
    assert date.fromisoformat(fields["date"]) in {before, sixteenth_weekday(datetime.now(UTC))}
    assert {name: fields[name] for name in ("from", "to", "weeks", "people", "kind", "school")} == {
        "from": "17:00",
        "to": "19:00",
        "weeks": "1",
        "people": "20",
        "kind": "",
        "school": "",
    }
    assert "Or look at one school" in page.words


def sixteenth_weekday(now: datetime) -> date:
    """The first date for which fifteen business days' notice suffices, counted by hand."""
    day, left = now.astimezone(ZoneInfo(ZONE)).date(), 15
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


BAD = {
    "date": ("", "x", "2026-13-01", "20261201", "9999-12-31", "0001-01-01", "12/01/2026", "2026-12-01T00:00"),
    "from": ("", "x", "25:00", "17:07", "17", "17:00:30", "T17:00", "17:00Z"),
    "to": ("17:00", "16:45", "-1"),
    "weeks": ("", "0", "31", "1.5", "-1", "9" * 30, "٣"),
    "people": ("", "0", "-5", "1e3", "100001", "many", "٣"),
    "kind": ("castle", "gym "[:2], "<b>"),
    "school": ("zzzz", "%", "_", "\\", "'; DROP TABLE rooms; --", "<script>"),
    "until": ("x", "2020-01-07", "9999-12-31", "20301201", "tomorrow"),
    "near": ("00000", "here", "91.0,0.0", "34.05;-118.25", "<b>"),
    "layout": ("castle", "theater "[:5]),
}


async def test_what_cannot_be_read_is_told_beside_its_field_and_kept(district: District) -> None:
    first = tuesday_after(40)
    odd = []
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        for name, values in BAD.items():
            for value in values:
                page = await visitor.open("/find", **need(first, **{name: value}))
                odd += [f"{name}={value!r}: {complaint}" for complaint in complaints(page, name, value)]
    assert odd == []


@pytest.mark.parametrize("typed", ["0001-01-01", "x"])
def test_of_a_first_date_that_cannot_be_read_nothing_is_said_about_the_last(typed: str) -> None:
    query = MultiDict({"date": typed, "until": "2030-12-01"})
    reading = Reading(Typed.of(query, date(2030, 1, 1)))
    reading.ask()
    assert reading.complaints == {"date": Message("Choose the first date.")}


def complaints(page: Page, name: str, value: str) -> Iterable[str]:
    """What is wrong with the answer to a bad value."""
    fields = dict(page.form("/find").fields)
    kept = name in ("from", "to", "kind", "layout") or fields.get(name) == value
    yield from [f"status {page.status}"] * (page.status != 422)
    yield from ["no summary"] * ("One thing needs another look" not in page.words)
    yield from ["no link to the field"] * (f'<a href="#{name}">' not in page.html)
    yield from ["no complaint beside it"] * (f'id="{name}-error"' not in page.html)
    yield from [f"shows {fields.get(name)!r}"] * (not kept)
    yield from ["kept by caches"] * (page.answer.headers["cache-control"] != "no-store")


GOOD = (
    {"people": "1"},
    {"people": "100000"},
    {"weeks": "30"},
    {"to": "00:00"},
    {"from": "00:00", "to": "00:00"},
    {"kind": "", "features": "x" * 500},
    {"features": "projector", "access": "step_free"},
    {"school": "Night Owl High"},
    {"unknown": "x", "near": "90001", "within": "99"},
    {"near": "33.97,-118.25", "within": "1", "weekdays": "XX", "layout": "theater", "until": ""},
)


async def test_several_weekdays_up_to_a_last_date_near_a_zip_code(district: District) -> None:
    """Twice a week for a fortnight and a day; what is needed goes on to the request form, and distances are told."""
    first = tuesday_after(40)
    last = first + timedelta(days=14)
    twice = need(first, weeks="1", until=last.isoformat(), near="90001", within="2", school="", people="150")
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        page = await visitor.open("/find", **twice, weekdays="TH")
        both = read(await visitor.http.get("/find", params={**twice, "weekdays": ["TU", "TH"]}))
    (card,), (whole,) = cards(page), cards(both)
    assert card.startswith(f"{WHOLE} Night Owl High · 0.4 miles away Gymnasium · 200 people")
    assert ("Free on all 2 dates" in card, "Free on all 5 dates" in whole) == (True, True)
    assert f"5 dates: {first:%A, %B} {first.day}" in both.words
    asked = f"date={first}&often=weekly&weekdays=TU&weekdays=TH&until={last}&from=17%3A00&to=19%3A00&people=150"
    assert links(both) == [f"/bookings/new?room={OWL}%2Fhall-1&{asked}"]
    assert dict(page.form("/find").fields)["until"] == last.isoformat()


async def test_control_what_can_be_read_is_answered(district: District) -> None:
    first = tuesday_after(40)
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        found = [(await visitor.open("/find", **{**need(first), **query})).status for query in GOOD]
        past = await visitor.open("/find", **need(date(2020, 1, 7), weeks="1"))
        midnight = await visitor.open("/find", **need(first, weeks="1", to="00:00"))
    assert found == [200] * len(GOOD)
    assert "Already past" in past.words
    assert "5:00 PM – 12:00 AM" in midnight.words
    assert len(cards(midnight)) == 3


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_the_hour_that_the_spring_change_leaves_out_is_no_start(district: District, engine: str) -> None:
    sunday = next_march_change()
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        page = await visitor.open("/find", **need(sunday, **{"from": "02:30", "to": "04:00"}))
    assert page.status == 422
    assert "The clocks go forward that night and this time does not exist. 03:30 does." in page.words


def next_march_change() -> date:
    """The second Sunday of the March to come."""
    today = datetime.now(ZoneInfo(ZONE)).date()
    for year in (today.year, today.year + 1):
        first = date(year, 3, 1)
        sunday = first + timedelta(days=(6 - first.weekday()) % 7 + 7)
        if sunday > today:
            return sunday
    raise AssertionError("no March is to come")
