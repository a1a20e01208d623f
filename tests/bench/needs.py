"""Random needs in the generated district, the same for the same seed: as bodies of POST /api/v1/searches."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from tests.bench.city import CENTRE, SPREAD, City

DATES = 12
LATEST_FIRST = 5  # weeks; twelve weekly dates from then on still lie in the booked term


def usual(city: City, *, seats: int = 30) -> dict[str, Any]:
    """The need of DESIGN.md: thirty people, a sink, step-free, within 5 km of the centre, one evening a week from six to eight, twelve times."""
    near = f"{CENTRE[0]},{CENTRE[1]}"
    return {
        "headcount": seats,
        "features": ["sink"],
        "access": ["step_free"],
        "near": near,
        "within_km": 5,
        **_when(city.first + timedelta(days=city.evenings[0]), 18, 2, DATES),
    }


def around(city: City, seed: int) -> Iterator[dict[str, Any]]:
    """The same need at other points, evenings and head-counts, without end: what is timed, so that nothing is found in a cache of its own making."""
    drawn = Random(f"{seed} around")
    while True:
        need = usual(city, seats=drawn.randint(24, 36)) | {"near": _point(drawn, SPREAD / 2)}
        first = city.first + timedelta(weeks=drawn.randint(0, LATEST_FIRST), days=drawn.choice(city.evenings))
        yield need | _when(first, 18, 2, DATES)


def any_need(city: City, seed: int) -> Iterator[dict[str, Any]]:
    """Needs of all kinds, without end: near or anywhere, few and many dates, odd hours, layouts, kinds, some schools; also what nobody can give."""
    drawn = Random(f"{seed} needs")
    while True:
        need: dict[str, Any] = {"headcount": drawn.choice((5, 20, 30, 33, 120, 500))}
        if drawn.random() < 0.6:
            need |= {"near": _point(drawn, SPREAD), "within_km": drawn.choice((1, 3, 5, 12))}
        if drawn.random() < 0.4:
            need["schools"] = [f"city-{drawn.randrange(city.campuses)}" for _ in range(4)]
        for field, word, often in (("features", "sink", 0.4), ("features", "piano", 0.2), ("access", "step_free", 0.5)):
            if drawn.random() < often:
                need[field] = [*need.get(field, ()), word]
        if drawn.random() < 0.3:
            need["layout"] = drawn.choice(("theatre", "banquet"))
        if drawn.random() < 0.3:
            need["kind"] = drawn.choice(("classroom", "gym", "library"))
        day = city.first + timedelta(weeks=drawn.randint(-5, 10), days=drawn.choice((*city.evenings, 5, 6)))
        need |= _when(day, drawn.choice((14, 17, 18, 19, 21)), drawn.choice((1, 2, 3)), drawn.choice((1, 3, 12)))
        if drawn.random() < 0.3:
            need |= {"setup_minutes": drawn.choice((15, 60)), "takedown_minutes": drawn.choice((0, 30))}
        yield need


def _when(day: date, hour: int, hours: int, dates: int) -> dict[str, Any]:
    starts = datetime.combine(day, time(hour))
    told: dict[str, Any] = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=hours)).isoformat()}
    return told | ({"repeat": {"rrule": f"FREQ=WEEKLY;COUNT={dates}"}} if dates > 1 else {})


def _point(drawn: Random, spread: float) -> str:
    return f"{drawn.gauss(CENTRE[0], spread):.4f},{drawn.gauss(CENTRE[1], spread):.4f}"
