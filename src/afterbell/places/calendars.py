"""Calendars as data: files seed the closures and after-hours windows of campuses; what staff enter or edit stays."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac import hours, ics
from afterbell.almanac.closures import days
from afterbell.almanac.hours import Window
from afterbell.almanac.span import Span
from afterbell.database import public_id, table
from afterbell.outbox.record import Event, record
from afterbell.places.models import Campus, ClosureRow, District

DISTRICT = "district.ics"
CLOSED = "campus.closed"


def read_folder(folder: Path) -> dict[str, ics.Reading]:
    """Every calendar file by its name without ".ics"; a missing folder is empty."""
    files = sorted(folder.glob("*.ics")) if folder.is_dir() else []
    return {file.stem: ics.read(file.read_bytes()) for file in files}


def check_calendars(folder: Path) -> list[str]:
    """What cannot be used, with the file's name; also when the district has no file at all."""
    return _complaints(folder, read_folder(folder))


def _complaints(folder: Path, readings: Mapping[str, ics.Reading]) -> list[str]:
    missing = f"{DISTRICT} is missing in {folder}: without it no school is ever open."
    told = [f"{name}.ics: {complaint}" for name, reading in readings.items() for complaint in reading.complaints]
    return told if "district" in readings else [missing, *told]


async def load_calendars(session: AsyncSession, folder: Path) -> list[str]:
    """Seeds the district from files and answers what could not be used: closures by UID, hours for each campus from its own file or the district's.
    A repeat changes nothing, a file that cannot be read takes nothing away, and hours that staff edited stay as they are."""
    await session.execute(select(Campus.id).order_by(Campus.id).with_for_update(key_share=True))
    readings = read_folder(folder)
    complaints = _complaints(folder, readings)
    district = readings.pop("district", ics.Reading())
    zone = (await session.execute(select(District.time_zone))).scalar_one_or_none() or "America/Los_Angeles"
    await _closures(session, district, None, "", zone)
    campuses = await session.execute(select(Campus.slug, Campus.id, Campus.time_zone))
    known = {slug: (id_, campus_zone) for slug, id_, campus_zone in campuses}
    for slug, own in readings.items():
        if slug in known:
            await _closures(session, own, known[slug][0], f"{slug}:", known[slug][1])
        else:
            complaints.append(f"{slug}.ics: there is no campus of that name.")
    await _hours(session, district.windows, {slug: own.windows for slug, own in readings.items() if own.windows})
    return complaints


async def _hours(session: AsyncSession, everywhere: Sequence[Window], own: Mapping[str, Sequence[Window]]) -> None:
    """Hours that are still as a file gave them follow the file; `seeded_hours` remembers what it gave."""
    new: list[dict[str, Any]] = []
    rows = await session.execute(select(Campus.id, Campus.slug, Campus.hours, Campus.seeded_hours))
    for id_, slug, now, seeded in rows:
        windows = hours.as_json(own.get(slug, everywhere))
        if windows and windows != seeded and now == seeded:
            new.append({"which": id_, "windows": windows})
    if new:
        campus, given = table(Campus), bindparam("windows", type_=JSON)
        follow = update(campus).where(campus.c.id == bindparam("which")).values(hours=given, seeded_hours=given)
        await (await session.connection()).execute(follow, new)


async def _closures(session: AsyncSession, reading: ics.Reading, campus_id: int | None, prefix: str, zone: str) -> None:
    """Closures that a file no longer mentions stay; STATUS:CANCELLED takes one back."""
    columns = (ClosureRow.uid, ClosureRow.starts_at, ClosureRow.ends_at, ClosureRow.reason)
    rows = await session.execute(select(*columns).where(ClosureRow.uid.is_not(None)))
    known = {uid: {"starts_at": since, "ends_at": until, "reason": reason} for uid, since, until, reason in rows}
    for closure in reading.closures:
        span = days(closure.first, closure.last_exclusive, zone)
        values = {"starts_at": span.starts_at, "ends_at": span.ends_at, "reason": closure.reason}
        uid = prefix + closure.uid
        if uid not in known:
            row = values | {"public_id": public_id(), "campus_id": campus_id, "uid": uid, "changed_at": func.now()}
            await session.execute(insert(table(ClosureRow)).values(row))
        elif known[uid] != values:
            raised = {"sequence": ClosureRow.sequence + 1, "changed_at": func.now()}
            await session.execute(update(ClosureRow).where(ClosureRow.uid == uid).values(values | raised))
    gone = [prefix + uid for uid in reading.cancelled if prefix + uid in known]
    await session.execute(delete(ClosureRow).where(ClosureRow.uid.in_(gone)))


async def close(session: AsyncSession, campus_id: int | None, span: Span, reason: str, *, now: datetime) -> str:
    """Closes a campus, or with None the district, and answers the closure's id. Locks the campuses first, so that whoever asks for a room meanwhile
    is judged with the closure; announced, with no campus for the district's."""
    locked = select(Campus.id).order_by(Campus.id).with_for_update(key_share=True)
    await session.execute(locked if campus_id is None else locked.where(Campus.id == campus_id))
    row = {
        "public_id": public_id(),
        "campus_id": campus_id,
        "uid": None,
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "reason": reason,
        "changed_at": now,
    }
    made = (await session.execute(insert(table(ClosureRow)).values(row).returning(ClosureRow.public_id))).scalar_one()
    await record(session, Event(CLOSED, now, {"closure": made}, campus_id))
    return made
