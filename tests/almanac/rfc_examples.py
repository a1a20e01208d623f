"""Every RRULE example of RFC 5545 3.8.5.3, in its order: the start at nine in New York, the rule, and the days that the RFC lists, by year and month. Where it
ends with "..." they are the listed ones. Nothing here asserts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

ZONE = "America/New_York"
Days = Mapping[tuple[int, int], list[int]]


@dataclass(frozen=True)
class Example:
    """One rule. `code` is what it must be refused with, "" when it fits our limits; `skip` is its EXDATE."""

    starts: datetime
    rrule: str
    days: Days
    code: str = ""
    skip: frozenset[date] = frozenset()

    @property
    def dates(self) -> list[datetime]:
        """Nine o'clock on each day."""
        return [datetime(year, month, day, 9) for (year, month), days in self.days.items() for day in days]


def on(day: str) -> datetime:
    return datetime.strptime(f"{day}T09", "%Y%m%dT%H")


def months(year: int, first: int, *days: list[int]) -> dict[tuple[int, int], list[int]]:
    """Consecutive months, each with its days."""
    return {(year + (first - 1 + at) // 12, (first - 1 + at) % 12 + 1): listed for at, listed in enumerate(days)}


def through(first: int, last: int, step: int = 1) -> list[int]:
    return list(range(first, last + 1, step))


SEP_2 = on("19970902")
JANUARIES = {(year, 1): through(1, 31) for year in (1998, 1999, 2000)}
CHRISTMAS = months(1997, 9, through(2, 30), through(1, 31), through(1, 30), through(1, 23))
TEN_WEEKS = months(1997, 9, [2, 9, 16, 23, 30], [7, 14, 21, 28], [4])
FIVE_WEEKS = months(1997, 9, [2, 4, 9, 11, 16, 18, 23, 25, 30], [2])
MWF = [1, 3, 5, 15, 17, 19, 29], [1, 3, 13, 15, 17, 27, 29, 31], [10, 12, 14, 24, 26, 28], [8, 10, 12, 22]
WORKING_DAY = "09,10,11,12,13,14,15,16"
ENDLESS, OFTEN, LONG = "endless_repeat", "too_frequent", "too_long_series"

EXAMPLES = [
    Example(SEP_2, "FREQ=DAILY;COUNT=10", months(1997, 9, through(2, 11))),
    Example(SEP_2, "FREQ=DAILY;UNTIL=19971224T000000Z", CHRISTMAS),
    Example(
        SEP_2,
        "FREQ=DAILY;INTERVAL=2",
        months(1997, 9, through(2, 30, 2), through(2, 30, 2), through(1, 29, 2), through(1, 31, 2)),
        ENDLESS,
    ),
    Example(SEP_2, "FREQ=DAILY;INTERVAL=10;COUNT=5", months(1997, 9, [2, 12, 22], [2, 12])),
    Example(on("19980101"), "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA", JANUARIES, LONG),
    Example(on("19980101"), "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", JANUARIES, LONG),
    Example(SEP_2, "FREQ=WEEKLY;COUNT=10", TEN_WEEKS),
    Example(
        SEP_2,
        "FREQ=WEEKLY;UNTIL=19971224T000000Z",
        months(1997, 9, [2, 9, 16, 23, 30], [7, 14, 21, 28], [4, 11, 18, 25], [2, 9, 16, 23]),
    ),
    Example(
        SEP_2,
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        months(1997, 9, [2, 16, 30], [14, 28], [11, 25], [9, 23], [6, 20], [3, 17]),
        ENDLESS,
    ),
    Example(SEP_2, "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", FIVE_WEEKS),
    Example(SEP_2, "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", FIVE_WEEKS),
    Example(
        on("19970901"), "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR", months(1997, 9, *MWF)
    ),
    Example(
        SEP_2, "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", months(1997, 9, [2, 4, 16, 18, 30], [2, 14, 16])
    ),
    Example(
        on("19970905"),
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        months(1997, 9, [5], [3], [7], [5], [2], [6], [6], [3], [1], [5]),
    ),
    Example(on("19970905"), "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", months(1997, 9, [5], [3], [7], [5])),
    Example(
        on("19970907"),
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        months(1997, 9, [7, 28], [], [2, 30], [], [4, 25], [], [1, 29], [], [3, 31]),
    ),
    Example(on("19970922"), "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", months(1997, 9, [22], [20], [17], [22], [19], [16])),
    Example(on("19970928"), "FREQ=MONTHLY;BYMONTHDAY=-3", months(1997, 9, [28], [29], [28], [29], [29], [26]), ENDLESS),
    Example(
        SEP_2,
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
        months(1997, 9, [2, 15], [2, 15], [2, 15], [2, 15], [2, 15]),
    ),
    Example(
        on("19970930"),
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        months(1997, 9, [30], [1, 31], [1, 30], [1, 31], [1, 31], [1]),
    ),
    Example(
        on("19970910"),
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        {(1997, 9): through(10, 15), (1999, 3): through(10, 13)},
        LONG,
    ),
    Example(
        SEP_2,
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
        months(1997, 9, through(2, 30, 7), [], through(4, 25, 7), [], through(6, 27, 7), [], through(3, 31, 7)),
        ENDLESS,
    ),
    Example(
        on("19970610"),
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        {(year, month): [10] for year in range(1997, 2002) for month in (6, 7)},
        LONG,
    ),
    Example(
        on("19970310"),
        "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
        {(1997, 3): [10], **{(year, month): [10] for year in (1999, 2001, 2003) for month in (1, 2, 3)}},
        LONG,
    ),
    Example(
        on("19970101"),
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        {
            (1997, 1): [1],
            (1997, 4): [10],
            (1997, 7): [19],
            (2000, 1): [1],
            (2000, 4): [9],
            (2000, 7): [18],
            (2003, 1): [1],
            (2003, 4): [10],
            (2003, 7): [19],
            (2006, 1): [1],
        },
        LONG,
    ),
    Example(on("19970519"), "FREQ=YEARLY;BYDAY=20MO", {(1997, 5): [19], (1998, 5): [18], (1999, 5): [17]}, ENDLESS),
    Example(
        on("19970512"),
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        {(1997, 5): [12], (1998, 5): [11], (1999, 5): [17]},
        ENDLESS,
    ),
    Example(
        on("19970313"),
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
        {(1997, 3): [13, 20, 27], (1998, 3): [5, 12, 19, 26], (1999, 3): [4, 11, 18, 25]},
        ENDLESS,
    ),
    Example(
        on("19970605"),
        "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
        {
            **months(1997, 6, through(5, 26, 7), through(3, 31, 7), through(7, 28, 7)),
            **months(1998, 6, through(4, 25, 7), through(2, 30, 7), through(6, 27, 7)),
            **months(1999, 6, through(3, 24, 7), through(1, 29, 7), through(5, 26, 7)),
        },
        ENDLESS,
    ),
    Example(
        SEP_2,
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        {(1998, 2): [13], (1998, 3): [13], (1998, 11): [13], (1999, 8): [13], (2000, 10): [13]},
        ENDLESS,
        frozenset({date(1997, 9, 2)}),
    ),
    Example(
        on("19970913"),
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        months(1997, 9, [13], [11], [8], [13], [10], [7], [7], [11], [9], [13]),
        ENDLESS,
    ),
    Example(
        on("19961105"),
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        {(1996, 11): [5], (2000, 11): [7], (2004, 11): [2]},
        ENDLESS,
    ),
    Example(on("19970904"), "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", months(1997, 9, [4], [7], [6])),
    Example(
        on("19970929"),
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        months(1997, 9, [29], [30], [27], [30], [29], [26], [30]),
        ENDLESS,
    ),
    Example(SEP_2, "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z", {}, OFTEN),
    Example(SEP_2, "FREQ=MINUTELY;INTERVAL=15;COUNT=6", {}, OFTEN),
    Example(SEP_2, "FREQ=MINUTELY;INTERVAL=90;COUNT=4", {}, OFTEN),
    Example(SEP_2, f"FREQ=DAILY;BYHOUR={WORKING_DAY};BYMINUTE=0,20,40", {}, OFTEN),
    Example(SEP_2, f"FREQ=MINUTELY;INTERVAL=20;BYHOUR={WORKING_DAY}", {}, OFTEN),
    Example(on("19970805"), "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", {(1997, 8): [5, 10, 19, 24]}),
    Example(on("19970805"), "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", {(1997, 8): [5, 17, 19, 31]}),
    Example(
        on("20070115"),
        "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
        {(2007, 1): [15, 30], (2007, 2): [15], (2007, 3): [15, 30]},
    ),
]
