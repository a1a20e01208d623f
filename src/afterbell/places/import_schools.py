"""`import schools`: a district's schools and the campuses they share, from a CSV file. The same file twice changes nothing."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import table
from afterbell.places.importing import Imported, Progress, Sheet, free_slug, read_sheet, slug_of
from afterbell.places.models import Campus, District, School

NEEDED = ("name", "street", "city", "zip")
KNOWN = (*NEEDED, "cds_code", "level", "latitude", "longitude", "phone", "slug", "campus", "time_zone")
CHUNK = 500

Row = dict[str, Any]


async def import_schools(session: AsyncSession, data: bytes, progress: Progress) -> Imported:
    """Schools at one street and ZIP share a campus, unless a `campus` column says otherwise. Raises ImportRefused with every complaint."""
    sheet = read_sheet(data, needed=NEEDED, known=KNOWN)
    known = {school.slug: school for school in (await session.execute(select(School))).scalars()}
    by_code = {school.cds_code or "": school for school in known.values()}
    rows = [_checked(sheet, line, cells) for line, cells in sheet.rows]
    _name_all(sheet, rows, known, by_code)
    sheet.settle()
    campuses = await _campuses(session, rows)
    created, changed = _sorted_out(rows, known, campuses)
    for start in range(0, len(created), CHUNK):
        await session.execute(insert(table(School)), created[start : start + CHUNK])
        progress(start + CHUNK, len(rows))
    await _change(session, changed)
    progress(len(rows), len(rows))
    return Imported(len(created), len(changed), len(rows) - len(created) - len(changed), sheet.warnings)


def _checked(sheet: Sheet, line: int, cells: Mapping[str, str]) -> Row:
    for name in NEEDED:
        if not cells[name] or len(cells[name]) > 200:
            sheet.complain(line, f"{name} is needed, with at most 200 characters")
    zone = cells.get("time_zone", "")
    if zone and zone not in available_timezones():
        sheet.complain(line, f"time_zone {zone[:40]!r} is unknown; America/Los_Angeles is one that passes")
    return {
        "line": line,
        "slug": slug_of(cells["slug"]) if cells.get("slug") else "",
        "cds_code": cells.get("cds_code") or None,
        "level": cells.get("level", ""),
        **{name: cells[name] for name in NEEDED},
        "latitude": _degrees(sheet, line, cells, "latitude", 90),
        "longitude": _degrees(sheet, line, cells, "longitude", 180),
        "phone": cells.get("phone", ""),
        "campus": slug_of(cells["campus"]) if cells.get("campus") else "",
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


def _name_all(sheet: Sheet, rows: list[Row], known: Mapping[str, School], by_code: Mapping[str, School]) -> None:
    """Gives each row its slug: the one it had (by state number), the one it asks for, or a new one from its name."""
    taken: dict[str, object] = dict(known)
    here: set[str] = set()
    codes: set[str] = set()
    for row in rows:
        code, old = row["cds_code"], by_code.get(row["cds_code"]) if row["cds_code"] else None
        if code and code in codes:
            sheet.complain(row["line"], f"cds_code {code} stands twice")
        codes.add(code or "")
        wanted = row["slug"] or (old.slug if old else slug_of(row["name"]))
        same = known.get(wanted)
        mine = (old is not None and old.slug == wanted) or (
            same is not None and not (code and same.cds_code and same.cds_code != code)
        )
        slug = wanted if mine and wanted not in here else free_slug(wanted, taken)
        if row["slug"] and slug != wanted:
            sheet.complain(row["line"], f"slug {wanted} is taken by another school")
        row["slug"] = slug
        taken[slug] = row
        here.add(slug)


async def _campuses(session: AsyncSession, rows: list[Row]) -> dict[str, int]:
    """The campus id of each row's slug; new campuses open with the district's hours, which calendars bring."""
    district = (await session.execute(select(District.time_zone))).scalar_one_or_none() or "America/Los_Angeles"
    placed = {slug: campus for slug, campus in await session.execute(select(School.slug, School.campus_id))}
    existing = {slug: id_ for slug, id_ in await session.execute(select(Campus.slug, Campus.id))}
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["campus"] or f"{row['street']}|{row['zip']}".lower(), []).append(row)
    home: dict[str, int | str] = {}
    new: list[Row] = []
    for group in groups.values():
        first = group[0]
        slug = first["campus"] or free_slug(first["slug"], {} if first["slug"] in placed else existing)
        at = placed.get(first["slug"]) or existing.get(slug) or slug
        if at == slug:
            new.append(_new_campus(slug, group, district))
        home |= {row["slug"]: at for row in group}
    if new:
        made = await session.execute(insert(table(Campus)).returning(Campus.slug, Campus.id), new)
        existing |= {slug: id_ for slug, id_ in made}
    return {slug: at if isinstance(at, int) else existing[at] for slug, at in home.items()}


def _new_campus(slug: str, group: list[Row], district: str) -> Row:
    first = group[0]
    name = first["name"] if len(group) == 1 else f"{first['name']} campus"
    return {"slug": slug, "name": name, "time_zone": first["time_zone"] or district, "holds": "on_request", "hours": []}


def _sorted_out(
    rows: list[Row], known: Mapping[str, School], campuses: Mapping[str, int]
) -> tuple[list[Row], list[Row]]:
    created, changed = [], []
    for row in rows:
        values = {name: row[name] for name in row if name not in ("line", "campus", "time_zone")} | {
            "campus_id": campuses[row["slug"]]
        }
        old = known.get(row["slug"])
        if old is None:
            created.append(values)
        elif any(getattr(old, name) != value for name, value in values.items()):
            changed.append(values | {"which": old.id})
    return created, changed


async def _change(session: AsyncSession, changed: list[Row]) -> None:
    if changed:
        names = [name for name in changed[0] if name not in ("which", "slug", "campus_id")]
        connection = await session.connection()
        school = table(School)
        query = (
            update(school)
            .where(school.c.id == bindparam("which"))
            .values({name: bindparam(f"new_{name}") for name in names})
        )
        await connection.execute(
            query, [{"which": row["which"]} | {f"new_{name}": row[name] for name in names} for row in changed]
        )
