"""Examining: the guard first, then every check in one moment of the database, however busy it is meanwhile."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Occurrence
from afterbell.database import Database, Instant, trouble
from afterbell.doctor import hours, papers, proposals, replay, rooms
from afterbell.doctor.finding import EXAMPLES, Finding, Gathered
from afterbell.doctor.history import histories
from afterbell.outbox.models import EventRow
from afterbell.policy.terms import Unverified
from afterbell.reminders.fall_due import DUE
from afterbell.reminders.models import Reminder
from afterbell.rules.models import Rule

QUERIES: Mapping[str, str] = rooms.CHECKS | papers.CHECKS
TELLING = "a reminder that fell due was not announced, or more often than its date changed"
DANGLING = "a row refers to one that is not there"
SENTENCES = (*QUERIES, *replay.SENTENCES, *hours.SENTENCES, proposals.BLOCKED, TELLING, DANGLING)


async def examine(database: Database, *, now: datetime) -> list[Finding]:
    """Everything that is wrong; empty when all is well."""
    found = [Finding(complaint, 1, []) for complaint in await database.verify_guard()]
    try:
        async with database.snapshot() as session:
            found += await examined(session, now=now)
    except DBAPIError as error:
        if (sentence := trouble(error)) is None:
            raise
        found.append(Finding(sentence, 1, []))
    return found


async def examined(session: AsyncSession, *, now: datetime) -> list[Finding]:
    """Every check but the guard's, as this session sees the database. Where the clock was moved forward (`tick --at`) the latest event is later than `now`,
    and what reminders were dropped for has begun by then."""
    latest = max(now, await session.scalar(select(func.max(EventRow.happened_at))) or now)
    values = await _values(session, now)
    found = [finding for what, query in QUERIES.items() for finding in await _run(session, what, query, values)]
    gathered = Gathered()
    async for each in histories(session):
        gathered.add(replay.replayed(each))
        gathered.add(hours.timed(each, latest))
    gathered.add((proposals.BLOCKED, id_) for id_ in await proposals.blocked_otherwise(session))
    gathered.add((TELLING, id_) for id_ in await _told_otherwise(session))
    if session.get_bind().dialect.name == "sqlite":  # PostgreSQL does not let it come about
        rows = await session.execute(text("PRAGMA foreign_key_check"))
        gathered.add((DANGLING, row[1] or 0) for row in rows)
    return found + gathered.findings(SENTENCES)


async def _values(session: AsyncSession, now: datetime) -> Mapping[str, BindParameter[Any]]:
    """What queries name by a colon. What was held under a limit that has been lowered since may stay."""
    rules = await session.scalars(select(Rule.value).where(Rule.name == "unverified", Rule.value.is_not(None)))
    most = max(
        [Unverified().most_held, *(int(value["most_held"]) for value in rules if value and "most_held" in value)]
    )
    moments = {"now": now, "day_ago": now - timedelta(days=1)}
    bound: dict[str, BindParameter[Any]] = {name: bindparam(name, at, type_=Instant) for name, at in moments.items()}
    for name, value in {**papers.VALUES, "most_held": most}.items():
        bound[name] = bindparam(name, value, expanding=isinstance(value, list))
    return bound


async def _run(session: AsyncSession, what: str, query: str, values: Mapping[str, BindParameter[Any]]) -> list[Finding]:
    statement = text(query).bindparams(*(each for name, each in values.items() if f":{name}" in query))
    ids = [row[0] for row in await session.execute(statement)]
    return [Finding(what, len(ids), ids[:EXAMPLES])] if ids else []


async def _told_otherwise(session: AsyncSession) -> list[int]:
    """Reminders that fell due without an event of their own, events of reminders that are none, and what was told more often than its date changed."""
    told = Counter(await session.scalars(select(EventRow.facts["reminder"].as_integer()).where(EventRow.kind == DUE)))
    query = select(Reminder.id, Reminder.state, Occurrence.sequence)
    rows = await session.execute(query.join(Occurrence, Occurrence.id == Reminder.occurrence_id))
    known = {id_: (state, max(sequence, 1)) for id_, state, sequence in rows}
    silent = {id_ for id_, (state, _) in known.items() if state == "sent" and not told[id_]}
    return sorted(silent | {id_ for id_, times in told.items() if times > known.get(id_, ("", 0))[1]})
