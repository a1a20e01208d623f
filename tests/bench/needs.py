"""Random needs in the generated district, the same for the same seed: as bodies of POST /api/v1/searches."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from tests.bench.city import CENTRE, City

DATES = 12
WHOLE = 200  # campuses; a judge by brute force takes too long over more
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
        need = usual(city, seats=drawn.randint(24, 36)) | {"near": _point(drawn, city.spread / 2)}
        first = city.first + timedelta(weeks=drawn.randint(0, LATEST_FIRST), days=drawn.choice(city.evenings))
        yield need | _when(first, 18, 2, DATES)


def any_need(city: City, seed: int) -> Iterator[dict[str, Any]]:
    """Needs of all kinds, without end: near or anywhere, few and many dates, odd hours, layouts, kinds, some schools; also what nobody can give."""
    drawn = Random(f"{seed} needs")
    while True:
        need = {"headcount": drawn.choice((5, 20, 30, 33, 120, 500)), **_what(drawn), **_where(city, drawn)}
        day = city.first + timedelta(weeks=drawn.randint(-5, 10), days=drawn.choice((*city.evenings, 5, 6)))
        need |= _when(day, drawn.choice((14, 17, 18, 19, 21)), drawn.choice((1, 2, 3)), drawn.choice((1, 3, 12)))
        if drawn.random() < 0.3:
            need |= {"setup_minutes": drawn.choice((15, 60)), "takedown_minutes": drawn.choice((0, 30))}
        yield need


def _what(drawn: Random) -> dict[str, Any]:
    """Equipment and access, a layout, a kind."""
    need: dict[str, Any] = {
        "features": [word for word, often in (("sink", 0.4), ("piano", 0.2)) if drawn.random() < often]
    }
    need["access"] = ["step_free"] if drawn.random() < 0.5 else []
    if drawn.random() < 0.3:
        need["layout"] = drawn.choice(("theatre", "banquet"))
    if drawn.random() < 0.3:
        need["kind"] = drawn.choice(("classroom", "gym", "library"))
    return need


def _where(city: City, drawn: Random) -> dict[str, Any]:
    """Near a point, at some schools, or both; a small district is also searched as a whole."""
    need: dict[str, Any] = {}
    if drawn.random() < 0.6 or city.campuses > WHOLE:
        need |= {"near": _point(drawn, city.spread), "within_km": drawn.choice((1, 3, 5, 12))}
    if drawn.random() < 0.3:
        need["schools"] = [f"city-{drawn.randrange(city.campuses)}" for _ in range(4)]
    return need


def _when(day: date, hour: int, hours: int, dates: int) -> dict[str, Any]:
    starts = datetime.combine(day, time(hour))
    told: dict[str, Any] = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=hours)).isoformat()}
    return told | ({"repeat": {"rrule": f"FREQ=WEEKLY;COUNT={dates}"}} if dates > 1 else {})


def _point(drawn: Random, spread: float) -> str:
    return f"{drawn.gauss(CENTRE[0], spread):.4f},{drawn.gauss(CENTRE[1], spread):.4f}"
