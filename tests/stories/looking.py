"""Walking every road as somebody: what was seen on each, as marks. Echoes are no leaks: what stands in the address or was sent there is not counted."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx2

from tests.cast import OWL
from tests.ground.browser import SAME_SITE, Browser
from tests.ground.client import client
from tests.stories import roads
from tests.stories.asks import CLINIC
from tests.stories.clearance import LOOKERS
from tests.stories.sowing import Sown
from tests.stories.spotting import Mark, spotted

PART = {"HX-Request-Type": "partial"}
SCOPES = ("mine", "organization", "campus_staff", "custodian")
WORD = re.compile(r"[\w-]+")
REFERENCE = re.compile(r"AB-[0-9A-Z]{6,10}")


@dataclass(frozen=True)
class Seen:
    """The marks that somebody saw on one road, with what it answered."""

    who: str
    route: str
    path: str
    status: int
    marks: frozenset[Mark]


@dataclass
class Walker:
    """Somebody with a browser and, when signed in, a token."""

    who: str
    sown: Sown
    pages: httpx2.AsyncClient
    calls: httpx2.AsyncClient

    async def everywhere(self) -> list[Seen]:
        """Every road once; the numbers of answers differ, the order does not."""
        found = await self.reads(roads.READ)
        found += await self._calls()
        found += await self._forms()
        return found + await self._calendars()

    async def reads(self, routes: Iterable[str]) -> list[Seen]:
        """What stands at these addresses."""
        found = []
        for route in routes:
            paths = roads.READ[route]
            by = self.calls if route.startswith("/api/") else self.pages
            for path in paths(self.sown, self.who):
                found.append(self._seen(route, path, await by.get(path)))
            if route in roads.PARTS:
                found.append(self._seen(route, path, await by.get(path, headers=PART)))
        return found

    async def _calls(self) -> list[Seen]:
        found = []
        for route, path, body, headers in roads.writes(self.sown, self._organization()):
            answer = await self.calls.post(path, json=body, headers=headers)
            assert answer.status_code >= 400 or route.endswith(("preview", "searches")), (self.who, path, answer.text)
            found.append(self._seen(route, path, answer, str(body)))
        return found

    async def _forms(self) -> list[Seen]:
        page = await Browser(self.pages).open("/organizations/new" if self.who != "nobody" else "/sign-in")
        csrf = next((value for form in page.forms for name, value in form.fields if name == "_csrf"), "")
        found = []
        for route, path, fields in roads.forms(self.sown, self.who, self._organization()):
            answer = await self.pages.post(path, data=fields | {"_csrf": csrf}, headers=SAME_SITE)
            assert answer.status_code >= 300, (self.who, path, answer.text)
            found.append(self._seen(f"POST {route}", path, answer, str(fields)))
        return found

    async def _calendars(self) -> list[Seen]:
        if self.who == "nobody":
            return [self._seen("calendar", path, await self.pages.get(path)) for path in roads.calendars(self.sown)]
        found = []
        for scope in SCOPES:
            made = await self.calls.post("/api/v1/feeds", json={"scope": scope})
            if made.status_code == 201:
                path = "/calendars/" + made.json()["url"].partition("/calendars/")[2]
                self.sown.feeds.append(path.rpartition("/")[2].removesuffix(".ics"))
                found.append(self._seen(f"calendar {scope}", path, await self.pages.get(path)))
        return found

    def _seen(self, route: str, path: str, answer: httpx2.Response, sent: str = "") -> Seen:
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        marks = self._all_in(answer.content) | self._all_in(headers)
        return Seen(self.who, route, path, answer.status_code, frozenset(marks - self._all_in(path + sent)))

    def _all_in(self, text: bytes | str) -> set[Mark]:
        plain = text if isinstance(text, str) else text.decode("utf-8", "replace")
        named = {self.sown.label_of(reference) for reference in REFERENCE.findall(plain)}
        secrets = {("secret", "letter") for word in WORD.findall(plain) if word in self.sown.secrets}
        return spotted(text) | {(label, "reference") for label in named if label} | secrets

    def _organization(self) -> str:
        looker = LOOKERS[self.who]
        return self.sown.organizations.get(looker.belongs) or (OWL if looker.role else CLINIC)


@asynccontextmanager
async def walker(base_url: str, sown: Sown, who: str) -> AsyncIterator[Walker]:
    """Signed in, except nobody."""
    async with AsyncExitStack() as stack:
        pages = await stack.enter_async_context(client(base_url))
        calls = await stack.enter_async_context(client(base_url, sown.tokens.get(who, "")))
        if who in sown.cookies:
            pages.cookies.update(sown.cookies[who])
        elif who != "nobody":
            went = await Browser(pages).sign_in(sown.links[who])
            assert went.status == 303, (who, went.words)
            sown.cookies[who] = dict(pages.cookies)
        yield Walker(who, sown, pages, calls)


async def all_walk(base_url: str, sown: Sown, routes: Sequence[str] = ()) -> list[Seen]:
    """Everybody walks, a few at a time: everywhere, or only to be shown what stands at these routes."""
    gate = asyncio.Semaphore(6)

    async def one(who: str) -> Sequence[Seen]:
        async with gate, walker(base_url, sown, who) as each:
            return await (each.reads(routes) if routes else each.everywhere())

    return [seen for walk in await asyncio.gather(*map(one, LOOKERS)) for seen in walk]
