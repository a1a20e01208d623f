"""The answers of a search as the page shows them: dates that no room can take once for all, then each room with its own odd dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from afterbell.bookings.search import Answer, Found
from afterbell.places.catalog import RoomRow, in_miles
from afterbell.places.naming import ACCESS_NAMES, FEATURE_NAMES, KIND_NAMES, named
from afterbell.policy.verdict import N_, Message, Severity
from afterbell.programme.need import Typed, request_link
from afterbell.programme.odd_dates import OddDate, odd_date, odd_dates
from afterbell.web.words import say, say_many, say_message

MOST_SHOWN = 30
FOR_OTHERS = frozenset({"not_for_you", "quota", "held_too_much"})


@dataclass(frozen=True)
class ShownRoom:
    """A room in plain words; `odd` leaves out the dates that no room can take. `away` is how far it is, `opened` on how many dates its building is open anyway;
    `not_held` says who else asked, where a request holds nothing, `only_for` whom the room is for."""

    slug: str
    name: str
    school: str
    school_name: str
    kind: str
    capacity: int
    traits: Sequence[str]
    free: int
    of: int
    odd: Sequence[OddDate]
    link: str
    away: str
    opened: str
    not_held: str
    only_for: Sequence[str]


@dataclass(frozen=True)
class Shown:
    """`all_free` of the rooms are free on every date, `some_free` on some; at least so many, where the others were not looked at because they could not be
    among the best (`fewer`). `none_free` is only told where no room is. `shut` are dates that no school can take, for one reason, `refused` why
    rooms that nobody else has are not for who looks, where none is free."""

    rooms: Sequence[ShownRoom]
    all_free: int
    some_free: int
    none_free: int
    shut: Sequence[OddDate]
    several: bool
    fewer: bool
    refused: Sequence[str] = ()


def shown(found: Found, typed: Typed, language: str) -> Shown:
    """The best; rooms that are free on no date are not listed."""
    shut = {finding.occurrence.date(): finding for finding in found.shut if finding.occurrence is not None}
    useful = [answer for answer in found.answers if answer.free]
    return Shown(
        rooms=[_room(answer, typed, language, frozenset(shut)) for answer in useful],
        all_free=found.all_free,
        some_free=found.some_free,
        none_free=found.fitting - found.all_free - found.some_free,
        shut=[odd_date(day, finding, language) for day, finding in shut.items()],
        several=any(answer.of > 1 for answer in found.answers),
        fewer=found.judged < found.fitting,
        refused=() if useful else _refused(found.answers, language),
    )


def _refused(answers: Sequence[Answer], language: str) -> list[str]:
    """Of each kind of reason the first, with its school."""
    first: dict[tuple[str, str | None], Message] = {}
    for answer in answers:
        for each in (*answer.only_for, *answer.conflicts):
            if each.code in FOR_OTHERS and each.severity is Severity.REFUSE:
                said = Message(N_("{school}: {said}"), {"school": answer.room.school_name, "said": each.message})
                first.setdefault((each.code, each.policy), said)
    return [say_message(each, language) for each in first.values()]


def _room(answer: Answer, typed: Typed, language: str, shut: frozenset[date]) -> ShownRoom:
    room = answer.room
    return ShownRoom(
        slug=room.slug,
        name=room.name,
        school=room.school,
        school_name=room.school_name,
        kind=named(KIND_NAMES, room.kind, language),
        capacity=room.capacity,
        traits=traits(room, language),
        free=answer.free,
        of=answer.of,
        odd=odd_dates(answer, typed, language, shut),
        link=request_link(typed, f"{room.school}/{room.slug}"),
        away=_away(answer, language),
        opened=_opened(answer, language),
        not_held=not_held(answer, language),
        only_for=[say_message(each.message, language) for each in answer.only_for],
    )


def _away(answer: Answer, language: str) -> str:
    if answer.distance_km is None:
        return ""
    return say("{miles} miles away", language, miles=in_miles(answer.distance_km))


def _opened(answer: Answer, language: str) -> str:
    """Where somebody is there already the school need not open for these people alone."""
    if not answer.already_open:
        return ""
    if answer.of == 1:
        return say("The building is open that day anyway", language)
    count = {"open": answer.already_open, "count": answer.of}
    return say("The building is open anyway on {open} of {count} dates", language, **count)


def not_held(answer: Answer, language: str) -> str:
    """One sentence for all its dates: how many of them others asked for too; nothing where a request holds its time."""
    if len(answer.not_held) == 1:
        return say_message(answer.not_held[0].message, language)
    wanted = sum(each.message.values["count"] != 0 for each in answer.not_held)
    if wanted:
        return say_many(
            "Not held, others asked for {count} date.", "Not held, others asked for {count} dates.", wanted, language
        )
    return say("Not held, nobody else asked yet.", language) if answer.not_held else ""


def traits(room: RoomRow, language: str) -> list[str]:
    """Access first, then equipment."""
    access = [named(ACCESS_NAMES, slug, language) for slug in room.access]
    return access + [named(FEATURE_NAMES, slug, language) for slug in room.features]
