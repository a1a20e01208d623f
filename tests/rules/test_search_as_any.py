"""Random needs of two organizations: on the dates on which a search calls a room free a preview of theirs keeps it, and on no other. And what that costs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings.forms import BookingForm, as_ask
from afterbell.bookings.pool import Need
from afterbell.bookings.request import preview
from afterbell.bookings.search import Found, search
from afterbell.bookings.searcher import NOBODY, find_searcher
from afterbell.bookings.searches import spelled_out
from afterbell.database import Database
from afterbell.policy.ask import Ask
from afterbell.policy.projection import Viewer
from tests.cast import BIRD, OWL, ZONE
from tests.conftest import District
from tests.ground.statements import counted
from tests.rules.ruling import desk, sets
from tests.stories.asks import CLASSROOM, CLINIC, HALL, ask, day, today, weekly
from tests.stories.many import viewer

THEATRE = "figueroa-youth-theatre"
LIN, SAM = "lin@clinic.example", "sam@theatre.example"
NEEDS, ROOMS = 36, 6
ACTIVITIES = ("community-clinic", "civic-meeting", "youth-sports", None)
RULES: tuple[tuple[str, dict[str, Any], dict[str, str]], ...] = (
    ("notice", {"partner": 10, "other": 20, "renewal": 3}, {"campus": OWL}),
    ("notice", {"partner": 40}, {"room": f"{OWL}/hall-3"}),
    ("quotas", {"hours_a_week": 6, "dates_open": 14}, {"campus": OWL}),
    ("quotas", {"hours_a_week": 5}, {"campus": BIRD}),
    ("quotas", {"dates_open": 3}, {"campus": CLASSROOM.partition("/")[0]}),
    ("admission", {"reserved": [{"tiers": ["agency"], "room_kinds": ["gym"]}]}, {"campus": BIRD}),
    ("admission", {"reserved": [{"kinds": ["nonprofit"]}]}, {"room": f"{OWL}/hall-4"}),
    ("admission", {"reserved": [{"activities": ["youth-sports"]}]}, {"room": f"{OWL}/hall-5"}),
    ("lengths", {"longest": 90}, {"room": f"{OWL}/hall-6"}),
)


async def set_all(district: District) -> None:
    """The rules; and what the two have: two halls, a studio that competes."""
    async with desk(district, "whitfield", "lin", "sam") as at:
        for name, value, where in RULES:
            answer = await sets(at["whitfield"], name, value, effective_from=today().isoformat(), **where)
            assert answer.status_code == 200, answer.text
        theirs = [
            ("lin", ask(day(ahead=60), 18, rooms=[HALL], repeat=weekly(3))),
            ("sam", ask(day(ahead=60), 15, rooms=[f"{OWL}/hall-7"], repeat=weekly(5), organization=THEATRE)),
            ("sam", ask(day(ahead=61), 15, rooms=[f"{BIRD}/studio"], repeat=weekly(5), organization=THEATRE)),
        ]
        for who, body in theirs:
            made = await at[who].post("/api/v1/bookings", json=body)
            assert made.status_code == 201, made.text


def needs(seed: int) -> Iterator[Ask]:
    """Days from soon to far off, once or in a series, by either."""
    drawn = Random(seed)
    for _ in range(NEEDS):
        on, hour = today() + timedelta(days=drawn.randint(2, 150)), drawn.choice((9, 15, 17, 18))
        often = f"FREQ={drawn.choice(('DAILY', 'WEEKLY'))};COUNT={drawn.randint(2, 10)}"
        who = {"organization": drawn.choice((CLINIC, THEATRE)), "activity": drawn.choice(ACTIVITIES)}
        body = ask(on, hour, **who, repeat={"rrule": often} if drawn.random() < 0.8 else None)
        yield replace(as_ask(msgspec.convert(body, BookingForm), whole=False), skips=True)


async def kept(session: AsyncSession, wanted: Ask, room: str, by: Viewer, now: datetime) -> list[datetime]:
    """The dates that a preview keeps."""
    found = await preview(session, replace(wanted, rooms=(room,)), by=by, now=now)
    dates = [] if found.verdict.refused else found.wish.dates
    return [date.original_start for date in dates if date.original_start not in found.left]


def free(found: Found, wanted: Ask) -> dict[str, list[datetime]]:
    """By room, the dates on which it is free."""
    told = {}
    for each in found.answers:
        odd = {reason.occurrence for reason in each.conflicts}
        dates = spelled_out(wanted, ZONE).dates if each.free else ()
        told[f"{each.room.school}/{each.room.slug}"] = [
            date.original_start for date in dates if date.original_start not in odd
        ]
        assert len(told[f"{each.room.school}/{each.room.slug}"]) == each.free
    return told


async def test_a_search_for_an_organization_has_the_dates_that_a_preview_keeps(district: District) -> None:
    """Control: as nobody many of these searches say otherwise."""
    await set_all(district)
    database, now = Database(district.url), clock.now()
    differ, otherwise = [], 0
    drawn = Random(district.engine)
    async with database.reading() as session:
        people = {CLINIC: await viewer(session, LIN), THEATRE: await viewer(session, SAM)}
        for wanted in needs(7):
            by = people[wanted.organization or ""]
            who = await find_searcher(session, wanted.organization, wanted.activity, by=by, now=now)
            need, wish = Need(wanted.headcount), spelled_out(wanted, ZONE)
            found = free(await search(session, need, wish, now=now, most=200, who=who), wanted)
            public = free(await search(session, need, wish, now=now, most=200), wanted)
            otherwise += found != public
            for room in {*drawn.sample(sorted(found), ROOMS), f"{OWL}/hall-{drawn.randint(2, 7)}"}:
                due = await kept(session, wanted, room, by, now)
                differ += [(wanted, room, found[room], due)] if found[room] != due else []
    await database.close()
    assert differ == []
    assert otherwise > NEEDS / 3


async def test_who_asks_costs_a_statement_and_what_they_have_another_where_it_counts(district: District) -> None:
    """However many schools; as nobody none."""
    body = ask(day(ahead=60), 18, rooms=[HALL], repeat=weekly(4))
    wanted = as_ask(msgspec.convert(body, BookingForm), whole=False)
    database, now = Database(district.url), clock.now()

    async def spent(session: AsyncSession, organization: str | None) -> int:
        by = await viewer(session, LIN)
        await search(session, Need(20), spelled_out(wanted, ZONE), now=now)  # reads rules that changed
        with counted() as statements:
            who = await find_searcher(session, organization, None, by=by, now=now)
            assert (who is NOBODY) == (organization is None)
            await search(session, Need(20), spelled_out(wanted, ZONE), now=now, who=who)
        return len(statements)

    async with database.reading() as session:
        await session.execute(text("SELECT 1"))
        before = [await spent(session, each) for each in (None, CLINIC)]
    async with desk(district, "whitfield") as at:
        for campus in (OWL, BIRD):
            where = {"campus": campus, "effective_from": today().isoformat()}
            answer = await sets(at["whitfield"], "quotas", {"dates_open": 400}, **where)
            assert answer.status_code == 200, answer.text
    async with database.reading() as session:
        after = [await spent(session, each) for each in (None, CLINIC)]
    await database.close()
    assert [each - before[0] for each in (*before, *after)] == [0, 1, 0, 2]
