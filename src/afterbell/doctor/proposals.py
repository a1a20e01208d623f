"""Bookings with dates that are to move: until that is decided they block, space by space, what their dates have and what those are to have, and nothing else.
Where requests compete a move holds nothing, like they. How many claims it takes is not looked at, only which instants they cover: one date may move to where
another of its booking is."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span, merged
from afterbell.bookings.models import Claim, Occurrence, OccurrenceRoom, Proposal, ProposalRoom
from afterbell.places.models import Campus, RoomSpace
from afterbell.policy.lifecycle import BLOCKING

BLOCKED = "a booking whose dates are to move blocks another time than they have and are to have"
Blocks = Mapping[tuple[int, int], list[Span]]  # by booking and space
Query = Select[int, int, datetime, datetime]
_moving = select(Occurrence.booking_id).join(Proposal, Proposal.occurrence_id == Occurrence.id)
_ours = Occurrence.booking_id.in_(_moving)


async def blocked_otherwise(session: AsyncSession) -> list[int]:
    """The bookings, in order; three statements, however many there are."""
    claims: Query = select(Occurrence.booking_id, Claim.space_id, Claim.starts_at, Claim.ends_at)
    found = await _blocks(session, claims.join(Occurrence, Occurrence.id == Claim.occurrence_id).where(_ours))
    needed = await _blocks(session, _had(), _wanted())
    wrong = {key[0] for key in {*found, *needed} if merged(found.get(key, ())) != merged(needed.get(key, ()))}
    return sorted(wrong)


def _had() -> Query:
    columns = (Occurrence.booking_id, RoomSpace.space_id, Occurrence.claim_starts_at, Occurrence.claim_ends_at)
    query: Query = select(*columns).join(OccurrenceRoom, OccurrenceRoom.occurrence_id == Occurrence.id)
    return query.join(RoomSpace, RoomSpace.room_id == OccurrenceRoom.room_id).where(
        _ours, Occurrence.state.in_(BLOCKING)
    )


def _wanted() -> Query:
    columns = (Occurrence.booking_id, RoomSpace.space_id, Proposal.claim_starts_at, Proposal.claim_ends_at)
    query: Query = select(*columns).join(Proposal, Proposal.occurrence_id == Occurrence.id)
    query = query.join(ProposalRoom, ProposalRoom.occurrence_id == Occurrence.id)
    query = query.join(RoomSpace, RoomSpace.room_id == ProposalRoom.room_id)
    return query.join(Campus, Campus.id == Occurrence.campus_id).where(Campus.holds == "on_request")


async def _blocks(session: AsyncSession, *queries: Query) -> Blocks:
    found: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for query in queries:
        for booking, space, starts_at, ends_at in await session.execute(query):
            found[booking, space].append(Span(starts_at, ends_at))
    return found
