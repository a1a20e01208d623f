"""Random repeats that fit our limits, from a seed or from Hypothesis: every kind of rule, with dates left out and further ones. Nothing here asserts."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from afterbell.almanac.recurrence import Date, Repeat, RepeatRefused, expand
from afterbell.almanac.rule import WEEKDAYS

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KINDS = ("daily", "weekly", "monthly", "nth", "yearly", "nth in year", "position", "week", "year day")
ZONES = ("America/Los_Angeles", "America/New_York", "Europe/Madrid", "America/Phoenix")


@dataclass(frozen=True)
class Series:
    """A repeat in a zone, and what we make of it."""

    kind: str
    zone: str
    starts: datetime
    repeat: Repeat
    dates: list[Date]


def rule_of(kind: str, dice: random.Random) -> str:
    """The parts of a rule of that kind, without its end."""
    days = ",".join(sorted(dice.sample(WEEKDAYS, dice.randint(1, 4)), key=WEEKDAYS.index))
    every, month, nth = dice.randint(1, 4), dice.randint(1, 12), dice.choice((1, 2, 3, 4, 5, -1, -2))
    month_days = ",".join(map(str, dice.sample((1, 7, 13, 15, 28, 29, 30, 31, -1, -2, -7), dice.randint(1, 3))))
    return {
        "daily": f"FREQ=DAILY;INTERVAL={every}" + dice.choice(("", f";BYDAY={days}", f";BYMONTH={month},5,9")),
        "weekly": f"FREQ=WEEKLY;INTERVAL={every};BYDAY={days};WKST={dice.choice(('MO', 'SU', 'WE'))}",
        "monthly": f"FREQ=MONTHLY;INTERVAL={every};BYMONTHDAY={month_days}",
        "nth": f"FREQ=MONTHLY;INTERVAL={every};BYDAY={nth}{dice.choice(WEEKDAYS)}",
        "yearly": f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={dice.randint(1, 28)}",
        "nth in year": f"FREQ=YEARLY;BYMONTH={month};BYDAY={nth}{dice.choice(WEEKDAYS)}",
        "position": f"FREQ=MONTHLY;BYDAY={days};BYSETPOS={dice.choice((1, 2, -1, '1,-1'))}",
        "week": f"FREQ=YEARLY;BYWEEKNO={dice.randint(2, 51)};BYDAY={dice.choice(WEEKDAYS)}",
        "year day": f"FREQ=YEARLY;BYYEARDAY={dice.randint(1, 365)},{-dice.randint(1, 300)}",
    }[kind]


def random_series(dice: random.Random, kind: str, zone: str) -> Series:
    """A series of that kind that passes: tried again until one does. It starts on a date of its rule, as RFC 5545 asks (3.8.5.3, synchronized)."""
    while True:
        near = datetime(2026, 1, 1) + dice.randrange(700) * DAY + dice.randrange(4, 23) * HOUR
        rule = rule_of(kind, dice)
        try:
            starts = _first_on(rule, near, zone)
            until = starts + dice.randrange(500) * DAY
            end = f"COUNT={dice.randint(1, 24)}" if dice.random() < 0.5 else f"UNTIL={until:%Y%m%d}"
            whole = expand(starts, starts + HOUR, zone, Repeat(f"{rule};{end}"))
            walls = [each.original_start for each in whole]
            skip = frozenset(wall.date() for wall in dice.sample(walls, min(len(walls) - 1, dice.randrange(3))))
            repeat = Repeat(f"{rule};{end}", skip, _further(dice, walls, skip))
            return Series(kind, zone, starts, repeat, expand(starts, starts + HOUR, zone, repeat))
        except RepeatRefused:
            continue


def _further(dice: random.Random, walls: list[datetime], skip: frozenset[date]) -> tuple[datetime, ...]:
    """Up to two further starts at other hours, on no day that is left out."""
    found = [dice.choice(walls) + dice.randrange(1, 9) * DAY + HOUR for _ in range(dice.randrange(3))]
    return tuple(sorted({wall for wall in found if wall.date() not in skip}))


def _first_on(rule: str, near: datetime, zone: str) -> datetime:
    """The first time after that one that the rule itself names; raises where it names none within 18 months."""
    return expand(near, near + HOUR, zone, Repeat(f"{rule};COUNT=2"))[-1].original_start
