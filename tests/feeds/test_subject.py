"""Addresses of public calendars: what each means, and that a slip means nothing rather than an empty calendar."""

import pytest

from afterbell.feeds.rooms import Busy, periods
from afterbell.feeds.subject import Asked, asked
from tests.feeds.test_publish import DATE, HOUR

UNDERSTOOD = {
    "rooms/venice-high/gym.ics": Asked("rooms", "venice-high/gym"),
    "rooms/venice-high/gym.ifb/": Asked("free", "venice-high/gym"),
    "schools/venice-high.ics": Asked("schools", "venice-high"),
    "district.ics": Asked("district", "district"),
    "closures.ics": Asked("closures", "closures"),
    "programs/eyes.on.wheels.ics": Asked("programs", "eyes.on.wheels"),
    "events/0ccu44ence.ics": Asked("events", "0ccu44ence"),
}
SLIPS = [
    "",
    "/",
    ".ics",
    "ics",
    "rooms/venice-high.ics",
    "rooms//gym.ics",
    "schools/venice-high",
    "schools/venice-high.ifb",
    "schools/venice-high.ics.exe",
    "schools/a/b.ics",
    "district/x.ics",
    "district.ifb",
    "schools.ics",
    "people/lin.ics",
    "schools/x\0.ics",
    "schools/" + "x" * 300 + ".ics",
]


def test_every_kind_of_calendar_is_understood() -> None:
    assert {path: asked(path, {}) for path in UNDERSTOOD} == UNDERSTOOD


@pytest.mark.parametrize("path", SLIPS)
def test_a_slip_means_nothing(path: str) -> None:
    assert asked(path, {}) is None


def test_filters_and_words_are_read_where_they_mean_something() -> None:
    query = {"activity": "health", "language": "zh-Hant", "lang": "es", "utm": "x"}
    assert asked("district.ics", query) == Asked("district", "district", "health", "zh-Hant", "es")
    assert asked("rooms/a/b.ics", query) == Asked("rooms", "a/b")
    assert asked("closures.ics", query) == Asked("closures", "closures", language="es")
    assert [asked("district.ics", {"language": each}) for each in ("Klingon!", "ES", "e")] == [None] * 3
    assert asked("district.ics", {"lang": "xx"}) == Asked("district", "district")


def busy(start: float, hours: float, state: str = "approved") -> Busy:
    begins = DATE.starts_at + start * HOUR
    return Busy(f"{start}", begins, begins + hours * HOUR, state, 0, DATE.changed_at)


def test_periods_of_a_kind_that_touch_are_one_and_ended_dates_take_no_time() -> None:
    dates = [
        busy(4, 1),
        busy(0, 2),
        busy(2, 1),
        busy(0.5, 1),
        busy(3, 1, "held"),
        busy(8, 1, "cancelled"),
        busy(9, 1, "finished"),
    ]
    found = [
        (kind, (start - DATE.starts_at) / HOUR, (end - DATE.starts_at) / HOUR) for start, end, kind in periods(dates)
    ]
    assert found == [("BUSY", 0, 3), ("BUSY-TENTATIVE", 3, 4), ("BUSY", 4, 5), ("BUSY", 9, 10)]
