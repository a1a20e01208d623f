"""Wall clocks over the nights of a clock change, as the doctor reads them: a series keeps its hour, one that keeps its distance in UTC does not."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from afterbell.almanac.recurrence import Repeat, expand
from afterbell.doctor.history import Dated, Happened, History
from afterbell.doctor.hours import WALL, timed
from tests.policy.asking import NOW, ZONE

HOUR = timedelta(hours=1)


def history(starts: datetime, rule: str) -> History:
    """A series that waits, with nothing wrong."""
    found = expand(starts, starts + 2 * HOUR, ZONE, Repeat(rule))
    dates = [
        Dated(
            n,
            f"{d.original_start:%Y-%m-%dT%H:%M}",
            *_spans(d.span.starts_at, d.span.ends_at),
            "held",
            d.shifted,
            0,
            None,
            None,
        )
        for n, d in enumerate(found)
    ]
    bounds = (dates[0].starts_at, max(date.ends_at for date in dates))
    facts = {"version": 1, "dates": [date.original_start for date in dates]}
    asked = Happened(1, "booking.requested", 1, NOW, facts, True, None)
    return History(1, "AB-000000", 1, "requested", ZONE, 1, *bounds, None, 0, None, None, dates, [asked], [])


def _spans(starts: datetime, ends: datetime) -> tuple[datetime, datetime, datetime, datetime]:
    return starts, ends, starts, ends


def later(date: Dated) -> Dated:
    """An hour on, as a series would be that counts in UTC."""
    return replace(date, **{name: getattr(date, name) + HOUR for name in ("starts_at", "claim_starts_at")})


@pytest.mark.parametrize(
    ("starts", "rule"),
    [
        (datetime(2026, 10, 20, 18), "FREQ=WEEKLY;COUNT=4"),
        (datetime(2027, 3, 1, 18), "FREQ=WEEKLY;COUNT=4"),
        (datetime(2027, 3, 12, 2, 30), "FREQ=DAILY;COUNT=4"),
        (datetime(2026, 10, 30, 1, 30), "FREQ=DAILY;COUNT=4"),
    ],
    ids=[
        "over the autumn night",
        "over the spring night",
        "into the hour that is left out",
        "into the hour that comes twice",
    ],
)
def test_a_series_keeps_its_wall_clock_and_one_that_does_not_is_found(starts: datetime, rule: str) -> None:
    sound = history(starts, rule)
    drifting = replace(sound, dates=[*sound.dates[:3], later(sound.dates[3])])
    assert (list(timed(sound, NOW)), list(timed(drifting, NOW))) == ([], [(WALL, 3)])


def test_a_date_that_somebody_put_elsewhere_may_be_there() -> None:
    sound = history(datetime(2026, 10, 20, 18), "FREQ=WEEKLY;COUNT=4")
    (asked,) = sound.events
    told = replace(asked, facts={**asked.facts, "otherwise": [sound.dates[3].original_start]})
    moved = replace(sound, dates=[*sound.dates[:3], later(sound.dates[3])], events=[told])
    assert list(timed(moved, NOW)) == []
