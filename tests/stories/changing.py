"""Changes of bookings as stories make them and pages tell them: approved and changed over HTTP, the lines of a preview and of the pane where it is decided."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import httpx2

from tests.conftest import District
from tests.ground.browser import Browser, Form, Page
from tests.ground.processes import Server
from tests.stories.asks import ask, caller
from tests.stories.visitors import elsewhere, lines, visiting


@asynccontextmanager
async def both_sides(
    district: District, *, asks: str = "lin", decides: str = "becker"
) -> AsyncIterator[tuple[Browser, Browser, httpx2.AsyncClient, httpx2.AsyncClient]]:
    """A server, and whoever asks and whoever decides there: their browsers, then their programs."""
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, asks, decides) as (asking, deciding),
        caller(server.base_url, district, asks) as asker,
        caller(server.base_url, district, decides) as decider,
    ):
        yield asking, deciding, asker, decider


async def approved(asker: Any, decider: Any, first: date, **changes: Any) -> dict[str, Any]:
    """An approved booking of the first caller's; both speak HTTP."""
    made = (await asker.post("/api/v1/bookings", json=ask(first, **changes))).json()
    done = await decider.post(f"/api/v1/bookings/{made['reference']}/approval", json={})
    return dict(done.json())


async def changed(asker: Any, booking: dict[str, Any], **body: Any) -> dict[str, Any]:
    """The same after a change."""
    path, tag = f"/api/v1/bookings/{booking['reference']}", {"If-Match": f'"{booking["version"]}"'}
    return dict((await asker.patch(path, json=body, headers=tag)).json())


async def opened(person: Browser, path: str, **query: str) -> Form:
    """The form that changes the booking at that path."""
    return (await person.open(f"{path}/change", **query)).form(f"{path}/change")


def decision(page: Page, reference: str, act: str = "approval") -> Form:
    """The form of a pane, as the button of that act sends it."""
    return elsewhere(page.form(f"/bookings/{reference}/approval"), f"/bookings/{reference}/{act}")


def items(page: Page, html: str) -> list[str]:
    """The list items of a part of the page."""
    part = Page(200, "", "", html, "", [], page.answer)
    return [line.replace(" ,", ",") for line in lines(part, "li")]


def previewed(page: Page) -> list[str]:
    """Every date of the preview, and the heading of its group before it."""
    card = page.html.partition('id="preview"')[2].partition("</aside>")[0]
    return items(page, card.replace("<h3", "<li").replace("</h3>", "</li>"))


def in_pane(page: Page) -> list[str]:
    """What the pane of /approvals says of each date."""
    return items(page, page.html.partition("list-detail-detail")[2])


def named(page: Page) -> list[str]:
    """What the form that changes a booking calls its dates."""
    return [part.partition('"')[0] for part in page.html.split('name="back" value="')[1:]]
