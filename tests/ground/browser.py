"""A browser without JavaScript: keeps cookies, follows no redirect, and sends a form with everything that its page holds."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

import httpx2

from tests.ground.client import client

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Form:
    """A form of a page with the values it would send untouched; boxes that are not ticked are left out."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **values: str) -> list[tuple[str, str]]:
        """Its fields with these in place of theirs; `from_` stands for `from`."""
        given = {"from" if name == "from_" else name: value for name, value in values.items()}
        kept = [(name, value) for name, value in self.fields if name not in given]
        return kept + list(given.items())


class _Forms(HTMLParser):
    """Reads a page's forms, its main heading and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self.heading = ""
        self._form: Form | None = None
        self._select = self._area = ""
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._form)
        elif tag == "input" and self._form and "name" in given:
            self._input(given)
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._form and "selected" in given:
            self._form.fields.append((self._select, given.get("value", "")))
        elif tag == "textarea":
            self._area = given.get("name", "")
        self._in_heading = tag == "h1" or (self._in_heading and tag not in ("p", "div"))

    def _input(self, given: dict[str, str]) -> None:
        assert self._form is not None
        box = given.get("type") in ("checkbox", "radio")
        if not box or "checked" in given:
            self._form.fields.append((given["name"], given.get("value", "on" if box else "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = ""
        elif tag == "h1":
            self._in_heading = False

    def handle_data(self, data: str) -> None:
        if self._area and self._form:
            self._form.fields.append((self._area, data.removeprefix("\n")))
        self.words.append(data)
        if self._in_heading:
            self.heading += data.strip()


@dataclass(frozen=True)
class Page:
    """What was answered, as somebody reads it. `goes_to` is where a redirect leads, else empty."""

    status: int
    heading: str
    words: str
    html: str
    goes_to: str
    forms: list[Form]
    answer: httpx2.Response

    def form(self, action: str) -> Form:
        """The form that is sent there."""
        found = [form for form in self.forms if form.action.partition("#")[0] == action]
        assert len(found) == 1, f"{len(found)} forms go to {action}; there are {[form.action for form in self.forms]}"
        return found[0]


class Browser:
    """One person at one server."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self.http = http

    async def open(self, path: str, **query: str) -> Page:
        """GET, with the query when given."""
        return read(await self.http.get(path, params=query or None))

    async def send(self, form: Form, **values: str) -> Page:
        """Sends a form of a page, with these values typed in."""
        fields = urlencode(form.filled(**values))
        if form.method == "get":
            return read(await self.http.get(f"{form.action.partition('#')[0]}?{fields}"))
        headers = {**SAME_SITE, "Content-Type": "application/x-www-form-urlencoded"}
        return read(await self.http.post(form.action, content=fields, headers=headers))

    async def sign_in(self, link: str) -> Page:
        """Presses Continue behind a sign-in link, given whole or as a path; answers where that leads."""
        path = "/" + link.split("/", 3)[3] if "://" in link else link
        return await self.send((await self.open(path)).form(path.partition("?")[0]))


def read(answer: httpx2.Response) -> Page:
    """An answer, read."""
    reader = _Forms()
    reader.feed(answer.text if "html" in answer.headers.get("content-type", "") else "")
    goes_to = answer.headers.get("location", "")
    words = " ".join(" ".join(reader.words).split())
    return Page(answer.status_code, reader.heading, words, answer.text, goes_to, reader.forms, answer)


@asynccontextmanager
async def browser(base_url: str) -> AsyncIterator[Browser]:
    """A new browser without any cookie."""
    async with client(base_url) as http:
        yield Browser(http)
