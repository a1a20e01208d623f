"""The answers of a search as the page shows them: dates that no room can take once for all, then each room with its own odd dates, why they are odd, and
which room of the same school is free then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from afterbell.bookings.search import Answer
from afterbell.places.catalog import RoomRow
from afterbell.places.naming import ACCESS_NAMES, FEATURE_NAMES, KIND_NAMES, named
from afterbell.policy.verdict import Finding
from afterbell.programme.need import Typed, request_link
from afterbell.programme.reasons import mark_of, short_reason
from afterbell.web.dates import short_day
from afterbell.web.words import say, say_many, say_message

MOST_SHOWN = 30


@dataclass(frozen=True)
class OddDate:
    """A date on which a room is not free. `instead` is another room of the school, with the page that asks for it; empty when there is none."""

    day: str
    mark: str
    reason: str
    instead: str = ""
    link: str = ""


@dataclass(frozen=True)
class ShownRoom:
    """A room in plain words; `odd` leaves out the dates that no room can take. `not_held` says who else asked, where a request holds nothing."""

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
    not_held: str = ""


@dataclass(frozen=True)
class Shown:
    """`all_free` of the rooms are free on every date, `some_free` on some, `none_free` on none; only the best `rooms` are listed. `shut` are the dates that no
    room can take, with the reason when it is one for all."""

    rooms: Sequence[ShownRoom]
    all_free: int
    some_free: int
    none_free: int
    shut: Sequence[OddDate]
    several: bool


Odd = Mapping[date, Finding]


def shown(answers: Sequence[Answer], typed: Typed, language: str) -> Shown:
    """The best thirty; rooms that are free on no date are not listed."""
    odd = {answer.room.id: _first_by_day(answer) for answer in answers}
    shut = _shut([odd[answer.room.id] for answer in answers])
    useful = [answer for answer in answers if answer.free]
    whole = sum(answer.free == answer.of for answer in useful)
    page = _Page(typed, language, odd, shut, useful)
    return Shown(
        rooms=[page.room(answer) for answer in useful[:MOST_SHOWN]],
        all_free=whole,
        some_free=len(useful) - whole,
        none_free=len(answers) - len(useful),
        shut=[page.odd_date(day, finding) for day, finding in shut.items()],
        several=any(answer.of > 1 for answer in answers),
    )


@dataclass(frozen=True)
class _Page:
    typed: Typed
    language: str
    odd: Mapping[int, Odd]
    shut: Odd
    useful: Sequence[Answer]

    def room(self, answer: Answer) -> ShownRoom:
        room = answer.room
        return ShownRoom(
            slug=room.slug,
            name=room.name,
            school=room.school,
            school_name=room.school_name,
            kind=named(KIND_NAMES, room.kind, self.language),
            capacity=room.capacity,
            traits=traits(room, self.language),
            free=answer.free,
            of=answer.of,
            odd=[
                self.odd_date(day, finding, room) for day, finding in self.odd[room.id].items() if day not in self.shut
            ],
            link=request_link(self.typed, f"{room.school}/{room.slug}"),
            not_held=not_held(answer, self.language),
        )

    def odd_date(self, day: date, finding: Finding, room: RoomRow | None = None) -> OddDate:
        instead = self._instead(day, room) if room else None
        return OddDate(
            day=short_day(day, self.language),
            mark=mark_of(finding),
            reason=short_reason(finding, self.language),
            instead=instead.name if instead else "",
            link=request_link(self.typed, f"{instead.school}/{instead.slug}", only=day) if instead else "",
        )

    def _instead(self, day: date, room: RoomRow) -> RoomRow | None:
        """The best other room of the same school that is free that day."""
        at_school = (answer.room for answer in self.useful if answer.room.school == room.school)
        return next((other for other in at_school if day not in self.odd[other.id]), None)


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


def _first_by_day(answer: Answer) -> Odd:
    """The first finding on each date, in the order of the dates."""
    found: dict[date, Finding] = {}
    for finding in answer.conflicts:
        if finding.occurrence is not None:
            found.setdefault(finding.occurrence.date(), finding)
    return dict(sorted(found.items()))


def _shut(rooms: Sequence[Odd]) -> Odd:
    """The dates that no room can take for one and the same reason, such as a holiday."""
    if not rooms:
        return {}
    first, *others = rooms
    return {
        day: finding
        for day, finding in first.items()
        if all(day in odd and odd[day].message == finding.message for odd in others)
    }
