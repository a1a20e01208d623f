"""Where campuses and rooms are lent on terms of their own a search tells of each room what a preview tells: which dates can be had, and why the others cannot,
today and on later days. As nobody: who asks is not known here, so that quotas and admission do not concern it (test_search_as)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings.forms import BookingForm, as_ask
from afterbell.bookings.pool import Need
from afterbell.bookings.request import preview
from afterbell.bookings.search import search
from afterbell.bookings.searches import spelled_out
from afterbell.database import Database
from afterbell.people.access import viewer_of_token
from afterbell.policy.verdict import Finding
from tests.cast import BIRD, OWL, ZONE
from tests.conftest import District
from tests.ground import sql
from tests.rules.ruling import desk, sets
from tests.stories.asks import CLASSROOM, HALL, ask, day, today, token, wall, weekly

COUNT = 6
TODAY, LATER = today().isoformat(), (today() + timedelta(days=10)).isoformat()
FOURTH = (day() + timedelta(weeks=3)).isoformat()
Said = tuple[str, str, dict[str, Any]]
Told = dict[str, dict[str, list[Said]]]


def season(opens: str, closes: str, weekday: int = day().weekday(), **when: str) -> dict[str, Any]:
    """One window in place of the campus's hours."""
    window = {"weekday": weekday, "opens": opens, "closes": closes}
    return {"seasons": [{"instead": True, "windows": [window], **when}]}


# Rule, value, where, from when: of campuses, of rooms, of rooms against their campus; now, and in ten days.
RULES: Sequence[tuple[str, dict[str, Any] | None, dict[str, str], str]] = (
    ("lengths", {"shortest": 30, "longest": 240}, {"campus": OWL}, TODAY),
    ("lengths", {"longest": 90}, {"room": f"{OWL}/hall-3"}, TODAY),
    ("lengths", {"longest": 90}, {"room": f"{OWL}/hall-4"}, LATER),
    ("lengths", {"shortest": 150}, {"room": f"{OWL}/hall-5"}, TODAY),
    ("lengths", None, {"room": f"{OWL}/hall-5"}, LATER),
    ("notice", {"other": 40, "agency": 40}, {"room": f"{OWL}/hall-6"}, TODAY),
    ("notice", {"other": 40}, {"room": f"{OWL}/hall-7"}, LATER),
    ("hours", season("18:00", "22:00"), {"room": f"{OWL}/hall-8"}, TODAY),
    ("hours", season("16:00", "18:00"), {"room": f"{OWL}/hall-9"}, TODAY),
    ("hours", season("19:00", "22:00", since=FOURTH), {"room": f"{OWL}/hall-10"}, TODAY),
    ("hours", season("19:00", "22:00"), {"room": f"{OWL}/hall-11"}, LATER),
    ("hours", {"seasons": [{"instead": True}]}, {"room": f"{OWL}/hall-1a"}, TODAY),
    ("quotas", {"hours_a_week": 40, "dates_open": 40}, {"campus": OWL}, TODAY),
    ("admission", {"reserved": [{"tiers": ["agency"]}]}, {"room": f"{OWL}/hall-13"}, TODAY),
    ("hours", season("17:00", "22:00"), {"campus": "24th-street-elementary"}, TODAY),
    ("hours", season("15:00", "22:00"), {"room": CLASSROOM}, LATER),
    ("lengths", {"longest": 60}, {"campus": BIRD}, LATER),
    ("lengths", {"longest": 180}, {"room": f"{BIRD}/hall"}, TODAY),
)


SET_UP = "UPDATE rooms SET layouts = '{\"banquet\": 40}' WHERE slug IN ('hall-2', 'hall-3', 'hall-8')"


async def set_all(district: District) -> None:
    """The rules, a room that is taken on two of the dates, and three that can be set up for a banquet."""
    await sql.tell(district.url, SET_UP)
    async with desk(district, "whitfield", "lin") as at:
        for name, value, where, since in RULES:
            answer = await sets(at["whitfield"], name, value, effective_from=since, **where)
            assert answer.status_code == 200, answer.text
        body = ask(day(), rooms=[HALL], repeat={"rrule": "FREQ=WEEKLY;INTERVAL=3;COUNT=2"})
        assert (await at["lin"].post("/api/v1/bookings", json=body)).status_code == 201


def wanted(**changes: Any) -> dict[str, Any]:
    """Twenty people, two hours on six Tuesdays; who asks and what for is not known."""
    body = ask(day(), repeat=weekly(COUNT), organization=None, activity=None, title=None) | changes
    return {name: value for name, value in body.items() if name != "rooms"}


