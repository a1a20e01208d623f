"""One date that everybody may come to: when, where, what a family asks first, the further dates; 404 for all that is not for everybody."""

import re
from datetime import date

from tests.conftest import District
from tests.ground.browser import Page, browser
from tests.ground.processes import Server
from tests.programme.offered import FAMILY, asked_for, ids, offer
from tests.stories.asks import caller, day, weekly

LIBRARY = "baldwin-hills-elementary/library"


def short(on: date) -> str:
    return f"{on:%a}, {on:%b} {on.day}"


def part(page: Page, begin: str, end: str) -> str:
    """The words between two others."""
    return page.words.partition(begin)[2].partition(end)[0].strip()


async def test_a_date_says_all_that_a_family_asks(district: District) -> None:
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        booking = await offer(
            server, district, day(), rooms=[LIBRARY], repeat=weekly(3), activity="parent-workshop", listing=FAMILY
        )
        first, second, third = ids(booking)
        async with caller(server.base_url, district, "lin") as lin:
            body = {"reason": "Our reader is ill", "occurrences": [third]}
            await lin.post(f"/api/v1/bookings/{booking['reference']}/cancellation", json=body)
        page, spanish, gone = [
            await visitor.open(f"{at}/events/{id_}") for at, id_ in (("", first), ("/es", first), ("", third))
        ]
        head = await visitor.http.head(f"/events/{first}")
    on = [date.fromisoformat(each["original_start"][:10]) for each in booking["occurrences"]]
    hours = "4:00 PM – 6:00 PM"
    assert (page.status, page.heading) == (200, "Reading for families")
    assert part(page, "Workshop for families Reading for families", "Good to know") == (
        f"{on[0]:%A}, {on[0]:%B} {on[0].day}, {on[0].year}, {hours} Where Baldwin Hills Elementary 5421 Rodeo Road, Los Angeles 90016 "
        "Library, entrance: Main gate Access Step-free Accessible restroom Directions"
    )
    assert part(page, "Good to know", "Add to calendar") == (
        "Cost Free of charge Languages English, Spanish Ages 2-6 Childcare Yes, during it How to take part Call first. (323) 555-0188"
    )
    assert part(page, "Further dates", "Signed").startswith(f"{short(on[1])} {hours} {short(on[2])} Cancelled")
    assert "Our reader is ill" not in page.html + gone.html
    assert (
        spanish.heading,
        "Gratis" in spanish.words,
        "Cancelado" in spanish.words or "Cancelada" in spanish.words,
    ) == ("Lectura en familia", True, True)
    assert ("This date is cancelled." in gone.words, "Add to calendar" in gone.words) == (True, False)
    assert re.findall(r'href="([^"]+\.ics)"', page.html) == [f"{server.base_url}/calendars/events/{first}.ics"]
    assert f"/events/{second}" in page.html
    assert (head.status_code, head.content, head.headers["cache-control"]) == (200, b"", "public, max-age=60")


async def test_a_listed_date_does_not_say_the_room(district: District) -> None:
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        booking = await offer(
            server, district, day(), listing={"summary": {"es": "Vacunas"}, "link": "javascript:alert(1)"}
        )
        page = await visitor.open(f"/events/{ids(booking)[0]}")
    assert (page.status, page.heading) == (200, "Vacunas")
    assert "The room is told on the day: ask at the school's entrance." in page.words
    assert [word in page.words for word in ("Classroom 12", "Gate B", "Step-free", "Good to know")] == [False] * 4
    assert "javascript:" not in page.html


async def test_what_is_not_for_everybody_is_not_found(district: District) -> None:
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        waiting = await asked_for(server, district, day(), visibility="public")
        busy = await offer(server, district, day(), hour=18, activity="counselling", listing=FAMILY)
        await visitor.sign_in(next(each["sign_in_url"] for each in district.cast["people"] if "lin@" in each["email"]))
        found = [
            await visitor.open(f"{at}/events/{id_}")
            for at in ("", "/es")
            for id_ in (*ids(waiting), *ids(busy), "x", "%27", "ñ" * 900)
        ]
    assert {(page.status, page.heading) for page in found} == {(404, "Not found"), (404, "No se encontró")}
