"""What htmx puts into pages that are open: a part answers what is swapped and no more, the plain form works the same, and trouble comes as a part too."""

import re
from datetime import timedelta

import httpx2

from tests.conftest import District
from tests.ground.browser import Browser, Page, browser, read
from tests.ground.processes import Server
from tests.stories.asks import day
from tests.stories.visitors import WHAT, booked, even, lines, reference_in, short, ticked, visiting, wish

PART = {"HX-Request": "true", "HX-Request-Type": "partial", "Sec-Fetch-Site": "same-origin"}
NEW = "/bookings/new"


async def part(person: Browser, path: str, **query: str) -> Page:
    """What htmx fetches by GET."""
    return read(await person.http.get(path, params=query, headers=PART))


async def checked(person: Browser, page: Page, **values: str) -> Page:
    """What htmx fetches when a field of the request form changes: the whole form, as the card sends it."""
    form = page.form(NEW)
    return read(await person.http.post(NEW, data=dict(form.filled(**values, act="check")), headers=PART))


def places(page: Page) -> list[str]:
    """Where the pieces beside the main one go."""
    return re.findall(r'<hx-partial hx-target="([^"]+)"', page.html)


def piece(page: Page, place: str) -> str:
    """The words of one of them."""
    found = re.search(rf'<hx-partial hx-target="{re.escape(place)}"[^>]*>(.*?)</hx-partial>', page.html, re.DOTALL)
    assert found, places(page)
    return even(re.sub(r"<[^>]*>", " ", found[1]))


def is_part(page: Page) -> bool:
    """No page around it, nothing that takes the focus, and nobody keeps it."""
    answer: httpx2.Response = page.answer
    bare = not re.search(r"<html|<body|<h1|<main|autofocus", page.html)
    return (
        bare
        and answer.headers["cache-control"] == "no-store"
        and answer.headers["content-type"].startswith("text/html")
    )


async def test_a_changed_filter_of_find_answers_the_rooms_alone(district: District) -> None:
    ask = {"date": day().isoformat(), "from": "16:00", "to": "18:00", "weeks": "2", "people": "25"}
    async with Server(district.url, worker=False) as server, browser(server.base_url) as person:
        opened = await person.open("/find")
        swapped = await part(person, "/find", **ask)
        spanish = await part(person, "/es/find", **ask)
        wrong = await part(person, "/find", **{**ask, "weeks": "99"})
        whole = await person.send(
            opened.form("/find"), **{"from_" if name == "from" else name: ask[name] for name in ask}
        )
        failed = await person.open("/find", **{**ask, "weeks": "99"})
    quick = 'hx-get="/find" hx-trigger="change delay:300ms" hx-target="#answers" hx-indicator="#answers" hx-sync="this:replace" hx-push-url="true"'
    assert [quick in page.html for page in (opened, whole, failed)] == [True, True, False]
    assert [is_part(page) for page in (swapped, spanish, wrong, whole)] == [True, True, True, False]
    assert [page.status for page in (swapped, wrong, whole, failed)] == [200, 422, 200, 422]
    assert lines(swapped, "h3") == lines(whole, "h3")
    assert [places(page) for page in (swapped, wrong)] == [["#news", ".tongue"]] * 2
    assert piece(swapped, "#news") == lines(swapped, "h2")[0] == lines(whole, "h2")[0]
    assert "espacios libres en todas las fechas" in piece(spanish, "#news")
    assert piece(wrong, "#news") == "Weeks are a whole number from 1 to 30."
    assert "people%3D25" in swapped.html, "the switch of the language leads to the address that was pushed"


async def test_a_changed_filter_of_the_programme_answers_the_dates_alone(district: District) -> None:
    async with Server(district.url, worker=False) as server, browser(server.base_url) as person:
        opened = await person.open("/programme")
        swapped = await part(person, "/programme", show="day", language="es")
        wrong = await part(person, "/programme", near="00000")
        whole = await person.send(opened.form("/programme"), show="day", language="es")
    quick = 'hx-get="/programme" hx-trigger="change delay:300ms" hx-target="#found" hx-indicator="#found" hx-sync="this:replace" hx-push-url="true"'
    assert [quick in page.html for page in (opened, whole)] == [True, True]
    assert [is_part(page) for page in (swapped, wrong, whole)] == [True, True, False]
    assert [page.status for page in (swapped, wrong, whole)] == [200, 422, 200]
    assert lines(swapped, "h2") == lines(whole, "h2")
    assert places(swapped) == ["#news", "#without", ".tongue"]
    assert piece(swapped, "#news").startswith(lines(whole, "h2")[0] + ": ")
    assert piece(swapped, "#without") == "Take all filters away"
    assert "No school of the district is in 00000." in piece(wrong, "#news")


