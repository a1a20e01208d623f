"""What families may come to, as they look for it: by day, school, kind, language and distance; what helps when nothing fits; what bad input gets."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from afterbell.almanac.span import Span
from afterbell.bookings.models import Activity
from afterbell.database import Database
from afterbell.programme.whats_on import date_of, series_of, whats_on
from tests.conftest import District
from tests.ground.browser import Browser, Page, browser
from tests.ground.processes import Server
from tests.ground.statements import counted
from tests.programme.offered import FAMILY, ids, offer
from tests.stories.asks import day, today, weekly

ENGLISH, YEAR = Activity.slug == "adult-esl", timedelta(days=365)
HILLS, VENICE = "baldwin-hills-elementary", "venice-high"


def cards(page: Page) -> list[str]:
    """The words of each card, in order."""
    pieces = [piece.partition("</section>")[0] for piece in page.html.split('<li class="card programme-card')[1:]]
    return [" ".join(unescape(re.sub(r"<[^>]+>|^[^>]*>", " ", piece)).split()) for piece in pieces]


def written(on: date) -> str:
    return f"{on:%A}, {on:%B} {on.day}, {on.year}"


async def programme_of(server: Server, district: District) -> date:
    """On one Tuesday reading at Baldwin Hills, a clinic without listing at Venice, and basketball in Spanish at Twenty-Fourth Street; reading again a
    day later."""
    first = day()
    spanish = {**FAMILY, "languages": ["es"], "summary": {"es": "Baloncesto"}, "cost": "$5", "places": "full"}
    reading: dict[str, Any] = {"activity": "parent-workshop", "rooms": [f"{HILLS}/library"], "listing": FAMILY}
    await offer(server, district, first, hour=17, **reading)
    await offer(server, district, first, hour=16, rooms=[f"{VENICE}/wellness-center"])
    await offer(server, district, first, hour=18, activity="youth-sports", listing=spanish)
    await offer(server, district, first + timedelta(days=1), hour=17, **reading)
    return first


async def filtered(visitor: Browser, first: date, **query: str) -> list[str]:
    """The times of the cards."""
    page = await visitor.open("/programme", date=first.isoformat(), **query)
    assert page.status == 200, page.words
    return [card.partition(" – ")[0] for card in cards(page)]


async def test_families_read_what_is_on_day_by_day_in_both_languages(district: District) -> None:
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        first = await programme_of(server, district)
        page = await visitor.open("/programme", date=first.isoformat())
        spanish = await visitor.open("/es/programme", date=first.isoformat(), show="day")
        near = await visitor.open("/programme", date=first.isoformat(), near="90016", within="2")
    assert cards(page) == [
        "4:00 PM – 6:00 PM Community health clinic Venice Senior High",
        "5:00 PM – 7:00 PM Reading for families Baldwin Hills Elementary , Library Free of charge Ages 2-6 English, Spanish Childcare",
        "6:00 PM – 8:00 PM Baloncesto Twenty-Fourth Street Elementary , Classroom 12 $5 Ages 2-6 Spanish Childcare No places left",
        "5:00 PM – 7:00 PM Reading for families Baldwin Hills Elementary , Library Free of charge Ages 2-6 English, Spanish Childcare",
    ]
    assert [day_ in page.words for day_ in (written(first), written(first + timedelta(days=1)))] == [True, True]
    assert "4 dates" in page.words
    assert [card.partition(" p.m. ")[2] for card in cards(spanish)] == [
        "– 6:00 p.m. Clínica de salud comunitaria Venice Senior High",
        "– 7:00 p.m. Lectura en familia Baldwin Hills Elementary , Library Gratis Edades: 2-6 Inglés, español Cuidado de niños",
        "– 8:00 p.m. Baloncesto Twenty-Fourth Street Elementary , Classroom 12 $5 Edades: 2-6 Español Cuidado de niños Sin lugares",
    ]
    assert "· 0.1 mi away" in cards(near)[0]


async def test_families_narrow_it_down(district: District) -> None:
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        first = await programme_of(server, district)
        found = {
            "school": await filtered(visitor, first, school=HILLS),
            "kind": await filtered(visitor, first, kind="community-clinic"),
            "pillar": await filtered(visitor, first, kind="enrichment"),
            "language": await filtered(visitor, first, language="en"),
            "spoken": await filtered(visitor, first, language="es"),
            "zip": await filtered(visitor, first, near="90066", within="1"),
            "point": await filtered(visitor, first, near="34.0216, -118.3649", within="1"),
            "wide": await filtered(visitor, first, near="90018", within="25"),
            "day": await filtered(visitor, first, show="day"),
        }
    assert found == {
        "school": ["5:00 PM", "5:00 PM"],
        "kind": ["4:00 PM"],
        "pillar": ["6:00 PM"],
        "language": ["5:00 PM", "5:00 PM"],
        "spoken": ["5:00 PM", "6:00 PM", "5:00 PM"],
        "zip": ["4:00 PM"],
        "point": ["5:00 PM", "5:00 PM"],
        "wide": ["4:00 PM", "5:00 PM", "6:00 PM", "5:00 PM"],
        "day": ["4:00 PM", "5:00 PM", "6:00 PM"],
    }


async def test_when_nothing_fits_the_page_says_what_would(district: District) -> None:
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        first = await programme_of(server, district)
        early = await visitor.open("/programme", near="90066", within="1")
        leads = [unescape(link) for link in re.findall(r'href="(/programme\?[^"]*date=[^"]*)"', early.html)]
        there = await visitor.open(leads[0])
        never = await visitor.open("/programme", language="ko", date=first.isoformat())
        past = await visitor.open("/programme", date="2020-01-01")
    short = f"{first:%a}, {first:%b} {first.day}"
    assert "Nothing is on in these days. That is: nothing that fits all you asked for." in early.words
    assert f"The next date is {short}: Community health clinic, Venice Senior High." in early.words
    assert dict(parse_qsl(urlsplit(leads[0]).query)) == {"date": first.isoformat(), "near": "90066", "within": "1"}
    assert [card.partition(" – ")[0] for card in cards(there)] == ["4:00 PM"]
    assert "Nor is anything announced for the half year after." in never.words
    assert "Take all filters away" in never.words
    assert written(today()) in past.words


async def test_a_page_leads_to_the_days_after_and_before_with_its_filters(district: District) -> None:
    first = day()
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        page = await visitor.open("/programme", date=first.isoformat(), kind="health", show="day")
        now = await visitor.open("/es/programme")
    links = [unescape(link) for link in re.findall(r'button-quiet" href="([^"]+)#found"', page.html)]
    assert links == [f"/programme?date={first + timedelta(days=step)}&show=day&kind=health" for step in (-1, 1)]
    assert re.findall(r'button-quiet" href="([^"]+)#found"', now.html) == [
        f"/es/programme?date={today() + timedelta(days=7)}"
    ]


async def test_the_calendar_offered_is_the_one_that_holds_what_is_looked_for(district: District) -> None:
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        everything = await visitor.open("/programme")
        narrow = await visitor.open("/programme", school=VENICE, kind="adult-esl", language="es", near="90066")
        school = await visitor.open(f"/schools/{VENICE}")
        offered = [
            re.search(r'href="(http[^"]+\.ics[^"]*)">Address', page.html) for page in (everything, narrow, school)
        ]
    assert [unescape(link[1]).removeprefix(server.base_url) for link in offered if link] == [
        "/calendars/district.ics",
        f"/calendars/schools/{VENICE}.ics?activity=adult-esl&language=es",
        f"/calendars/schools/{VENICE}.ics",
    ]


async def test_what_cannot_be_used_comes_back_as_it_was_typed(district: District) -> None:
    wrong = {
        "date": "x",
        "near": "99999",
        "school": "nowhere",
        "kind": "<b>",
    }
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        page = await visitor.open("/programme", **wrong)
        far = await visitor.open("/programme", date="2090-01-01")
        odd = [
            (await visitor.open("/programme", **{name: value})).status
            for name, value in (
                ("near", "200,0"),
                ("near", "ñ" * 4000),
                ("within", "x"),
                ("show", "x"),
                ("language", "\\"),
            )
        ]
        spanish = await visitor.open("/es/programme", near="00000")
    assert (page.status, far.status, odd, spanish.status) == (422, 422, [422, 422, 200, 200, 200], 422)
    assert "4 things need another look" in page.words
    assert (
        "No school of the district is in 99999. Write a ZIP code of five digits near you, such as 90018." in page.words
    )
    assert 'value="99999"' in page.html
    assert page.answer.headers["cache-control"] == "no-store"
    assert "Nothing is planned that far ahead." in far.words
    assert "Ninguna escuela del distrito está en 00000." in spanish.words


async def test_the_programme_takes_one_statement_however_much_is_on(district: District) -> None:
    database, found = Database(district.url), []
    async with Server(district.url, worker=False) as server:
        for weeks, start in ((1, day()), (12, day() + timedelta(days=7))):
            booking = await offer(server, district, start, repeat=weekly(weeks), activity="adult-esl", listing=FAMILY)
            async with database.reading() as session:
                date_ = await date_of(session, ids(booking)[0])
                assert date_ is not None
                with counted() as statements:
                    shown = await whats_on(session, Span(date_.starts_at, date_.ends_at + YEAR), ENGLISH)
                    series = await series_of(session, date_, now=date_.starts_at, most=60)
            found.append((len(shown), len(series), len(statements)))
    await database.close()
    assert found == [(1, 1, 2), (12, 12, 2)]
