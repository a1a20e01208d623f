"""A side: one database that commands are given to through the acts, as the API's handlers do it; what it answers, and how it then stands, in plain values that
both sides can share. Names that a database gives are replaced by the order in which they came."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.closures import days
from afterbell.almanac.recurrence import Repeat
from afterbell.almanac.span import Span, merged
from afterbell.bookings.ask_partner import answer, ask_partner
from afterbell.bookings.cancel import cancel, withdraw
from afterbell.bookings.change import change_booking
from afterbell.bookings.decide import Part, approve, decline
from afterbell.bookings.enter import enter_booking
from afterbell.bookings.lapse import expire
from afterbell.bookings.models import Booking, Claim, Occurrence, OccurrenceRoom, Proposal, ProposalRoom
from afterbell.bookings.present import as_json
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.take_back import take_back
from afterbell.database import Database
from afterbell.outbox.relay import relay
from afterbell.partners.models import Organization
from afterbell.people.access import viewer_of_person
from afterbell.people.models import Person
from afterbell.places.calendars import close
from afterbell.places.models import Campus, RoomSpace
from afterbell.policy.altering import Alteration
from afterbell.policy.ask import Altered, Ask
from afterbell.policy.projection import Viewer
from afterbell.problem import Problem
from afterbell.reminders.fall_due import fall_due
from afterbell.subscribers import subscribers
from tests.cast import BIRD, ZONE
from tests.engine.commands import EVERYBODY, Command, Standing

NAMES = re.compile(r"AB-[0-9A-Z]{8}|\b[0-9a-f]{20}\b")
BOOKINGS = (
    Booking.reference, Booking.state, Booking.version, Booking.decide_by, Booking.answer_by, Booking.warnings, Booking.step_at,
    Booking.free_until, Booking.first_starts_at, Booking.last_ends_at, Booking.change_by, Booking.proposed, Campus.slug, Organization.slug,
)  # fmt: skip
DATES = (
    Booking.reference, Occurrence.original_start, Occurrence.starts_at, Occurrence.ends_at, Occurrence.claim_starts_at,
    Occurrence.claim_ends_at, Occurrence.state, Occurrence.sequence, Occurrence.shifted, Occurrence.reason, Occurrence.reasons,
    Occurrence.alternative, Occurrence.changed_at,
)  # fmt: skip
LISTENERS = {
    kind: [(name, listener) for name, listener in listeners if name in ("feeds.touch", "reminders.plan")]
    for kind, listeners in subscribers("http://127.0.0.1").items()
}
_NAME = (Booking.reference, Occurrence.original_start)
_WHERE = (Proposal.starts_at, Proposal.ends_at, Proposal.claim_starts_at, Proposal.claim_ends_at)


def _of_dates(*columns: Any, to: Any = None, last: Any = Occurrence.id) -> Any:
    """A statement about the dates of some bookings, in order."""
    query = select(*columns).select_from(Booking).join(Occurrence, Occurrence.booking_id == Booking.id)
    query = query if to is None else query.join(to, to.occurrence_id == Occurrence.id)
    ours = Booking.reference.in_(bindparam("ours", expanding=True))
    return query.where(ours).order_by(Booking.id, Occurrence.starts_at, Occurrence.original_start, last)


QUERIES: Mapping[str, Any] = {
    "bookings": select(*BOOKINGS)
    .join(Organization, Organization.id == Booking.organization_id)
    .join(Campus, Campus.id == Booking.campus_id)
    .where(Booking.reference.in_(bindparam("ours", expanding=True)))
    .order_by(Booking.id),
    "dates": _of_dates(*DATES),
    "rooms": _of_dates(*_NAME, OccurrenceRoom.room_id, to=OccurrenceRoom, last=OccurrenceRoom.room_id),
    "claims": _of_dates(*_NAME, Claim.space_id, Claim.starts_at, Claim.ends_at, to=Claim, last=Claim.space_id).order_by(
        Claim.starts_at
    ),
    "moves": _of_dates(*_NAME, ProposalRoom.room_id, *_WHERE, to=Proposal, last=ProposalRoom.room_id).join(
        ProposalRoom, ProposalRoom.occurrence_id == Occurrence.id
    ),
}
DATE_STATE, STARTS = 6, 2
Tables = Mapping[str, list[tuple[Any, ...]]]
Blocks = Mapping[tuple[str, int], list[Span]]


@dataclass
class Side:
    """One database and the bookings of the history that is under way, in order."""

    database: Database
    url: str
    people: dict[str, Viewer] = field(default_factory=dict)
    spaces: dict[int, frozenset[int]] = field(default_factory=dict)
    references: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    async def prepare(self) -> None:
        """Everybody as they are, and one organization that nobody verified."""
        async with self.database.writing() as session:
            doubted = update(Organization).where(Organization.slug == "casa-del-pueblo").values(verified=False)
            await session.execute(doubted)
            for id_, email in (await session.execute(select(Person.id, Person.email))).all():
                viewer = await viewer_of_person(session, id_)
                if viewer and email.partition("@")[0] in EVERYBODY:
                    self.people[email.partition("@")[0]] = viewer
            for room, space in await session.execute(select(RoomSpace.room_id, RoomSpace.space_id)):
                self.spaces[room] = self.spaces.get(room, frozenset()) | {space}

    def begin(self) -> None:
        """A new history."""
        self.references.clear()

    async def does(self, command: Command) -> Any:
        """The answer, as the one who asks may see it; a refusal with all its reasons."""
        try:
            if command.act == "expire":
                return await expire(self.database, now=command.at)
            if command.act == "work":
                return await self._work(command.at)
            async with self.database.writing() as session:
                row = await _ACTS[command.act](self, session, command)
        except Problem as problem:
            return self.plain([problem.status, str(problem), [repr(reason) for reason in problem.reasons]])
        if row is None:
            return None
        if row.reference not in self.references:
            self.references.append(row.reference)
        return self.plain(as_json(row, self.people[command.who]))

    async def _work(self, now: datetime) -> int:
        """What follows from what was announced, as far as the doctor looks at it; letters have tests of their own."""
        done = 0
        while more := await relay(self.database, LISTENERS, lease_seconds=60, now=now):
            done += more
        while more := await fall_due(self.database, now=now):
            done += more
        return done

    async def tables(self) -> Tables:
        """How this history's bookings stand, table by table."""
        async with self.database.snapshot() as session:
            found = {n: (await session.execute(query, {"ours": self.references})).all() for n, query in QUERIES.items()}
        return {name: [self.plain(tuple(row)) for row in rows] for name, rows in found.items()}

    def plain(self, value: Any) -> Any:
        """The same with every name that this database gave replaced."""
        if isinstance(value, dict):
            return {name: self.plain(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.plain(each) for each in value)
        if isinstance(value, str):
            return NAMES.sub(lambda found: self.names.setdefault(found[0], f"#{len(self.names)}"), value)
        return value

    def unsound(self, tables: Tables) -> list[str]:
        """What is plainly wrong with the claims of this history, without asking the doctor: each booking blocks, space by space, what its blocking dates have
        and are to have, and no two claims overlap."""
        needed, found = self._needed(tables), _claimed(tables)
        wrong = [f"claims differ: {found} instead of {needed}"] if needed != found else []
        last: dict[int, datetime] = {}
        for _, _, space, starts, ends in sorted(tables["claims"], key=lambda claim: claim[3]):
            if starts < last.get(space, starts):
                wrong.append(f"space {space} is blocked twice at {starts}")
            last[space] = max(ends, last.get(space, ends))
        return wrong

    def _needed(self, tables: Tables) -> Blocks:
        blocking = {date[:2]: date[4:6] for date in tables["dates"] if date[DATE_STATE] in ("held", "approved")}
        spans = [
            (name[0], room, *blocking[name]) for *name_, room in tables["rooms"] if (name := tuple(name_)) in blocking
        ]
        holding = {booking[0] for booking in tables["bookings"] if booking[-2] != BIRD}
        spans += [(move[0], move[2], *move[5:7]) for move in tables["moves"] if move[0] in holding]
        return _merged((name, space, *span) for name, room, *span in spans for space in self.spaces[room])


def _claimed(tables: Tables) -> Blocks:
    return _merged((claim[0], *claim[2:]) for claim in tables["claims"])


def _merged(rows: Iterable[tuple[Any, ...]]) -> Blocks:
    found: dict[tuple[str, int], list[Span]] = {}
    for name, space, starts, ends in rows:
        found.setdefault((name, space), []).append(Span(starts, ends))
    return {key: merged(spans) for key, spans in found.items()}


def standings(tables: Tables) -> list[Standing]:
    """What the drawer must know."""
    dates: dict[str, list[tuple[Any, ...]]] = {}
    for date in tables["dates"]:
        dates.setdefault(date[0], []).append(date)
    return [
        Standing(
            booking[-1],
            booking[-2],
            [date[DATE_STATE] for date in dates[booking[0]]],
            [date[STARTS] for date in dates[booking[0]]],
            [datetime.fromisoformat(date[1]) for date in dates[booking[0]]],
            booking[4] is not None,
            booking[10] is not None,
            booking[7],
        )
        for booking in tables["bookings"]
    ]


def next_step(tables: Tables) -> datetime | None:
    """When the next silence has a consequence."""
    return min((booking[6] for booking in tables["bookings"] if booking[6] is not None), default=None)


Act = Callable[[Side, AsyncSession, Command], Awaitable[BookingRow | None]]


async def _named(side: Side, session: AsyncSession, command: Command) -> tuple[str, Sequence[str] | None]:
    """The reference, and some dates by their original starts."""
    reference = side.references[command.about or 0]
    if command.dates is None:
        return reference, None
    query = select(Occurrence.original_start).join(Booking, Booking.id == Occurrence.booking_id)
    ordered = query.where(Booking.reference == reference).order_by(Occurrence.starts_at, Occurrence.original_start)
    starts = (await session.scalars(ordered)).all()
    return reference, [starts[number] for number in command.dates]


async def _request(side: Side, session: AsyncSession, command: Command) -> BookingRow:
    more = command.more
    odd = more["otherwise"]
    ask = Ask(
        organization=more["organization"],
        title="A history",
        activity=more["activity"],
        rooms=more["rooms"],
        starts=more["starts"],
        ends=more["ends"],
        headcount=more["headcount"],
        repeat=Repeat(f"FREQ=WEEKLY;COUNT={more['weeks']}") if more["weeks"] > 1 else None,
        setup=more["setup"],
        on_behalf_of=more["caller"],
        skips=more["skips"],
        changes=[Altered(odd[0], odd[2], odd[1])] if odd else (),
    )
    return await enter_booking(session, ask, by=side.people[command.who], now=command.at)


async def _approve(side: Side, session: AsyncSession, command: Command) -> BookingRow:
    reference, names = await _named(side, session, command)
    part = None if names is None else Part(names, command.more["rest"])
    by, words = side.people[command.who], command.more["words"]
    return await approve(session, reference, by=by, now=command.at, message=words, part=part)


async def _decline(side: Side, session: AsyncSession, command: Command) -> BookingRow:
    reference, names = await _named(side, session, command)
    by, words = side.people[command.who], command.more["words"]
    return await decline(session, reference, words, by=by, now=command.at, names=names)


async def _withdraw(side: Side, session: AsyncSession, command: Command) -> BookingRow:
    reference, names = await _named(side, session, command)
    return await withdraw(session, reference, by=side.people[command.who], now=command.at, names=names)


async def _cancel(side: Side, session: AsyncSession, command: Command) -> BookingRow:
    reference, names = await _named(side, session, command)
    by, words = side.people[command.who], command.more["words"]
    return await cancel(session, reference, words, by=by, now=command.at, names=names)


async def _question(side: Side, session: AsyncSession, command: Command) -> BookingRow:
    reference, _ = await _named(side, session, command)
    return await ask_partner(session, reference, command.more["words"], by=side.people[command.who], now=command.at)


async def _answer(side: Side, session: AsyncSession, command: Command) -> BookingRow:
    reference, _ = await _named(side, session, command)
    return await answer(session, reference, command.more["words"], by=side.people[command.who], now=command.at)


async def _change(side: Side, session: AsyncSession, command: Command) -> BookingRow:
    more = command.more
    named = [more["date"]] if "date" in more else more.get("fewer", [])
    reference, starts = await _named(side, session, replace(command, dates=tuple(named)))
    wanted = Alteration(
        scope=more.get("scope", "all"),
        occurrence=starts[0] if starts and "date" in more else None,
        starts=more.get("starts"),
        ends=more.get("ends"),
        rooms=more.get("rooms"),
        also=tuple(more.get("also", ())),
        fewer=tuple(starts or ()) if "fewer" in more else (),
        headcount=more.get("headcount"),
    )
    return await change_booking(session, reference, wanted, by=side.people[command.who], now=command.at)


async def _take_back(side: Side, session: AsyncSession, command: Command) -> BookingRow:
    reference, names = await _named(side, session, command)
    return await take_back(session, reference, by=side.people[command.who], now=command.at, names=names)


async def _close(side: Side, session: AsyncSession, command: Command) -> None:
    campus = await session.scalar(select(Campus.id).where(Campus.slug == command.more["campus"]))
    day = command.more["day"]
    await close(session, campus, days(day, day + timedelta(days=1), ZONE), "Staff day", now=command.at)


_ACTS: Mapping[str, Act] = {
    "request": _request,
    "approve": _approve,
    "decline": _decline,
    "withdraw": _withdraw,
    "cancel": _cancel,
    "question": _question,
    "answer": _answer,
    "close": _close,
    "change": _change,
    "take_back": _take_back,
}
