"""A side: one database that commands are given to through the acts, as the API's handlers do it; what it answers, and how it then stands, in plain values that
both sides can share. Names that a database gives are replaced by the order in which they came."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from afterbell.almanac.span import Span, merged
from afterbell.bookings.lapse import expire
from afterbell.bookings.models import Booking, Claim, Occurrence, OccurrenceRoom, Proposal, ProposalRoom
from afterbell.bookings.present import as_json
from afterbell.bookings.queries import BookingRow
from afterbell.database import Database
from afterbell.outbox.relay import relay
from afterbell.partners.models import Organization
from afterbell.people.access import viewer_of_person
from afterbell.people.models import Person
from afterbell.places.models import Campus, RoomSpace
from afterbell.policy.projection import Viewer
from afterbell.problem import Problem
from afterbell.reminders.fall_due import fall_due
from afterbell.rules.models import Rule
from afterbell.subscribers import subscribers
from tests.cast import BIRD
from tests.engine.acts import ACTS
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
    token: str | None = None

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

    async def begin(self) -> None:
        """A new history, under the rules of before the first."""
        self.references.clear()
        self.token = None
        async with self.database.writing() as session:
            await session.execute(delete(Rule))
            await session.execute(update(Campus).values(rules_mark=Campus.rules_mark + 1))

    async def does(self, command: Command) -> Any:
        """The answer, as the one who asks may see it; a refusal with all its reasons."""
        try:
            if command.act == "expire":
                return await expire(self.database, now=command.at)
            if command.act == "work":
                return await self._work(command.at)
            async with self.database.writing() as session:
                found = await ACTS[command.act](self, session, command)
        except Problem as problem:
            return self.plain([problem.status, str(problem), [repr(reason) for reason in problem.reasons]])
        if found is None or isinstance(found, dict):
            return found
        rows = [found] if isinstance(found, BookingRow) else found
        self.references += [row.reference for row in rows if row.reference not in self.references]
        return self.plain([as_json(row, self.people[command.who]) for row in rows])

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
