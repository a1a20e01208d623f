"""What the page of a change shows: the form as it was filled in, what is wrong with it, and what the change comes to beside it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.forms import NOTE, REASON, TITLE
from afterbell.bookings.page_change_form import FIELDS, Typed, ahead_of, date_name
from afterbell.bookings.page_change_months import FEW, alike, months_of
from afterbell.bookings.page_change_preview import Preview
from afterbell.bookings.present import asker_of, same_hours, seen
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.room_names import names_of
from afterbell.bookings.spaces import find_spaces
from afterbell.places.catalog import RoomRow, rooms_where
from afterbell.places.models import Room
from afterbell.places.naming import LAYOUT_NAMES, choices
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import Finding, Message
from afterbell.problem import Problem
from afterbell.web.shell import render
from afterbell.web.words import say_many, say_message

FIELD_OF = {"too_many_people": "people", "unknown_room": "rooms", "room_twice": "rooms", "unknown_layout": "layout"}
Item = str | tuple[str, str]


@dataclass(frozen=True)
class Wrong:
    """Why the page comes back: complaints by field ("" is about the whole), the reasons of a refusal, and the status that says so."""

    status: int = 200
    fields: Mapping[str, Message] = field(default_factory=dict)
    findings: Sequence[Finding] = ()

    @classmethod
    def of(cls, problem: Problem) -> "Wrong":
        """A refusal with its reasons; of a stale page, and without any reason, the sentence."""
        reasons = () if problem.status == 412 else problem.reasons
        return cls(problem.status, {} if reasons else {"": problem.message}, reasons)


async def show_change(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    row: BookingRow,
    filled: Typed,
    preview: Preview | None,
    wrong: Wrong,
    *,
    now: datetime,
) -> Response[Any]:
    """The page, filled as typed, with what the change comes to beside it."""
    language = request.state.language
    rooms = await rooms_where(session, Room.campus_id == row.campus_id)
    used = {room.id: room for date in row.dates for room in date.rooms}
    spaces = await find_spaces(session, used.values(), lock=False)
    chosen = row.layout, filled.fields["layout"]
    layouts = {name for room in spaces.rooms.values() for name in room.layouts} | set(filter(None, chosen))
    fields, items = _told(wrong, language, marked=preview is not None)
    return render(
        request,
        "bookings/change.html",
        status=wrong.status,
        failed=bool(items),
        summary=items,
        errors={**dict.fromkeys(FIELDS, ""), **fields},
        title=seen(row, request.state.viewer).title,
        row=row,
        usual=names_of(row.dates[0].rooms),
        **_ahead(row, filled, language, now),
        fold=lambda steps: alike(steps, row.zone, language),
        typed=filled.fields,
        ticked=filled,
        rooms=[(_key(each), each) for each in rooms],
        schools=len({each.school for each in rooms}),
        layouts=choices(LAYOUT_NAMES, tuple(sorted(layouts)), language),
        explains_to=_explains_to(row, request.state.viewer),
        preview=preview,
        limits={"title": TITLE, "note": NOTE, "reason": REASON},
        path="/bookings",
    )


def _ahead(row: BookingRow, filled: Typed, language: str, now: datetime) -> dict[str, Any]:
    """The dates that can be changed, by month where they are many."""
    ahead, there = ahead_of(row, now), ZoneInfo(row.zone)
    months = months_of(ahead, lambda each: each.starts_at.astimezone(there), language)
    named = {each.id: date_name(each) for each in ahead}
    return {
        "ahead": ahead,
        "many": len(ahead) > FEW,
        "months": months,
        "named": named,
        "same_times": same_hours(ahead, row.zone),
        "backs": {each.id for each in ahead if {each.public_id, named[each.id]} & set(filled.back)},
    }


def _explains_to(row: BookingRow, viewer: Viewer) -> str:
    """To whom those who decide there can say why they change it; "" for all others, and for who asked for it."""
    theirs = row.on_behalf_of or row.requested_by_id != viewer.person_id
    return asker_of(row) if theirs and viewer.decides_at(row.campus_id) else ""


def _key(row: RoomRow) -> str:
    return f"{row.school}/{row.slug}"


def _told(wrong: Wrong, language: str, *, marked: bool) -> tuple[dict[str, str], list[Item]]:
    """What is wrong, by field, and as the top of the page says it, each with the way to its place. Dates that are not `marked` in a preview are told there."""
    found = dict(wrong.fields)
    found |= {FIELD_OF[each.code]: each.message for each in wrong.findings if each.code in FIELD_OF}
    fields = {name: say_message(message, language) for name, message in found.items()}
    items: list[Item] = [(name, text) if name else text for name, text in fields.items()]
    rest = [each for each in wrong.findings if each.code not in FIELD_OF]
    items += [say_message(each.message, language) for each in rest if each.occurrence is None or not marked]
    if marked:
        items += _about_dates({each.occurrence for each in rest} - {None}, language)
    return fields, items


def _about_dates(starts: Collection[Any], language: str) -> list[Item]:
    if not starts:
        return []
    sentence = say_many(
        "{count} date cannot be had as asked. It is marked under What it comes to.",
        "{count} dates cannot be had as asked. They are marked under What it comes to.",
        len(starts),
        language,
    )
    return [("preview", sentence)]
