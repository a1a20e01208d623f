"""Calendar files seed the district; what staff enter or edit stays, and a file that cannot be read takes nothing away."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from afterbell.almanac import hours
from afterbell.almanac.hours import Window
from afterbell.almanac.span import Span
from afterbell.database import Database, table
from afterbell.places.calendars import check_calendars, close, load_calendars
from afterbell.places.models import Campus, District
from tests.conftest import Ground
from tests.ground.sql import rows
from tests.places.files import schools

HOURS = "BEGIN:AVAILABLE\nUID:{day}\nDTSTART:20260803T{opens}00\nDTEND:20260803T220000\nRRULE:FREQ=WEEKLY;BYDAY={day}\nEND:AVAILABLE\n"
CLOSED = "BEGIN:VEVENT\nUID:{uid}\nDTSTART;VALUE=DATE:{day}\nSUMMARY:{words}\n{more}END:VEVENT\n"


def calendar(*components: str) -> str:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n{''.join(components)}END:VCALENDAR\n"


def closed(uid: str, day: str, words: str, more: str = "") -> str:
    return CLOSED.format(uid=uid, day=day, words=words, more=more)


def opened(day: str, opens: str) -> str:
    return f"BEGIN:VAVAILABILITY\nUID:v{day}\n{HOURS.format(day=day, opens=opens)}END:VAVAILABILITY\n"


DISTRICT = calendar(
    opened("MO", "1500"), closed("veterans", "20261111", "Veterans Day"), closed("winter", "20261221", "Break")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Calendars of a district without exceptions."""
    found = tmp_path / "calendars"
    found.mkdir()
    (found / "district.ics").write_text(DISTRICT)
    return found


async def load(ground: Ground, folder: Path) -> list[str]:
    """One loading in one transaction, into a district in Los Angeles; what is complained about."""
    database = Database(ground.url)
    async with database.writing() as session:
        if not await rows(ground.url, "SELECT id FROM districts"):
            await session.execute(
                insert(table(District)).values(id=1, name="D", time_zone="America/Los_Angeles", demo=False)
            )
        told = await load_calendars(session, folder)
    await database.close()
    return told


async def closures(ground: Ground) -> Sequence[tuple[object, ...]]:
    """What is closed, and where."""
    query = "SELECT c.slug, x.uid, x.reason, x.starts_at FROM closures x LEFT JOIN campuses c ON c.id = x.campus_id ORDER BY x.starts_at, x.id"
    return [(*row[:3], str(row[3])[:19]) for row in await rows(ground.url, query)]


async def opening(ground: Ground) -> dict[str, list[str]]:
    """On which days each campus opens, and from when."""
    found = await rows(ground.url, "SELECT slug, hours FROM campuses ORDER BY slug")
    return {slug: [f"{each['weekday']} {each['opens']}" for each in json.loads(windows)] for slug, windows in found}


async def edit(ground: Ground, campus: str, window: Window) -> None:
    """As staff do it."""
    database = Database(ground.url)
    async with database.writing() as session:
        await session.execute(update(Campus).where(Campus.slug == campus).values(hours=hours.as_json([window])))
    await database.close()


SEEDED = [
    (None, "veterans", "Veterans Day", "2026-11-11 08:00:00"),
    (None, "winter", "Break", "2026-12-21 08:00:00"),
]
FROM_THREE = {"foshay-learning-center": ["0 15:00"], "venice-high": ["0 15:00"]}


async def test_a_file_seeds_closures_and_hours_of_every_campus(migrated: Ground, folder: Path) -> None:
    await schools(migrated.url)
    assert (await load(migrated, folder), await closures(migrated), await opening(migrated)) == ([], SEEDED, FROM_THREE)


async def test_the_second_loading_changes_nothing(migrated: Ground, folder: Path) -> None:
    await schools(migrated.url)
    await load(migrated, folder)
    before = await rows(migrated.url, "SELECT * FROM closures ORDER BY id")
    await load(migrated, folder)
    assert await rows(migrated.url, "SELECT * FROM closures ORDER BY id") == before


