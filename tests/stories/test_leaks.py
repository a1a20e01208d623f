"""Nobody reads what is not theirs: a mark in every text of a booking of every class and fate, every road walked by everybody, and all that was seen held
against one table (clearance). And each mark is read by somebody who may: a test that is shown nothing would prove nothing."""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta

import pytest

from tests.conftest import District
from tests.ground import sql
from tests.ground.browser import browser
from tests.ground.client import client
from tests.ground.mailbox import Mailbox
from tests.ground.processes import Server, afterbell
from tests.stories.asks import THERE
from tests.stories.clearance import FAMILIES, LOOKERS, leaks, may_see, owner, parts
from tests.stories.kept import WORDS, kept
from tests.stories.looking import Seen, all_walk, walker
from tests.stories.marked_texts import FIELDS
from tests.stories.roads import ABOUT
from tests.stories.sowing import LABELS, ON, Sown, address, sow
from tests.stories.spotting import Mark, mark, spotted

pytestmark = pytest.mark.story

LETTERS = ("/messages", "/api/v1/messages")
SECRET = re.compile(r"(?<=/sign-in/)[\w-]+|\b\d{6}\b")
NEVER_SHOWN = {"key"}  # what a line of the contact is called: kept, and read by nobody so far
WHOLE = ("title", "note", "contact", "phone", "program", "layout", "moved", "anyway", "approved", *FAMILIES)
CONTROL = {
    "nobody": {("standsbusy", field) for field in FAMILIES - {"es"}},
    "clerk": {("standsbusy", field) for field in WHOLE},
    "custodian": {("standsbusy", field) for field in WHOLE},
}
Leak = tuple[str, str, list[Mark]]


async def test_every_mark_is_seen_by_those_who_may_and_by_nobody_else(district: District) -> None:
    """In one district, since sowing it costs seconds: everything walked, then filters that must not tell what answers hide, then the control."""
    with Mailbox() as mailbox:
        async with Server(district.url, worker=False, smtp_url=mailbox.url, RATE_LIMIT="off") as server:
            sown = await sow(server.base_url, district)
            await ask_for_a_link(server, "manager")
            await tick(district, server, mailbox)
            sown.secrets |= {secret for each in mailbox.letters for secret in SECRET.findall(each.text)}
            seen = await all_walk(server.base_url, sown)
            columns = await kept(district.url)
            await tick(district, server, mailbox, "--at", the_day_before())
            seen += await all_walk(server.base_url, sown, LETTERS)
            counts = await filtered(server, sown)
            control = await tampered(district, server, sown)
            gone = await after_leaving(district, server, mailbox, sown)
        read, misread = by_recipient(mailbox)
    nothing_leaked(seen, misread)
    all_was_seen(seen, read, columns)
    nothing_in_the_log(server.log_text(), sown)
    quiet = sum(owner(label) == "quiet" for label in LABELS)
    assert counts == {
        "custodian": (0, False),
        "adler": (0, False),
        "coordinator": (quiet, True),
        "quiet": (quiet, True),
    }
    assert of_each(control) == CONTROL
    assert gone == set()


def nothing_leaked(seen: Sequence[Seen], misread: Sequence[Leak]) -> None:
    """No mark anywhere that the table forbids, and no fault on the way."""
    assert found_leaks(seen) == []
    assert misread == []
    assert [each for each in seen if each.status >= 500] == []


def all_was_seen(seen: Sequence[Seen], read: set[Mark], columns: Mapping[str, set[Mark]]) -> None:
    """The other direction: each reads every title that is theirs, families all that was written for them, and whatever is kept is read by somebody."""
    assert titles(seen) == {who: {label for label in LABELS if may_see(who, label, "title")} for who in LOOKERS}
    for_families = {(label, field) for label in LABELS for field in FAMILIES if may_see("nobody", label, field)}
    assert told_to_families(seen) == for_families
    assert set(columns) == WORDS, "another column keeps words: mark it, or say in kept that it does"
    everything = set().union(*columns.values())
    assert {field for _, field in everything - read.union(*(each.marks for each in seen))} == NEVER_SHOWN
    assert {field for _, field in everything} == set(FIELDS)


def nothing_in_the_log(log: str, sown: Sown) -> None:
    """Neither a mark nor a secret."""
    secrets = {*sown.tokens.values(), *sown.secrets, *sown.feeds, *sown.cookies}
    assert (spotted(log), [secret for secret in secrets if secret in log]) == (set(), [])


async def filtered(server: Server, sown: Sown) -> dict[str, tuple[int, bool]]:
    """How many answer to the name of an organization whose bookings are all confidential, and whether any does to a confidential activity in a calendar."""
    counts = {}
    for who in ("custodian", "adler", "coordinator", "quiet"):
        async with walker(server.base_url, sown, who) as each:
            listed = await each.calls.get("/api/v1/bookings", params={"organization": sown.organizations["quiet"]})
            scope = "organization" if who == "quiet" else "campus_staff"
            asked = {"scope": scope, "filters": {"activity": "counselling"}}
            made = (await each.calls.post("/api/v1/feeds", json=asked)).json()
            calendar = await each.pages.get("/calendars/" + made["url"].partition("/calendars/")[2])
            counts[who] = (len(listed.json()["items"]), "BEGIN:VEVENT" in calendar.text)
    return counts


