"""How often a booking takes place, in words, as its dates stand now: the repeat that was asked for, and then what has become of it. Plain words from a
BookingRow; whoever shows them has settled that its reader may see the booking whole."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from afterbell.almanac.recurrence import Repeat, expand
from afterbell.almanac.refusals import RepeatRefused
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.queries import BookingRow
from afterbell.policy.altering import walls
from afterbell.policy.lifecycle import LIVE
from afterbell.policy.verdict import N_
from afterbell.web.dates import clock_time, dated
from afterbell.web.repeat_words import rule_words, weekly
from afterbell.web.words import say, say_many

MOST_NAMED = 3
Hours = tuple[time, time]


def how_often(row: BookingRow, language: str) -> str:
    """ "Every week on Tuesday, 6:00 PM – 8:00 PM, 12 dates; Tue, Dec 8, 2026: 5:00 PM – 7:00 PM"; "" for a booking that was asked for without a repeat."""
    return "; ".join(_Series(row, language).told()) if row.repeat else ""


@dataclass(frozen=True)
class _Series:
    """The dates of a booking beside its rule. Where none is live any more all are told as they were."""

    row: BookingRow
    language: str

    @property
    def rule(self) -> str:
        return str((self.row.repeat or {}).get("rrule") or "")

    @cached_property
    def dates(self) -> Sequence[DateRow]:
        return [each for each in self.row.dates if each.state in LIVE] or self.row.dates

    @cached_property
    def first(self) -> datetime:
        """Of the rule: the date that was written first and was not asked for as a further one."""
        also = {datetime.fromisoformat(each) for each in (self.row.repeat or {}).get("also", ())}
        written = sorted(self.row.dates, key=lambda each: each.id)
        return next(
            (each.original_start for each in written if each.original_start not in also), written[0].original_start
        )

    @cached_property
    def named(self) -> frozenset[datetime]:
        """The starts that the rule names."""
        try:
            length = walls(self.row.dates[0].span, self.row.zone)
            dates = expand(self.first, self.first + (length[1] - length[0]), self.row.zone, Repeat(self.rule))
        except RepeatRefused:
            return frozenset(each.original_start for each in self.row.dates)
        return frozenset(each.original_start for each in dates)

    @cached_property
    def ruled(self) -> list[DateRow]:
        return [each for each in self.dates if each.original_start in self.named]

    @cached_property
    def usual(self) -> Hours:
        """The hours of most dates; of equally many those at which the series was asked for."""
        dates = self.ruled or self.dates
        plain = [each for each in dates if not each.shifted] or dates
        count = Counter(map(self.hours, plain))
        return max(count, key=lambda each: (count[each], each[0] == self.first.time()))

    @cached_property
    def later(self) -> int:
        """By how many days the whole weekly series has moved; 0 where its dates moved differently."""
        by = {self.days(each) for each in self.ruled}
        return by.pop() if len(by) == 1 and weekly(self.rule) else 0

    def wall(self, each: DateRow) -> datetime:
        return walls(each.span, self.row.zone)[0]

    def hours(self, each: DateRow) -> Hours:
        starts, ends = walls(each.span, self.row.zone)
        return starts.time(), ends.time()

    def days(self, each: DateRow) -> int:
        """How many days later than it was asked for it is now."""
        return (self.wall(each).date() - each.original_start.date()).days

    def told(self) -> Iterator[str]:
        """Sentence by sentence, without full stops."""
        if not self.rule:
            yield say_many("{count} single date", "{count} single dates", len(self.dates), self.language)
            return
        skip = (self.row.repeat or {}).get("except", ())
        base = rule_words(
            self.rule, self.first.date(), self.language, hours=self._written(self.usual), later=self.later
        )
        left = [say_many("{count} left out", "{count} left out", len(skip), self.language)] if skip else []
        yield ", ".join([base, *left, *self._standing()])
        yield from self._moved()
        yield from self._at_other_times()
        yield from self._further()

    def _standing(self) -> Iterator[str]:
        """How many of those that the rule names are left, where some were given back, skipped or declined."""
        total, count = len(self.named & {each.original_start for each in self.row.dates}), len(self.ruled)
        if count < total:
            yield say_many(
                "{count} of {total} takes place", "{count} of {total} take place", count, self.language, total=total
            )

    def _moved(self) -> Iterator[str]:
        odd = [each for each in self.ruled if self.days(each) != self.later]
        if len(odd) > MOST_NAMED:
            yield say_many("{count} date on another day", "{count} dates on other days", len(odd), self.language)
            return
        for each in odd:
            was, now = self._day(each.original_start), self._day(self.wall(each))
            yield say(N_("{day} moved to {other}"), self.language, day=was, other=self._with_hours(now, each))

    def _at_other_times(self) -> Iterator[str]:
        odd = [each for each in self.ruled if self.days(each) == self.later and self.hours(each) != self.usual]
        odd = [each for each in odd if not each.shifted]
        if len(odd) > MOST_NAMED:
            yield say_many("{count} date at another time", "{count} dates at other times", len(odd), self.language)
            return
        yield from (self._with_hours(self._day(self.wall(each)), each) for each in odd)

    def _further(self) -> Iterator[str]:
        more = [each for each in self.dates if each.original_start not in self.named]
        if len(more) > MOST_NAMED:
            yield say_many("{count} further date", "{count} further dates", len(more), self.language)
            return
        for each in more:
            yield say(N_("also {day}"), self.language, day=self._with_hours(self._day(self.wall(each)), each))

    def _with_hours(self, day: str, each: DateRow) -> str:
        """The day, with the hours where they are not the usual ones."""
        if each.shifted or self.hours(each) == self.usual:
            return day
        return say(N_("{day}: {hours}"), self.language, day=day, hours=self._written(self.hours(each)))

    def _written(self, hours: Hours) -> str:
        return " – ".join(clock_time(each, self.language) for each in hours)

    def _day(self, on: date) -> str:
        return dated(on, self.language)
