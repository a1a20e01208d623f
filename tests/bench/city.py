"""A generated district: campuses with fifty rooms each around one point, and 60% of their evening hours booked in series. The same rows for the same seed, on
both engines and on every day of the year; nothing here knows a database."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import sqrt
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tests.cast import ZONE

CENTRE = (34.05, -118.25)
SPREAD = 0.15  # degrees, of a thousand campuses: some fifty lie within five kilometres of the centre, as in Los Angeles
ROOMS_A_CAMPUS = 50
WEEKS = 17
SOONEST = 30
HOURS = (18, 20)
LENGTH = timedelta(hours=2)
BOOKED = 0.6
TILES = (4, 6, 8, 17)
KINDS = ("classroom",) * 40 + ("meeting_room",) * 3 + ("computer_lab", "library", "cafeteria", "multipurpose")
SEATS = {"classroom": (24, 40), "meeting_room": (8, 24), "computer_lab": (24, 36), "library": (40, 90)}
LARGE = (90, 400)
GYM = 3


class Series(NamedTuple):
    """A booking: one room, one evening of the week and hour, every week from the first to the last, both included."""

    id: int
    room: int
    evening: int
    hour: int
    first: int
    last: int


class Week(NamedTuple):
    """One date of such a series, in wall time and in UTC; it stays at its wall hour when the clocks change."""

    evening: int
    hour: int
    week: int
    original_start: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class City:
    """How large it is: rooms, and the `evenings` (0 is Monday) of which six tenths are booked; `first` is the Monday of the first booked week."""

    rooms: int
    evenings: tuple[int, ...]
    first: date
    seed: int

    @property
    def campuses(self) -> int:
        """Of fifty rooms each."""
        return max(1, self.rooms // ROOMS_A_CAMPUS)

    @property
    def spread(self) -> float:
        """In degrees: a smaller district is as dense."""
        return SPREAD * sqrt(self.campuses / 1_000)

    def weeks(self) -> Iterator[Week]:
        """Every date on which something may be booked."""
        for week in range(WEEKS):
            for evening in self.evenings:
                for hour in HOURS:
                    wall = datetime.combine(self.first + timedelta(days=7 * week + evening), time(hour))
                    starts = wall.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
                    yield Week(evening, hour, week, wall.isoformat(timespec="minutes"), starts, starts + LENGTH)

    def series(self) -> Iterator[Series]:
        """For each room, evening and hour the term is cut into stretches of some weeks, and six of ten are booked. Whole gyms are booked by their halves."""
        drawn, number = Random(f"{self.seed} series"), 0
        for room in range(self.rooms):
            if is_whole(room):
                continue
            for evening in self.evenings:
                for hour in HOURS:
                    for first, last in _tiles(drawn):
                        if drawn.random() < BOOKED:
                            yield Series(number, room, evening, hour, first, last)
                            number += 1

    def campus_rows(self) -> Iterator[dict[str, Any]]:
        """Every tenth is closed for some days of its own, every seventh opens late; one in fifteen lets requests compete."""
        for number in range(self.campuses):
            hours = json.dumps(_hours("19:00" if number % 7 == 3 else "15:00"))
            yield {
                "id": number,
                "slug": f"city-{number}",
                "name": f"City School {number}",
                "time_zone": ZONE,
                "holds": "on_approval" if number % 15 == 4 else "on_request",
                "hours": hours,
                "seeded_hours": hours,
            }

    def spots(self) -> Iterator[tuple[float, float]]:
        """Where each campus is."""
        drawn = Random(f"{self.seed} spots")
        for _ in range(self.campuses):
            yield round(drawn.gauss(CENTRE[0], self.spread), 5), round(drawn.gauss(CENTRE[1], self.spread), 5)

    def room_rows(self) -> Iterator[dict[str, Any]]:
        """Fifty a campus, the last three a gym of two halves."""
        drawn = Random(f"{self.seed} rooms")
        for number in range(self.rooms):
            within = number % ROOMS_A_CAMPUS
            kind = KINDS[within] if within < len(KINDS) else "gym"
            seats = drawn.randint(*SEATS.get(kind, LARGE))
            features = [
                word for word, often in (("sink", 0.4), ("projector", 0.6), ("piano", 0.1)) if drawn.random() < often
            ]
            layouts = {"theatre": seats + 10, "banquet": seats * 2 // 3} if drawn.random() < 0.3 else {}
            yield {
                "id": number,
                "slug": f"room-{within}",
                "name": f"Room {within}",
                "kind": kind,
                "capacity": seats,
                "layouts": json.dumps(layouts),
                "features": json.dumps(features),
                "access": json.dumps(["step_free"] if drawn.random() < 0.7 else []),
            }

    def closures(self) -> Iterator[tuple[int, date, date]]:
        """Campus, first day and the day after the last."""
        drawn = Random(f"{self.seed} closures")
        for campus in range(0, self.campuses, 10):
            first = self.first + timedelta(days=drawn.randrange(7 * WEEKS))
            yield campus, first, first + timedelta(days=3)

    def rules(self) -> Iterator[tuple[str, int, int | None, Any, date]]:
        """Name, campus, room (None for the whole campus), value and the day from which it holds: one campus in eleven and one room in fifty have terms of their
        own; some of these hold only later, and some give way to what holds more widely."""
        since, later = self.first - timedelta(days=90), self.first + timedelta(days=30)
        for campus in range(5, self.campuses, 11):
            yield "lengths", campus, None, {"shortest": 90}, since
            yield "notice", campus, None, {"other": 60}, later if campus % 2 else since
        for number, room in enumerate(range(7, self.rooms, ROOMS_A_CAMPUS)):
            name, value, when = OWN_TERMS[number % len(OWN_TERMS)]
            yield name, room // ROOMS_A_CAMPUS, room, value, since if when else later


def _late(opens: str) -> dict[str, Any]:
    window = {"opens": opens, "closes": "22:00"}
    return {"seasons": [{"instead": True, "windows": [{"weekday": weekday} | window for weekday in range(7)]}]}


OWN_TERMS: Sequence[tuple[str, dict[str, Any] | None, bool]] = (
    ("lengths", {"longest": 90}, True),
    ("hours", _late("19:00"), True),
    ("lengths", {"longest": 60}, False),
    ("hours", _late("14:00"), True),
    ("notice", {"other": 45}, True),
    ("lengths", None, True),
    ("hours", _late("20:00"), False),
)


def is_whole(room: int) -> bool:
    """The whole of a gym, whose halves are the two rooms before it."""
    return room % ROOMS_A_CAMPUS == ROOMS_A_CAMPUS - 1


def spaces(room: int) -> tuple[int, ...]:
    """A space has the number of its room; a whole gym has its halves'."""
    return (room - 2, room - 1) if is_whole(room) else (room,)


def first_week(today: date) -> date:
    """A Monday that notice allows, from which seventeen weeks stay within half a year."""
    soonest = today + timedelta(days=SOONEST)
    return soonest + timedelta(days=-soonest.weekday() % 7)


def _tiles(drawn: Random) -> Iterator[tuple[int, int]]:
    first = 0
    while first < WEEKS:
        last = min(WEEKS, first + drawn.choice(TILES)) - 1
        yield first, last
        first = last + 1


def _hours(opens: str) -> list[dict[str, Any]]:
    return [
        {
            "weekday": weekday,
            "opens": opens if weekday < 5 else "08:00",
            "closes": "22:00",
            "since": None,
            "until": None,
        }
        for weekday in range(6)
    ]
