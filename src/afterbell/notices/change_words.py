"""The words of letters about changes: one that waits, one that is so at once, by whom, one that was decided, one that was taken back
or that nobody decided in time."""

from collections.abc import Mapping, Sequence
from typing import Any

from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.decide import LOST
from afterbell.bookings.how_often import how_often
from afterbell.bookings.present import due_at
from afterbell.notices.changes import Changes, Value, proposed
from afterbell.notices.occasion import Occasion
from afterbell.notices.paper import Draft
from afterbell.notices.told import Where
from afterbell.places.naming import LAYOUT_NAMES, named
from afterbell.policy.lifecycle import WAITING
from afterbell.policy.verdict import N_
from afterbell.web.words import say, say_message

NAMES: Mapping[str, str] = {"title": N_("Title"), "headcount": N_("People"), "layout": N_("Layout")}


def changed(about: Occasion, changes: Changes) -> Draft:
    """What is otherwise at once, and what waits with who decides and by when; until then what was approved stands."""
    draft = _titled(about, _subject(about, changes))
    draft.say(_opening(about))
    if about.remark:
        draft.say(say("Message from the school: {message}", about.language, message=about.remark))
    _lists(draft, about, changes)
    _what_waits(draft, about, changes)
    about.door(draft, say("See the booking", about.language))
    return draft


def _subject(about: Occasion, changes: Changes) -> str:
    if changes.waits:
        return N_("Your change waits: {title} ({reference})")
    return (
        N_("Changed: {title} ({reference})") if about.by_requester else N_("The school changed: {title} ({reference})")
    )


def _opening(about: Occasion) -> str:
    if about.by_requester:
        return say("You or a colleague changed the booking of {place}.", about.language, place=about.place())
    return say("The school changed your booking of {place}.", about.language, place=about.place())


def _lists(draft: Draft, about: Occasion, changes: Changes) -> None:
    language = about.language
    moved(draft, about, changes)
    if changes.dropped:
        draft.say(say("Where you had asked to move one of these dates elsewhere, that no longer waits.", language))
    draft.items(say("Asked to move", language), [_to_move(about, date) for date in changes.asked])
    waiting, standing = ([d for d in changes.added if (d.state in WAITING) is waits] for waits in (True, False))
    draft.items(say("Added dates, which wait for a decision", language), about.lines(waiting))
    draft.items(say("Added dates", language), about.lines(standing))
    draft.items(say("Dates given back", language), about.lines(changes.gone))
    draft.items(say("No longer to move", language), about.lines(changes.stayed))
    _how_often(draft, about, changes)
    draft.items(say("Also changed", language), _values(changes.values, language))
    draft.items(say("Also asked for", language), _values(changes.waiting, language))


def _what_waits(draft: Draft, about: Occasion, changes: Changes) -> None:
    """By when what is new is decided; what stands meanwhile is said where something does."""
    if not changes.waits:
        return
    language, booking = about.language, about.booking
    stands = bool(changes.asked or changes.waiting)
    due = booking.change_by if stands and booking.change_by else booking.decide_by
    draft.say(say("The school's site approver decides by {due}.", language, due=about.on(due)))
    if stands:
        draft.say(say("Until then everything stands as it was approved.", language))


def moved(draft: Draft, about: Occasion, changes: Changes) -> None:
    """Where each date was, as its reader knows it, and where it is now; the rooms only where they are others."""
    lines = [_from_to(about, was, Where.of(date)) for was, date in changes.moved]
    draft.items(say("Moved dates", about.language), lines)


def _how_often(draft: Draft, about: Occasion, changes: Changes) -> None:
    """The series as it now is, once its dates are otherwise than the partner read."""
    words = how_often(about.booking, about.language)
    if words and (changes.moved or changes.added or changes.gone):
        draft.say(say("How often it is now: {words}", about.language, words=words))


def settled(draft: Draft, about: Occasion, changes: Changes) -> None:
    """What was decided about a change: beside dates that were decided in the same letter, or alone."""
    language = about.language
    moved(draft, about, changes)
    _how_often(draft, about, changes)
    lost = say_message(LOST.message, language)
    stayed = [about.line(date, lost if date.id in changes.lost else None) for date in changes.stayed]
    draft.items(say("Not moved: these dates remain as they were", language), stayed)
    draft.items(say("Also changed", language), _values(changes.values, language))
    draft.items(say("Not changed", language), _kept(changes.kept, language))
    _why(draft, about)


