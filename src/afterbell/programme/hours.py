"""A school's hours and closed days as people read them: one line a weekday, one a closure, in wall time at the school."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from afterbell.almanac.closures import Closure
from afterbell.almanac.hours import Window
from afterbell.policy.verdict import N_
from afterbell.web.dates import clock_time, day, weekday
from afterbell.web.words import say

WEEK = 7


def weekly(windows: Sequence[Window], today: date, language: str) -> list[tuple[str, str]]:
    """("Monday", "3:00 PM – 10:00 PM") for each day of the week, "Closed" where nothing is open; as they hold from today on, changes to come left out."""
    closed = say(N_("Closed"), language)
    found = []
    for number in range(WEEK):
        on = today + timedelta(days=(number - today.weekday()) % WEEK)
        held = sorted((window for window in windows if window.holds_on(on)), key=lambda window: window.opens)
        found.append((weekday(number, language), ", ".join(_window(window, language) for window in held) or closed))
    return found


def _window(window: Window, language: str) -> str:
    if window.opens == window.closes == time():
        return say(N_("All day"), language)
    return f"{clock_time(window.opens, language)} – {clock_time(window.closes, language)}"


def closed_days(closures: Sequence[Closure], zone: str, language: str) -> list[tuple[str, str]]:
    """(when, why) in order; whole days without hours, others with them."""
    return [(_span(closure, ZoneInfo(zone), language), closure.reason) for closure in closures]


def _span(closure: Closure, there: ZoneInfo, language: str) -> str:
    starts, ends = closure.span.starts_at.astimezone(there), closure.span.ends_at.astimezone(there)
    if starts.time() == ends.time() == time():
        first, last = starts.date(), ends.date() - timedelta(days=1)
        if first == last:
            return day(first, language)
        return say(N_("{first} to {last}"), language, first=day(first, language), last=day(last, language))
    return say(N_("{first} to {last}"), language, first=_moment(starts, language), last=_moment(ends, language))


def _moment(moment: datetime, language: str) -> str:
    return f"{day(moment, language)}, {clock_time(moment.time(), language)}"
