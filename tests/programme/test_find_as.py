"""Who is signed in finds rooms as their organization would have them; who has several chooses which. Nobody else's page says for whom it is."""

from html import unescape
from typing import Any

from tests.cast import OWL
from tests.conftest import District
from tests.ground.browser import Page, browser
from tests.ground.processes import Server
from tests.partners.groups import founded
from tests.programme.test_find import links
from tests.rules.ruling import sets
from tests.stories.asks import CLINIC, caller, card, day, today

SOON, LATER = day(ahead=9), day(ahead=40)
SHOWN = "Shown as for Eastside Community Clinic."
QUOTA = "Night Owl High: One organization has at most one date open at once here. This would be number 9."


def need(on: Any, **more: str) -> dict[str, str]:
    """Twenty people at the school that never closes."""
    return {"date": on.isoformat(), "from": "10:00", "to": "12:00", "people": "20", "school": "owl", **more}


def found(page: Page) -> tuple[int, bool, bool]:
    """Status, whether rooms are found, and whether it says for whom."""
    return page.status, bool(links(page)), SHOWN in page.words


async def rules(server: Server, district: District, *wanted: tuple[str, dict[str, Any]]) -> None:
    """Of the school, from today."""
    async with caller(server.base_url, district, "whitfield") as whitfield:
        for name, value in wanted:
            answer = await sets(whitfield, name, value, campus=OWL, effective_from=today().isoformat())
            assert answer.status_code == 200, answer.text


async def test_who_has_one_organization_sees_what_it_would_get(district: District) -> None:
    """Control: a visitor does not get it, nor is anything said of whom the page is for."""
    async with Server(district.url, worker=False) as server, browser(server.base_url) as lin:
        await rules(server, district, ("notice", {"partner": 3, "other": 15}))
        visitor = await lin.open("/find", **need(SOON))
        await lin.sign_in(card(district, "lin")["sign_in_url"])
        mine = await lin.open("/find", **need(SOON))
        spanish = await lin.open("/es/find", **need(SOON))
        await rules(server, district, ("quotas", {"dates_open": 1}))
        full = await lin.open("/find", **need(LATER))
    assert [found(page) for page in (visitor, mine)] == [(200, False, False), (200, True, True)]
    assert "Se muestra como para Eastside Community Clinic." in spanish.words
    assert [name for name, _ in mine.form("/find").fields if name == "for"] == []
    assert found(full) == (200, False, True)
    assert QUOTA in unescape(full.words)


async def test_who_has_several_chooses_for_which(district: District) -> None:
    """The first unless the address names another of theirs, also where it names somebody else's; the request is then for that one."""
    traders = "night-traders"
    async with Server(district.url, worker=False) as server, browser(server.base_url) as lin:
        await rules(server, district, ("notice", {"partner": 3, "other": 15}))
        async with caller(server.base_url, district, "lin") as person:
            assert await founded(person, "Night Traders", "business") == traders
        await lin.sign_in(card(district, "lin")["sign_in_url"])
        first = await lin.open("/find", **need(SOON))
        other = await lin.send(first.form("/find"), **{"for": traders})
        strange = await lin.open("/find", **need(SOON, **{"for": "figueroa-youth-theatre"}))
        later = await lin.open("/find", **need(LATER, **{"for": traders}))
        request = await lin.open(links(later)[0])
    pages = (first, other, strange, later)
    assert [found(page) for page in pages] == [(200, there, False) for there in (True, False, True, True)]
    assert [dict(page.form("/find").fields)["for"] for page in pages] == [CLINIC, traders, CLINIC, traders]
    assert dict(request.form("/bookings/new").fields)["organization"] == traders
