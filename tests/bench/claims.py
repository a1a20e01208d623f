"""What is claimed at some rooms and who is at some campuses, in a reach of time: read whole and without an index in mind."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from afterbell.almanac.span import Span
from afterbell.policy.ask import RoomFacts
from tests.ground import sql

AT_ONCE = 500
CLAIMS = "SELECT space_id, starts_at, ends_at FROM claims WHERE starts_at < {until} AND ends_at > {since} AND space_id IN ({ids})"
DATES = """
    SELECT DISTINCT campus_id, starts_at, ends_at FROM occurrences WHERE starts_at < {until} AND ends_at > {since}
    AND state IN ('held', 'approved') AND campus_id IN ({ids})"""


@dataclass(frozen=True)
class Claims:
    """By space, and by campus."""

    spaces: Mapping[int, Sequence[Span]]
    campuses: Mapping[int, Sequence[Span]]

    def of(self, room: RoomFacts) -> list[Span]:
        """Whatever blocks one of its spaces."""
        return [span for space in room.spaces for span in self.spaces.get(space, ())]

    def at(self, campus: int) -> Sequence[Span]:
        """Every time at which somebody is there."""
        return self.campuses.get(campus, ())


async def read_claims(url: str, rooms: Sequence[RoomFacts], campuses: Collection[int], reach: Span) -> Claims:
    """For all of these rooms and campuses."""
    spaces = sorted({space for room in rooms for space in room.spaces})
    return Claims(await _by_id(url, CLAIMS, spaces, reach), await _by_id(url, DATES, sorted(campuses), reach))


async def _by_id(url: str, query: str, ids: Sequence[int], reach: Span) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    since, until = (sql.moment(url, at) for at in (reach.starts_at, reach.ends_at))
    for part in _parts(ids):
        rows = await sql.rows(url, query.format(since=since, until=until, ids=", ".join(map(str, part))))
        for id_, starts_at, ends_at in rows:
            found.setdefault(id_, []).append(Span(_instant(starts_at), _instant(ends_at)))
    return found


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _instant(value: str | datetime) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value
