"""A district with a mark in every text that somebody can write, in a booking of every class and of every fate, made by the acts over HTTP."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx2
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.database import Database
from afterbell.people.join import add_person, create_link, create_token, give_role
from afterbell.places.models import Campus
from tests.cast import BIRD, OWL
from tests.conftest import District
from tests.ground import sql
from tests.ground.client import client
from tests.stories.asks import ask, card, day, weekly
from tests.stories.clearance import LOOKERS, parts
from tests.stories.spotting import mark

ON = day()
LATER = ON + timedelta(days=7)
STANDARD = {
    "public": "enrichment-class",
    "listed": "community-clinic",
    "busy": "counselling",
    "hidden": "recovery-group",
}
# Where each is, by label: a room of its own, except where one is to stand in another's way. The order is that of sowing.
ROOMS: Mapping[str, str] = {
    "standspublic": f"{OWL}/hall-2",
    "standslisted": f"{OWL}/hall-3",
    "standsbusy": f"{OWL}/hall-4",
    "standshidden": f"{OWL}/hall-5",
    "heldpublic": f"{OWL}/hall-6",
    "heldbusy": f"{OWL}/hall-7",
    "partlypublic": f"{OWL}/hall-8",
    "partlyhidden": f"{OWL}/hall-9",
    "declinedpublic": f"{OWL}/hall-10",
    "declinedbusy": f"{OWL}/hall-11",
    "withdrawnlisted": f"{OWL}/hall-12",
    "withdrawnhidden": f"{OWL}/hall-13",
    "cancelledpublic": f"{OWL}/hall-14",
    "cancelledlisted": f"{OWL}/hall-15",
    "cancelledbusy": f"{OWL}/hall-16",
    "skippedpublic": f"{OWL}/hall-5",
    "skippedbusy": f"{OWL}/hall-2",
    "askedpublic": f"{OWL}/hall-17",
    "askedbusy": f"{OWL}/hall-18",
    "answeredlisted": f"{OWL}/hall-19",
    "answeredhidden": f"{OWL}/hall-20",
    "competingpublic": f"{BIRD}/studio",
    "competingbusy": f"{BIRD}/hall",
    "rivalpublic": f"{BIRD}/studio",
    "lostpublic": f"{BIRD}/gym",
    "wonbusy": f"{BIRD}/gym-a",
    "quietbusy": f"{OWL}/hall-21",
    "schoolpublic": f"{OWL}/hall-22",
    "schoolbusy": f"{OWL}/hall-23",
    "callerpublic": f"{OWL}/hall-24",
    "callerhidden": f"{OWL}/hall-25",
}
LABELS = tuple(ROOMS)
FIELDS = (
    "title",
    "note",
    "key",
    "contact",
    "phone",
    "program",
    "caller",
    "callerphone",
    "callergroup",
    "callermail",
)
WEEKLY = ("partly", "skipped")
APPROVED = ("approver", "approval", "message", "approved")
ASKED = ("approver", "question", "message", "asked")
# What becomes of a request after all are made: who does what, with which words under which name in the body.
FATES: Mapping[str, tuple[tuple[str, str, str, str], ...]] = {
    "partly": (APPROVED,),
    "skipped": (APPROVED,),
    "won": (APPROVED,),
    "cancelled": (APPROVED, ("approver", "cancellation", "reason", "cancelled")),
    "declined": (("approver", "decline", "reason", "declined"),),
    "withdrawn": (("manager", "withdrawal", "reason", "withdrawn"),),
    "asked": (ASKED,),
    "answered": (ASKED, ("manager", "answer", "message", "answered")),
}
# What is kept when staff ask anyway: here of every booking, whoever asked.
FLAGGED = json.dumps(
    [{"code": "in_past", "text": "x", "values": {}, "zone": "UTC", "policy": None, "occurrence": None}]
)
ASKERS = {"won": "quiet", "quiet": "quiet", "rival": "sam", "school": "clerk", "caller": "clerk"}


@dataclass(frozen=True)
class Booked:
    """A booking, and the public ids of its dates."""

    reference: str
    dates: tuple[str, ...]


@dataclass
class Sown:
    """What there is: everybody's token, sign-in link and cookies, organizations by key, bookings by label; tokens of secret calendars as they are made, and the
    secrets of letters."""

    tokens: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    organizations: dict[str, str] = field(default_factory=dict)
    booked: dict[str, Booked] = field(default_factory=dict)
    feeds: list[str] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)

    def label_of(self, reference: str) -> str:
        """Which booking has that reference; empty for one of the cast's."""
        return next((label for label, each in self.booked.items() if each.reference == reference), "")


