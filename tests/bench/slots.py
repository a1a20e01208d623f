"""Times in the halls of Night Owl High that nobody else asks for, in a fixed order, and the requests for them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any

from tests.cast import OWL
from tests.stories.asks import ask, today

HALLS = [f"hall-{number}" for number in range(3, 40)]
FEED_HALL = "hall-2"
SOONEST, FURTHEST = 30, 170
# Hours that exist once on every day; those of series are others, so that they never meet a single date.
HOURS, SERIES_HOURS = range(5, 22), (3, 4, 22, 23)
DATES = 12


@dataclass(frozen=True)
class Slot:
    """An hour in a hall; `starts` is wall time. A series begins there and comes back every week."""

    hall: str
    starts: datetime

    def body(self, dates: int) -> str:
        """The request, as JSON."""
        ends = self.starts + timedelta(hours=1)
        wish: dict[str, Any] = {"rooms": [f"{OWL}/{self.hall}"], "title": "Evening class", "headcount": 20}
        wish |= {"starts_at": self.starts.isoformat(), "ends_at": ends.isoformat()}
        if dates > 1:
            wish["repeat"] = {"rrule": f"FREQ=WEEKLY;COUNT={dates}"}
        return json.dumps(ask(**wish))


class Slots:
    """What is still free in one database: `single` hours, and first dates of `series`."""

    def __init__(self, closed: date) -> None:
        self.single = singles(closed)
        self.series = series(closed)


def singles(closed: date) -> Iterator[Slot]:
    """About 86,000 hours; one after the other they lie in different halls."""
    return _slots(_days(closed), HOURS, HALLS)


def series(closed: date) -> Iterator[Slot]:
    """About 880 first dates of twelve weekly ones, none on the weekday of the closed day."""
    week = (today() + timedelta(days=SOONEST + ahead) for ahead in range(7))
    return _slots([day for day in week if day.weekday() != closed.weekday()], SERIES_HOURS, HALLS)


def in_one_hall(closed: date) -> Iterator[Slot]:
    """About 2,300 hours in the hall whose calendar is polled."""
    return _slots(_days(closed), HOURS, [FEED_HALL])


def _days(closed: date) -> list[date]:
    days = (today() + timedelta(days=ahead) for ahead in range(SOONEST, FURTHEST))
    return [day for day in days if abs(day - closed) > timedelta(days=1)]


def _slots(days: list[date], hours: range | tuple[int, ...], halls: list[str]) -> Iterator[Slot]:
    return (Slot(hall, datetime.combine(day, time(hour))) for day, hour, hall in product(days, hours, halls))
