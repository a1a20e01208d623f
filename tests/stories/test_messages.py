"""Letters as staff may read them: whose, in what order, and without the secrets that let people in."""

import re
from typing import Any

import httpx2
import pytest

from tests.conftest import District
from tests.ground.client import client
from tests.ground.mailbox import Mailbox, Received
from tests.ground.processes import Server
from tests.stories.asks import HALL, ask, caller
from tests.stories.paper import html_of

LIN = "lin@clinic.example"


@pytest.mark.story
async def test_staff_read_the_letters_of_their_campuses_without_sign_in_secrets(district: District) -> None:
    with Mailbox() as mailbox:
        async with (
            Server(district.url, smtp_url=mailbox.url) as server,
            caller(server.base_url, district, "lin") as lin,
        ):
            at_owl, at_school = [await requested(lin, rooms) for rooms in ([HALL], None)]
            await mailbox.wait_for(1, about=at_owl)
            await mailbox.wait_for(1, about=at_school)
            letter = await signing_in(mailbox, server.base_url)
            about = {name: await everything_about(district, server, name, at_owl, at_school) for name in STAFF}
            assert about == STAFF
            partners = [await refused(district, server, name) for name in ("lin", "rosa", "sam", "pilar")]
            assert partners == [403] * 4
            async with caller(server.base_url, district, "becker") as becker:
                await secrets_are_struck_out(becker, letter)
                await filtered_and_paged(becker, at_owl, at_school)


STAFF = {
    "okafor": ["at school"],
    "becker": ["sign-in", "at school", "at owl"],
    "castillo": [],
    "tan": [],
    "herrera": [],
    "stone": [],
    "adler": [],
    "whitfield": ["sign-in", "at school", "at owl"],
}


async def requested(lin: httpx2.AsyncClient, rooms: list[str] | None) -> str:
    """The reference of a new request; None asks for the classroom."""
    body = ask(rooms=rooms) if rooms else ask()
    return str((await lin.post("/api/v1/bookings", json=body)).json()["reference"])


async def signing_in(mailbox: Mailbox, base_url: str) -> Received:
    """The letter with a link and a code, as Dr Lin gets it when she asks for it on the page."""
    async with client(base_url) as browser:
        page = await browser.get("/sign-in")
        hidden = re.search(r'name="_csrf" value="([^"]+)"', page.text)
        assert hidden is not None
        assert (await browser.post("/sign-in", data={"_csrf": hidden[1], "email": LIN})).status_code == 200
    (letter,) = await mailbox.wait_for(1, to=LIN, about="sign-in link")
    return letter


async def everything_about(district: District, server: Server, name: str, at_owl: str, at_school: str) -> list[str]:
    """Which of the three letters to Dr Lin somebody is shown, newest first."""
    async with caller(server.base_url, district, name) as staff:
        answer = await staff.get("/api/v1/messages", params={"to": LIN})
    words = {at_owl: "at owl", at_school: "at school", "sign-in link": "sign-in"}
    subjects = [letter["subject"] for letter in answer.json()["items"]]
    found = [next((words[word] for word in words if word in subject), "") for subject in subjects]
    assert answer.status_code == 200
    return [each for each in found if each]


async def refused(district: District, server: Server, name: str) -> int:
    """The status that a partner gets."""
    async with caller(server.base_url, district, name) as partner:
        return (await partner.get("/api/v1/messages")).status_code


async def secrets_are_struck_out(becker: httpx2.AsyncClient, letter: Received) -> None:
    """The letter carries a link and a code in both of its parts; what staff see carries neither."""
    (link,) = re.findall(r"/sign-in/([\w-]+)", letter.text)
    (code,) = re.findall(r"^\d{6}$", letter.text, re.MULTILINE)
    assert [link in html_of(letter), code in html_of(letter)] == [True, True], (
        "control: there is something to strike out"
    )
    shown = (await becker.get("/api/v1/messages", params={"kind": "sign_in"})).json()["items"]
    told = [(each["to"], each["kind"], each["message_id"], each["text"]) for each in shown]
    assert told == [(LIN, "sign_in", letter.message_id, letter.text.replace(link, "••••••").replace(code, "••••••"))]
    assert [secret for secret in (link, code) if secret in str(shown)] == []


async def filtered_and_paged(becker: httpx2.AsyncClient, at_owl: str, at_school: str) -> None:
    """By booking, kind and address; page by page every letter once."""
    asked: list[dict[str, Any]] = [
        {"booking": at_owl, "kind": "acknowledgement", "to": LIN},
        {"booking": at_school, "kind": "decision"},
        {"booking": at_school, "to": "rosa@clinic.example"},
    ]
    found = [(await becker.get("/api/v1/messages", params=params)).json()["items"] for params in asked]
    assert [[letter["subject"] for letter in items] for items in found] == [
        [f"We have your request {at_owl}: Diabetes check-ups"],
        [],
        [],
    ]
    whole = (await becker.get("/api/v1/messages")).json()["items"]
    pages: list[dict[str, Any]] = []
    more: dict[str, Any] | None = {"limit": 2}
    while more:
        page = (await becker.get("/api/v1/messages", params=more)).json()
        pages += page["items"]
        more = more | {"cursor": page["next"]} if page["next"] else None
    assert (pages, len({letter["id"] for letter in pages})) == (whole, len(whole))
