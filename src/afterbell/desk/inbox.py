"""What an approver sees: the list of what waits, requests and changes, with one of them beside it. Reads, and decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.decisions import Decision, last_decision
from afterbell.bookings.lists import waiting_for
from afterbell.bookings.models import Booking
from afterbell.bookings.present import due_at, seen
from afterbell.bookings.queries import BookingRow, booking, visible_to, whole
from afterbell.bookings.room_names import names_of
from afterbell.desk.pane import Pane, open_pane, to_decide
from afterbell.policy.lifecycle import WAITING
from afterbell.policy.projection import Viewer


@dataclass(frozen=True)
class Wanted:
    """Which request to show: one that is `named` opens, also on a phone; one `beside` the list is only a suggestion, and the first is shown without it."""

    named: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of the list. `first` is the first date that waits or is to move, of `count` (0 where only the whole is to change); `asked` when the partner has
    it; `late` when it was `due` before now; `changes` when it is a change of what was approved, `also` when a change waits beside a request; `flagged` when it
    goes against a rule."""

    reference: str
    title: str
    organization: str
    first: DateRow
    count: int
    zone: str
    due: datetime
    late: bool
    asked: bool
    rooms: str
    changes: bool
    also: bool
    flagged: bool


@dataclass(frozen=True)
class Gone:
    """A request that waits no more, or not for this person: how it stands, and who moved it last."""

    reference: str
    title: str
    state: str
    zone: str
    own: bool
    waits: bool
    decision: Decision | None


@dataclass(frozen=True)
class Inbox:
    """The list and what is shown beside it; `following` is the request below it in the list."""

    entries: Sequence[Entry]
    pane: Pane | None = None
    gone: Gone | None = None
    following: str = ""


async def open_inbox(
    session: AsyncSession, viewer: Viewer, wanted: Wanted, language: str, *, now: datetime
) -> Inbox | None:
    """Everything that waits, and one request beside it; None when the one that is named is unknown or out of scope."""
    rows = await waiting_for(session, viewer)
    entries = [_entry(row, viewer, now) for row in rows]
    places = {row.reference: place for place, row in enumerate(rows)}
    if wanted.named and wanted.named not in places:
        return await _beyond(session, viewer, wanted.named, entries, language, now=now)
    if not rows:
        return Inbox(entries)
    place = places.get(wanted.named or wanted.beside, 0)
    following = rows[place + 1].reference if place + 1 < len(rows) else ""
    return Inbox(entries, await open_pane(session, rows[place], viewer, language, now=now), following=following)


async def waiting_entries(session: AsyncSession, viewer: Viewer, *, now: datetime) -> list[Entry]:
    """The list without the request beside it."""
    return [_entry(row, viewer, now) for row in await waiting_for(session, viewer)]


async def _beyond(
    session: AsyncSession, viewer: Viewer, reference: str, entries: Sequence[Entry], language: str, *, now: datetime
) -> Inbox | None:
    """A request that is not in the list: it waits further down than the list reaches, or no more, or not for this person."""
    row = await booking(session, whole().where(Booking.reference == reference, visible_to(viewer)))
    if row is None:
        return None
    own = row.organization_id in viewer.organizations and not row.of_school
    waits = row.state == "requested" or row.change_by is not None
    if waits and viewer.decides_at(row.campus_id) and not own:
        return Inbox(entries, await open_pane(session, row, viewer, language, now=now))
    shown = seen(row, viewer)
    last = await last_decision(session, row.id) if shown.details else None
    return Inbox(entries, gone=Gone(reference, shown.title, row.state, row.zone, own, waits, last))


def _entry(row: BookingRow, viewer: Viewer, now: datetime) -> Entry:
    waiting = to_decide(row)
    first = waiting[0] if waiting else next((date for date in row.dates if date.starts_at > now), row.dates[-1])
    asks = any(date.state in WAITING for date in waiting)
    return Entry(
        reference=row.reference,
        title=seen(row, viewer).title,
        organization=row.organization_name,
        first=first,
        count=len(waiting),
        zone=row.zone,
        due=due_at(row),
        late=due_at(row) < now,
        asked=row.answer_by is not None,
        rooms=f"{names_of(first.rooms)}, {first.rooms[0].school}",
        changes=row.change_by is not None and not asks,
        also=row.change_by is not None and asks,
        flagged=bool(row.findings),
    )
