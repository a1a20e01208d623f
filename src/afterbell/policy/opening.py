"""When a room is open: the windows of its campus, and what its terms and those of its parts add to them or put in their place."""

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import NamedTuple

from afterbell.almanac.hours import Window, shared
from afterbell.almanac.seasons import cleared
from afterbell.policy.ask import Facts
from afterbell.policy.terms import Hours, Terms


class Door(NamedTuple):
    """Hours that somebody must keep to, and the room that sets them, None where they are the school's."""

    room: str | None
    windows: Sequence[Window]


def doors(windows: Sequence[Window], terms: Terms, room: str) -> Iterator[Door]:
    """The hours of a room, then those of each part that has some of its own: whoever uses the whole keeps to all of them."""
    yield Door(room if "hours" in terms.own else None, _with_seasons(windows, terms.hours))
    for part in terms.parts:
        if "hours" in part.terms.own:
            yield Door(part.name, _with_seasons(windows, part.terms.hours))


def windows_of(facts: Facts, room: int) -> Sequence[Window]:
    """The after-hours windows of one room."""
    return opened(facts.windows, facts.terms_of(room))


def opened(windows: Sequence[Window], terms: Terms) -> Sequence[Window]:
    """When a room on these terms is open: while all its doors are. The same object where nothing differs."""
    return reduce(shared, (door.windows for door in doors(windows, terms, "")))


def _with_seasons(windows: Sequence[Window], hours: Hours) -> Sequence[Window]:
    """Those that take others' place clear their days first, in the order in which they stand; a later season clears an earlier one's days too."""
    if not hours.seasons:
        return windows
    found = list(windows)
    for season in hours.seasons:
        if season.instead:
            found = cleared(found, season.since, season.until)
        found += [Window(each.weekday, each.opens, each.closes, season.since, season.until) for each in season.windows]
    return found
