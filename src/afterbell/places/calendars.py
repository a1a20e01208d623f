"""Calendars as data: files seed the closures and after-hours windows of campuses; what staff enter stays."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac import hours, ics
from afterbell.almanac.closures import days
from afterbell.almanac.span import Span
from afterbell.database import public_id, table
from afterbell.places.models import Campus, ClosureRow, District

DISTRICT = "district.ics"


def read_folder(folder: Path) -> dict[str, ics.Reading]:
    """Every calendar file by its name without ".ics"; a missing folder is empty."""
    files = sorted(folder.glob("*.ics")) if folder.is_dir() else []
    return {file.stem: ics.read(file.read_bytes()) for file in files}


def check_calendars(folder: Path) -> list[str]:
    """What cannot be used, with the file's name; also when the district has no file at all."""
    readings = read_folder(folder)
    missing = (
        [] if "district" in readings else [f"{DISTRICT} is missing in {folder}: without it no school is ever open."]
    )
    return missing + [
        f"{name}.ics: {complaint}" for name, reading in readings.items() for complaint in reading.complaints
    ]


async def load_calendars(session: AsyncSession, folder: Path) -> None:
    """Brings files into the database: closures by UID (a repeat changes nothing), hours for every campus from its own file or the district's."""
    readings = read_folder(folder)
    district = readings.get("district", ics.Reading())
    zone = (await session.execute(select(District.time_zone))).scalar_one_or_none() or "America/Los_Angeles"
    await _closures(session, district, None, "", zone)
    await session.execute(update(Campus).values(hours=hours.as_json(district.windows)))
    for id_, slug, campus_zone in (await session.execute(select(Campus.id, Campus.slug, Campus.time_zone))).all():
        own = readings.get(slug)
        if own is None or slug == "district":
            continue
        await _closures(session, own, id_, f"{slug}:", campus_zone)
        if own.windows:
            await session.execute(update(Campus).where(Campus.id == id_).values(hours=hours.as_json(own.windows)))


async def _closures(session: AsyncSession, reading: ics.Reading, campus_id: int | None, prefix: str, zone: str) -> None:
    known = set((await session.execute(select(ClosureRow.uid).where(ClosureRow.uid.is_not(None)))).scalars())
    for closure in reading.closures:
        span = days(closure.first, closure.last_exclusive, zone)
        values = {"starts_at": span.starts_at, "ends_at": span.ends_at, "reason": closure.reason}
        uid = prefix + closure.uid
        if uid in known:
            await session.execute(update(ClosureRow).where(ClosureRow.uid == uid).values(values))
        else:
            await session.execute(
                insert(table(ClosureRow)).values(
                    values | {"public_id": public_id(), "campus_id": campus_id, "uid": uid}
                )
            )
            known.add(uid)


async def close(session: AsyncSession, campus_id: int | None, span: Span, reason: str, *, now: datetime) -> str:
    """Closes a campus, or with None the district, and answers the closure's id. Locks the campuses first, so that whoever asks for a room meanwhile
    is judged with the closure."""
    locked = select(Campus.id).order_by(Campus.id).with_for_update(key_share=True)
    await session.execute(locked if campus_id is None else locked.where(Campus.id == campus_id))
    row = {
        "public_id": public_id(),
        "campus_id": campus_id,
        "uid": None,
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "reason": reason,
    }
    return (await session.execute(insert(table(ClosureRow)).values(row).returning(ClosureRow.public_id))).scalar_one()
