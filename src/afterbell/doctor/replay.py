"""Replay: what a booking's events tell, from its request on, against how its dates stand. Pure; the moves are policy.lifecycle's."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from afterbell.bookings import events
from afterbell.doctor.finding import Complaint
from afterbell.doctor.history import Dated, Happened, History
from afterbell.policy.lifecycle import LIVE, MOVES, WAITING, booking_state

VERSIONS = "a booking's events are not one for each version"
ACTORS = "an event has nobody who did it, or somebody though time did"
MOVED = "a date made a move that there is not, or of which it was no part"
LATE = "a date was approved, withdrawn or cancelled when it had begun"
STATES = "a date stands otherwise than its booking's events tell"
SEQUENCES = "a date's SEQUENCE is below the number of its changes"
UNREASONED = "a date was declined, and nothing says why"
STATE = "a booking's state does not follow from its dates"
QUESTION = "a question waits for the partner, or does not, otherwise than the events tell"
STEPS = "a question waits and nothing is planned if nobody answers, or the other way round"
SENTENCES = (VERSIONS, STATE, STATES, MOVED, LATE, ACTORS, SEQUENCES, UNREASONED, QUESTION, STEPS)
BY_TIME = frozenset({events.HOLD_WARNED, events.LAPSED, events.CHANGE_LAPSED})
FREE_TO_ACT = frozenset({"approved", "withdrawn", "cancelled"})
MOST_WARNINGS = 2

Told = Sequence[tuple[str, str]]  # a date by its original start, and the state it is given


@dataclass
class _Course:
    """Where the replay has come: each date's state, how often it moved, and whether a question waits."""

    states: dict[str, str]
    moves: dict[str, int] = field(default_factory=dict)
    question: bool = False


def replayed(found: History) -> Iterator[Complaint]:
    """All that is wrong with one booking. Where the events are not whole, what they tell is not compared."""
    yield from _standing(found)
    if [each.facts.get("version") for each in found.events] != list(range(1, found.version + 1)):
        yield VERSIONS, found.id
        return
    course = _Course(_begun(found))
    yield from _followed(found, course)
    for date in found.dates:
        if course.states.get(date.original_start) != date.state:
            yield STATES, date.id
        if date.sequence < course.moves.get(date.original_start, 0):
            yield SEQUENCES, date.id
    if course.question != (found.answer_by is not None):
        yield QUESTION, found.id


def _standing(found: History) -> Iterator[Complaint]:
    """What needs no events."""
    if found.dates and found.state != booking_state([date.state for date in found.dates]):
        yield STATE, found.id
    planned = found.step_at is not None or not 0 <= found.warnings <= MOST_WARNINGS
    if planned != (found.answer_by is not None) or (found.warnings > 0 and found.answer_by is None):
        yield STEPS, found.id


def _begun(found: History) -> dict[str, str]:
    """As the request left its dates. Whether one held its time then is told by where it stands, or else is the same for the moves."""
    facts = found.events[0].facts
    waits = {date.original_start: _waiting(date) for date in found.dates}
    asked = {start: waits.get(start, "held") for start in facts["dates"]}
    return asked | dict.fromkeys(facts.get("skipped", ()), "skipped")


def _waiting(date: Dated) -> str:
    return "requested" if date.state == "requested" else "held"


def _followed(found: History, course: _Course) -> Iterator[Complaint]:
    dates = {date.original_start: date for date in found.dates}
    for event in found.events:
        if (event.actor_id is None) != (event.kind in BY_TIME):
            yield ACTORS, event.id
        for start in event.facts.get("moved", ()):
            course.moves[start] = course.moves.get(start, 0) + 1
        yield from _added(course, dates, event)
        for start, to in moves_of(event):
            yield from _made(found, course, dates.get(start), event, to)
        waits = any(state in WAITING for state in course.states.values())
        course.question = waits and {events.QUESTIONED: True, events.ANSWERED: False}.get(event.kind, course.question)


def _added(course: _Course, dates: Mapping[str, Dated], event: Happened) -> Iterator[Complaint]:
    """Further dates begin anew; one that was gone returns, as the same event for calendars. Those who decide approve it in the same act."""
    for start in event.facts.get("added", ()):
        before, date = course.states.get(start), dates.get(start)
        to = "approved" if event.facts.get("at_once") else _waiting(date) if date else ""
        if date is None or (before is not None and (before in LIVE or to not in MOVES.get(before, ()))):
            yield MOVED, event.id if date is None else date.id
            continue
        course.moves[start] = course.moves.get(start, -1) + 1
        course.states[start] = to


def _made(found: History, course: _Course, date: Dated | None, event: Happened, to: str) -> Iterator[Complaint]:
    """One move; a date that is not the booking's makes none."""
    if date is None:
        yield MOVED, event.id
        return
    start = date.original_start
    free = found.free_until is not None and event.happened_at <= found.free_until
    given_back = (course.states[start], to) == ("approved", "withdrawn")
    returns = to == "approved" and course.states[start] not in WAITING  # which only a change brings about
    if to not in MOVES.get(course.states[start], ()) or returns or (given_back and not free):
        yield MOVED, date.id
    if to in FREE_TO_ACT and event.happened_at >= date.starts_at and start not in found.displaced:
        yield LATE, date.id
    if event.kind == events.DECLINED and date.state == to and not (date.reason or date.reasons):
        yield UNREASONED, date.id
    course.states[start], course.moves[start] = to, course.moves.get(start, 0) + 1


def moves_of(event: Happened) -> Told:
    """Which dates an event says it moved, and to what."""
    return _TOLD.get(event.kind, _none)(event.facts)


def _none(facts: Mapping[str, object]) -> Told:
    return ()


def _all(to: str) -> Callable[[Mapping[str, Sequence[str]]], Told]:
    return lambda facts: [(start, to) for start in facts["dates"]]


def _decided(to: str) -> Callable[[Mapping[str, Sequence[str]]], Told]:
    """A decision names what it approved and what it declined; the first release's named one of them only."""

    def told(facts: Mapping[str, Sequence[str]]) -> Told:
        if "approved" not in facts:
            return _all(to)(facts)
        return [(start, state) for state in ("approved", "declined") for start in facts[state]]

    return told


def _changed(facts: Mapping[str, Sequence[str]]) -> Told:
    return [(start, state) for state in ("withdrawn", "cancelled") for start in facts.get(state, ())]


_TOLD: Mapping[str, Callable[[Mapping[str, Sequence[str]]], Told]] = {
    events.APPROVED: _decided("approved"),
    events.DECLINED: _decided("declined"),
    events.WITHDRAWN: _all("withdrawn"),
    events.CANCELLED: _all("cancelled"),
    events.LAPSED: _all("lapsed"),
    events.CHANGED: _changed,
}
