"""What became of the sample's bookings: for each fate the acts that bring it about, each at its own earlier moment."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.ask_partner import answer, ask_partner
from afterbell.bookings.cancel import cancel, withdraw
from afterbell.bookings.change import change_booking
from afterbell.bookings.decide import Part, approve, decline
from afterbell.bookings.lapse import take_step
from afterbell.bookings.queries import BookingRow
from afterbell.policy.altering import Alteration, walls
from afterbell.policy.projection import Viewer

DECIDED_AFTER, ASKED_AFTER, ANSWERED_AFTER = timedelta(days=2), timedelta(days=1), timedelta(days=2)
PATIENCE = timedelta(days=24)
QUESTION = "How many helpers will be there, and who locks up afterwards?"
ANSWER = "Six helpers, and our coordinator has the key from the custodian."


@dataclass(frozen=True)
class Case:
    """A booking, who asked for it, who decides there, and when it was asked for."""

    booking: BookingRow
    owner: Viewer
    approver: Viewer
    asked: datetime

    @property
    def ref(self) -> str:
        """Its reference."""
        return self.booking.reference

    def ids(self, share: int = 2) -> list[str]:
        """The first dates, one in `share` of all."""
        return [date.public_id for date in self.booking.dates[: max(1, len(self.booking.dates) // share)]]


async def _approved(session: AsyncSession, case: Case) -> None:
    await approve(session, case.ref, by=case.approver, now=case.asked + DECIDED_AFTER)


async def _declined(session: AsyncSession, case: Case) -> None:
    reason = "The school needs this room that evening."
    await decline(session, case.ref, reason, by=case.approver, now=case.asked + DECIDED_AFTER)


async def _withdrawn(session: AsyncSession, case: Case) -> None:
    await withdraw(session, case.ref, by=case.owner, now=case.asked + DECIDED_AFTER)


async def _cancelled(session: AsyncSession, case: Case) -> None:
    await _approved(session, case)
    at = case.asked + 2 * DECIDED_AFTER
    await cancel(session, case.ref, "We found a room nearer by.", by=case.owner, now=at)


async def _one_cancelled(session: AsyncSession, case: Case) -> None:
    await _approved(session, case)
    names, at = [case.booking.dates[-1].public_id], case.asked + 2 * DECIDED_AFTER
    await cancel(session, case.ref, "Our teacher is away that week.", by=case.owner, now=at, names=names)


async def _part_declined(session: AsyncSession, case: Case) -> None:
    await _part(session, case, "declined", "In the later weeks the school has exams here.")


async def _part_waiting(session: AsyncSession, case: Case) -> None:
    await _part(session, case, "waiting", "These are fine; the others we have to look at with the custodian.")


async def _part(session: AsyncSession, case: Case, rest: str, message: str) -> None:
    part, at = Part(case.ids(), rest), case.asked + DECIDED_AFTER
    await approve(session, case.ref, by=case.approver, now=at, message=message, part=part)


async def _freed(session: AsyncSession, case: Case) -> None:
    """Given a part only, the partner has no use for it."""
    await _part_declined(session, case)
    at = case.asked + DECIDED_AFTER + timedelta(days=1)
    await withdraw(
        session, case.ref, by=case.owner, now=at, names=case.ids(), reason="Two dates are too few for a league."
    )


async def _questioned(session: AsyncSession, case: Case) -> None:
    await ask_partner(session, case.ref, QUESTION, by=case.approver, now=case.asked + ASKED_AFTER)


async def _answered(session: AsyncSession, case: Case) -> None:
    await _questioned(session, case)
    await answer(session, case.ref, ANSWER, by=case.owner, now=case.asked + ASKED_AFTER + ANSWERED_AFTER)


async def _lapsed(session: AsyncSession, case: Case) -> None:
    """Nobody answers: two warnings, then the hold is gone."""
    await _questioned(session, case)
    at = case.asked + ASKED_AFTER
    while at < case.asked + PATIENCE:
        at += timedelta(days=1)
        await take_step(session, case.booking.id, at)


async def _to_move(session: AsyncSession, case: Case) -> None:
    """Approved, then all of it is to be an hour later, for more people: that waits."""
    await _approved(session, case)
    first, hour = case.booking.dates[0], timedelta(hours=1)
    starts, ends = (moment + hour for moment in walls(first.span, case.booking.zone))
    people = case.booking.headcount + 8
    wanted = Alteration(occurrence=first.public_id, starts=starts, ends=ends, headcount=people)
    await change_booking(session, case.ref, wanted, by=case.owner, now=case.asked + 2 * DECIDED_AFTER)


async def _waits(session: AsyncSession, case: Case) -> None:
    """Nobody has done anything yet."""


FATES: Mapping[str, Callable[[AsyncSession, Case], Awaitable[None]]] = {
    "approved": _approved,
    "declined": _declined,
    "withdrawn": _withdrawn,
    "cancelled": _cancelled,
    "one_cancelled": _one_cancelled,
    "part_declined": _part_declined,
    "part_waiting": _part_waiting,
    "freed": _freed,
    "to_move": _to_move,
    "questioned": _questioned,
    "answered": _answered,
    "lapsed": _lapsed,
    "wins": _approved,  # which declines those that lose
    "loses": _waits,
    "skips": _approved,  # without the dates that somebody else has
    "called": _waits,  # stands as it was entered
    "waits": _waits,
}
