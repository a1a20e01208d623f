"""`import schools`: campuses by address, identity by state number or name and address, all or nothing."""

import pytest

from afterbell.places.import_schools import import_schools
from tests.conftest import Ground
from tests.ground.sql import rows
from tests.places.files import SCHOOLS, bring, complaints, schools, standing

FOSHAY = ("3751 South Harvard Boulevard", "Los Angeles", "90018", 34.0177, -118.3056)


async def of(url: str, columns: str = "s.slug, c.slug") -> list[tuple[object, ...]]:
    """Every school's slug and its campus's, or other columns of both."""
    return await rows(url, f"SELECT {columns} FROM schools s JOIN campuses c ON c.id = s.campus_id ORDER BY s.slug")


async def test_schools_at_one_address_share_a_campus(migrated: Ground) -> None:
    assert await schools(migrated.url) == (3, 0, 0)
    assert await of(migrated.url, "s.slug, s.cds_code, s.level, s.phone, c.slug, c.name") == [
        ("foshay-learning-center", "1002", "span", "(323) 373-2700", "foshay-learning-center", "Foshay Learning Center campus"),
        ("foshay-medical-magnet", "1003", "high", "", "foshay-learning-center", "Foshay Learning Center campus"),
        ("venice-high", "1001", "high", "(310) 577-4200", "venice-high", "Venice Senior High"),
    ]  # fmt: skip
    assert await of(migrated.url, "s.street, s.city, s.zip, s.latitude, s.longitude") == [
        FOSHAY,
        FOSHAY,
        ("13000 Venice Boulevard", "Los Angeles", "90066", 33.998856, -118.44283),
    ]


async def test_a_new_campus_keeps_the_districts_time_and_holds_on_request(migrated: Ground) -> None:
    await schools(
        migrated.url, "name,street,city,zip,time_zone\nA,1 A St,LA,90001,\nB,2 B St,El Paso,79901,America/Denver\n"
    )
    assert await rows(migrated.url, "SELECT slug, time_zone, holds FROM campuses ORDER BY slug") == [
        ("a", "America/Los_Angeles", "on_request"),
        ("b", "America/Denver", "on_request"),
    ]


async def test_the_same_file_twice_changes_nothing(migrated: Ground) -> None:
    await schools(migrated.url)
    before = await standing(migrated.url)
    assert (await schools(migrated.url), await standing(migrated.url)) == ((0, 0, 3), before)


async def test_a_changed_cell_changes_only_that(migrated: Ground) -> None:
    await schools(migrated.url)
    before = await of(migrated.url, "s.slug, s.cds_code, s.street, s.zip, s.latitude")
    assert await schools(migrated.url, SCHOOLS.replace("(310) 577-4200", "(310) 577-4299")) == (0, 1, 2)
    assert await of(migrated.url, "s.slug, s.cds_code, s.street, s.zip, s.latitude") == before
    assert await of(migrated.url, "s.phone") == [("(323) 373-2700",), ("",), ("(310) 577-4299",)]


async def test_what_a_file_has_no_column_for_stays(migrated: Ground) -> None:
    await schools(migrated.url)
    columns = "s.slug, s.cds_code, s.level, s.latitude, s.phone"
    before = await of(migrated.url, columns)
    short = "name,street,city,zip\nVenice Senior High,13000 Venice Boulevard,Los Angeles,90066\n"
    assert (await schools(migrated.url, short), await of(migrated.url, columns)) == ((0, 0, 1), before)


async def test_a_state_number_names_a_school_whatever_it_is_called_now(migrated: Ground) -> None:
    await schools(migrated.url)
    renamed = "cds_code,name,street,city,zip\n1001,Venice Magnet,1 New Street,Venice,90291\n"
    assert await schools(migrated.url, renamed) == (0, 1, 0)
    assert (await of(migrated.url, "s.slug, s.name, s.street, c.slug"))[2] == (
        "venice-high", "Venice Magnet", "1 New Street", "venice-high",
    )  # fmt: skip


TWINS = """name,street,city,zip
Lincoln Elementary,1 North Street,LA,90001
Lincoln Elementary,2 South Street,LA,90002
"""


