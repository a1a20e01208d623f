"""The claims that a booking should have now: those of its dates as they stand, and where dates are to move, what that needs besides. Level-triggered: whatever
they were, they are made anew, in one transaction under the locks."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Date
from afterbell.almanac.span import Span, minus
from afterbell.bookings.availability import taken
from afterbell.bookings.claims import Block, SpaceTaken, take
from afterbell.bookings.models import Claim
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.spaces import Spaces, find_spaces
from afterbell.places.models import Campus
from afterbell.policy.lifecycle import BLOCKING
from afterbell.policy.rooms import blocked, room_taken
from afterbell.policy.verdict import Finding
from afterbell.problem import refused


async def realign(session: AsyncSession, row: BookingRow) -> None:
    """Deletes the booking's claims and inserts what it should have. Raises a refusal (409) that names each date whose rooms somebody else has; the
    transaction is over then."""
    dates = [date for date in row.dates if date.state in BLOCKING]
    rooms = {room.id: room for date in dates for room in (*date.rooms, *(date.move.rooms if date.move else ()))}
    await session.execute(delete(Claim).where(Claim.occurrence_id.in_([date.id for date in row.dates])))
    if not dates:
        return
    spaces = await find_spaces(session, rooms.values(), lock=False)
    moves = any(date.move for date in dates) and await _holds(session, row.campus_id)
    blocks = wanted_blocks(row, spaces, moves=moves)
    try:
        await take(session, row.campus_id, blocks)
    except SpaceTaken as error:
        raise refused(await _lost(session, row, blocks)) from error


async def _holds(session: AsyncSession, campus_id: int) -> bool:
    """Where requests compete a move that waits holds nothing, like they."""
    return await session.scalar(select(Campus.holds).where(Campus.id == campus_id)) == "on_request"


def wanted_blocks(row: BookingRow, spaces: Spaces, *, moves: bool) -> list[Block]:
    """The union, space by space: first what stands, then, with `moves`, what nothing of the booking blocks yet of where its dates are to go."""
    dates = [date for date in row.dates if date.state in BLOCKING]
    found = [Block(date.id, date.claim, spaces.of(date.rooms)) for date in dates]
    covered: dict[int, list[Span]] = {}
    for block in found:
        for space in block.spaces:
            covered.setdefault(space, []).append(block.span)
    for date in dates:
        if date.move is None or not moves:
            continue
        for space in sorted(spaces.of(date.move.rooms)):
            near = [span for span in covered.get(space, ()) if span.overlaps(date.move.claim)]
            pieces = minus([date.move.claim], near)
            found += [Block(date.id, piece, frozenset({space})) for piece in pieces]
            covered.setdefault(space, []).extend(pieces)
    return found


async def _lost(session: AsyncSession, row: BookingRow, blocks: Sequence[Block]) -> list[Finding]:
    spaces = sorted(frozenset().union(*(block.spaces for block in blocks)))
    reach = Span(min(block.span.starts_at for block in blocks), max(block.span.ends_at for block in blocks))
    now_taken = await taken(session, spaces, reach)
    dates = {date.id: date for date in row.dates}
    found: dict[int, Finding] = {}
    for block in blocks:
        hit = blocked(block.spaces, block.span, now_taken)
        if hit is not None:
            date = dates[block.occurrence_id]
            found[date.id] = room_taken(Date(date.original_start, date.span, date.shifted), hit, row.zone)
    return list(found.values())
