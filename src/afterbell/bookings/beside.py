"""What stands beside a booking that is shown alone: the messages, who competes with it, how many others asked. Through the projection like the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.moves import starts
from afterbell.bookings.present import as_json, instant, seen
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.remarks import RemarkRow, remarks_of
from afterbell.bookings.rivals import Rival, contested, others_asked, rivals_of
from afterbell.policy.projection import Viewer


@dataclass(frozen=True)
class Beside:
    """The thread; for those who decide the `rivals` (None for all others); how many others asked for a date that is not held, by the date's id."""

    messages: Sequence[RemarkRow]
    rivals: Sequence[Rival] | None
    asked: Mapping[int, int]


async def beside(session: AsyncSession, row: BookingRow, viewer: Viewer, *, new: bool = False) -> Beside | None:
    """None for those who only see that the room is reserved. One statement, less when it is `new` and nobody can have written, and a few where it competes."""
    if seen(row, viewer).details is None:
        return None
    decides = viewer.decides_at(row.campus_id)
    return Beside(
        messages=() if new else await remarks_of(session, row.id),
        rivals=await rivals_of(session, row, contested(row)) if decides else None,
        asked=await others_asked(session, row),
    )


def in_full(row: BookingRow, viewer: Viewer, more: Beside | None) -> dict[str, Any]:
    """The booking of API.md as one answer: for those who see it in full with `messages`, with `rivals` for those who decide, and with `others_asked` on
    every date that is not held."""
    body = as_json(row, viewer)
    if more is None:
        return body
    for date, told in zip(row.dates, body["occurrences"], strict=True):
        if date.id in more.asked:
            told["others_asked"] = more.asked[date.id]
    body["messages"] = [
        {"side": each.side, "name": each.name, "text": each.text, "at": instant(each.at)} for each in more.messages
    ]
    return body if more.rivals is None else body | {"rivals": [_rival_json(rival) for rival in more.rivals]}


def _rival_json(rival: Rival) -> dict[str, Any]:
    booking = rival.booking
    return {
        "reference": booking.reference,
        "organization": booking.organization,
        "dates": list(starts(rival.dates)),
        "moves": list(starts(rival.moves)),
    }