def said(found: Sequence[Finding], dates: Sequence[datetime]) -> dict[str, list[Said]]:
    """By date, in an order of no meaning, everything that refuses it."""
    told: dict[str, list[Said]] = {start.isoformat(): [] for start in dates}
    for each in found:
        assert each.occurrence is not None, each
        told[each.occurrence.isoformat()].append((each.code, each.message.text, dict(each.message.values)))
    return {start: sorted(each, key=repr) for start, each in told.items()}


async def searched(session: AsyncSession, body: dict[str, Any], now: datetime) -> Told:
    """By room, what a search says of the dates."""
    form = msgspec.convert({**body, "rooms": [HALL]}, BookingForm)
    wish = spelled_out(as_ask(form, whole=False), ZONE)
    found = await search(session, Need(wish.headcount, layout=wish.layout), wish, now=now, most=200)
    dates = [each.original_start for each in wish.dates]
    assert len(found.answers) == found.fitting
    told = {f"{each.room.school}/{each.room.slug}": said(each.conflicts, dates) for each in found.answers}
    free = {f"{each.room.school}/{each.room.slug}": each.free for each in found.answers}
    assert free == {room: sum(not reasons for reasons in each.values()) for room, each in told.items()}
    return told


async def previewed(district: District, session: AsyncSession, body: dict[str, Any], room: str, now: datetime) -> Any:
    """What a preview says of the same dates in one room."""
    by = await viewer_of_token(session, token(district, "lin"), now=clock.now())
    assert by is not None
    form = msgspec.convert({**body, "rooms": [room]}, BookingForm)
    found = await preview(session, as_ask(form, whole=False), by=by, now=now)
    return said(found.verdict.reasons, [each.original_start for each in found.wish.dates])


BODIES = {
    "afternoons": wanted(),
    "evenings": wanted(starts_at=wall(day(), 18), ends_at=wall(day(), 20)),
    "short": wanted(ends_at=wall(day(), 16, 45)),
    "with set-up": wanted(setup_minutes=30, takedown_minutes=15),
    "dates that overlap": wanted(repeat={**weekly(2), "also": [wall(day(), 17), wall(day(), 20), wall(day(), 21)]}),
    "set up otherwise": wanted(layout="banquet", headcount=30),
    "soon": wanted(
        starts_at=wall(today() + timedelta(days=25), 18),
        ends_at=wall(today() + timedelta(days=25), 20),
        repeat=weekly(3),
    ),
}


async def test_a_search_tells_of_every_room_what_a_preview_tells_today_and_later(district: District) -> None:
    await set_all(district)
    database, now = Database(district.url), clock.now()
    differ: dict[str, Any] = {}
    async with database.reading() as session:
        for name, body in BODIES.items():
            for days in (0, 1, 10):
                at = now + timedelta(days=days)
                found = await searched(session, body, at)
                due = {room: await previewed(district, session, body, room, at) for room in found}
                differ |= {
                    f"{name}, {days}, {room}": (found[room], due[room]) for room in found if found[room] != due[room]
                }
    await database.close()
    assert differ == {}


async def test_control_the_terms_of_rooms_and_campuses_make_the_difference(district: District) -> None:
    await set_all(district)
    database, now = Database(district.url), clock.now()
    async with database.reading() as session:
        first, later = [await searched(session, wanted(), now + timedelta(days=days)) for days in (0, 10)]
    await database.close()
    odd, then = (
        {
            room: "".join("-" if reasons else "+" for reasons in told[room].values())
            for room in (
                CLASSROOM,
                *(f"{OWL}/hall-{n}" for n in (2, *range(3, 14), "1a")),
                f"{BIRD}/studio",
                f"{BIRD}/hall",
            )
        }
        for told in (first, later)
    )
    free, none = "+" * COUNT, "-" * COUNT
    assert odd == {
        CLASSROOM: none,
        HALL: "-++-++",
        **dict.fromkeys((f"{OWL}/hall-{n}" for n in (3, 5, 8, "1a")), none),
        f"{OWL}/hall-6": odd[f"{OWL}/hall-6"],
        f"{OWL}/hall-10": "+++---",
        **dict.fromkeys((f"{OWL}/hall-{n}" for n in (4, 7, 9, 11, 12, 13)), free),
        f"{BIRD}/studio": free,
        f"{BIRD}/hall": free,
    }
    assert (odd[f"{OWL}/hall-6"][0], odd[f"{OWL}/hall-6"][-1]) == ("-", "+")
    assert {room: each for room, each in then.items() if each != odd[room]} == {
        CLASSROOM: free,
        f"{OWL}/hall-4": none,
        f"{OWL}/hall-5": free,
        f"{OWL}/hall-7": then[f"{OWL}/hall-7"],
        f"{OWL}/hall-11": none,
        f"{OWL}/hall-6": then[f"{OWL}/hall-6"],
        f"{BIRD}/studio": none,
    }
