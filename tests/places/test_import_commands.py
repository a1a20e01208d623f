"""`import` and `calendars check` as a person runs them: a whole district, dry first, and complaints to read."""

import json
import re
import time
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from afterbell.almanac.hours import as_json
from afterbell.almanac.ics import read
from afterbell.places.import_schools import import_schools
from afterbell.settings import ground
from tests.conftest import Ground
from tests.ground.processes import afterbell
from tests.ground.sql import rows
from tests.places.files import SCHOOLS, bring, schools, standing

MANY, AT_SHARED_ADDRESSES, ROOMS_EACH = 1021, 42, 3


def many_schools() -> str:
    """As many as Los Angeles has; at twenty-one addresses stand two of them."""
    lines = ["cds_code,name,street,city,zip,latitude,longitude"]
    for number in range(MANY):
        house = number // 2 if number < AT_SHARED_ADDRESSES else number
        lines.append(
            f"{10_000 + number},School No. {number % 700},{house} Main Street,Los Angeles,90001,34.{number:04},-118.2"
        )
    return "\n".join(lines) + "\n"


def many_rooms() -> str:
    """A gym and its halves at every third school, classrooms at the others."""
    lines = ["school,name,kind,capacity,features,spaces"]
    for number in range(MANY):
        code, halves = 10_000 + number, [f"{number}-north", f"{number}-south"]
        names = [("Gym", ";".join(halves)), ("North half", halves[0]), ("South half", halves[1])]
        kinds = names if number % 3 == 0 else [(f"Room {each}", "") for each in range(ROOMS_EACH)]
        lines += [f"{code},{name},classroom,30,wifi;projector,{spaces}" for name, spaces in kinds]
    return "\n".join(lines) + "\n"


def words(done: CompletedProcess[str]) -> str:
    """Both streams without the frame around errors."""
    return " ".join(re.sub("[─│╭╮╰╯]", " ", done.stdout + done.stderr).split())


def told(added: int, stay: int, verb: str = "were") -> str:
    return f"{added} {verb} added, 0 {verb} changed, {stay} stay as they are."


def timed(ground: Ground, *command: str) -> str:
    """What the command says, once it has been told how long it took."""
    begun = time.perf_counter()
    said = words(afterbell(ground.url, *command))
    print(f"{ground.engine}: {command[1]} {time.perf_counter() - begun:.1f} s: {said}")
    return said


async def test_a_whole_district_is_brought_in_dry_first_and_again_without_a_change(
    migrated: Ground, tmp_path: Path
) -> None:
    for what, text in (("schools", many_schools()), ("rooms", many_rooms())):
        count, file, dry = text.count("\n") - 1, tmp_path / f"{what}.csv", ["--dry-run"]
        file.write_text(text)
        said = [timed(migrated, "import", what, str(file), *flags) for flags in (dry, [], [], dry)]
        assert said == [told(count, 0, "would be"), told(count, 0), told(0, count), told(0, count, "would be")]
    assert await rows(migrated.url, "SELECT count(*) FROM campuses") == [(MANY - AT_SHARED_ADDRESSES // 2,)]


async def test_a_dry_run_changes_nothing(migrated: Ground, tmp_path: Path) -> None:
    await schools(migrated.url)
    before = await standing(migrated.url), await rows(migrated.url, "SELECT hours FROM campuses")
    (tmp_path / "schools.csv").write_text(SCHOOLS.replace("(310)", "(311)") + "1004,New,,high,9 A St,LA,90001,,,\n")
    done = afterbell(migrated.url, "import", "schools", str(tmp_path / "schools.csv"), "--dry-run")
    assert words(done) == "1 would be added, 1 would be changed, 2 stay as they are."
    assert (await standing(migrated.url), await rows(migrated.url, "SELECT hours FROM campuses")) == before


async def test_a_file_with_one_bad_line_changes_nothing_and_says_which(migrated: Ground, tmp_path: Path) -> None:
    (tmp_path / "schools.csv").write_text(SCHOOLS + "1004,,,high,,LA,90001,,,\n")
    done = afterbell(migrated.url, "import", "schools", str(tmp_path / "schools.csv"))
    needed = "line 5: name is needed, with at most 200 characters line 5: street is needed, with at most 200 characters"
    assert (done.returncode, words(done)) == (1, f"{needed} Error 1 line cannot be used; nothing was changed.")
    assert await standing(migrated.url) == [[], [], []]


async def test_imported_campuses_open_with_the_sample_hours(migrated: Ground, tmp_path: Path) -> None:
    (tmp_path / "schools.csv").write_text(SCHOOLS)
    afterbell(migrated.url, "import", "schools", str(tmp_path / "schools.csv"))
    found = await rows(migrated.url, "SELECT hours, seeded_hours FROM campuses")
    sample = as_json(read((ground() / "calendars" / "district.ics").read_bytes()).windows)
    assert [(json.loads(now), json.loads(seeded)) for now, seeded in found] == [(sample, sample)] * 2


@pytest.mark.parametrize("engine", ["sqlite"])
def test_calendars_check_is_content_with_the_sample(migrated: Ground) -> None:
    assert words(afterbell(migrated.url, "calendars", "check")) == "All calendar files can be used."


@pytest.mark.parametrize("engine", ["sqlite"])
def test_calendars_check_says_what_cannot_be_used(migrated: Ground, tmp_path: Path) -> None:
    (tmp_path / "district.ics").write_text("<!doctype html>")
    done = afterbell(migrated.url, "calendars", "check", settings={"CALENDARS": str(tmp_path)})
    assert (done.returncode, done.stderr) == (
        1,
        "district.ics: The file does not begin with BEGIN:VCALENDAR; a calendar (.ics) is needed.\n",
    )


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_an_import_says_what_is_wrong_with_the_calendars_too(migrated: Ground, tmp_path: Path) -> None:
    (tmp_path / "schools.csv").write_text(SCHOOLS)
    (tmp_path / "district.ics").write_text("<!doctype html>")
    done = afterbell(
        migrated.url, "import", "schools", str(tmp_path / "schools.csv"), settings={"CALENDARS": str(tmp_path)}
    )
    assert (done.returncode, "district.ics: The file does not begin" in done.stderr) == (0, True)
    assert (await bring(migrated.url, import_schools, SCHOOLS)).unchanged == 3
