"""The pages of schools: rooms with their calendars, hours, closed days, and the list that is searched."""

import re
from datetime import date

from tests.cast import OWL, OWL_ROOMS
from tests.conftest import District
from tests.ground.browser import Page, browser
from tests.ground.client import client
from tests.ground.processes import Server

MIDDLE = "luther-burbank-middle"
CALENDAR_LINKS = re.compile(r'href="((?:https?|webcal)://[^"]+)"')


def part(page: Page, start: str, end: str) -> str:
    """The page's words from one phrase up to another."""
    return page.words[page.words.index(start) :].partition(end)[0].strip()


def written(on: date) -> str:
    return f"{on:%A, %B} {on.day}, {on.year}"


async def test_a_school_shows_its_rooms_hours_and_closed_days_in_both_languages(district: District) -> None:
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        english, spanish = await visitor.open(f"/schools/{MIDDLE}"), await visitor.open(f"/es/schools/{MIDDLE}")
        owl = await visitor.open(f"/schools/{OWL}")
        unknown = [await visitor.open(path) for path in ("/schools/hogwarts", "/es/schools/hogwarts", "/schools/a%00b")]
    assert (english.status, english.heading) == (200, "Luther Burbank Middle")
    assert "6460 North Figueroa Street, Los Angeles 90042 · (323) 340-4400" in english.words
    assert part(english, "Wellness center Clinic room", "Subscribe") == (
        "Wellness center Clinic room · 20 people · Entrance: Street door "
        "Step-free Accessible restroom Exam rooms Sink Entrance from the street Waiting room"
    )
    assert part(spanish, "Wellness center Consultorio", "Suscribirse") == (
        "Wellness center Consultorio · 20 personas · Entrada: Street door "
        "Sin escalones Baño accesible Salas de exploración Lavabo Entrada desde la calle Sala de espera"
    )
    week = "3:00 PM – 10:00 PM"
    assert part(english, "Open after the bell", "Closed days") == (
        f"Open after the bell Monday {week} Tuesday {week} Wednesday {week} Thursday {week} Friday {week} "
        "Saturday 8:00 AM – 10:00 PM Sunday Closed"
    )
    semana = "3:00 p.m. – 10:00 p.m."
    assert part(spanish, "Horario después de clases", "Días cerrados") == (
        f"Horario después de clases lunes {semana} martes {semana} miércoles {semana} jueves {semana} viernes {semana} "
        "sábado 8:00 a.m. – 10:00 p.m. domingo Cerrado"
    )
    closed = date.fromisoformat(district.cast["closed"])
    assert part(english, "Closed days", "About") == f"Closed days {written(closed)} Staff day"
    assert "Monday All day Tuesday All day" in owl.words
    assert len(re.findall(r'<li class="card room"', owl.html)) == len(OWL_ROOMS) + 2
    assert [(page.status, page.heading) for page in unknown] == [
        (404, "Not found"),
        (404, "No se encontró"),
        (404, "Not found"),
    ]


async def test_a_rooms_calendar_is_offered_as_https_webcal_and_to_google(district: District) -> None:
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        page = await visitor.open(f"/schools/{MIDDLE}")
        shown = [link for link in CALENDAR_LINKS.findall(page.html) if "gym-a.ics" in link]
        host = server.base_url.partition("://")[2]
        async with client(server.base_url) as subscriber:
            feed = await subscriber.get(shown[2])
    path = f"/calendars/rooms/{MIDDLE}/gym-a.ics"
    quoted = path.replace("/", "%2F")
    assert shown == [
        f"webcal://{host}{path}",
        f"https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F{host.replace(':', '%3A')}{quoted}",
        f"http://{host}{path}",
    ]
    assert (feed.status_code, feed.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert "Google every 4 to 24 hours" in page.words


async def test_schools_are_listed_and_searched(district: District) -> None:
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        everything = await visitor.open("/schools")
        form = everything.form("/schools")
        some = await visitor.send(form, q=" STREET ")
        none = await visitor.send(form, q="%_\\<b>")
        after = await visitor.open("/es/schools", after="luther-burbank-middle")
        odd = [(await visitor.open("/schools", **query)).status for query in ({"after": "x" * 5000}, {"q": "ñ" * 5000})]
    assert listed(everything) == [
        "24th-street-elementary",
        "baldwin-hills-elementary",
        "early-bird-high",
        "luther-burbank-middle",
        "night-owl-high",
        "venice-high",
    ]
    assert listed(some) == ["24th-street-elementary"]
    assert listed(none) == []
    assert "No school has %_\\<b> in its name. Try a shorter part of it." in none.words
    assert listed(after) == ["night-owl-high", "venice-high"]
    assert 'href="/es/schools">Desde el principio' in after.html
    assert odd == [200, 200]


def listed(page: Page) -> list[str]:
    return re.findall(r'<li><a href="(?:/es)?/schools/([^"]+)"', page.html)