def address(who: str) -> str:
    """Where somebody is written to; those of the marked organizations have marks in theirs."""
    named = {
        "manager": f"{mark('main', 'mail')}@main.example",
        "member": f"{mark('main', 'member')}@main.example",
        "quiet": f"{mark('quiet', 'mail')}@quiet.example",
        "newcomer": f"{mark('newcomer', 'mail')}@newcomer.example",
        "sam": "sam@theatre.example",
    }
    return named.get(who, f"{who}@district.example").lower()


def texts(label: str) -> dict[str, Any]:
    """Everything that somebody may write when they ask."""
    fate, kind = parts(label)
    word = {name: mark(label, name) for name in FIELDS}
    body: dict[str, Any] = {
        "title": word["title"],
        "note": word["note"],
        "contact": {word["key"]: word["contact"], "phone": word["phone"]},
        "program": word["program"],
        "activity": STANDARD[kind],
    }
    if kind in ("public", "listed"):
        body["listing"] = listing(label)
    if fate == "caller":
        behind = {"name": word["caller"], "phone": word["callerphone"], "organization": word["callergroup"]}
        body["on_behalf_of"] = behind | {"email": f"{word['callermail']}@caller.example"}
    return body


def listing(label: str) -> dict[str, Any]:
    """What is written for families."""
    return {
        "summary": {"en": mark(label, "en"), "es": mark(label, "es")},
        "languages": ["en", "es"],
        "cost": mark(label, "cost"),
        "ages": mark(label, "ages"),
        "join": "link",
        "link": f"https://example.org/{mark(label, 'link')}",
        "public_contact": mark(label, "ask"),
        "places": "open",
    }


async def sow(base_url: str, district: District) -> Sown:
    """The whole district; every act must succeed."""
    sown = Sown()
    await _people(district, sown)
    hands = {who: client(base_url, token) for who, token in sown.tokens.items()}
    try:
        await _organizations(hands, district, sown)
        hands["member"] = client(base_url, sown.tokens["member"])
        for label in LABELS:
            await _book(hands, sown, label)
        await _settle(hands, sown)
    finally:
        for each in hands.values():
            await each.aclose()
    for label in LABELS:  # what a narrowing leaves behind: nobody may write a listing for what is confidential
        told = f"UPDATE bookings SET listing = '{json.dumps(listing(label))}'"
        await sql.tell(district.url, f"{told} WHERE reference = '{sown.booked[label].reference}' AND listing IS NULL")
        flagged = f"UPDATE bookings SET anyway = '{mark(label, 'anyway')}', findings = '{FLAGGED}'"
        flagged += f", layout = '{mark(label, 'layout')}', change_reason = '{mark(label, 'moved')}'"
        await sql.tell(district.url, f"{flagged} WHERE reference = '{sown.booked[label].reference}'")
    return sown


