"""Why a first date or a repeat cannot be followed: one fact a class, with what would pass. The sentences stand where people read them (bookings.repeats)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar


class RepeatRefused(ValueError):
    """A first date or a rule that cannot be followed; `code` says why, as API.md names it."""

    code: ClassVar[str] = "malformed"


class MalformedRepeat(RepeatRefused):
    """Not a rule that this system follows. `why` names one of the sentences of bookings.repeats, which the `values` fill: parts as they were written."""

    def __init__(self, why: str, **values: str | int) -> None:
        super().__init__(why)
        self.why = why
        self.values = values


class EndlessRepeat(RepeatRefused):
    """Neither COUNT nor UNTIL."""

    code = "endless_repeat"


class TooFrequent(RepeatRefused):
    """More often than daily."""

    code = "too_frequent"


class TooManyDates(RepeatRefused):
    """More dates than one booking may hold; `most` says how many pass."""

    code = "too_many_dates"

    def __init__(self, most: int) -> None:
        super().__init__(f"more than {most} dates")
        self.most = most


class TooLongSeries(RepeatRefused):
    """More than `months` from the first to the last date; `would_pass` is the last day that passes."""

    code = "too_long_series"

    def __init__(self, months: int, would_pass: date) -> None:
        super().__init__(f"more than {months} months; {would_pass} would be the last day")
        self.months = months
        self.would_pass = would_pass


class ContradictoryRepeat(RepeatRefused):
    """A rule that can be read and still names nothing. `why` is one of count_and_until, until_before_start, no_such_day, never, all_left_out; `values` fill its
    sentence, and `would_pass` is what to write instead, where that can be said."""

    code = "contradictory_repeat"

    def __init__(self, why: str, would_pass: str | None = None, values: Mapping[str, str | date] | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.would_pass = would_pass
        self.values = values or {}


class EndsBeforeStart(RepeatRefused):
    """The end is not later than the start."""

    code = "ends_before_start"


class SecondOfTwo(RepeatRefused):
    """An instant in the hour that the autumn change repeats, when it comes again: a wall time, which is what names a date, means the first. `would_pass` is the
    next wall time that comes once."""

    code = "no_such_time"

    def __init__(self, wall: datetime, would_pass: datetime) -> None:
        super().__init__(f"{wall:%H:%M} comes twice; {would_pass:%H:%M} does not")
        self.wall = wall
        self.would_pass = would_pass


class NoSuchTime(RepeatRefused):
    """The first start falls in the hour that the spring change leaves out; `would_pass` is the wall time that the clocks jump to."""

    code = "no_such_time"

    def __init__(self, would_pass: datetime) -> None:
        super().__init__(f"that time does not exist; {would_pass:%H:%M} does")
        self.would_pass = would_pass
