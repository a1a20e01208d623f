"""The words of the first letter: a request has arrived."""

from collections.abc import Mapping
from dataclasses import replace

from afterbell.bookings.how_often import how_often
from afterbell.notices.occasion import Occasion, left_out
from afterbell.notices.paper import Draft
from afterbell.policy.assigning import any_of
from afterbell.policy.holds import not_held
from afterbell.policy.verdict import N_
from afterbell.web.words import say, say_message


def acknowledgement(about: Occasion, others: Mapping[int, int]) -> Draft:
    """At once: the reference, every date with what became of it, who decides and by when. `others` says how many more asked for a date that is not held, by
    its id."""
    language, booking = about.language, about.booking
    draft = about.draft(
        say("We have your request {reference}: {title}", language, reference=booking.reference, title=about.title)
    )
    draft.say(
        say(
            "Your request for {place} has arrived. Its reference is {reference}.",
            language,
            place=about.place(),
            reference=booking.reference,
        )
    )
    asked_for(draft, about, others)
    draft.say(
        say(
            "The school's site approver decides by {due}. You need not do anything until then.",
            language,
            due=about.on(booking.decide_by),
        )
    )
    about.door(draft, say("See or withdraw the request", language))
    return draft


def asked_for(draft: Draft, about: Occasion, others: Mapping[int, int]) -> None:
    """How often it is, as it was asked for whatever was decided meanwhile, and every date with what became of it; `others` as above."""
    words = how_often(replace(about.booking, dates=tuple(about.meant)), about.language)
    if words:
        draft.say(say("How often: {words}", about.language, words=words))
    draft.items(say("Held for you until it is decided", about.language), about.lines(about.having("held")))
    draft.items(say("Asked for, not held: others may ask too", about.language), _not_held(about, others))
    left_out(draft, about)
    if any(any_of(name) for name in about.booking.wanted or ()):
        words = N_("You asked for any room of a kind: which one it is, the school settles when it decides.")
        draft.say(say(words, about.language))


def _not_held(about: Occasion, others: Mapping[int, int]) -> list[str]:
    """A date that was decided meanwhile is no longer counted."""
    found = []
    for date in about.having("requested"):
        count = others.get(date.id)
        said = None if count is None else say_message(not_held(count, date.original_start).message, about.language)
        found.append(about.line(date, said))
    return found
