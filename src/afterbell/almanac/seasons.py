"""Hours that differ for a season: what is added to weekly windows, and what takes their place for a while."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from afterbell.almanac.hours import Window

ONE = timedelta(days=1)


def cleared(windows: Iterable[Window], since: date | None, until: date | None) -> list[Window]:
    """The windows without those days, the first and the last included; None has no end on that side. A window that spans them becomes two."""
    found: list[Window] = []
    for window in windows:
        if since is not None and since > date.min:
            found += _kept(window, window.since, _earlier(window.until, since - ONE))
        if until is not None and until < date.max:
            found += _kept(window, _later(window.since, until + ONE), window.until)
    return found


def _kept(window: Window, since: date | None, until: date | None) -> Sequence[Window]:
    if since is not None and until is not None and since > until:
        return ()
    return (replace(window, since=since, until=until),)


def _earlier(one: date | None, other: date) -> date:
    return other if one is None else min(one, other)


def _later(one: date | None, other: date) -> date:
    return other if one is None else max(one, other)
