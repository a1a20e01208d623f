"""The judge by brute force: every room of a district held against a need, date by date and claim by claim, by the rules of policy, the terms that its rulebook
gives it, and nothing else of the search. It reads what it needs by the bare driver and tells how an answer over HTTP differs from what it should be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from afterbell.almanac import hours
from afterbell.almanac.closures import Closure
from afterbell.almanac.span import Span
from afterbell.bookings.searches import SearchForm, asked_wish
from afterbell.places.catalog import Near, kilometres
from afterbell.policy.ask import Facts, RoomFacts, Wish
from afterbell.policy.nearby import CLOSE_BY, FURTHEST
from afterbell.policy.rooms import without_overlapping_itself
from afterbell.policy.rules import judge_times
from afterbell.rules.book import Book, RuleRow
from tests.bench.claims import Claims, read_claims
from tests.cast import ZONE
from tests.ground import sql

ROOMS = """
    SELECT rooms.id, schools.slug, rooms.slug, rooms.campus_id, rooms.kind, rooms.capacity, CAST(rooms.features AS TEXT), CAST(rooms.access AS TEXT),
    CAST(rooms.layouts AS TEXT), schools.latitude, schools.longitude FROM rooms JOIN schools ON schools.id = rooms.school_id"""
CAMPUSES = "SELECT id, CAST(hours AS TEXT), time_zone FROM campuses"
RULES = "SELECT id, name, campus_id, room_id, CAST(value AS TEXT), CAST(effective_from AS TEXT) FROM rules ORDER BY id"
CLOSURES = "SELECT campus_id, starts_at, ends_at, reason FROM closures ORDER BY starts_at, id"
Told = tuple[str, int, int, float | None, int, list[tuple[str, list[str]]]]


@dataclass(frozen=True)
class Room:
    """A room and where it is."""

    facts: RoomFacts
    key: str
    campus: int
    kind: str
    words: frozenset[str]
    at: tuple[float, float] | None


@dataclass(frozen=True)
class Rules:
    """What a campus is judged by; `book` has the rows in force on whichever day, and those of its rooms."""

    zone: str
    windows: Sequence[hours.Window]
    closures: Sequence[Closure]
    book: Book

    def facts(self, room: RoomFacts, taken: Mapping[int, Sequence[Span]], now: datetime) -> Facts:
        """Of one room."""
        terms = {room.id: self.book.terms(room.id, now.astimezone(ZoneInfo(self.zone)).date())}
        return Facts(self.zone, {room.id: room}, self.windows, self.closures, taken, None, terms=terms)


@dataclass(frozen=True)
class Judge:
    """All rooms and campuses of the database at `url`."""

    url: str
    rooms: Sequence[Room]
    campuses: Mapping[int, Rules]

    @cached_property
    def apart(self) -> frozenset[int]:
        """The rooms that have rules of their own."""
        rows = (row for rules in self.campuses.values() for row in rules.book.rows)
        return frozenset(row.room_id for row in rows if row.room_id is not None)

    async def differs(self, body: Mapping[str, Any], answer: Mapping[str, Any], now: datetime) -> list[str]:
        """What is wrong with an answer of POST /searches; nothing when it is what brute force finds."""
        need = msgspec.convert(body, SearchForm)
        wish = asked_wish(need, ZONE)
        fitting = [room for room in self.rooms if fits(room, need)]
        claims = await read_claims(
            self.url, [room.facts for room in fitting], {room.campus for room in fitting}, reach(wish)
        )
        case = Case(self, need, wish, claims, now)
        expected = [case.told(room) for room in sorted(fitting, key=case.place)[: len(answer["items"]) or 1]]
        found = [as_told(item) for item in answer["items"]]
        wrong = [f"{a} and not {b}" for a, b in zip(found, expected, strict=False) if a != b]
        wrong += [f"{answer['fitting']} fitting and not {len(fitting)}"] * (answer["fitting"] != len(fitting))
        wrong += ["nothing found"] * (not found and bool(fitting))
        return wrong + [told for item in answer["items"] for told in case.about_alternatives(item)]


@dataclass(frozen=True)
class Case:
    """One need before the judge."""

    judge: Judge
    need: SearchForm
    wish: Wish
    claims: Claims
    now: datetime

    @cached_property
    def of_campus(self) -> dict[int, dict[datetime, list[str]]]:
        """The codes that every room of a campus gets, by date, where it has no terms of its own."""
        return {campus: self.without_claims(campus, 0) for campus in self.judge.campuses}

    def without_claims(self, campus: int, room: int) -> dict[datetime, list[str]]:
        """The codes that a room would get if nobody had it."""
        facts = self.judge.campuses[campus].facts(RoomFacts(room, "", 0, frozenset({0})), {}, self.now)
        found: dict[datetime, list[str]] = {}
        wish = replace(self.wish, rooms=(room,))
        overlaps = without_overlapping_itself(wish, facts, self.now)
        for finding in (*judge_times(wish, facts, self.now).reasons, *overlaps):
            assert finding.occurrence
            found.setdefault(finding.occurrence, []).append(finding.code)
        return found

    def odd(self, room: Room) -> dict[datetime, list[str]]:
        """The codes on each date that is not free."""
        own = room.facts.id in self.judge.apart
        shut = self.without_claims(room.campus, room.facts.id) if own else self.of_campus[room.campus]
        found = {start: list(codes) for start, codes in shut.items()}
        for day in self.wish.dates:
            claim = self.wish.claim(day)
            if any(span.overlaps(claim) for span in self.claims.of(room.facts)):
                found.setdefault(day.original_start, []).append("room_taken")
        return found

    def place(self, room: Room) -> tuple[float, ...]:
        """Where it stands in the list, smaller first."""
        km, odd = distance(room, self.need), self.odd(room)
        spare = room.facts.holds(self.need.layout) - self.need.headcount
        return (len(odd), int(km or 0), -self.open(room), spare, km or 0, room.facts.id)

    def open(self, room: Room) -> int:
        """On how many dates somebody else has the building open."""
        spans = self.claims.at(room.campus)
        return sum(any(span.overlaps(self.wish.claim(date)) for span in spans) for date in self.wish.dates)

    def told(self, room: Room) -> Told:
        """The answer that is due."""
        odd, of = self.odd(room), len(self.wish.dates)
        conflicts = [(f"{start:%Y-%m-%dT%H:%M}", odd[start]) for start in sorted(odd)]
        return room.key, of - len(odd), of, distance(room, self.need), self.open(room), conflicts

    def about_alternatives(self, item: Mapping[str, Any]) -> list[str]:
        """Those of an answer that are not free, or not what they should be."""
        here = f"{item['school']}/{item['room']['slug']}"
        return [
            f"{each} does not do for {here}"
            for conflict in item["conflicts"]
            for each in conflict["alternatives"]
            if not self.would_do(here, conflict["original_start"], each)
        ]

    def would_do(self, here: str, start: str, each: Mapping[str, Any]) -> bool:
        """Free then and fitting: another room at the same time, the same room at most three hours away, or at the same wall time at most six days away."""
        room = next(room for room in self.judge.rooms if room.key == each["room"])
        date = next(date for date in self.wish.dates if f"{date.original_start:%Y-%m-%dT%H:%M}" == start)
        span = Span(*(datetime.fromisoformat(each[name]) for name in ("starts_at", "ends_at")))
        moved = replace(date, span=span)
        wish = replace(self.wish, dates=[moved], rooms=(room.facts.id,))
        taken = dict.fromkeys(room.facts.spaces, self.claims.of(room.facts))
        verdict = judge_times(wish, self.judge.campuses[room.campus].facts(room.facts, taken, self.now), self.now)
        return not verdict.refused and self.close(span, date.span, each["room"] == here) and fits(room, self.need)

    def close(self, span: Span, asked: Span, same_room: bool) -> bool:
        """As long, and as near as an alternative may be; on another day only where no other date of the wish is."""
        apart, days = abs(span.starts_at - asked.starts_at), timedelta(days=CLOSE_BY, hours=1)
        walls = {each.starts_at.astimezone(ZoneInfo(ZONE)).time() for each in (span, asked)}
        claim = span.padded(self.wish.setup, self.wish.takedown)
        clear = not any(self.wish.claim(date).overlaps(claim) for date in self.wish.dates)
        on_another_day = same_room and len(walls) == 1 and timedelta() < apart <= days and clear
        near = timedelta() < apart <= FURTHEST if same_room else apart == timedelta()
        return span.length == asked.length and (near or on_another_day)


def fits(room: Room, need: SearchForm) -> bool:
    """Whether a room is what is needed, whenever."""
    km = kilometres_to(room, need)
    near = need.near is None or (km is not None and km <= (need.within_km or 10))
    at_school = not need.schools or room.key.partition("/")[0] in need.schools
    has = room.words >= {*need.features, *need.access}
    large = room.facts.holds(need.layout) >= need.headcount
    large = large and (need.layout is None or need.layout in room.facts.layouts)
    return near and at_school and has and large and need.kind in (None, room.kind)


def distance(room: Room, need: SearchForm) -> float | None:
    """From the point of the need, in kilometres to two places."""
    km = kilometres_to(room, need)
    return None if km is None else round(km, 2)


def kilometres_to(room: Room, need: SearchForm) -> float | None:
    """From the point of the need."""
    if need.near is None or room.at is None:
        return None
    latitude, longitude = (float(part) for part in need.near.split(","))
    return kilometres(Near(latitude, longitude, 0), *room.at)


def reach(wish: Wish) -> Span:
    """Of all dates, with the days to which they might move."""
    claims, days = [wish.claim(date) for date in wish.dates], timedelta(days=CLOSE_BY + 1)
    return Span(min(c.starts_at for c in claims) - days, max(c.ends_at for c in claims) + days)


def as_told(item: Mapping[str, Any]) -> Told:
    """An answer as the judge would give it."""
    conflicts = [(each["original_start"], [reason["code"] for reason in each["reasons"]]) for each in item["conflicts"]]
    key = f"{item['school']}/{item['room']['slug']}"
    return key, item["free"], item["of"], item["distance_km"], item["already_open"], conflicts


async def read_judge(url: str) -> Judge:
    """Everything that stays while needs are judged."""
    closed: dict[int | None, list[Closure]] = {}
    for campus, starts_at, ends_at, reason in await sql.rows(url, CLOSURES):
        closed.setdefault(campus, []).append(Closure(Span(instant(starts_at), instant(ends_at)), reason))
    by_campus: dict[int | None, list[RuleRow]] = {}
    for id_, name, campus, room, value, since in await sql.rows(url, RULES):
        row = RuleRow(id_, name, campus, room, value_of(value), date.fromisoformat(since), 0)
        by_campus.setdefault(campus, []).append(row)
    campuses = {
        id_: Rules(
            zone,
            hours.from_json(msgspec.json.decode(windows)),
            [*closed.get(id_, ()), *closed.get(None, ())],
            Book([*by_campus.get(None, ()), *by_campus.get(id_, ())]),
        )
        for id_, windows, zone in await sql.rows(url, CAMPUSES)
    }
    spaces: dict[int, set[int]] = {}
    for room, space in await sql.rows(url, "SELECT room_id, space_id FROM room_spaces"):
        spaces.setdefault(room, set()).add(space)
    rooms = [read_room(row, frozenset(spaces[row[0]])) for row in await sql.rows(url, ROOMS)]
    return Judge(url, rooms, campuses)


def read_room(row: Sequence[Any], spaces: frozenset[int]) -> Room:
    """From its row."""
    id_, school, slug, campus, kind, capacity, features, access, layouts, latitude, longitude = row
    facts = RoomFacts(id_, slug, capacity, spaces, msgspec.json.decode(layouts or "{}") or {})
    words = frozenset(msgspec.json.decode(features)) | frozenset(msgspec.json.decode(access))
    return Room(facts, f"{school}/{slug}", campus, kind, words, None if latitude is None else (latitude, longitude))


def value_of(text: str | None) -> Any:
    """Of a rule; None gives way to what holds more widely."""
    return None if text is None else msgspec.json.decode(text)


def instant(value: str | datetime) -> datetime:
    """SQLite keeps text."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value
