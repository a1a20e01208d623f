"""Dates that are to move: until that is decided they block, space by space, what they have and what they are to have, and nothing else. How many claims that
takes is not looked at, only which instants they cover."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span, merged
from afterbell.bookings.models import Claim, Occurrence, OccurrenceRoom, Proposal, ProposalRoom
from afterbell.places.models import RoomSpace

BLOCKED = "a date that is to move blocks another time than it has and is to have"
Blocks = Mapping[tuple[int, int], list[Span]]  # by date and space


async def blocked_otherwise(session: AsyncSession) -> list[int]:
    """The dates, in order; three statements, however many there are."""
    claims = (
        select(Claim.occurrence_id, Claim.space_id, Claim.starts_at, Claim.ends_at)
        .join(Proposal, Proposal.occurrence_id == Claim.occurrence_id)
        .order_by(Claim.id)
    )
    found = await _blocks(session, claims)
    needed = await _blocks(session, _had(), _wanted())
    wrong = {key[0] for key in {*found, *needed} if merged(found.get(key, ())) != merged(needed.get(key, ()))}
    return sorted(wrong)


def _had() -> Select[int, int, datetime, datetime]:
    query = select(Occurrence.id, RoomSpace.space_id, Occurrence.claim_starts_at, Occurrence.claim_ends_at)
    return (
        query.join(Proposal, Proposal.occurrence_id == Occurrence.id)
        .join(OccurrenceRoom, OccurrenceRoom.occurrence_id == Occurrence.id)
        .join(RoomSpace, RoomSpace.room_id == OccurrenceRoom.room_id)
    )


def _wanted() -> Select[int, int, datetime, datetime]:
    query = select(Proposal.occurrence_id, RoomSpace.space_id, Proposal.claim_starts_at, Proposal.claim_ends_at)
    return query.join(ProposalRoom, ProposalRoom.occurrence_id == Proposal.occurrence_id).join(
        RoomSpace, RoomSpace.room_id == ProposalRoom.room_id
    )


async def _blocks(session: AsyncSession, *queries: Select[int, int, datetime, datetime]) -> Blocks:
    found: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for query in queries:
        for date, space, starts_at, ends_at in await session.execute(query):
            found[date, space].append(Span(starts_at, ends_at))
    return found
