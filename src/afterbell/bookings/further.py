"""Dates that a change adds: new ones, or one that was gone and returns."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from afterbell.almanac.recurrence import RepeatRefused, expand
from afterbell.almanac.span import Span
from afterbell.bookings.moves import wrong_state
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.repeats import refusal
from afterbell.bookings.rewriting import Further, Rewrite
from afterbell.bookings.room_names import RoomName
from afterbell.policy.altering import Alteration
from afterbell.policy.lifecycle import LIVE
from afterbell.policy.verdict import N_, Message, refuse
from afterbell.problem import refused

MOVED_AWAY = N_(
    "The date that was asked for on {day}, {hours}, was moved and is still known by that time. Move it back, or request this one as a booking of its own."
)


def further_dates(
    found: BookingRow, wanted: Alteration, rooms: tuple[RoomName, ...] | None, rewrites: Sequence[Rewrite]
) -> list[Further]:
    """Further dates are as long, as padded and in the same rooms as the booking's first live date is, or is to be."""
    if not wanted.also:
        return []
    like = next((date for date in found.dates if date.state in LIVE), found.dates[0])
    wish = next((each for each in rewrites if each.date is like), None)
    length = (wish.day.span if wish else like.span).length
    before, after = like.starts_at - like.claim_starts_at, like.claim_ends_at - like.ends_at
    return [
        _one_more(found, start, length, (before, after), rooms or (wish.rooms if wish else like.rooms))
        for start in dict.fromkeys(wanted.also)
    ]


def _one_more(
    found: BookingRow,
    start: datetime,
    length: timedelta,
    pads: tuple[timedelta, timedelta],
    rooms: tuple[RoomName, ...],
) -> Further:
    try:
        day = expand(start, start + length, found.zone, None)[0]
    except RepeatRefused as error:
        raise refusal(error) from error
    same = next((date for date in found.dates if date.original_start == start), None)
    if same is not None and same.state in LIVE:
        text = N_("The booking has a date on {day}, {hours}, already.")
        named = Message(text, {"day": start.date(), "hours": f"{start:%H:%M}"})
        if same.starts_at != day.span.starts_at:
            raise refused(wrong_state(Message(MOVED_AWAY, named.values)))
        raise refused([refuse("room_taken", named, occurrence=start)])
    return Further(day, Span(day.span.starts_at, day.span.ends_at).padded(*pads), rooms, same)
