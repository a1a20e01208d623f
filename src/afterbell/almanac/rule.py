"""A rule as it is written ("FREQ=MONTHLY;BYDAY=2TU;COUNT=9", RFC 5545 3.3.10), read and checked part by part. Which days it names is almanac.walk's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from afterbell.almanac.refusals import ContradictoryRepeat, EndlessRepeat, MalformedRepeat, TooFrequent

LONGEST_RULE = 500
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
TOO_FINE = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
NAME = "|".join(WEEKDAYS)
DAY = re.compile(rf"([+-]?[1-9][0-9]?)?({NAME})\Z", re.ASCII)
WKST = re.compile(rf"({NAME})\Z")
UNTIL = re.compile(r"[0-9]{8}(T[0-9]{6}Z?)?\Z", re.ASCII)
NUMBER = re.compile(r"[1-9][0-9]{0,2}\Z", re.ASCII)  # 999 of anything is already longer than a series may be
SIGNED = re.compile(r"[+-]?[1-9][0-9]{0,2}\Z", re.ASCII)
LISTS = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}
# RFC 5545's table of parts: what each FREQ takes besides BYDAY, BYMONTH and BYSETPOS.
TAKES = {
    "DAILY": {"BYMONTHDAY"},
    "WEEKLY": set[str](),
    "MONTHLY": {"BYMONTHDAY"},
    "YEARLY": {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"},
}
ALWAYS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYSETPOS"})
PASSES = {  # of each part that may be unreadable, one that is not
    "INTERVAL": "INTERVAL=2",
    "COUNT": "COUNT=12",
    "UNTIL": "UNTIL=20291222",
    "WKST": "WKST=MO",
    "BYDAY": "BYDAY=TU,TH",
    "BYMONTH": "BYMONTH=5",
    "BYMONTHDAY": "BYMONTHDAY=15",
    "BYYEARDAY": "BYYEARDAY=100",
    "BYWEEKNO": "BYWEEKNO=20",
    "BYSETPOS": "BYSETPOS=-1",
}
LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class Rule:
    """What a rule says. `by_day` holds (0, 1) for every Tuesday, (2, 1) for the second, (-1, 1) for the last; `until` is as written, "" without."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: str = ""
    week_begins: int = 0
    by_day: tuple[tuple[int, int], ...] = ()
    by_month: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_week: tuple[int, ...] = ()
    by_position: tuple[int, ...] = ()


def read_rule(text: str) -> Rule:
    """The rule; raises the RepeatRefused that says what is wrong with it, whatever is written."""
    parts = _parts(text)
    freq = parts.get("FREQ", "")
    if freq in TOO_OFTEN or TOO_FINE & set(parts):
        raise TooFrequent(freq)
    _check(parts, freq)
    numbers = {name: _numbers(name, parts[name]) for name in LISTS if name in parts}
    rule = Rule(
        freq,
        interval=int(parts.get("INTERVAL", "1")),
        count=int(parts["COUNT"][:9]) if "COUNT" in parts else None,
        until=parts.get("UNTIL", ""),
        week_begins=WEEKDAYS.index(parts.get("WKST", "MO")),
        by_day=_days(parts["BYDAY"], freq) if "BYDAY" in parts else (),
        by_month=numbers.get("BYMONTH", ()),
        by_month_day=numbers.get("BYMONTHDAY", ()),
        by_year_day=numbers.get("BYYEARDAY", ()),
        by_week=numbers.get("BYWEEKNO", ()),
        by_position=numbers.get("BYSETPOS", ()),
    )
    _refuse_odd(rule)
    _refuse_contradiction(rule, parts)
    return rule


def _parts(text: str) -> dict[str, str]:
    body = text.strip().upper().removeprefix("RRULE:")
    if not body or len(body) > LONGEST_RULE or not body.isascii():
        raise MalformedRepeat("no_rule")
    pairs = [part.partition("=") for part in body.split(";") if part]
    names = [name for name, _, _ in pairs]
    if len(set(names)) != len(names):
        raise MalformedRepeat("twice")
    return {name: value for name, _, value in pairs}


def _check(parts: Mapping[str, str], freq: str) -> None:
    if freq not in TAKES:
        named = "FREQ" in parts or not parts
        raise MalformedRepeat("other_freq", freq=freq[:40]) if named else MalformedRepeat("no_freq")
    odd = sorted(set(parts) - ALWAYS - TAKES[freq])
    if odd:
        raise MalformedRepeat("no_place", part=odd[0][:40], freq=freq)
    for name, form in {"INTERVAL": NUMBER, "WKST": WKST, "UNTIL": UNTIL}.items():
        if name in parts and not form.match(parts[name]):
            raise _unreadable(name, parts[name])
    count = parts.get("COUNT", "1")
    if not count.isdigit() or int(count[:9]) < 1:
        raise _unreadable("COUNT", count)
    if "COUNT" not in parts and "UNTIL" not in parts:
        raise EndlessRepeat("no COUNT and no UNTIL")


def _unreadable(name: str, value: str) -> MalformedRepeat:
    return MalformedRepeat("unreadable", part=f"{name}={value[:40]}", passes=PASSES[name])


def _numbers(name: str, value: str) -> tuple[int, ...]:
    """Whole numbers from 1, or counted from the end; a month has no end to count from."""
    listed = value.split(",")
    if not all(SIGNED.match(each) for each in listed):
        raise _unreadable(name, value)
    found = tuple(dict.fromkeys(int(each) for each in listed))
    if any(abs(each) > LISTS[name] or (name == "BYMONTH" and each < 0) for each in found):
        raise MalformedRepeat("beyond", name=name, most=LISTS[name])
    return found


def _days(value: str, freq: str) -> tuple[tuple[int, int], ...]:
    """The days of BYDAY; a number before one only where there is a month or a year to count in."""
    found = [DAY.match(each) for each in value.split(",")]
    if not all(found):
        raise _unreadable("BYDAY", value)
    days = [(int(day[1] or 0), WEEKDAYS.index(day[2])) for day in found if day]
    if freq in ("DAILY", "WEEKLY") and any(number for number, _ in days):
        raise MalformedRepeat("numbered", part=f"BYDAY={value[:40]}")
    return tuple(dict.fromkeys(days))


def _refuse_odd(rule: Rule) -> None:
    """What RFC 5545 forbids: positions in nothing, and the second Tuesday of a week."""
    by_nothing = not (rule.by_day or rule.by_month or rule.by_month_day or rule.by_year_day or rule.by_week)
    if rule.by_position and by_nothing:
        raise MalformedRepeat("counts_nothing")
    if rule.by_week and any(number for number, _ in rule.by_day):
        raise MalformedRepeat("numbered_weeks")


def _refuse_contradiction(rule: Rule, parts: Mapping[str, str]) -> None:
    """Parts that each can be read and together name nothing; whatever else names nothing is found by walking."""
    if rule.count is not None and rule.until:
        rest = ";".join(f"{name}={value}" for name, value in parts.items() if name != "UNTIL")
        raise ContradictoryRepeat("count_and_until", rest, {"rule": rest})
    longest = max((LENGTHS[month - 1] for month in rule.by_month), default=31)
    if rule.by_month_day and all(abs(day) > longest for day in rule.by_month_day):
        passes = f"BYMONTHDAY={longest}"
        raise ContradictoryRepeat("no_such_day", passes, {"part": passes})
