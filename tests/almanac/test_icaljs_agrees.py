"""ical.js as a judge: events with RRULE, EXDATE and RDATE, made from random repeats, have for it the instants that they have for us."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import compress, product
from zoneinfo import ZoneInfo

from afterbell.almanac.recurrence import Date, Repeat, expand
from afterbell.almanac.vtimezone import vtimezone
from tests.almanac.random_repeats import DAY, HOUR, KINDS, ZONES, Series, random_series
from tests.ground.icaljs import Instants, read_by_icaljs

NOT_READ = ("week",)  # ical.js 2.2.1 follows BYWEEKNO with BYDAY every week, from the next one on
STAMP = "%Y%m%dT%H%M%S"


def calendar(starts: datetime, length: timedelta, zone: str, repeat: Repeat) -> str:
    """One event in a calendar, as any program would write it: what is left out as EXDATE, further starts as RDATE, UNTIL in UTC (RFC 5545 3.3.10)."""
    at = f";TZID={zone}:"
    skipped = sorted(datetime.combine(day, starts.time()) for day in repeat.skip)
    lines = [
        f"DTSTART{at}{starts:{STAMP}}",
        f"DTEND{at}{starts + length:{STAMP}}",
        f"RRULE:{repeat.rrule}",
        *(f"EXDATE{at}{wall:{STAMP}}" for wall in skipped),
        *(f"RDATE{at}{wall:{STAMP}}" for wall in sorted(repeat.also)),
    ]
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n" + vtimezone(zone)
    event = "".join(
        f"{line}\r\n" for line in ["BEGIN:VEVENT", "UID:1", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"]
    )
    return f"{head}{event}END:VCALENDAR\r\n"


def instants(dates: Sequence[Date]) -> Instants:
    return [(each.span.starts_at, each.span.ends_at) for each in dates]


def written(series: Series) -> str:
    """A start with a time asks for an UNTIL in UTC (RFC 5545 3.3.10): the last second of that day at the place."""
    rule, _, day = series.repeat.rrule.partition(";UNTIL=")
    if day:
        last = datetime.strptime(f"{day}T235959", STAMP).replace(tzinfo=ZoneInfo(series.zone))
        rule = f"{rule};UNTIL={last.astimezone(UTC):{STAMP}}Z"
    return calendar(series.starts, HOUR, series.zone, Repeat(rule, series.repeat.skip, series.repeat.also))


def differing(series: Sequence[Series]) -> list[tuple[str, datetime, Repeat]]:
    """Those that have other instants for ical.js than for us."""
    read = read_by_icaljs([written(each) for each in series])
    pairs = zip(series, read, strict=True)
    return [(each.kind, each.starts, each.repeat) for each, found in pairs if found != instants(each.dates)]


def some(kinds: Sequence[str], each: int) -> list[Series]:
    dice = random.Random("ical.js")
    return [random_series(dice, kind, ZONES[at % len(ZONES)]) for kind in kinds for at in range(each)]


def test_256_random_series_have_equal_instants() -> None:
    series = some([kind for kind in KINDS if kind not in NOT_READ], 32)
    counted = Counter(bool(each.repeat.skip) + 2 * bool(each.repeat.also) for each in series)
    assert (len(series), min(counted[kind] for kind in range(4)) > 20) == (256, True), "with and without both lists"
    assert differing(series) == []


def test_what_is_left_out_is_still_read_otherwise() -> None:
    """When ical.js learns it, this fails and the kind goes in with the others; until then dateutil alone judges it."""
    assert Counter(kind for kind, *_ in differing(some(NOT_READ, 8))) == dict.fromkeys(NOT_READ, 8)


def test_control_a_series_an_hour_later_is_noticed() -> None:
    series = some(KINDS[:1], 8)
    later = [replace(each, starts=each.starts + HOUR) for each in series]
    assert len(differing(later)) == 8


NIGHTS = [  # the day on whose night the clocks change, in the zone
    ("America/Los_Angeles", date(2026, 3, 8)),
    ("America/Los_Angeles", date(2026, 11, 1)),
    ("America/New_York", date(2027, 3, 14)),
    ("America/New_York", date(2027, 11, 7)),
    ("Europe/Madrid", date(2026, 3, 29)),
    ("Europe/Madrid", date(2026, 10, 25)),
    ("Australia/Sydney", date(2026, 4, 5)),
    ("Australia/Sydney", date(2026, 10, 4)),
]
RULES = ["FREQ=DAILY;COUNT=7", "FREQ=WEEKLY;BYDAY=TH,SA,SU;COUNT=6", "FREQ=DAILY;INTERVAL=3;COUNT=4"]
CLOCKS = [(0, 30, 1), (3, 30, 2), (9, 0, 3), (18, 0, 2), (22, 0, 4), (23, 45, 3)]  # the last two reach past midnight


def nights() -> list[Series]:
    """Every rule at every hour across every night, from three days before it."""
    found = []
    for (zone, night), rule, (hour, minute, length) in product(NIGHTS, RULES, CLOCKS):
        starts = datetime.combine(night - 3 * DAY, time(hour, minute))
        repeat = Repeat(rule)
        dates = expand(starts, starts + length * HOUR, zone, repeat)
        found.append(Series(f"{length}", zone, starts, repeat, dates))
    return found


def is_odd(wall: datetime, zone: str) -> bool:
    """In an hour that does not exist or exists twice: RFC 5545 3.3.5 says how to read it, and ical.js 2.2.1 reads it otherwise."""
    first, second = (wall.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1))
    return first != second


def around(series: Series, *, odd: bool, read: Instants) -> tuple[Instants, Instants]:
    """Of the dates that begin or end in an odd hour, or of the others, our instants and those that were read."""
    hours = int(series.kind) * HOUR
    which = [
        any(is_odd(wall, series.zone) for wall in (each.original_start, each.original_start + hours)) == odd
        for each in series.dates
    ]
    return list(compress(instants(series.dates), which)), list(compress(read, which))


def test_144_series_across_eight_nights_of_both_changes_have_equal_instants() -> None:
    """All 816 dates but the 30 that begin or end in an odd hour; the next test says what ical.js makes of those."""
    series = nights()
    read = read_by_icaljs([calendar(each.starts, int(each.kind) * HOUR, each.zone, each.repeat) for each in series])
    pairs = [around(each, odd=False, read=found) for each, found in zip(series, read, strict=True)]
    assert [theirs for _, theirs in pairs] == [ours for ours, _ in pairs]
    assert (len(series), [len(found) for found in read]) == (144, [len(each.dates) for each in series])
    assert sum(len(each.dates) for each in series) - sum(len(ours) for ours, _ in pairs) == 30


def test_left_out_by_name_the_two_hours_that_icaljs_reads_otherwise() -> None:
    """RFC 5545 3.3.5: a time in the gap is read with the offset before it, and one that exists twice is the first. ical.js is an hour early with the one and
    takes the second of the other; ours are those of the RFC."""
    zone, spring, autumn = "America/Los_Angeles", datetime(2026, 3, 7, 2, 30), datetime(2026, 10, 31, 1, 30)
    repeat = Repeat("FREQ=DAILY;COUNT=2")
    read = read_by_icaljs([calendar(starts, 2 * HOUR, zone, repeat) for starts in (spring, autumn)])
    ours = [expand(starts, starts + 2 * HOUR, zone, repeat)[1].span.starts_at for starts in (spring, autumn)]
    assert ours == [datetime(2026, 3, 8, 10, 30, tzinfo=UTC), datetime(2026, 11, 1, 8, 30, tzinfo=UTC)]
    assert [dates[1][0] - own for dates, own in zip(read, ours, strict=True)] == [-HOUR, HOUR]