async def test_a_changed_date_of_a_request_answers_the_card_and_the_button(district: District) -> None:
    first = day()
    second = first + timedelta(weeks=1)
    async with Server(district.url, worker=False) as server, visiting(server, district, "lin", "sam") as (lin, sam):
        await booked(sam, wish(second, weeks="1"), title="Play", activity="performance")
        opened = await lin.open(NEW, **wish(people="20"))
        swapped = await checked(lin, opened, weeks="2", **WHAT)
        many = await checked(lin, opened, people="9999")
        empty = await checked(lin, await lin.open(NEW), title="x")
        stranger = await checked(lin, opened, _csrf="x")
        plain = await lin.send(ticked(opened.form(NEW), "leave_out"), act="check", weeks="2")
        sent = await lin.send(plain.form(NEW), act="request", **WHAT)
        reference = reference_in(sent)
    assert 'hx-post="/bookings/new" hx-vals="act:check" hx-sync="this:replace"' in opened.html
    assert [is_part(page) for page in (swapped, many, empty, stranger, plain)] == [True] * 4 + [False]
    assert [page.status for page in (swapped, many, empty, stranger, plain)] == [200, 200, 200, 403, 200]
    assert places(swapped) == ["#dates-said", "#send"]
    assert piece(swapped, "#dates-said") == "1 date is free. 1 cannot be had and is ticked to be left out."
    assert piece(swapped, "#send").startswith("Request 1 date ")
    taken = f"Leave out {short(second)} Taken 4:00 PM – 6:00 PM Instead: 6:00 PM – 8:00 PM {short(second)}"
    dates = [f"Leave out {short(first)} Free", taken]
    assert [line for line in lines(swapped, "li") if line.startswith("Leave")] == dates
    assert [line for line in lines(plain, "li") if line.startswith("Leave")] == dates
    assert 'name="token" value="' in swapped.html
    assert piece(many, "#dates-said").startswith("The room holds 30 people; you said 9999.")
    assert piece(empty, "#dates-said") == "", "what is only not filled in yet is no mistake"
    assert piece(stranger, "#dates-said").startswith("You signed in again since this page was opened.")
    assert reference.startswith("AB-")


async def test_the_list_of_approvals_refreshes_without_the_request_beside_it(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "okafor") as (lin, okafor),
        browser(server.base_url) as nobody,
    ):
        bare = await okafor.open("/approvals")
        one = await booked(lin, wish(weeks="1"), title="First")
        opened = await okafor.open("/approvals", ref=one)
        await booked(lin, wish(day() + timedelta(weeks=1), weeks="1"), title="Second")
        swapped = await part(okafor, "/approvals", next=one)
        whole = await okafor.open("/approvals", next=one)
        refused = [await part(person, "/approvals") for person in (lin, nobody)]
    assert f'hx-get="/approvals?next={one}" hx-trigger="every 60s, focus from:window throttle:5s"' in opened.html
    assert f'<a href="/approvals?next={one}">Refresh</a>' in opened.html
    assert 'hx-get="/approvals" hx-trigger="every 60s, focus from:window throttle:5s" hx-target="main"' in bare.html
    assert (is_part(swapped), is_part(whole)) == (True, False)
    assert [titles(page) for page in (opened, swapped, whole)] == [["First"], ["First", "Second"], ["First", "Second"]]
    assert f"next={one}" not in swapped.html
    assert f'ref={one}#{one}" aria-current="true"' in swapped.html
    assert places(swapped) == ["#count", "#news", "#places a[href='/approvals']"]
    assert [piece(swapped, place) for place in places(swapped)] == [
        "(2)",
        "2 requests wait for your decision.",
        "Approvals 2 waiting",
    ]
    assert "textarea" not in swapped.html, "control: the words somebody is writing are not in what is swapped"
    assert "textarea" in whole.html
    assert [(page.status, is_part(page)) for page in refused] == [(403, True), (401, True)]
    assert "You were signed out. Sign in in another window: what you typed here stays." in refused[1].words


def titles(page: Page) -> list[str]:
    """Of the list."""
    found = page.html.partition('<ul class="list-detail-list">')[2].partition("</ul>")[0]
    return [each.split("</strong>")[0] for each in found.split("<strong>")[1:]]
