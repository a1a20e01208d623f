"""When a room is open: the windows of its campus, and what its terms add to them or put in their place."""

from collections.abc import Sequence

from afterbell.almanac.hours import Window
from afterbell.almanac.seasons import cleared
from afterbell.policy.ask import Facts
from afterbell.policy.terms import Hours


def windows_of(facts: Facts, room: int) -> Sequence[Window]:
    """The after-hours windows of one room."""
    return opened(facts.windows, facts.terms_of(room).hours)


def opened(windows: Sequence[Window], hours: Hours) -> Sequence[Window]:
    """Those that take others' place clear their days first, in the order in which they stand; a later season clears an earlier one's days too. The same
    object where nothing differs."""
    if not hours.seasons:
        return windows
    found = list(windows)
    for season in hours.seasons:
        if season.instead:
            found = cleared(found, season.since, season.until)
        found += [Window(each.weekday, each.opens, each.closes, season.since, season.until) for each in season.windows]
    return found
