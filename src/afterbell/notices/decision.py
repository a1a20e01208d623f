"""The words of a decision: what was approved, what was declined and why, and what still waits."""

from collections.abc import Sequence

from afterbell.bookings.date_rows import DateRow
from afterbell.notices.change_words import change_decided, settled, still_waiting, what_waits
from afterbell.notices.changes import Changes
from afterbell.notices.occasion import Occasion, directions, left_out, with_reasons
from afterbell.notices.paper import Draft
from afterbell.web.words import say, say_many

UNCHANGED = Changes()


def decision(about: Occasion, changes: Changes = UNCHANGED) -> Draft:
    """Lists, of which the empty ones are left out: dates, and then what was decided about `changes`. What still waits is said each time, though nothing about
    it is new."""
    if not about.dates:
        return change_decided(about, changes)
    language = about.language
    approved, declined = about.having("approved"), about.having("declined")
    draft = about.draft(_subject(about, approved, declined))
    draft.say(_opening(about, approved))
    lists = (say("Approved dates", language), approved), (say("Declined dates", language), declined)
    with_reasons(draft, about, *lists)
    left_out(draft, about)
    if changes.says:
        settled(draft, about, changes)
    _what_stays(draft, about, changes)
    still_waiting(draft, about)
    if approved:
        _until_when_free(draft, about)
        directions(draft, about)
    way_in = say("See the booking or cancel dates", language) if approved else say("See the request", language)
    about.door(draft, way_in)
    return draft


def _subject(about: Occasion, approved: Sequence[DateRow], declined: Sequence[DateRow]) -> str:
    language, filled = about.language, {"title": about.title, "reference": about.booking.reference}
    if sum(map(bool, (approved, declined, what_waits(about)))) > 1:
        return say("Decided in part: {title} ({reference})", language, **filled)
    if approved:
        return say("Approved: {title} ({reference})", language, **filled)
    return say("Declined: {title} ({reference})", language, **filled)


def _opening(about: Occasion, approved: Sequence[DateRow]) -> str:
    language, place = about.language, about.place()
    if not approved:
        return say("The school cannot give you {place} on these dates.", language, place=place)
    return say_many(
        "{count} date at {place} is approved.",
        "{count} dates at {place} are approved.",
        len(approved),
        language,
        place=place,
    )


def _what_stays(draft: Draft, about: Occasion, changes: Changes) -> None:
    """What an earlier letter called approved, and this one does not name."""
    named = {date.id for date in (*about.dates, *changes.dates)}
    left = sum(date.state == "approved" and date.id not in named for date in about.left)
    if left:
        draft.say(
            say_many("{count} date remains as it was.", "{count} dates remain as they were.", left, about.language)
        )


def _until_when_free(draft: Draft, about: Occasion) -> None:
    """Only a part was approved, which may be of no use."""
    until = about.booking.free_until
    if until is not None:
        due = about.on(until)
        draft.say(say("If a part is of no use to you, give its approved dates back by {due}.", about.language, due=due))
