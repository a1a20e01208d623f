"""What a preview showed, and what has become of it since: compared date by date, so that a request commits what was shown or says precisely what changed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import reduce
from hashlib import sha256
from typing import Any

from afterbell.almanac.recurrence import Date
from afterbell.almanac.span import Span
from afterbell.policy.ask import Ask, Facts, Wish
from afterbell.policy.rooms import blocked
from afterbell.policy.skip import Left
from afterbell.policy.verdict import N_, Finding, Message, Severity, Verdict, refuse

SKIPPED, REFUSED = "skipped", "refused"
OUT = frozenset({SKIPPED, REFUSED})
# Left out of a preview, which it allows, they may be named by the request.
LATER = frozenset({"organization", "activity"})
HOLDS = {
    "requested": N_("It was to be held for you. Now requests compete there, and nothing is held until it is decided."),
    "held": N_("Requests competed there when you looked. Now it would be held for you."),
}


@dataclass(frozen=True)
class Fate:
    """What becomes of one date: `state` is what it would be in, `rooms` the ids of those it is given, `codes` why it cannot be had, or what is flagged."""

    name: datetime
    span: Span
    rooms: tuple[int, ...]
    state: str
    codes: frozenset[str]


@dataclass(frozen=True)
class Promise:
    """What a preview showed: hashes of the wish by field, every date, the rooms' names by id, and what was flagged about the whole."""

    fields: Mapping[str, str]
    fates: Sequence[Fate]
    rooms: Mapping[int, str]
    flags: frozenset[str]


def fields_of(ask: Ask) -> dict[str, str]:
    """A hash of every field on which the outcome rests. Words that only people read (title, note, contact, listing) may still change after a preview."""
    repeat = ask.repeat
    values: dict[str, Any] = {
        "organization": ask.organization,
        "activity": ask.activity,
        "rooms": list(ask.rooms),
        "starts_at": _told(ask.starts),
        "ends_at": _told(ask.ends),
        "repeat": repeat and [repeat.rrule, sorted(map(str, repeat.skip)), [_told(each) for each in repeat.also]],
        "changes": sorted(
            [_told(each.original_start), each.rooms, _told(each.starts), _told(each.ends)] for each in ask.changes
        ),
        "headcount": ask.headcount,
        "setup_minutes": ask.setup.total_seconds(),
        "takedown_minutes": ask.takedown.total_seconds(),
        "layout": ask.layout,
        "on_conflict": ask.skips,
        "on_behalf_of": ask.on_behalf_of is not None,
        "anyway": bool(ask.anyway),
    }
    return {name: sha256(json.dumps(value).encode()).hexdigest()[:12] for name, value in values.items()}


NOTHING = sha256(b"null").hexdigest()[:12]


def _told(moment: datetime | None) -> str | None:
    """Wall time as it was written; what carries an offset is the instant, however it was written."""
    if moment is None:
        return None
    return (moment.astimezone(UTC) if moment.tzinfo else moment).isoformat()


