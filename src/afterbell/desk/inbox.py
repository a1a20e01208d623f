"""What an approver sees: the list of what waits, and everything about one request that a decision needs. Reads, and decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.decisions import Decision, last_decision
from afterbell.bookings.lists import waiting_for
from afterbell.bookings.models import Booking
from afterbell.bookings.page_dates import SAYS_ALL, in_short
from afterbell.bookings.present import due_at, flags_of, same_hours, seen
from afterbell.bookings.prospects import Prospects, prospects
from afterbell.bookings.queries import BookingRow, booking, visible_to, whole
from afterbell.bookings.remarks import RemarkRow, remarks_of
from afterbell.bookings.rivals import Rival
from afterbell.partners.organizations import OrganizationRow, organizations
from afterbell.policy.lifecycle import WAITING
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Finding
from afterbell.web.words import say, say_message

CAN_BE_HAD, HAS_BEGUN = N_("Can be approved"), N_("Has begun, will be declined")


@dataclass(frozen=True)
class Wanted:
    """Which request to show: one that is `named` opens, also on a phone; one `beside` the list is only a suggestion, and the first is shown without it."""

    named: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of the list. `first` is the first date that waits, of `count`; `asked` when the partner has it; `late` when it was `due` before now;
    `flagged` when it goes against a rule."""

    reference: str
    title: str
    organization: str
    first: DateRow
    count: int
    zone: str
    due: datetime
    late: bool
    asked: bool
    flagged: bool


@dataclass(frozen=True)
class PaneLine:
    """One date that waits, with what the rules say of it now."""

    date: DateRow
    kind: str
    label: str


@dataclass(frozen=True)
class Loser:
    """A request that competes for the same times, and its dates that would be declined."""

    reference: str
    title: str
    organization: str
    dates: Sequence[DateRow]


@dataclass(frozen=True)
class Pane:
    """One request. `blocked` when approving it whole would be refused, for the `obstacles`; `losers` are those who would lose dates by it; `same_hours` when
    every date has the same wall times; `flags` are the rules that it goes against, to be looked at twice."""

    row: BookingRow
    title: str
    lines: Sequence[PaneLine]
    same_hours: bool
    partner: OrganizationRow
    capacity: int
    blocked: bool
    obstacles: Sequence[str]
    losers: Sequence[Loser]
    messages: Sequence[RemarkRow]
    due: datetime
    late: bool
    flags: Sequence[str]

    @property
    def choices(self) -> Sequence[PaneLine]:
        """The dates that can be approved one by one; none when there is but one to decide."""
        return [line for line in self.lines if line.kind == "ok"] if len(self.lines) > 1 else ()


@dataclass(frozen=True)
class Gone:
    """A request that waits no more, or not for this person: how it stands, and who moved it last."""

    reference: str
    title: str
    state: str
    zone: str
    own: bool
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
    return Inbox(entries, await _pane(session, rows[place], viewer, language, now=now), following=following)


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
    if row.state == "requested" and viewer.decides_at(row.campus_id) and not own:
        return Inbox(entries, await _pane(session, row, viewer, language, now=now))
    shown = seen(row, viewer)
    last = await last_decision(session, row.id) if shown.details else None
    return Inbox(entries, gone=Gone(reference, shown.title, row.state, row.zone, own, last))


def _entry(row: BookingRow, viewer: Viewer, now: datetime) -> Entry:
    waiting = _waiting(row)
    return Entry(
        reference=row.reference,
        title=seen(row, viewer).title,
        organization=row.organization_name,
        first=waiting[0],
        count=len(waiting),
        zone=row.zone,
        due=due_at(row),
        late=due_at(row) < now,
        asked=row.answer_by is not None,
        flagged=bool(row.findings),
    )


def _waiting(row: BookingRow) -> list[DateRow]:
    """The dates that somebody decides about: those that wait, those that are to move, and where the whole is to change every date that is left."""
    waiting = [date for date in row.dates if date.state in WAITING or date.move]
    return waiting or [date for date in row.dates if date.state == "approved"] or list(row.dates)


async def _pane(session: AsyncSession, row: BookingRow, viewer: Viewer, language: str, *, now: datetime) -> Pane:
    found = await prospects(session, row, now=now)
    refusals = found.verdict.reasons
    unsaid = [each for each in refusals if each.occurrence is None or each.code not in SAYS_ALL]
    return Pane(
        row=row,
        title=seen(row, viewer).title,
        lines=[_line(date, found, language, now) for date in _waiting(row)],
        same_hours=same_hours(_waiting(row), row.zone),
        partner=(await organizations(session, [row.organization_id]))[0],
        capacity=found.capacity,
        blocked=bool(refusals),
        obstacles=list(dict.fromkeys(say_message(each.message, language) for each in unsaid)),
        losers=[_loser(rival, viewer) for rival in found.rivals],
        messages=await remarks_of(session, row.id),
        due=due_at(row),
        late=due_at(row) < now,
        flags=list(dict.fromkeys(say_message(each.message, language) for each in flags_of(row))),
    )


def _loser(rival: Rival, viewer: Viewer) -> Loser:
    booking = rival.booking
    return Loser(booking.reference, seen(booking, viewer).title, booking.organization_name, rival.dates)


def _line(date: DateRow, found: Prospects, language: str, now: datetime) -> PaneLine:
    findings: Sequence[Finding] = found.verdict.about(date.original_start)
    if date.starts_at <= now:
        return PaneLine(date, "over", say(HAS_BEGUN, language))
    if not findings:
        return PaneLine(date, "ok", say(CAN_BE_HAD, language))
    return PaneLine(date, *in_short(findings[0], language))
