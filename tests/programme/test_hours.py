"""Hours and closures in words: several windows a day, seasons, whole days, parts of days and whole weeks; names of what imports bring."""

from datetime import UTC, date, datetime, time

from afterbell.almanac.closures import Closure, days
from afterbell.almanac.hours import Window
from afterbell.almanac.span import Span
from afterbell.places.naming import FEATURE_NAMES, KIND_NAMES, choices, named
from afterbell.programme.hours import closed_days, weekly

ZONE = "America/Los_Angeles"
T = "\u202f"
WEDNESDAY = date(2026, 12, 2)


def test_a_week_lists_every_day_with_what_holds_from_today_on() -> None:
    windows = [
        Window(0, time(17), time(22)),
        Window(0, time(7), time(9)),
        Window(2, time(), time()),
        Window(3, time(15), time(22), until=date(2026, 12, 2)),
        Window(4, time(15), time(22), since=date(2026, 12, 4)),
    ]
    assert weekly(windows, WEDNESDAY, "en") == [
        ("Monday", f"7:00{T}AM – 9:00{T}AM, 5:00{T}PM – 10:00{T}PM"),
        ("Tuesday", "Closed"),
        ("Wednesday", "All day"),
        ("Thursday", "Closed"),
        ("Friday", f"3:00{T}PM – 10:00{T}PM"),
        ("Saturday", "Closed"),
        ("Sunday", "Closed"),
    ]
    assert weekly([], WEDNESDAY, "es")[6] == ("domingo", "Cerrado")


def test_closures_are_days_weeks_or_hours_at_the_school() -> None:
    storm = Span(datetime(2026, 12, 3, 2, 30, tzinfo=UTC), datetime(2026, 12, 3, 6, tzinfo=UTC))
    closures = [
        Closure(days(date(2026, 11, 26), date(2026, 11, 27), ZONE), "Thanksgiving"),
        Closure(days(date(2026, 12, 21), date(2027, 1, 9), ZONE), "Winter break"),
        Closure(storm, "Storm"),
    ]
    assert closed_days(closures, ZONE, "en") == [
        ("Thursday, November 26, 2026", "Thanksgiving"),
        ("Monday, December 21, 2026 to Friday, January 8, 2027", "Winter break"),
        (f"Wednesday, December 2, 2026, 6:30{T}PM to Wednesday, December 2, 2026, 10:00{T}PM", "Storm"),
    ]
    assert closed_days(closures[1:2], ZONE, "es") == [
        ("lunes, 21 de diciembre de 2026 al viernes, 8 de enero de 2027", "Winter break")
    ]


def test_what_an_import_brought_is_named_as_it_was_written() -> None:
    assert [named(KIND_NAMES, kind, "es") for kind in ("gym", "green_house")] == ["Gimnasio", "green house"]
    assert choices(FEATURE_NAMES, ("wifi", "3d_printer"), "en") == [("wifi", "Wi-Fi"), ("3d_printer", "3d printer")]