def differing(was: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The fields in which a request differs from what was previewed."""
    return [name for name in now if now[name] != was[name] and not (name in LATER and was[name] == NOTHING)]


def promise(ask: Ask, wish: Wish, verdict: Verdict, left: Left, facts: Facts) -> Promise:
    """What is shown now."""
    kept = "requested" if facts.competing else "held"
    fates = []
    for day in wish.dates:
        said = verdict.about(day.original_start)
        codes, state = frozenset(each.code for each in said if each.severity is Severity.FLAG), kept
        refused = [each for each in said if each.severity is Severity.REFUSE]
        if refused or day.original_start in left:
            codes = frozenset(each.code for each in refused or left[day.original_start])
            state = REFUSED if refused else SKIPPED
        fates.append(Fate(day.original_start, day.span, wish.rooms_of(day), state, codes))
    names = {room.id: room.name for room in facts.rooms.values() if any(room.id in fate.rooms for fate in fates)}
    flags = (each.code for each in verdict.findings if each.occurrence is None and each.severity is Severity.FLAG)
    return Promise(fields_of(ask), fates, names, frozenset(flags))


def pinned(wish: Wish, promised: Promise, facts: Facts) -> Wish:
    """The wish with the rooms that were shown, wherever they can still be had; also when any of a kind would be another one now."""
    shown = {fate.name: fate.rooms for fate in promised.fates}
    given = {day.original_start: _kept(wish, day, shown.get(day.original_start, ()), facts) for day in wish.dates}
    usual = given[wish.dates[0].original_start]
    return replace(wish, rooms=usual, elsewhere={start: rooms for start, rooms in given.items() if rooms != usual})


def _kept(wish: Wish, day: Date, before: tuple[int, ...], facts: Facts) -> tuple[int, ...]:
    fresh = wish.rooms_of(day)
    if before == fresh or len(before) != len(fresh) or not set(before) <= set(facts.rooms):
        return fresh

    def free(rooms: tuple[int, ...]) -> bool:
        return all(blocked(facts.rooms[room].spaces, wish.claim(day), facts.taken) is None for room in rooms)

    return before if free(before) or not free(fresh) else fresh


def changes(was: Promise, now: Promise, verdict: Verdict, left: Left, zone: str) -> list[Finding]:
    """One reason for each date that would not become what was shown, and those about the whole; none when all is as it was."""
    found = []
    for each in verdict.findings:
        new = each.severity is Severity.FLAG and each.code not in was.flags
        if each.occurrence is None and (new or each.severity is Severity.REFUSE):
            found.append(as_change(each))
    before = {fate.name: fate for fate in was.fates}
    for fate in now.fates:
        said = _said([*verdict.about(fate.name), *left.get(fate.name, ())], fate.codes - before_codes(before, fate))
        found += [
            refuse("changed_since_preview", message, occurrence=fate.name)
            for message in _of_date(before.pop(fate.name, None), fate, (was.rooms, now.rooms), said, zone)
        ]
    gone = N_("This date is not among those asked for any more.")
    return found + [refuse("changed_since_preview", Message(gone), occurrence=name) for name in before]


def before_codes(before: Mapping[datetime, Fate], fate: Fate) -> frozenset[str]:
    """What is not worth telling again: the flags that were shown for a date that is still to be had."""
    return before[fate.name].codes if fate.name in before and fate.state not in OUT else frozenset()


def as_change(finding: Finding) -> Finding:
    """A rule that speaks now and did not, in its own words."""
    message = Message(N_("This has changed since you looked: {now}"), {"now": finding.message})
    return refuse(
        "changed_since_preview",
        message,
        policy=finding.policy,
        occurrence=finding.occurrence,
        would_pass=finding.would_pass,
    )


def _of_date(
    was: Fate | None, now: Fate, rooms: tuple[Mapping[int, str], Mapping[int, str]], said: Message | None, zone: str
) -> Iterator[Message]:
    """The one thing that is to be said first, if anything is."""
    if was is None:
        yield Message(N_("This date was not there when you looked."))
    elif was.span != now.span:
        values = {"starts": was.span.starts_at, "now": now.span.starts_at}
        yield Message(N_("It was to begin at {starts}, now at {now}."), values, zone)
    elif now.state in OUT or was.state in OUT:
        yield from _in_or_out(was, now, said)
    elif was.rooms != now.rooms:
        text = N_("{before} was to be given, now {now}.")
        yield Message(text, {"before": _names(was, rooms[0]), "now": _names(now, rooms[1])})
    elif was.state != now.state:
        yield Message(HOLDS[now.state])
    elif said is not None:
        yield Message(N_("This has changed since you looked: {now}"), {"now": said})


def _in_or_out(was: Fate, now: Fate, said: Message | None) -> Iterator[Message]:
    if was.state not in OUT:
        yield Message(N_("It was free when you looked. Now: {now}"), {"now": said or Message("")})
    elif now.state not in OUT:
        yield Message(N_("It was left out and can be had now."))
    elif was.codes != now.codes:
        yield Message(
            N_("It was left out for another reason when you looked. Now: {now}"), {"now": said or Message("")}
        )


def _names(fate: Fate, rooms: Mapping[int, str]) -> str:
    return ", ".join(rooms[room] for room in fate.rooms)


def _said(findings: Sequence[Finding], codes: frozenset[str]) -> Message | None:
    """The sentences with these codes, one after the other."""
    told = {each.message.plain(): each.message for each in findings if each.code in codes}
    both = N_("{one} {other}")
    return reduce(lambda one, other: Message(both, {"one": one, "other": other}), told.values()) if told else None
