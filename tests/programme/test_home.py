"""The home page: two doors, what is on, and in a demo on this machine the people whom one may be. In a real district there is nobody to be."""

import re

from tests.conftest import District
from tests.ground.browser import browser
from tests.ground.processes import Server
from tests.ground.sql import rows, tell

REAL = "UPDATE districts SET demo = false, name = 'Real Unified'"


async def test_the_home_page_has_two_doors_in_both_languages(district: District) -> None:
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        english, spanish = await visitor.open("/"), await visitor.open("/es")
        led = await visitor.send(english.form("/programme"), near="90018")
        head = await visitor.http.head("/es")
        await visitor.open("/language", to="es", next="/")
        chosen = await visitor.open("/")
    for page, heading, doors in (
        (english, "School rooms after the bell", ("Find a class or a service", "Book a room", "Test Unified")),
        (spanish, "Espacios escolares después de clases", ("Buscar una clase o un servicio", "Reservar un espacio")),
    ):
        assert (page.status, page.heading) == (200, heading)
        assert [door in page.words for door in doors] == [True] * len(doors)
    assert (led.status, led.heading) == (200, "What's on")
    assert (head.status_code, head.content) == (200, b"")
    assert (chosen.status, chosen.goes_to) == (303, "/es")


async def test_in_a_demo_one_may_be_anybody_of_the_sample(district: District) -> None:
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        home = await visitor.open("/")
        buttons = [form for form in home.forms if form.action == "/demo/sign-in"]
        okafor = next(form for form in buttons if "okafor" in dict(form.fields)["email"])
        entered = await visitor.send(okafor)
        approvals = await visitor.open("/approvals")
        again = await visitor.open("/")
        other = await visitor.send(next(form for form in again.forms if "rosa@" in dict(form.fields).get("email", "")))
        token = csrf((await visitor.open("/es")).html)
        stranger = await visitor.send(okafor, email="nobody@clinic.example", _csrf=token)
        forged = await visitor.send(okafor, _csrf="x")
    assert [dict(form.fields)["email"] for form in buttons] == [each["email"] for each in district.cast["people"]]
    assert "Grace Okafor Approves requests · Several schools" in home.words
    assert "Dr Mei Lin Manages a partner · Eastside Community Clinic" in home.words
    assert "Sample data, not affiliated with any district; the people are invented." in home.words
    assert (entered.status, entered.goes_to, approvals.status) == (303, "/approvals", 200)
    assert (other.status, other.goes_to) == (303, "/bookings")
    assert (stranger.status, forged.status) == (404, 403)
    assert home.answer.headers["cache-control"] == "no-store"
    secrets = [each["sign_in_url"].rpartition("/")[2] for each in district.cast["people"]]
    assert [secret for secret in secrets if secret in home.html] == []


def csrf(html: str) -> str:
    """The secret of the page's forms."""
    found = re.search(r'name="_csrf" value="([^"]+)"', html)
    assert found
    return found[1]


async def test_a_real_district_lets_nobody_be_anybody(district: District) -> None:
    await tell(district.url, REAL)
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        home = await visitor.open("/")
        page = await visitor.open("/sign-in")
        form = {"email": "okafor@district.example", "_csrf": csrf(page.html)}
        entered = await visitor.http.post("/demo/sign-in", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert ("Real Unified" in home.words, "okafor" in home.html.lower(), "demo" in home.html.lower()) == (
        True,
        False,
        False,
    )
    assert (home.answer.headers["cache-control"], "_csrf" in home.html) == ("public, max-age=60", False)
    assert (entered.status_code, entered.headers.get("set-cookie")) == (404, None)
    assert await rows(district.url, "SELECT count(*) FROM visits") == [(0,)]