async def test_a_new_campus_gets_hours_and_the_others_keep_theirs(migrated: Ground, folder: Path) -> None:
    await schools(migrated.url, "name,street,city,zip,slug\nVenice,1 A St,LA,90001,venice-high\n")
    await load(migrated, folder)
    await edit(migrated, "venice-high", Window(5, time(8), time(12)))
    await schools(migrated.url, "name,street,city,zip\nNew,2 A St,LA,90001\n")
    await load(migrated, folder)
    assert await opening(migrated) == {"new": ["0 15:00"], "venice-high": ["5 08:00"]}


async def test_hours_that_nobody_edited_follow_the_file(migrated: Ground, folder: Path) -> None:
    await schools(migrated.url)
    await load(migrated, folder)
    await edit(migrated, "venice-high", Window(5, time(8), time(12)))
    (folder / "district.ics").write_text(DISTRICT.replace("T150000", "T160000"))
    await load(migrated, folder)
    assert await opening(migrated) == {"foshay-learning-center": ["0 16:00"], "venice-high": ["5 08:00"]}


async def test_a_campus_with_a_file_of_its_own_has_its_own_hours_and_its_own_closures_too(
    migrated: Ground, folder: Path
) -> None:
    await schools(migrated.url)
    (folder / "venice-high.ics").write_text(calendar(opened("TU", "1700"), closed("veterans", "20261112", "Roof")))
    assert await load(migrated, folder) == []
    assert await opening(migrated) == {"foshay-learning-center": ["0 15:00"], "venice-high": ["1 17:00"]}
    assert await closures(migrated) == [
        SEEDED[0],
        ("venice-high", "venice-high:veterans", "Roof", "2026-11-12 08:00:00"),
        SEEDED[1],
    ]


async def test_a_corrected_closure_is_corrected_and_one_that_a_file_forgets_stays(
    migrated: Ground, folder: Path
) -> None:
    await load(migrated, folder)
    (folder / "district.ics").write_text(calendar(opened("MO", "1500"), closed("winter", "20261222", "Winter break")))
    await load(migrated, folder)
    assert await closures(migrated) == [SEEDED[0], (None, "winter", "Winter break", "2026-12-22 08:00:00")]


async def test_a_cancelled_closure_is_taken_back(migrated: Ground, folder: Path) -> None:
    await load(migrated, folder)
    (folder / "district.ics").write_text(calendar(closed("veterans", "20261111", "x", "STATUS:CANCELLED\n")))
    await load(migrated, folder)
    assert await closures(migrated) == [SEEDED[1]]


async def test_what_staff_entered_stays(migrated: Ground, folder: Path) -> None:
    database = Database(migrated.url)
    noon = datetime(2026, 11, 30, 20, tzinfo=UTC)
    async with database.writing() as session:
        await close(session, None, Span(noon, noon.replace(hour=23)), "Inspection", now=noon)
    await database.close()
    await load(migrated, folder)
    await load(migrated, folder)
    assert await closures(migrated) == [SEEDED[0], (None, None, "Inspection", "2026-11-30 20:00:00"), SEEDED[1]]


@pytest.mark.parametrize("text", ["", "<!doctype html>", DISTRICT[:-30], None])
async def test_a_file_that_cannot_be_read_takes_nothing_away(migrated: Ground, folder: Path, text: str | None) -> None:
    await schools(migrated.url)
    await load(migrated, folder)
    if text is None:
        (folder / "district.ics").unlink()
    else:
        (folder / "district.ics").write_text(text)
    told = await load(migrated, folder)
    assert (len(told), await closures(migrated), await opening(migrated)) == (1, SEEDED, FROM_THREE)


async def test_what_cannot_be_used_is_told_with_the_files_name(migrated: Ground, folder: Path) -> None:
    (folder / "venice-hihg.ics").write_text(calendar(closed("roof", "2026", "x")))
    (bad,) = check_calendars(folder)
    assert bad.startswith("venice-hihg.ics: VEVENT roof cannot be used: ")
    assert await load(migrated, folder) == [bad, "venice-hihg.ics: there is no campus of that name."]


def test_a_folder_without_a_district_says_what_follows(tmp_path: Path) -> None:
    assert check_calendars(tmp_path / "none") == [
        f"district.ics is missing in {tmp_path / 'none'}: without it no school is ever open."
    ]
