"""How often a booking takes place, told truthfully after moves, further dates and dates that are gone, in both languages."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from afterbell.almanac.recurrence import Date, Repeat, expand
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.how_often import how_often
from afterbell.bookings.queries import BookingRow

ZONE, FIRST = "America/Los_Angeles", datetime(2026, 12, 1, 18)
LENGTH, DAY, WEEK, HOUR = timedelta(hours=2), timedelta(days=1), timedelta(weeks=1), timedelta(hours=1)
FOUR = "FREQ=WEEKLY;COUNT=4"
ASKED = datetime(2026, 11, 1, tzinfo=UTC)


def row(id_: int, each: Date) -> DateRow:
    ends = each.span.starts_at, each.span.ends_at
    return DateRow(id_, f"oc-{id_}", each.original_start, *ends, *ends, "approved", None, each.shifted, ())


def booking(
    rule: str = FOUR, *, first: datetime = FIRST, also: tuple[datetime, ...] = (), skip: tuple[str, ...] = ()
) -> BookingRow:
    """A booking as it was asked for; dates that a change added are not in `also`."""
    repeat = Repeat(rule, frozenset(map(date.fromisoformat, skip)), also)
    dates = [row(number, each) for number, each in enumerate(expand(first, first + LENGTH, ZONE, repeat))]
    told: Mapping[str, Any] = {"rrule": rule, "except": skip, "also": [each.isoformat() for each in also]}
    empty: dict[str, Any] = dict.fromkeys(BookingRow.__dataclass_fields__, "")
    words = {"requested_at": ASKED, "decide_by": ASKED, "id": 1, "zone": ZONE, "dates": tuple(dates), "repeat": told}
    return BookingRow(**(empty | words))


def otherwise(found: BookingRow, *numbers: int, by: timedelta = timedelta(0), state: str = "approved") -> BookingRow:
    """The same with some of its dates moved on the clock, or in another state."""
    dates = [
        replace(each, starts_at=each.starts_at + by, ends_at=each.ends_at + by, state=state) if at in numbers else each
        for at, each in enumerate(found.dates)
    ]
    return replace(found, dates=tuple(dates))


def added(found: BookingRow, *starts: datetime) -> BookingRow:
    """The same with dates that a change added."""
    more = [row(100 + at, expand(each, each + LENGTH, ZONE, None)[0]) for at, each in enumerate(starts)]
    return replace(found, dates=tuple(sorted([*found.dates, *more], key=lambda each: each.starts_at)))


def said(found: BookingRow) -> list[str]:
    return [how_often(found, language).replace("\u202f", " ").replace("\u00a0", " ") for language in ("en", "es")]


def test_as_it_was_asked_for_with_its_hours() -> None:
    assert said(booking()) == [
        "Every week on Tuesday, 6:00 PM – 8:00 PM, 4 dates",
        "Cada semana: martes, 6:00 p.m. – 8:00 p.m., 4 fechas",
    ]


def test_what_is_left_out_is_counted_and_a_further_date_is_named_and_is_not_the_first() -> None:
    """The weekday is the first date's: a Tuesday, although a Monday before it was added."""
    found = booking("FREQ=WEEKLY;COUNT=3", also=(FIRST - DAY,), skip=("2026-12-08",))
    assert said(found) == [
        "Every week on Tuesday, 6:00 PM – 8:00 PM, 3 dates, 1 left out; also Mon, Nov 30, 2026",
        "Cada semana: martes, 6:00 p.m. – 8:00 p.m., 3 fechas, 1 omitida; también lun, 30 de nov de 2026",
    ]


def test_a_date_at_another_time_one_on_another_day_and_one_that_was_added_are_named() -> None:
    found = otherwise(otherwise(booking(), 1, by=-HOUR), 2, by=2 * DAY)
    assert said(added(found, FIRST + 4 * WEEK + HOUR)) == [
        (
            "Every week on Tuesday, 6:00 PM – 8:00 PM, 4 dates; Tue, Dec 15, 2026 moved to Thu, Dec 17, 2026; "
            "Tue, Dec 8, 2026: 5:00 PM – 7:00 PM; also Tue, Dec 29, 2026: 7:00 PM – 9:00 PM"
        ),
        (
            "Cada semana: martes, 6:00 p.m. – 8:00 p.m., 4 fechas; mar, 15 de dic de 2026 se pasó a jue, 17 de dic de 2026; "
            "mar, 8 de dic de 2026: 5:00 p.m. – 7:00 p.m.; también mar, 29 de dic de 2026: 7:00 p.m. – 9:00 p.m."
        ),
    ]