async def _people(district: District, sown: Sown) -> None:
    """The cast, and those at the schools of the bookings; by the acts behind `person add` and `token create`."""
    now = clock.now()
    for each in district.cast["people"]:
        name = each["email"].split("@")[0]
        sown.tokens[name], sown.links[name] = each["token"], each["sign_in_url"]
    names = {"manager": mark("main", "name"), "quiet": mark("quiet", "name"), "newcomer": mark("newcomer", "name")}
    database = Database(district.url)
    async with database.writing() as session:
        campuses = dict((await session.execute(select(Campus.slug, Campus.id))).all())
        for who in (*(who for who in LOOKERS if who not in ("nobody", "member")), "newcomer"):
            if who in sown.tokens:
                continue
            person = await add_person(session, address(who), name=names.get(who, who.title()), now=now)
            for slug in LOOKERS[who].campuses if who in LOOKERS else ():
                await give_role(session, person, LOOKERS[who].role, campus_id=campuses[slug])
            sown.tokens[who] = await create_token(session, person, now=now)
            sown.links[who] = await _link(session, person)
    await database.close()


async def _link(session: AsyncSession, person: int) -> str:
    """A way in, once: who has one for good stands on the home page of sample data."""
    token = await create_link(session, person, now=clock.now(), lasts=timedelta(days=1))
    return f"/sign-in/{token}"


async def _organizations(hands: Mapping[str, httpx2.AsyncClient], district: District, sown: Sown) -> None:
    """Two are founded and vouched for, one takes somebody in, and somebody else asks to join it."""
    sown.organizations = {"rival": card(district, "sam")["organization"]}
    for who, key in (("manager", "main"), ("quiet", "quiet")):
        made = await _done(hands[who], "/api/v1/organizations", name=mark(key, "group"), kind="clinic")
        sown.organizations[key] = made["slug"]
        await _done(hands["becker"], f"/api/v1/organizations/{made['slug']}/verification")
    there = f"/api/v1/organizations/{sown.organizations['main']}/members"
    await _done(hands["manager"], there, email=address("member"))
    await _done(hands["newcomer"], there, email=address("newcomer"))
    now, database = clock.now(), Database(district.url)
    async with database.writing() as session:
        person = await add_person(session, address("member"), now=now)
        sown.tokens["member"] = await create_token(session, person, now=now)
        sown.links["member"] = await _link(session, person)
    await database.close()


async def _book(hands: Mapping[str, httpx2.AsyncClient], sown: Sown, label: str) -> None:
    fate, _ = parts(label)
    who = ASKERS.get(fate, "manager")
    organization = {"school": OWL, "caller": None}.get(fate, sown.organizations.get(LOOKERS[who].belongs))
    more: dict[str, Any] = {"organization": organization, "rooms": [ROOMS[label]], **texts(label)}
    if fate in WEEKLY:
        more |= {"repeat": weekly(2), "on_conflict": "skip"}
    keyed = {"Idempotency-Key": label} if label == "standshidden" else {}
    made = await hands[who].post("/api/v1/bookings", json=ask(ON, **more), headers=keyed)
    assert made.status_code == 201, (label, made.text)
    body = made.json()
    sown.booked[label] = Booked(body["reference"], tuple(date["id"] for date in body["occurrences"]))
    if fate == "stands":  # before others ask for the same room
        await _act(hands["approver"], sown, label, "approval", message=mark(label, "approved"))


async def _settle(hands: Mapping[str, httpx2.AsyncClient], sown: Sown) -> None:
    """What becomes of those that do not just stand or wait."""
    for label in LABELS:
        for who, act, word, field_ in FATES.get(parts(label)[0], ()):
            some: dict[str, Any] = {}
            if parts(label)[0] == "partly":
                some = {"occurrences": [sown.booked[label].dates[0]], "rest": "declined"}
            await _act(hands[who], sown, label, act, **some | {word: mark(label, field_)})


async def _act(by: httpx2.AsyncClient, sown: Sown, label: str, act: str, **body: Any) -> None:
    await _done(by, f"/api/v1/bookings/{sown.booked[label].reference}/{act}", **body)


async def _done(by: httpx2.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    answer = await by.post(path, json=body)
    assert answer.status_code in (200, 201), (path, answer.status_code, answer.text)
    found: dict[str, Any] = answer.json()
    return found
