"""Claims in a migrated database, put in row by row or many at once; and a judge who knows without any database whether two overlap."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Activity, Booking, Claim, Occurrence
from afterbell.database import Database, table, violated
from afterbell.partners.models import Organization
from afterbell.people.models import Person
from afterbell.places.models import Campus, Space

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPACES = 3


@dataclass(frozen=True)
class Wanted:
    """A claim, in hours after noon."""

    space: int
    starts: float
    ends: float

    @property
    def row(self) -> dict[str, object]:
        """As the table has it."""
        times = {"starts_at": NOON + self.starts * HOUR, "ends_at": NOON + self.ends * HOUR}
        return times | {"campus_id": 1, "occurrence_id": 1, "space_id": self.space}

    def overlaps(self, other: "Wanted") -> bool:
        """Whether both need the space at some moment."""
        return self.space == other.space and self.starts < other.ends and other.starts < self.ends


class Ledger:
    """An open transaction that takes claims one statement at a time."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def take(self, *wanted: Wanted) -> str | None:
        """None when all of them were taken in one statement; else what refused, and none was."""
        try:
            async with self.session.begin_nested():
                await self.session.execute(insert(table(Claim)).returning(Claim.id), [each.row for each in wanted])
        except IntegrityError as error:
            return violated(error)
        return None

    async def give_back(self, wanted: Wanted) -> None:
        """Frees one claim."""
        claim, row = table(Claim).c, wanted.row
        mine = (claim.space_id == row["space_id"], claim.starts_at == row["starts_at"])
        await self.session.execute(delete(table(Claim)).where(*mine))


@asynccontextmanager
async def ledger(url: str) -> AsyncIterator[Ledger]:
    """With the rows that a claim hangs on: a campus with three spaces, and a booking with one date."""
    database = Database(url)
    async with database.writing() as session:
        for model, rows in PARENTS:
            await session.execute(insert(table(model)), list(rows))
        yield Ledger(session)
    await database.close()


PARENTS: Sequence[tuple[type, Sequence[dict[str, object]]]] = (
    (Campus, [{"id": 1, "slug": "c", "name": "C", "time_zone": "UTC", "holds": "on_request", "hours": [], "seeded_hours": []}]),
    (Space, [{"id": number, "campus_id": 1, "slug": f"s{number}"} for number in range(1, SPACES + 1)]),
    (Organization, [{"id": 1, "slug": "o", "name": "O", "kind": "nonprofit", "verified": True}]),
    (Activity, [{"id": 1, "slug": "a", "name": {}, "pillar": "", "category": "", "visibility": "public", "insurance": ""}]),
    (Person, [{"id": 1, "public_id": "p", "email": "p@example.org", "name": "P", "language": "en", "created_at": NOON}]),
    (
        Booking,
        [
            {
                "id": 1, "reference": "AB-1", "version": 1, "state": "approved", "campus_id": 1, "organization_id": 1, "activity_id": 1,
                "requested_by_id": 1, "requested_at": NOON, "changed_at": NOON, "first_starts_at": NOON, "last_ends_at": NOON + HOUR,
                "decide_by": NOON, "title": "T", "visibility": "public", "headcount": 1, "minors_unaccompanied": False, "contact": {},
                "note": "", "repeat": None,
            }
        ],
    ),
    (
        Occurrence,
        [
            {
                "id": 1, "public_id": "d", "booking_id": 1, "campus_id": 1, "original_start": "2026-12-01T12:00", "starts_at": NOON,
                "ends_at": NOON + HOUR, "claim_starts_at": NOON, "claim_ends_at": NOON + HOUR, "state": "approved", "reason": None,
                "shifted": False, "sequence": 0, "changed_at": NOON,
            }
        ],
    ),
)  # fmt: skip