async def test_namesakes_without_numbers_are_told_apart_by_address_in_any_order(migrated: Ground) -> None:
    await schools(migrated.url, TWINS)
    before = await of(migrated.url, "s.slug, s.street, c.slug")
    header, north, south = TWINS.splitlines()
    third = "Lincoln Elementary,3 West Street,LA,90003"
    assert await schools(migrated.url, f"{header}\n{third}\n{south}\n{north}") == (1, 0, 2)
    assert await of(migrated.url, "s.slug, s.street, c.slug") == [
        *before,
        ("lincoln-elementary-3", "3 West Street", "lincoln-elementary-3"),
    ]


async def test_a_school_that_comes_later_joins_the_campus_at_its_address(migrated: Ground) -> None:
    await schools(migrated.url)
    later = "name,street,city,zip\nFoshay Night School,3751 SOUTH Harvard Boulevard,Los Angeles,90018\n"
    assert await schools(migrated.url, later) == (1, 0, 0)
    assert ("foshay-night-school", "foshay-learning-center") in await of(migrated.url)


async def test_a_campus_column_says_otherwise_and_is_never_a_second_one(migrated: Ground) -> None:
    text = """name,street,city,zip,campus
Annex,9 Far Street,LA,90009,main
Main,1 Main Street,LA,90001,main
North,2 North Street,LA,90002,
Main,3 Other Street,LA,90003,
"""
    assert await schools(migrated.url, text) == (4, 0, 0)
    assert await of(migrated.url) == [("annex", "main"), ("main", "main"), ("main-2", "main-2"), ("north", "north")]


async def test_a_school_that_has_a_campus_keeps_it_and_says_so(migrated: Ground) -> None:
    await schools(migrated.url)
    before = await of(migrated.url)
    moved = "cds_code,name,street,city,zip,campus\n1003,Foshay Medical Magnet,9 Far Street,LA,90009,venice-high\n"
    found = await bring(migrated.url, import_schools, moved)
    assert (found.changed, found.warnings) == (1, ["line 2: foshay-medical-magnet stays at the campus it has."])
    assert await of(migrated.url) == before


BAD = """cds_code,name,slug,street,city,zip,latitude,longitude,time_zone
1001,Venice Senior High,venice,13000 Venice Boulevard,Los Angeles,90066,,,
2001,"No
street",,,LA,90001,,,
2002,Far North,,1 A St,LA,90001,91,-118,
2003,Nowhere,,2 A St,LA,90001,nan,x,Mars/Olympus
2003,Twice,,3 A St,LA,90001,,,
,One,venice-high,4 A St,LA,90001,,,
,Two,venice-high,5 A St,LA,90001,,,
,\u4f1a\u8bae\u5ba4,\u4f1a,6 A St,LA,90001,,,
"""


async def test_every_complaint_is_told_at_once_and_nothing_is_kept(migrated: Ground) -> None:
    await schools(migrated.url)
    before = await standing(migrated.url)
    assert await complaints(migrated.url, import_schools, BAD) == [
        "line 2: this school is venice-high here and stays so: links and calendars lead there",
        "line 3: street is needed, with at most 200 characters",
        "line 5: latitude '91' is not a number from -90 to 90",
        "line 6: time_zone 'Mars/Olympus' is unknown; America/Los_Angeles is one that passes",
        "line 6: latitude 'nan' is not a number from -90 to 90",
        "line 6: longitude 'x' is not a number from -180 to 180",
        "line 7: this school stands twice, first on line 6",
        "line 9: slug venice-high is taken by another school",
        "line 10: slug '\u4f1a' has no Latin letter or digit",
    ]
    assert await standing(migrated.url) == before


async def test_a_school_without_a_latin_letter_gets_a_slug_all_the_same(migrated: Ground) -> None:
    await schools(migrated.url, "name,street,city,zip\n\u5b66\u6821,1 A St,LA,90001\n\u5b66\u9662,2 A St,LA,90001\n")
    assert await of(migrated.url) == [("school", "school"), ("school-2", "school-2")]


@pytest.mark.parametrize("count", [1, 501, 1200])
async def test_progress_ends_with_all_of_them(migrated: Ground, count: int) -> None:
    text = "name,street,city,zip\n" + "".join(f"School {number},{number} A St,LA,90001\n" for number in range(count))
    heard: list[tuple[int, int]] = []
    await bring(migrated.url, import_schools, text, lambda done, total: heard.append((done, total)))
    assert (heard[-1], len(heard)) == ((count, count), -(-count // 500) + 1)
