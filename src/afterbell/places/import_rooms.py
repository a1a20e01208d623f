"""`import rooms`: rooms and the spaces they are made of, from a CSV file. The same file twice changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import public_id, table
from afterbell.places.importing import Imported, Progress, Sheet, free_slug, read_sheet, slug_of
from afterbell.places.models import KINDS, Campus, Room, RoomSpace, School, Space

NEEDED = ("school", "name", "kind", "capacity")
KNOWN = (*NEEDED, "slug", "layouts", "features", "access", "spaces", "entrance", "on_site_phone")
CHUNK = 1_000
COMPARED = ("name", "kind", "capacity", "layouts", "features", "access", "entrance", "on_site_phone")

Row = dict[str, Any]


@dataclass(frozen=True)
class _Known:
    """What stands already. `spaces` are ids by campus and slug, `made_of` the slugs of each room's spaces."""

    schools: Mapping[str, tuple[int, int]]
    rooms: Mapping[tuple[int, str], Room]
    spaces: Mapping[tuple[int, str], int]
    made_of: Mapping[int, frozenset[str]]


async def import_rooms(session: AsyncSession, data: bytes, progress: Progress) -> Imported:
    """`school` is a slug or a state number; `spaces` (a;b) are shared by the rooms of one campus that name them. Raises ImportRefused with every complaint."""
    sheet = read_sheet(data, needed=NEEDED, known=KNOWN)
    known = await _known(session)
    rows = [row for line, cells in sheet.rows if (row := _checked(sheet, line, cells, known)) is not None]
    _name_all(sheet, rows)
    _complain_of_remaking(sheet, rows, known)
    sheet.settle()
    created = [row for row in rows if (row["school_id"], row["slug"]) not in known.rooms]
    compared = [name for name in COMPARED if name in sheet.columns]
    changed = [row for row in rows if _differs(row, known, compared)]
    await _create(session, created, dict(known.spaces) | await _new_spaces(session, created, known), progress)
    await _change(session, changed, known, compared)
    divided = [row for row in created if row["divided"]]
    await _tell_rules(session, {row["campus_id"] for row in [*divided, *changed]})
    progress(len(rows), len(rows))
    return Imported(len(created), len(changed), len(rows) - len(created) - len(changed), sheet.warnings)


async def _known(session: AsyncSession) -> _Known:
    schools: dict[str, tuple[int, int]] = {}
    codes = select(School.slug, School.cds_code, School.id, School.campus_id)
    for slug, code, id_, campus in await session.execute(codes):
        schools[slug] = (id_, campus)
        if code:
            schools[code] = (id_, campus)
    rooms = {(room.school_id, room.slug): room for room in (await session.execute(select(Room))).scalars()}
    named = await session.execute(select(Space.campus_id, Space.slug, Space.id))
    spaces = {(campus, slug): id_ for campus, slug, id_ in named}
    made_of: dict[int, frozenset[str]] = {}
    pairs = select(RoomSpace.room_id, Space.slug).join(Space, Space.id == RoomSpace.space_id)
    for room_id, slug in await session.execute(pairs):
        made_of[room_id] = made_of.get(room_id, frozenset()) | {slug}
    return _Known(schools, rooms, spaces, made_of)


def _checked(sheet: Sheet, line: int, cells: Mapping[str, str], known: _Known) -> Row | None:
    school = known.schools.get(cells["school"])
    if school is None:
        sheet.complain(
            line,
            f"the school {cells['school'][:80]!r} is unknown; name it by slug or state number, and import schools first",
        )
        return None
    if not cells["name"] or len(cells["name"]) > 120:
        sheet.complain(line, "name is needed, with at most 120 characters")
    if cells["kind"] not in KINDS:
        sheet.complain(line, f"kind {cells['kind'][:40]!r} is unknown; these pass: {', '.join(KINDS)}")
    capacity = cells["capacity"]
    if not (capacity.isascii() and capacity.isdigit() and 1 <= int(capacity[:7]) <= 100_000):
        sheet.complain(line, f"capacity {capacity[:20]!r} is not a whole number from 1 to 100000")
        capacity = "1"
    spaces = _words(cells.get("spaces", ""))
    if not all(slug_of(word) for word in spaces):
        sheet.complain(line, "spaces are words with a Latin letter or a digit, such as gym-a;gym-b")
    return {
        "line": line,
        "school_id": school[0],
        "campus_id": school[1],
        "school": cells["school"],
        "asked": cells.get("slug", ""),
        "name": cells["name"],
        "kind": cells["kind"],
        "capacity": int(capacity),
        "layouts": _layouts(sheet, line, cells.get("layouts", "")),
        "features": _words(cells.get("features", "")),
        "access": _words(cells.get("access", "")),
        "entrance": cells.get("entrance", ""),
        "on_site_phone": cells.get("on_site_phone", ""),
        "spaces": list(dict.fromkeys(slug_of(word) for word in spaces)),
    }


