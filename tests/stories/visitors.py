"""People of the cast at their browsers, signed in by their links, and what they read: lines of tables and lists, dates as pages write them."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from html import unescape

from tests.conftest import District
from tests.ground.browser import Browser, Form, Page, browser
from tests.ground.processes import Server
from tests.stories.asks import CLASSROOM, card, day

TITLE = "Diabetes check-ups"
WHAT = {"title": TITLE, "activity": "community-clinic", "people": "20"}


@asynccontextmanager
async def visiting(server: Server, district: District, *names: str) -> AsyncIterator[list[Browser]]:
    """A browser for each of them, in English whatever their own language."""
    async with AsyncExitStack() as stack:
        people = [await stack.enter_async_context(browser(server.base_url)) for _ in names]
        for person, name in zip(people, names, strict=True):
            await person.sign_in(card(district, name)["sign_in_url"])
            await person.open("/language", to="en", next="/bookings")
        yield people


def wish(first: date | None = None, *, from_: str = "16:00", to: str = "18:00", **changes: str) -> dict[str, str]:
    """What a search hands to the request page: four Tuesdays in a classroom, unless told otherwise."""
    begins = first or day()
    query = {"room": CLASSROOM, "date": begins.isoformat(), "from": from_, "to": to, "weeks": "4"}
    return query | changes


async def asked(person: Browser, query: dict[str, str], **what: str) -> Page:
    """Opens the request page with the query, fills in the rest and sends the request."""
    page = await person.open("/bookings/new", **query)
    return await person.send(page.form("/bookings/new"), act="request", **(WHAT | what))


async def booked(person: Browser, query: dict[str, str], **what: str) -> str:
    """The reference of a request that was taken."""
    return reference_in(await asked(person, query, **what))


def reference_in(page: Page) -> str:
    """The booking that a redirect leads to."""
    found = re.match(r"/bookings/(AB-[0-9A-Z]{6,10})\?", page.goes_to)
    assert found, (page.status, page.words)
    return found[1]


def ticked(form: Form, name: str, *values: str) -> Form:
    """The form with just these boxes of that name ticked."""
    kept = [(field, value) for field, value in form.fields if field != name]
    return Form(form.action, form.method, kept + [(name, value) for value in values])


def elsewhere(form: Form, action: str) -> Form:
    """The form as its other button sends it."""
    return Form(action, form.method, form.fields)


def lines(page: Page, tag: str) -> list[str]:
    """The text of every such element, spaces made even."""
    found = re.findall(rf"<{tag}[ >].*?</{tag}>", page.html, re.DOTALL)
    return [even(re.sub(r"<[^>]*>", " ", each)) for each in found]


def even(text: str) -> str:
    """Words with single plain spaces between them, also where the page has the narrow one before PM."""
    return " ".join(unescape(text).replace("\u202f", " ").split())


def long(on: date) -> str:
    """As pages write a date: "Tuesday, December 1, 2026"."""
    return f"{on:%A, %B} {on.day}, {on.year}"


def short(on: date) -> str:
    """Beside a heading: "Tue, Dec 1"."""
    return f"{on:%a, %b} {on.day}"