def change_decided(about: Occasion, changes: Changes) -> Draft:
    """A decision that was about nothing but a change."""
    language = about.language
    granted, kept = bool(changes.moved or changes.values), bool(changes.stayed or changes.kept)
    approved = N_("Your change is approved: {title} ({reference})")
    declined = N_("Your change is not approved: {title} ({reference})")
    both = N_("Decided in part: {title} ({reference})")
    in_part = sum(map(bool, (granted, kept, what_waits(about)))) > 1
    draft = _titled(about, both if in_part else approved if granted else declined)
    draft.say(say("The school has decided about the change of your booking of {place}.", language, place=about.place()))
    settled(draft, about, changes)
    still_waiting(draft, about)
    about.door(draft, say("See the booking", language))
    return draft


def what_waits(about: Occasion) -> list[str]:
    """One line for each date that waits or is to move, and for each new value of the whole, whatever was told of it before."""
    dates = about.booking.dates
    moves = [_to_move(about, date) for date in dates if date.move]
    waiting = about.lines([date for date in dates if date.state in WAITING])
    return [*waiting, *moves, *_values(proposed(about.booking), about.language)]


def still_waiting(draft: Draft, about: Occasion) -> None:
    """Said with each decision, though nothing of it is new, and who has it until when; a day that is over is not promised again."""
    if not (waiting := what_waits(about)):
        return
    language, booking = about.language, about.booking
    draft.items(say("Still waiting", language), waiting)
    if booking.answer_by is not None:
        draft.say(say("The school waits for your answer until {due}.", language, due=about.on(booking.answer_by)))
    elif (due := due_at(booking)) > about.now:
        draft.say(say("The school's site approver decides by {due}.", language, due=about.on(due)))


def taken_back(about: Occasion, changes: Changes) -> Draft:
    """Nothing waits any more, and everything is as it was."""
    language = about.language
    draft = _titled(about, N_("Change taken back: {title} ({reference})"))
    draft.say(
        say("You or a colleague took back a change of the booking of {place}.", language, place=about.place())
        if about.by_requester
        else say("A change of your booking of {place} was taken back.", language, place=about.place())
    )
    return _as_before(draft, about, changes)


def too_late(about: Occasion, changes: Changes) -> Draft:
    """Nobody decided before a date began, or would have begun where it was to go."""
    draft = _titled(about, N_("Your change was not decided in time: {title} ({reference})"))
    draft.say(
        say(
            "The school did not decide in time about the change of your booking of {place}.",
            about.language,
            place=about.place(),
        )
    )
    return _as_before(draft, about, changes)


def _as_before(draft: Draft, about: Occasion, changes: Changes) -> Draft:
    language = about.language
    draft.items(say("These dates remain as they were", language), about.lines(changes.stayed))
    draft.items(say("Not changed", language), _kept(changes.kept, language))
    still_waiting(draft, about)
    about.door(draft, say("See the booking", language))
    return draft


def _titled(about: Occasion, subject: str) -> Draft:
    return about.draft(say(subject, about.language, title=about.title, reference=about.booking.reference))


def _why(draft: Draft, about: Occasion) -> None:
    """What staff wrote; not again where a date's own reason has said it."""
    why = about.booking.change_reason
    if why and why not in {date.reason for date in about.dates}:
        draft.say(say("Message from the school: {message}", about.language, message=why))


def _to_move(about: Occasion, date: DateRow) -> str:
    return _from_to(about, Where.of(date), Where.of(date.move or date))


def _from_to(about: Occasion, was: Where, now: Where) -> str:
    elsewhere = was.rooms != now.rooms
    old, new = (
        about.when(where.starts_at, where.ends_at, where.names if elsewhere or about.scattered else ())
        for where in (was, now)
    )
    return say("From {old} to {new}", about.language, old=old, new=new)


def _values(values: Sequence[Value], language: str) -> list[str]:
    return [
        say(
            "{what}: {was}, now {now}",
            language,
            what=say(NAMES[each.name], language),
            was=was,
            now=now or say("none", language),
        )
        if was
        else say("{what}: now {now}", language, what=say(NAMES[each.name], language), now=now)
        for each, was, now in ((each, *_in_words(each, language)) for each in values)
    ]


def _in_words(each: Value, language: str) -> tuple[Any, Any]:
    """What it was and is, as people call it."""
    if each.name != "layout":
        return each.was, each.now
    was, now = (named(LAYOUT_NAMES, value, language) if value else value for value in (each.was, each.now))
    return was, now


def _kept(values: Sequence[Value], language: str) -> list[str]:
    return [
        say(
            "{what}: remains {now}",
            language,
            what=say(NAMES[each.name], language),
            now=_in_words(each, language)[1] or say("none", language),
        )
        for each in values
    ]
