"""The rooms among which the request page lets people choose: those of one school, any of a kind there, and how they are set up."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.page_form import Typed
from afterbell.places.catalog import RoomRow, room, rooms_of
from afterbell.places.naming import KIND_NAMES, LAYOUT_NAMES, named
from afterbell.policy.assigning import ANY, any_of
from afterbell.policy.verdict import N_
from afterbell.web.words import say

ROOM = N_("{room} (up to {capacity} people)")
LAID_OUT = N_("{room} (up to {capacity} people; {layouts})")
ANY_ROOM = N_("{kind}, any of {count} (up to {capacity} people)")
HOLDS = N_("This room holds up to {capacity}.")
HOLD = N_("These rooms hold up to {capacity} together.")
Choice = tuple[str, str]


@dataclass(frozen=True)
class RoomChoices:
    """A school with its rooms: `single` and `kinds` as (key, words), `layouts` that any of them has, `key` the one chosen, as the list names it, and `holds`
    how many people fit in, in words."""

    school: RoomRow
    key: str
    single: Sequence[Choice]
    kinds: Sequence[Choice]
    layouts: Sequence[Choice]
    holds: str


async def room_choices(session: AsyncSession, filled: Typed, language: str) -> RoomChoices | None:
    """None while no room is chosen, or an unknown one."""
    key = filled.fields["room"]
    kind = any_of(key)
    chosen = await room(session, key) if key and kind is None else None
    at = kind[0] if kind else chosen.school if chosen else ""
    rooms = await rooms_of(session, at) if at else []
    if not rooms:
        return None
    kinds = defaultdict(list)
    for each in rooms:
        kinds[each.kind].append(each)
    several = {f"{at}/{ANY}{slug}": members for slug, members in kinds.items() if len(members) > 1}
    return RoomChoices(
        rooms[0],
        _key(chosen) if chosen else key,
        [(_key(each), _words(each, language)) for each in rooms],
        [(name, _any(members, language)) for name, members in several.items()],
        _layouts(rooms, filled.fields["layout"], language),
        _holds(filled, {_key(each): [each] for each in rooms} | several, chosen, language),
    )


def _key(row: RoomRow) -> str:
    return f"{row.school}/{row.slug}"


def _words(row: RoomRow, language: str) -> str:
    if not row.layouts:
        return say(ROOM, language, room=row.name, capacity=row.capacity)
    layouts = ", ".join(f"{named(LAYOUT_NAMES, slug, language)} {holds}" for slug, holds in row.layouts.items())
    return say(LAID_OUT, language, room=row.name, capacity=row.capacity, layouts=layouts)


def _any(rooms: Sequence[RoomRow], language: str) -> str:
    kind, most = named(KIND_NAMES, rooms[0].kind, language), max(each.capacity for each in rooms)
    return say(ANY_ROOM, language, kind=kind, count=len(rooms), capacity=most)


def _layouts(rooms: Sequence[RoomRow], chosen: str, language: str) -> list[Choice]:
    """The one that is chosen stays in the list, whatever the rooms are."""
    slugs = dict.fromkeys(slug for each in rooms for slug in each.layouts or {})
    slugs |= {chosen: None} if chosen else {}
    return [(slug, named(LAYOUT_NAMES, slug, language)) for slug in slugs]


def _holds(
    filled: Typed,
    named_: dict[str, Sequence[RoomRow]] | dict[str, list[RoomRow]],
    chosen: RoomRow | None,
    language: str,
) -> str:
    """Together, set up as chosen; of any of a kind the largest counts."""
    keys = dict.fromkeys([_key(chosen) if chosen else filled.fields["room"], *filled.rooms[1:]])
    layout = filled.fields["layout"]
    sizes = [
        max((each.layouts or {}).get(layout, each.capacity) for each in named_[key]) for key in keys if key in named_
    ]
    return say(HOLD if len(sizes) > 1 else HOLDS, language, capacity=sum(sizes)) if sizes else ""
