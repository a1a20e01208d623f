"""`import schools`: a district's schools and the campuses they share, from a CSV file. The same file twice changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import table
from afterbell.places.importing import Imported, Progress, Sheet, free_slug, read_sheet, slug_of
from afterbell.places.models import Campus, District, School

NEEDED = ("name", "street", "city", "zip")
COMPARED = (*NEEDED, "cds_code", "level", "latitude", "longitude", "phone")
KNOWN = (*COMPARED, "slug", "campus", "time_zone")
CHUNK = 500

Row = dict[str, Any]


@dataclass(frozen=True)
class _Known:
    """The schools that stand already: by slug, by state number, and by name and address."""

    by_slug: Mapping[str, School]
    by_code: Mapping[str, School]
    by_place: Mapping[tuple[str, str], School]

    def same(self, row: Row) -> School | None:
        """The school that a row is about, whatever it is called now."""
        if row["cds_code"] in self.by_code:
            return self.by_code[row["cds_code"]]
        found = self.by_place.get((slug_of(row["name"]), _address(row["street"], row["zip"])))
        return None if found is None or self.another(found.slug, row) else found

    def another(self, slug: str, row: Row) -> bool:
        """Whether the slug belongs to a school with a state number of its own."""
        found = self.by_slug.get(slug)
        return bool(found and found.cds_code and row["cds_code"] and found.cds_code != row["cds_code"])


async def import_schools(session: AsyncSession, data: bytes, progress: Progress) -> Imported:
    """Schools at one street and ZIP share a campus, unless a `campus` column says otherwise; one that has a campus keeps it. Raises ImportRefused with
    every complaint."""
    sheet = read_sheet(data, needed=NEEDED, known=KNOWN)
    known = _known((await session.execute(select(School))).scalars().all())
    rows = [_checked(sheet, line, cells) for line, cells in sheet.rows]
    _name_all(sheet, rows, known)
    sheet.settle()
    homes = await _homes(session, sheet, rows, known)
    created = [row for row in rows if row["slug"] not in known.by_slug]
    compared = [name for name in COMPARED if name in sheet.columns]
    changed = [row for row in rows if _differs(row, known, compared)]
    for start in range(0, len(created), CHUNK):
        chunk = created[start : start + CHUNK]
        names = ("slug", *COMPARED)
        values = [{"campus_id": homes[row["slug"]]} | {name: row[name] for name in names} for row in chunk]
        await session.execute(insert(table(School)), values)
        progress(start + CHUNK, len(rows))
    await _change(session, changed, known, compared)
    progress(len(rows), len(rows))
    return Imported(len(created), len(changed), len(rows) - len(created) - len(changed), sheet.warnings)


def _known(schools: Sequence[School]) -> _Known:
    return _Known(
        {school.slug: school for school in schools},
        {school.cds_code: school for school in schools if school.cds_code},
        {(slug_of(school.name), _address(school.street, school.zip)): school for school in schools},
    )


def _address(street: str, code: str) -> str:
    return f"{street}|{code}".lower()


def _checked(sheet: Sheet, line: int, cells: Mapping[str, str]) -> Row:
    for name in NEEDED:
        if not cells[name] or len(cells[name]) > 200:
            sheet.complain(line, f"{name} is needed, with at most 200 characters")
    for name in ("slug", "campus"):
        if cells.get(name) and not slug_of(cells[name]):
            sheet.complain(line, f"{name} {cells[name][:40]!r} has no Latin letter or digit")
    zone = cells.get("time_zone", "")
    if zone and zone not in available_timezones():
        sheet.complain(line, f"time_zone {zone[:40]!r} is unknown; America/Los_Angeles is one that passes")
    return {
        "line": line,
        "slug": slug_of(cells.get("slug", "")),
        "cds_code": cells.get("cds_code") or None,
        "level": cells.get("level", ""),
        **{name: cells[name] for name in NEEDED},
        "latitude": _degrees(sheet, line, cells, "latitude", 90),
        "longitude": _degrees(sheet, line, cells, "longitude", 180),
        "phone": cells.get("phone", ""),
        "campus": slug_of(cells.get("campus", "")),
        "time_zone": zone,
    }


def _degrees(sheet: Sheet, line: int, cells: Mapping[str, str], name: str, most: int) -> float | None:
    text = cells.get(name, "")
    if not text:
        return None
    try:
        degrees = float(text)
    except ValueError:
        degrees = 999.0
    if not -most <= degrees <= most:
        sheet.complain(line, f"{name} {text[:20]!r} is not a number from -{most} to {most}")
    return degrees


def _name_all(sheet: Sheet, rows: list[Row], known: _Known) -> None:
    """Gives each row its slug. Those that stand already and those that ask for one come first, so that no new school takes what is theirs."""
    _complain_of_repeats(sheet, rows)
    here: set[str] = set()
    for row in rows:
        old = known.same(row)
        if row["slug"]:
            _check_slug(sheet, row, old, taken=row["slug"] in here or known.another(row["slug"], row))
        elif old is not None and old.slug not in here:
            row["slug"] = old.slug
        here.add(row["slug"])
    for row in rows:
        if not row["slug"]:
            others = {slug for slug in known.by_slug if known.another(slug, row)} if row["cds_code"] else set()
            row["slug"] = free_slug(slug_of(row["name"], "school"), (here | others).__contains__)
            here.add(row["slug"])


def _complain_of_repeats(sheet: Sheet, rows: list[Row]) -> None:
    seen: dict[object, int] = {}
    for row in rows:
        key = row["cds_code"] or (slug_of(row["name"]), _address(row["street"], row["zip"]), row["slug"])
        if key in seen:
            sheet.complain(row["line"], f"this school stands twice, first on line {seen[key]}")
        seen.setdefault(key, row["line"])


def _check_slug(sheet: Sheet, row: Row, old: School | None, *, taken: bool) -> None:
    if old is not None and old.slug != row["slug"]:
        sheet.complain(row["line"], f"this school is {old.slug} here and stays so: links and calendars lead there")
    elif taken:
        sheet.complain(row["line"], f"slug {row['slug']} is taken by another school")


async def _homes(session: AsyncSession, sheet: Sheet, rows: list[Row], known: _Known) -> dict[str, int]:
    """The campus id of each school's slug; new campuses open with the district's hours, which calendars bring."""
    existing = {slug: id_ for slug, id_ in await session.execute(select(Campus.slug, Campus.id))}
    homes = {school.slug: school.campus_id for school in known.by_slug.values()}
    at_address = {_address(school.street, school.zip): school.campus_id for school in known.by_slug.values()}
    groups: dict[str, list[Row]] = {}
    for row in rows:
        place = _address(row["street"], row["zip"])
        if row["slug"] not in homes:
            groups.setdefault(row["campus"] or place, []).append(row)
            continue
        at_address[place] = homes[row["slug"]]
        if row["campus"] and existing.get(row["campus"]) != homes[row["slug"]]:
            sheet.warnings.append(f"line {row['line']}: {row['slug']} stays at the campus it has.")
    campuses = {**at_address, **existing} | await _new_campuses(
        session, {place: group for place, group in groups.items() if place not in {**at_address, **existing}}, existing
    )
    return homes | {row["slug"]: campuses[place] for place, group in groups.items() for row in group}


async def _new_campuses(
    session: AsyncSession, groups: Mapping[str, list[Row]], existing: Mapping[str, int]
) -> dict[str, int]:
    """One for each group, by the group's name; its slug is the one asked for, or its first school's."""
    district = (await session.execute(select(District.time_zone))).scalar_one_or_none() or "America/Los_Angeles"
    taken = {*existing, *(group[0]["campus"] for group in groups.values())}
    slugs: dict[str, str] = {}
    for place, group in groups.items():
        slugs[place] = group[0]["campus"] or free_slug(group[0]["slug"], taken.__contains__)
        taken.add(slugs[place])
    new = [_campus(slugs[place], group, district) for place, group in groups.items()]
    if not new:
        return {}
    made = await session.execute(insert(table(Campus)).returning(Campus.slug, Campus.id), new)
    ids = {slug: id_ for slug, id_ in made}
    return {place: ids[slug] for place, slug in slugs.items()}


def _campus(slug: str, group: list[Row], district: str) -> Row:
    first = group[0]
    name = first["name"] if len(group) == 1 else f"{first['name']} campus"
    zone = first["time_zone"] or district
    return {"slug": slug, "name": name, "time_zone": zone, "holds": "on_request", "hours": [], "seeded_hours": []}


def _differs(row: Row, known: _Known, compared: Sequence[str]) -> bool:
    old = known.by_slug.get(row["slug"])
    return old is not None and any(getattr(old, name) != row[name] for name in compared)


async def _change(session: AsyncSession, changed: list[Row], known: _Known, compared: Sequence[str]) -> None:
    """What the file has columns for; the campus stays, since bookings hold its rooms."""
    if changed:
        school = table(School)
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in compared}
        query = update(school).where(school.c.id == bindparam("which")).values(values)
        rows = [
            {"which": known.by_slug[row["slug"]].id} | {f"new_{name}": row[name] for name in compared}
            for row in changed
        ]
        await (await session.connection()).execute(query, rows)