def test_many_are_counted_and_what_is_gone_is_told() -> None:
    found = booking("FREQ=DAILY;COUNT=14")
    found = otherwise(otherwise(found, 0, 1, 2, 3, by=HOUR), 4, 5, 6, 7, by=30 * DAY)
    found = otherwise(found, 8, 9, state="cancelled")
    assert said(added(found, *(FIRST + DAY * n for n in range(20, 24)))) == [
        (
            "Every day, 6:00 PM – 8:00 PM, 14 dates, 12 of 14 take place; 4 dates on other days; 4 dates at other times; "
            "4 further dates"
        ),
        (
            "Cada día, 6:00 p.m. – 8:00 p.m., 14 fechas, tienen lugar 12 de 14; 4 fechas en otros días; "
            "4 fechas a otras horas; 4 fechas más"
        ),
    ]


def test_where_one_of_several_stands_the_numbers_add_up() -> None:
    """One was left out from the beginning and is no date of the booking, one was given back, one was declined."""
    found = booking(skip=("2026-12-15",))
    found = otherwise(otherwise(found, 0, state="withdrawn"), 1, state="declined")
    assert said(found) == [
        "Every week on Tuesday, 6:00 PM – 8:00 PM, 4 dates, 1 left out, 1 of 3 takes place",
        "Cada semana: martes, 6:00 p.m. – 8:00 p.m., 4 fechas, 1 omitida, tiene lugar 1 de 3",
    ]


def test_a_whole_series_on_another_weekday_and_at_another_time_is_told_as_it_is_now() -> None:
    weekly = otherwise(booking(), 0, 1, 2, 3, by=DAY - HOUR)
    monthly = otherwise(booking("FREQ=MONTHLY;COUNT=2"), 0, 1, by=DAY)
    half = otherwise(booking(), 0, 1, by=-HOUR)
    assert said(half)[0].startswith("Every week on Tuesday, 6:00 PM – 8:00 PM, 4 dates; Tue, Dec 1, 2026: 5:00 PM"), (
        "the tie"
    )
    assert said(weekly)[0] == "Every week on Wednesday, 5:00 PM – 7:00 PM, 4 dates"
    assert said(monthly)[0] == (
        "Every month on day 1, 6:00 PM – 8:00 PM, 2 dates; Tue, Dec 1, 2026 moved to Wed, Dec 2, 2026; "
        "Fri, Jan 1, 2027 moved to Sat, Jan 2, 2027"
    )


def test_a_date_that_the_clock_change_put_forward_is_no_exception_and_a_cancelled_series_is_told_as_it_was() -> None:
    night = booking("FREQ=DAILY;COUNT=3", first=datetime.combine(date(2027, 3, 13), time(2)))
    assert [each.shifted for each in night.dates] == [False, True, False]
    assert said(night)[0] == "Every day, 2:00 AM – 4:00 AM, 3 dates"
    assert said(otherwise(booking(), 0, 1, 2, 3, state="cancelled")) == said(booking())


def test_single_dates_are_counted_an_old_booking_has_the_rule_alone_and_without_a_repeat_nothing_is_said() -> None:
    assert said(booking("", also=(FIRST + WEEK,)))[0] == "2 single dates"
    old = replace(booking(), repeat={"rrule": FOUR})
    assert said(old) == said(booking())
    unread = replace(booking(), repeat={"rrule": "a rule of long ago"})
    assert said(unread)[0] == "a rule of long ago, 6:00 PM – 8:00 PM"
    assert said(added(booking(), FIRST - DAY))[0] == (
        "Every week on Tuesday, 6:00 PM – 8:00 PM, 4 dates; also Mon, Nov 30, 2026"
    )
    assert said(replace(booking(), repeat=None)) == ["", ""]