async def tampered(district: District, server: Server, sown: Sown) -> list[Leak]:
    """What is found once the projection is given the wrong class, which is as good as bypassing it."""
    of = sown.booked["standsbusy"].reference
    await sql.tell(district.url, f"UPDATE bookings SET visibility = 'public' WHERE reference = '{of}'")
    found: list[Seen] = []
    routes = ("/programme", "/events/{public_id:str}", "/bookings/{reference:str}", "/api/v1/bookings/{reference:str}")
    for who in ("nobody", "clerk", "custodian"):
        async with walker(server.base_url, sown, who) as each:
            found += await each.reads(routes)
    return found_leaks(found)


async def after_leaving(district: District, server: Server, mailbox: Mailbox, sown: Sown) -> set[Mark]:
    """What is still written to somebody who has left the organization since they asked for a room."""
    mine = f"person_id = (SELECT id FROM people WHERE email = '{address('quiet')}')"
    await sql.tell(district.url, f"DELETE FROM memberships WHERE {mine}")
    before = len(mailbox.to(address("quiet")))
    async with client(server.base_url, sown.tokens["approver"]) as approver:
        path = f"/api/v1/bookings/{sown.booked['quietbusy'].reference}/decline"
        done = await approver.post(path, json={"reason": mark("quietbusy", "declined")})
    assert done.status_code == 200, done.text
    await tick(district, server, mailbox)
    return {found for letter in mailbox.to(address("quiet"))[before:] for found in spotted(letter.raw)}


async def tick(district: District, server: Server, mailbox: Mailbox, *more: str) -> None:
    """Everything that is due, letters sent."""
    settings = {"SMTP_URL": mailbox.url, "BASE_URL": server.base_url}
    done = await asyncio.to_thread(afterbell, district.url, "tick", *more, settings=settings)
    assert (done.returncode, spotted(done.stdout + done.stderr)) == (0, set()), done.stderr


def the_day_before() -> str:
    """When reminders of the first date, digests and the warnings of unanswered questions have fallen due."""
    return datetime.combine(ON - timedelta(days=1), time(17), THERE).isoformat()


async def ask_for_a_link(server: Server, who: str) -> None:
    """A sign-in letter is on its way."""
    async with browser(server.base_url) as visitor:
        page = await visitor.open("/sign-in")
        sent = await visitor.send(page.form("/sign-in"), email=address(who))
    assert sent.status == 200, sent.words


def found_leaks(seen: Iterable[Seen]) -> list[Leak]:
    """Who saw what where that the table forbids."""
    leaked = (
        (each.who, each.path, leaks(each.who, set(each.marks), LABELS, about=each.route.removeprefix("POST ") in ABOUT))
        for each in seen
    )
    return [(who, path, sorted(marks)) for who, path, marks in leaked if marks]


def of_each(found: Iterable[Leak]) -> dict[str, set[Mark]]:
    """The leaked marks by who saw them."""
    told: dict[str, set[Mark]] = {}
    for who, _, marks in found:
        told.setdefault(who, set()).update(marks)
    return told


def titles(seen: Iterable[Seen]) -> dict[str, set[str]]:
    """The bookings whose title each has read."""
    found: dict[str, set[str]] = {who: set() for who in LOOKERS}
    for each in seen:
        found[each.who] |= {of for of, field in each.marks if field == "title"}
    return found


def told_to_families(seen: Iterable[Seen]) -> set[Mark]:
    """What somebody who is not signed in has read of what was written for families."""
    return {found for each in seen if each.who == "nobody" for found in each.marks if found[1] in FAMILIES}


def by_recipient(mailbox: Mailbox) -> tuple[set[Mark], list[Leak]]:
    """Every mark in a letter, and those that the table does not let its reader see. Somebody for whom staff entered a booking reads that one."""
    names = {address(who): who for who in LOOKERS} | {f"{who}@district.example": who for who in LOOKERS}
    read: set[Mark] = set()
    leaked = []
    for letter in mailbox.letters:
        marks = spotted(letter.raw)
        read |= marks
        for recipient in letter.recipients:
            wrong = leaks(names[recipient], marks, LABELS) if recipient in names else beyond(recipient, marks)
            leaked += [(recipient, letter.subject, sorted(wrong))] if wrong else []
    return read, leaked


def beyond(recipient: str, marks: set[Mark]) -> set[Mark]:
    """What is not of the booking that staff entered for this address."""
    mine = {of for of, field in spotted(recipient) if field == "callermail" and parts(of)[0] == "caller"}
    return {found for found in marks if found[0] not in mine}