def _layouts(sheet: Sheet, line: int, text: str) -> dict[str, int] | None:
    """ "theater:120;banquet:80": how many people it holds, set up like that. None when nothing is said."""
    found: dict[str, int] = {}
    for word in _words(text):
        name, _, count = (part.strip() for part in word.partition(":"))
        if not (name and len(name) <= 60 and count.isascii() and count.isdigit() and 1 <= int(count[:7]) <= 100_000):
            sheet.complain(line, f"layouts {word[:40]!r} is not a name with a number, such as theater:120;banquet:80")
        else:
            found[name.lower()] = int(count)
    return found or None


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(";") if word.strip()]


def _name_all(sheet: Sheet, rows: list[Row]) -> None:
    """A slug from the name when none is given; an undivided room is a space of its own."""
    taken: dict[int, set[str]] = {}
    for row in sorted(rows, key=lambda row: not row["asked"]):
        here = taken.setdefault(row["school_id"], set())
        row["slug"] = slug_of(row["asked"] or row["name"], "room")
        if row["asked"] and row["slug"] in here:
            sheet.complain(row["line"], f"slug {row['slug']} stands twice at this school")
        row["slug"] = free_slug(row["slug"], here.__contains__)
        here.add(row["slug"])
        row["divided"] = bool(row["spaces"])
        row["spaces"] = row["spaces"] or [f"{row['school_id']}-{row['slug']}"]


def _complain_of_remaking(sheet: Sheet, rows: list[Row], known: _Known) -> None:
    """Bookings hold the spaces a room is made of: made of others, a half could be taken twice."""
    for row in rows:
        old = known.rooms.get((row["school_id"], row["slug"]))
        if old is not None and row["divided"] and known.made_of.get(old.id) != frozenset(row["spaces"]):
            held = ";".join(sorted(known.made_of.get(old.id, ())))
            sheet.complain(row["line"], f"{row['slug']} is made of {held} here, which a file cannot change")


async def _new_spaces(session: AsyncSession, rows: list[Row], known: _Known) -> dict[tuple[int, str], int]:
    wanted = dict.fromkeys((row["campus_id"], space) for row in rows for space in row["spaces"])
    new = [{"campus_id": campus, "slug": slug} for campus, slug in wanted if (campus, slug) not in known.spaces]
    made: dict[tuple[int, str], int] = {}
    for start in range(0, len(new), CHUNK):
        query = insert(table(Space)).returning(Space.campus_id, Space.slug, Space.id)
        made |= {(campus, slug): id_ for campus, slug, id_ in await session.execute(query, new[start : start + CHUNK])}
    return made


def _differs(row: Row, known: _Known, compared: Sequence[str]) -> bool:
    old = known.rooms.get((row["school_id"], row["slug"]))
    return old is not None and any(getattr(old, name) != row[name] for name in compared)


async def _create(
    session: AsyncSession, created: list[Row], spaces: Mapping[tuple[int, str], int], progress: Progress
) -> None:
    for start in range(0, len(created), CHUNK):
        chunk = created[start : start + CHUNK]
        names = ("campus_id", "school_id", "slug", *COMPARED)
        query = insert(table(Room)).returning(Room.school_id, Room.slug, Room.id)
        made = await session.execute(
            query, [{"public_id": public_id()} | {name: row[name] for name in names} for row in chunk]
        )
        ids = {(school, slug): id_ for school, slug, id_ in made}
        pairs = [
            {"room_id": ids[(row["school_id"], row["slug"])], "space_id": spaces[(row["campus_id"], space)]}
            for row in chunk
            for space in row["spaces"]
        ]
        await session.execute(insert(table(RoomSpace)), pairs)
        progress(start + CHUNK, len(created))


async def _change(session: AsyncSession, changed: list[Row], known: _Known, compared: Sequence[str]) -> None:
    """Names, numbers and words, as far as the file has columns for them."""
    if not changed:
        return
    room = table(Room)
    values: dict[str, Any] = {name: bindparam(f"new_{name}", type_=room.c[name].type) for name in compared}
    query = update(room).where(room.c.id == bindparam("which")).values(values)
    rows = [
        {"which": known.rooms[(row["school_id"], row["slug"])].id} | {f"new_{name}": row[name] for name in compared}
        for row in changed
    ]
    await (await session.connection()).execute(query, rows)


async def _tell_rules(session: AsyncSession, campuses: set[int]) -> None:
    """The rules of a part hold for the whole, so what remembers the rules of a campus (rules.reading) remembers its divided rooms too."""
    if campuses:
        campus = table(Campus)
        query = update(campus).where(campus.c.id == bindparam("which")).values(rules_mark=campus.c.rules_mark + 1)
        await (await session.connection()).execute(query, [{"which": id_} for id_ in sorted(campuses)])
